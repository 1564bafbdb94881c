//! What a differencing disk says of its parent.

use super::region::{Items, regions};
use super::{ItemId, ParentLocator};
use crate::runtime::journal::Storage;
use crate::runtime::{Endian, Result, Utf16, Wire};
use crate::{Class, Error};
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec;
use alloc::vec::Vec;

/// What the file says of its parent, as names with values; nothing for a disk without one. The file is to be clean, or
/// read through [`overlay`](super::overlay).
///
/// The name `parent_linkage` is the `data_write_guid` that the parent must have. `relative_path`, `volume_path` and
/// `absolute_win32_path` say where it is, to be tried in this order (MS-VHDX 2.6.2.6.3).
///
/// # Errors
/// Those of the rules that the tables break; class `invalid` for a text that lies outside of the locator; those of the
/// storage.
pub fn parent<S: Storage>(storage: &mut S) -> Result<Vec<(String, String)>> {
    let regions = regions(storage)?;
    let items = Items::read(storage, &regions)?;
    let Some((at, length)) = items.place(ItemId::ParentLocator)? else { return Ok(Vec::new()) };
    // An item has at most a MiB, as its table says.
    let mut bytes = vec![0; usize::try_from(length).unwrap_or(0)];
    storage.read_at(at, &mut bytes)?;
    let (locator, _) = ParentLocator::parse(&bytes).map_err(|e| e.field("metadata", 0))?;
    let text = |offset: u32, length: u16| {
        let start = usize::try_from(offset).ok();
        let found = start.and_then(|start| bytes.get(start..)?.get(..length.into()));
        let text = found.and_then(|found| Utf16::from_bytes(found, Endian::Little));
        let expected = || format!("UTF-16 inside of the {} bytes of the locator", bytes.len());
        text.map(|text| text.to_string())
            .ok_or_else(|| Error::new(Class::Invalid, expected(), offset).located(at).field("metadata", 0))
    };
    let entries = locator.entries.iter();
    entries.map(|it| Ok((text(it.key_offset, it.key_length)?, text(it.value_offset, it.value_length)?))).collect()
}
