//! Which entries are to be replayed: those of the newest sequence, from its tail on.
//!
//! An entry's successor starts where it ends, and follows it. A sequence goes on as long as there is a successor; its
//! last entry has none. It counts when the tail that its last entry names is the start of one of its own entries. Of
//! those that count, the one whose last entry is the newest is active; of equally new ones that whose tail comes
//! first in the ring.

use super::{Entry, Placed, Ring};
use alloc::vec;
use alloc::vec::Vec;

/// The end of the sequence that an entry belongs to.
#[derive(Clone, Copy, PartialEq, Eq)]
enum End {
    Unknown,
    /// Successors go round in a circle.
    None,
    /// Index of the last entry.
    At(usize),
}

/// The entries to replay, in order; none where no sequence counts. `entries` are valid ones in the order of their
/// places.
pub(super) fn active<E: Entry>(entries: Vec<Placed<E>>, ring: Ring) -> Vec<Placed<E>> {
    let successors = successors(&entries, ring);
    let mut ends = vec![End::Unknown; entries.len()];
    for index in 0..entries.len() {
        find_end(index, &successors, &mut ends);
    }
    let Some(newest) = newest(&entries, &ends) else { return Vec::new() };
    let tail = entries.get(newest).and_then(|it| at(&entries, it.entry.tail()));
    pick(entries, &walk(tail, newest, &successors))
}

/// Index of the entry that starts at an offset of the ring.
fn at<E>(entries: &[Placed<E>], start: u64) -> Option<usize> {
    entries.binary_search_by_key(&start, |it| it.start).ok()
}

/// Of each entry, the index of its successor.
fn successors<E: Entry>(entries: &[Placed<E>], ring: Ring) -> Vec<Option<usize>> {
    let successor = |it: &Placed<E>| {
        let next = at(entries, ring.after(it.start, it.length))?;
        entries.get(next).filter(|next| next.entry.follows(&it.entry)).map(|_| next)
    };
    entries.iter().map(successor).collect()
}

/// Goes from an entry to the end of its sequence, and notes it for every entry on the way. Each is passed once.
fn find_end(from: usize, successors: &[Option<usize>], ends: &mut [End]) {
    let mut way = Vec::new();
    let mut here = from;
    let end = loop {
        match ends.get_mut(here) {
            Some(end @ End::Unknown) => *end = End::None,
            Some(end) => break *end,
            None => return,
        }
        way.push(here);
        match successors.get(here).copied().flatten() {
            Some(next) => here = next,
            None => break End::At(here),
        }
    };
    for index in way {
        if let Some(slot) = ends.get_mut(index) {
            *slot = end;
        }
    }
}

/// Index of the last entry of the active sequence.
fn newest<E: Entry>(entries: &[Placed<E>], ends: &[End]) -> Option<usize> {
    let mut best: Option<(i128, usize)> = None;
    for (it, end) in entries.iter().zip(ends) {
        if let End::At(index) = *end
            && let Some(last) = entries.get(index)
            && last.entry.tail() == it.start
            && best.is_none_or(|(newest, _)| last.entry.newest() > newest)
        {
            best = Some((last.entry.newest(), index));
        }
    }
    best.map(|(_, last)| last)
}

/// Indices from the tail to the last entry.
fn walk(tail: Option<usize>, last: usize, successors: &[Option<usize>]) -> Vec<usize> {
    let next = |here: &usize| successors.get(*here).copied().flatten().filter(|_| *here != last);
    core::iter::successors(tail, next).collect()
}

/// The entries of these indices, in this order.
fn pick<E>(entries: Vec<Placed<E>>, order: &[usize]) -> Vec<Placed<E>> {
    let mut entries: Vec<_> = entries.into_iter().map(Some).collect();
    order.iter().filter_map(|index| entries.get_mut(*index)?.take()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Result;
    use crate::journal::{EntryBytes, Operation, Storage};

    /// An entry of one stride: its number, the number it follows, and its tail.
    #[derive(Clone, Copy)]
    struct Numbered(u64, u64, u64);

    impl Entry for Numbered {
        type Context = ();

        fn head(_first: &[u8]) -> Result<Option<Self>> {
            Ok(None)
        }

        fn length(&self) -> u64 {
            1
        }

        fn accept(&self, (): &()) -> bool {
            true
        }

        fn validate<S: Storage>(&self, _bytes: &mut EntryBytes<'_, S>) -> Result<()> {
            Ok(())
        }

        fn follows(&self, prev: &Self) -> bool {
            self.1 == prev.0
        }

        fn newest(&self) -> i128 {
            self.0.into()
        }

        fn tail(&self) -> u64 {
            self.2
        }

        fn operations<S: Storage>(
            &self,
            _bytes: &mut EntryBytes<'_, S>,
            _each: &mut dyn FnMut(Operation<'_>) -> Result<()>,
        ) -> Result<()> {
            Ok(())
        }
    }

    /// Places of the active entries in a ring with these at its places.
    fn starts_of(ring: &[Option<Numbered>]) -> Vec<u64> {
        let entry = |(start, it): (u64, &Option<Numbered>)| it.map(|entry| Placed { start, length: 1, entry });
        let entries = (0..).zip(ring).filter_map(entry).collect();
        let ring = Ring::new(0, crate::len64(ring.len()), 1);
        ring.map_or(Vec::new(), |ring| active(entries, ring).iter().map(|it| it.start).collect())
    }

    /// The same for numbers with their tails, where each follows the number before. There is no entry 0.
    fn starts(ring: &[(u64, u64)]) -> Vec<u64> {
        let entry = |(n, tail): &(u64, u64)| n.checked_sub(1).map(|prev| Numbered(*n, prev, *tail));
        starts_of(&ring.iter().map(entry).collect::<Vec<_>>())
    }

    #[test]
    fn a_sequence_comes_round_and_starts_at_its_tail() {
        assert_eq!(starts(&[(7, 3), (0, 0), (5, 2), (6, 2)]), [3, 0]);
        assert_eq!(starts(&[(7, 0), (0, 0), (5, 2), (6, 2)]), [0]);
        assert_eq!(starts(&[(7, 2), (8, 2), (5, 2), (6, 2)]), [2, 3, 0, 1]);
    }

    #[test]
    fn a_tail_must_be_in_its_own_sequence() {
        assert_eq!(starts(&[(5, 0), (6, 3), (0, 0), (4, 3), (0, 0)]), [3]);
        assert_eq!(starts(&[(9, 1), (3, 1)]), [1]);
        assert_eq!(starts(&[(5, 0), (6, u64::MAX)]), [0; 0]);
        assert_eq!(starts(&[(0, 0)]), [0; 0]);
    }

    #[test]
    fn of_equally_new_ones_that_with_the_first_tail_is_active() {
        assert_eq!(starts(&[(5, 0), (0, 0), (5, 2), (0, 0)]), [0]);
        // The 5 at place 0 comes after the other one, as its tail is at place 3.
        assert_eq!(starts(&[(5, 3), (2, 1), (5, 2), (4, 3)]), [2]);
    }

    #[test]
    fn a_circle_has_no_last_entry() {
        let circle = [(0, 2), (1, 0), (2, 1)].map(|(n, prev)| Some(Numbered(n, prev, 0)));
        assert_eq!(starts_of(&circle), [0; 0]);
        assert_eq!(starts_of(&[Some(Numbered(4, 4, 0))]), [0; 0]);
    }
}
