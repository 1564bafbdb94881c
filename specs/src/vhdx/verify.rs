//! What lies behind the headers, looked at without writing: the log, and the tables as they are after its replay.

use super::region::Items;
use super::{Block, BlockMap, BrokenLog, Recovery, VhdxContents, read_at};
use crate::runtime::journal::Storage;
use crate::runtime::{Findings, Result, Wire};
use crate::{Class, Error};

/// What was looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Verified {
    /// How many entries of the log are to be replayed; none in a clean file. The tables were read as after that.
    pub entries: usize,
    /// How many descriptors these have.
    pub descriptors: u64,
    /// Whether it is a differencing disk, whose blocks are not looked at.
    pub has_parent: bool,
}

/// Looks at the log, the region table, the metadata, and the entry of every block. Soft rules that are broken are added to
/// `findings`.
///
/// # Errors
/// Those of [`Recovery::find`] and [`BlockMap::read`]; class `truncated` for a block that is not in the file as a whole.
pub fn verify<S: Storage>(mut storage: S, findings: &mut Findings) -> Result<Verified> {
    let recovery = Recovery::find(&mut storage, BrokenLog::Refuse)?;
    let (entries, descriptors) = (recovery.entries().len(), recovery.descriptors());
    let mut file = recovery.overlay(storage);
    let contents: VhdxContents = read_at(&mut file, 0, ())?;
    contents.check_into(0, (), findings);
    let items = Items::read(&mut file, contents.regions.current())?;
    items.check_into(findings);
    let has_parent = items.has_parent(&mut file)?;
    if !has_parent {
        check_blocks(&mut file)?;
    }
    Ok(Verified { entries, descriptors, has_parent })
}

/// Every block that is in the file is there as a whole, as far as the disk goes.
fn check_blocks<S: Storage>(file: &mut S) -> Result<()> {
    let map = BlockMap::read(file)?;
    let length = file.len()?;
    for index in 0..map.blocks() {
        let Block::At(at) = map.block(file, index)? else { continue };
        let start = index.saturating_mul(map.block_size());
        let size = map.size().saturating_sub(start).min(map.block_size());
        if at.saturating_add(size) > length {
            let e = Error::short(Class::Truncated, at, size, length.saturating_sub(at));
            return Err(e.field("bat", 0));
        }
    }
    Ok(())
}
