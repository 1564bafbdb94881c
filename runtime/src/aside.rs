//! What lies aside: at offsets of a place, a struct of the format, behind the fields that it is read in a row with. The place
//! notes what lies where, for whoever reads, measures or writes it.

use crate::inside::Inside;
use crate::{Blob, Class, Error, Output, Result, len64};
use alloc::vec::Vec;
use binrw::io;
use core::cell::Cell;

/// A struct that something is read aside from. Whatever reads or writes such a struct makes one, and lends it to the types
/// inside that read from it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Place {
    /// Absolute offset in bytes of its first byte.
    start: u64,
    /// Absolute offset in bytes of the end of its window; none without one.
    limit: Cell<Option<u64>>,
    /// Bytes that were read aside, those of the same range counted each time.
    taken: Cell<u64>,
    laid: Inside<Vec<Laid>>,
}

/// Something that lies aside.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Laid {
    /// Offset in bytes: absolute where it was read, else from the start of the place.
    pub(crate) at: u64,
    /// Length in bytes.
    pub(crate) length: u64,
    /// Whether nothing else can lie there: a part of it is a range of the source, so that it cannot be compared.
    pub(crate) alone: bool,
    /// What is written there.
    pub(crate) pieces: Vec<Blob>,
}

/// Where something lies that cannot lie there, and why.
type Misplaced = (u64, Error);

/// What is to be read aside.
#[derive(Clone, Copy, Debug)]
pub struct Wanted<'p> {
    pub(crate) place: &'p Place,
    pub(crate) at: u64,
    pub(crate) length: u64,
    pub(crate) max: u64,
    pub(crate) alone: bool,
}

impl Place {
    /// A place whose first byte is at this absolute offset.
    #[must_use]
    pub fn new(start: u64) -> Self {
        Self { start, ..Self::default() }
    }

    /// The same in a window that ends at `limit`, an absolute offset.
    pub(crate) fn within(start: u64, limit: Option<u64>) -> Self {
        Self { start, limit: Cell::new(limit), ..Self::default() }
    }

    /// The absolute offset of what lies `offset` bytes behind the start.
    #[must_use]
    pub const fn at(&self, offset: u64) -> u64 {
        self.start.saturating_add(offset)
    }

