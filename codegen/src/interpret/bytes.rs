//! Where bytes come from: anything that gives a range on request.

use std::cell::RefCell;
use std::fs::File;
use std::io::{self, BufReader, Read, Seek, SeekFrom};

/// Bytes that can be asked for by their place.
pub trait Bytes {
    /// How many there are.
    fn size(&self) -> u64;

    /// Fills `to` with the bytes from the absolute offset `at` on.
    ///
    /// # Errors
    /// `UnexpectedEof` past the end, and those of the system.
    fn read_at(&self, at: u64, to: &mut [u8]) -> io::Result<()>;
}

impl Bytes for [u8] {
    fn size(&self) -> u64 {
        u64::try_from(self.len()).unwrap_or(u64::MAX)
    }

    fn read_at(&self, at: u64, to: &mut [u8]) -> io::Result<()> {
        let from = usize::try_from(at).ok().and_then(|at| self.get(at..)).and_then(|b| b.get(..to.len()));
        to.copy_from_slice(from.ok_or(io::ErrorKind::UnexpectedEof)?);
        Ok(())
    }
}

/// So that a slice can be a trait object: `&bytes` of a `bytes: &[u8]`.
impl<B: Bytes + ?Sized> Bytes for &B {
    fn size(&self) -> u64 {
        (**self).size()
    }

    fn read_at(&self, at: u64, to: &mut [u8]) -> io::Result<()> {
        (**self).read_at(at, to)
    }
}

/// How much of a file is read at a time.
const STEP: usize = 64 << 10;

/// A file, read in large pieces.
#[derive(Debug)]
pub struct FileBytes {
    size: u64,
    reader: RefCell<(BufReader<File>, u64)>,
}

impl FileBytes {
    /// Over a file, as long as it is now.
    ///
    /// # Errors
    /// Those of the system.
    pub fn new(mut file: File) -> io::Result<Self> {
        let size = file.seek(SeekFrom::End(0))?;
        file.rewind()?;
        Ok(Self { size, reader: RefCell::new((BufReader::with_capacity(STEP, file), 0)) })
    }
}

impl Bytes for FileBytes {
    fn size(&self) -> u64 {
        self.size
    }

    /// Moves by the distance from the last read, so that what is buffered stays of use.
    fn read_at(&self, at: u64, to: &mut [u8]) -> io::Result<()> {
        let mut guard = self.reader.borrow_mut();
        let (reader, here) = &mut *guard;
        let step = i128::from(at).saturating_sub(i128::from(*here));
        reader.seek_relative(i64::try_from(step).map_err(|_| io::ErrorKind::InvalidInput)?)?;
        // After a failed read the position is not known: the next one starts from it anew.
        let read = reader.read_exact(to);
        *here = if read.is_ok() { at.saturating_add(to.size()) } else { reader.stream_position()? };
        read
    }
}
