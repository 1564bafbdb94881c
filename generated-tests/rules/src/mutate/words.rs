//! Changes of an expression or a type, word by word.

/// A change of a text: what kind it is of, and the text that comes.
pub type Change = (&'static str, String);

/// Operators and words, and what they become.
const OTHERS: [(&str, &str, &str); 24] = [
    ("==", "!=", "comparison"),
    ("!=", "==", "comparison"),
    ("<=", "<", "bound"),
    (">=", ">", "bound"),
    ("<<", ">>", "arithmetic"),
    (">>", "<<", "arithmetic"),
    ("<", "<=", "bound"),
    (">", ">=", "bound"),
    ("+", "-", "arithmetic"),
    ("-", "+", "arithmetic"),
    ("*", "+", "arithmetic"),
    ("/", "*", "arithmetic"),
    ("%", "/", "arithmetic"),
    ("&", "|", "arithmetic"),
    ("|", "&", "arithmetic"),
    ("and", "or", "and, or"),
    ("or", "and", "and, or"),
    ("not", "", "negation"),
    ("true", "false", "negation"),
    ("false", "true", "negation"),
    ("le", "be", "byte order"),
    ("be", "le", "byte order"),
    ("crc32c", "crc32", "checksum"),
    ("min_of", "max_of", "arithmetic"),
];

/// An expression with one word changed.
pub fn of_expression(text: &str) -> Vec<Change> {
    let mut out = Vec::new();
    for (start, word) in words(text) {
        let mut put = |kind, new: &str| {
            let end = start.saturating_add(word.len());
            let (head, tail) = (text.get(..start).unwrap_or_default(), text.get(end..).unwrap_or_default());
            out.push((kind, format!("{head}{new}{tail}")));
        };
        if let Some(&(_, new, kind)) = OTHERS.iter().find(|(old, ..)| *old == word) {
            put(kind, new);
        }
        if let Some(n) = number(word) {
            put("bound", &n.saturating_add(1).to_string());
            if n > 0 {
                put("bound", &n.saturating_sub(1).to_string());
            }
        }
        if word == "in" {
            put("negation", "not in");
        }
    }
    if let Some((over, _)) = text.split_once(" except ") {
        out.push(("checksum", format!("{over})")));
    }
    out
}

/// A type as it is written, with another width, length or kind.
pub fn of_type(text: &str) -> Vec<Change> {
    let Some((name, argument)) = text.strip_suffix(')').and_then(|text| text.split_once('(')) else {
        return widths(text).into_iter().map(|new| ("type", new.to_owned())).collect();
    };
    let mut out: Vec<Change> = match name {
        "pstr" => widths(argument).into_iter().map(|new| ("type", format!("pstr({new})"))).collect(),
        "align" => number(argument).map_or_else(Vec::new, |n| {
            let kind = "alignment";
            vec![
                (kind, format!("align({})", n.saturating_mul(2))),
                (kind, format!("align({})", n.div_euclid(2).max(1))),
            ]
        }),
        _ => of_expression(argument).into_iter().map(|(_, new)| ("type", format!("{name}({new})"))).collect(),
    };
    let others: &[&str] = match name {
        "zero" | "utf8" => &["bytes"],
        "bytes" => &["zero", "utf8"],
        _ => &[],
    };
    out.extend(others.iter().map(|other| ("type", format!("{other}({argument})"))));
    out
}

fn widths(text: &str) -> Vec<&'static str> {
    match text {
        "u8" => vec!["u16", "i8", "bool"],
        "u16" => vec!["u8", "u32", "i16"],
        "u32" => vec!["u16", "u64", "i32"],
        "i16" => vec!["u16", "i32"],
        "u64" | "i32" => vec!["u32", "i64"],
        "i64" => vec!["u64", "i32"],
        "i8" | "bool" => vec!["u8"],
        "f32" => vec!["u32"],
        "f64" => vec!["u64"],
        "guid" => vec!["uuid"],
        "uuid" => vec!["guid"],
        "cstr" => vec!["pstr(u8)"],
        _ => Vec::new(),
    }
}

/// A number as specs write it.
pub fn number(word: &str) -> Option<i128> {
    if let Some(digits) = word.strip_prefix("0x") {
        return i128::from_str_radix(digits, 16).ok();
    }
    let (digits, shift) = match word.char_indices().next_back()? {
        (at, 'K') => (word.get(..at)?, 10),
        (at, 'M') => (word.get(..at)?, 20),
        (at, 'G') => (word.get(..at)?, 30),
        _ => (word, 0),
    };
    Some(digits.parse::<i128>().ok()? << shift)
}

/// Words and operators with their offsets. What stands in quotes is left alone.
fn words(text: &str) -> Vec<(usize, &str)> {
    let mut out = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let at = text.len().saturating_sub(rest.len());
        let is_word = |c: char| c.is_ascii_alphanumeric() || c == '_';
        let len = match first {
            '\'' => rest.get(1..).and_then(|more| more.find('\'')).map_or(rest.len(), |end| end.saturating_add(2)),
            c if is_word(c) => rest.find(|c| !is_word(c)).unwrap_or(rest.len()),
            _ => match rest.get(..2) {
                Some("==" | "!=" | "<=" | ">=" | "<<" | ">>" | "..") => 2,
                _ => first.len_utf8(),
            },
        };
        let (word, more) = rest.split_at_checked(len).unwrap_or((rest, ""));
        out.push((at, word));
        rest = more;
    }
    out
}
