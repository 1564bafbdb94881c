//! Looking through the ring for entries: what starts at every stride, and which of that is valid.
//!
//! **What is found.** Every stride is a place where an entry may start, one inside an invalid entry too: such an entry
//! may be an old one whose end was written over. An entry may come round the ring's end. Strides inside a valid entry
//! are not passed over: with [`Entry::MARKED`] none of them looks like a start, and without it there is no telling which
//! of two valid entries that overlap is the other's data.
//!
//! **How long it takes.** A hostile ring can claim at every stride that an entry as long as the ring starts there. With
//! [`Entry::MARKED`] an entry that covers another one's head is invalid by the format's own rules, so it is dropped
//! before its bytes are looked at. The entries left do not overlap, and validating them takes the ring's bytes once.
//! Without that mark nothing in the format forbids overlaps, and the work is bounded by refusing.

use super::bytes::RingReader;
use super::{Entry, Placed, Ring, Storage, sequence};
use crate::{Class, Error, Result};
use alloc::vec::Vec;

/// How many times the ring's bytes are taken for entries that overlap, where the format allows that.
const OVERLAP: u64 = 16;
/// How many rejected entries are told.
const TOLD: usize = 16;

/// What a scan found.
#[derive(Debug)]
pub struct Scan<E> {
    /// The entries to replay, in order: from the tail of the newest sequence to its last entry. Empty when there is
    /// no valid sequence.
    pub active: Vec<Placed<E>>,
    /// How many places look like the start of an entry.
    pub heads: u64,
    /// How many of these are not accepted: they belong to another journal, or to this one as it was.
    pub foreign: u64,
    /// How many valid entries there are, those of stale sequences included.
    pub valid: u64,
    /// Why other places that look like the start of an entry are none: the first sixteen by their place.
    pub rejected: Vec<Rejected>,
}

/// A place that looks like the start of an entry and is none.
#[derive(Debug)]
pub struct Rejected {
    /// Its offset from the ring's start.
    pub start: u64,
    /// Why it is none.
    pub why: Error,
}

impl<E> Scan<E> {
    fn new() -> Self {
        Self { active: Vec::new(), heads: 0, foreign: 0, valid: 0, rejected: Vec::new() }
    }

    fn reject(&mut self, start: u64, offset: u64, why: Error) {
        let place = self.rejected.partition_point(|it| it.start < start);
        if place < TOLD {
            self.rejected.insert(place, Rejected { start, why: why.located(offset) });
            self.rejected.truncate(TOLD);
        }
    }
}

/// Looks through the ring. It takes 512 KiB of memory, or two strides where these are
/// longer, and what an [`Entry`] holds for each head.
///
/// # Errors
/// Class `truncated` when the ring is not all in the storage; `limit` for entries that overlap too much, as
/// [`Entry::MARKED`] says; `io` where the storage fails. An invalid entry is no error.
pub fn scan<E: Entry, S: Storage>(storage: &mut S, ring: Ring, context: &E::Context) -> Result<Scan<E>> {
    ring.check_inside(storage.len()?)?;
    let mut reader = RingReader::new(storage, ring);
    let mut scan = Scan::new();
    let heads = heads::<E, _>(&mut reader, context, &mut scan)?;
    let heads = if E::MARKED { uncovered(heads, ring, &mut scan) } else { heads };
    let valid = valid(heads, &mut reader, &mut scan)?;
    scan.active = sequence::active(valid, ring);
    Ok(scan)
}

/// What starts at each stride, is accepted and could be as long as it says.
fn heads<E: Entry, S: Storage>(
    reader: &mut RingReader<S>,
    context: &E::Context,
    scan: &mut Scan<E>,
) -> Result<Vec<Placed<E>>> {
    let ring = reader.ring();
    let mut heads = Vec::new();
    let mut start = 0;
    while start < ring.size() {
        let head = E::head(reader.piece(start, ring.stride())?);
        scan.heads = scan.heads.saturating_add(u64::from(!matches!(head, Ok(None))));
        match head.and_then(|head| possible(head, ring, context)) {
            Ok(Head::None) => {}
            Ok(Head::Foreign) => scan.foreign = scan.foreign.saturating_add(1),
            Ok(Head::Possible { length, entry }) => heads.push(Placed { start, length, entry }),
            Err(why) => scan.reject(start, ring.offset(start), why),
        }
        start = start.saturating_add(ring.stride());
    }
    Ok(heads)
}

/// What a stride starts with.
enum Head<E> {
    None,
    Foreign,
    Possible { length: u64, entry: E },
}

/// An entry of which only the head has been looked at.
fn possible<E: Entry>(head: Option<E>, ring: Ring, context: &E::Context) -> Result<Head<E>> {
    let Some(entry) = head else { return Ok(Head::None) };
    if !entry.accept(context) {
        return Ok(Head::Foreign);
    }
    let length = entry.length();
    ring.check_length(length).map(|()| Head::Possible { length, entry })
}

/// The heads whose entry covers no other head.
fn uncovered<E>(heads: Vec<Placed<E>>, ring: Ring, scan: &mut Scan<E>) -> Vec<Placed<E>> {
    let starts: Vec<u64> = heads.iter().map(|it| it.start).collect();
    let next = starts.iter().cycle().skip(1);
    let mut left = Vec::new();
    for (head, next) in heads.into_iter().zip(next) {
        // The only head there is has itself for its next one, a whole ring away.
        let room = match ring.distance(head.start, *next) {
            0 => ring.size(),
            n => n,
        };
        if head.length <= room {
            left.push(head);
        } else {
            let why = Error::new(Class::Invalid, "an entry that ends before the next one starts", head.length);
            scan.reject(head.start, ring.offset(head.start), why);
        }
    }
    left
}

fn valid<E: Entry, S: Storage>(
    heads: Vec<Placed<E>>,
    reader: &mut RingReader<S>,
    scan: &mut Scan<E>,
) -> Result<Vec<Placed<E>>> {
    let ring = reader.ring();
    let mut work = ring.size().saturating_mul(OVERLAP);
    let mut valid = Vec::new();
    for head in heads {
        let Some(left) = work.checked_sub(head.length) else {
            let expected = "entries that together are at most sixteen times as long as the journal";
            return Err(Error::limit(expected, head.length).located(ring.offset(head.start)));
        };
        work = left;
        match head.entry.validate(&mut reader.entry(head.start, head.length)) {
            Ok(()) => valid.push(head),
            Err(e) if e.class() == Class::Io => return Err(e),
            Err(why) => scan.reject(head.start, ring.offset(head.start), why),
        }
    }
    scan.valid = crate::len64(valid.len());
    Ok(valid)
}
