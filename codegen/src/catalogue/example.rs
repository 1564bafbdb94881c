//! The example of a code: two specs as the difference between them, so that one is a small change of the other.
//!
//! A line begins with `-` where only the bad spec has it, with `+` where only the good one has it, and else with a space. `@ NAME` begins
//! another file. `<<e9>>` stands for bytes, a line that ends in `<<12 times>>` is there so many times, and `<<n>>` is which of these it is.

use crate::compile::{Failure, compile};
use crate::diagnostic::Code;
use crate::source::Source;
use std::collections::BTreeMap;

/// The file that an example begins in.
const MAIN: &str = "note.yaml";

/// What stands in a line that is not to be taken by the letter, and what people are told of it.
const LEGEND: &[(&str, &str)] = &[
    ("@ ", "`@ NAME` begins another file."),
    (" times>>", "A line that ends in `<<12 times>>` is there so many times."),
    ("<<n>>", "`<<n>>` is which of them it is."),
];
const BYTES: &str = "`<<e9>>` is a byte.";

/// A spec that breaks a rule, and one that does not.
#[derive(Debug, Clone)]
pub struct Example {
    lines: Vec<Line>,
}

/// A line of an example.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Line {
    /// Which of the two has it.
    pub change: Change,
    /// The line, as it is shown.
    pub text: &'static str,
}

/// Which specs of an example have a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Change {
    /// The two.
    Neither,
    /// The bad one alone.
    Removed,
    /// The good one alone.
    Added,
}

impl Change {
    /// What stands in front of such a line.
    #[must_use]
    pub fn mark(self) -> char {
        match self {
            Self::Neither => ' ',
            Self::Removed => '-',
            Self::Added => '+',
        }
    }
}

impl Example {
    /// The one of `code`.
    #[must_use]
    pub fn of(code: Code) -> Self {
        let lines = code.example().lines().map(|line| match line.split_at_checked(1) {
            Some(("-", text)) => Line { change: Change::Removed, text },
            Some(("+", text)) => Line { change: Change::Added, text },
            Some((_, text)) => Line { change: Change::Neither, text },
            None => Line { change: Change::Neither, text: line },
        });
        Self { lines: lines.collect() }
    }

    /// Every line of the two.
    #[must_use]
    pub fn lines(&self) -> &[Line] {
        &self.lines
    }

    /// What has to be known to read the lines, for the few examples that are not to be taken by the letter.
    #[must_use]
    pub fn legend(&self) -> Vec<&'static str> {
        let has = |mark: &str| self.lines.iter().any(|line| line.text.contains(mark));
        let bytes = self.lines.iter().any(|line| bytes(line.text, 0).len() != line.text.len() && !has("<<n>>"));
        let told = LEGEND.iter().filter(|(mark, _)| has(mark)).map(|(_, told)| *told);
        told.chain(bytes.then_some(BYTES)).collect()
    }

    /// The spec that breaks the rule.
    #[must_use]
    pub fn bad(&self) -> Source {
        self.without(Change::Added)
    }

    /// The spec that does not.
    #[must_use]
    pub fn good(&self) -> Source {
        self.without(Change::Removed)
    }

    /// What the compiler says of the bad spec; nothing if it had nothing to say.
    #[must_use]
    pub fn failure(&self) -> Option<Failure> {
        compile(&self.bad()).err()
    }

    fn without(&self, change: Change) -> Source {
        let lines = self.lines.iter().filter(|line| line.change != change);
        Source::bytes(MAIN, files(lines.map(|line| line.text)))
    }
}

/// The files that these lines describe.
fn files<'l>(lines: impl Iterator<Item = &'l str>) -> BTreeMap<String, Vec<u8>> {
    let mut files = BTreeMap::from([(MAIN.to_owned(), Vec::new())]);
    let mut open = vec![(MAIN.to_owned(), 1)];
    for line in lines {
        let (text, times) = repeated(line);
        if let Some(name) = text.strip_prefix("@ ") {
            let name = |n| String::from_utf8_lossy(&bytes(name, n)).into_owned();
            open = (1..=times).map(|n| (name(n), n)).collect();
            files.extend(open.iter().map(|(name, _)| (name.clone(), Vec::new())));
            continue;
        }
        for (name, number) in &open {
            let Some(file) = files.get_mut(name) else { continue };
            let numbers = if times == 1 { *number..=*number } else { 1..=times };
            for n in numbers {
                file.extend(bytes(text, n));
                file.push(b'\n');
            }
        }
    }
    files
}

/// A line, and how many times it is there.
fn repeated(line: &str) -> (&str, u32) {
    let times = || {
        let (text, times) = line.strip_suffix(" times>>")?.rsplit_once("<<")?;
        Some((text.trim_end(), times.replace(',', "").parse().ok()?))
    };
    times().unwrap_or((line, 1))
}

/// The bytes of a text that is there for the `n`th time.
fn bytes(text: &str, n: u32) -> Vec<u8> {
    let mut out = Vec::new();
    let mut rest = text;
    while let Some((before, behind)) = rest.split_once("<<") {
        out.extend(before.bytes());
        let known = behind.split_once(">>").and_then(|(what, after)| Some((stands_for(what, n)?, after)));
        if let Some((bytes, after)) = known {
            out.extend(bytes);
            rest = after;
        } else {
            out.extend(b"<<");
            rest = behind;
        }
    }
    out.extend(rest.bytes());
    out
}

/// What stands between `<<` and `>>`: a number, or hex digits.
fn stands_for(what: &str, n: u32) -> Option<Vec<u8>> {
    if what == "n" {
        return Some(n.to_string().into_bytes());
    }
    what.split(' ').map(|digits| u8::from_str_radix(digits, 16).ok()).collect()
}

#[cfg(test)]
mod tests {
    use super::{Example, bytes, files};
    use crate::diagnostic::Code;

    #[test]
    fn bytes_numbers_and_files_are_written_out() {
        assert_eq!(bytes("caf<<c3 a9>> <<: {<<n>>}", 7), "caf\u{e9} <<: {7}".as_bytes());
        let files = files(["a: 1", "- <<n>>   <<2 times>>", "@ b/<<n>>.yaml <<2 times>>", "c: <<n>>"].into_iter());
        let files: Vec<_> = files.iter().map(|(name, text)| (name.as_str(), text.as_slice())).collect();
        let expected: [(_, &[u8]); 3] =
            [("b/1.yaml", b"c: 1\n"), ("b/2.yaml", b"c: 2\n"), ("note.yaml", b"a: 1\n- 1\n- 2\n")];
        assert_eq!(files, expected);
    }

    #[test]
    fn what_is_not_to_be_taken_by_the_letter_is_told() {
        let told = |code| Example::of(code).legend().len();
        let codes = [Code::UnknownName, Code::NotUtf8, Code::FileTooLarge, Code::TooManyFiles, Code::MergeKey];
        assert_eq!(codes.map(told), [0, 1, 1, 3, 0]);
    }
}
