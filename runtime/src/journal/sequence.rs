//! Which entries are to be replayed: those of the newest sequence, from its tail on.
//!
//! An entry's successor starts where it ends, and follows it. A sequence goes on as long as there is a successor; its last entry
//! has none. It counts when the tail that its last entry names is the start of one of its own entries. Of those that count, the
//! one whose last entry is the newest is active; of equally new ones that which a scan from the ring's start meets first.

use super::{Entry, Placed, Ring};
use alloc::vec;
use alloc::vec::Vec;

/// The end of the sequence that an entry belongs to.
#[derive(Clone, Copy, PartialEq, Eq)]
enum End {
    Unknown,
    /// Successors go round in a circle.
    None,
    /// Index of the last entry, and whether its tail is this entry or one behind it.
    At {
        last: usize,
        with_tail: bool,
    },
}

/// The entries to replay, in order; none where no sequence counts. `entries` are valid ones in the order of their places.
pub(super) fn active<E: Entry>(entries: Vec<Placed<E>>, ring: Ring) -> Vec<Placed<E>> {
    let successors = successors(&entries, ring);
    let mut ends = vec![End::Unknown; entries.len()];
    for index in 0..entries.len() {
        find_end(index, &entries, &successors, &mut ends);
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
fn find_end<E: Entry>(from: usize, entries: &[Placed<E>], successors: &[Option<usize>], ends: &mut [End]) {
    let mut way = Vec::new();
    let mut here = from;
    let mut end = loop {
        match ends.get_mut(here) {
            Some(end @ End::Unknown) => *end = End::None,
            Some(end) => break *end,
            None => return,
        }
        way.push(here);
        match successors.get(here).copied().flatten() {
            Some(next) => here = next,
            None => break End::At { last: here, with_tail: false },
        }
    };
    while let Some(index) = way.pop() {
        if let End::At { last, with_tail } = end {
            let tail = entries.get(last).map(|it| it.entry.tail());
            let here = entries.get(index).map(|it| it.start);
            end = End::At { last, with_tail: with_tail || tail == here };
        }
        if let Some(slot) = ends.get_mut(index) {
            *slot = end;
        }
    }
}

/// Index of the last entry of the active sequence.
fn newest<E: Entry>(entries: &[Placed<E>], ends: &[End]) -> Option<usize> {
    let mut best: Option<(i128, usize)> = None;
    for end in ends {
        if let End::At { last, with_tail: true } = *end
            && let Some(it) = entries.get(last)
            && best.is_none_or(|(newest, _)| it.entry.newest() > newest)
        {
            best = Some((it.entry.newest(), last));
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
