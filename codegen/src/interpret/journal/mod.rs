//! Journals as they lie in a file: what starts at each stride of the ring, which of that is an entry, which entries form the
//! active sequence, and why others are none. Nothing is replayed here.
//!
//! Every stride is looked at once, and every byte of an entry once more. What is held does not depend on how much a hostile
//! ring claims: the places of valid entries, the first rejected ones, and trees of as many entries as there is room for.

mod place;
mod ring;
mod scanner;
mod sequence;
mod within;

pub use ring::Ring;
pub use within::scan_journals;

use super::tree::Node;
use super::trouble::Trouble;
use crate::model::TypeId;
use std::collections::BTreeMap;

/// How many rejected entries are told.
const TOLD: usize = 32;

/// A journal that was looked through.
#[derive(Debug, Clone, PartialEq)]
pub struct Scan {
    /// Where it lies.
    pub ring: Ring,
    /// The type of its entries.
    pub entry: TypeId,
    /// Whether what it says is still to be done. If not, nothing in it is of account.
    pub live: bool,
    /// How many strides begin as an entry does.
    pub heads: u64,
    /// How many of these are not accepted: they belong to another journal, or to this one as it was.
    pub foreign: u64,
    /// Where valid entries are, in the order of the ring.
    pub entries: Vec<Placed>,
    /// Indices of those of the active sequence, in the order of replay.
    pub active: Vec<usize>,
    /// Those that are looked into, by index.
    pub held: BTreeMap<usize, Node>,
    /// Places that begin as an entry does and are none, the foreign ones among them: the first of them.
    pub rejected: Vec<Rejected>,
    /// How many there are in all.
    pub rejected_in_all: u64,
    /// Why it was not looked through, or not to its end. There are no entries then.
    pub trouble: Option<Box<Trouble>>,
}

/// Where an entry is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Placed {
    /// Offset in the ring of its first byte.
    pub start: u64,
    /// How long it is.
    pub length: u64,
    /// If it is of the active sequence its turn in the replay, from 0.
    pub turn: Option<usize>,
}

/// A place that begins as an entry does and is none.
#[derive(Debug, Clone, PartialEq)]
pub struct Rejected {
    /// Its offset in the ring.
    pub start: u64,
    /// Why it is none.
    pub why: Why,
}

/// Why something is no entry of a journal.
#[derive(Debug, Clone, PartialEq)]
pub enum Why {
    /// `accept` does not hold, or has no value.
    Foreign,
    /// It breaks a rule.
    Wrong(Box<Trouble>),
}

impl Scan {
    /// Before anything was looked at.
    fn new(ring: Ring, entry: TypeId, live: bool) -> Self {
        Self {
            ring,
            entry,
            live,
            heads: 0,
            foreign: 0,
            entries: Vec::new(),
            active: Vec::new(),
            held: BTreeMap::new(),
            rejected: Vec::new(),
            rejected_in_all: 0,
            trouble: None,
        }
    }

    /// The index of the valid entry that has a byte of the file. Of several that overlap it is one that is active, if any is.
    #[must_use]
    pub fn entry_at(&self, offset: u64) -> Option<usize> {
        let has = |it: &Placed| self.ring.distance(it.start, offset).is_some_and(|n| n < it.length);
        let active = self.active.iter().copied().find(|index| self.entries.get(*index).is_some_and(has));
        active.or_else(|| self.entries.iter().position(has))
    }

    /// Notes a place that is none, with those that come first.
    fn reject(&mut self, start: u64, why: Why) {
        self.rejected_in_all = self.rejected_in_all.saturating_add(1);
        let place = self.rejected.partition_point(|it| it.start < start);
        if place < TOLD {
            self.rejected.insert(place, Rejected { start, why });
            self.rejected.truncate(TOLD);
        }
    }
}
