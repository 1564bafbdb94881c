//! Headers as binrw's derive reads and writes them, of one byte order, and without a rule.

use std::io::Cursor;

use binrw::{BinRead, BinWrite};

use super::{COUNT, fields};

/// A header.
#[derive(BinRead, BinWrite)]
#[brw(little, magic = b"LibvirtQemudSave")]
pub struct Header {
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
    (0..COUNT).fold(0, |sum, _| {
        let it = Header::read(&mut from).unwrap();
        let words = it.unused.iter().fold(0, |sum, it| sum + u64::from(*it));
        sum + fields(it.version, it.data_len, it.was_running, it.format, it.cookie_offset) + words
    })
}

/// As values.
pub fn values(bytes: &[u8]) -> Vec<Header> {
    let mut from = Cursor::new(bytes);
    (0..COUNT).map(|_| Header::read(&mut from).unwrap()).collect()
}
