//! Writing: an output with its position, and what has a shape of its own on the wire: zeros, blobs, kept padding.

use crate::guard::Guards;
use crate::{Blob, Class, Error, Fault, Found, Output, Padding, Result, Zeros, len64, padding_for};
use alloc::format;
use binrw::Endian;

/// An output with its position. Bytes may be gathered: [`Sink::finish`] writes the last of them.
#[derive(Debug)]
pub struct Sink<O> {
    pub(crate) output: O,
    position: u64,
    pub(crate) guards: Guards,
}

impl<O: Output> Sink<O> {
    /// An output whose next byte is the first of the type being written.
    pub const fn new(output: O) -> Self {
        Self { output, position: 0, guards: Guards::NONE }
    }

    /// Bytes put so far.
    #[must_use]
    pub const fn position(&self) -> u64 {
        self.position
    }

    /// The output, with all bytes written.
    ///
    /// # Errors
    /// Those of the writer, and of guards that are not decided yet.
    #[inline]
    pub fn finish(mut self) -> Result<O> {
        self.flush().map(|()| self.output)
    }

    /// Writes what was gathered, for a door that does not want the output back: moving it would cost more.
    #[inline]
    pub(crate) fn flush(&mut self) -> Result<()> {
        self.end_window(0)?;
        match self.output.finish() {
            Ok(()) => Ok(()),
            Err(e) => Err(Error::io(self.position, e)),
        }
    }

    /// Puts bytes.
    ///
    /// # Errors
    /// Those of the writer.
    #[inline]
    pub fn put(&mut self, bytes: &[u8]) -> Result<()> {
        if !self.guards.is_empty() {
            self.guards.see(bytes)?;
        }
        match self.output.put(bytes) {
            Ok(()) => {
                self.position = self.position.saturating_add(len64(bytes.len()));
                Ok(())
            }
            Err(e) => Err(Error::io(self.position, e)),
        }
    }

    /// Puts `N` bytes, from what puts them into zeros.
    ///
    /// # Errors
    /// Those of the writer, and of `put`.
    #[inline]
    pub fn array<const N: usize>(&mut self, put: impl FnOnce(&mut [u8; N]) -> Result<()>) -> Result<()> {
        let guards = &mut self.guards;
        let put = |b: &mut [u8; N]| {
            put(b)?;
            if guards.is_empty() { Ok(()) } else { guards.see(b) }
        };
        match self.output.array(put) {
            Ok(done) => {
                self.position = self.position.saturating_add(len64(N));
                done
            }
            Err(e) => Err(Error::io(self.position, e)),
        }
    }

    /// Puts a block, from what puts its bytes into zeros.
    ///
    /// # Errors
    /// Those of the writer, and the fault.
    #[inline]
    pub fn block<const N: usize>(&mut self, put: impl FnOnce(&mut [u8; N]) -> Result<(), Fault>) -> Result<()> {
        self.array(|b| put(b).map_err(Fault::unwritten))
    }

    /// Puts an integer of 16 bits.
    ///
    /// # Errors
    /// Those of the writer.
    pub fn u16(&mut self, order: Endian, v: u16) -> Result<()> {
        self.put(&match order {
            Endian::Little => v.to_le_bytes(),
            Endian::Big => v.to_be_bytes(),
        })
    }

    /// Puts an integer of 32 bits.
    ///
    /// # Errors
    /// Those of the writer.
    pub fn u32(&mut self, order: Endian, v: u32) -> Result<()> {
        self.put(&match order {
            Endian::Little => v.to_le_bytes(),
            Endian::Big => v.to_be_bytes(),
        })
    }

    /// Puts an integer of 64 bits.
    ///
    /// # Errors
    /// Those of the writer.
    pub fn u64(&mut self, order: Endian, v: u64) -> Result<()> {
        self.put(&match order {
            Endian::Little => v.to_le_bytes(),
            Endian::Big => v.to_be_bytes(),
        })
    }

