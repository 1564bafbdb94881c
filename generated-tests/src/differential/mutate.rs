//! Damage that is likely to matter, the same in every run: whole numbers set to what is at their limits, bits turned, ranges
//! cut out, repeated and zeroed.

/// A source of numbers that look random: splitmix64.
#[derive(Clone, Debug)]
pub struct Dice(u64);

impl Dice {
    /// The numbers of a seed.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// The next number.
    pub fn roll(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number below `n`, 0 for none.
    pub fn below(&mut self, n: usize) -> usize {
        let n = u64::try_from(n).unwrap_or(u64::MAX);
        usize::try_from(self.roll().checked_rem(n).unwrap_or(0)).unwrap_or(0)
    }

    /// One of these.
    pub fn pick<T: Copy>(&mut self, all: &[T]) -> Option<T> {
        all.get(self.below(all.len())).copied()
    }
}

/// Bytes to start from, and where there are values in them: offset and length.
#[derive(Clone, Debug)]
pub struct Seed {
    /// What people call it.
    pub name: String,
    /// The bytes.
    pub bytes: Vec<u8>,
    /// Where there are values.
    pub sites: Vec<(u64, u64)>,
}

/// The most bytes by which a mutation makes its seed longer.
const GROWTH: usize = 64;

/// The bytes with one to three changes.
#[must_use]
pub fn mutated(seed: &Seed, dice: &mut Dice) -> Vec<u8> {
    let mut bytes = seed.bytes.clone();
    let times = dice.pick(&[1, 1, 1, 1, 2, 2, 3]).unwrap_or(1);
    for _ in 0..times {
        change(&mut bytes, &seed.sites, dice);
    }
    bytes
}

fn change(bytes: &mut Vec<u8>, sites: &[(u64, u64)], dice: &mut Dice) {
    let (at, length) = place(bytes, sites, dice);
    match dice.below(16) {
        0..=4 => set_number(bytes, (at, length), dice),
        5..=7 => set_byte(bytes, at, dice),
        8..=9 => turn_bit(bytes, at, dice),
        10 => cut_out(bytes, (at, length), dice),
        11 => repeat(bytes, (at, length), dice),
        12 => fill(bytes, (at, length), dice),
        13 => bytes.truncate(at),
        14 => insert(bytes, at, dice),
        _ => copy(bytes, (at, length), dice),
    }
}

/// Mostly where a value is; else anywhere.
fn place(bytes: &[u8], sites: &[(u64, u64)], dice: &mut Dice) -> (usize, usize) {
    let site = if dice.below(4) > 0 { dice.pick(sites) } else { None };
    let (at, length) = site.unwrap_or((0, 0));
    match (usize::try_from(at), usize::try_from(length)) {
        (Ok(at), Ok(length)) if length > 0 && at < bytes.len() => (at, length),
        _ => (dice.below(bytes.len()), dice.pick(&[1, 2, 4, 8]).unwrap_or(1)),
    }
}

/// A whole number in either byte order: at its limits, or near what it was.
fn set_number(bytes: &mut [u8], (at, length): (usize, usize), dice: &mut Dice) {
    let width = if matches!(length, 1 | 2 | 4 | 8) { length } else { dice.pick(&[1, 2, 4, 8]).unwrap_or(4) };
    let Some(field) = at.checked_add(width).and_then(|end| bytes.get_mut(at..end)) else { return };
    let big = dice.below(2) == 0;
    if big {
        field.reverse();
    }
    let mut wide = [0_u8; 8];
    wide.iter_mut().zip(&*field).for_each(|(to, from)| *to = *from);
    let was = u64::from_le_bytes(wide);
    let choices = [
        0,
        1,
        u64::MAX,
        u64::MAX >> 1,
        1 << 63,
        0x8080_8080_8080_8080,
        was.wrapping_add(1),
        was.wrapping_sub(1),
        was.wrapping_mul(2),
        was >> 1,
        dice.roll() & 0xff,
        dice.roll() & 0xffff,
        dice.roll(),
    ];
    let new = dice.pick(&choices).unwrap_or(0).to_le_bytes();
    field.iter_mut().zip(new).for_each(|(to, from)| *to = from);
    if big {
        field.reverse();
    }
}

fn set_byte(bytes: &mut [u8], at: usize, dice: &mut Dice) {
    let random = dice.roll().to_le_bytes().first().copied().unwrap_or(0);
    let Some(byte) = bytes.get_mut(at) else { return };
    let near = [byte.wrapping_add(1), byte.wrapping_sub(1), !*byte];
    let edges = [0, 1, 2, 3, 4, 7, 8, 9, 0x0a, 0x20, 0x2f, 0x40, 0x7f, 0x80, 0xc3, 0xfe, 0xff, random];
    let all: Vec<u8> = near.into_iter().chain(edges).collect();
    *byte = dice.pick(&all).unwrap_or(0);
}

fn turn_bit(bytes: &mut [u8], at: usize, dice: &mut Dice) {
    let bit = dice.pick(&[1, 2, 4, 8, 16, 32, 64, 128]).unwrap_or(1);
    bytes.get_mut(at).into_iter().for_each(|byte| *byte ^= bit);
}

/// A range from here on: the value, or a few bytes.
fn range(bytes: &[u8], (at, length): (usize, usize), dice: &mut Dice) -> std::ops::Range<usize> {
    let length = if dice.below(2) == 0 { length } else { dice.below(16).saturating_add(1) };
    at.min(bytes.len())..at.saturating_add(length).min(bytes.len())
}

fn cut_out(bytes: &mut Vec<u8>, at: (usize, usize), dice: &mut Dice) {
    let range = range(bytes, at, dice);
    drop(bytes.drain(range));
}

fn repeat(bytes: &mut Vec<u8>, at: (usize, usize), dice: &mut Dice) {
    let range = range(bytes, at, dice);
    let again: Vec<u8> = bytes.get(range.clone()).unwrap_or_default().iter().copied().take(GROWTH).collect();
    drop(bytes.splice(range.start..range.start, again));
}

fn fill(bytes: &mut [u8], at: (usize, usize), dice: &mut Dice) {
    let (range, with) = (range(bytes, at, dice), dice.pick(&[0, 0, 0, 0xff]).unwrap_or(0));
    bytes.get_mut(range).unwrap_or_default().fill(with);
}

fn insert(bytes: &mut Vec<u8>, at: usize, dice: &mut Dice) {
    let count = dice.below(8).saturating_add(1);
    let new: Vec<u8> = match dice.below(3) {
        0 => vec![0; count],
        1 => vec![0xff; count],
        _ => dice.roll().to_le_bytes().into_iter().take(count).collect(),
    };
    let at = at.min(bytes.len());
    drop(bytes.splice(at..at, new));
}

/// What stands elsewhere, put here.
fn copy(bytes: &mut [u8], at: (usize, usize), dice: &mut Dice) {
    let range = range(bytes, at, dice);
    let from = dice.below(bytes.len());
    let other: Vec<u8> = bytes.iter().skip(from).take(range.len()).copied().collect();
    bytes.get_mut(range).unwrap_or_default().iter_mut().zip(other).for_each(|(to, from)| *to = from);
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::{Dice, Seed, mutated};

    fn all() -> Vec<Vec<u8>> {
        let seed = Seed { name: String::new(), bytes: (0..40).collect(), sites: vec![(4, 4), (30, 10)] };
        let mut dice = Dice::new(7);
        (0..2_000).map(|_| mutated(&seed, &mut dice)).collect()
    }

    #[test]
    fn mutations_are_many_small_and_the_same_in_every_run() {
        let all = all();
        assert_eq!(all, self::all());
        let different: BTreeSet<&Vec<u8>> = all.iter().collect();
        assert!(different.len() > 1_200, "{}", different.len());
        assert!(all.iter().any(|bytes| bytes.len() < 40) && all.iter().any(|bytes| bytes.len() > 40));
        assert!(all.iter().all(|bytes| bytes.len() <= 40 + 3 * super::GROWTH));
    }

    #[test]
    fn nothing_can_be_mutated() {
        let seed = Seed { name: String::new(), bytes: Vec::new(), sites: vec![(u64::MAX, u64::MAX), (3, 1)] };
        let mut dice = Dice::new(1);
        assert!((0..500).map(|_| mutated(&seed, &mut dice)).all(|bytes| bytes.len() <= 24));
    }
}