    /// So many bytes at the absolute offset `at`, at most `max`, that are held as a whole.
    #[must_use]
    pub const fn held(&self, at: u64, length: u64, max: u64) -> Wanted<'_> {
        Wanted { place: self, at, length, max, alone: false }
    }

    /// The same, where parts of them stay in the source.
    #[must_use]
    pub const fn alone(&self, at: u64, length: u64, max: u64) -> Wanted<'_> {
        Wanted { place: self, at, length, max, alone: true }
    }

    pub(crate) const fn start(&self) -> u64 {
        self.start
    }

    pub(crate) fn limit(&self) -> Option<u64> {
        self.limit.get()
    }

    pub(crate) fn set_limit(&self, limit: Option<u64>) {
        self.limit.set(limit);
    }

    /// Counts `n` bytes that are read aside; refused when that makes more than `most`, the size of the place.
    pub(crate) fn take(&self, n: u64, most: u64) -> Result<()> {
        let taken = self.taken.get().saturating_add(n);
        if taken > most {
            return Err(too_much(most, taken));
        }
        self.taken.set(taken);
        Ok(())
    }

    /// Refuses a place of `size` bytes when more was read aside from it.
    pub(crate) fn check_taken(&self, size: u64) -> Result<()> {
        if self.taken.get() > size { Err(too_much(size, self.taken.get())) } else { Ok(()) }
    }

    pub(crate) fn lay(&self, laid: Laid) {
        if laid.length > 0 {
            self.laid.with(|all| all.push(laid));
        }
    }

    /// Notes that `length` bytes lie `offset` bytes behind the start, for measuring.
    pub fn note(&self, offset: u64, length: u64) {
        self.lay(Laid { at: offset, length, alone: false, pieces: Vec::new() });
    }

    /// What is written `offset` bytes behind the start, once the fields are; `alone` where a part of it stays in the source.
    ///
    /// # Errors
    /// Those of `write`.
    pub fn put(
        &self,
        offset: u64,
        alone: bool,
        write: impl FnOnce(&mut crate::Sink<AsideOutput>) -> Result<()>,
    ) -> Result<()> {
        let mut sink = crate::Sink::new(AsideOutput::default());
        write(&mut sink)?;
        let pieces = sink.finish()?.0;
        let length = pieces.iter().map(Blob::wire_len).fold(0, u64::saturating_add);
        self.taken.set(self.taken.get().saturating_add(length));
        self.lay(Laid { at: offset, length, alone, pieces });
        Ok(())
    }

    /// Everything that lies aside, by offset, each range once.
    ///
    /// # Errors
    /// Class `invalid` where something begins before `fields`, the end of the fields in a row, or where two share bytes that are
    /// not the same; with where that one begins.
    pub(crate) fn sorted(&self, fields: u64) -> Result<Vec<Laid>, Misplaced> {
        let mut all = self.laid.take();
        all.sort_by_key(|laid| (laid.at, laid.length));
        let mut out: Vec<Laid> = Vec::new();
        for laid in all {
            match out.last() {
                Some(before) if before.is_same(&laid) => {}
                Some(before) if laid.at < before.end() => return Err((laid.at, shared(laid.at, before.end()))),
                None if laid.at < fields => return Err((laid.at, in_fields(laid.at, fields))),
                _ => out.push(laid),
            }
        }
        Ok(out)
    }

    /// Length in bytes behind `fields` bytes that lie in a row, up to the end of what lies aside.
    #[must_use]
    pub fn len_behind(&self, fields: u64) -> u64 {
        self.laid.with(|all| all.iter().map(Laid::end).fold(fields, u64::max))
    }

    /// The same where what nothing covers is kept, and some of it lies behind everything.
    #[must_use]
    pub fn len_kept(&self, fields: u64, slack: &[Blob]) -> u64 {
        let mut all: Vec<(u64, u64)> = self.laid.with(|all| all.iter().map(|laid| (laid.at, laid.end())).collect());
        all.sort_unstable();
        let (mut end, mut open) = (fields, 0_u64);
        for (at, behind) in all {
            open = open.saturating_add(at.saturating_sub(end));
            end = end.max(behind);
        }
        let kept = slack.iter().map(Blob::wire_len).fold(0, u64::saturating_add);
        end.saturating_add(kept.saturating_sub(open))
    }
}

impl Laid {
    pub(crate) const fn end(&self) -> u64 {
        self.at.saturating_add(self.length)
    }

    /// Whether both are the same bytes in the same range.
    fn is_same(&self, other: &Self) -> bool {
        let range = (self.at, self.length) == (other.at, other.length);
        range && !self.alone && !other.alone && self.pieces == other.pieces
    }
}

/// Into memory, ranges of the source as what they are.
#[derive(Debug, Default)]
pub struct AsideOutput(Vec<Blob>);

impl Output for AsideOutput {
    const HAS_SOURCE: bool = true;

    fn put(&mut self, bytes: &[u8]) -> io::Result<()> {
        match self.0.last_mut() {
            Some(Blob::Bytes(held)) => held.extend_from_slice(bytes),
            _ if bytes.is_empty() => {}
            _ => self.0.push(Blob::from(bytes)),
        }
        Ok(())
    }

    fn copy(&mut self, offset: u64, length: u64) -> io::Result<()> {
        self.0.push(Blob::Range { offset, length });
        Ok(())
    }
}

