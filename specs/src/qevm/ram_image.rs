//! A guest's memory, put together page by page in the order in which a stream sends them: whole, filled with one byte, or as a
//! difference from the page as it was sent before.

use super::xbzrle;
use crate::pages::PageIndex;
use crate::runtime::binrw::io::{self, Read, Seek, SeekFrom, Write};
use crate::runtime::{Result, len64};
use crate::{Class, Error};
use alloc::collections::BTreeMap;
use alloc::vec;
use alloc::vec::Vec;
use core::ops::Range;

/// The largest page, in bytes. No machine of QEMU's has larger ones.
const MAX_PAGE: u64 = 1 << 20;

/// Memory in the making. What is never sent, or is zero, is left out of the destination, which should be empty: a file keeps
/// holes there.
///
/// ```
/// use std::io::Cursor;
/// use vmspec::qevm::ram_image::RamImage;
///
/// let mut image = RamImage::new(Cursor::new(Vec::new()), 4)?;
/// image.add_block(b"pc.ram", 0..8)?;
/// image.page(b"pc.ram", 0, b"calm")?;
/// image.difference(b"pc.ram", 0, &[3, 1, b'f'])?;
/// image.fill(b"pc.ram", 4, 0)?;
/// assert_eq!(image.finish().into_inner(), b"calf");
/// # Ok::<(), vmspec::Error>(())
/// ```
#[derive(Debug)]
pub struct RamImage<D> {
    dest: D,
    page_size: u64,
    blocks: BTreeMap<Vec<u8>, Range<u64>>,
    /// The pages of the destination that hold anything.
    written: PageIndex,
    /// One page, to work in.
    page: Vec<u8>,
}

impl<D: Read + Write + Seek> RamImage<D> {
    /// Memory with pages of so many bytes, and no block yet.
    ///
    /// # Errors
    /// `limit` for a size that is no power of two up to 1 MiB.
    pub fn new(dest: D, page_size: u64) -> Result<Self> {
        if !page_size.is_power_of_two() || page_size > MAX_PAGE {
            return Err(Error::limit("pages of a power of two up to 1 MiB", page_size));
        }
        let page = vec![0; usize::try_from(page_size).unwrap_or_default()];
        Ok(Self { dest, page_size, blocks: BTreeMap::new(), written: PageIndex::new(page_size), page })
    }

    /// Says where in the destination the pages of a block go.
    ///
    /// # Errors
    /// `invalid` for a place that is not of whole pages, or a name that another block has.
    pub fn add_block(&mut self, name: &[u8], place: Range<u64>) -> Result<()> {
        let whole = |n: u64| n & self.page_size.wrapping_sub(1) == 0;
        if !whole(place.start) || !whole(place.end) || place.start > place.end {
            return Err(Error::new(Class::Invalid, "a block of whole pages", place.end));
        }
        match self.blocks.insert(name.to_vec(), place) {
            Some(_) => Err(Error::new(Class::Invalid, "blocks with different names", name)),
            None => Ok(()),
        }
    }

    /// Puts a whole page at an address of a block.
    ///
    /// # Errors
    /// `invalid` for another number of bytes, a block that is not known, or an address that is not one of its pages; `io`.
    pub fn page(&mut self, block: &[u8], address: u64, bytes: &[u8]) -> Result<()> {
        if len64(bytes.len()) != self.page_size {
            return Err(Error::new(Class::Invalid, "a whole page", len64(bytes.len())));
        }
        let at = self.place(block, address)?;
        put(&mut self.dest, at, bytes).map_err(|e| Error::io(at, e))?;
        self.note(at);
        Ok(())
    }

    /// Fills the page at an address of a block with one byte.
    ///
    /// # Errors
    /// As those of [`page`](Self::page).
    pub fn fill(&mut self, block: &[u8], address: u64, byte: u8) -> Result<()> {
        let at = self.place(block, address)?;
        if byte != 0 || self.is_written(at) {
            self.page.fill(byte);
            put(&mut self.dest, at, &self.page).map_err(|e| Error::io(at, e))?;
            self.note(at);
        }
        Ok(())
    }

    /// Changes the page at an address of a block by a difference.
    ///
    /// # Errors
    /// As those of [`page`](Self::page), and of [`xbzrle::apply`]; the page is then as it was.
    pub fn difference(&mut self, block: &[u8], address: u64, difference: &[u8]) -> Result<()> {
        let at = self.place(block, address)?;
        self.page.fill(0);
        if self.is_written(at) {
            let read = self.dest.seek(SeekFrom::Start(at)).and_then(|_| self.dest.read_exact(&mut self.page));
            read.map_err(|e| Error::io(at, e))?;
        }
        xbzrle::apply(&mut self.page, difference)?;
        put(&mut self.dest, at, &self.page).map_err(|e| Error::io(at, e))?;
        self.note(at);
        Ok(())
    }

    /// The destination. It may end before the last block does, where that ends in zeros.
    pub fn finish(self) -> D {
        self.dest
    }

    /// Where in the destination a page goes.
    fn place(&self, block: &[u8], address: u64) -> Result<u64> {
        let place = self.blocks.get(block).ok_or_else(|| Error::new(Class::Invalid, "a block of the list", block))?;
        let inside = address & self.page_size.wrapping_sub(1) == 0
            && place.end.checked_sub(place.start).is_some_and(|length| address < length);
        let at = place.start.checked_add(address).filter(|_| inside);
        at.ok_or_else(|| Error::new(Class::Invalid, "the address of a page of the block", address))
    }

    fn number(&self, at: u64) -> u64 {
        at.checked_div(self.page_size).unwrap_or_default()
    }

    fn is_written(&self, at: u64) -> bool {
        self.written.run(self.number(at)).is_some()
    }

    fn note(&mut self, at: u64) {
        let number = self.number(at);
        if !self.is_written(at) {
            self.written.insert(number..number.saturating_add(1), None);
        }
    }
}

fn put<D: Write + Seek>(dest: &mut D, at: u64, bytes: &[u8]) -> io::Result<()> {
    dest.seek(SeekFrom::Start(at))?;
    dest.write_all(bytes)
}
