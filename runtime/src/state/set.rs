//! Keys that were there.

use crate::inside::Inside;
use alloc::borrow::ToOwned;
use alloc::collections::BTreeSet;
use core::borrow::Borrow;

/// A set of keys, of which there may be only so many. Looking one up takes time with the logarithm of their number, whatever
/// the keys are.
#[derive(Clone, Debug, PartialEq)]
pub struct Set<K> {
    keys: Inside<BTreeSet<K>>,
    max: u64,
}

impl<K: Ord> Set<K> {
    /// No keys, with room for so many.
    #[must_use]
    pub const fn new(max: u64) -> Self {
        Self { keys: Inside::new(BTreeSet::new()), max }
    }

    /// Whether a key was remembered.
    #[must_use]
    pub fn has<Q: Ord + ToOwned<Owned = K> + ?Sized>(&self, key: &Q) -> bool
    where
        K: Borrow<Q>,
    {
        self.keys.with(|keys| keys.contains(key))
    }

    /// Remembers a key; one that is there is not copied again.
    ///
    /// # Errors
    /// How many there would be, where that is too many.
    pub fn remember<Q: Ord + ToOwned<Owned = K> + ?Sized>(&self, key: &Q) -> Result<(), u64>
    where
        K: Borrow<Q>,
    {
        if self.has(key) {
            return Ok(());
        }
        let wanted = self.keys.with(|keys| crate::len64(keys.len())).saturating_add(1);
        if wanted > self.max {
            return Err(wanted);
        }
        let key = key.to_owned();
        self.keys.with(|keys| keys.insert(key));
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::vec::Vec;

    #[test]
    fn keys_up_to_the_most() {
        let set: Set<Vec<u8>> = Set::new(2);
        assert_eq!((set.remember(b"a".as_slice()), set.remember(b"\xff".as_slice())), (Ok(()), Ok(())));
        assert_eq!(set.remember(b"a".as_slice()), Ok(()));
        assert_eq!(set.remember(b"b".as_slice()), Err(3));
        assert!(set.has(b"\xff".as_slice()) && !set.has(b"b".as_slice()));
    }

    #[test]
    fn numbers_are_keys_too() {
        let set: Set<u32> = Set::new(1);
        assert_eq!((set.remember(&7), set.has(&7), set.has(&8)), (Ok(()), true, false));
    }
}
