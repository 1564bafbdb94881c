//! Headers by generated code.

use std::io::Cursor;

use binrw::BinRead;
use vmspec_runtime::{Endian, Fault, Wire};

use super::libvirt_save::{HeaderView, HeaderWire};
use super::{COUNT, SIZE, fields, words};

/// As values, from a reader.
pub fn read(bytes: &[u8]) -> u64 {
    let mut from = Cursor::new(bytes);
    (0..COUNT).fold(0, |sum, _| sum + owned(&HeaderWire::read(&mut from).unwrap()))
}

/// As values, from blocks.
pub fn slice(bytes: &[u8]) -> u64 {
    bytes.as_chunks::<SIZE>().0.iter().fold(0, |sum, it| sum + owned(&HeaderWire::from_bytes(it).unwrap()))
}

/// As values, from a slice.
pub fn parse(bytes: &[u8]) -> u64 {
    let mut rest = bytes;
    (0..COUNT).fold(0, |sum, _| {
        let (value, behind) = HeaderWire::parse_with(rest, Endian::Little, ()).unwrap();
        rest = behind;
        sum + owned(&value)
    })
}

/// As they lie there.
pub fn views(bytes: &[u8]) -> u64 {
    bytes.as_chunks::<SIZE>().0.iter().fold(0, |sum, it| sum + HeaderView::new(it).and_then(view).unwrap())
}

/// As they lie there, with every rule looked at.
pub fn checked(bytes: &[u8]) -> u64 {
    bytes.as_chunks::<SIZE>().0.iter().fold(0, |sum, it| {
        let it = HeaderView::new(it).unwrap();
        it.read().unwrap();
        sum + view(it).unwrap()
    })
}

#[inline]
fn view(it: HeaderView<'_>) -> Result<u64, Fault> {
    let (was_running, format) = (it.was_running().repr(), it.format()?.repr());
    Ok(fields(it.version(), it.data_len(), was_running, format, it.cookie_offset()) + words(it.unused()))
}

#[inline]
fn owned(it: &HeaderWire) -> u64 {
    let (header, driven) = (&it.header, &it.driven);
    let (was_running, format) = (header.was_running.repr(), header.format.repr());
    fields(header.version, driven.data_len, was_running, format, driven.cookie_offset) + words(&header.unused.0)
}
