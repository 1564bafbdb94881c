//! Descriptors by generated code.

use std::io::Cursor;

use binrw::BinRead;
use vmspec_runtime::{Endian, Fault, Wire};

use super::vhdx::{LogDescriptor, LogDescriptorArgs, LogDescriptorBody, LogDescriptorView};
use super::{COUNT, SEQUENCE, data, zeros};

/// What descriptors must be told.
pub const ARGS: LogDescriptorArgs = LogDescriptorArgs { sequence: SEQUENCE };

fn chunks(bytes: &[u8]) -> &[[u8; LogDescriptor::SIZE]] {
    bytes.as_chunks().0
}

/// As values, from a reader.
pub fn read(bytes: &[u8]) -> u64 {
    read_from(&mut Cursor::new(bytes))
}

/// As values, from any reader.
pub fn read_from<R: binrw::io::Read + binrw::io::Seek>(from: &mut R) -> u64 {
    let mut all = Vec::with_capacity(COUNT);
    for _ in 0..COUNT {
        all.push(LogDescriptor::read_args(from, ARGS).unwrap());
    }
    digest(&all)
}

/// As values, from blocks.
pub fn slice(bytes: &[u8]) -> u64 {
    let mut all = Vec::with_capacity(COUNT);
    for block in chunks(bytes) {
        all.push(LogDescriptor::from_bytes(block, ARGS).unwrap());
    }
    digest(&all)
}

/// As values, from a slice.
pub fn parse(bytes: &[u8]) -> u64 {
    let mut all = Vec::with_capacity(COUNT);
    let mut rest = bytes;
    for _ in 0..COUNT {
        let (value, behind) = LogDescriptor::parse_with(rest, Endian::Little, ARGS).unwrap();
        all.push(value);
        rest = behind;
    }
    digest(&all)
}

/// As they lie there.
pub fn views(bytes: &[u8]) -> u64 {
    chunks(bytes).iter().fold(0, |sum, it| sum.wrapping_add(view(LogDescriptorView::new(it, ARGS)).unwrap()))
}

/// As they lie there, with every rule looked at.
pub fn checked(bytes: &[u8]) -> u64 {
    chunks(bytes).iter().fold(0, |sum, it| {
        let it = LogDescriptorView::new(it, ARGS);
        it.check().unwrap();
        sum.wrapping_add(view(it).unwrap())
    })
}

/// A digest of one, on every field.
#[inline]
pub fn view(it: LogDescriptorView<'_>) -> Result<u64, Fault> {
    let body = it.body()?;
    Ok(match (body.as_data(), body.as_zero()) {
        (Some(of), _) => data(*of.trailing(), *of.leading(), it.file_offset(), it.sequence_number()),
        (_, Some(of)) => zeros(*of.reserved(), of.length(), it.file_offset(), it.sequence_number()),
        _ => 0,
    })
}

/// A digest of all, on every field.
pub fn digest(all: &[LogDescriptor]) -> u64 {
    all.iter().fold(0, |sum, it| {
        sum.wrapping_add(match &it.body {
            LogDescriptorBody::Data(of) => data(of.trailing, of.leading, it.file_offset, SEQUENCE),
            LogDescriptorBody::Zero(of) => zeros(of.reserved.0, of.length, it.file_offset, SEQUENCE),
        })
    })
}
