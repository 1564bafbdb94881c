//! Memory whose used part starts at an aligned address.

use super::DirectLayout;
use alloc::vec;
use alloc::vec::Vec;

/// `layout.buffer()` bytes at an address that is a multiple of `layout.block()`.
#[derive(Debug)]
pub(super) struct AlignedBuffer {
    /// One block larger than needed, and never grown: its address stays.
    memory: Vec<u8>,
    start: usize,
    length: usize,
}

impl AlignedBuffer {
    pub(super) fn new(layout: DirectLayout) -> Self {
        let length = layout.buffer();
        let memory = vec![0; length.saturating_add(layout.block())];
        // A block is a power of two. `align_offset` panics where it is none.
        let start = memory.as_ptr().addr().wrapping_neg() & layout.block().saturating_sub(1);
        Self { memory, start, length }
    }

    pub(super) fn bytes(&self) -> &[u8] {
        let end = self.start.saturating_add(self.length);
        self.memory.get(self.start..end).unwrap_or_default()
    }

    pub(super) fn bytes_mut(&mut self) -> &mut [u8] {
        let end = self.start.saturating_add(self.length);
        self.memory.get_mut(self.start..end).unwrap_or_default()
    }
}
