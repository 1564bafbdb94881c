//! A guest's memory out of a stream, each RAM block to a destination of its own.
//!
//! What a stream sends of a page may be the page, one byte that fills it, its difference from what was sent before, or the page packed by
//! zlib; or all pages of a block lie at their places in the file. All of it is applied in the order of the stream.

use super::ram_image::RamImage;
use super::{
    Body, Device, DeviceBody, Inputs, MappedRam, Prepared, Ram, RamBlock, RamRecord, RamRecordBody, RecordBody, Stream,
    StreamBody,
};
use crate::format::{self, Prepare, ReadSeek};
use crate::pages::PageIndex;
use crate::runtime::{Endian, Found, Text, Wire, len64};
use crate::{Blob, Class, Error};
use alloc::collections::BTreeMap;
use alloc::vec;
use alloc::vec::Vec;
use miniz_oxide::inflate::TINFLStatus;
use miniz_oxide::inflate::core::inflate_flags::{
    TINFL_FLAG_PARSE_ZLIB_HEADER, TINFL_FLAG_USING_NON_WRAPPING_OUTPUT_BUF,
};
use miniz_oxide::inflate::core::{DecompressorOxide, decompress};
use std::io::{Read, Seek, Write};

/// A block of memory that was copied.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Copied<D> {
    /// What the block is called in the stream, such as `pc.ram`.
    pub name: Text,
    /// Its bytes.
    pub length: u64,
    /// Bytes of a page.
    pub page_size: u64,
    /// How many of its pages are in the stream. Where all are zero, a block whose pages lie at their places has none.
    pub pages: u64,
    /// How many of its pages the stream does not tell anything of: all where the block is shared with the destination of the
    /// migration, some where they went through further connections.
    pub missing: u64,
    /// Where the pages are. It may end before the block does, where that ends in zeros.
    pub dest: D,
}

/// Reads the stream that starts at `offset` of the reader, with inputs as [`Prepared`] takes them, and copies the guest's memory: page
/// by page to what `open` gives for each block, which should be empty. What is never sent, or is zero, is left out of it. Which
/// pages a postcopy migration discards is not looked at.
///
/// The records of the stream are held, its pages are not.
///
/// # Errors
/// Those of the reader, before anything is opened; `invalid` for what cannot be put in its place; `unsupported` where pages
/// were sent by connections of their own; those of `open`.
pub fn copy<D: Read + Write + Seek>(
    reader: &mut dyn ReadSeek,
    offset: u64,
    inputs: format::Inputs<'_>,
    open: impl FnMut(&RamBlock) -> Result<D, Error>,
) -> Result<Vec<Copied<D>>, Error> {
    <Prepared as Prepare<Stream>>::prepared(reader, offset, inputs, |reader, args| {
        let mut source = format::start(reader, offset)?;
        let stream = Stream::read_from(&mut source, Endian::Big, args).map_err(|e| e.spec(Stream::SPEC))?;
        copy_from(&stream, args.inputs, reader, open)
    })
}

/// The same for a stream that was read, with the inputs that it was read with. `reader` is what it was read from.
///
/// # Errors
/// As [`copy`].
pub fn copy_from<D: Read + Write + Seek>(
    stream: &Stream,
    inputs: Inputs,
    reader: &mut dyn ReadSeek,
    open: impl FnMut(&RamBlock) -> Result<D, Error>,
) -> Result<Vec<Copied<D>>, Error> {
    let page_size = page_size(stream, inputs)?;
    let mut copy = Copy { reader, open, page_size, places: BTreeMap::new(), blocks: Vec::new(), current: None };
    for (i, device) in devices(stream) {
        if let DeviceBody::Ram(ram) = &device.body {
            copy.section(ram).map_err(|e| in_device(stream, i, e.field("body", 0)))?;
        }
    }
    Ok(copy.blocks.into_iter().map(Block::finish).collect())
}

/// Bytes of a page: what the stream's configuration says, else the inputs.
fn page_size(stream: &Stream, inputs: Inputs) -> Result<u64, Error> {
    let said = match &stream.body {
        StreamBody::V2(_) => None,
        StreamBody::V3(body) | StreamBody::V4(body) => said_page_bits(body),
    };
    let bits = said.unwrap_or_else(|| inputs.page_bits.into());
    1_u64.checked_shl(bits).ok_or_else(|| Error::limit("pages of a power of two up to 1 MiB", u64::from(bits)))
}

fn said_page_bits(body: &Body) -> Option<u32> {
    let subsections = body.configuration.iter().flat_map(|it| &it.state.subsections);
    subsections.filter_map(|it| it.state.as_target_page_bits()).map(|it| it.page_bits).next_back()
}

