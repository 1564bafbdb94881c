//! Descriptors as deku's derive reads them.

use std::io::Cursor;

use deku::prelude::*;

use super::{COUNT, data, keeps_rules, zeros};

#[derive(DekuRead)]
#[deku(ctx = "count: usize")]
struct Descriptors {
    #[deku(count = "count")]
    all: Vec<Descriptor>,
}

#[derive(DekuRead)]
#[deku(id_type = "[u8; 4]", endian = "little")]
enum Descriptor {
    #[deku(id = b"desc")]
    Data { trailing: [u8; 4], leading: [u8; 8], file_offset: u64, sequence: u64 },
    #[deku(id = b"zero")]
    Zero { reserved: [u8; 4], length: u64, file_offset: u64, sequence: u64 },
}

/// All of them.
pub fn all(bytes: &[u8]) -> u64 {
    let mut from = Cursor::new(bytes);
    let all = Descriptors::from_reader_with_ctx(&mut Reader::new(&mut from), COUNT).unwrap().all;
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
