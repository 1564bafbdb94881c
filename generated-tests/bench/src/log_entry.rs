//! A log entry of 1 MiB with 353 descriptors: its descriptors alone, and all of it.

use std::hint::black_box;
use std::io::Cursor;

use binrw::BinRead;
use vmspec::vhdx::{LogDescriptor, LogDescriptorBody, LogDescriptorView, LogEntry};
use vmspec_generated_tests::vhdx::entry::{Change, Draft};
use vmspec_generated_tests::vhdx::image;
use vmspec_runtime::{Fault, Wire};

use crate::derived::{self, Descriptor};
use crate::rounds::Group;

const SECTORS: u64 = 253;
const ZEROS: u64 = 100;
const DESCRIPTORS: usize = 353;
const SEQUENCE: u64 = 77;
const ARGS: vmspec::vhdx::LogDescriptorArgs = vmspec::vhdx::LogDescriptorArgs { sequence: SEQUENCE };

/// The entry, of a log of that length. Each descriptor is about another place.
pub fn made(log_length: u32) -> Vec<u8> {
    let data = (0..SECTORS).map(|i| Change::Data(0x80_0000 + i * 4096, i));
    let zeros = (0..ZEROS).map(|i| Change::Zeros(0x100_0000 + i * 8192, 4096));
    Draft::new(image::log(log_length), SEQUENCE, 0, data.chain(zeros).collect()).bytes()
}

/// The descriptors, without what is before and behind them.
pub fn descriptors() -> Group {
    let bytes: &'static [u8] = made(1 << 20)[64..64 + 32 * DESCRIPTORS].to_vec().leak();
    Group::new("353 descriptors of a log entry, from memory", bytes.len())
        .case("binrw derive, `Cursor`", move || derived_all(black_box(bytes)))
        .case("generated, `BinRead` one by one", move || read_all(black_box(bytes)))
        .case("generated, slice to owned", move || owned_all(black_box(bytes)))
        .case("generated, views", move || viewed_all(black_box(bytes)))
        .case("generated, views, every rule checked", move || checked_all(black_box(bytes)))
}

fn derived_all(bytes: &[u8]) -> u64 {
    let all = derived::Descriptors::read_args(&mut Cursor::new(bytes), (DESCRIPTORS,)).unwrap().all;
    assert!(all.iter().all(|it| it.sequence() == SEQUENCE));
    let each = all.iter().map(|it| match it {
        Descriptor::Data { trailing, leading, file_offset, .. } => data(*trailing, *leading, *file_offset),
        Descriptor::Zero { reserved, length, file_offset, .. } => zeros(*reserved, *length, *file_offset),
    });
    each.fold(0, u64::wrapping_add)
}

fn chunks(bytes: &[u8]) -> &[[u8; LogDescriptor::SIZE]] {
    bytes.as_chunks().0
}

fn read_all(bytes: &[u8]) -> u64 {
    let mut from = Cursor::new(bytes);
    let next = || LogDescriptor::read_args(&mut from, ARGS);
    let all: Vec<_> = std::iter::repeat_with(next).take(DESCRIPTORS).map(Result::unwrap).collect();
    all.iter().map(owned).fold(0, u64::wrapping_add)
}

fn owned_all(bytes: &[u8]) -> u64 {
    let all: Result<Vec<_>, Fault> = chunks(bytes).iter().map(|it| LogDescriptor::from_bytes(it, ARGS)).collect();
    all.unwrap().iter().map(owned).fold(0, u64::wrapping_add)
}

fn viewed_all(bytes: &[u8]) -> u64 {
    chunks(bytes).iter().map(|it| viewed(LogDescriptorView::new(it, ARGS)).unwrap()).fold(0, u64::wrapping_add)
}

fn checked_all(bytes: &[u8]) -> u64 {
    let each = chunks(bytes).iter().map(|it| LogDescriptorView::new(it, ARGS)).map(|it| {
        it.check()?;
        viewed(it)
    });
    each.fold(0, |sum, it| sum.wrapping_add(it.unwrap()))
}

fn viewed(it: LogDescriptorView<'_>) -> Result<u64, Fault> {
    let body = it.body()?;
    Ok(match (body.as_data(), body.as_zero()) {
        (Some(of), _) => data(*of.trailing(), *of.leading(), it.file_offset()),
        (_, Some(of)) => zeros(*of.reserved(), of.length(), it.file_offset()),
        _ => 0,
    })
}

/// All of it, as a value.
pub fn entry() -> Group {
    let bytes: &'static [u8] = made(1 << 20).leak();
    let mut to = vec![0; bytes.len()];
    Group::new("a log entry of 1 MiB as a value, its checksum checked", bytes.len())
        .case("generated, slice to owned", move || all_of(&LogEntry::parse(black_box(bytes)).unwrap().0))
        .case("generated, `BinRead`", move || all_of(&LogEntry::read(&mut Cursor::new(black_box(bytes))).unwrap()))
        .limit("memcpy", move || {
            to.copy_from_slice(black_box(bytes));
            black_box(&to)[9].into()
        })
}

fn all_of(entry: &LogEntry) -> u64 {
    entry.descriptors.iter().map(owned).fold(0, u64::wrapping_add)
}

fn owned(it: &LogDescriptor) -> u64 {
    match &it.body {
        LogDescriptorBody::Data(of) => data(of.trailing, of.leading, it.file_offset),
        LogDescriptorBody::Zero(of) => zeros(of.reserved.0, of.length, it.file_offset),
    }
}

/// A digest of a descriptor of a sector, on every field.
fn data(trailing: [u8; 4], leading: [u8; 8], file_offset: u64) -> u64 {
    zeros(trailing, u64::from_le_bytes(leading), file_offset)
}

/// A digest of a descriptor of zeros, on every field.
fn zeros(reserved: [u8; 4], length: u64, file_offset: u64) -> u64 {
    length.wrapping_add(u32::from_le_bytes(reserved).into()).wrapping_add(file_offset)
}
