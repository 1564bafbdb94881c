//! What depends on bytes that follow: the end, the next bytes, text up to its NUL.

use crate::source::unknown_length;
use crate::{Class, Error, Found, Input, Result, Source, len64};
use alloc::ffi::CString;
use alloc::vec;
use alloc::vec::Vec;

impl<I: Input> Source<I> {
    /// Whether nothing is left: in the window, or without one in the input.
    ///
    /// # Errors
    /// Those of the reader.
    pub fn is_done(&mut self) -> Result<bool> {
        if self.in_window() || self.room() == 0 {
            return Ok(self.room() == 0);
        }
        self.left_at_least(1).map(|more| !more)
    }

    /// Whether at least `n` bytes are left: in the window, or without one in the input.
    ///
    /// # Errors
    /// Those of the reader; class `needs_source` for more than 1 MiB of an input whose length is not known.
    pub fn left_at_least(&mut self, n: u64) -> Result<bool> {
        if self.in_window() {
            return Ok(self.room() >= n);
        }
        if let Some(left) = self.left()? {
            return Ok(left >= n);
        }
        let at = self.position;
        let known = self.input.at_least(n).map_err(|e| Error::io(at, e))?;
        known.ok_or_else(|| unknown_length(at))
    }

    /// The next `N` bytes, not taken; none when fewer are left in the window or the input.
    ///
    /// # Errors
    /// Those of the reader.
    pub fn peek<const N: usize>(&mut self) -> Result<Option<[u8; N]>> {
        let mut b = [0; N];
        Ok(self.peek_into(&mut b)?.then_some(b))
    }

    /// The next `n` bytes, not taken; none when fewer are left in the window or the input. For a look ahead whose length is
    /// known when it runs.
    ///
    /// # Errors
    /// Those of the reader.
    pub fn peek_bytes(&mut self, n: u16) -> Result<Option<Vec<u8>>> {
        let mut b = vec![0; n.into()];
        Ok(self.peek_into(&mut b)?.then_some(b))
    }

    fn peek_into(&mut self, to: &mut [u8]) -> Result<bool> {
        self.settle()?;
        if len64(to.len()) > self.room() {
            return Ok(false);
        }
        let at = self.position;
        let got = self.input.peek(to).map_err(|e| Error::io(at, e))?;
        Ok(got == to.len())
    }

    /// Text up to and with its NUL, which is not part of it. A seekable reader is read in chunks, never past the window.
    ///
    /// # Errors
    /// When the input (`truncated`) or the window (`invalid`) ends before the NUL.
    pub fn cstring(&mut self) -> Result<CString> {
        self.settle()?;
        let at = self.position;
        let room = usize::try_from(self.room()).unwrap_or(usize::MAX);
        let mut text = Vec::new();
        let ends = self.input.until_nul(room, &mut text);
        let ends = ends.map_err(|e| Error::io(at, e))?;
        self.position = at.saturating_add(len64(text.len()));
        let bounded = self.in_window() && text.len() == room;
        if !ends {
            return Err(unterminated(at, bounded));
        }
        CString::from_vec_with_nul(text).map_err(|_| unterminated(at, bounded))
    }
}

/// Text at `at` that has no NUL; `bounded` when it is a window that ends, and not the input.
#[cold]
pub(crate) fn unterminated(at: u64, bounded: bool) -> Error {
    let class = if bounded { Class::Invalid } else { Class::Truncated };
    Error::new(class, "text that ends in a NUL", Found::Nothing).located(at)
}
