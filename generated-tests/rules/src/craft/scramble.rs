//! Gives every value of an input bytes of its own, with the highest bit set where that is taken: so a field that is read at
//! another place, in another order or width, has another value. A field is changed in one input alone.

use vmspec_generated_tests::differential::Dice;

use super::edits::spliced;
use super::{Craft, LARGE, Place};
use crate::watch::Answer;

/// Of values of more bytes only the first and the last few are changed.
const WIDE: usize = 32;
/// How many are changed of these, at each end.
const END: usize = 8;
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
            let random: Vec<u8> = (0..len).map(|_| dice.roll().to_le_bytes().first().copied().unwrap_or(0)).collect();
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

    fn is_accepted(&self, base: usize, bytes: &[u8]) -> bool {
        self.model.look(base, bytes).is_some_and(|shown| shown.refused.is_none())
    }
}

/// The bytes of a value that are changed.
fn ends(place: &Place) -> Vec<(usize, usize)> {
    if place.len <= WIDE {
        return vec![(place.at, place.len)];
    }
    vec![(place.at, END), (place.at.saturating_add(place.len).saturating_sub(END), END)]
}
