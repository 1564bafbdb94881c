//! Makes inputs that keep and break rules: examples with a few bytes changed where a rule was asked, or where it could be.
//! What shows something new is changed on, until nothing new comes. The same in every run.

mod bounds;
mod edits;
mod mend;
mod passes;
mod scramble;
mod sites;
mod values;

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::hash::{DefaultHasher, Hash, Hasher};

use vmspec_generated_tests::crafted::{Crafted, Edit, edited};

use vmspec_codegen::model::{FieldId, Site, TypeId};

use crate::coverage::line;
use crate::model::Model;
use crate::table::Table;
use crate::targets::Asked;
use crate::watch::{Answer, Shown, answer};
pub use edits::{spliced, split};
pub use sites::{Place, places};
pub use values::near;

/// Inputs that are larger are changed less.
const LARGE: usize = 1 << 16;

/// An input to go on from.
#[derive(Clone, Debug)]
pub struct Item {
    /// The example that it was made from.
    base: usize,
    bytes: Vec<u8>,
    all: BTreeMap<Answer, u64>,
    places: Vec<Place>,
    accepted: bool,
}

/// The search.
pub struct Craft<'m> {
    model: &'m Model,
    /// Answers that nothing can show.
    never: BTreeSet<Answer>,
    /// Inputs, small ones first within a round.
    pool: Vec<Item>,
    /// Answers that count and were seen.
    done: BTreeSet<Answer>,
    /// Answers that were seen at all.
    met: BTreeSet<Answer>,
    tried: HashSet<u64>,
    /// How often it was tried to mend what is wrong so, by its place in the spec and what is expected.
    mended: BTreeMap<(Option<Site>, String), u32>,
    /// Fields that have values of their own in some input.
    scrambled: RefCell<HashSet<(TypeId, FieldId)>>,
    /// Fields that have the highest bit set in some input that was known before.
    high: HashSet<(TypeId, FieldId)>,
    /// What was found: example, bytes, answers that are new with it.
    found: Vec<(usize, Vec<u8>, Vec<Answer>)>,
}

impl<'m> Craft<'m> {
    /// A search that starts with examples and what was crafted of them before.
    pub fn new(model: &'m Model, implied: &Table, known: &[(usize, Vec<u8>)]) -> Self {
        let mut craft = Self {
            model,
            never: never(model, implied),
            pool: Vec::new(),
            done: BTreeSet::new(),
            met: BTreeSet::new(),
            tried: HashSet::new(),
            mended: BTreeMap::new(),
            scrambled: RefCell::new(HashSet::new()),
            high: HashSet::new(),
            found: Vec::new(),
        };
        for (base, bytes) in known {
            craft.attempt(*base, bytes);
            craft.note_high(*base, bytes);
        }
        craft.found.clear();
        craft
    }

    /// Searches for so many rounds, or until one brings nothing. Gives the inputs found, each with what it shows.
    pub fn run(mut self, rounds: usize) -> Vec<Crafted> {
        let mut from = 0;
        self.rename();
        for round in 0..rounds {
            let size = self.pool.len();
            self.aim(round);
            if self.is_done() {
                break;
            }
            self.explore(from);
            let (spec, left) = (&self.model.spec, self.missing().len());
            println!("{spec}: round {round}: {left} answers are missing");
            from = size;
        }
        let mut found = std::mem::take(&mut self.found);
        found.extend(self.examples());
        let mut lines: Vec<Crafted> =
            found.into_iter().filter_map(|(base, bytes, new)| self.crafted(base, bytes, &new)).collect();
        let others = self.heightened().into_iter().map(|(base, bytes)| (base, bytes, "highest bits".to_owned()));
        let others = others.chain(self.bounds());
        lines.extend(others.filter_map(|(base, bytes, shows)| self.as_it_is(base, &bytes, shows)));
        lines
    }

    /// The line of an input that is there for more than answers.
    fn as_it_is(&self, base: usize, bytes: &[u8], shows: String) -> Option<Crafted> {
        let of = self.model.bases.get(base)?;
        let outcome = self.model.told(base, bytes)?;
        Some(Crafted { base: of.example.name.clone(), edits: split(&of.bytes, bytes), outcome, shows })
    }

    /// The examples that are accepted and stand alone, for their values.
    fn examples(&self) -> Vec<(usize, Vec<u8>, Vec<Answer>)> {
        let each = self.model.bases.iter().enumerate();
        let of = |(i, base): (usize, &crate::formats::Base)| {
            let shown = self.model.look(i, &base.bytes).filter(|shown| shown.refused.is_none())?;
            let changed =
                self.scrambled(i, &base.bytes, &shown.answers.iter().map(|(answer, _)| *answer).collect::<Vec<_>>());
            (changed != base.bytes).then(|| (i, changed, Vec::new()))
        };
        each.filter_map(of).collect()
    }

    /// All answers that a test should see, and none did.
    fn missing(&self) -> Vec<Answer> {
        let all = 0..self.model.asked().len().saturating_mul(2);
        all.filter(|of| self.is_wanted(*of) && !self.done.contains(of)).collect()
    }

