//! What the library makes of a VHDX file, for the tests that hold it to the oracle.

#![allow(dead_code, unreachable_pub)]

use vmspec::vhdx;
use vmspec_runtime::journal::{Overlay, Storage, StorageMut};
use vmspec_runtime::{Guid, Result};

/// The identifier that a replay leaves in the headers.
pub const REPLAYED: Guid = Guid(*b"file was changed");

/// Replays the log of a file, and says how many entries that took; none where there was nothing to replay.
pub fn replay<S: StorageMut>(file: &mut S) -> Result<Option<usize>> {
    let recovery = vhdx::Recovery::find(file, vhdx::BrokenLog::Refuse)?;
    let entries = (!recovery.is_clean()).then(|| recovery.entries().len());
    recovery.run(file, REPLAYED)?;
    Ok(entries)
}

/// A file as it would be after replay.
pub fn overlay<S: Storage>(file: S) -> Result<Overlay<S>> {
    vhdx::overlay(file)
}
