//! Guest memory as it lies in a file: which pages there are, and where the last copy of each is.
//!
//! A stream of a running guest sends pages again when they change, and withdraws some. A [`PageIndex`] is told of them in
//! the order of the stream and keeps the last word on each. Neighbours that lie behind each other are kept as one
//! [`Run`], so that an index takes memory for the gaps in a guest, not for its size.

use crate::Error;
use crate::runtime::binrw::io::{Read, Seek, SeekFrom, Write};
use alloc::collections::BTreeMap;
use alloc::vec;
use core::ops::Range;

/// How much is copied at a time, in bytes.
const STEP: u64 = 1 << 20;

/// Where each page of a guest lies.
///
/// ```
/// use vmspec::pages::PageIndex;
///
/// let mut pages = PageIndex::new(4096);
/// pages.insert(0..4, Some(8192));
/// pages.insert(1..2, Some(65536)); // sent again
/// pages.remove(3..4);
/// let runs: Vec<_> = pages.runs().map(|run| (run.pages, run.offset)).collect();
/// assert_eq!(runs, [(0..1, Some(8192)), (1..2, Some(65536)), (2..3, Some(16384))]);
/// assert_eq!((pages.len(), pages.offset(2)), (3, Some(16384)));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PageIndex {
    page_size: u64,
    /// By first page: the page behind the last, and where the first one lies.
    runs: BTreeMap<u64, (u64, Option<u64>)>,
}

/// Pages with consecutive numbers, whose data lies in one piece.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Run {
    /// Their numbers.
    pub pages: Range<u64>,
    /// Where the data of the first lies, in bytes from the start of the file; `None` where the pages are there but were
    /// never written, so that they are zero.
    pub offset: Option<u64>,
}

impl PageIndex {
    /// No pages yet; each will take so many bytes.
    #[must_use]
    pub const fn new(page_size: u64) -> Self {
        Self { page_size, runs: BTreeMap::new() }
    }

    /// The same pages of a file that starts so many bytes into another one.
    #[must_use]
    pub fn behind(mut self, bytes: u64) -> Self {
        for (_, at) in self.runs.values_mut() {
            *at = at.map(|at| at.saturating_add(bytes));
        }
        self
    }

    /// Bytes of a page.
    #[must_use]
    pub const fn page_size(&self) -> u64 {
        self.page_size
    }

    /// These pages now lie at `offset`, one behind the other; or they are there and hold zeros.
    pub fn insert(&mut self, pages: Range<u64>, offset: Option<u64>) {
        if pages.is_empty() {
            return;
        }
        self.remove(pages.clone());
        let joined = self.runs.range(..pages.start).next_back().filter(|(first, (end, at))| {
            *end == pages.start && self.place_of(*at, end.saturating_sub(**first)) == offset
        });
        let (first, at) = joined.map_or((pages.start, offset), |(first, (_, at))| (*first, *at));
        self.runs.insert(first, (pages.end, at));
    }

    /// These pages are not there any more.
    pub fn remove(&mut self, pages: Range<u64>) {
        if let Some((first, (end, at))) = self.runs.range(..pages.start).next_back().map(|(k, v)| (*k, *v))
            && end > pages.start
        {
            self.runs.insert(first, (pages.start, at));
            self.keep_behind(first, (end, at), pages.end);
        }
        while let Some((first, run)) = self.runs.range(pages.clone()).next().map(|(k, v)| (*k, *v)) {
            self.runs.remove(&first);
            self.keep_behind(first, run, pages.end);
        }
    }

    /// Keeps what a run holds from page `from` on.
    fn keep_behind(&mut self, first: u64, (end, at): (u64, Option<u64>), from: u64) {
        if end > from {
            self.runs.insert(from, (end, self.place_of(at, from.saturating_sub(first))));
        }
    }

    /// Where the page lies that is so many behind one that lies there. Places beyond the last are the last, where no data is.
    fn place_of(&self, at: Option<u64>, pages: u64) -> Option<u64> {
        at.map(|at| pages.saturating_mul(self.page_size).saturating_add(at))
    }

    /// How many pages there are.
    #[must_use]
    pub fn len(&self) -> u64 {
        self.runs.iter().fold(0, |n, (first, (end, _))| n.saturating_add(end.saturating_sub(*first)))
    }

