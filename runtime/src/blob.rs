//! Payload that is not held: where it lies, or bytes given by whoever built the value.

use crate::{Class, Error, Result, SeekInput, Source, len64};
use alloc::format;
use alloc::vec::Vec;
use binrw::io::{Read, Seek, SeekFrom};

/// Payload: where it lies in the source it was read from, or bytes given by whoever built the value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Blob {
    /// A range of the source.
    Range {
        /// Absolute offset in bytes.
        offset: u64,
        /// Length in bytes.
        length: u64,
    },
    /// Bytes in memory.
    Bytes(Vec<u8>),
}

impl Blob {
    /// No bytes: what reading gives for a length of 0.
    pub const EMPTY: Self = Self::Bytes(Vec::new());

    /// Length in bytes.
    #[must_use]
    pub fn wire_len(&self) -> u64 {
        match self {
            Self::Range { length, .. } => *length,
            Self::Bytes(b) => len64(b.len()),
        }
    }

    /// Whether there are no bytes.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.wire_len() == 0
    }

    /// The first `n` bytes of what was found at the absolute offset `at`, and what follows them.
    ///
    /// # Errors
    /// Class `invalid` when there are fewer.
    pub fn cut(self, at: u64, n: u64) -> Result<(Self, Self)> {
        let length = self.wire_len();
        let Some(left) = length.checked_sub(n) else { return Err(Error::short(Class::Invalid, at, n, length)) };
        let range = |offset: u64, length: u64| if length == 0 { Self::EMPTY } else { Self::Range { offset, length } };
        Ok((range(at, n), range(at.saturating_add(n), left)))
    }

    /// The same where nothing may follow.
    ///
    /// # Errors
    /// Class `invalid` when there are fewer, or more.
    pub fn whole(self, at: u64, n: u64) -> Result<Self> {
        match self.cut(at, n)? {
            (whole, rest) if rest.is_empty() => Ok(whole),
            (_, rest) => Err(crate::window::leftover(at.saturating_add(n), rest.wire_len())),
        }
    }

    /// The bytes, at most `max` of them. `source` is what the blob was read from; its position is moved.
    ///
    /// # Errors
    /// Class `limit` above `max`, `truncated` when the source is shorter than the range, `io` when it fails.
    pub fn load(&self, source: &mut (impl Read + Seek), max: u64) -> Result<Vec<u8>> {
        match self {
            Self::Range { length: 0, .. } => Ok(Vec::new()),
            Self::Range { offset, length } => {
                let start = source.seek(SeekFrom::Start(*offset));
                start.map_err(|e| Error::io(*offset, e))?;
                Source::new(SeekInput(source), *offset).bytes(*length, max)
            }
            Self::Bytes(bytes) if self.wire_len() > max => {
                Err(Error::limit(format!("at most {max} bytes"), bytes.len()))
            }
            Self::Bytes(bytes) => Ok(bytes.clone()),
        }
    }
}

impl Default for Blob {
    fn default() -> Self {
        Self::EMPTY
    }
}

impl From<Vec<u8>> for Blob {
    fn from(b: Vec<u8>) -> Self {
        Self::Bytes(b)
    }
}

impl From<&[u8]> for Blob {
    fn from(b: &[u8]) -> Self {
        Self::Bytes(b.to_vec())
    }
}
