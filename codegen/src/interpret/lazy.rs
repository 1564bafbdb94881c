//! Lists whose elements are read one by one: where such a list lies, and those of its elements that were asked for.

use super::journal::Ring;
use super::tree::Node;
use std::collections::BTreeMap;

/// A list of elements of constant size that stay in the file until they are asked for.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Lazy {
    /// Where it starts in the file that it was read from.
    pub source: u64,
    /// How many elements it has.
    pub count: u64,
    /// Size of each.
    pub step: u64,
    /// Those that were asked for, by index. The others are copied from the file when it is written.
    pub held: BTreeMap<u64, Node>,
    /// What else is known of a list of an entry of a journal.
    pub of_entry: Option<Box<OfEntry>>,
}

/// What is known of a list of an entry of a journal, all of whose elements were looked at.
#[derive(Debug, Clone, PartialEq)]
pub struct OfEntry {
    /// What was summed up of them, by its text.
    pub totals: Vec<(String, Option<i128>)>,
    /// The ring that they lie in, at whose end they may come round. None before they were brought to their places.
    pub ring: Option<Ring>,
}

/// Which elements of such lists are held when a value is read.
#[derive(Debug, Clone, Default)]
pub struct Wanted {
    /// So many of the first, and the last.
    pub first: u64,
    /// Those at these paths, such as `table[17]`; what comes behind the index does not matter.
    pub paths: Vec<String>,
    /// Whether all elements are looked at, also those that are not held: one that is refused is the error.
    pub checked: bool,
}

/// A run of a list's elements.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Run<'l> {
    /// One that is held, and its index.
    Held(u64, &'l Node),
    /// So many bytes from an offset of the source.
    Copied(u64, u64),
}

impl Lazy {
    /// How many elements there are, as far as that can be counted.
    #[must_use]
    pub fn len(&self) -> usize {
        usize::try_from(self.count).unwrap_or(usize::MAX)
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// An element that is held.
    #[must_use]
    pub fn get(&self, index: usize) -> Option<&Node> {
        self.held.get(&u64::try_from(index).unwrap_or(u64::MAX))
    }

    /// The bytes of all elements.
    #[must_use]
    pub fn size(&self) -> u64 {
        self.count.saturating_mul(self.step)
    }

    /// Where an element lies from the start of the list on.
    #[must_use]
    pub fn offset(&self, index: u64) -> u64 {
        index.saturating_mul(self.step)
    }

    /// Where an element lies in the file.
    #[must_use]
    pub fn place(&self, index: u64) -> u64 {
        let at = self.source.saturating_add(self.offset(index));
        self.ring().map_or(at, |ring| ring.folded(at))
    }

    /// The ring that it lies in, where it is of an entry of a journal.
    #[must_use]
    pub fn ring(&self) -> Option<Ring> {
        self.of_entry.as_ref()?.ring
    }

    /// All elements in order.
    #[must_use]
    pub fn runs(&self) -> Vec<Run<'_>> {
        let (mut out, mut next) = (Vec::new(), 0);
        for (index, node) in self.held.range(..self.count) {
            self.copied(next, *index, &mut out);
            out.push(Run::Held(*index, node));
            next = index.saturating_add(1);
        }
        self.copied(next, self.count, &mut out);
        out
    }

    fn copied<'l>(&'l self, from: u64, to: u64, out: &mut Vec<Run<'l>>) {
        if from < to {
            let len = self.offset(to.saturating_sub(from));
            out.push(Run::Copied(self.source.saturating_add(self.offset(from)), len));
        }
    }
}

impl Wanted {
    /// What a reader looks at that is to say all that is wrong, with the elements at these paths.
    #[must_use]
    pub fn checked(paths: impl IntoIterator<Item = String>) -> Self {
        Self { first: 0, paths: paths.into_iter().collect(), checked: true }
    }

    /// The indices of a list at this path that are held, in order.
    #[must_use]
    pub fn of(&self, list: &str, count: u64) -> Vec<u64> {
        let index = |path: &String| {
            let (digits, _) = path.strip_prefix(list)?.strip_prefix('[')?.split_once(']')?;
            digits.parse::<u64>().ok()
        };
        let end = count.checked_sub(1).filter(|_| self.first > 0);
        let mut all: Vec<u64> = (0..self.first.min(count)).chain(end).collect();
        all.extend(self.paths.iter().filter_map(index).filter(|index| *index < count));
        all.sort_unstable();
        all.dedup();
        all
    }
}

#[cfg(test)]
mod tests {
    use super::{Lazy, Run, Wanted};
    use crate::interpret::tree::{Node, Value, What};

    fn wanted(first: u64, paths: &[&str]) -> Wanted {
        Wanted { first, paths: paths.iter().map(|path| (*path).to_owned()).collect(), checked: false }
    }

    #[test]
    fn the_ends_and_what_is_named_are_held() {
        assert_eq!(wanted(2, &[]).of("a", 9), [0, 1, 8]);
        assert_eq!(wanted(2, &[]).of("a", 1), [0]);
        assert_eq!(wanted(2, &[]).of("a", 0), Vec::<u64>::new());
        assert_eq!(wanted(0, &["a.b[7]", "a.b[3].x", "a.b[9]", "a.bc[1]", "a.b", "a.b[x]"]).of("a.b", 9), [3, 7]);
        assert_eq!(wanted(1, &["a[0]"]).of("a", 4), [0, 3]);
    }

    #[test]
    fn what_is_not_held_is_copied() {
        let node = |i| Node { what: What::Element(i), at: 0, len: 4, value: Value::Int(1) };
        let mut list = Lazy { source: 100, count: 6, step: 4, ..Lazy::default() };
        assert_eq!(list.runs(), [Run::Copied(100, 24)]);
        list.held.extend([(1, node(1)), (2, node(2)), (5, node(5))]);
        let (one, two, five) = (node(1), node(2), node(5));
        let expected =
            [Run::Copied(100, 4), Run::Held(1, &one), Run::Held(2, &two), Run::Copied(112, 8), Run::Held(5, &five)];
        assert_eq!(list.runs(), expected);
        assert_eq!((list.size(), list.get(2).is_some(), list.get(3).is_some()), (24, true, false));
    }
}
