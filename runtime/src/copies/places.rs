//! Where the copies of a field are.

use crate::{Class, Copies, Findings, Found, Rule};

/// Where the copies of a field are, and what lies between them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CopyPlaces<const N: usize> {
    /// Where each starts, ascending, from the start of the struct that holds the field.
    pub at: [u64; N],
    /// Size of a copy in bytes.
    pub size: u64,
    /// What becomes of the bytes between two copies.
    pub between: Between,
}

/// What becomes of the bytes between two copies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Between {
    /// They are zero.
    Zero,
    /// They are held.
    Keep,
}

impl<const N: usize> CopyPlaces<N> {
    /// Copies of `size` bytes at these offsets.
    #[must_use]
    pub const fn new(at: [u64; N], size: u64, between: Between) -> Self {
        Self { at, size, between }
    }

    /// Where a copy starts, where the first starts at `first`.
    #[must_use]
    pub fn place(&self, first: u64, index: usize) -> u64 {
        let start = self.at.first().copied().unwrap_or(0);
        let at = self.at.get(index).copied().unwrap_or(start);
        first.saturating_add(at.saturating_sub(start))
    }

    /// The bytes before a copy, back to the end of the one before it; none before the first.
    pub(super) fn gap(&self, index: usize) -> u64 {
        let Some(before) = index.checked_sub(1).and_then(|i| self.at.get(i)) else { return 0 };
        let at = self.at.get(index).copied().unwrap_or(0);
        at.saturating_sub(before.saturating_add(self.size))
    }
}

impl Findings {
    /// Notes each copy that is not valid. The first is at the absolute offset `first`.
    pub fn copies<T, const N: usize>(
        &mut self,
        copies: &Copies<T, N>,
        places: &CopyPlaces<N>,
        rule: &'static Rule,
        first: u64,
    ) {
        debug_assert_eq!(rule.class, Class::Note);
        self.within("copies", |findings| {
            for (i, other) in copies.others() {
                let at = places.place(first, i);
                findings.element(i, |findings| findings.expect(other.is_valid(), rule, at, Found::Nothing));
            }
        });
    }
}
