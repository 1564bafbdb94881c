//! VHDX virtual disks.
//!
//! The types and rules are generated from `vhdx.yaml`. Beside them stands what is done with such files, on any
//! [`Storage`]: a file, bytes in memory, or one of your own.
//!
//! A file whose log is not empty was not closed properly. Until that log has been replayed nothing but the headers
//! and the log may be looked at. All but the first line below care for that.
//!
//! | to | use |
//! |---|---|
//! | learn what has to be done before the file can be used | [`Recovery::find`] |
//! | replay the log in the file | [`replay`], [`Recovery::run`] |
//! | read the file as if that had been done | [`overlay`], [`Recovery::overlay`] |
//! | change tables so that a crash leaves the old ones or the new ones | [`LogWriter`] |
//! | read the disk as the guest sees it | [`Disk`] |
//! | learn where its blocks are in the file | [`BlockMap`] |
//! | learn what its parent is | [`parent`] |
//! | look at the log and at all tables without writing | [`verify()`] |
//!
//! Nothing here makes identifiers: whoever asks for a change gives them, and they must be random.
//!
//! All sizes and offsets are in bytes.
//!
//! ```no_run
//! use std::fs::File;
//! use vmspec::vhdx::{Disk, overlay};
//! use vmspec::runtime::journal::Storage;
//!
//! # fn main() -> vmspec::runtime::Result<()> {
//! # let file = File::open("disk.vhdx").map_err(|e| vmspec::Error::io(0, e))?;
//! let mut disk = Disk::open(overlay(file)?)?; // the file is not written
//! let mut first_sector = [0; 512];
//! disk.read_at(0, &mut first_sector)?;
//! # Ok(())
//! # }
//! ```

mod blocks;
mod contents;
mod disk;
mod draft;
mod headers;
mod log_writer;
mod parent;
mod recovery;
mod verify;

#[doc(inline)]
pub use crate::generated::vhdx::*;
pub use blocks::{Block, BlockMap};
pub use disk::Disk;
pub use draft::Change;
pub use headers::Headers;
pub use log_writer::{LogGuids, LogWriter};
pub use parent::parent;
pub use recovery::{BrokenLog, Recovery, overlay, replay};
pub use verify::{Verified, verify};

use crate::runtime::binrw::io::{Seek, SeekFrom};
use crate::runtime::journal::{Storage, StorageReader};
use crate::runtime::{Endian, Error, Result, SeekInput, Source, Wire};

/// Reads a value that starts at an offset of a storage.
fn read_at<T: Wire, S: Storage>(storage: &mut S, offset: u64, args: T::Args<'_>) -> Result<T> {
    let mut reader = StorageReader::new(storage);
    reader.seek(SeekFrom::Start(offset)).map_err(|e| Error::io(offset, e))?;
    let mut source = Source::new(SeekInput(reader), offset);
    T::read_from(&mut source, Endian::Little, args).map_err(|e| e.spec(T::SPEC).located(offset))
}
