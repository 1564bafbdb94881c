//! Assembly of x86-64 as rustc writes it: which functions and data there are, what each one names, and which places in the
//! source are handed to what is called. Not what the instructions do.

use std::collections::{BTreeMap, BTreeSet};

/// What one or more files hold.
#[derive(Debug, Default)]
pub struct Unit {
    /// Functions, by their symbols.
    pub functions: BTreeMap<String, Function>,
    /// Symbols that data names, such as tables of methods.
    pub data: BTreeMap<String, BTreeSet<String>>,
    /// Places in the source, as `panic!` is told where it stands.
    places: BTreeMap<String, Place>,
}

/// A function.
#[derive(Debug, Default)]
pub struct Function {
    /// Calls of functions with a symbol, each with the place that was at hand last since the call before.
    pub calls: Vec<(String, Option<Place>)>,
    /// Every other symbol that is named in it.
    pub names: BTreeSet<String>,
}

/// A place in the source.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// The file, as the compiler was given it.
    pub file: String,
    /// The line.
    pub line: u32,
}

/// Data under a label: its directives, and what they stand for.
#[derive(Debug, Default)]
struct Data {
    names: BTreeSet<String>,
    bytes: Vec<u8>,
}

impl Unit {
    /// Adds a file.
    pub fn read(&mut self, text: &str) {
        let data = all_data(text);
        for (label, it) in &data {
            self.places.extend(place(it, &data).map(|place| (label.clone(), place)));
        }
        self.data.extend(data.into_iter().map(|(label, it)| (label, it.names)));
        let mut inside: Option<(String, Function)> = None;
        let mut at_hand = None;
        for line in text.lines() {
            if let Some(label) = line.strip_suffix(':').filter(|label| label.starts_with("_R")) {
                self.functions.extend(inside.replace((label.to_owned(), Function::default())));
                at_hand = None;
            } else if line.starts_with("\t.section") {
                self.functions.extend(inside.take());
            } else if let Some((_, function)) = &mut inside {
                self.instruction(line, function, &mut at_hand);
            }
        }
        self.functions.extend(inside);
    }

    fn instruction(&self, line: &str, function: &mut Function, at_hand: &mut Option<Place>) {
        let words = line.trim_start();
        if words.starts_with('.') {
            return;
        }
        let calls = words.starts_with("call") || words.starts_with("jmp");
        for symbol in symbols(words) {
            if let Some(place) = self.places.get(symbol) {
                *at_hand = Some(place.clone());
            } else if calls && symbol.starts_with("_R") {
                function.calls.push((symbol.to_owned(), at_hand.take()));
            } else {
                function.names.insert(symbol.to_owned());
            }
        }
    }
}

/// Every symbol in a line that is not a label of a jump.
fn symbols(line: &str) -> impl Iterator<Item = &str> {
    let is_part = |c: char| c.is_ascii_alphanumeric() || "_.$".contains(c);
    line.split(move |c| !is_part(c)).filter(|word| word.starts_with("_R") || word.starts_with(".Lanon"))
}

/// All labels with data behind them.
fn all_data(text: &str) -> BTreeMap<String, Data> {
    let mut all = BTreeMap::new();
    let mut inside: Option<(String, Data)> = None;
    for line in text.lines() {
        if let Some(label) =
            line.strip_suffix(':').filter(|label| !label.starts_with(".L") || label.starts_with(".Lanon"))
        {
            all.extend(inside.replace((label.to_owned(), Data::default())));
        } else if line.starts_with("\t.size") || line.starts_with("\t.section") {
            all.extend(inside.take());
        } else if let Some((_, data)) = &mut inside {
            directive(line, data);
        }
    }
    all.extend(inside);
    all.retain(|_, data: &mut Data| !data.names.is_empty() || !data.bytes.is_empty());
    all
}

fn directive(line: &str, data: &mut Data) {
    let Some((name, value)) = line.trim().split_once('\t') else { return };
    match name {
        ".ascii" => data.bytes.extend(text(value)),
        ".asciz" => data.bytes.extend(text(value).into_iter().chain([0])),
        ".quad" => match value.parse::<i128>() {
            Ok(n) => data.bytes.extend(n.to_le_bytes().into_iter().take(8)),
            Err(_) => data.names.extend(symbols(value).map(str::to_owned)),
        },
        ".long" => data.bytes.extend(value.parse::<i64>().unwrap_or(0).to_le_bytes().into_iter().take(4)),
        ".zero" => data.bytes.extend(std::iter::repeat_n(0, value.parse().unwrap_or(0))),
        _ => {}
    }
}

