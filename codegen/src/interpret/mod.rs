//! The reference interpreter: reads a file straight from the model into a tree that knows the place and the meaning of
//! every byte, and writes such a tree back.
//!
//! It is slow and plain on purpose. Nothing of it is shared with the emitters but the model, so that the two hold each
//! other to account.

mod bytes;
mod checksum;
mod coverage;
mod datum;
pub mod edit;
mod eval;
mod externs;
mod find;
mod following;
mod frame;
pub mod journal;
mod lazy;
mod look;
mod look_up;
mod not_found;
mod operators;
mod path;
mod read;
mod remember;
pub mod room;
mod state;
pub mod trace;
mod tree;
mod trouble;
mod write;

pub use bytes::{Bytes, FileBytes};
pub use datum::{Datum, guid_text};
pub use externs::{Asked, AskedReader, Externs, NoExterns, Untold};
pub use find::{find, locate};
pub use journal::{Scan, scan_journals};
pub use lazy::{Lazy, Wanted};
pub use look::{Look, Turn};
pub use not_found::{NotFound, Why};
pub use read::{read, read_asking, read_to_mend, read_wanted, read_watched, read_with};
pub use tree::{Blob, Node, Packed, Record, Value, What};
pub use trouble::Trouble;
pub use write::{derive, derive_with, write, write_with};

use crate::model::TypeId;

/// What is read, and from where.
#[derive(Debug, Clone, Copy)]
pub struct Start {
    /// The type of the value: the root, mostly.
    pub ty: TypeId,
    /// Absolute offset of its first byte.
    pub at: u64,
    /// Byte order for a type that takes it from its caller; `true` is big.
    pub big: bool,
}

/// What a reading gave.
#[derive(Debug, Clone)]
pub struct Reading {
    /// The value; after an error, as much of it as was read.
    pub root: Node,
    /// Soft rules that it breaks, in the order of a generated `check`; at most 1,000.
    pub findings: Vec<Trouble>,
    /// How many findings there were beyond these.
    pub left_out: u64,
    /// Why the value was refused.
    pub error: Option<Trouble>,
    /// Absolute offset behind the last byte that was read.
    pub end: u64,
}
