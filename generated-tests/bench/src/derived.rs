//! The same records as binrw's derive reads them, written the way its documentation shows.

use binrw::BinRead;

/// The descriptors of a log entry.
#[derive(BinRead)]
#[br(little, import(count: usize))]
pub struct Descriptors {
    #[br(count = count)]
    pub all: Vec<Descriptor>,
}

/// A descriptor.
#[derive(BinRead)]
#[br(little)]
pub enum Descriptor {
    /// A sector.
    #[br(magic = b"desc")]
    Data { trailing: [u8; 4], leading: [u8; 8], file_offset: u64, sequence: u64 },
    /// Zeros.
    #[br(magic = b"zero")]
    Zero { reserved: [u8; 4], length: u64, file_offset: u64, sequence: u64 },
}

impl Descriptor {
    /// The number of the entry that it belongs to.
    pub const fn sequence(&self) -> u64 {
        match self {
            Self::Data { sequence, .. } | Self::Zero { sequence, .. } => *sequence,
        }
    }
}

/// Sections of a QEMU stream that hold a timer each.
#[derive(BinRead)]
#[br(big, magic = b"QEVM\0\0\0\x03", import(count: usize))]
pub struct Timers {
    #[br(count = count)]
    pub all: Vec<TimerSection>,
}

/// A section with a timer, and its footer.
#[derive(BinRead)]
#[br(big, magic = 4_u8)]
pub struct TimerSection {
    pub id: u32,
    pub name_length: u8,
    #[br(count = name_length)]
    pub name: Vec<u8>,
    pub instance: u32,
    pub version: u32,
    pub ticks: i64,
    pub unused: [u8; 8],
    pub clock: i64,
    #[br(magic = 0x7e_u8)]
    pub footer: u32,
}