impl<O: Output> crate::Sink<O> {
    /// Puts what lies aside from a place that began at the position `base`, without a byte between.
    ///
    /// # Errors
    /// Class `invalid` when bytes are between, or what lies there cannot; `limit` when it is more than the place has.
    pub fn asides(&mut self, place: &Place, base: u64) -> Result<()> {
        self.all_asides(place, base, |_, gap| if gap == 0 { Ok(()) } else { Err(uncovered(gap)) })?;
        self.check_whole(place, base)
    }

    /// The same with zeros between.
    ///
    /// # Errors
    /// Class `invalid` when what lies aside cannot lie there.
    pub fn asides_zero(&mut self, place: &Place, base: u64) -> Result<()> {
        self.all_asides(place, base, Self::zeros)
    }

    /// Refuses a place, written from the position `base` on, in which less is than lies aside from it.
    ///
    /// # Errors
    /// Class `limit`.
    pub fn check_whole(&self, place: &Place, base: u64) -> Result<()> {
        place.check_taken(self.position().saturating_sub(base))
    }

    /// The same with what was kept between, and one more piece behind, if there is one.
    ///
    /// # Errors
    /// Class `invalid` when a piece does not fill the bytes between, or what lies aside cannot lie there; `limit` when it is
    /// more than the place has.
    pub fn asides_keep(&mut self, place: &Place, base: u64, slack: &[Blob]) -> Result<()> {
        let mut left = slack.iter();
        self.all_asides(place, base, |sink, gap| match left.next_if_needed(gap)? {
            Some(piece) => sink.blob(piece),
            None => Ok(()),
        })?;
        match left.as_slice() {
            [] => {}
            [last] if !last.is_empty() => self.blob(last)?,
            more => return Err(surplus(more.len())),
        }
        self.check_whole(place, base)
    }

    fn all_asides(
        &mut self,
        place: &Place,
        base: u64,
        mut between: impl FnMut(&mut Self, u64) -> Result<()>,
    ) -> Result<()> {
        for laid in place.sorted(self.position().saturating_sub(base)).map_err(|(_, e)| e)? {
            let here = self.position().saturating_sub(base);
            between(self, laid.at.saturating_sub(here))?;
            for piece in &laid.pieces {
                self.blob(piece)?;
            }
        }
        Ok(())
    }
}

/// Pieces of slack, one for each gap that is not empty.
trait Pieces<'s> {
    fn next_if_needed(&mut self, gap: u64) -> Result<Option<&'s Blob>>;
}

impl<'s> Pieces<'s> for core::slice::Iter<'s, Blob> {
    fn next_if_needed(&mut self, gap: u64) -> Result<Option<&'s Blob>> {
        if gap == 0 {
            return Ok(None);
        }
        match self.next() {
            Some(piece) if piece.wire_len() == gap => Ok(Some(piece)),
            Some(piece) => Err(piece_of(gap, piece.wire_len())),
            None => Err(piece_of(gap, 0)),
        }
    }
}

#[cold]
fn too_much(most: u64, taken: u64) -> Error {
    Error::limit(alloc::format!("at most {most} bytes aside"), taken)
}

#[cold]
pub(crate) fn uncovered(gap: u64) -> Error {
    Error::new(Class::Invalid, "no bytes between what lies aside", gap)
}

#[cold]
fn in_fields(at: u64, fields: u64) -> Error {
    Error::new(Class::Invalid, alloc::format!("an offset at or after {fields:#x}, where the fields end"), at)
}

#[cold]
fn shared(at: u64, end: u64) -> Error {
    let expected = alloc::format!("an offset at or after {end:#x}, where something else ends");
    Error::new(Class::Invalid, expected, at)
}

#[cold]
fn piece_of(gap: u64, found: u64) -> Error {
    Error::new(Class::Invalid, alloc::format!("slack of {gap} bytes between what lies aside"), found)
}

#[cold]
fn surplus(pieces: usize) -> Error {
    Error::new(Class::Invalid, "at most one piece of slack behind everything, and none that is empty", len64(pieces))
}
