//! Where the blocks of a disk are in its file.

use super::contents::{contents, has_parent, required};
use super::{BatEntry, MIB, VhdxContents};
use crate::runtime::journal::{Storage, StorageReader};
use crate::runtime::{Found, Result};
use crate::{Class, Error};

/// Where a block is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Block {
    /// Not in the file: it reads as zeros.
    Absent,
    /// At this offset of the file.
    At(u64),
}

impl From<BatEntry> for Block {
    fn from(entry: BatEntry) -> Self {
        if entry.state.is_in_file() { Self::At(entry.file_offset_mb.saturating_mul(MIB)) } else { Self::Absent }
    }
}

/// What the tables of a file say of its disk: its size, and where its blocks are. Only of disks without a parent.
#[derive(Clone, Debug, PartialEq)]
pub struct BlockMap {
    contents: VhdxContents,
    size: u64,
    block_size: u64,
    sector_size: u64,
    blocks: u64,
    /// How many blocks are between two entries of bitmaps.
    ratio: u64,
}

impl BlockMap {
    /// Reads the tables of a file that is clean, or of a dirty one through [`overlay`](super::overlay).
    ///
    /// # Errors
    /// Class `unsupported` for a differencing disk; those of the rules that the tables break; those of the storage.
    pub fn read<S: Storage>(storage: &mut S) -> Result<Self> {
        Self::of(contents(storage)?)
    }

    /// What these tables say.
    pub(super) fn of(contents: VhdxContents) -> Result<Self> {
        if has_parent(&contents)? {
            let expected = "a disk without a parent; what this one does not have lies in another file";
            return Err(Error::new(Class::Unsupported, expected, Found::Nothing).field("metadata", 0));
        }
        Ok(Self {
            size: required(contents.disk_size(), "the item `virtual_disk_size`")?,
            block_size: required(contents.block_size(), "the item `file_parameters`")?,
            sector_size: required(contents.logical_sector(), "the item `logical_sector_size`")?,
            blocks: required(contents.blocks(), "a number of blocks")?,
            ratio: required(contents.ratio(), "a number of blocks between two bitmaps")?,
            contents,
        })
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
    pub const fn sector_size(&self) -> u64 {
        self.sector_size
    }

    /// How many blocks the disk has.
    #[must_use]
    pub const fn blocks(&self) -> u64 {
        self.blocks
    }

    /// Where a block is. Behind the last one none is in the file.
    ///
    /// # Errors
    /// Those of the rules that its entry breaks; those of the storage.
    pub fn block<S: Storage>(&self, storage: &mut S, index: u64) -> Result<Block> {
        let entry = self.contents.element_of_bat(&mut StorageReader::new(storage), self.entry(index))?;
        Ok(entry.map_or(Block::Absent, Block::from))
    }

    /// Goes over all blocks, with their indices. Entries of bitmaps are looked at too.
    pub(super) fn each<S: Storage>(
        &self,
        storage: &mut S,
        mut each: impl FnMut(u64, Block) -> Result<()>,
    ) -> Result<()> {
        let mut source = StorageReader::new(storage);
        self.contents.each_of_bat(&mut source, |entry, it| match self.block_of(entry) {
            Some(block) => each(block, it.into()),
            None => Ok(()),
        })
    }

    /// The entry that a block has: one of a bitmap comes after every `ratio` of them.
    fn entry(&self, block: u64) -> u64 {
        block.saturating_add(block.checked_div(self.ratio).unwrap_or(0))
    }

    /// The block that an entry is about; none for that of a bitmap.
    fn block_of(&self, entry: u64) -> Option<u64> {
        let block = entry.saturating_sub(entry.checked_div(self.ratio.saturating_add(1))?);
        (self.entry(block) == entry).then_some(block)
    }
}
