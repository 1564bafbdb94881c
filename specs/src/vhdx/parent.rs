//! What a differencing disk says of its parent.

use super::contents::contents;
use crate::runtime::Result;
use crate::runtime::journal::Storage;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

/// What the file says of its parent, as names with values; nothing for a disk without one. The file is to be clean, or
/// read through [`overlay`](super::overlay).
///
/// The name `parent_linkage` is the `data_write_guid` that the parent must have. `relative_path`, `volume_path` and
/// `absolute_win32_path` say where it is, to be tried in this order (MS-VHDX 2.6.2.6.3).
///
/// # Errors
/// Those of the rules that the tables break; those of the storage.
pub fn parent<S: Storage>(storage: &mut S) -> Result<Vec<(String, String)>> {
    let contents = contents(storage)?;
    let entries = contents.metadata.parent_locator.iter().flat_map(|locator| &locator.entries);
    Ok(entries.map(|it| (it.key.to_string(), it.value.to_string())).collect())
}
