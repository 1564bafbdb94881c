//! Small writes gathered into large ones, since a writer may be a file.

use alloc::vec::Vec;
use binrw::io::{self, Write};

/// Bytes gathered before the writer is called.
const MOST: usize = 8 << 10;

/// Bytes gathered without a heap buffer: most values are smaller than this.
const SMALL: usize = 512;

/// Bytes that the writer has yet to get.
#[derive(Debug)]
pub(crate) struct Gather {
    small: [u8; SMALL],
    used: usize,
    /// Taken when `small` first overflows; from then on everything is gathered here.
    large: Vec<u8>,
}

impl Gather {
    pub(crate) const fn new() -> Self {
        Self { small: [0; SMALL], used: 0, large: Vec::new() }
    }

    /// Gathers `bytes`, or passes them on when they are many.
    #[inline]
    pub(crate) fn put<W: Write>(&mut self, bytes: &[u8], to: &mut W) -> io::Result<()> {
        let end = self.used.saturating_add(bytes.len());
        let room = self.large.capacity().saturating_sub(self.large.len());
        if bytes.len() <= room {
            self.large.extend_from_slice(bytes);
            return Ok(());
        }
        if self.large.capacity() == 0
            // In two steps, so that the compiler sees that both are of one length.
            && let Some(room) = self.small.get_mut(self.used..).and_then(|room| room.get_mut(..bytes.len()))
        {
            room.copy_from_slice(bytes);
            self.used = end;
            return Ok(());
        }
        self.put_large(bytes, to)
    }

    /// Zeros, to be filled by the caller. More than 8 KiB are held as well, until the next bytes come.
    #[inline]
    pub(crate) fn room<const N: usize, W: Write>(&mut self, to: &mut W) -> io::Result<&mut [u8; N]> {
        let end = self.used.saturating_add(N);
        let room = if self.large.capacity() == 0 && end <= SMALL {
            let room = self.small.get_mut(self.used..).and_then(|room| room.first_chunk_mut());
            self.used = end;
            room.map(|room| {
                *room = [0; N];
                room
            })
        } else {
            self.make_room(N, to)?;
            self.large.extend_from_slice(&[0; N]);
            self.large.last_chunk_mut()
        };
        // There always is one.
        room.ok_or_else(|| io::ErrorKind::WriteZero.into())
    }

    /// Lets so many bytes have room in the large buffer.
    #[inline(never)]
    fn make_room<W: Write>(&mut self, more: usize, to: &mut W) -> io::Result<()> {
        let held = self.used.saturating_add(self.large.len());
        if held.saturating_add(more) > MOST {
            self.flush(to)?;
        }
        if self.large.capacity() == 0 {
            self.large.reserve_exact(MOST);
        }
        let used = core::mem::take(&mut self.used);
        let small = self.small.get(..used).unwrap_or_default();
        self.large.extend_from_slice(small);
        Ok(())
    }

    #[inline(never)]
    fn put_large<W: Write>(&mut self, bytes: &[u8], to: &mut W) -> io::Result<()> {
        if bytes.len() >= MOST {
            self.flush(to)?;
            return to.write_all(bytes);
        }
        self.make_room(bytes.len(), to)?;
        self.large.extend_from_slice(bytes);
        Ok(())
    }

    /// Passes on all that was gathered.
    pub(crate) fn flush<W: Write>(&mut self, to: &mut W) -> io::Result<()> {
        // Emptied even if the writer fails, so that nothing is written twice.
        let used = core::mem::take(&mut self.used);
        let small = self.small.get(..used).unwrap_or_default();
        if !small.is_empty() {
            to.write_all(small)?;
        }
        if self.large.is_empty() {
            return Ok(());
        }
        let done = to.write_all(&self.large);
        self.large.clear();
        done
    }
}
