//! A field that stands in several places.

use super::{Expr, Policy};

/// `copies`: where a field stands, and which of its copies counts.
#[derive(Debug, Clone)]
pub struct Copies {
    /// Where each starts, ascending, from the start of the struct that holds the field. There are at least two.
    pub at: Vec<u64>,
    /// What becomes of the bytes between two copies.
    pub gap: Policy,
    /// The number that is greatest in the valid copy that counts (`it` is the copy); without it the first valid one counts.
    pub newest: Option<Expr>,
    /// Size of a copy in bytes.
    pub size: u64,
}

impl Copies {
    /// From the start of the first copy to the end of the last.
    #[must_use]
    pub fn span(&self) -> u64 {
        let (first, last) = (self.at.first().copied().unwrap_or(0), self.at.last().copied().unwrap_or(0));
        last.saturating_sub(first).saturating_add(self.size)
    }

    /// Where each copy starts, counted from the first.
    pub fn places(&self) -> impl Iterator<Item = u64> + '_ {
        let first = self.at.first().copied().unwrap_or(0);
        self.at.iter().map(move |at| at.saturating_sub(first))
    }
}
