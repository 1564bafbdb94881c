//! What only a slice can do: lend.

use crate::lookahead::unterminated;
use crate::{Class, Cursor, Error, Result, SliceInput, len64};
use core::ffi::CStr;

impl<'a> Cursor<'a> {
    /// A slice that starts at the absolute offset `position`.
    #[must_use]
    pub const fn over(slice: &'a [u8], position: u64) -> Self {
        Self::new(SliceInput(slice), position)
    }

    /// A window that is held in one piece, starting at the absolute offset `position`. Going past its end is `invalid`,
    /// not `truncated`.
    #[must_use]
    pub fn inside(slice: &'a [u8], position: u64) -> Self {
        let mut window = Self::over(slice, position);
        window.limit = position.saturating_add(len64(slice.len()));
        window
    }

    /// The next `n` bytes.
    ///
    /// # Errors
    /// At the end of the slice or of the window.
    #[inline]
    pub fn slice(&mut self, n: u64) -> Result<&'a [u8]> {
        let at = self.position;
        self.claim(n)?;
        let n = usize::try_from(n).unwrap_or(usize::MAX);
        let Some((head, tail)) = self.input.0.split_at_checked(n) else {
            return Err(self.cut_off(at, n));
        };
        self.input.0 = tail;
        Ok(head)
    }

    /// The next `N` bytes.
    ///
    /// # Errors
    /// At the end of the slice or of the window.
    #[inline]
    pub fn array<const N: usize>(&mut self) -> Result<&'a [u8; N]> {
        let at = self.position;
        self.claim(len64(N))?;
        let Some((head, tail)) = self.input.0.split_first_chunk() else {
            return Err(self.cut_off(at, N));
        };
        self.input.0 = tail;
        Ok(head)
    }

    /// Text up to and with its NUL, which is not part of the length.
    ///
    /// # Errors
    /// When the slice or the window ends before the NUL.
    pub fn cstr(&mut self) -> Result<&'a CStr> {
        self.settle()?;
        let room = usize::try_from(self.room()).unwrap_or(usize::MAX);
        let bounded = self.in_window() && room <= self.input.0.len();
        let within = self.input.0.get(..room).unwrap_or(self.input.0);
        let Ok(text) = CStr::from_bytes_until_nul(within) else {
            return Err(unterminated(self.position, bounded));
        };
        let n = len64(text.count_bytes()).saturating_add(1);
        self.slice(n).map(|_| text)
    }

    /// The end of a slice that must be used up.
    ///
    /// # Errors
    /// When bytes are left over.
    pub fn finish(mut self) -> Result<()> {
        self.settle()?;
        match len64(self.input.0.len()) {
            0 => Ok(()),
            over => Err(Error::new(Class::Invalid, "a slice that is used up", over).located(self.position)),
        }
    }
}
