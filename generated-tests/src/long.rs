//! Streams of any length that take no memory: a head, something over and over, and an end.

// Lengths are those of tests.
#![allow(clippy::arithmetic_side_effects)]

use std::io::{self, Read};

use vmspec_runtime::len64;

/// A pipe that gives them.
#[derive(Clone, Debug)]
pub struct Long {
    parts: [Vec<u8>; 3],
    times: u64,
    part: usize,
    at: usize,
}

impl Long {
    /// A head, something so many times, and an end.
    #[must_use]
    pub const fn new(head: Vec<u8>, middle: Vec<u8>, times: u64, end: Vec<u8>) -> Self {
        Self { parts: [head, middle, end], times, part: 0, at: 0 }
    }

    /// A QEMU stream of format 3: one section with pages of a block called `pc.ram`, of which every other is all zeros, and
    /// nothing else. It has a little more than `length` bytes.
    #[must_use]
    pub fn qemu_stream(length: u64) -> Self {
        let zero = [&0x0022_u64.to_be_bytes()[..], &[0]].concat();
        let page = [&0x1028_u64.to_be_bytes()[..], &[0x5a; 4096]].concat();
        let block = [&[6], &b"pc.ram"[..], &0x2000_u64.to_be_bytes()].concat();
        let first = [&0x0002_u64.to_be_bytes()[..], &[6], b"pc.ram", &[0]].concat();
        let section = b"QEVM\0\0\0\x03\x01\0\0\0\x02\x03ram\0\0\0\0\0\0\0\x04".to_vec();
        let head = [section, 0x2004_u64.to_be_bytes().to_vec(), block, first].concat();
        let middle = [zero, page].concat();
        let times = length.div_ceil(len64(middle.len()));
        let end = [&0x10_u64.to_be_bytes()[..], b"\x7e\0\0\0\x02\0"].concat();
        Self::new(head, middle, times, end)
    }

    /// What is left of the part.
    fn rest(&self) -> &[u8] {
        self.parts.get(self.part).and_then(|part| part.get(self.at..)).unwrap_or_default()
    }
}

impl Read for Long {
    fn read(&mut self, to: &mut [u8]) -> io::Result<usize> {
        while self.rest().is_empty() && self.part < self.parts.len() {
            self.times = self.times.saturating_sub(u64::from(self.part == 1));
            self.part += usize::from(self.part != 1 || self.times == 0);
            self.at = 0;
        }
        let n = self.rest().read(to)?;
        self.at += n;
        Ok(n)
    }
}
