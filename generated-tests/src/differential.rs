//! Generated code held against the reference interpreter: the same bytes are refused at the same place for the same reason, or
//! mean the same value with the same findings, and are written the same.
//!
//! Nothing is shared between the two but the model, so what one does wrong the other does not.

mod generated;
mod interpreted;
mod minimise;
mod mutate;
mod neutral;
mod outcome;
pub mod scans;
mod specs;

use serde::Serialize;
use vmspec_runtime::{Endian, Wire};

use crate::damage::{SMALL, likely, put, rounds};
use crate::doors::printed;
use crate::hostile::hostile;

pub use interpreted::{Number, Subject};
pub use mutate::{Dice, Seed, mutated};
pub use outcome::{Accepted, Fact, Outcome};
pub use specs::model;

/// About so many lengths of a larger input are tried, and so many bytes of it changed.
const PLACES: usize = 64;
/// How many mutations of an example, fewer of a very large one.
const MUTATIONS: usize = 300;

/// A generated type, and what the interpreter reads in its place.
#[derive(Clone, Debug)]
pub struct Pair<'a, T: Wire> {
    /// What the interpreter reads.
    pub subject: Subject<'static>,
    order: Endian,
    args: T::Args<'a>,
}

impl<T: Wire<Args<'static> = ()> + Serialize> Pair<'static, T> {
    /// Of a type without params, in a spec by its file name.
    #[must_use]
    pub fn new(spec: &str, order: Endian) -> Self {
        Self::with(spec, order, ())
    }
}

impl<'a, T: Wire + Serialize> Pair<'a, T> {
    /// Of a type that needs no more arguments than there are defaults for: what generated code is given for these.
    #[must_use]
    pub fn with(spec: &str, order: Endian, args: T::Args<'a>) -> Self {
        let format = model(spec);
        let ty = specs::type_named(format, T::NAME);
        let subject = Subject { format, ty, big: order == Endian::Big, params: Vec::new() };
        Self { subject, order, args }
    }
}

impl<T: Wire + Serialize> Pair<'_, T> {
    /// What generated code makes of bytes.
    #[must_use]
    pub fn generated(&self, bytes: &[u8]) -> Outcome {
        generated::outcome::<T>(bytes, self.order, &self.args)
    }

    /// Whether both make the same of the bytes; what differs, otherwise.
    #[must_use]
    pub fn difference(&self, bytes: &[u8]) -> Option<String> {
        self.generated(bytes).difference(&self.subject.outcome(bytes))
    }

    /// Fails unless both make the same of the bytes. Whether they are accepted.
    #[track_caller]
    pub fn agree(&self, bytes: &[u8], what: &dyn Fn() -> String) -> bool {
        let generated = self.generated(bytes);
        match generated.difference(&self.subject.outcome(bytes)) {
            None => matches!(generated, Outcome::Accepted(_)),
            Some(difference) => self.report(bytes, &what(), &difference),
        }
    }

    #[track_caller]
    fn report(&self, bytes: &[u8], what: &str, difference: &str) -> ! {
        let small = minimise::minimised(bytes, |bytes| self.difference(bytes).is_some());
        let (generated, interpreted) = (self.generated(&small), self.subject.outcome(&small));
        let again = generated.difference(&interpreted).unwrap_or_default();
        panic!(
            "{} of {}, {what}: {difference}\ninput ({} bytes): {}\nas small as it gets ({} bytes): {}\n{again}\n\
             -- generated code: {generated}\n-- the interpreter: {interpreted}\n",
            T::NAME,
            self.subject.format.id,
            bytes.len(),
            printed(bytes),
            small.len(),
            printed(&small),
        )
    }

    /// Every beginning of the bytes; of many bytes, about so many of them. How many are accepted.
    #[track_caller]
    pub fn truncations(&self, bytes: &[u8], what: &str, places: usize) -> usize {
        let step = bytes.len().checked_div(places).unwrap_or(1).max(1);
        let ends = (0..bytes.len()).filter(|n| *n < SMALL || n.is_multiple_of(step));
        let cut = ends.filter_map(|end| Some((end, bytes.get(..end)?)));
        cut.filter(|(end, cut)| self.agree(cut, &|| format!("{what} cut off at {end}"))).count()
    }

    /// The bytes with one of them changed, in many ways. How many are accepted.
    #[track_caller]
    pub fn changes(&self, bytes: &[u8], what: &str, places: usize) -> usize {
        let step = if bytes.len() <= SMALL { 1 } else { bytes.len().checked_div(places).unwrap_or(1).max(1) };
        let mut changed = bytes.to_vec();
        let mut accepted = 0_usize;
        for at in (0..bytes.len()).step_by(step) {
            let Some(original) = bytes.get(at).copied() else { continue };
            for value in likely(original) {
                put(&mut changed, at, value);
                let agreed = self.agree(&changed, &|| format!("{what} with byte {at} as {value:#x}"));
                accepted = accepted.saturating_add(usize::from(agreed));
            }
            put(&mut changed, at, original);
        }
        accepted
    }

    /// So many mutations of one seed after the other, from a number. How many are accepted.
    #[track_caller]
    pub fn mutations(&self, seeds: &[Seed], from: u64, count: u32) -> usize {
        let mut dice = Dice::new(from);
        let mut seeds = seeds.iter().cycle();
        let mut accepted = 0_usize;
        for i in 0..count {
            let Some(seed) = seeds.next() else { break };
            let bytes = mutated(seed, &mut dice);
            let agreed = self.agree(&bytes, &|| format!("mutation {i} from {from} of {}", seed.name));
            accepted = accepted.saturating_add(usize::from(agreed));
        }
        accepted
    }

    /// Bytes with the places that the interpreter finds in them.
    #[must_use]
    pub fn seed(&self, name: &str, bytes: Vec<u8>) -> Seed {
        Seed { name: name.to_owned(), sites: self.subject.sites(&bytes), bytes }
    }
}

/// An example of a spec, as crafted inputs have it, cut off and changed anywhere: the interpreter makes of all that what generated
/// code makes of it. Where it finds a number, a large one in its place takes no memory.
#[track_caller]
pub fn interprets<T: Wire + Serialize>(spec: &str, example: &str, bytes: &[u8], order: Endian, args: &T::Args<'_>) {
    let format = model(spec);
    let known = format.examples.iter().find(|e| e.name == example);
    let known = known.unwrap_or_else(|| panic!("{spec} has no example {example}"));
    assert_eq!(format.ty(known.of).name, T::NAME, "the type of {example}");
    let subject = Subject { big: order == Endian::Big, ..Subject::of_example(format, known).0 };
    hostile::<T>(&subject, bytes, order, args);
    let pair = Pair::<T> { subject, order, args: args.clone() };
    pair.agree(bytes, &|| example.to_owned());
    crate::crafted::hold(&pair, spec, example, bytes);
    let places = rounds(bytes.len(), PLACES);
    pair.truncations(bytes, example, places);
    pair.changes(bytes, example, places);
    let mutations = u32::try_from(rounds(bytes.len(), MUTATIONS)).unwrap_or(0);
    pair.mutations(&[pair.seed(example, bytes.to_vec())], 1, mutations);
}
