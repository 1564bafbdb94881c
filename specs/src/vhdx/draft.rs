//! Changes of a file as sectors, which is how the log takes them.

use super::{LogSector, SECTOR};
use crate::runtime::journal::Storage;
use crate::runtime::{Error, Result, align_down, len64};
use alloc::boxed::Box;
use alloc::collections::BTreeMap;
use alloc::vec::Vec;
use core::ops::Range;

/// A change of a file, at an offset from its start.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change<'a> {
    /// These bytes are written.
    Bytes {
        /// Where.
        at: u64,
        /// What.
        bytes: &'a [u8],
    },
    /// A range becomes zeros.
    Zeros {
        /// Where it starts.
        at: u64,
        /// How many bytes.
        length: u64,
    },
}

/// The bytes of a sector.
pub(super) type Sector = [u8; LogSector::SIZE];

/// What becomes of a sector or of several.
#[derive(Debug)]
pub(super) enum Step {
    Zeros { at: u64, length: u64 },
    Data { at: u64, sector: Box<Sector> },
}

impl Step {
    /// Offset of the byte behind the last one that changes.
    pub(super) fn end(&self) -> u64 {
        match self {
            Self::Zeros { at, length } => at.saturating_add(*length),
            Self::Data { at, .. } => at.saturating_add(SECTOR),
        }
    }
}

/// Sectors as they are to become, over a file as it is.
pub(super) struct Draft<S> {
    below: S,
    /// They come after `zeros`.
    sectors: BTreeMap<u64, Box<Sector>>,
    zeros: Vec<Range<u64>>,
}

impl<S: Storage> Draft<S> {
    pub(super) const fn new(below: S) -> Self {
        Self { below, sectors: BTreeMap::new(), zeros: Vec::new() }
    }

    /// Adds a change, on top of those before.
    pub(super) fn add(&mut self, change: &Change<'_>) -> Result<()> {
        match *change {
            Change::Bytes { at, bytes } => {
                check(at, len64(bytes.len()))?;
                self.put(at, bytes)
            }
            Change::Zeros { at, length } => self.clear(at, check(at, length)?),
        }
    }

    fn put(&mut self, at: u64, bytes: &[u8]) -> Result<()> {
        let (mut at, mut bytes) = (at, bytes);
        while !bytes.is_empty() {
            let start = down(at);
            let skip = index(at.saturating_sub(start));
            let n = LogSector::SIZE.saturating_sub(skip).min(bytes.len());
            let (now, later) = bytes.split_at_checked(n).unwrap_or_default();
            let sector = self.sector(start, n == LogSector::SIZE)?;
            if let Some(to) = sector.get_mut(skip..).and_then(|to| to.get_mut(..n)) {
                to.copy_from_slice(now);
            }
            (at, bytes) = (at.saturating_add(len64(n)), later);
        }
        Ok(())
    }

    /// Whole sectors become one range, the ends are written as bytes.
    fn clear(&mut self, start: u64, end: u64) -> Result<()> {
        let (first, last) = (down(start.saturating_add(SECTOR.saturating_sub(1))), down(end));
        if first >= last {
            return self.put_zeros(start, end);
        }
        self.put_zeros(start, first)?;
        let covered: Vec<u64> = self.sectors.range(first..last).map(|(at, _)| *at).collect();
        for at in covered {
            self.sectors.remove(&at);
        }
        self.zeros.push(first..last);
        self.put_zeros(last, end)
    }

    /// Fewer than two sectors of zeros.
    fn put_zeros(&mut self, start: u64, end: u64) -> Result<()> {
        let zeros = [0; 2 * LogSector::SIZE];
        let n = index(end.saturating_sub(start));
        self.put(start, zeros.get(..n).unwrap_or_default())
    }

    /// A sector as it is so far; one that is written as a whole need not be read.
    fn sector(&mut self, at: u64, whole: bool) -> Result<&mut Sector> {
        if !self.sectors.contains_key(&at) {
            let mut sector = Box::new([0; LogSector::SIZE]);
            if !whole && !self.zeros.iter().any(|range| range.contains(&at)) {
                let have = index(self.below.len()?.saturating_sub(at)).min(LogSector::SIZE);
                self.below.read_at(at, sector.get_mut(..have).unwrap_or_default())?;
            }
            self.sectors.insert(at, sector);
        }
        self.sectors.get_mut(&at).map(|sector| &mut **sector).ok_or_else(|| Error::uncomputed("a sector"))
    }

