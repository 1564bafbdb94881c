//! Pages that went through connections of their own, as multifd sends them.
//!
//! The connections are not in step with the stream, nor with each other. They meet: each says in a packet that it has sent all it had
//! up to here, and the stream says where that is. Between two meetings no page is sent twice.

use super::memory::page_of;
use super::{Inputs, MultifdChannel, MultifdChannelArgs, MultifdFlags, MultifdPacket, MultifdPacketBody, MultifdPages};
use crate::format::{self, ReadSeek};
use crate::runtime::{Endian, Found, Wire, len64};
use crate::{Blob, Class, Error};
use alloc::collections::VecDeque;
use alloc::format;
use alloc::vec::Vec;

/// A connection, with the packets that have not been looked at yet.
pub(super) struct Channel<'c> {
    reader: &'c mut dyn ReadSeek,
    packets: VecDeque<(usize, MultifdPacket)>,
}

/// Pages of one packet.
pub(super) struct Packet {
    /// Which packet of its channel it is.
    place: usize,
    pages: MultifdPages,
}

/// Where a page is, and what is in it: nothing for one of zeros.
pub(super) type Page = (u64, Option<Blob>);

impl<'c> Channel<'c> {
    /// Reads all packets of a connection, with inputs as the stream has them. Their pages are not held.
    pub fn read(reader: &'c mut dyn ReadSeek, inputs: Inputs) -> Result<Self, Error> {
        let mut source = format::start(reader, 0)?;
        let channel = MultifdChannel::read_from(&mut source, Endian::Big, MultifdChannelArgs { inputs });
        let packets = channel.map_err(|e| e.spec(MultifdChannel::SPEC))?.packets;
        Ok(Self { reader, packets: packets.into_iter().enumerate().collect() })
    }

    /// What was sent up to the next meeting, or to the end.
    pub fn up_to_meeting(&mut self) -> Result<Vec<Packet>, Error> {
        let mut all = Vec::new();
        while let Some((place, packet)) = self.packets.pop_front() {
            let flags = packet.flags;
            let MultifdPacketBody::Pages(pages) = packet.body else { continue };
            if flags.bits() & !MultifdFlags::SYNC.bits() != 0 {
                let expected = "pages that are not packed";
                return Err(in_packet(place, Error::new(Class::Unsupported, expected, flags.bits())));
            }
            all.push(Packet { place, pages });
            if flags.bits() & MultifdFlags::SYNC.bits() != 0 {
                break;
            }
        }
        Ok(all)
    }

    /// The bytes of a page.
    pub fn load(&mut self, page: &Blob, page_size: u64) -> Result<Vec<u8>, Error> {
        page.load(&mut self.reader, page_size)
    }
}

impl Packet {
    /// Its number among those of all channels.
    pub const fn number(&self) -> u64 {
        self.pages.packet_number
    }

    /// What its block is called.
    pub fn block(&self) -> &[u8] {
        self.pages.block.split('\0').next().unwrap_or_default().as_bytes()
    }

    /// Its pages in their order.
    pub fn pages(&self, page_size: u64) -> Result<Vec<Page>, Error> {
        let MultifdPages { normal_pages, zero_pages, packet_size, offsets, data, .. } = &self.pages;
        let (normal, zero) = (u64::from(*normal_pages), u64::from(*zero_pages));
        if normal.saturating_add(zero) > len64(offsets.len()) {
            let expected = format!("no more than {} pages in a packet", offsets.len());
            return Err(Error::new(Class::Invalid, expected, normal.saturating_add(zero)));
        }
        if normal > 0 && u64::from(*packet_size) != normal.saturating_mul(page_size) {
            return Err(Error::new(Class::Invalid, "bytes of so many pages", *packet_size));
        }
        let count = usize::try_from(normal.saturating_add(zero)).unwrap_or(usize::MAX);
        let at = |index: u64| data.as_ref().map(|data| page_of(data, index.saturating_mul(page_size), page_size));
        let pages = (0..).zip(offsets).take(count);
        Ok(pages.map(|(index, offset)| (*offset, (index < normal).then(|| at(index)).flatten())).collect())
    }

    /// The error with the path to the packet.
    pub fn blame(&self, error: Error) -> Error {
        in_packet(self.place, error)
    }
}

#[cold]
fn in_packet(place: usize, error: Error) -> Error {
    error.index(place).field("packets", 0)
}

/// That there is nothing to put pages into.
pub(super) fn no_block(name: &[u8]) -> Error {
    Error::new(Class::Invalid, "a block of the list", Found::from(name))
}
