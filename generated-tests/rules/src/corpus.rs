//! The files of crafted inputs: every example as it is, inputs that somebody wrote, those that were found for rules, and those
//! that tell changes of the spec. What is there stays; what is found comes behind it.

use std::fs;

use vmspec_generated_tests::crafted::{Crafted, path};

use crate::craft::Craft;
use crate::formats::{Base, Failure, inputs};
use crate::model::Model;
use crate::table::Table;

/// What an input is there for that tells a change.
pub const TELLS: &str = "tells";
const EXAMPLE: &str = "an example";

const HEAD: &str = "\
# Inputs of the tests: an example, what is changed of it, what comes of that, what it is there for. A change is where it is, how
# many bytes go, and which come; `(n)` stands for so many zeros. Outcomes, and lines that are not \"by hand\", are written by
# `cargo xtask rules --craft` and `cargo xtask mutate --add`.
";

/// How often inputs that were found are changed on.
const ROUNDS: usize = 3;

/// The lines of a format with what comes of them now, and behind them those that are found for what none of them shows.
pub fn crafted_anew(model: &Model, implied: &Table) -> Result<Vec<Crafted>, Failure> {
    let mut known: Vec<(usize, Crafted)> = model.bases.iter().enumerate().map(|(i, base)| (i, example(base))).collect();
    known.extend(inputs(&model.spec, &model.bases)?);
    let mut lines: Vec<Crafted> = Vec::new();
    let mut start = Vec::new();
    for (i, input) in known {
        start.extend(model.bases.get(i).map(|base| (i, input.of(&base.bytes))));
        lines.extend(with_outcome(model, i, input));
    }
    lines.extend(Craft::new(model, implied, &start).run(ROUNDS));
    Ok(lines)
}

fn example(base: &Base) -> Crafted {
    let (base, shows) = (base.example.name.clone(), EXAMPLE.to_owned());
    Crafted { base, edits: Vec::new(), outcome: String::new(), shows }
}

fn with_outcome(model: &Model, base: usize, input: Crafted) -> Option<Crafted> {
    let bytes = input.of(&model.bases.get(base)?.bytes);
    Some(Crafted { outcome: model.told(base, &bytes)?, ..input })
}

/// Writes the lines of a spec, each input once.
pub fn write(spec: &str, lines: &[Crafted]) -> Result<(), Failure> {
    let mut text = String::from(HEAD);
    let mut known: Vec<(&str, &[vmspec_generated_tests::crafted::Edit])> = Vec::new();
    for line in lines {
        let what = (line.base.as_str(), line.edits.as_slice());
        if !known.contains(&what) {
            known.push(what);
            text.extend([&line.to_string(), "\n"]);
        }
    }
    let path = path(spec);
    fs::write(&path, text).map_err(|e| format!("{}: {e}", path.display()))
}
