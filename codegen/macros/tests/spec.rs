//! What the macro makes: modules that work, and errors that say where and why.

use vmspec_runtime::binrw::{self, BinRead, BinWrite};

// What the module needs besides must not be in its way.
#[allow(dead_code)]
struct Result;

vmspec_macros::spec!("tests/specs/note.yaml");

vmspec_macros::spec! {
    "./specs/note.yaml",
    mod = beside,
    vis = pub(crate),
    derive(Eq, Hash for Head),
    derive(std::cmp::PartialOrd, Clone for Head, Kind,),
    derive(Hash),
    serde,
    arbitrary,
    runtime = renamed::runtime,
}

extern crate self as renamed;
pub use vmspec_runtime as runtime;

/// A struct of a user, with a type of the format in it.
#[derive(BinRead, BinWrite, Debug, PartialEq)]
#[br(big)]
#[bw(big)]
struct Envelope {
    number: u16,
    note: note::Note,
}

const BYTES: &[u8] = b"\0\x07NOTE\x01\x05hello";

#[test]
fn types_nest_in_those_of_others() -> std::result::Result<(), Box<dyn std::error::Error>> {
    let envelope = Envelope::read(&mut std::io::Cursor::new(BYTES))?;
    let expected = note::Note { head: note::Head { kind: note::Kind::Loud }, text: "hello".to_owned() };
    assert_eq!(envelope, Envelope { number: 7, note: expected });
    let mut written = std::io::Cursor::new(Vec::new());
    envelope.write(&mut written)?;
    assert_eq!(written.into_inner(), BYTES);
    Ok(())
}

#[test]
fn types_derive_what_they_are_told_to() {
    fn hashed<T: std::hash::Hash>(_: &T) {}
    fn serialized<T: serde::Serialize>(_: &T) {}
    fn made_up<T: for<'a> arbitrary::Arbitrary<'a>>(_: &T) {}
    fn compared<T: Eq + PartialOrd + std::hash::Hash>(_: &T) {}
    let head = beside::Head { kind: beside::Kind::Plain };
    compared(&head.kind);
    compared(&head);
    serialized(&head);
    serialized(&beside::Seal { key: [0; 40] });
    made_up(&head);
    hashed(&beside::Note { head, text: String::new() });
}

/// Cargo builds again when one of the files changes that the compiler says it has looked at. `cargo xtask downstream` sees it do so.
#[test]
fn a_change_of_a_spec_builds_again() -> std::result::Result<(), Box<dyn std::error::Error>> {
    let looked_at = std::fs::read_to_string(std::env::current_exe()?.with_extension("d"))?;
    for spec in ["tests/specs/note.yaml", "tests/specs/parts/head.yaml"] {
        assert!(looked_at.contains(spec), "{looked_at}");
    }
    Ok(())
}

/// One function, as it builds a crate of its own.
#[test]
fn errors() {
    let cases = trybuild::TestCases::new();
    cases.pass("tests/ui/every_option.rs");
    cases.compile_fail("tests/ui/*_wrong.rs");
}

/// What is held to what the compiler says by `errors`, and to what the command, build scripts and chores say by their tests.
#[test]
fn the_words_are_those_of_the_command() {
    let told = include_str!("ui/spec_wrong.stderr");
    let mut errors = include_str!("ui/spec_wrong.txt").split_terminator("\n\n").collect::<Vec<_>>();
    assert_eq!(errors.pop(), Some("3 errors\n"));
    for error in errors {
        let lines = error.lines().map(|line| match line.strip_prefix("error[") {
            Some(rest) => format!("error: [{rest}\n"),
            None => format!("       {line}\n"),
        });
        let expected: String = lines.collect();
        assert!(told.contains(&expected), "{expected}");
    }
}
