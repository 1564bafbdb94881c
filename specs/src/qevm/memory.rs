//! A guest's memory out of a stream, each RAM block to a destination of its own.
//!
//! What a stream sends of a page may be the page, one byte that fills it, its difference from what was sent before, or the page packed by
//! zlib; or all pages of a block lie at their places in the file; or they went through connections of their own. All of it is applied
//! in the order in which it was sent.

use super::channels::{Channel, Packet, no_block};
use super::mapped_pages;
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
    copy_with(reader, offset, inputs, Vec::new(), open)
}

/// The same with what went through the further connections of a multifd migration, each from its first byte on. In which order they
/// are given does not matter.
///
/// # Errors
/// As [`copy`]; those of the connections; `unsupported` for packets that are packed.
pub fn copy_with<D: Read + Write + Seek>(
    reader: &mut dyn ReadSeek,
    offset: u64,
    inputs: format::Inputs<'_>,
    channels: Vec<&mut dyn ReadSeek>,
    open: impl FnMut(&RamBlock) -> Result<D, Error>,
) -> Result<Vec<Copied<D>>, Error> {
    <Prepared as Prepare<Stream>>::prepared(reader, offset, inputs, |reader, args| {
        let mut source = format::start(reader, offset)?;
        let stream = Stream::read_from(&mut source, Endian::Big, args).map_err(|e| e.spec(Stream::SPEC))?;
        let channels = channels.into_iter().enumerate();
        let channels = channels.map(|(i, it)| Channel::read(it, args.inputs).map_err(|e| in_channel(i, e)));
        let channels = channels.collect::<Result<Vec<_>, _>>()?;
        let page_size = page_size(&stream, args.inputs)?;
        let meets = if has_flush(&stream) { Meeting::Flush } else { Meeting::Section };
        let (places, blocks) = (BTreeMap::new(), Vec::new());
        Copy { reader, open, page_size, places, blocks, current: None, channels, meets }.all(&stream)
    })
}

/// Whether the stream says where channels meet. Older releases do not: there they meet at the end of each section.
fn has_flush(stream: &Stream) -> bool {
    let records = devices(stream).filter_map(|(_, device)| match &device.body {
        DeviceBody::Ram(ram) => Some(&ram.records),
        _ => None,
    });
    records.flatten().any(|record| matches!(record.body, RamRecordBody::MultifdFlush))
}

/// Where channels meet.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Meeting {
    /// At a record of its own.
    Flush,
    /// At the end of a section.
    Section,
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

/// The error with the path to the connection, by its place among those given.
#[cold]
fn in_channel(place: usize, e: Error) -> Error {
    e.index(place).field("channels", 0)
}

/// Memory that is being copied.
struct Copy<'r, 'c, O, D> {
    reader: &'r mut dyn ReadSeek,
    open: O,
    page_size: u64,
    /// Where a block is in `blocks`.
    places: BTreeMap<Vec<u8>, usize>,
    blocks: Vec<Block<D>>,
    /// The block of records that name none.
    current: Option<usize>,
    /// The connections that pages went through.
    channels: Vec<Channel<'c>>,
    meets: Meeting,
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

impl<O: FnMut(&RamBlock) -> Result<D, Error>, D: Read + Write + Seek> Copy<'_, '_, O, D> {
    fn all(mut self, stream: &Stream) -> Result<Vec<Copied<D>>, Error> {
        for (i, device) in devices(stream) {
            if let DeviceBody::Ram(ram) = &device.body {
                self.section(ram).map_err(|e| in_device(stream, i, e.field("body", 0)))?;
            }
        }
        while self.meet()? {}
        Ok(self.blocks.into_iter().map(Block::finish).collect())
    }

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
            RamRecordBody::MultifdFlush => self.flush(),
            RamRecordBody::Eos if self.meets == Meeting::Section => self.meet().map(|_| ()),
            RamRecordBody::Eos | RamRecordBody::Hook => Ok(()),
        }
    }

    /// Where pages are not at their places in the file, they went through connections of their own.
    fn flush(&mut self) -> Result<(), Error> {
        if !self.channels.is_empty() || self.blocks.iter().any(|block| block.is_mapped) {
            return self.meet().map(|_| ());
        }
        let expected = "memory in the stream itself: it was sent by further connections, as multifd does";
        Err(Error::new(Class::Unsupported, expected, Found::Nothing))
    }

    /// Takes what all channels sent since they met last; whether that was anything.
    fn meet(&mut self) -> Result<bool, Error> {
        let mut channels = core::mem::take(&mut self.channels);
        let mut packets = Vec::new();
        for (i, channel) in channels.iter_mut().enumerate() {
            let sent = channel.up_to_meeting().map_err(|e| in_channel(i, e))?;
            packets.extend(sent.into_iter().map(|packet| (i, packet)));
        }
        packets.sort_by_key(|(_, packet)| packet.number());
        for (i, packet) in &packets {
            let Some(channel) = channels.get_mut(*i) else { continue };
            self.packet(packet, channel).map_err(|e| in_channel(*i, packet.blame(e)))?;
        }
        self.channels = channels;
        Ok(!packets.is_empty())
    }

    fn packet(&mut self, packet: &Packet, channel: &mut Channel<'_>) -> Result<(), Error> {
        let pages = packet.pages(self.page_size)?;
        if pages.is_empty() {
            return Ok(());
        }
        let name = packet.block();
        let block = self.places.get(name).and_then(|place| self.blocks.get_mut(*place));
        let block = block.ok_or_else(|| no_block(name))?;
        for (address, page) in pages {
            if let Some(page) = page {
                block.put(address, &channel.load(&page, self.page_size)?)?;
            } else {
                block.note(address);
                block.image.fill(&block.name.0, address, 0)?;
            }
        }
        Ok(())
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

/// Puts the pages of a block that lie at their places in the file. The bitmap says which are there.
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
    for address in mapped_pages::addresses(bitmap, size, block.length) {
        let address = address
            .map_err(|number| Error::new(Class::Invalid, "a bitmap of no more pages than the block has", number))?;
        let page = page_of(pages, address, size);
        let bytes = page.load(&mut reader, size)?;
        block.put(address, &bytes)?;
    }
    Ok(())
}

/// A page of the pages of a block, or of a packet.
pub(super) fn page_of(pages: &Blob, address: u64, length: u64) -> Blob {
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