/// The states of devices in their order, each with where it is in its list.
fn devices(stream: &Stream) -> impl Iterator<Item = (usize, &Device)> {
    let (legacy, records) = match &stream.body {
        StreamBody::V2(body) => (body.devices.as_slice(), [].as_slice()),
        StreamBody::V3(body) | StreamBody::V4(body) => ([].as_slice(), body.records.as_slice()),
    };
    let sections = records.iter().enumerate().filter_map(|(i, record)| match &*record.body {
        RecordBody::Start(section) | RecordBody::Full(section) => Some((i, &section.state)),
        RecordBody::Part(section) | RecordBody::End(section) => Some((i, &section.state)),
        RecordBody::Eof | RecordBody::Command(_) => None,
    });
    legacy.iter().map(|device| &device.state).enumerate().chain(sections)
}

/// The error with the path to the device.
#[cold]
fn in_device(stream: &Stream, place: usize, e: Error) -> Error {
    let e = e.field("state", 0);
    let e = match &stream.body {
        StreamBody::V2(_) => e.index(place).field("devices", 0),
        StreamBody::V3(_) | StreamBody::V4(_) => e.field("body", 0).index(place).field("records", 0),
    };
    e.field("body", 0)
}

/// Memory that is being copied.
struct Copy<'r, O, D> {
    reader: &'r mut dyn ReadSeek,
    open: O,
    page_size: u64,
    /// Where a block is in `blocks`.
    places: BTreeMap<Vec<u8>, usize>,
    blocks: Vec<Block<D>>,
    /// The block of records that name none.
    current: Option<usize>,
}

/// A block that is being copied.
struct Block<D> {
    name: Text,
    length: u64,
    page_size: u64,
    sent: PageIndex,
    is_mapped: bool,
    image: RamImage<D>,
}

impl<D: Read + Write + Seek> Block<D> {
    fn finish(self) -> Copied<D> {
        let Self { name, length, page_size, sent, is_mapped, image } = self;
        let all = length.checked_div(page_size).unwrap_or_default();
        let missing = if is_mapped { 0 } else { all.saturating_sub(sent.len()) };
        Copied { name, length, page_size, pages: sent.len(), missing, dest: image.finish() }
    }

    fn put(&mut self, address: u64, bytes: &[u8]) -> Result<(), Error> {
        self.note(address);
        self.image.page(&self.name.0, address, bytes)
    }

    /// Notes that a page was sent.
    fn note(&mut self, address: u64) {
        let number = address.checked_div(self.page_size).unwrap_or_default();
        if self.sent.run(number).is_none() {
            self.sent.insert(number..number.saturating_add(1), None);
        }
    }
}

impl<O: FnMut(&RamBlock) -> Result<D, Error>, D: Read + Write + Seek> Copy<'_, O, D> {
    fn section(&mut self, ram: &Ram) -> Result<(), Error> {
        for (i, record) in ram.records.iter().enumerate() {
            self.record(record).map_err(|e| e.index(i).field("records", 0))?;
        }
        Ok(())
    }

    fn record(&mut self, record: &RamRecord) -> Result<(), Error> {
        if let Some(name) = &record.block {
            self.current = self.places.get(&name.0).copied();
        }
        let address = record.word & !self.page_size.wrapping_sub(1);
        match &record.body {
            RamRecordBody::MemSize(blocks) => blocks.list.iter().try_for_each(|block| self.add(block)),
            RamRecordBody::Page(page) => {
                let bytes = page.data.load(&mut self.reader, self.page_size)?;
                self.block()?.put(address, &bytes)
            }
            RamRecordBody::Zero(zero) => {
                let block = self.block()?;
                block.note(address);
                block.image.fill(&block.name.0, address, zero.fill)
            }
            RamRecordBody::Xbzrle(difference) => {
                let block = self.block()?;
                block.note(address);
                block.image.difference(&block.name.0, address, &difference.data)
            }
            RamRecordBody::Compressed(packed) => {
                let bytes = unpacked(&packed.data, self.page_size)?;
                self.block()?.put(address, &bytes)
            }
            RamRecordBody::MultifdFlush => self.refuse_channels(),
            RamRecordBody::Eos | RamRecordBody::Hook => Ok(()),
        }
    }

    /// Where pages are not at their places in the file, they went through connections of their own.
    fn refuse_channels(&self) -> Result<(), Error> {
        if self.blocks.iter().any(|block| block.is_mapped) {
            return Ok(());
        }
        let expected = "memory in the stream itself: it was sent by further connections, as multifd does";
        Err(Error::new(Class::Unsupported, expected, Found::Nothing))
    }

    fn block(&mut self) -> Result<&mut Block<D>, Error> {
        let block = self.current.and_then(|place| self.blocks.get_mut(place));
        block.ok_or_else(|| Error::new(Class::Invalid, "a block of the list", Found::Nothing))
    }

    /// A block of the list. One that is there already is listed once more, which changes nothing.
    fn add(&mut self, block: &RamBlock) -> Result<(), Error> {
        if self.places.contains_key(&block.name.0) {
            return Ok(());
        }
        let (name, length, page_size) = (block.name.clone(), block.length, self.page_size);
        let mut image = RamImage::new((self.open)(block)?, page_size)?;
        image.add_block(&name.0, 0..length)?;
        let mut held = Block {
            name,
            length,
            page_size,
            sent: PageIndex::new(page_size),
            is_mapped: block.mapped.is_some(),
            image,
        };
        if let Some(mapped) = &block.mapped {
            put_mapped(self.reader, mapped, &mut held)?;
        }
        self.places.insert(held.name.0.clone(), self.blocks.len());
        self.blocks.push(held);
        Ok(())
    }
}

