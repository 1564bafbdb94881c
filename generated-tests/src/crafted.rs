//! Crafted inputs: examples of a spec with a few bytes changed, each for a rule that it keeps or breaks, with what comes of
//! it. They lie in `samples/rules`, a line each, and `cargo xtask rules --craft` writes them. Every example is among them as
//! it is, so that all of its value is held, not only what the spec says of it.

use std::collections::BTreeMap;
use std::fmt::{self, Display};
use std::fs;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use serde::Serialize;
use serde_json::Value;
use vmspec_runtime::Wire;

use crate::differential::{Fact, Outcome, Pair};

/// Bytes in place of others.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edit {
    /// The bytes that go.
    pub range: Range<usize>,
    /// Those that come.
    pub put: Vec<u8>,
}

/// A crafted input.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Crafted {
    /// The example that it starts from.
    pub base: String,
    /// What is changed, one after the other.
    pub edits: Vec<Edit>,
    /// What comes of it: [`told`].
    pub outcome: String,
    /// What it is there for.
    pub shows: String,
}

/// Lines of files by the spec's file name.
type Files = Mutex<BTreeMap<String, Arc<Vec<Crafted>>>>;
static FILES: Files = Mutex::new(BTreeMap::new());

/// Where the crafted inputs of a spec are, by its file name.
#[must_use]
pub fn path(spec: &str) -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR")).join("samples/rules").join(spec);
    here.with_extension("tsv")
}

/// The crafted inputs of a spec, by its file name. A spec without a file has none.
#[must_use]
pub fn crafted(spec: &str) -> Arc<Vec<Crafted>> {
    let mut files = FILES.lock().unwrap_or_else(PoisonError::into_inner);
    let read = || {
        let text = fs::read_to_string(path(spec)).unwrap_or_default();
        let lines = text.lines().filter(|line| !line.starts_with('#'));
        let parse = |line: &str| Crafted::parse(line).unwrap_or_else(|| panic!("{spec}: no crafted input: {line}"));
        Arc::new(lines.map(parse).collect())
    };
    Arc::clone(files.entry(spec.to_owned()).or_insert_with(read))
}

/// What both sides make of the crafted inputs that start from an example is what their lines say.
#[track_caller]
pub fn hold<T: Wire + Serialize>(pair: &Pair<'_, T>, spec: &str, example: &str, bytes: &[u8]) {
    let all = crafted(spec);
    for input in all.iter().filter(|input| input.base == example) {
        let changed = input.of(bytes);
        pair.agree(&changed, &|| format!("{example} with {}", shown(&input.edits)));
        let outcome = told(&pair.subject.outcome(&changed), &changed);
        assert_eq!(outcome, input.outcome, "{spec}: {example} with {}: {}", shown(&input.edits), input.shows);
    }
}

impl Crafted {
    /// The bytes, from those of the example.
    #[must_use]
    pub fn of(&self, base: &[u8]) -> Vec<u8> {
        edited(base, &self.edits)
    }

    fn parse(line: &str) -> Option<Self> {
        let mut columns = line.split('\t');
        let (base, edits) = (columns.next()?.to_owned(), columns.next()?);
        let edits = edits.split_whitespace().filter(|edit| *edit != "-").map(Edit::parse).collect::<Option<_>>()?;
        let (outcome, shows) = (columns.next()?.to_owned(), columns.next()?.to_owned());
        Some(Self { base, edits, outcome, shows })
    }
}

impl Display for Crafted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}\t{}\t{}\t{}", self.base, shown(&self.edits), self.outcome, self.shows)
    }
}

/// Bytes with all edits done.
#[must_use]
pub fn edited(base: &[u8], edits: &[Edit]) -> Vec<u8> {
    let mut bytes = base.to_vec();
    for Edit { range, put } in edits {
        let (start, end) = (range.start.min(bytes.len()), range.end.min(bytes.len()));
        drop(bytes.splice(start..end.max(start), put.iter().copied()));
    }
    bytes
}

fn shown(edits: &[Edit]) -> String {
    let all: Vec<String> = edits.iter().map(ToString::to_string).collect();
    if all.is_empty() { "-".to_owned() } else { all.join(" ") }
}

/// Runs of zeros from this length on are counted.
const RUN: usize = 16;

/// `offset-removed+hex`; a run of zeros is `(length)`.
impl Display for Edit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}+", self.range.start, self.range.len())?;
        let mut rest = self.put.as_slice();
        while let Some(first) = rest.first() {
            let zeros = rest.iter().take_while(|byte| **byte == 0).count();
            if zeros >= RUN {
                write!(f, "({zeros})")?;
                rest = rest.get(zeros..).unwrap_or_default();
            } else {
                write!(f, "{first:02x}")?;
                rest = rest.get(1..).unwrap_or_default();
            }
        }
        Ok(())
    }
}

