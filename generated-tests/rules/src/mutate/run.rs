//! Tries changes: each is compiled, and read with everything that the tests hold, up to the first input that tells.

use std::collections::BTreeMap;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::thread;

use vmspec_codegen::model::Format;
use vmspec_codegen::syntax::yaml::Node;
use vmspec_generated_tests::crafted::told;
use vmspec_generated_tests::differential::{Fact, Outcome};

use super::kinds::Mutant;
use super::pool::Pool;
use super::yaml::{text, without_examples};
use crate::formats::{Base, model};
use crate::model::Model;

/// So many damaged inputs are tried for a change at most.
const DAMAGED: usize = 4_000;

/// What became of a change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fate {
    /// It is no spec.
    Refused,
    /// This input tells.
    Killed,
    /// No input of the tests tells, but this one does: its example and its bytes.
    Told(usize, Vec<u8>),
    /// No input tells.
    Survived,
}

/// An input: its example, its bytes, and what comes of it.
#[derive(Clone, Debug)]
pub struct Input {
    /// The example that it starts from.
    pub base: usize,
    /// The bytes.
    pub bytes: Vec<u8>,
    /// The line.
    pub told: String,
    /// What tells outcomes apart without the line; 0 where that is not known.
    pub sum: u64,
}

impl Input {
    /// Of an example, with what comes of it.
    pub fn new(of: &Model, base: usize, bytes: Vec<u8>) -> Self {
        let told = of.told(base, &bytes).unwrap_or_default();
        Self { base, bytes, told, sum: 0 }
    }
}

/// Tells outcomes apart: the same for two means that their lines are the same.
pub fn sum(outcome: &Outcome) -> u64 {
    let mut hasher = DefaultHasher::new();
    let fact = |fact: &Fact, hasher: &mut DefaultHasher| (fact.class, fact.offset, &fact.path).hash(hasher);
    match outcome {
        Outcome::Refused(refused) => fact(refused, &mut hasher),
        Outcome::Accepted(accepted) => {
            (accepted.taken, &accepted.value, accepted.left_out).hash(&mut hasher);
            accepted.findings.iter().chain(&accepted.element).for_each(|it| fact(it, &mut hasher));
            match &accepted.written {
                Ok(bytes) => bytes.hash(&mut hasher),
                Err(refused) => fact(refused, &mut hasher),
            }
        }
    }
    hasher.finish().max(1)
}

/// Everything that changes are tried with.
pub struct Trial<'t> {
    /// The spec's file name.
    pub spec: &'t str,
    /// The trees of all files.
    pub trees: &'t BTreeMap<String, Node>,
    /// The examples.
    pub bases: &'t [Base],
    /// What the tests hold.
    pub inputs: &'t Pool,
    /// What they do not.
    pub damage: &'t Pool,
}

impl Trial<'_> {
    /// What becomes of each change, on so many threads.
    pub fn run(&self, mutants: &[Mutant], jobs: usize) -> Vec<Fate> {
        let texts = self.texts();
        let (next, fates) = (AtomicUsize::new(0), Mutex::new(vec![Fate::Refused; mutants.len()]));
        let work = || {
            loop {
                let index = next.fetch_add(1, Ordering::Relaxed);
                let Some(mutant) = mutants.get(index) else { break };
                let fate = self.fate(mutant, &texts);
                if let Some(slot) = fates.lock().unwrap_or_else(PoisonError::into_inner).get_mut(index) {
                    *slot = fate;
                }
            }
        };
        thread::scope(|scope| {
            for _ in 0..jobs.max(1) {
                scope.spawn(work);
            }
        });
        fates.into_inner().unwrap_or_else(PoisonError::into_inner)
    }

    fn fate(&self, mutant: &Mutant, texts: &BTreeMap<String, String>) -> Fate {
        let Some(format) = self.changed(mutant, texts) else { return Fate::Refused };
        let mut formats = Formats { plain: &format, given: BTreeMap::new() };
        if self.inputs.all(mutant).any(|input| formats.tells(self.bases, input)) {
            return Fate::Killed;
        }
        match self.damage.near(mutant, DAMAGED).find(|input| formats.tells(self.bases, input)) {
            Some(input) => Fate::Told(input.base, input.bytes.clone()),
            None => Fate::Survived,
        }
    }

    /// Whether one of some inputs tells a change.
    pub fn tells(&self, mutant: &Mutant, inputs: &[Input]) -> bool {
        let Some(format) = (!inputs.is_empty()).then(|| self.changed(mutant, &self.texts())).flatten() else {
            return false;
        };
        let mut formats = Formats { plain: &format, given: BTreeMap::new() };
        inputs.iter().any(|input| formats.tells(self.bases, input))
    }

    fn texts(&self) -> BTreeMap<String, String> {
        self.trees.iter().map(|(name, tree)| (name.clone(), text(&without_examples(tree.clone())))).collect()
    }

    /// The changed format.
    fn changed(&self, mutant: &Mutant, texts: &BTreeMap<String, String>) -> Option<Format> {
        let tree = self.trees.get(&mutant.file).and_then(|tree| mutant.of(&without_examples(tree.clone())));
        let mut texts = texts.clone();
        texts.insert(mutant.file.clone(), text(&tree?));
        model(self.spec, texts).ok()
    }
}

/// A changed format, with the inputs of examples.
pub struct Formats<'f> {
    plain: &'f Format,
    given: BTreeMap<usize, Format>,
}

impl Formats<'_> {
    /// Whether something else comes of an input.
    fn tells(&mut self, bases: &[Base], input: &Input) -> bool {
        let Some(base) = bases.get(input.base) else { return false };
        let format = if base.example.inputs.is_empty() {
            self.plain
        } else {
            self.given.entry(input.base).or_insert_with(|| self.plain.with_inputs(&base.example.inputs))
        };
        let Some(subject) = base.subject(format) else { return true };
        if subject.params.len() != base.example.with.len() {
            return true;
        }
        let outcome = subject.outcome(&input.bytes);
        sum(&outcome) != input.sum && told(&outcome, &input.bytes) != input.told
    }
}
