//! A QEMU stream of any length that takes no memory: a head, two pages over and over, and an end.

use std::io::{self, Read};

/// A pipe that gives it.
pub struct Long {
    parts: [Vec<u8>; 3],
    /// How often the middle part is still to come.
    times: u64,
    part: usize,
    at: usize,
}

impl Long {
    /// One section with pages of a block, of which every other is all zeros, and nothing else. It has a little more than `length`
    /// bytes.
    pub fn stream(length: u64) -> Self {
        let zero = [&0x0022_u64.to_be_bytes()[..], &[0]].concat();
        let page = [&0x1028_u64.to_be_bytes()[..], &[0x5a; 4096]].concat();
        let block = [&[6], &b"pc.ram"[..], &0x2000_u64.to_be_bytes()].concat();
        let first = [&0x0002_u64.to_be_bytes()[..], &[6], b"pc.ram", &[0]].concat();
        let section = b"QEVM\0\0\0\x03\x01\0\0\0\x02\x03ram\0\0\0\0\0\0\0\x04".to_vec();
        let head = [section, 0x2004_u64.to_be_bytes().to_vec(), block, first].concat();
        let middle = [zero, page].concat();
        let end = [&0x10_u64.to_be_bytes()[..], b"\x7e\0\0\0\x02\0"].concat();
        let times = length.div_ceil(middle.len() as u64);
        Self { parts: [head, middle, end], times, part: 0, at: 0 }
    }
}

impl Read for Long {
    fn read(&mut self, to: &mut [u8]) -> io::Result<usize> {
        while self.part < self.parts.len() && self.at == self.parts[self.part].len() {
            self.times -= u64::from(self.part == 1);
            self.part += usize::from(self.part != 1 || self.times == 0);
            self.at = 0;
        }
        let Some(part) = self.parts.get(self.part) else { return Ok(0) };
        let n = (&part[self.at..]).read(to)?;
        self.at += n;
        Ok(n)
    }
}
