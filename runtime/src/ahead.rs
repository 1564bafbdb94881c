//! Looking ahead for code by hand: where a format does not say how long something is, such code looks and tells.

use crate::{Blob, Class, Error, Found, Input, Result, Source, len64};
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;
use binrw::io::{self, Read, Seek, SeekFrom};
use core::fmt;

/// The bytes from where a field stands, to be looked at by code that tells how long the field is. Nothing is taken: whatever was
/// read of them is there to be read again. It ends where the window or the input does.
///
/// It can be read as any reader that can seek; offsets of that count from the field. Over a reader that cannot seek itself, it
/// reaches 16 MiB far, since what is looked at is held.
///
/// ```
/// use vmspec_runtime::{Ahead, Blob, Cursor, Result};
///
/// fn up_to_semicolon(ahead: &mut Ahead<'_>) -> Result<u64> {
///     while ahead.block()? != *b";" {}
///     Ok(ahead.looked_at())
/// }
/// let mut src = Cursor::over(b"abc;def", 0);
/// assert_eq!(src.told(16, up_to_semicolon).unwrap(), Blob::Range { offset: 0, length: 4 });
/// assert_eq!(src.block().unwrap(), *b"def");
/// ```
pub struct Ahead<'a> {
    look: Look<'a>,
    /// Absolute offset of the field.
    start: u64,
    /// How far the next byte to look at is behind it.
    at: u64,
    /// Bytes left in the window; none outside of one.
    room: Option<u64>,
    /// Whether the input could not look so far.
    too_far: bool,
    /// What was read at once of an input that can go back; none of one that cannot, which may have no more than is asked for.
    chunk: Option<Chunk>,
}

/// Bytes that were read at once, since going back for each byte would take long.
#[derive(Default)]
struct Chunk {
    /// How far behind the field they begin.
    at: u64,
    bytes: Vec<u8>,
}

/// How many bytes are read at once.
const STEP: usize = 4096;

/// Copies bytes so far behind the field, as [`Input::peek_at`] does.
type Look<'a> = &'a mut dyn FnMut(u64, &mut [u8]) -> io::Result<Option<usize>>;

impl Ahead<'_> {
    /// How far behind the start of the field the next byte is.
    #[must_use]
    pub const fn looked_at(&self) -> u64 {
        self.at
    }

    /// Absolute offset of the next byte.
    #[must_use]
    pub const fn position(&self) -> u64 {
        self.start.saturating_add(self.at)
    }

    /// Bytes left in the window around the field; none where it is in no window.
    #[must_use]
    pub fn room(&self) -> Option<u64> {
        self.room.map(|room| room.saturating_sub(self.at))
    }

    /// The next `N` bytes.
    ///
    /// # Errors
    /// At the end of the input (`truncated`) or of the window (`invalid`), and those of the reader.
    pub fn block<const N: usize>(&mut self) -> Result<[u8; N]> {
        let (at, mut block, mut got) = (self.position(), [0; N], 0);
        while let Some(to) = block.get_mut(got..).filter(|to| !to.is_empty()) {
            match self.read(to).map_err(|e| Error::io(at, e))? {
                0 => {
                    let class = if self.room() == Some(0) { Class::Invalid } else { Class::Truncated };
                    return Err(Error::short(class, at, len64(N), len64(got)));
                }
                n => got = got.saturating_add(n),
            }
        }
        Ok(block)
    }

    /// Passes over `n` bytes, whether they are there or not.
    pub fn skip(&mut self, n: u64) {
        self.at = self.at.saturating_add(n);
    }

    /// What is said where nobody tells how long `name` is, which was asked with these arguments. Class `unsupported`.
    #[cold]
    #[must_use]
    pub fn untold(&self, name: &str, args: &[(&str, Found)]) -> Error {
        let args = args.iter().map(|(name, value)| format!("{name} {value}"));
        let args = args.reduce(|all, one| format!("{all}, {one}")).unwrap_or_else(String::new);
        let given = if args.is_empty() { args } else { format!(" ({args})") };
        Error::new(Class::Unsupported, format!("code that tells the length of `{name}`{given}"), Found::Nothing)
    }
}

