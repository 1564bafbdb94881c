//! Gives every value of an input bytes of its own, with the highest bit set where that is taken: so a field that is read at
//! another place, in another order or width, has another value.

use vmspec_generated_tests::differential::Dice;

use super::edits::spliced;
use super::{Craft, LARGE};
use crate::watch::Answer;

/// Values of more bytes stay.
const WIDE: usize = 32;
/// How many values of an input are changed.
const MOST: usize = 1_500;

impl Craft<'_> {
    /// The bytes with as many values changed as can be, while they are accepted and show the same.
    pub(super) fn scrambled(&self, base: usize, bytes: &[u8], new: &[Answer]) -> Vec<u8> {
        let mut bytes = bytes.to_vec();
        if bytes.len() > LARGE || !self.is_accepted(base, &bytes) {
            return bytes;
        }
        let mut dice = Dice::new(7);
        let places = self.places_of(base, &bytes);
        for place in places.iter().filter(|place| place.plain && place.len <= WIDE).take(MOST) {
            let random: Vec<u8> =
                (0..place.len).map(|_| dice.roll().to_le_bytes().first().copied().unwrap_or(0)).collect();
            let high: Vec<u8> = random.iter().map(|byte| byte | 0x80).collect();
            let small: Vec<u8> = random.iter().map(|byte| byte & 0x1f | 1).collect();
            for value in [high, random, small] {
                let way = spliced(&bytes, place.at, place.len, &value);
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
