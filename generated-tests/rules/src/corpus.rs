//! The files of crafted inputs: every example as it is, inputs that somebody wrote, those that were found for rules, and those
//! that tell changes of the spec.

use std::fs;

use vmspec_generated_tests::crafted::{Crafted, path};

use crate::craft::Craft;
use crate::formats::{Failure, inputs};
use crate::model::Model;

/// What an input is there for that somebody wrote, up to a colon.
const BY_HAND: &str = "by hand";
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

/// The lines of a format, with those that are found for its rules found anew.
pub fn crafted_anew(model: &Model) -> Result<Vec<Crafted>, Failure> {
    let known = inputs(&model.spec, &model.bases)?;
    let mut lines: Vec<Crafted> = Vec::new();
    let mut start = Vec::new();
    for (i, base) in model.bases.iter().enumerate() {
        let example = Crafted {
            base: base.example.name.clone(),
            edits: Vec::new(),
            outcome: String::new(),
            shows: EXAMPLE.to_owned(),
        };
        lines.extend(with_outcome(model, i, example));
        start.push((i, base.bytes.clone()));
    }
    let stays = |input: &Crafted, word: &str| input.shows.starts_with(word);
    for (i, input) in known.iter().filter(|(_, input)| stays(input, BY_HAND)) {
        start.extend(model.bases.get(*i).map(|base| (*i, input.of(&base.bytes))));
        lines.extend(with_outcome(model, *i, input.clone()));
    }
    lines.extend(Craft::new(model, &start).run(ROUNDS));
    for (i, input) in known.into_iter().filter(|(_, input)| stays(input, TELLS)) {
        lines.extend(with_outcome(model, i, input));
    }
    Ok(lines)
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
