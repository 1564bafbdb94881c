//! Changes specs in one place at a time, and says which changes the tests of their formats notice.

mod damage;
mod kinds;
mod pool;
mod report;
mod run;
mod words;
mod yaml;

use std::collections::BTreeMap;

use vmspec_codegen::syntax::yaml::Node;
use vmspec_generated_tests::crafted::{Crafted, edited};

use crate::corpus;
use crate::formats::{Failure, inputs, model, specs, texts};
use crate::model::Model;
use crate::options::Options;
pub use kinds::Mutant;
pub use pool::Pool;
pub use run::{Fate, Input, Trial};

/// What became of all changes of a spec.
pub struct Mutated {
    /// The spec's file name.
    pub spec: String,
    /// The changes, with what became of each.
    pub all: Vec<(Mutant, Fate)>,
}

/// Tries all changes of a spec and of the specs that it uses.
pub fn mutate(of: &Model, options: &Options) -> Result<Mutated, Failure> {
    let spec = of.spec.as_str();
    let trees = trees(spec)?;
    let known = known(of)?;
    unchanged(spec, &trees)?;
    let damage = Pool::new(of, damage::damage(of, &known, options));
    let known = Pool::new(of, known);
    let trial = Trial { spec, trees: &trees, bases: &of.bases, inputs: &known, damage: &damage };
    let mutants = trees.iter().flat_map(|(file, tree)| kinds::mutants(file, tree));
    let mutants: Vec<Mutant> = mutants.filter(|mutant| options.tries(&mutant.full_name())).collect();
    let fates = trial.run(&mutants, options.jobs);
    let all: Vec<(Mutant, Fate)> = mutants.into_iter().zip(fates).collect();
    if options.add {
        add(of, &trial, &all)?;
    }
    Ok(Mutated { spec: spec.to_owned(), all })
}

/// Tries the changes of all specs, and writes the report unless only some are wanted.
pub fn run(options: &Options) -> Result<(), Failure> {
    let mut all = Vec::new();
    for spec in specs()?.into_iter().filter(|spec| options.takes(spec)) {
        let started = std::time::Instant::now();
        let done = mutate(&Model::of(&spec)?, options)?;
        println!("{}{:.0} s", report::summary(&done), started.elapsed().as_secs_f64());
        all.push(done);
    }
    report::write(&all, options)
}

/// Adds an input for each change that damage tells, unless one that was added tells it too.
fn add(of: &Model, trial: &Trial<'_>, all: &[(Mutant, Fate)]) -> Result<(), Failure> {
    let mut lines: Vec<Crafted> = inputs(&of.spec, &of.bases)?.into_iter().map(|(_, input)| input).collect();
    let mut added: Vec<Input> = Vec::new();
    for (mutant, fate) in all {
        let Fate::Told(base, bytes) = fate else { continue };
        if trial.tells(mutant, &added) {
            continue;
        }
        let Some(line) = line(of, trial, (mutant, *base), bytes) else { continue };
        let Some(example) = trial.bases.get(*base) else { continue };
        added.push(Input::new(of, *base, line.of(&example.bytes)));
        lines.push(line);
    }
    println!("{}: {} inputs added", of.spec, added.len());
    corpus::write(&of.spec, &lines)
}

/// The line of an input that tells a change, with as few changes as tell it.
fn line(of: &Model, trial: &Trial<'_>, (mutant, base): (&Mutant, usize), bytes: &[u8]) -> Option<Crafted> {
    let example = trial.bases.get(base)?;
    let mut edits = crate::craft::split(&example.bytes, bytes);
    let mut at = 0;
    while at < edits.len() {
        let mut fewer = edits.clone();
        fewer.remove(at);
        let input = Input::new(of, base, edited(&example.bytes, &fewer));
        if trial.tells(mutant, &[input]) {
            edits = fewer;
        } else {
            at = at.saturating_add(1);
        }
    }
    let outcome = of.told(base, &edited(&example.bytes, &edits))?;
    let shows = format!("{} {}", corpus::TELLS, mutant.full_name());
    Some(Crafted { base: example.example.name.clone(), edits, outcome, shows })
}

/// The trees of a spec and of all that it uses: files of its own folder.
fn trees(spec: &str) -> Result<BTreeMap<String, Node>, Failure> {
    let folder = spec.trim_end_matches(".yaml");
    let own = |name: &String| name == spec || name.starts_with(&format!("{folder}/"));
    let texts = texts()?.into_iter().filter(|(name, _)| own(name));
    texts.map(|(name, text)| Ok((name.clone(), yaml::tree(&name, &text)?))).collect()
}

/// A spec that is written again without a change is a spec.
fn unchanged(spec: &str, trees: &BTreeMap<String, Node>) -> Result<(), Failure> {
    let texts = trees.iter().map(|(name, tree)| (name.clone(), yaml::text(tree))).collect();
    model(spec, texts).map(|_| ())
}

/// What the tests hold.
fn known(of: &Model) -> Result<Vec<Input>, Failure> {
    let all = inputs(&of.spec, &of.bases)?;
    let mut out: Vec<Input> = Vec::new();
    for (base, input) in all {
        let (of_model, Some(of)) = (of, of.bases.get(base)) else { continue };
        let bytes = input.of(&of.bytes);
        let sum = of_model.outcome(base, &bytes).map_or(0, |outcome| run::sum(&outcome));
        out.push(Input { base, bytes, told: input.outcome, sum });
    }
    Ok(out)
}