impl fmt::Debug for Ahead<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { start, at, room, .. } = self;
        f.debug_struct("Ahead").field("start", start).field("at", at).field("room", room).finish_non_exhaustive()
    }
}

impl Read for Ahead<'_> {
    fn read(&mut self, to: &mut [u8]) -> io::Result<usize> {
        let room = usize::try_from(self.room().unwrap_or(u64::MAX)).unwrap_or(usize::MAX);
        let n = to.len().min(room);
        let to = to.get_mut(..n).unwrap_or_default();
        let got = match self.chunk.take() {
            Some(chunk) if n < STEP => self.read_chunk(chunk, room, to)?,
            chunk => {
                self.chunk = chunk;
                (self.look)(self.at, to)?
            }
        };
        let Some(got) = got else {
            self.too_far = true;
            return Err(io::ErrorKind::InvalidInput.into());
        };
        self.skip(len64(got));
        Ok(got)
    }
}

impl Ahead<'_> {
    /// Reads of the chunk, or of another one where it does not have the next byte.
    fn read_chunk(&mut self, mut chunk: Chunk, room: usize, to: &mut [u8]) -> io::Result<Option<usize>> {
        if chunk.rest(self.at).is_empty() {
            chunk.bytes.resize(STEP.min(room), 0);
            let got = (self.look)(self.at, &mut chunk.bytes)?;
            chunk.bytes.truncate(got.unwrap_or(0));
            chunk.at = self.at;
        }
        let rest = chunk.rest(self.at);
        for (to, from) in to.iter_mut().zip(rest) {
            *to = *from;
        }
        let got = rest.len().min(to.len());
        self.chunk = Some(chunk);
        Ok(Some(got))
    }
}

impl Chunk {
    /// The bytes from so far behind the field on.
    fn rest(&self, at: u64) -> &[u8] {
        let skipped = at.checked_sub(self.at).and_then(|n| usize::try_from(n).ok());
        skipped.and_then(|n| self.bytes.get(n..)).unwrap_or_default()
    }
}

impl Seek for Ahead<'_> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.at = match to {
            SeekFrom::Start(n) => n,
            SeekFrom::Current(n) => self.at.checked_add_signed(n).ok_or(io::ErrorKind::InvalidInput)?,
            SeekFrom::End(_) => return Err(io::ErrorKind::InvalidInput.into()),
        };
        Ok(self.at)
    }
}

impl<I: Input> Source<I> {
    /// The next bytes as a range, as many as `tell` says when it has looked at them; as [`Source::blob`].
    ///
    /// # Errors
    /// Those of `tell`; when it says more than `max` (`limit`), than the window or than the input; class `limit` when it looks
    /// further than the input can.
    pub fn told(&mut self, max: u64, tell: impl FnOnce(&mut Ahead<'_>) -> Result<u64>) -> Result<Blob> {
        self.settle()?;
        let (start, room) = (self.position, self.in_window().then(|| self.room()));
        let goes_back = self.input.ahead(0, 0).map_err(|e| Error::io(start, e))?.is_some();
        let chunk = goes_back.then(Chunk::default);
        let input = &mut self.input;
        let mut look = |ahead: u64, to: &mut [u8]| input.peek_at(ahead, to);
        let mut ahead = Ahead { look: &mut look, start, at: 0, room, too_far: false, chunk };
        let told = tell(&mut ahead);
        let n = match told {
            Err(_) if ahead.too_far => return Err(too_far(start, ahead.at)),
            told => told.map_err(|e| e.located(start))?,
        };
        self.check_max(n, max)?;
        self.blob(n)
    }
}

#[cold]
fn too_far(start: u64, at: u64) -> Error {
    Error::limit("a length that is known after a look at the first 16 MiB", at).located(start)
}
