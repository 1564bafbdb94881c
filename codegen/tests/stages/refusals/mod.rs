//! What the compiler refuses: every bad spec prints what its first line says and nothing else, every good one prints nothing,
//! and no input, however broken, makes it panic.
#![allow(clippy::panic)]

mod schema;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use vmspec_codegen::catalogue::{Change, Example};
use vmspec_codegen::diagnostic::{Code, Style};
use vmspec_codegen::source::Source;
use vmspec_codegen::{Failure, compile};

/// Codes that need files which do not belong into a repository: unreadable, huge, or a thousand of them.
const WITHOUT_SPEC: &[Code] =
    &[Code::FileTooLarge, Code::NotUtf8, Code::Unreadable, Code::TooManyFiles, Code::TooManyNodes];

fn folder(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(name)
}

fn specs(name: &str) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(folder(name)) else { panic!("{name} is not there") };
    let paths = entries.filter_map(|entry| entry.ok().map(|e| e.path()));
    let mut specs: Vec<_> = paths.filter(|path| path.extension().is_some_and(|e| e == "yaml")).collect();
    specs.sort();
    assert!(!specs.is_empty(), "no specs in {name}");
    specs
}

fn text(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_else(|e| panic!("{}: {e}", path.display()))
}

fn failure(path: &Path) -> Option<Failure> {
    compile(&Source::file(path, path.parent().unwrap_or(Path::new(".")))).err()
}

/// What the first line of a bad spec says: the codes in order, and for each what may stand instead.
fn expected(path: &Path) -> (String, Vec<Vec<String>>) {
    let text = text(path);
    let Some(line) = text.lines().next().and_then(|l| l.strip_prefix("# expect: ")) else {
        panic!("{}: the first line says nothing", path.display())
    };
    let is_code = |w: &str| Code::ALL.iter().any(|c| c.as_str() == w);
    let mut codes: Vec<Vec<String>> = Vec::new();
    let mut instead = false;
    for word in line.split_whitespace().map(|w| w.trim_end_matches([',', ';', ':'])) {
        match codes.last_mut() {
            Some(last) if instead && is_code(word) => last.push(word.to_owned()),
            _ if is_code(word) => codes.push(vec![word.to_owned()]),
            _ => {}
        }
        // `T001 or N001`, and `T001, T003 or T006`: all of them for one diagnostic, unless several are announced.
        instead = !line.contains("diagnostics") && (is_code(word) || word == "or");
    }
    (line.to_owned(), codes)
}

