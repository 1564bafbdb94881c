//! Where the blocks of a disk are in its file.

use super::region::{Items, region, regions};
use super::{
    BatEntry, BatEntryArgs, FileParameters, ItemId, MEBIBYTE, ParameterFlags, RegionId, SectorSize, VirtualDiskSize,
    read_at,
};
use crate::runtime::journal::Storage;
use crate::runtime::{Result, len64};
use crate::{Class, Error};

/// Sectors that the bitmap of one block is about.
const SECTORS_OF_BITMAP: u64 = 8 << 20;

/// Where a block is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Block {
    /// Not in the file: it reads as zeros.
    Absent,
    /// At this offset of the file.
    At(u64),
}

/// What the tables of a file say of its disk: its size, and where its blocks are. Only of disks without a parent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BlockMap {
    size: u64,
    block_size: u64,
    sector_size: u32,
    /// How many blocks are between two entries of bitmaps.
    ratio: u64,
    bat: u64,
}

impl BlockMap {
    /// Reads the tables of a file that is clean, or of a dirty one through [`overlay`](super::overlay).
    ///
    /// # Errors
    /// Class `unsupported` for a differencing disk; those of the rules that the tables break; those of the storage.
    pub fn read<S: Storage>(storage: &mut S) -> Result<Self> {
        let table = regions(storage)?;
        let items = Items::read(storage, &table)?;
        let parameters: FileParameters = items.item(storage, ItemId::FileParameters)?;
        if parameters.flags.contains(ParameterFlags::HAS_PARENT) {
            let expected = "a disk without a parent; what this one does not have lies in another file";
            return Err(Error::new(Class::Unsupported, expected, parameters.flags.bits()).field("metadata", 0));
        }
        let size: VirtualDiskSize = items.item(storage, ItemId::VirtualDiskSize)?;
        let sector: SectorSize = items.item(storage, ItemId::LogicalSectorSize)?;
        let block_size = u64::from(parameters.block_size);
        let bits = SECTORS_OF_BITMAP.saturating_mul(sector.bytes.into());
        let bat = region(&table, RegionId::Bat)?;
        let map = Self {
            size: size.bytes,
            block_size,
            sector_size: sector.bytes,
            ratio: bits.checked_div(block_size).unwrap_or(1).max(1),
            bat: bat.file_offset,
        };
        map.check_room(bat.length.into()).map(|()| map)
    }

    /// Bytes of the disk.
    #[must_use]
    pub const fn size(&self) -> u64 {
        self.size
    }

    /// Bytes of a block. The last one may have less of the disk.
    #[must_use]
    pub const fn block_size(&self) -> u64 {
        self.block_size
    }

    /// Bytes of a sector as the guest sees it.
    #[must_use]
    pub const fn sector_size(&self) -> u32 {
        self.sector_size
    }

    /// How many blocks the disk has.
    #[must_use]
    pub const fn blocks(&self) -> u64 {
        self.size.div_ceil(self.block_size)
    }

    /// Where a block is.
    ///
    /// # Errors
    /// Those of the rules that its entry breaks; those of the storage.
    pub fn block<S: Storage>(&self, storage: &mut S, index: u64) -> Result<Block> {
        let args = BatEntryArgs { bitmap: false, has_parent: false };
        let at = self.bat.saturating_add(self.entry(index).saturating_mul(len64(BatEntry::SIZE)));
        let entry = read_at::<BatEntry, _>(storage, at, args).map_err(|e| e.field("bat", 0))?;
        if !entry.state.is_in_file() {
            return Ok(Block::Absent);
        }
        Ok(Block::At(entry.file_offset_mb.saturating_mul(MEBIBYTE)))
    }

    /// The entry that a block has: one of a bitmap comes after every `ratio` of them.
    fn entry(&self, block: u64) -> u64 {
        block.saturating_add(block.checked_div(self.ratio).unwrap_or(0))
    }

    fn check_room(&self, room: u64) -> Result<()> {
        let Some(last) = self.blocks().checked_sub(1) else { return Ok(()) };
        let need = self.entry(last).saturating_add(1).saturating_mul(len64(BatEntry::SIZE));
        if need <= room {
            return Ok(());
        }
        Err(Error::short(Class::Invalid, self.bat, need, room).field("bat", 0))
    }
}
