//! Rows by their keys.

use super::rows::Rows;
use crate::inside::Inside;
use crate::{Fault, Found, Rule};
use alloc::borrow::ToOwned;
use alloc::collections::BTreeMap;
use core::borrow::Borrow;

/// A row for each key, of which there may be only so many. Looking one up takes time with the logarithm of their number,
/// whatever the keys are.
#[derive(Clone, Debug, PartialEq)]
pub struct Table<K, R> {
    /// The key of each row, and its index.
    index: Inside<BTreeMap<K, usize>>,
    rows: Rows<R>,
    max: u64,
}

/// Why a row cannot be remembered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refused {
    /// There is another row under its key.
    Different,
    /// There would be this many, which is too many.
    Full(u64),
}

impl<K: Ord, R> Table<K, R> {
    /// No rows, with room for so many.
    #[must_use]
    pub const fn new(max: u64) -> Self {
        Self { index: Inside::new(BTreeMap::new()), rows: Rows::new(), max }
    }

    /// Whether there is a row under a key.
    #[must_use]
    pub fn has<Q: Ord + ToOwned<Owned = K> + ?Sized>(&self, key: &Q) -> bool
    where
        K: Borrow<Q>,
    {
        self.index.with(|index| index.contains_key(key))
    }

    /// The row under a key.
    #[must_use]
    pub fn get<Q: Ord + ToOwned<Owned = K> + ?Sized>(&self, key: &Q) -> Option<&R>
    where
        K: Borrow<Q>,
    {
        let index = self.index.with(|index| index.get(key).copied())?;
        self.rows.get(index)
    }

    /// Remembers a row. Where there is one under its key, `same` says whether it is this one; `row` makes one that is new.
    ///
    /// # Errors
    /// Another row is there, or there are too many.
    pub fn remember<Q: Ord + ToOwned<Owned = K> + ?Sized>(
        &self,
        key: &Q,
        same: impl FnOnce(&R) -> bool,
        row: impl FnOnce() -> R,
    ) -> Result<(), Refused>
    where
        K: Borrow<Q>,
    {
        if let Some(known) = self.get(key) {
            return if same(known) { Ok(()) } else { Err(Refused::Different) };
        }
        let last = self.index.with(|index| index.len());
        let wanted = crate::len64(last).saturating_add(1);
        if wanted > self.max {
            return Err(Refused::Full(wanted));
        }
        self.rows.push(last, row());
        let key = key.to_owned();
        self.index.with(|index| index.insert(key, last));
        Ok(())
    }
}

impl Refused {
    /// The rule that is broken, of that on the number of rows and that on rows under one key, `at` bytes into the block.
    #[cold]
    #[must_use]
    pub fn fault(self, [full, same]: [&'static Rule; 2], at: u64, key: impl Into<Found>) -> Fault {
        match self {
            Self::Full(wanted) => full.fault(at, wanted),
            Self::Different => same.fault(at, key),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::boxed::Box;
    use alloc::vec::Vec;

    struct Row {
        name: Box<[u8]>,
    }

    fn remember(table: &Table<u32, Row>, key: u32, name: &[u8]) -> Result<(), Refused> {
        table.remember(&key, |row| *row.name == *name, || Row { name: name.into() })
    }

    #[test]
    fn one_row_for_each_key() {
        let table = Table::new(2);
        assert_eq!((remember(&table, 5, b"ram"), remember(&table, 5, b"ram")), (Ok(()), Ok(())));
        assert_eq!(remember(&table, 5, b"disk"), Err(Refused::Different));
        let first = table.get(&5);
        assert_eq!((remember(&table, 6, b"disk"), remember(&table, 7, b"")), (Ok(()), Err(Refused::Full(3))));
        assert_eq!(first.map(|row| &*row.name), Some(b"ram".as_slice()));
        assert!(table.has(&6) && !table.has(&7) && table.get(&7).is_none());
    }

    #[test]
    fn texts_are_looked_up_borrowed() {
        let table: Table<Vec<u8>, u64> = Table::new(9);
        assert_eq!(table.remember(b"\xff\0".as_slice(), |n| *n == 1, || 1), Ok(()));
        assert_eq!((table.get(b"\xff\0".as_slice()), table.get(b"\xff".as_slice())), (Some(&1), None));
    }
}
