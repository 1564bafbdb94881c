//! Headers as binrw's derive reads them when it is told all that the spec says: the byte order found by trial, enums, rules.

use std::io::Cursor;

use binrw::{BinRead, binread};

use super::{COUNT, fields};

#[binread]
struct Header {
    #[br(little)]
    magic: Magic,
    #[br(temp, restore_position, little, map = |version: u32| version <= 3)]
    little: bool,
    #[br(is_little = little, assert(version <= 3))]
    version: u32,
    #[br(is_little = little, assert(data_len > 0))]
    data_len: u32,
    #[br(is_little = little)]
    was_running: RunState,
    #[br(is_little = little)]
    format: Compression,
    #[br(is_little = little, assert(cookie_offset == 0 || cookie_offset < data_len))]
    cookie_offset: u32,
    #[br(little)]
    unused: [u32; 14],
}

#[derive(BinRead, PartialEq)]
enum Magic {
    #[br(magic = b"LibvirtQemudSave")]
    Complete,
    #[br(magic = b"LibvirtQemudPart")]
    Partial,
}

#[derive(BinRead)]
enum RunState {
    #[br(magic = 0_u32)]
    Paused,
    #[br(magic = 1_u32)]
    Running,
    Unknown(u32),
}

#[derive(BinRead, Clone, Copy)]
#[br(repr = u32)]
enum Compression {
    Raw = 0,
    Gzip = 1,
    Bzip2 = 2,
    Xz = 3,
    Lzop = 4,
    Zstd = 5,
    Sparse = 6,
}

impl RunState {
    const fn repr(&self) -> u32 {
        match self {
            Self::Paused => 0,
            Self::Running => 1,
            Self::Unknown(other) => *other,
        }
    }
}

/// All of them.
pub fn all(bytes: &[u8]) -> u64 {
    let mut from = Cursor::new(bytes);
    (0..COUNT).fold(0, |sum, _| {
        let it = Header::read_le(&mut from).unwrap();
        assert!(it.magic == Magic::Complete);
        let words = it.unused.iter().fold(0, |sum, it| sum + u64::from(*it));
        sum + fields(it.version, it.data_len, it.was_running.repr(), it.format as u32, it.cookie_offset) + words
    })
}
