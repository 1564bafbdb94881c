//! Headers as deku's derive reads them, of one byte order, and without a rule.

use std::io::Cursor;

use deku::prelude::*;

use super::{COUNT, fields};

#[derive(DekuRead)]
#[deku(endian = "little", magic = b"LibvirtQemudSave")]
struct Header {
    version: u32,
    data_len: u32,
    was_running: u32,
    format: u32,
    cookie_offset: u32,
    unused: [u32; 14],
}

/// All of them.
pub fn all(bytes: &[u8]) -> u64 {
    let mut from = Cursor::new(bytes);
    let mut from = Reader::new(&mut from);
    (0..COUNT).fold(0, |sum, _| {
        let it = Header::from_reader_with_ctx(&mut from, ()).unwrap();
        let words = it.unused.iter().fold(0, |sum, it| sum + u64::from(*it));
        sum + fields(it.version, it.data_len, it.was_running, it.format, it.cookie_offset) + words
    })
}