impl Edit {
    /// What makes one sequence of bytes of another: all between what both begin with and what both end with.
    #[must_use]
    pub fn between(from: &[u8], to: &[u8]) -> Self {
        let start = from.iter().zip(to).take_while(|(a, b)| a == b).count();
        let most = from.len().min(to.len()).saturating_sub(start);
        let end = from.iter().rev().zip(to.iter().rev()).take(most).take_while(|(a, b)| a == b).count();
        let put = to.get(start..to.len().saturating_sub(end)).unwrap_or_default().to_vec();
        Self { range: start..from.len().saturating_sub(end), put }
    }

    fn parse(text: &str) -> Option<Self> {
        let (range, mut rest) = text.split_once('+')?;
        let (start, removed) = range.split_once('-')?;
        let (start, removed): (usize, usize) = (start.parse().ok()?, removed.parse().ok()?);
        let mut put = Vec::new();
        while !rest.is_empty() {
            if let Some(run) = rest.strip_prefix('(') {
                let (count, after) = run.split_once(')')?;
                put.resize(put.len().checked_add(count.parse().ok()?)?, 0);
                rest = after;
            } else {
                put.push(u8::from_str_radix(rest.get(..2)?, 16).ok()?);
                rest = rest.get(2..)?;
            }
        }
        Some(Self { range: start..start.checked_add(removed)?, put })
    }
}

/// What comes of bytes in a line: where and why they are refused; or how many are read, the value, its findings, what it is
/// written as, and where and why an element of a list that is read one by one is refused. A value is told by the sum of its
/// JSON, in which the order of members does not count.
#[must_use]
pub fn told(outcome: &Outcome, bytes: &[u8]) -> String {
    let accepted = match outcome {
        Outcome::Refused(fact) => return format!("refused: {}", short(fact)),
        Outcome::Accepted(accepted) => accepted,
    };
    let value: Value = serde_json::from_slice(&accepted.value).unwrap_or_default();
    let sum = crc32c::crc32c(value.to_string().as_bytes());
    let taken = usize::try_from(accepted.taken).ok().and_then(|n| bytes.get(..n));
    let written = match &accepted.written {
        Ok(written) if Some(written.as_slice()) == taken => String::new(),
        Ok(written) => format!(", written as {:08x}", crc32c::crc32c(written)),
        Err(fact) => format!(", not written: {}", short(fact)),
    };
    let findings: Vec<String> = accepted.findings.iter().map(short).collect();
    let findings = if findings.is_empty() { String::new() } else { format!("; {}", most(&findings)) };
    let more = if accepted.left_out > 0 { format!(" and {} more", accepted.left_out) } else { String::new() };
    let element = accepted.element.as_ref().map_or(String::new(), |it| format!("; element refused: {}", short(it)));
    format!("{} of {} bytes, value {sum:08x}{written}{findings}{more}{element}", accepted.taken, bytes.len())
}

/// Findings that are listed one by one; of more, the others are told by their sum.
const LISTED: usize = 6;

fn most(findings: &[String]) -> String {
    let (first, rest) = findings.split_at_checked(LISTED).unwrap_or((findings, &[]));
    let first = first.join("; ");
    if rest.is_empty() {
        return first;
    }
    format!("{first}; {} others {:08x}", rest.len(), crc32c::crc32c(rest.join("; ").as_bytes()))
}

fn short(fact: &Fact) -> String {
    let path = if fact.path.is_empty() { "the value" } else { &fact.path };
    match fact.offset {
        Some(at) => format!("{} at {at} {path}", fact.class),
        None => format!("{} {path}", fact.class),
    }
}

#[cfg(test)]
mod tests {
    use super::{Crafted, Edit, edited};

    fn edit(start: usize, removed: usize, put: &[u8]) -> Edit {
        Edit { range: start..start.saturating_add(removed), put: put.to_vec() }
    }

    #[test]
    fn lines_are_read_as_they_are_written() {
        let mut put = vec![1, 0, 2];
        put.extend([0; 40]);
        let edits = vec![edit(3, 2, &[0xff]), edit(7, 0, &put)];
        let input = Crafted { base: "a".into(), edits, outcome: "refused".into(), shows: "x: `y`".into() };
        assert_eq!(input.to_string(), "a\t3-2+ff 7-0+010002(40)\trefused\tx: `y`");
        assert_eq!(Crafted::parse(&input.to_string()), Some(input));
        let plain = Crafted { base: "b".into(), edits: Vec::new(), outcome: String::new(), shows: String::new() };
        assert_eq!(Crafted::parse("b\t-\t\t"), Some(plain));
        assert_eq!(Crafted::parse("b\t3+00\t\t"), None);
    }

    #[test]
    fn what_is_between_makes_the_one_of_the_other() {
        for (from, to) in [("", "abc"), ("abc", ""), ("abcd", "abxxcd"), ("aaaa", "aa"), ("abc", "abc"), ("ab", "xb")] {
            let edit = Edit::between(from.as_bytes(), to.as_bytes());
            assert_eq!(edited(from.as_bytes(), &[edit]), to.as_bytes());
        }
        assert_eq!(edited(b"ab", &[edit(5, 3, b"x")]), b"abx");
    }
}
