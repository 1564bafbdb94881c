//! Any reader or writer over a file opened with `O_DIRECT`, which takes only aligned offsets, lengths and memory.

mod buffer;
mod reader;
mod writer;

pub use reader::DirectReader;
pub use writer::{DirectFile, DirectWriter};

use std::io;

/// How a direct file must be addressed, and how much is held to do so.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DirectLayout {
    block: usize,
    buffer: usize,
}

impl DirectLayout {
    /// Blocks of 4 KiB, which every common device takes, and a buffer of 1 MiB.
    pub const COMMON: Self = Self { block: 4 << 10, buffer: 1 << 20 };

    /// Offsets, lengths and memory addresses are multiples of `block` bytes; up to `buffer` bytes move at once.
    ///
    /// # Errors
    /// `InvalidInput` unless `block` is a power of two and `buffer` a multiple of it, neither 0.
    pub fn new(block: usize, buffer: usize) -> io::Result<Self> {
        if block.is_power_of_two() && buffer > 0 && buffer.checked_rem(block) == Some(0) {
            Ok(Self { block, buffer })
        } else {
            let wrong = "the block must be a power of two and the buffer a multiple of it";
            Err(io::Error::new(io::ErrorKind::InvalidInput, wrong))
        }
    }

    /// Bytes of a block.
    #[must_use]
    pub const fn block(self) -> usize {
        self.block
    }

    /// Bytes of the buffer.
    #[must_use]
    pub const fn buffer(self) -> usize {
        self.buffer
    }
}
