//! What a format says of its journal's entries. Generated code implements it for what it reads from an entry's first
//! bytes.

use super::{EntryBytes, Storage};
use crate::Result;

/// An entry of a journal, known by its head: what its first stride says. It is held for every place in the ring where
/// an entry may be, so it holds numbers and identifiers, and no list.
///
/// Nothing that a head says is believed before [`Entry::validate`]; then all of it is.
pub trait Entry: Sized {
    /// What the format says outside the ring, such as which log identifier is current.
    type Context;

    /// Whether no stride of a valid entry but its first has a head that is accepted and of a possible length. It is
    /// so where every stride begins with what it is, or where data that looks like a head is escaped.
    ///
    /// An entry that would cover another one's head is then dropped unread. So what is left to validate cannot
    /// overlap, and the scan takes every byte at most twice whatever a hostile ring claims. Without this it gives up,
    /// with class `limit`, when entries overlap so much that it would take more than sixteen times the ring.
    const MARKED: bool = false;

    /// The entry whose first stride this is; none when nothing that looks like an entry starts here.
    ///
    /// # Errors
    /// What is wrong with a head. The scan notes it and goes on one stride further.
    fn head(first: &[u8]) -> Result<Option<Self>>;

    /// Length of the entry in bytes, of which nothing is known yet.
    fn length(&self) -> u64;

    /// Whether the entry belongs to this journal as it is now. `accept` of a spec.
    fn accept(&self, context: &Self::Context) -> bool;

    /// Everything about an entry that its own bytes decide: its lists, signatures and numbers, and its checksum last.
    ///
    /// # Errors
    /// What makes it no entry. Class `io` ends the scan; it notes any other and goes on one stride further.
    fn validate<S: Storage>(&self, bytes: &mut EntryBytes<'_, S>) -> Result<()>;

    /// Whether it continues the sequence that `prev` ends; `prev` ends where it starts. `follows` of a spec.
    fn follows(&self, prev: &Self) -> bool;

    /// What is greatest in the last entry of the newest sequence. `newest` of a spec.
    fn newest(&self) -> i128;

    /// Offset from the ring's start of the first entry to replay. `tail` of a spec.
    fn tail(&self) -> u64;

    /// Asked of the last entry of the sequence: may it be replayed to a storage of `length` bytes? `require` of a spec.
    ///
    /// # Errors
    /// Why not.
    fn require(&self, _length: u64) -> Result<()> {
        Ok(())
    }

    /// Asked of the last entry of the sequence: bytes that the storage has at least after replay. `grow` of a spec.
    fn grow(&self) -> u64 {
        0
    }

    /// Gives every operation of a valid entry, in order. `apply` of a spec.
    ///
    /// # Errors
    /// Those of `each` and of the storage; `invalid` where an operation cannot be told. The journal is then refused.
    fn operations<S: Storage>(
        &self,
        bytes: &mut EntryBytes<'_, S>,
        each: &mut dyn FnMut(Operation<'_>) -> Result<()>,
    ) -> Result<()>;
}

/// One thing to do to the storage.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Operation<'a> {
    /// Offset in the storage of the first byte that changes.
    pub at: u64,
    /// What the bytes from there on become.
    pub what: What<'a>,
}

/// What an operation makes of the bytes it is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum What<'a> {
    /// This many zeros.
    Zeros(u64),
    /// These parts of the entry, one behind the other.
    Bytes(&'a [Part]),
}

/// A range of an entry, in bytes from its start.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Part {
    /// Offset in the entry of its first byte.
    pub at: u64,
    /// How many bytes.
    pub length: u64,
}

/// An entry and where it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Placed<E> {
    /// Offset of its first byte from the ring's start.
    pub start: u64,
    /// Its length in bytes, which is possible in this ring.
    pub length: u64,
    /// What its head says.
    pub entry: E,
}
