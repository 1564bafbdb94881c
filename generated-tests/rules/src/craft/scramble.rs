//! Gives every value of an input bytes of its own, with the highest bit set where that is taken: so a field that is read at
//! another place, in another order or width, has another value. A field is changed in one input alone. Fields that no line
//! has changed so far get the highest bit at last, as others may be of a signed type, or change places with a like one.

use std::collections::HashSet;

use vmspec_codegen::model::{FieldId, TypeId};
use vmspec_generated_tests::differential::Dice;

use super::edits::spliced;
use super::{Craft, Item, LARGE, Place};
use crate::watch::Answer;

/// Of values of more bytes only the first and the last few are changed.
const WIDE: usize = 32;
/// How many are changed of these, at each end.
const END: usize = 8;
/// Inputs of more bytes are not looked at for their highest bits.
const HUGE: usize = 1 << 18;
/// How many values of an input are changed.
const MOST: usize = 300;

impl Craft<'_> {
    /// The bytes with as many values changed as can be, while they are accepted and show the same.
    pub(super) fn scrambled(&self, base: usize, bytes: &[u8], new: &[Answer]) -> Vec<u8> {
        let mut bytes = bytes.to_vec();
        if bytes.len() > LARGE || !self.is_accepted(base, &bytes) {
            return bytes;
        }
        let mut dice = Dice::new(7);
        let places = self.places_of(base, &bytes);
        let mut fields = self.scrambled.borrow_mut();
        let is_new = |place: &&Place| place.plain && place.of.is_none_or(|of| !fields.contains(&of));
        let places: Vec<&Place> = places.iter().filter(is_new).take(MOST).collect();
        fields.extend(places.iter().filter_map(|place| place.of));
        for (at, len) in places.into_iter().flat_map(ends) {
            let random = random_bytes(len, &mut dice);
            let high: Vec<u8> = random.iter().map(|byte| byte | 0x80).collect();
            let small: Vec<u8> = random.iter().map(|byte| byte & 0x1f | 1).collect();
            for value in [high, random, small] {
                let way = spliced(&bytes, at, len, &value);
                if self.is_accepted(base, &way) && self.shows(base, &way, new) {
                    bytes = way;
                    break;
                }
            }
        }
        bytes
    }

    /// Accepted inputs with the highest bit set in values of all fields that have it in none.
    pub(super) fn heightened(&self) -> Vec<(usize, Vec<u8>)> {
        let mut high = self.high.clone();
        let mut out = Vec::new();
        for item in self.pool.iter().filter(|item| item.accepted && item.bytes.len() <= HUGE) {
            let mut own = HashSet::new();
            let mut lacks =
                |place: &&Place| place.plain && place.of.is_some_and(|of| !high.contains(&of) && own.insert(of));
            let places: Vec<&Place> = item.places.iter().filter(&mut lacks).collect();
            let bytes = self.with_high(item, &places);
            high.extend(high_fields(&bytes, self.places_of(item.base, &bytes).iter()));
            if bytes != item.bytes {
                out.push((item.base, bytes));
            }
        }
        out
    }

    /// Notes the fields that have the highest bit set in an accepted input.
    pub(super) fn note_high(&mut self, base: usize, bytes: &[u8]) {
        if bytes.len() <= HUGE && self.is_accepted(base, bytes) {
            self.high.extend(high_fields(bytes, self.places_of(base, bytes).iter()));
        }
    }

    /// An input with the highest bit set at all places; where that is not accepted, at those of them where it is.
    fn with_high(&self, item: &Item, places: &[&Place]) -> Vec<u8> {
        let mut dice = Dice::new(11);
        let mut set = |bytes: &[u8], place: &Place| {
            let one = |bytes: Vec<u8>, (at, len)| spliced(&bytes, at, len, &high_bytes(len, &mut dice));
            ends(place).into_iter().fold(bytes.to_vec(), one)
        };
        let all = places.iter().fold(item.bytes.clone(), |bytes, place| set(&bytes, place));
        if self.is_accepted(item.base, &all) {
            return all;
        }
        let mut bytes = item.bytes.clone();
        for place in places {
            let way = set(&bytes, place);
            if self.is_accepted(item.base, &way) {
                bytes = way;
            }
        }
        bytes
    }

    fn is_accepted(&self, base: usize, bytes: &[u8]) -> bool {
        self.model.look(base, bytes).is_some_and(|shown| shown.refused.is_none())
    }
}

fn random_bytes(len: usize, dice: &mut Dice) -> Vec<u8> {
    (0..len).map(|_| dice.roll().to_le_bytes().first().copied().unwrap_or(0)).collect()
}

fn high_bytes(len: usize, dice: &mut Dice) -> Vec<u8> {
    random_bytes(len, dice).into_iter().map(|byte| byte | 0x80).collect()
}

fn high_fields<'p>(bytes: &[u8], places: impl Iterator<Item = &'p Place>) -> Vec<(TypeId, FieldId)> {
    places.filter(|place| is_high(bytes, place)).filter_map(|place| place.of).collect()
}

/// Whether a value has the highest bit set in either byte order.
fn is_high(bytes: &[u8], place: &Place) -> bool {
    let value = bytes.get(place.at..place.at.saturating_add(place.len)).unwrap_or_default();
    let high = |byte: Option<&u8>| byte.is_some_and(|byte| byte & 0x80 != 0);
    high(value.first()) && high(value.last())
}

/// The bytes of a value that are changed.
fn ends(place: &Place) -> Vec<(usize, usize)> {
    if place.len <= WIDE {
        return vec![(place.at, place.len)];
    }
    vec![(place.at, END), (place.at.saturating_add(place.len).saturating_sub(END), END)]
}
