//! Numbers and pieces of an input, front to back. Where it is used up there are zeros.

/// What is left of an input.
#[derive(Clone, Copy, Debug)]
pub struct Material<'d>(pub &'d [u8]);

impl<'d> Material<'d> {
    /// The next byte.
    pub fn byte(&mut self) -> u8 {
        self.piece(1).first().copied().unwrap_or(0)
    }

    /// The next two bytes.
    pub fn word(&mut self) -> u16 {
        u16::from_le_bytes([self.byte(), self.byte()])
    }

    /// As many of the next bytes as there are, at most so many.
    pub fn piece(&mut self, most: usize) -> &'d [u8] {
        let (piece, rest) = self.0.split_at(most.min(self.0.len()));
        self.0 = rest;
        piece
    }

    /// Whether there is anything left.
    pub const fn is_left(&self) -> bool {
        !self.0.is_empty()
    }
}
