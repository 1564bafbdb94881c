//! Values for what a format lets vary although it says what should be there: reserved bytes, pins, padding.

use crate::len64;
use alloc::vec::Vec;
use core::fmt;

/// Bytes that a writer sets to zero and a reader must carry as they are.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Reserved<const N: usize>(pub [u8; N]);

impl<const N: usize> Reserved<N> {
    /// As a writer sets them.
    pub const ZERO: Self = Self([0; N]);

    /// Whether they are as a writer sets them.
    #[must_use]
    pub fn is_zero(&self) -> bool {
        self.0.iter().all(|b| *b == 0)
    }
}

impl<const N: usize> Default for Reserved<N> {
    fn default() -> Self {
        Self::ZERO
    }
}

impl<const N: usize> fmt::Debug for Reserved<N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_zero() { f.write_str("zero") } else { write!(f, "{:02x?}", self.0) }
    }
}

/// A field whose value the spec pins, and that may nevertheless hold another one. An `Other` that holds the pinned value is
/// not a valid value: it would be read back as [`Kept::AsPinned`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Kept<T> {
    /// What the spec says.
    #[default]
    AsPinned,
    /// What was found instead.
    Other(T),
}

impl<T> Kept<T> {
    /// Whether something else than the pinned value was found.
    #[must_use]
    pub const fn is_kept(&self) -> bool {
        matches!(self, Self::Other(_))
    }

    /// The value on the wire, where `pinned` is what the spec says.
    #[must_use]
    pub fn value_or(self, pinned: T) -> T {
        match self {
            Self::AsPinned => pinned,
            Self::Other(value) => value,
        }
    }

    /// What was found instead, if anything.
    #[must_use]
    pub const fn other(&self) -> Option<&T> {
        match self {
            Self::AsPinned => None,
            Self::Other(value) => Some(value),
        }
    }
}

impl<T: PartialEq> Kept<T> {
    /// The value of a field that was read as `found`, where `pinned` is what the spec says.
    #[must_use]
    pub fn read(found: T, pinned: &T) -> Self {
        if found == *pinned { Self::AsPinned } else { Self::Other(found) }
    }
}

/// Padding whose length other fields say, and that should be zero. An `Other` that is all zero is not a valid value.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub enum Padding {
    /// Zeros.
    #[default]
    Zero,
    /// What was found instead.
    Other(Vec<u8>),
}

impl Padding {
    /// Whether something else than zeros was found.
    #[must_use]
    pub const fn is_kept(&self) -> bool {
        matches!(self, Self::Other(_))
    }
}

impl Padding {
    /// Whether it can be written and read back as it is: kept bytes that are all zero are read as zeros.
    #[must_use]
    pub fn is_valid(&self) -> bool {
        match self {
            Self::Zero => true,
            Self::Other(b) => b.iter().any(|b| *b != 0),
        }
    }
}

/// Bytes to the end of what holds them, which should be zero. An `Other` that is all zero is not a valid value.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Zeros {
    /// How many zero bytes.
    Zero(u64),
    /// What was found instead.
    Other(Vec<u8>),
}

impl Zeros {
    /// Length in bytes.
    #[must_use]
    pub fn len(&self) -> u64 {
        match self {
            Self::Zero(n) => *n,
            Self::Other(b) => len64(b.len()),
        }
    }

    /// Whether there are no bytes.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Whether they are zeros.
    #[must_use]
    pub const fn is_zero(&self) -> bool {
        matches!(self, Self::Zero(_))
    }
}

impl Zeros {
    /// Whether it can be written and read back as it is: kept bytes that are all zero are read as zeros.
    #[must_use]
    pub fn is_valid(&self) -> bool {
        match self {
            Self::Zero(_) => true,
            Self::Other(b) => b.iter().any(|b| *b != 0),
        }
    }
}

impl Default for Zeros {
    fn default() -> Self {
        Self::Zero(0)
    }
}

impl From<u64> for Zeros {
    fn from(n: u64) -> Self {
        Self::Zero(n)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::format;
    use std::vec;

    #[test]
    fn reserved_shows_zero_as_a_word() {
        assert_eq!(format!("{:?}", Reserved::<40>::default()), "zero");
        assert_eq!(format!("{:?}", Reserved([0, 0xab])), "[00, ab]");
    }

    #[test]
    fn kept_tells_apart() {
        assert_eq!(Kept::read(5, &5), Kept::AsPinned);
        assert_eq!(Kept::read(6, &5), Kept::Other(6));
        assert_eq!(Kept::Other(6).value_or(5), 6);
        assert_eq!(Kept::AsPinned.value_or(5), 5);
        assert_eq!((Kept::Other(6).is_kept(), Kept::<u8>::default().other()), (true, None));
    }

    #[test]
    fn zeros_have_a_length() {
        assert_eq!(Zeros::from(9).len(), 9);
        assert_eq!(Zeros::Other(vec![1, 0]).len(), 2);
        assert!(Zeros::default().is_empty() && Zeros::default().is_zero());
        assert!(!Padding::default().is_kept());
    }
}
