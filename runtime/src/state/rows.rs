//! Rows in the order in which they came. None moves or changes, so that each can be handed out while others are added.

use alloc::boxed::Box;
use core::cell::OnceCell;

/// How many rows the first chunk has room for; each further one has twice the room.
const FIRST: usize = 8;

/// A list that only grows.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Rows<R>(OnceCell<Box<Chunk<R>>>);

#[derive(Clone, Debug, PartialEq)]
struct Chunk<R> {
    rows: Box<[OnceCell<R>]>,
    next: Rows<R>,
}

impl<R> Rows<R> {
    pub(super) const fn new() -> Self {
        Self(OnceCell::new())
    }

    /// The row of this index. Chunks double, so few are passed.
    pub(super) fn get(&self, index: usize) -> Option<&R> {
        let (mut index, mut at) = (index, self);
        loop {
            let chunk = at.0.get()?;
            match index.checked_sub(chunk.rows.len()) {
                None => return chunk.rows.get(index)?.get(),
                Some(behind) => (index, at) = (behind, &chunk.next),
            }
        }
    }

    /// Puts a row at the index behind the last one.
    pub(super) fn push(&self, index: usize, row: R) {
        let (mut index, mut at, mut room) = (index, self, FIRST);
        loop {
            // Not `get_or_init`, which panics where what it calls comes back to it.
            if at.0.get().is_none() {
                let _ = at.0.set(Box::new(Chunk::new(room)));
            }
            let Some(chunk) = at.0.get() else { return };
            match index.checked_sub(chunk.rows.len()) {
                None => {
                    if let Some(slot) = chunk.rows.get(index) {
                        let _ = slot.set(row);
                    }
                    return;
                }
                Some(behind) => (index, at, room) = (behind, &chunk.next, room.saturating_mul(2)),
            }
        }
    }
}

impl<R> Chunk<R> {
    fn new(room: usize) -> Self {
        Self { rows: core::iter::repeat_with(OnceCell::new).take(room).collect(), next: Rows::new() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_stay_while_others_come() {
        let rows = Rows::new();
        assert_eq!(rows.get(0), None);
        rows.push(0, 0_usize);
        let first = rows.get(0);
        (1..1000).for_each(|i| rows.push(i, i));
        assert_eq!(first, Some(&0));
        assert!((0..1000).all(|i| rows.get(i) == Some(&i)));
        assert_eq!((rows.get(1000), rows.get(usize::MAX)), (None, None));
    }
}