    /// Whether there is no page.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.runs.is_empty()
    }

    /// The runs, by page number.
    pub fn runs(&self) -> impl Iterator<Item = Run> + '_ {
        self.runs.iter().map(|(first, (end, at))| Run { pages: *first..*end, offset: *at })
    }

    /// The run that a page is in.
    #[must_use]
    pub fn run(&self, page: u64) -> Option<Run> {
        let (first, (end, at)) = self.runs.range(..=page).next_back()?;
        (page < *end).then_some(Run { pages: *first..*end, offset: *at })
    }

    /// Where the data of a page lies; `None` where the page is not there, or holds zeros.
    #[must_use]
    pub fn offset(&self, page: u64) -> Option<u64> {
        let run = self.run(page)?;
        self.place_of(run.offset, page.saturating_sub(run.pages.start))
    }

    /// Copies every page to its place in `dest`: page `n` to byte `n * page_size`. What is not there or holds zeros is
    /// passed over, so a new file keeps holes for it; it may end early. Gives how many bytes were copied.
    ///
    /// # Errors
    /// `truncated` when the source ends within a page; `limit` for a page beyond what an offset can say; `io` when the
    /// source or `dest` fails.
    pub fn copy_to<S: Read + Seek, W: Write + Seek>(&self, source: &mut S, dest: &mut W) -> Result<u64, Error> {
        let mut buffer = vec![0; usize::try_from(STEP).unwrap_or(1 << 16)];
        let mut copied = 0_u64;
        for run in self.runs() {
            let Some(at) = run.offset else { continue };
            let place = run.pages.start.checked_mul(self.page_size);
            let bytes = run.pages.end.saturating_sub(run.pages.start).saturating_mul(self.page_size);
            let place = place.ok_or_else(|| Error::limit("a page that a file has room for", run.pages.start))?;
            source.seek(SeekFrom::Start(at)).map_err(|e| Error::io(at, e))?;
            dest.seek(SeekFrom::Start(place)).map_err(|e| Error::io(at, e))?;
            copy(source, dest, (at, bytes), &mut buffer)?;
            copied = copied.saturating_add(bytes);
        }
        Ok(copied)
    }
}

/// Copies so many bytes, which lie at an offset of the source.
fn copy<S: Read, W: Write>(
    source: &mut S,
    dest: &mut W,
    (mut at, mut left): (u64, u64),
    buffer: &mut [u8],
) -> Result<(), Error> {
    while left > 0 {
        let n = usize::try_from(left).unwrap_or(usize::MAX).min(buffer.len());
        let Some(piece) = buffer.get_mut(..n) else { break };
        source.read_exact(piece).map_err(|e| Error::io(at, e))?;
        dest.write_all(piece).map_err(|e| Error::io(at, e))?;
        let n = crate::runtime::len64(n);
        (at, left) = (at.saturating_add(n), left.saturating_sub(n));
    }
    Ok(())
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test fails where it is wrong")]
mod tests {
    use super::*;
    use crate::Class;
    use alloc::collections::BTreeMap as Map;
    use alloc::vec::Vec;
    use std::io::Cursor;

    /// What an index says, page by page.
    fn pages(index: &PageIndex) -> Map<u64, Option<u64>> {
        index.runs().flat_map(|run| run.pages).map(|page| (page, index.offset(page))).collect()
    }

    #[test]
    fn the_last_word_counts() {
        // Every order of inserting, withdrawing and splitting in a small guest, against a map of single pages.
        let mut seed = 1_u64;
        for _ in 0..500 {
            let (mut index, mut known) = (PageIndex::new(2), Map::new());
            for step in 0..12_u64 {
                seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                let (first, count) = (seed >> 60, (seed >> 56) & 7);
                let (at, kind) = (100 * step, (seed >> 40) % 3);
                for page in first..first + count {
                    match kind {
                        0 => known.remove(&page),
                        1 => known.insert(page, None),
                        _ => known.insert(page, Some(at + 2 * (page - first))),
                    };
                }
                match kind {
                    0 => index.remove(first..first + count),
                    1 => index.insert(first..first + count, None),
                    _ => index.insert(first..first + count, Some(at)),
                }
                assert_eq!(pages(&index), known);
                assert_eq!((index.len(), index.is_empty()), (crate::runtime::len64(known.len()), known.is_empty()));
            }
        }
    }

    #[test]
    fn neighbours_are_one_run() {
        let mut index = PageIndex::new(4096);
        for page in 0..1000 {
            index.insert(page..page + 1, Some(64 + 4096 * page));
        }
        assert_eq!(index.runs().collect::<Vec<_>>(), [Run { pages: 0..1000, offset: Some(64) }]);
        index.insert(1000..1001, Some(0));
        assert_eq!(index.runs().count(), 2);
        assert_eq!((index.offset(999), index.offset(1000), index.offset(1001)), (Some(64 + 4096 * 999), Some(0), None));
    }

    #[test]
    fn pages_are_copied_to_their_place() {
        let mut index = PageIndex::new(2);
        index.insert(2..4, Some(1));
        index.insert(5..6, None);
        let mut dest = Cursor::new(Vec::new());
        assert_eq!(index.copy_to(&mut Cursor::new(b"_abcd_"), &mut dest).unwrap(), 4);
        assert_eq!(dest.into_inner(), b"\0\0\0\0abcd");
        index.insert(0..1, Some(5));
        let error = index.copy_to(&mut Cursor::new(b"_abcd_"), &mut Cursor::new(Vec::new())).unwrap_err();
        assert_eq!((error.class(), error.offset()), (Class::Truncated, Some(5)));
        index.insert(u64::MAX - 1..u64::MAX, Some(0));
        index.remove(0..1);
        let error = index.copy_to(&mut Cursor::new(b"_abcd_"), &mut Cursor::new(Vec::new())).unwrap_err();
        assert_eq!(error.class(), Class::Limit);
    }
}