/// The bytes of a text in quotes.
fn text(quoted: &str) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut rest = quoted.trim().trim_matches('"').bytes().peekable();
    while let Some(byte) = rest.next() {
        if byte != b'\\' {
            bytes.push(byte);
            continue;
        }
        let mut number = 0_u8;
        let mut digits = 0_usize;
        while let Some(digit) = rest.next_if(|b| digits < 3 && (b'0'..=b'7').contains(b)) {
            number = number.wrapping_mul(8).wrapping_add(digit.wrapping_sub(b'0'));
            digits = digits.saturating_add(1);
        }
        bytes.push(if digits > 0 { number } else { escaped(rest.next()) });
    }
    bytes
}

const fn escaped(letter: Option<u8>) -> u8 {
    match letter {
        Some(b'n') => b'\n',
        Some(b't') => b'\t',
        Some(b'r') => b'\r',
        Some(b'f') => 12,
        Some(b'b') => 8,
        Some(other) => other,
        None => b'\\',
    }
}

/// What data is as a `core::panic::Location`: the name of a file, its length, a line and a column.
fn place(data: &Data, all: &BTreeMap<String, Data>) -> Option<Place> {
    let (length, rest) = data.bytes.split_first_chunk::<8>()?;
    let (line, column) = rest.split_first_chunk::<4>()?;
    let mut names = data.names.iter();
    let (Some(label), None, 4) = (names.next(), names.next(), column.len()) else { return None };
    let file = &all.get(label)?.bytes;
    let file = file.strip_suffix(&[0]).unwrap_or(file);
    let as_long = u64::try_from(file.len()).ok() == Some(u64::from_le_bytes(*length));
    let file = as_long.then(|| str::from_utf8(file).ok()).flatten()?;
    Some(Place { file: file.to_owned(), line: u32::from_le_bytes(*line) })
}

#[cfg(test)]
#[allow(clippy::expect_used, reason = "a test fails by it")]
mod tests {
    use super::{Place, Unit};

    const FILE: &str = "\
_RNvC4mine3pop:
\t.cfi_startproc
\tpushq\t%rax
\tcallq\t_RNvC4mine4push
\tleaq\t.Lanon.0a.1(%rip), %rdx
\tcallq\t*_RNvC4core7unwrap_failed@GOTPCREL(%rip)
\tleaq\t_RNvC4mine4other(%rip), %rax
\tjmp\t.LBB0_3
.Lfunc_end0:
\t.size\t_RNvC4mine3pop, .Lfunc_end0-_RNvC4mine3pop

\t.section\t.rodata
.Lanon.0a.0:
\t.asciz\t\"src/a\\\"b.rs\"
\t.size\t.Lanon.0a.0, 11

\t.section\t.data
.Lanon.0a.1:
\t.quad\t.Lanon.0a.0
\t.asciz\t\"\\n\\000\\000\\000\\000\\000\\000\\000\\001\\002\\000\\000\\t\\000\\000\"
\t.size\t.Lanon.0a.1, 24
\t.section\t.data
.Lvtable.0:
vtable:
\t.quad\t_RNvC4mine4drop
\t.quad\t8
\t.size\tvtable, 16
";

    #[test]
    fn calls_have_the_place_in_front_of_them() {
        let mut unit = Unit::default();
        unit.read(FILE);
        let function = unit.functions.get("_RNvC4mine3pop").expect("the function");
        let place = Place { file: "src/a\"b.rs".to_owned(), line: 513 };
        let calls = [("_RNvC4mine4push".to_owned(), None), ("_RNvC4core7unwrap_failed".to_owned(), Some(place))];
        assert_eq!(function.calls, calls);
        assert_eq!(function.names.iter().collect::<Vec<_>>(), ["_RNvC4mine4other"]);
        assert_eq!(unit.data.get("vtable").into_iter().flatten().collect::<Vec<_>>(), ["_RNvC4mine4drop"]);
        assert_eq!(unit.functions.len(), 1);
    }
}
