//! Views of blocks in a slice, and lists of them that are decoded when they are looked at.

use core::fmt;
use core::iter::FusedIterator;

/// Something that looks at `N` bytes where they lie.
pub trait View<'a, const N: usize>: Sized {
    /// What it must be told beside the bytes: a byte order, arguments.
    type Context: Copy;

    /// Looks at the bytes. Nothing is checked.
    fn over(bytes: &'a [u8; N], context: Self::Context) -> Self;
}

/// A list of `N` bytes each, as it lies in a slice. Elements are decoded when they are looked at.
///
/// ```
/// use vmspec_runtime::{Elements, Endian};
///
/// let list = Elements::<u16, 2>::new(&[[0, 1], [0, 2]], Endian::Big);
/// assert_eq!((list.len(), list.get(1)), (2, Some(2)));
/// assert_eq!(list.iter().sum::<u16>(), 3);
/// ```
pub struct Elements<'a, V: View<'a, N>, const N: usize> {
    chunks: &'a [[u8; N]],
    context: V::Context,
}

impl<'a, V: View<'a, N>, const N: usize> Elements<'a, V, N> {
    /// The list over these bytes.
    #[inline]
    #[must_use]
    pub const fn new(chunks: &'a [[u8; N]], context: V::Context) -> Self {
        Self { chunks, context }
    }

    /// How many elements there are.
    #[inline]
    #[must_use]
    pub const fn len(&self) -> usize {
        self.chunks.len()
    }

    /// Whether there are none.
    #[inline]
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.chunks.is_empty()
    }

    /// An element.
    #[inline]
    #[must_use]
    pub fn get(&self, index: usize) -> Option<V> {
        self.chunks.get(index).map(|bytes| V::over(bytes, self.context))
    }

    /// The bytes of the elements.
    #[inline]
    #[must_use]
    pub const fn as_chunks(&self) -> &'a [[u8; N]] {
        self.chunks
    }

    /// All elements in order.
    #[inline]
    #[must_use]
    pub fn iter(&self) -> ElementsIter<'a, V, N> {
        ElementsIter { chunks: self.chunks.iter(), context: self.context }
    }
}

impl<'a, V: View<'a, N>, const N: usize> Clone for Elements<'a, V, N> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<'a, V: View<'a, N>, const N: usize> Copy for Elements<'a, V, N> {}

impl<'a, V: View<'a, N> + fmt::Debug, const N: usize> fmt::Debug for Elements<'a, V, N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.iter()).finish()
    }
}

impl<'a, V: View<'a, N>, const N: usize> IntoIterator for Elements<'a, V, N> {
    type Item = V;
    type IntoIter = ElementsIter<'a, V, N>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl<'a, V: View<'a, N>, const N: usize> IntoIterator for &Elements<'a, V, N> {
    type Item = V;
    type IntoIter = ElementsIter<'a, V, N>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

/// The elements of [`Elements`] in order.
pub struct ElementsIter<'a, V: View<'a, N>, const N: usize> {
    chunks: core::slice::Iter<'a, [u8; N]>,
    context: V::Context,
}

impl<'a, V: View<'a, N>, const N: usize> Iterator for ElementsIter<'a, V, N> {
    type Item = V;

    #[inline]
    fn next(&mut self) -> Option<V> {
        self.chunks.next().map(|bytes| V::over(bytes, self.context))
    }

    #[inline]
    fn size_hint(&self) -> (usize, Option<usize>) {
        self.chunks.size_hint()
    }

    #[inline]
    fn nth(&mut self, n: usize) -> Option<V> {
        self.chunks.nth(n).map(|bytes| V::over(bytes, self.context))
    }
}

impl<'a, V: View<'a, N>, const N: usize> DoubleEndedIterator for ElementsIter<'a, V, N> {
    #[inline]
    fn next_back(&mut self) -> Option<V> {
        self.chunks.next_back().map(|bytes| V::over(bytes, self.context))
    }
}

impl<'a, V: View<'a, N>, const N: usize> ExactSizeIterator for ElementsIter<'a, V, N> {}
impl<'a, V: View<'a, N>, const N: usize> FusedIterator for ElementsIter<'a, V, N> {}

impl<'a, const N: usize> View<'a, N> for &'a [u8; N] {
    type Context = ();

    #[inline]
    fn over(bytes: &'a [u8; N], (): ()) -> Self {
        bytes
    }
}

macro_rules! numbers {
    ($($t:ty, $n:literal;)*) => { $(
        impl<'a> View<'a, $n> for $t {
            type Context = crate::Endian;

            #[inline]
            fn over(bytes: &'a [u8; $n], order: crate::Endian) -> Self {
                match order {
                    crate::Endian::Little => Self::from_le_bytes(*bytes),
                    crate::Endian::Big => Self::from_be_bytes(*bytes),
                }
            }
        }
    )* };
}
numbers! {
    u8, 1;
    u16, 2;
    u32, 4;
    u64, 8;
    i8, 1;
    i16, 2;
    i32, 4;
    i64, 8;
    f32, 4;
    f64, 8;
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Endian;
    use std::format;
    use std::vec::Vec;

    #[test]
    fn elements_are_decoded_in_their_order() {
        let list = Elements::<u32, 4>::new(&[[1, 0, 0, 0], [0, 1, 0, 0], [0, 0, 1, 0]], Endian::Little);
        assert_eq!((list.len(), list.is_empty(), list.get(3)), (3, false, None));
        assert_eq!(list.iter().rev().collect::<Vec<_>>(), [0x1_0000, 0x100, 1]);
        assert_eq!((list.iter().len(), list.iter().nth(1)), (3, Some(0x100)));
        assert_eq!(format!("{list:?}"), "[1, 256, 65536]");
        assert_eq!(list.into_iter().count(), 3);
    }

    #[test]
    fn bytes_stay_where_they_are() {
        let bytes = [[1, 2], [3, 4]];
        let list = Elements::<&[u8; 2], 2>::new(&bytes, ());
        assert!(list.get(1).is_some_and(|it| core::ptr::eq(it, &raw const bytes[1])));
        assert_eq!(list.as_chunks().len(), 2);
    }
}
