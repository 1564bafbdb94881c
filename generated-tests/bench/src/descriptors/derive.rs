//! The entry as binrw's derive reads and writes it, spelled the way its documentation does.

use std::io::Cursor;

use binrw::{BinRead, BinWrite};

use super::{COUNT, SEQUENCE, data, keeps_rules, zeros};

/// The descriptors alone.
#[derive(BinRead, BinWrite)]
#[br(import(count: usize))]
#[brw(little)]
pub struct Descriptors {
    #[br(count = count)]
    pub all: Vec<Descriptor>,
}

/// A descriptor.
#[derive(BinRead, BinWrite, Clone)]
#[brw(little)]
pub enum Descriptor {
    /// A sector.
    #[brw(magic = b"desc")]
    Data { trailing: [u8; 4], leading: [u8; 8], file_offset: u64, sequence: u64 },
    /// Zeros.
    #[brw(magic = b"zero")]
    Zero { reserved: [u8; 4], length: u64, file_offset: u64, sequence: u64 },
}

/// What an entry starts with.
#[derive(BinRead, BinWrite)]
#[brw(little, magic = b"loge")]
pub struct Head {
    pub checksum: u32,
    pub entry_length: u32,
    pub tail: u32,
    pub sequence: u64,
    pub descriptor_count: u32,
    pub reserved: [u8; 4],
    pub log_guid: [u8; 16],
    pub flushed_file_offset: u64,
    pub last_file_offset: u64,
}

/// A sector of data.
#[derive(BinRead, BinWrite)]
#[brw(little, magic = b"data")]
pub struct Sector {
    pub sequence_high: u32,
    #[br(count = 4084)]
    pub data: Vec<u8>,
    pub sequence_low: u32,
}

/// All of an entry.
#[derive(BinRead, BinWrite)]
#[brw(little)]
pub struct Entry {
    pub head: Head,
    #[br(count = head.descriptor_count)]
    pub descriptors: Vec<Descriptor>,
    #[brw(align_before = 4096)]
    #[br(count = descriptors.iter().filter(|it| matches!(it, Descriptor::Data { .. })).count())]
    pub sectors: Vec<Sector>,
}

/// The descriptors, from memory.
pub fn all(bytes: &[u8]) -> u64 {
    read_from(&mut Cursor::new(bytes))
}

/// The descriptors, from any reader.
pub fn read_from<R: binrw::io::Read + binrw::io::Seek>(from: &mut R) -> u64 {
    digest(&Descriptors::read_args(from, (COUNT,)).unwrap().all)
}

/// A digest of all, on every field, with the rules looked at.
pub fn digest(all: &[Descriptor]) -> u64 {
    all.iter().fold(0, |sum, it| {
        sum.wrapping_add(match it {
            Descriptor::Data { trailing, leading, file_offset, sequence } => {
                assert!(keeps_rules(0, *file_offset, *sequence));
                data(*trailing, *leading, *file_offset, *sequence)
            }
            Descriptor::Zero { reserved, length, file_offset, sequence } => {
                assert!(keeps_rules(*length, *file_offset, *sequence));
                zeros(*reserved, *length, *file_offset, *sequence)
            }
        })
    })
}

/// The whole entry, its rules and its checksum.
pub fn validate(bytes: &[u8]) -> u64 {
    let entry = Entry::read(&mut Cursor::new(bytes)).unwrap();
    assert!(entry.sectors.iter().all(|it| {
        u64::from(it.sequence_high) << 32 | u64::from(it.sequence_low) == SEQUENCE && it.data.len() == 4084
    }));
    let head = crc32c::crc32c_append(crc32c::crc32c(&bytes[..4]), &[0; 4]);
    assert_eq!(crc32c::crc32c_append(head, &bytes[8..]), entry.head.checksum);
    digest(&entry.descriptors)
}
