//! What lies behind the headers, looked at without writing: the log, and the tables as they are after its replay.

use super::contents::{contents, has_parent};
use super::{Block, BlockMap, BrokenLog, Recovery, VhdxContents};
use crate::runtime::journal::{Storage, StorageReader};
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
    let contents = contents(&mut file)?;
    contents.check_into(0, (), findings);
    let has_parent = has_parent(&contents)?;
    if has_parent {
        check_entries(&mut file, &contents)?;
    } else {
        check_blocks(&mut file, contents)?;
    }
    Ok(Verified { entries, descriptors, has_parent })
}

/// What is said of every block can be.
fn check_entries<S: Storage>(file: &mut S, contents: &VhdxContents) -> Result<()> {
    contents.each_of_bat(&mut StorageReader::new(file), |_, _| Ok(()))
}

/// The same, and every block that is in the file is there as a whole, as far as the disk goes.
fn check_blocks<S: Storage>(file: &mut S, contents: VhdxContents) -> Result<()> {
    let map = BlockMap::of(contents)?;
    let length = file.len()?;
    map.each(file, |index, block| {
        let Block::At(at) = block else { return Ok(()) };
        let start = index.saturating_mul(map.block_size());
        let size = map.size().saturating_sub(start).min(map.block_size());
        if at.saturating_add(size) <= length {
            return Ok(());
        }
        Err(Error::short(Class::Truncated, at, size, length.saturating_sub(at)))
    })
}
