//! Descriptors as binrw's derive reads them when it is told of integers in place of arrays of bytes, which it reads one by one.

use std::io::Cursor;

use binrw::BinRead;

use super::{COUNT, data, keeps_rules, zeros};

#[derive(BinRead)]
#[br(little, import(count: usize))]
struct Descriptors {
    #[br(count = count)]
    all: Vec<Descriptor>,
}

#[derive(BinRead)]
#[br(little)]
enum Descriptor {
    #[br(magic = b"desc")]
    Data { trailing: u32, leading: u64, file_offset: u64, sequence: u64 },
    #[br(magic = b"zero")]
    Zero { reserved: u32, length: u64, file_offset: u64, sequence: u64 },
}

/// All of them.
pub fn all(bytes: &[u8]) -> u64 {
    let all = Descriptors::read_args(&mut Cursor::new(bytes), (COUNT,)).unwrap().all;
    all.iter().fold(0, |sum, it| {
        sum.wrapping_add(match it {
            Descriptor::Data { trailing, leading, file_offset, sequence } => {
                assert!(keeps_rules(0, *file_offset, *sequence));
                data(trailing.to_le_bytes(), leading.to_le_bytes(), *file_offset, *sequence)
            }
            Descriptor::Zero { reserved, length, file_offset, sequence } => {
                assert!(keeps_rules(*length, *file_offset, *sequence));
                zeros(reserved.to_le_bytes(), *length, *file_offset, *sequence)
            }
        })
    })
}
