//! The tables of a file, and what follows from them.

use super::{VhdxContents, read_at};
use crate::Error;
use crate::runtime::Result;
use crate::runtime::journal::Storage;

/// Reads the tables of a file that is clean, or of a dirty one through [`overlay`](super::overlay). What lies between
/// them is not read, nor are the entries of the blocks.
pub(super) fn contents<S: Storage>(storage: &mut S) -> Result<VhdxContents> {
    read_at(storage, 0, ())
}

/// Whether the disk is a differencing one.
pub(super) fn has_parent(contents: &VhdxContents) -> Result<bool> {
    required(contents.has_parent(), "the item `file_parameters`")
}

/// What the number of blocks follows from, or what else does: tables without it are not read in the first place.
pub(super) fn required<T>(item: Option<T>, what: &'static str) -> Result<T> {
    item.ok_or_else(|| Error::uncomputed(what).field("metadata", 0))
}
