//! Guest memory in files of any format, for programs that learn at run time what they have: `vmspec ram` is one. Pages that lie in
//! the file are found by [`blocks`]; those of a stream that sends changes too are put together by
//! [`qevm::memory::copy`](crate::qevm::memory::copy), which begins where [`stream::find`](crate::stream::find) says.

use alloc::string::String;
use alloc::vec;
use alloc::vec::Vec;
use std::io::{BufReader, SeekFrom};

use crate::Error;
use crate::format::{Format, ReadSeek};
use crate::pages::PageIndex;
use crate::xen_xl;

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