    fn is_done(&self) -> bool {
        self.missing().is_empty()
    }

    fn is_wanted(&self, of: Answer) -> bool {
        let wanted = |asked: &Asked| if of % 2 == 1 { asked.wanted.0 } else { asked.wanted.1 };
        !self.never.contains(&of) && self.model.asked().get(of / 2).is_some_and(wanted)
    }

    /// Looks at bytes that were not looked at before. What shows something new is kept.
    fn attempt(&mut self, base: usize, bytes: &[u8]) -> Option<Shown> {
        let mut hasher = DefaultHasher::new();
        (base, bytes).hash(&mut hasher);
        if !self.tried.insert(hasher.finish()) {
            return None;
        }
        let shown = self.model.look(base, bytes)?;
        let new: Vec<Answer> =
            shown.answers.iter().map(|(answer, _)| *answer).filter(|it| !self.done.contains(it)).collect();
        let new: Vec<Answer> = new.into_iter().filter(|it| self.is_wanted(*it)).collect();
        let met = shown.all.iter().any(|(answer, _)| !self.met.contains(answer));
        if new.is_empty() && !met {
            return Some(shown);
        }
        self.done.extend(new.iter().copied());
        self.met.extend(shown.all.iter().map(|(answer, _)| *answer));
        self.keep(base, bytes, &shown);
        if !new.is_empty() {
            self.found.push((base, bytes.to_vec(), new));
        }
        Some(shown)
    }

    fn keep(&mut self, base: usize, bytes: &[u8], shown: &Shown) {
        let Some(format) = self.model.format(base) else { return };
        let Some(subject) = self.model.bases.get(base).and_then(|base| base.subject(format)) else { return };
        let places = places(format, &subject.read(bytes).root);
        let all = shown.all.iter().copied().collect();
        let accepted = shown.refused.is_none();
        self.pool.push(Item { base, bytes: bytes.to_vec(), all, places, accepted });
    }

    /// The line of an input, as short as it shows the same.
    fn crafted(&self, base: usize, bytes: Vec<u8>, new: &[Answer]) -> Option<Crafted> {
        let of = self.model.bases.get(base)?;
        let bytes = self.trimmed(base, bytes, new);
        let bytes = self.scrambled(base, &bytes, new);
        let mut edits = split(&of.bytes, &bytes);
        if !new.is_empty() && self.model.look(base, &bytes)?.refused.is_some() {
            self.lessen(base, &mut edits, new);
        }
        let outcome = self.model.told(base, &edited(&of.bytes, &edits))?;
        let mut shows: Vec<String> = new.iter().filter_map(|answer| self.told(*answer)).collect();
        if shows.is_empty() {
            shows.push("other values".to_owned());
        }
        Some(Crafted { base: of.example.name.clone(), edits, outcome, shows: shows.join("; ") })
    }

    fn told(&self, of: Answer) -> Option<String> {
        let asked = self.model.asked().get(of / 2)?;
        let word = if of % 2 == 1 { "keeps" } else { "breaks" };
        Some(format!("{word} {:?} {}", asked.aspect, asked.place))
    }

    /// Without zeros at the end that show nothing.
    fn trimmed(&self, base: usize, mut bytes: Vec<u8>, new: &[Answer]) -> Vec<u8> {
        let mut step = bytes.len() / 2;
        while step > 0 && bytes.len() < LARGE && !new.is_empty() {
            let shorter = bytes.get(..bytes.len().saturating_sub(step)).unwrap_or_default();
            let dropped = bytes.get(shorter.len()..).unwrap_or_default();
            let same = dropped.iter().all(|byte| *byte == 0) && self.shows(base, shorter, new);
            if same {
                bytes.truncate(shorter.len());
                step = step.min(bytes.len());
            } else {
                step /= 2;
            }
        }
        bytes
    }

    /// Without the changes that show nothing.
    fn lessen(&self, base: usize, edits: &mut Vec<Edit>, new: &[Answer]) {
        let Some(of) = self.model.bases.get(base) else { return };
        let mut at = 0;
        while at < edits.len() {
            let mut fewer = edits.clone();
            fewer.remove(at);
            if self.shows(base, &edited(&of.bytes, &fewer), new) {
                *edits = fewer;
            } else {
                at = at.saturating_add(1);
            }
        }
    }

    fn shows(&self, base: usize, bytes: &[u8], new: &[Answer]) -> bool {
        let shown = self.model.look(base, bytes);
        shown.is_some_and(|shown| new.iter().all(|wanted| shown.answers.iter().any(|(answer, _)| answer == wanted)))
    }
}

/// The answers that a table says nothing can show.
fn never(model: &Model, implied: &Table) -> BTreeSet<Answer> {
    let each = model.asked().iter().enumerate().flat_map(|(i, asked)| [(i, asked, true), (i, asked, false)]);
    let never = each.filter(|(_, asked, held)| implied.reason(&model.spec, &line(asked, *held)).is_some());
    never.map(|(i, _, held)| answer(i, held)).collect()
}