    /// What is to be done, in an order in which it can be. Sectors that became zeros are told as such.
    pub(super) fn into_steps(self) -> Vec<Step> {
        let range = |range: Range<u64>| Step::Zeros { at: range.start, length: range.end.saturating_sub(range.start) };
        let mut steps: Vec<Step> = self.zeros.into_iter().map(range).collect();
        for (at, sector) in self.sectors {
            if sector.iter().any(|byte| *byte != 0) {
                steps.push(Step::Data { at, sector });
            } else if let Some(Step::Zeros { at: start, length }) = steps.last_mut()
                && start.saturating_add(*length) == at
            {
                *length = length.saturating_add(SECTOR);
            } else {
                steps.push(Step::Zeros { at, length: SECTOR });
            }
        }
        steps
    }
}

/// The end of a change that can be.
fn check(at: u64, length: u64) -> Result<u64> {
    let end = at.checked_add(length).filter(|end| i64::try_from(*end).is_ok());
    end.ok_or_else(|| Error::limit("a change that ends below 2^63", length).located(at))
}

fn down(at: u64) -> u64 {
    align_down(at, SECTOR).unwrap_or(at)
}

fn index(n: u64) -> usize {
    usize::try_from(n).unwrap_or(usize::MAX)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test fails by it")]
mod tests {
    use super::*;
    use std::vec;

    /// What the steps make of a file.
    fn done(file: &[u8], changes: &[Change<'_>]) -> (Vec<u8>, usize) {
        let mut draft = Draft::new(file);
        changes.iter().try_for_each(|change| draft.add(change)).unwrap();
        let steps = draft.into_steps();
        let mut after = file.to_vec();
        for step in &steps {
            let end = index(step.end());
            after.resize(after.len().max(end), 0);
            match step {
                Step::Zeros { at, .. } => after[index(*at)..end].fill(0),
                Step::Data { at, sector } => after[index(*at)..end].copy_from_slice(&**sector),
            }
        }
        (after, steps.len())
    }

    #[test]
    fn parts_of_sectors_keep_what_is_around_them() {
        let file = vec![7; 3 * 4096];
        let (after, steps) = done(&file, &[Change::Bytes { at: 4000, bytes: &[1; 200] }]);
        let mut expected = file.clone();
        expected[4000..4200].fill(1);
        assert_eq!((after == expected, steps), (true, 2));
    }

    #[test]
    fn later_changes_win_whatever_they_are() {
        let file = vec![7; 5 * 4096];
        let changes = [
            Change::Bytes { at: 5000, bytes: &[1; 10] },
            Change::Zeros { at: 4090, length: 2 * 4096 },
            Change::Bytes { at: 8192, bytes: &[2; 10] },
            Change::Zeros { at: 8195, length: 2 },
        ];
        let mut expected = file.clone();
        expected[4090..4090 + 8192].fill(0);
        expected[8192..8202].fill(2);
        expected[8195..8197].fill(0);
        let (after, _) = done(&file, &changes);
        assert!(after == expected);
    }

    #[test]
    fn zeros_are_ranges_and_not_sectors() {
        let (after, steps) = done(&[7; 4096], &[Change::Zeros { at: 0, length: 1 << 24 }]);
        assert_eq!((after.len(), steps), (1 << 24, 1));
        assert!(after.iter().all(|b| *b == 0));
        let zeros = Change::Bytes { at: 0, bytes: &[0; 3 * 4096] };
        assert_eq!(done(&[7; 4096], &[zeros]).1, 1);
    }

    #[test]
    fn behind_the_end_there_are_zeros() {
        let (after, _) = done(&[7; 5000], &[Change::Bytes { at: 6000, bytes: &[1] }]);
        assert_eq!((after.len(), after[4999], after[5000], after[6000]), (8192, 7, 0, 1));
    }

    #[test]
    fn nothing_ends_behind_2_to_the_63() {
        let mut draft = Draft::new(&[][..]);
        for change in [Change::Zeros { at: u64::MAX, length: 1 }, Change::Bytes { at: (1 << 63) - 1, bytes: &[1] }] {
            assert!(draft.add(&change).is_err());
        }
    }
}
