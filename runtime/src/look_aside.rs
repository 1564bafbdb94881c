//! Reading aside: far ahead of the next byte, which stays the next one.

use crate::aside::{Laid, uncovered};
use crate::source::unknown_length;
use crate::{Blob, Class, Cursor, Error, Input, Place, Result, Source, Wanted};
use alloc::format;
use alloc::vec::Vec;

impl<I: Input> Source<I> {
    /// The place that starts here.
    #[must_use]
    pub fn place(&self) -> Place {
        Place::within(self.position, self.in_window().then_some(self.limit))
    }

    /// Notes the window that the place turns out to have.
    pub fn bound(&self, place: &Place) {
        place.set_limit(self.in_window().then_some(self.limit));
    }

    /// Reads aside, in a window of its own that is held in one piece. Positions inside are absolute; going past its end is
    /// `invalid`. `read` ends with one of the closes. No bytes lie nowhere, wherever they are said to be.
    ///
    /// # Errors
    /// When it lies before the next byte (`invalid`), is larger than its `max` (`limit`), ends outside of the place (`invalid`) or
    /// the input (`truncated`), or when more is read aside than the place has (`limit`); class `needs_source` for a reader that
    /// cannot seek; and those of `read`.
    pub fn aside<T>(&mut self, wanted: Wanted<'_>, read: impl FnOnce(&mut Cursor<'_>) -> Result<T>) -> Result<T> {
        let (at, depth) = (wanted.at, self.depth);
        let inside = |held: &[u8]| {
            let mut cursor = Cursor::inside(held, at);
            cursor.depth = depth;
            read(&mut cursor)
        };
        if wanted.length == 0 {
            return inside(&[]);
        }
        self.check_aside(&wanted)?;
        let size = usize::try_from(wanted.length).unwrap_or(usize::MAX);
        // A pending blob has not been passed over in the input.
        let ahead = at.saturating_sub(self.position.saturating_sub(self.pending));
        let held = self.input.ahead(ahead, size).map_err(|e| Error::io(at, e))?;
        let Some(held) = held else { return Err(unseekable(at)) };
        if held.len() < size {
            return Err(Error::short(Class::Truncated, at, wanted.length, crate::len64(held.len())));
        }
        inside(&held)
    }

    /// Where something lies that is not held.
    ///
    /// # Errors
    /// As [`Source::aside`], except for a reader that cannot seek.
    pub fn aside_blob(&mut self, wanted: Wanted<'_>) -> Result<Blob> {
        if wanted.length == 0 {
            return Ok(Blob::EMPTY);
        }
        self.check_aside(&wanted)?;
        Ok(Blob::Range { offset: wanted.at, length: wanted.length })
    }

    fn check_aside(&mut self, wanted: &Wanted<'_>) -> Result<()> {
        let Wanted { place, at, length, max, alone } = *wanted;
        if at < self.position {
            return Err(passed(at, self.position));
        }
        if length > max {
            return Err(Error::limit(format!("at most {max} bytes"), length).located(at));
        }
        let (end, class) = match (place.limit(), self.left()?) {
            (Some(limit), _) => (limit, Class::Invalid),
            (None, Some(left)) => (self.position.saturating_add(left), Class::Truncated),
            (None, None) => return Err(unknown_length(self.position)),
        };
        let room = end.saturating_sub(at);
        if length > room {
            return Err(Error::short(class, at, length, room));
        }
        place.take(length, end.saturating_sub(place.start())).map_err(|e| e.located(at))?;
        place.lay(Laid { at, length, alone, pieces: Vec::new() });
        Ok(())
    }

    /// The end of a place whose fields have been read: what was read aside is passed over, with no byte between.
    ///
    /// # Errors
    /// Class `invalid` when bytes are between, when something was read aside from before here, or when two share some bytes;
    /// `limit` when more was read than there is.
    pub fn end_place(&mut self, place: &Place) -> Result<()> {
        self.pass_asides(place, |src, gap| if gap == 0 { Ok(()) } else { Err(uncovered(gap).located(src.position)) })?;
        self.check_whole(place)
    }

    /// The same with zeros between.
    ///
    /// # Errors
    /// As [`Source::end_place`], and class `invalid` when they are not zero.
    pub fn end_place_zero(&mut self, place: &Place) -> Result<()> {
        self.pass_asides(place, Self::zeros)
    }

    /// The same where what is between is kept, and all that is left: a piece for each range that nothing covers.
    ///
    /// # Errors
    /// As [`Source::end_place`].
    pub fn end_place_keep(&mut self, place: &Place) -> Result<Vec<Blob>> {
        let mut slack = Vec::new();
        self.pass_asides(place, |src, gap| {
            if gap > 0 {
                slack.push(src.blob(gap)?);
            }
            Ok(())
        })?;
        let rest = self.close_keep()?;
        if !rest.is_empty() {
            slack.push(rest);
        }
        self.check_whole(place)?;
        Ok(slack)
    }

    fn pass_asides(&mut self, place: &Place, mut between: impl FnMut(&mut Self, u64) -> Result<()>) -> Result<()> {
        for laid in place.sorted(self.position).map_err(|(at, e)| e.located(at))? {
            between(self, laid.at.saturating_sub(self.position))?;
            self.blob(laid.length)?;
        }
        Ok(())
    }

    /// Refuses a place from which more was read aside than it has.
    ///
    /// # Errors
    /// Class `limit`.
    pub fn check_whole(&self, place: &Place) -> Result<()> {
        place.check_taken(self.position.saturating_sub(place.start())).map_err(|e| e.located(place.start()))
    }
}

#[cold]
fn passed(at: u64, here: u64) -> Error {
    Error::new(Class::Invalid, format!("an offset at or after {here:#x}"), at).located(at)
}

#[cold]
fn unseekable(at: u64) -> Error {
    Error::new(Class::NeedsSource, "a source that can seek", crate::Found::Nothing).located(at)
}
