//! Words of a text: names go into code spans, brackets are escaped, code spans and links are left alone.

/// Words with mixed case that clippy knows as words.
const PLAIN: &[&str] = &[
    "KiB",
    "MiB",
    "GiB",
    "TiB",
    "PiB",
    "EiB",
    "MHz",
    "GHz",
    "THz",
    "GitHub",
    "GitLab",
    "IPv4",
    "IPv6",
    "JavaScript",
    "NaN",
    "NaNs",
    "WebAssembly",
];

/// A paragraph that is safe as Markdown.
pub(super) fn safe(paragraph: &str) -> String {
    let mut out = String::new();
    let mut plain = String::new();
    let mut rest = paragraph;
    while let Some(c) = rest.chars().next() {
        if let Some((left_alone, after)) = verbatim(rest) {
            push(&mut out, &text(&core::mem::take(&mut plain)));
            push(&mut out, left_alone);
            rest = after;
        } else {
            plain.push(if c == '`' { '\'' } else { c });
            rest = rest.get(c.len_utf8()..).unwrap_or_default();
        }
    }
    push(&mut out, &text(&plain));
    out
}

/// Adds a part; two code spans must not touch.
fn push(out: &mut String, part: &str) {
    if out.ends_with('`') && part.starts_with('`') {
        out.push(' ');
    }
    out.push_str(part);
}

/// Whether it is an address of a page.
pub(super) fn is_link(text: &str) -> bool {
    text.starts_with("https://") || text.starts_with("http://")
}

/// What the text starts with that is left alone: a code span, a link, an escaped character.
fn verbatim(text: &str) -> Option<(&str, &str)> {
    let length = match text.as_bytes() {
        [b'`', ..] => code_span(text),
        [b'[', ..] => link(text),
        [b'<', ..] if is_link(text.get(1..)?) => within_line(text, ">"),
        [b'\\', next, ..] if next.is_ascii_punctuation() && *next != b'`' => Some(2),
        _ => None,
    }?;
    text.split_at_checked(length)
}

fn code_span(text: &str) -> Option<usize> {
    let width = text.chars().take_while(|c| *c == '`').count();
    let mut from = width;
    loop {
        let after = text.get(from..)?;
        let start = from.checked_add(after.find('`')?)?;
        let run = text.get(start..)?.chars().take_while(|c| *c == '`').count();
        from = start.checked_add(run)?;
        if run == width {
            return Some(from);
        }
    }
}

fn link(text: &str) -> Option<usize> {
    let middle = within_line(text, "](")?;
    let end = within_line(text.get(middle..)?, ")")?;
    let label = text.get(1..middle.saturating_sub(2))?;
    (!label.contains(['[', ']'])).then(|| middle.saturating_add(end))
}

/// Where an end that stands on the first line ends.
fn within_line(text: &str, end: &str) -> Option<usize> {
    let line = text.lines().next()?;
    line.find(end)?.checked_add(end.len())
}

/// Plain text, word by word.
fn text(plain: &str) -> String {
    let mut out = String::new();
    for part in plain.split_inclusive(char::is_whitespace) {
        let word = part.trim_end();
        let space = part.get(word.len()..).unwrap_or_default();
        if is_link(word.trim_start_matches('(')) {
            out.push_str(&linked(word));
        } else {
            let pieces: Vec<String> = word.split('\'').map(piece).collect();
            out.push_str(&pieces.join("'"));
        }
        out.push_str(space);
    }
    out
}

/// An address as a link.
fn linked(word: &str) -> String {
    let from_link = word.trim_start_matches('(');
    let before = word.get(..word.len().saturating_sub(from_link.len())).unwrap_or_default();
    let link = from_link.trim_end_matches(['.', ',', ';', ':', ')', '\'', '"']);
    let behind = from_link.get(link.len()..).unwrap_or_default();
    format!("{before}<{link}>{behind}")
}

/// A word between spaces and apostrophes.
fn piece(word: &str) -> String {
    let is_around = |c: char| !c.is_alphanumeric() && c != ':' && c != '_';
    let from_name = word.trim_start_matches(is_around);
    let from_name = if from_name.starts_with("::") { from_name } else { from_name.trim_start_matches(':') };
    let start = word.len().saturating_sub(from_name.len());
    let mut name = from_name.trim_end_matches(is_around);
    if !name.ends_with("::") {
        name = name.trim_end_matches(':');
    }
    if let Some(call) = from_name.get(..name.len().saturating_add(2)).filter(|call| call.ends_with("()")) {
        name = call;
    }
    if !is_name(name) {
        return escaped(word);
    }
    let before = word.get(..start).unwrap_or_default();
    let behind = from_name.get(name.len()..).unwrap_or_default();
    format!("{}`{name}`{}", escaped(before), escaped(behind))
}

/// Whether clippy takes a word for the name of an item.
fn is_name(word: &str) -> bool {
    let has_letters = word.chars().any(char::is_alphanumeric);
    let is_item = word.contains('_') || word.contains("::") || word.ends_with("()") || is_camel(word);
    has_letters && is_item && !PLAIN.contains(&word)
}

/// At least two upper-case letters, the first among them, and a lower-case one; plurals do not count.
fn is_camel(word: &str) -> bool {
    let word = word.strip_suffix('s').unwrap_or(word);
    word.starts_with(|c: char| !c.is_ascii_digit() && !c.is_ascii_lowercase())
        && word.chars().all(char::is_alphanumeric)
        && word.chars().filter(|c| c.is_uppercase()).count() > 1
        && word.chars().any(char::is_lowercase)
}

/// Text with escapes where it would be a link or a tag.
fn escaped(text: &str) -> String {
    let mut out = String::new();
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        let opens_tag = |next: &char| next.is_ascii_alphabetic() || matches!(next, '/' | '!' | '?');
        if matches!(c, '[' | ']') || (c == '<' && chars.peek().is_some_and(opens_tag)) {
            out.push('\\');
        }
        out.push(c);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::safe;

    #[test]
    fn puts_names_into_code_spans() {
        assert_eq!(safe("the cookie_offset, if any"), "the `cookie_offset`, if any");
        assert_eq!(safe("a VMState's x86_64 (see foo::bar)."), "a `VMState`'s `x86_64` (see `foo::bar`).");
        assert_eq!(safe("call read_x() and go()"), "call `read_x()` and `go()`");
        assert_eq!(safe("QEMU and vCPUs of 4 KiB, IDs"), "QEMU and vCPUs of 4 KiB, IDs");
        assert_eq!(safe("a _ b __ c"), "a _ b __ c");
        assert_eq!(safe("a: ::b, c_d: `e_f`_g"), "a: `::b`, `c_d`: `e_f` `_g`");
    }

    #[test]
    fn leaves_code_and_links_alone() {
        for text in ["`a_b [x]`", "``a`b_c``", "[the docs](https://x.org/a_b)", "<https://x.org/a_b>", "\\[x\\]"] {
            assert_eq!(safe(text), text);
        }
    }

    #[test]
    fn escapes_brackets() {
        assert_eq!(safe("pfns[i] of <domain/>, a < b"), "pfns\\[i\\] of \\<domain/>, a < b");
        assert_eq!(safe("[a_b]"), "\\[`a_b`\\]");
        assert_eq!(safe("a ` b"), "a ' b");
    }

    #[test]
    fn links_addresses() {
        assert_eq!(safe("see https://x.org/a_b."), "see <https://x.org/a_b>.");
        assert_eq!(safe("(https://x.org)"), "(<https://x.org>)");
    }
}
