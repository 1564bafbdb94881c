//! The regions of a file, and the items of its metadata.

use super::{
    FileParameters, ItemId, Metadata, ParameterFlags, RegionEntry, RegionId, RegionTable, VhdxContents, read_at,
};
use crate::runtime::journal::Storage;
use crate::runtime::{Findings, Result, Wire, len64};
use crate::{Class, Error};

/// The region table.
pub(super) fn regions<S: Storage>(storage: &mut S) -> Result<RegionTable> {
    read_at::<VhdxContents, _>(storage, 0, ()).map(|contents| contents.regions.into_current())
}

/// A region, which must be there.
pub(super) fn region(table: &RegionTable, id: RegionId) -> Result<&RegionEntry> {
    let found = table.entries.iter().find(|it| it.id == id);
    let expected = || alloc::format!("a region `{}`", id.name());
    found.ok_or_else(|| Error::new(Class::Invalid, expected(), table.entry_count()).field("regions", 0))
}

/// The metadata of a file: the table, and where its items are.
pub(super) struct Items {
    at: u64,
    length: u64,
    table: Metadata,
}

impl Items {
    pub(super) fn read<S: Storage>(storage: &mut S, regions: &RegionTable) -> Result<Self> {
        let region = region(regions, RegionId::Metadata)?;
        let table = read_at::<Metadata, _>(storage, region.file_offset, ()).map_err(|e| e.field("metadata", 0))?;
        Ok(Self { at: region.file_offset, length: region.length.into(), table })
    }

    /// Collects the soft rules that the table breaks.
    pub(super) fn check_into(&self, findings: &mut Findings) {
        findings.within("metadata", |findings| self.table.check_into(self.at, (), findings));
    }

    /// Whether the disk is a differencing one.
    pub(super) fn has_parent<S: Storage>(&self, storage: &mut S) -> Result<bool> {
        let parameters: FileParameters = self.item(storage, ItemId::FileParameters)?;
        Ok(parameters.flags.contains(ParameterFlags::HAS_PARENT))
    }

    /// Where an item of the system is in the file, and its length; none where there is none.
    pub(super) fn place(&self, id: ItemId) -> Result<Option<(u64, u64)>> {
        let mut entries = self.table.entries.iter();
        let found = entries.find(|it| it.id == id && !it.flags.contains(super::ItemFlags::USER) && it.length > 0);
        let Some(entry) = found else { return Ok(None) };
        let (offset, length) = (u64::from(entry.offset), u64::from(entry.length));
        if offset.saturating_add(length) > self.length {
            let e = Error::new(Class::Invalid, alloc::format!("an item inside of {} bytes", self.length), offset);
            return Err(e.located(self.at).field("metadata", 0));
        }
        Ok(Some((self.at.saturating_add(offset), length)))
    }

    /// An item that must be there, and takes all of its place.
    pub(super) fn item<T: for<'a> Wire<Args<'a> = ()>, S: Storage>(&self, storage: &mut S, id: ItemId) -> Result<T> {
        let Some((at, length)) = self.place(id)? else {
            let e =
                Error::new(Class::Invalid, alloc::format!("an item `{}`", id.name()), len64(self.table.entries.len()));
            return Err(e.located(self.at).field("metadata", 0));
        };
        let item: T = read_at(storage, at, ()).map_err(|e| e.field("metadata", 0))?;
        if item.wire_len(()) == length {
            return Ok(item);
        }
        let expected = alloc::format!("{} bytes of `{}`", item.wire_len(()), id.name());
        Err(Error::new(Class::Invalid, expected, length).located(at).field("metadata", 0))
    }
}
