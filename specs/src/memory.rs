//! Guest memory in files of any format, for programs that learn at run time what they have: `vmspec ram` is one. Pages that lie in
//! the file are found by [`blocks`]; those of a stream that sends changes too are put together behind [`stream`].

use alloc::string::String;
use alloc::vec;
use alloc::vec::Vec;
use std::io::{BufReader, SeekFrom};

use crate::Error;
use crate::format::{Format, ReadSeek};
use crate::libvirt_save::{self, Compression, Metadata};
use crate::pages::PageIndex;
use crate::runtime::Found;
use crate::{Class, qevm, xen_xl};

/// A piece of a guest's memory.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Block {
    /// What it is called in its file; `ram` in a format that has one piece.
    pub name: String,
    /// Its pages, with offsets in the file.
    pub pages: PageIndex,
}

/// The memory of the guest in the file of a format that starts at `offset` of the reader; `None` where the format has none,
/// or none that is looked into. The file is read once, and a guest of any size takes memory for its gaps alone.
///
/// # Errors
/// When the file breaks a rule of its format, ends early, or holds memory that cannot be told apart.
pub fn blocks(format: &Format, reader: &mut dyn ReadSeek, offset: u64) -> Result<Option<Vec<Block>>, Error> {
    if format.spec != xen_xl::SPEC {
        return Ok(None);
    }
    reader.seek(SeekFrom::Start(offset)).map_err(|e| Error::io(offset, e))?;
    let pages = xen_xl::page_index(BufReader::new(reader))?.behind(offset);
    Ok(Some(vec![Block { name: "ram".into(), pages }]))
}

/// A QEMU stream within a file, whose memory [`qevm::memory::copy`] copies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StreamStart {
    /// Where the stream starts in the reader.
    pub offset: u64,
    /// Its input `origin`: where it starts in the file that its own offsets count from.
    pub origin: u64,
}

/// The stream in the file of a format that starts at `offset` of the reader: a QEMU stream itself, or that of a libvirt save
/// image. `None` where the format has none.
///
/// # Errors
/// When the front of a save image breaks a rule of its format; `unsupported` for one whose stream is packed.
pub fn stream(format: &Format, mut reader: &mut dyn ReadSeek, offset: u64) -> Result<Option<StreamStart>, Error> {
    if format.spec == qevm::SPEC {
        return Ok(Some(StreamStart { offset, origin: offset }));
    }
    if format.spec != libvirt_save::SPEC {
        return Ok(None);
    }
    reader.seek(SeekFrom::Start(offset)).map_err(|e| Error::io(offset, e))?;
    let Metadata { header, area } = Metadata::read(&mut reader)?;
    if !matches!(header.format, Compression::Raw | Compression::Sparse) {
        let expected = "memory that is not packed: unpack it first, and give the stream itself";
        return Err(Error::new(Class::Unsupported, expected, Found::Nothing).field("header.format", 0));
    }
    let origin = area.memory_offset();
    Ok(Some(StreamStart { offset: offset.saturating_add(origin), origin }))
}
