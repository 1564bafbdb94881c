//! The header of a libvirt save image, a thousand of them: a byte order found by trial, enums, and rules.

mod checking;
#[cfg(feature = "peers")]
mod deku;
mod derive;
mod floor;
mod generated;
mod sample;
#[cfg(feature = "peers")]
mod winnow;
mod write;
#[cfg(feature = "peers")]
mod zerocopy;

pub use write::write;

use std::hint::black_box;

use crate::rounds::Group;

vmspec_macros::spec! { "../../../../specs/libvirt_save.yaml", vis = pub }

/// How many headers there are.
const COUNT: usize = 1000;
/// How long one is.
const SIZE: usize = libvirt_save::Header::SIZE;

/// The headers from memory.
pub fn from_memory() -> Group {
    let bytes: &'static [u8] = sample::headers().leak();
    let mut to = vec![0; bytes.len()];
    let group = Group::new("1,000 headers of libvirt, from memory", bytes.len())
        .case("derive", "binrw derive, little endian, no rule, `Cursor`", move || derive::all(black_box(bytes)))
        .case("checking", "binrw derive that checks the same, `Cursor`", move || checking::all(black_box(bytes)))
        .case("read", "generated, `BinRead` one by one, `Cursor`", move || generated::read(black_box(bytes)))
        .case("slice", "generated, slice to owned, `from_bytes`", move || generated::slice(black_box(bytes)))
        .case("parse", "generated, slice to owned, `parse`", move || generated::parse(black_box(bytes)))
        .case("views", "generated, views", move || generated::views(black_box(bytes)))
        .case("checked", "generated, views, every rule checked", move || generated::checked(black_box(bytes)));
    peers(group, bytes)
        .case("floor", "by hand, as fast as it goes", move || floor::all(black_box(bytes)).unwrap())
        .limit("copy", "copy of the bytes", move || {
            to.copy_from_slice(black_box(bytes));
            black_box(&to)[9].into()
        })
}

#[cfg(not(feature = "peers"))]
fn peers(group: Group, _: &'static [u8]) -> Group {
    group
}

#[cfg(feature = "peers")]
fn peers(group: Group, bytes: &'static [u8]) -> Group {
    group
        .case("deku", "deku derive, little endian, no rule, `Cursor`", move || deku::all(black_box(bytes)))
        .case("winnow", "winnow, slice to owned, little endian, no rule", move || winnow::all(black_box(bytes)))
        .case("zerocopy", "zerocopy, views, little endian, no rule", move || zerocopy::all(black_box(bytes)).unwrap())
}

/// A digest of the fields but for the unused words.
#[inline]
fn fields(version: u32, data_len: u32, was_running: u32, format: u32, cookie_offset: u32) -> u64 {
    [version, data_len, was_running, format, cookie_offset].iter().fold(0, |sum, it| sum + u64::from(*it))
}

/// A digest of the unused words.
#[inline]
fn words(unused: &[u8; 56]) -> u64 {
    unused.as_chunks().0.iter().fold(0, |sum, it| sum + u64::from(u32::from_le_bytes(*it)))
}
