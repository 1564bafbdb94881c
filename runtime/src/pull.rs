//! Pull readers: a value as events, with one element in memory and its payload still to be read.

use crate::Result;
use binrw::io;

/// Reads a value part by part from a plain reader.
pub trait PullReader {
    /// A part of the value.
    type Event;

    /// The next part; none at the end, and after an error. Payload that was not read is passed over.
    ///
    /// # Errors
    /// When the bytes break a rule or end early.
    fn next_event(&mut self) -> Result<Option<Self::Event>>;

    /// Reads of the payload that is pending; 0 when it is used up.
    ///
    /// # Errors
    /// Those of the reader; `UnexpectedEof` when the input ends before the payload does.
    fn read_pending(&mut self, to: &mut [u8]) -> io::Result<usize>;

    /// The same, reading ahead up to `capacity` bytes at once, so that payload which is passed over is not copied. Without it, the
    /// reader is never read past what is asked for.
    #[must_use]
    fn buffered(self, capacity: usize) -> Self
    where
        Self: Sized;

    /// Offset of the last event, in bytes: where the one before ends, with its payload.
    fn event_offset(&self) -> u64;
}

/// What one step of reading a type in parts gives: an event and how to go on, or what of the type is still needed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pulled<S, E, D = ()> {
    /// The state after the event, and the event.
    Event(S, E),
    /// All was read.
    Done(D),
}

/// Where a pull reader is in a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PullList {
    /// How many elements have been read.
    index: usize,
    /// How many are to come.
    left: u64,
}

impl PullList {
    /// Before a list that says itself where it ends.
    pub const OPEN: Self = Self::new(u64::MAX);

    /// Before a list of so many elements.
    #[must_use]
    pub const fn new(count: u64) -> Self {
        Self { index: 0, left: count }
    }

    /// Whether the last element has been read.
    #[must_use]
    pub const fn is_over(&self) -> bool {
        self.left == 0
    }

    /// The index of the next element, or of the one that is being read: how many have been read.
    #[must_use]
    pub const fn index(&self) -> usize {
        self.index
    }

    /// The index of the element before.
    #[must_use]
    pub const fn before(&self) -> usize {
        self.index.saturating_sub(1)
    }

    /// An element was read.
    pub const fn pass(&mut self) {
        self.index = self.index.saturating_add(1);
        self.left = self.left.saturating_sub(1);
    }

    /// The element that was read is the last, where `last` says so.
    pub const fn end_if(&mut self, last: bool) {
        if last {
            self.left = 0;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_end_by_count_or_by_an_element() {
        let mut list = PullList::new(1);
        assert_eq!((list.is_over(), list.index(), list.before()), (false, 0, 0));
        list.pass();
        assert_eq!((list.is_over(), list.index(), list.before()), (true, 1, 0));
        let mut list = PullList::OPEN;
        list.pass();
        list.end_if(false);
        assert!(!list.is_over());
        list.pass();
        list.end_if(true);
        assert_eq!((list.is_over(), list.index(), list.before()), (true, 2, 1));
        assert!(PullList::new(0).is_over());
    }
}