    /// Puts `n` zero bytes.
    ///
    /// # Errors
    /// Those of the writer.
    pub fn zeros(&mut self, n: u64) -> Result<()> {
        const ZEROS: [u8; 4096] = [0; 4096];
        let mut left = n;
        while left > 0 {
            let step = usize::try_from(left).map_or(ZEROS.len(), |n| n.min(ZEROS.len()));
            self.put(ZEROS.get(..step).unwrap_or_default())?;
            left = left.saturating_sub(len64(step));
        }
        Ok(())
    }

    /// Behind a gap of so many bytes, what comes next must be `offset` bytes behind the first one that was put.
    ///
    /// # Errors
    /// Class `invalid` when it is elsewhere.
    pub fn gap_to(&self, offset: u64, gap: u64) -> Result<()> {
        let here = self.position.saturating_add(gap);
        if offset == here { Ok(()) } else { Err(misplaced(here, offset)) }
    }

    /// Zeros up to a multiple of `to` bytes, counted from the position `start`.
    ///
    /// # Errors
    /// Those of the writer.
    #[inline]
    pub fn align(&mut self, start: u64, to: u64) -> Result<()> {
        self.zeros(padding_for(self.position.saturating_sub(start), to))
    }

    /// Puts padding of `expected` bytes: zeros, or what was kept.
    ///
    /// # Errors
    /// Those of the writer; class `invalid` for kept bytes of another length, or that are all zero and so would be read
    /// back as zeros.
    pub fn padding(&mut self, padding: &Padding, expected: u64) -> Result<()> {
        match padding {
            Padding::Zero => self.zeros(expected),
            Padding::Other(bytes) if len64(bytes.len()) != expected => {
                Err(Error::new(Class::Invalid, format!("{expected} bytes of padding"), bytes.len()))
            }
            Padding::Other(bytes) => self.other(bytes),
        }
    }

    /// Puts zeros whose number is part of the value, or what was kept in their place.
    ///
    /// # Errors
    /// Those of the writer; class `invalid` for kept bytes that are all zero.
    pub fn zeros_value(&mut self, zeros: &Zeros) -> Result<()> {
        match zeros {
            Zeros::Zero(n) => self.zeros(*n),
            Zeros::Other(bytes) => self.other(bytes),
        }
    }

    fn other(&mut self, bytes: &[u8]) -> Result<()> {
        if bytes.iter().all(|b| *b == 0) {
            let expected = "kept bytes that are not all zero";
            return Err(Error::new(Class::Invalid, expected, Found::Nothing));
        }
        self.put(bytes)
    }

    /// Puts a blob: its bytes, or a copy of its range of the source.
    ///
    /// # Errors
    /// Those of the writer and the source; `needs_source` for a range when there is no source.
    pub fn blob(&mut self, blob: &Blob) -> Result<()> {
        match blob {
            Blob::Bytes(bytes) => self.put(bytes),
            Blob::Range { length: 0, .. } => Ok(()),
            Blob::Range { .. } if !O::HAS_SOURCE => Err(no_source()),
            Blob::Range { offset, length } => {
                if !self.guards.is_empty() {
                    self.see_range(*offset, *length)?;
                }
                let copied = self.output.copy(*offset, *length);
                copied.map_err(|e| Error::io(*offset, e))?;
                self.position = self.position.saturating_add(*length);
                Ok(())
            }
        }
    }
}

#[cold]
fn misplaced(here: u64, to: u64) -> Error {
    Error::new(Class::Invalid, format!("an offset of {here:#x}"), to)
}

#[cold]
fn no_source() -> Error {
    let expected = "bytes, or write_from(source, dest)";
    Error::new(Class::NeedsSource, expected, Found::Nothing)
}

impl<C: crate::Checksum> Sink<crate::ChecksumOutput<C>> {
    /// The checksum of everything put so far.
    #[must_use]
    pub fn checksum(&self) -> u64 {
        self.output.0.value()
    }
}
