//! A writer that keeps nothing: it holds what is written against a file, and stops at the first difference.

use std::fmt;
use std::io::{self, BufRead, Write};

/// Compares what is written with what a reader holds.
pub struct Compare<R> {
    original: R,
    position: u64,
    difference: Option<Difference>,
}

/// The first place where the two are not the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Difference {
    /// Where.
    pub offset: u64,
    /// The file's byte, or none where it has ended.
    pub in_file: Option<u8>,
    /// The byte written, or none where writing has ended.
    pub written: Option<u8>,
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "differs at {:#x}: ", self.offset)?;
        match self.in_file {
            Some(byte) => write!(f, "{byte:#04x} in the file, ")?,
            None => f.write_str("the file ends there, ")?,
        }
        match self.written {
            Some(byte) => write!(f, "{byte:#04x} written"),
            None => f.write_str("nothing written"),
        }
    }
}

impl<R: BufRead> Compare<R> {
    /// Compares with a reader whose next byte is at `position`.
    pub fn new(original: R, position: u64) -> Self {
        Self { original, position, difference: None }
    }

    /// How far the two are the same.
    pub fn position(&self) -> u64 {
        self.position
    }

    /// The difference that stopped the writing, if one did.
    pub fn difference(&self) -> Option<Difference> {
        self.difference
    }

    /// The difference once all is written, the file's going on behind it included.
    pub fn finish(mut self) -> io::Result<Option<Difference>> {
        if self.difference.is_none() {
            let next = self.original.fill_buf()?.first().copied();
            self.difference = next.map(|byte| self.differ(Some(byte), None));
        }
        Ok(self.difference)
    }

    fn differ(&self, in_file: Option<u8>, written: Option<u8>) -> Difference {
        Difference { offset: self.position, in_file, written }
    }

    /// Counts `n` bytes that are the same.
    fn pass(&mut self, n: usize) {
        self.original.consume(n);
        let step = u64::try_from(n).unwrap_or(u64::MAX);
        self.position = self.position.saturating_add(step);
    }
}

impl<R: BufRead> Write for Compare<R> {
    fn write(&mut self, written: &[u8]) -> io::Result<usize> {
        let held = self.original.fill_buf()?;
        let length = held.len().min(written.len());
        let (held_part, written_part) = (held.get(..length), written.get(..length));
        if length > 0 && held_part == written_part {
            self.pass(length);
            return Ok(length);
        }
        if written.is_empty() {
            return Ok(0);
        }
        let same = held.iter().zip(written).take_while(|(a, b)| a == b).count();
        let (in_file, byte) = (held.get(same).copied(), written.get(same).copied());
        self.pass(same);
        self.difference = Some(self.differ(in_file, byte));
        Err(io::Error::other("it differs from the file"))
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::{Compare, Difference};
    use std::io::{BufReader, Write};

    /// The buffer is small so that every comparison runs over its end.
    fn compare(file: &[u8], written: &[u8]) -> Option<Difference> {
        let mut compare = Compare::new(BufReader::with_capacity(4, file), 0x10);
        let _ = compare.write_all(written);
        compare.finish().unwrap_or_default()
    }

    fn difference(offset: u64, in_file: Option<u8>, written: Option<u8>) -> Difference {
        Difference { offset, in_file, written }
    }

    #[test]
    fn the_same_bytes_are_no_difference() {
        assert_eq!(compare(b"", b""), None);
        assert_eq!(compare(b"a longer text", b"a longer text"), None);
    }

    #[test]
    fn the_first_other_byte_is_found() {
        let expected = difference(0x18, Some(b' '), Some(b'_'));
        assert_eq!(compare(b"a longer text", b"a longer_text"), Some(expected));
    }

    #[test]
    fn the_longer_one_is_found() {
        let longer = difference(0x14, Some(b'e'), None);
        assert_eq!(compare(b"abcde", b"abcd"), Some(longer));
        let shorter = difference(0x14, None, Some(b'e'));
        assert_eq!(compare(b"abcd", b"abcde"), Some(shorter));
    }

    #[test]
    fn it_reads_aloud() {
        let shown = |in_file, written| difference(0x1c, in_file, written).to_string();
        let both = "differs at 0x1c: 0x00 in the file, 0x01 written";
        let longer = "differs at 0x1c: 0x00 in the file, nothing written";
        let shorter = "differs at 0x1c: the file ends there, 0x01 written";
        assert_eq!(shown(Some(0), Some(1)), both);
        assert_eq!(shown(Some(0), None), longer);
        assert_eq!(shown(None, Some(1)), shorter);
    }
}
