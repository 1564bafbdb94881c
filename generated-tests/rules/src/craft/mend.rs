//! Makes a value of bytes that are refused: what is wrong is set to what is wanted, place by place, as long as that leads
//! further on.

use vmspec_codegen::interpret::{Trouble, derive, read_to_mend, write_with};
use vmspec_codegen::model::Class;

use super::edits::spliced;
use super::sites::{Place, places};
use super::values::{in_text, named, near, wire};
use super::{Craft, LARGE};
use crate::watch::{Answer, Shown};

/// How often something is mended of one input.
const STEPS: usize = 12;
/// How many ways of each time are tried.
const WAYS: usize = 150;
/// How often what is wrong in the same way is mended.
const TIMES: u32 = 8;
/// How many bytes are put in where each is missing.
const FILLED: usize = 1_200;

impl Craft<'_> {
    /// The bytes with sums and sizes worked out again, in a format that can be mended.
    pub(super) fn summed(&self, base: usize, bytes: &[u8]) -> Option<Vec<u8>> {
        let format = self.model.format(base)?;
        let subject = self.model.bases.get(base)?.subject(format)?;
        if !subject.params.is_empty() || !format.externs.is_empty() {
            return None;
        }
        let (reading, mended) = read_to_mend(format, subject.start(), &bytes);
        if reading.error.is_some() || mended.is_empty() {
            return None;
        }
        let (mut root, mut to) = (reading.root, Vec::new());
        derive(format, subject.start(), &mut root, &bytes).ok()?;
        write_with(format, subject.start(), &[], &root, (&bytes, &mut to)).ok()?;
        let end = usize::try_from(reading.end).ok()?;
        to.extend(bytes.get(end..).unwrap_or_default());
        Some(to)
    }

    /// Goes on from bytes that show `goal` until they are accepted. Whether they are.
    pub(super) fn mend(&mut self, base: usize, bytes: &[u8], goal: Answer) -> bool {
        if bytes.len() > LARGE {
            return false;
        }
        let mut bytes = bytes.to_vec();
        for _ in 0..STEPS {
            let Some(shown) = self.model.look(base, &bytes) else { return false };
            let Some(refused) = &shown.refused else {
                self.attempt(base, &bytes);
                return true;
            };
            // What is wrong in the same way is mended so often alone.
            let why = (refused.site, refused.expected.clone());
            let times = self.mended.entry(why).or_default();
            *times = times.saturating_add(1);
            if *times > TIMES {
                return false;
            }
            let Some(next) = self.step(base, &bytes, refused, goal) else { return false };
            bytes = next;
        }
        false
    }

    /// Puts in each byte that is wanted where another one is, as another version of a format may have one behind each part.
    /// Whether that gives bytes that are accepted.
    pub(super) fn fill(&mut self, base: usize, bytes: &[u8]) -> bool {
        let (mut bytes, mut from) = (bytes.to_vec(), None);
        for _ in 0..FILLED {
            let Some(shown) = self.model.look(base, &bytes) else { return false };
            self.attempt(base, &bytes);
            let Some(refused) = shown.refused else { return true };
            let wanted = in_text(&refused.expected).first().and_then(|n| u8::try_from(*n).ok());
            let at = refused.offset.filter(|at| from < Some(*at));
            let (Some(at), Some(wanted), Class::Invalid) = (at, wanted, refused.class) else { return false };
            bytes = spliced(&bytes, usize::try_from(at).unwrap_or(0), 0, &[wanted]);
            from = Some(at);
        }
        false
    }

    /// The first way that leads further on.
    fn step(&mut self, base: usize, bytes: &[u8], fact: &Trouble, goal: Answer) -> Option<Vec<u8>> {
        let at = fact.offset?;
        let mut best: Option<(u64, Vec<u8>)> = None;
        for way in self.ways(base, bytes, fact).into_iter().take(WAYS) {
            let Some(shown) = self.model.look(base, &way) else { continue };
            if !shows(&shown, goal) {
                continue;
            }
            let reached = match &shown.refused {
                None => return Some(way),
                Some(next) if next.path != fact.path => next.offset.unwrap_or(0),
                Some(next) => next.offset.filter(|next| *next > at).unwrap_or(0),
            };
            if reached >= at && best.as_ref().is_none_or(|(most, _)| reached > *most) {
                best = Some((reached, way));
            }
        }
        best.map(|(_, way)| way)
    }

    fn ways(&self, base: usize, bytes: &[u8], fact: &Trouble) -> Vec<Vec<u8>> {
        let at = fact.offset.and_then(|at| usize::try_from(at).ok()).unwrap_or(0);
        let places = self.places_of(base, bytes);
        let hints = in_text(&fact.verdict());
        let mut out = Vec::new();
        if fact.class == Class::Truncated {
            out.push([bytes, [0; 64].as_slice()].concat());
            out.push([bytes, [0; 4096].as_slice()].concat());
        }
        for place in places.iter().filter(|place| place.at <= at && at < place.at.saturating_add(place.len.max(1))) {
            out.extend(set(bytes, place, &named(place)));
            let same = places.iter().filter(|other| other.len == place.len && other.at < place.at);
            let copied: Vec<Vec<u8>> = same
                .filter_map(|other| bytes.get(other.at..other.at.checked_add(other.len)?))
                .map(<[u8]>::to_vec)
                .collect();
            out.extend(set(bytes, place, &copied));
            out.extend(set(bytes, place, &near(bytes, place, &hints, false)));
        }
        for hint in &hints {
            for len in [1, 2, 4, 8] {
                out.push(spliced(bytes, at, len, &wire(*hint, len, true)));
                out.push(spliced(bytes, at, len, &wire(*hint, len, false)));
            }
            if let Ok(n @ 1..=4096) = usize::try_from(*hint) {
                out.push(spliced(bytes, at, n, &[]));
                out.push(spliced(bytes, at, 0, &vec![0; n]));
            }
        }
        out.extend(sized(bytes, &places, at, &hints));
        out
    }

    pub(super) fn places_of(&self, base: usize, bytes: &[u8]) -> Vec<Place> {
        let Some(format) = self.model.format(base) else { return Vec::new() };
        let subject = self.model.bases.get(base).and_then(|base| base.subject(format));
        subject.map_or_else(Vec::new, |subject| places(format, &subject.read(bytes).root))
    }
}

fn shows(shown: &Shown, goal: Answer) -> bool {
    shown.all.iter().any(|(answer, _)| *answer == goal)
}

pub fn set(bytes: &[u8], place: &Place, values: &[Vec<u8>]) -> Vec<Vec<u8>> {
    values.iter().map(|value| spliced(bytes, place.at, place.len, value)).collect()
}

/// Sizes in front that are more or less by what is said to be too many or too few.
fn sized(bytes: &[u8], places: &[Place], at: usize, hints: &[i128]) -> Vec<Vec<u8>> {
    let before = places.iter().rev().filter(|place| place.at < at && (1..=8).contains(&place.len)).take(12);
    let mut out = Vec::new();
    for place in before {
        let old = bytes.get(place.at..place.at.saturating_add(place.len)).unwrap_or_default();
        for big in [true, false] {
            let digits: Vec<u8> = if big { old.to_vec() } else { old.iter().rev().copied().collect() };
            let n = digits.iter().fold(0_i128, |n, byte| n << 8 | i128::from(*byte));
            for by in hints.iter().flat_map(|hint| [*hint, hint.saturating_neg()]) {
                out.push(spliced(bytes, place.at, place.len, &wire(n.saturating_add(by), place.len, big)));
            }
        }
    }
    out
}
