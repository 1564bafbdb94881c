//! A value that stands in several places of a file, of which one counts: the newest valid copy, or the first valid one.

mod choose;
mod places;
mod read;
mod write;

pub use places::{Between, CopyPlaces};

use crate::{Class, Endian, Error, OwnOrder, Padding, Result, Wire};
use alloc::format;
use alloc::vec::Vec;
use core::ops::{Deref, DerefMut};

/// The copy that counts, which of the `N` it is, and what stands in the places of the others.
///
/// It derefs to the current copy. What is written must be what a reader would choose: writing fails where another copy is
/// newer, or as new and different.
///
/// ```
/// use vmspec_runtime::{Copies, OtherCopy};
///
/// let mut header: Copies<u32, 2> = Copies::new(7);
/// assert_eq!((*header, header.index(), header.other(1)), (7, 0, Some(&OtherCopy::Same)));
/// *header = 8; // the other copy is the same, and changes too
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Copies<T, const N: usize> {
    current: T,
    index: usize,
    /// What stands in each place; at `index` always `Same`.
    others: [OtherCopy; N],
    /// What stands before each copy but the first.
    gaps: [Padding; N],
}

/// What stands in the place of a copy that is not the current one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum OtherCopy {
    /// The same bytes as the current copy.
    #[default]
    Same,
    /// A valid copy with other bytes: an older one, or where the first valid copy counts, one behind it.
    Valid(Vec<u8>),
    /// Bytes that are no valid copy.
    Invalid(Vec<u8>),
}

impl OtherCopy {
    /// Its bytes, where they are not those of the current copy.
    #[must_use]
    pub fn bytes(&self) -> Option<&[u8]> {
        match self {
            Self::Same => None,
            Self::Valid(bytes) | Self::Invalid(bytes) => Some(bytes),
        }
    }

    /// Whether it is a valid copy.
    #[must_use]
    pub const fn is_valid(&self) -> bool {
        !matches!(self, Self::Invalid(_))
    }
}

impl<T, const N: usize> Copies<T, N> {
    /// All copies the same, and zeros between them.
    #[must_use]
    pub fn new(current: T) -> Self {
        let (others, gaps) = ([const { OtherCopy::Same }; N], [const { Padding::Zero }; N]);
        Self { current, index: 0, others, gaps }
    }

    /// The copy that counts.
    #[must_use]
    pub const fn current(&self) -> &T {
        &self.current
    }

    /// The copy that counts, alone.
    #[must_use]
    pub fn into_current(self) -> T {
        self.current
    }

    /// Which copy counts, from 0.
    #[must_use]
    pub const fn index(&self) -> usize {
        self.index
    }

    /// What stands in a place; nothing for the place of the current copy, and where there is no such place.
    #[must_use]
    pub fn other(&self, index: usize) -> Option<&OtherCopy> {
        self.others.get(index).filter(|_| index != self.index)
    }

    /// The copies that are not the current one, each with its number.
    pub fn others(&self) -> impl Iterator<Item = (usize, &OtherCopy)> {
        self.others.iter().enumerate().filter(|(i, _)| *i != self.index)
    }

    /// Puts something into a place; gives what stood there. Nothing happens to the place of the current copy.
    pub fn set_other(&mut self, index: usize, other: OtherCopy) -> Option<OtherCopy> {
        let place = self.others.get_mut(index).filter(|_| index != self.index)?;
        Some(core::mem::replace(place, other))
    }

    /// The bytes before a copy, back to the one before it; zeros for the first.
    #[must_use]
    pub fn gap(&self, index: usize) -> &Padding {
        self.gaps.get(index).unwrap_or(&Padding::Zero)
    }

    /// Sets the bytes before a copy; the first has none of its own.
    pub fn set_gap(&mut self, index: usize, gap: Padding) {
        if let Some(place) = self.gaps.get_mut(index).filter(|_| index > 0) {
            *place = gap;
        }
    }

    /// The place to write a new copy to, so that the current one stays as it is: the first that is not valid, else the one
    /// behind the current copy.
    #[must_use]
    pub fn next_index(&self) -> usize {
        let damaged = self.others.iter().position(|other| !other.is_valid());
        damaged.unwrap_or_else(|| self.index.saturating_add(1).checked_rem(N).unwrap_or(0))
    }
}

impl<T: Wire, const N: usize> Copies<T, N> {
    /// Makes `value` the current copy, in a place that is not that of the current one, which stays where it is as an older
    /// copy. Gives what stood there. `value` must be newer for a reader to choose it; [`Copies::next_index`] is a good place.
    ///
    /// # Errors
    /// Class `invalid` for the place of the current copy and for no place; those of writing the copy that was current.
    pub fn supersede_with(
        &mut self,
        index: usize,
        value: T,
        order: Endian,
        args: T::Args<'_>,
    ) -> Result<(T, OtherCopy)> {
        if index >= N || index == self.index {
            let expected = format!("one of {N} places, not that of the current copy");
            return Err(Error::new(Class::Invalid, expected, index));
        }
        let mut old = Vec::new();
        self.current.write_with(&mut old, order, args)?;
        let was = self.others.get(index).cloned().unwrap_or_default();
        for other in &mut self.others {
            if *other == OtherCopy::Same {
                *other = OtherCopy::Valid(old.clone());
            }
        }
        self.index = index;
        if let Some(own) = self.others.get_mut(index) {
            *own = OtherCopy::Same;
        }
        Ok((core::mem::replace(&mut self.current, value), was))
    }

    /// [`Copies::supersede_with`] for a type that needs no order, and no args or has defaults for them.
    ///
    /// # Errors
    /// As [`Copies::supersede_with`].
    pub fn supersede(&mut self, index: usize, value: T) -> Result<(T, OtherCopy)>
    where
        T: OwnOrder,
        for<'a> T::Args<'a>: Default,
    {
        self.supersede_with(index, value, Endian::Little, Default::default())
    }
}

impl<T, const N: usize> Deref for Copies<T, N> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.current
    }
}

impl<T, const N: usize> DerefMut for Copies<T, N> {
    fn deref_mut(&mut self) -> &mut T {
        &mut self.current
    }
}

/// All copies the same.
impl<T, const N: usize> From<T> for Copies<T, N> {
    fn from(current: T) -> Self {
        Self::new(current)
    }
}
