//! What follows a place where a reader looks ahead, as far as a writer knows it yet.

use crate::{Input, Result, Source};

/// The bytes behind a place: those that were written, and whether that is all there will be.
#[derive(Clone, Copy, Debug)]
pub struct Next<'a> {
    bytes: &'a [u8],
    ended: bool,
}

impl<'a> Next<'a> {
    /// These bytes; `ended` when no more follow, or a window ends behind them.
    #[must_use]
    pub const fn new(bytes: &'a [u8], ended: bool) -> Self {
        Self { bytes, ended }
    }

    /// The next `N` bytes: none where fewer follow, and nothing at all where that is not known yet.
    #[must_use]
    pub fn peek<const N: usize>(&self) -> Option<Option<[u8; N]>> {
        match self.bytes.first_chunk() {
            Some(b) => Some(Some(*b)),
            None => self.ended.then_some(None),
        }
    }

    /// What [`Source::follows`] will say; nothing where that is not known yet.
    #[must_use]
    pub fn follows(&self, tag: u8, name: &[u8]) -> Option<bool> {
        let text = match self.bytes {
            [first, ..] if *first != tag => return Some(false),
            [] | [_] => return self.ended.then_some(false),
            [_, length, text @ ..] => Text { text, length: (*length).into() },
        };
        if text.length <= name.len() || text.differs_from(name) {
            return Some(false);
        }
        if text.text.len() >= text.length { Some(true) } else { self.ended.then_some(false) }
    }
}

/// A text with its length in front, of which not all may be there.
struct Text<'a> {
    text: &'a [u8],
    length: usize,
}

impl Text<'_> {
    fn differs_from(&self, name: &[u8]) -> bool {
        self.text.iter().zip(name).any(|(a, b)| a != b)
    }
}

impl<I: Input> Source<I> {
    /// Whether the byte `tag` follows, and behind it a text, with its length in a byte in front, that begins with `name` and is
    /// longer. Nothing is taken. What ends too early does not follow.
    ///
    /// # Errors
    /// Those of the reader.
    pub fn follows(&mut self, tag: u8, name: &[u8]) -> Result<bool> {
        if self.peek::<1>()? != Some([tag]) {
            return Ok(false);
        }
        let Some([_, length]) = self.peek::<2>()? else { return Ok(false) };
        if usize::from(length) <= name.len() {
            return Ok(false);
        }
        let whole = self.peek_bytes(u16::from(length).saturating_add(2))?;
        Ok(whole.is_some_and(|all| all.get(2..).is_some_and(|text| text.starts_with(name))))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Cursor, SliceInput};

    const LINES: &[(&[u8], bool)] = &[
        (b"", false),
        (b"\x05", false),
        (b"\x04\x05dev/a", false),
        (b"\x05\x05dev/a", true),
        (b"\x05\x05dev/a\x00\x01", true),
        (b"\x05\x05dev/", false),
        (b"\x05\x03dev", false),
        (b"\x05\x05dew/a", false),
        (b"\x05\xffdev/a", false),
    ];

    #[test]
    fn a_writer_knows_what_a_reader_will_find() -> Result<()> {
        for (bytes, wanted) in LINES {
            assert_eq!(Cursor::new(SliceInput(bytes), 0).follows(5, b"dev")?, *wanted, "{bytes:?}");
            assert_eq!(Next::new(bytes, true).follows(5, b"dev"), Some(*wanted), "{bytes:?}");
            let early = (0..=bytes.len()).filter_map(|n| Next::new(bytes.get(..n)?, false).follows(5, b"dev"));
            assert!(early.into_iter().all(|known| known == *wanted), "{bytes:?}");
        }
        Ok(())
    }

    #[test]
    fn a_number_is_absent_where_fewer_bytes_follow() {
        assert_eq!(Next::new(&[1], false).peek::<2>(), None);
        assert_eq!(Next::new(&[1], true).peek::<2>(), Some(None));
        assert_eq!(Next::new(&[1, 2, 3], false).peek(), Some(Some([1, 2])));
    }
}
