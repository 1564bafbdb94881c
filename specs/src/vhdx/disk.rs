//! A disk as the guest sees it.

use super::{Block, BlockMap};
use crate::runtime::journal::{Storage, StorageReader};
use crate::runtime::{Result, len64};
use crate::{Class, Error};

/// The disk in a file. Only disks without a parent.
///
/// It is a [`Storage`]; [`Disk::reader`] gives it a position.
#[derive(Debug)]
pub struct Disk<S> {
    file: S,
    map: BlockMap,
    /// The block that was looked up last, with its index: reads in a row are mostly of the same one.
    last: Option<(u64, Block)>,
}

impl<S: Storage> Disk<S> {
    /// The disk in a file that is clean, or in a dirty one through [`overlay`](super::overlay).
    ///
    /// # Errors
    /// Those of [`BlockMap::read`].
    pub fn open(mut file: S) -> Result<Self> {
        let map = BlockMap::read(&mut file)?;
        Ok(Self::new(file, map))
    }

    /// The disk whose blocks are where `map` says, which was read from this file.
    pub const fn new(file: S, map: BlockMap) -> Self {
        Self { file, map, last: None }
    }

    /// What the tables say.
    #[must_use]
    pub const fn map(&self) -> &BlockMap {
        &self.map
    }

    /// Where a block is.
    ///
    /// # Errors
    /// Those of [`BlockMap::block`].
    pub fn block(&mut self, index: u64) -> Result<Block> {
        if let Some((_, block)) = self.last.filter(|(last, _)| *last == index) {
            return Ok(block);
        }
        let block = self.map.block(&mut self.file, index)?;
        self.last = Some((index, block));
        Ok(block)
    }

    /// A reader that starts at the first byte.
    pub fn reader(&mut self) -> StorageReader<&mut Self> {
        StorageReader::new(self)
    }
}

impl<S: Storage> Storage for Disk<S> {
    fn len(&mut self) -> Result<u64> {
        Ok(self.map.size())
    }

    /// Blocks that are not in the file are zeros.
    fn read_at(&mut self, offset: u64, to: &mut [u8]) -> Result<()> {
        let have = self.map.size().saturating_sub(offset);
        if len64(to.len()) > have {
            return Err(Error::short(Class::Truncated, offset, len64(to.len()), have));
        }
        let size = self.map.block_size();
        let (mut at, mut rest) = (offset, to);
        while !rest.is_empty() {
            let index = at.checked_div(size).unwrap_or(0);
            let skip = at.saturating_sub(index.saturating_mul(size));
            let left = usize::try_from(size.saturating_sub(skip)).unwrap_or(usize::MAX);
            let n = left.min(rest.len());
            let (now, later) = rest.split_at_mut_checked(n).unwrap_or_default();
            match self.block(index)? {
                Block::Absent => now.fill(0),
                Block::At(start) => self.file.read_at(start.saturating_add(skip), now)?,
            }
            at = at.saturating_add(len64(n));
            rest = later;
        }
        Ok(())
    }
}
