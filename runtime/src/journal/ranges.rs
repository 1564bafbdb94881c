//! What a replay makes of a storage, as ranges that do not overlap: of operations on the same byte the last one wins.
//!
//! Bytes are not copied: a range says where in the ring they are. So each byte is written once however often the
//! journal does, and what is held depends on the number of ranges and not on their length.

use super::Ring;
use crate::{Error, Result, len64};
use alloc::collections::BTreeMap;

/// How many ranges are held at most: 16 for each of the 4 KiB that a journal of 1 GiB has, in about 200 MiB.
const MOST: usize = if cfg!(test) { 1 << 10 } else { 1 << 22 };

/// Where the bytes of a range come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Origin {
    /// They are zeros.
    Zeros,
    /// They lie in the ring, the first of them at this offset in it.
    Ring(u64),
}

impl Origin {
    /// Where the bytes come from that are `n` bytes further on.
    fn skip(self, n: u64, ring: Ring) -> Self {
        match self {
            Self::Zeros => Self::Zeros,
            Self::Ring(inside) => Self::Ring(ring.after(inside, n)),
        }
    }
}

/// A range of the storage: offsets of its first byte and of the one behind its last, and what becomes of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Range {
    pub(super) start: u64,
    pub(super) end: u64,
    pub(super) from: Origin,
}

impl Range {
    pub(super) fn length(&self) -> u64 {
        self.end.saturating_sub(self.start)
    }

    /// The part of it from `start` to `end`; none where it has no such part.
    fn cut(&self, start: u64, end: u64, ring: Ring) -> Option<Self> {
        let (start, end) = (start.max(self.start), end.min(self.end));
        let from = self.from.skip(start.saturating_sub(self.start), ring);
        (start < end).then_some(Self { start, end, from })
    }
}

/// Ranges of the storage that do not overlap, by their start.
#[derive(Clone, Debug)]
pub(super) struct Ranges {
    ring: Ring,
    held: BTreeMap<u64, (u64, Origin)>,
}

impl Ranges {
    pub(super) fn new(ring: Ring) -> Self {
        Self { ring, held: BTreeMap::new() }
    }

    /// All ranges in the order of the storage.
    pub(super) fn iter(&self) -> impl Iterator<Item = Range> + '_ {
        self.held.iter().map(|(start, (end, from))| Range { start: *start, end: *end, from: *from })
    }

    /// The parts that lie from `start` to `end`, in order.
    pub(super) fn within(&self, start: u64, end: u64) -> impl Iterator<Item = Range> + '_ {
        let first = self.held.range(..=start).next_back().map_or(start, |(start, _)| *start);
        let ranges = self.held.range(first..end.max(first));
        ranges
            .filter_map(move |(at, (to, from))| Range { start: *at, end: *to, from: *from }.cut(start, end, self.ring))
    }

    /// Puts a range on top of those there are.
    ///
    /// # Errors
    /// Class `limit` where there would be more than are held.
    pub(super) fn put(&mut self, mut range: Range) -> Result<()> {
        if range.length() == 0 {
            return Ok(());
        }
        self.clear(range.start, range.end);
        if let Some(before) = self.zeros_before(&range) {
            range.start = before;
        }
        if self.held.len() >= MOST {
            let expected = alloc::format!("a journal that changes at most {MOST} ranges");
            return Err(Error::limit(expected, len64(self.held.len()).saturating_add(1)));
        }
        self.held.insert(range.start, (range.end, range.from));
        Ok(())
    }

    /// Takes away what lies from `start` to `end`. The ends of ranges that go further stay.
    fn clear(&mut self, start: u64, end: u64) {
        let before = self.held.range(..start).next_back();
        let before = before.map(|(at, (to, from))| Range { start: *at, end: *to, from: *from });
        if let Some(before) = before.filter(|it| it.end > start) {
            self.held.insert(before.start, (start, before.from));
            self.keep_behind(before, end);
        }
        while let Some((at, (to, from))) = self.held.range(start..end).next() {
            let over = Range { start: *at, end: *to, from: *from };
            self.held.remove(&over.start);
            self.keep_behind(over, end);
        }
    }

    fn keep_behind(&mut self, range: Range, end: u64) {
        if let Some(rest) = range.cut(end, range.end, self.ring) {
            self.held.insert(rest.start, (rest.end, rest.from));
        }
    }

    /// Start of the zeros that end where these zeros start.
    fn zeros_before(&self, range: &Range) -> Option<u64> {
        let (start, (end, from)) = self.held.range(..range.start).next_back()?;
        let joins = *end == range.start && *from == Origin::Zeros && range.from == Origin::Zeros;
        joins.then_some(*start)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by it")]
mod tests {
    use super::*;
    use std::vec::Vec;

    fn ranges(put: &[(u64, u64, Origin)]) -> Ranges {
        let mut ranges = Ranges::new(Ring::new(0, 64, 8).unwrap());
        for (start, end, from) in put {
            ranges.put(Range { start: *start, end: *end, from: *from }).unwrap();
        }
        ranges
    }

    fn told(ranges: impl Iterator<Item = Range>) -> Vec<(u64, u64, Origin)> {
        ranges.map(|it| (it.start, it.end, it.from)).collect()
    }

    #[test]
    fn the_last_one_wins_and_the_ends_of_others_stay() {
        let held = ranges(&[(100, 200, Origin::Ring(60)), (120, 130, Origin::Zeros)]);
        let expected = [(100, 120, Origin::Ring(60)), (120, 130, Origin::Zeros), (130, 200, Origin::Ring(26))];
        assert_eq!(told(held.iter()), expected);
        let over = ranges(&[
            (0, 8, Origin::Ring(0)),
            (8, 16, Origin::Ring(8)),
            (20, 30, Origin::Ring(16)),
            (4, 25, Origin::Zeros),
        ]);
        assert_eq!(told(over.iter()), [(0, 4, Origin::Ring(0)), (4, 25, Origin::Zeros), (25, 30, Origin::Ring(21))]);
        assert_eq!(told(ranges(&[(5, 5, Origin::Zeros)]).iter()), []);
    }

    #[test]
    fn zeros_that_meet_become_one() {
        let held = ranges(&[
            (0, 8, Origin::Zeros),
            (8, 16, Origin::Zeros),
            (16, 24, Origin::Ring(0)),
            (24, 32, Origin::Zeros),
        ]);
        assert_eq!(told(held.iter()), [(0, 16, Origin::Zeros), (16, 24, Origin::Ring(0)), (24, 32, Origin::Zeros)]);
    }

    #[test]
    fn more_ranges_than_are_held_are_refused() {
        let mut held = ranges(&[]);
        let mut put = |n: u64| held.put(Range { start: n * 2, end: n * 2 + 1, from: Origin::Ring(n) });
        let most = len64(MOST);
        assert!((0..most).all(|n| put(n).is_ok()));
        assert_eq!(put(most).map_err(|e| e.class()), Err(crate::Class::Limit));
        assert!(put(most / 2).is_ok(), "one in place of another");
    }

    #[test]
    fn parts_of_ranges() {
        let held = ranges(&[(10, 20, Origin::Ring(0)), (30, 40, Origin::Ring(32))]);
        assert_eq!(told(held.within(12, 35)), [(12, 20, Origin::Ring(2)), (30, 35, Origin::Ring(32))]);
        assert_eq!(told(held.within(20, 30)), []);
        assert_eq!(told(held.within(19, 31)), [(19, 20, Origin::Ring(9)), (30, 31, Origin::Ring(32))]);
        assert_eq!(told(held.within(0, 0)), []);
    }
}