/// Puts the pages of a block that lie at their places in the file. The bitmap says which are there: in words of 64 bits that are
/// little-endian, as on nearly every machine that QEMU runs on, bit N of all is bit N % 8 of byte N / 8.
fn put_mapped<D: Read + Write + Seek>(
    mut reader: &mut dyn ReadSeek,
    mapped: &MappedRam,
    block: &mut Block<D>,
) -> Result<(), Error> {
    let size = block.page_size;
    if mapped.page_size != size {
        return Err(Error::new(Class::Invalid, alloc::format!("pages of {size} bytes"), mapped.page_size));
    }
    let (Some(bitmap), Some(pages)) = (&mapped.bitmap, &mapped.pages) else { return Ok(()) };
    let bits = bitmap.iter().flat_map(|byte| (0..8_u32).map(move |bit| (byte >> bit) & 1 == 1));
    for (number, _) in (0_u64..).zip(bits).filter(|(_, is_there)| *is_there) {
        let address = number.saturating_mul(size);
        if address >= block.length {
            return Err(Error::new(Class::Invalid, "a bitmap of no more pages than the block has", number));
        }
        let page = page_of(pages, address, size);
        let bytes = page.load(&mut reader, size)?;
        block.put(address, &bytes)?;
    }
    Ok(())
}

/// A page of the pages of a block.
fn page_of(pages: &Blob, address: u64, length: u64) -> Blob {
    match pages {
        Blob::Range { offset, .. } => Blob::Range { offset: offset.saturating_add(address), length },
        Blob::Bytes(bytes) => {
            let start = usize::try_from(address).unwrap_or(usize::MAX);
            let page = bytes.get(start..).unwrap_or_default();
            let length = usize::try_from(length).unwrap_or(usize::MAX).min(page.len());
            Blob::Bytes(page.get(..length).unwrap_or_default().to_vec())
        }
    }
}

/// A page that was packed by zlib. No more is unpacked than a page has.
fn unpacked(packed: &[u8], page_size: u64) -> Result<Vec<u8>, Error> {
    let mut page = vec![0; usize::try_from(page_size).unwrap_or_default()];
    let flags = TINFL_FLAG_PARSE_ZLIB_HEADER | TINFL_FLAG_USING_NON_WRAPPING_OUTPUT_BUF;
    let (status, _, length) = decompress(&mut DecompressorOxide::new(), packed, &mut page, 0, flags);
    match status {
        TINFLStatus::Done if length == page.len() => Ok(page),
        TINFLStatus::Done => Err(Error::new(Class::Invalid, "a whole page, packed by zlib", len64(length))),
        _ => {
            let found = Found::Nothing;
            Err(Error::new(Class::Invalid, "one page that can be unpacked by zlib", found))
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test fails where it is wrong")]
mod tests {
    use super::unpacked;
    use miniz_oxide::deflate::compress_to_vec_zlib;

    #[test]
    fn only_whole_pages_are_unpacked() {
        let page: Vec<u8> = (0..=255).cycle().take(4096).collect();
        let packed = compress_to_vec_zlib(&page, 6);
        assert_eq!(unpacked(&packed, 4096).unwrap(), page);
        for (size, said) in [(2048, "can be unpacked"), (8192, "a whole page")] {
            assert!(unpacked(&packed, size).unwrap_err().to_string().contains(said));
        }
        for cut in [0, 1, packed.len() / 2, packed.len() - 1] {
            assert!(unpacked(packed.get(..cut).unwrap(), 4096).is_err(), "{cut}");
        }
        assert!(unpacked(&compress_to_vec_zlib(&vec![0; 1 << 20], 9), 4096).is_err(), "more than a page");
    }
}
