//! What changes from the inside and is not `Copy`. Not a `RefCell`: that panics where a borrow stands in the way of another.

use core::cell::Cell;
use core::fmt;

/// A value that is taken out for as long as it is used, and then put back. Whoever came to it meanwhile would find an empty one, so
/// what is done with it calls nobody who could.
pub(crate) struct Inside<T>(Cell<T>);

impl<T> Inside<T> {
    pub(crate) const fn new(value: T) -> Self {
        Self(Cell::new(value))
    }

    /// Puts another value in its place.
    pub(crate) fn set(&self, value: T) {
        self.0.set(value);
    }
}

impl<T: Default> Inside<T> {
    /// Does something with the value.
    #[inline]
    pub(crate) fn with<R>(&self, act: impl FnOnce(&mut T) -> R) -> R {
        let mut value = self.0.take();
        let result = act(&mut value);
        self.0.set(value);
        result
    }

    /// Takes the value, and leaves an empty one.
    pub(crate) fn take(&self) -> T {
        self.0.take()
    }
}

impl<T: Default> Default for Inside<T> {
    fn default() -> Self {
        Self::new(T::default())
    }
}

impl<T: Default + Clone> Clone for Inside<T> {
    fn clone(&self) -> Self {
        Self::new(self.with(|value| value.clone()))
    }
}

impl<T: Default + PartialEq> PartialEq for Inside<T> {
    fn eq(&self, other: &Self) -> bool {
        // One cannot be taken out twice.
        core::ptr::eq(self, other) || self.with(|one| other.with(|two| one == two))
    }
}

impl<T: Default + fmt::Debug> fmt::Debug for Inside<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.with(|value| value.fmt(f))
    }
}

#[cfg(test)]
mod tests {
    use super::Inside;
    use alloc::format;
    use alloc::vec;
    use alloc::vec::Vec;

    #[test]
    fn what_is_taken_out_is_put_back() {
        let inside = Inside::<Vec<u8>>::default();
        inside.with(|bytes| bytes.push(7));
        assert_eq!((inside.with(|bytes| bytes.len()), format!("{inside:?}")), (1, "[7]".into()));
        let other = inside.clone();
        assert!(inside == other && inside == inside.clone());
        other.set(vec![8, 9]);
        assert!(inside != other);
        assert_eq!((other.take(), other.with(|bytes| bytes.is_empty())), (vec![8, 9], true));
    }

    /// One and the same cell is compared with itself as any two are.
    #[test]
    fn a_value_is_itself() {
        let inside = Inside::new(vec![1]);
        let again = &inside;
        assert!(inside == *again);
        assert_eq!(inside.take(), [1]);
    }
}