#[test]
fn bad_specs_print_what_they_say() {
    let mut wrong: Vec<String> = Vec::new();
    for path in specs("generated-tests/bad") {
        let (line, codes) = expected(&path);
        let Some(failure) = failure(&path) else {
            wrong.push(format!("{}: accepted, expected {line}", path.display()));
            continue;
        };
        let found: Vec<&str> = failure.diagnostics.sorted().iter().map(|d| d.code.as_str()).collect();
        // A fault that lies in another file is not named by its code.
        let elsewhere = codes.is_empty() && found.len() == 1;
        let fits = found.len() == codes.len()
            && found.iter().zip(&codes).all(|(code, allowed)| allowed.iter().any(|a| a == code));
        if !fits && !elsewhere {
            wrong.push(format!("{}: {found:?}, expected {line}", path.display()));
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn good_specs_print_nothing() {
    for path in specs("generated-tests/features").into_iter().chain(specs("specs")) {
        if let Some(failure) = failure(&path) {
            panic!("{}\n{}", path.display(), failure.render(Style::Plain));
        }
    }
}

#[test]
fn every_code_has_a_bad_spec() {
    let used: BTreeSet<String> = specs("generated-tests/bad").iter().flat_map(|p| expected(p).1).flatten().collect();
    for code in Code::ALL.iter().filter(|code| !WITHOUT_SPEC.contains(code)) {
        assert!(used.contains(code.as_str()), "no bad spec for {}", code.as_str());
    }
}

#[test]
fn every_code_has_an_example_that_a_small_change_puts_right() {
    let mut wrong: Vec<String> = Vec::new();
    for code in Code::ALL {
        let (name, example) = (code.as_str(), Example::of(*code));
        let failure = example.failure();
        let found: Vec<Code> = failure.iter().flat_map(|f| f.diagnostics.iter().map(|d| d.code)).collect();
        if found.is_empty() || found.iter().any(|other| other != code) {
            wrong.push(format!("{name}: the bad one gives {found:?}"));
        }
        if let Err(failure) = compile(&example.good()) {
            wrong.push(format!("{name}: the good one is refused\n{}", failure.render(Style::Plain)));
        }
        let changed = example.lines().iter().filter(|line| line.change != Change::Neither).count();
        if changed > 6 {
            wrong.push(format!("{name}: {changed} lines differ"));
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn diagnostics_read_well() {
    for path in specs("generated-tests/bad") {
        let Some(failure) = failure(&path) else { continue };
        for d in failure.diagnostics.sorted() {
            let text = &d.message;
            assert!(!text.ends_with('.') && !text.contains("  "), "{}: {text}", path.display());
            assert!(!d.primary.text.is_empty(), "{}: {text}: no label", path.display());
            let first = text.chars().next().unwrap_or('A');
            assert!(!first.is_uppercase(), "{}: {text}", path.display());
        }
    }
}

/// A small generator of numbers, the same in every run.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        let limit = u64::try_from(limit.max(1)).unwrap_or(1);
        usize::try_from(self.0.checked_rem(limit).unwrap_or(0)).unwrap_or(0)
    }

    fn of<T: Clone>(&mut self, list: &[T]) -> Option<T> {
        let i = self.below(list.len());
        list.get(i).cloned()
    }
}

/// What is put in place of words.
const WORDS: &[&str] = &[
    "0",
    "1",
    "-1",
    "18446744073709551615",
    "1 << 63",
    "rest",
    "it",
    "this",
    "true",
    "_",
    "u64",
    "bytes(rest)",
    "blob(rest)",
    "count",
    "zero(0)",
    "keep",
];

/// A spec with something wrong in up to three places.
fn mutated(spec: &str, numbers: &mut Numbers) -> String {
    let mut lines: Vec<String> = spec.lines().map(str::to_owned).collect();
    for _ in 0..=numbers.below(3) {
        let (here, there) = (numbers.below(lines.len()), numbers.below(lines.len()));
        let other = lines.get(there).cloned().unwrap_or_default();
        match numbers.below(5) {
            0 if !lines.is_empty() => drop(lines.remove(here)),
            1 => lines.insert(here, other),
            2 => replace_word(&mut lines, here, &words(&other), numbers),
            3 => replace_word(&mut lines, here, &WORDS.iter().map(|w| (*w).to_owned()).collect::<Vec<_>>(), numbers),
            _ => flip(&mut lines, here, numbers),
        }
    }
    lines.join("\n")
}

fn words(line: &str) -> Vec<String> {
    let parts = line.split(|c: char| !c.is_ascii_alphanumeric() && c != '_');
    parts.filter(|word| !word.is_empty()).map(str::to_owned).collect()
}

fn replace_word(lines: &mut [String], at: usize, by: &[String], numbers: &mut Numbers) {
    let Some(line) = lines.get_mut(at) else { return };
    if let (Some(old), Some(new)) = (numbers.of(&words(line)), numbers.of(by)) {
        *line = line.replacen(&old, &new, 1);
    }
}

fn flip(lines: &mut [String], at: usize, numbers: &mut Numbers) {
    let Some(line) = lines.get_mut(at) else { return };
    let mut bytes = line.clone().into_bytes();
    let place = numbers.below(bytes.len());
    if let (Some(byte), Ok(new)) = (bytes.get_mut(place), u8::try_from(numbers.below(96).saturating_add(32))) {
        *byte = new;
    }
    *line = String::from_utf8_lossy(&bytes).into_owned();
}

#[test]
fn nothing_panics() {
    let mut numbers = Numbers(0x9e37_79b9_7f4a_7c15);
    let paths: Vec<_> = specs("generated-tests/features").into_iter().chain(specs("specs")).collect();
    for round in 0..20 {
        for path in &paths {
            let whole = text(path);
            // Without its examples more of a spec gets through to the later stages.
            let spec = if round % 2 == 0 { whole.as_str() } else { whole.split("\nexamples:").next().unwrap_or("") };
            let spec = mutated(spec, &mut numbers);
            let texts = BTreeMap::from([("spec.yaml".to_owned(), spec)]);
            if let Err(failure) = compile(&Source::memory("spec.yaml", texts)) {
                assert!(!failure.diagnostics.is_empty() && !failure.render(Style::Plain).is_empty());
            }
        }
    }
}
