//! Values for fuzzing: only such as can be written and read back.

use crate::{Blob, Copies, Guid, Kept, Padding, Reserved, Text, Utf16, Uuid, Zeros};
use alloc::vec::Vec;
use arbitrary::{Arbitrary, Result, Unstructured};
use binrw::Endian;

/// Most zeros of a value: the number is cheap in memory and dear on the wire.
const MOST_ZEROS: u64 = 4096;

/// A byte order, for fields that hold one.
///
/// # Errors
/// When the data is used up.
pub fn endian(u: &mut Unstructured<'_>) -> Result<Endian> {
    Ok(if u.arbitrary()? { Endian::Big } else { Endian::Little })
}

/// How many zeros a gap or slack has, for fields that hold that: at most 4096, whatever the format allows.
///
/// # Errors
/// When the data is used up.
pub fn zeros(u: &mut Unstructured<'_>) -> Result<u64> {
    u.int_in_range(0..=MOST_ZEROS)
}

/// Bytes that are not all zero, if there are such.
fn other(u: &mut Unstructured<'_>) -> Result<Option<Vec<u8>>> {
    let bytes = Vec::arbitrary(u)?;
    Ok(bytes.iter().any(|b| *b != 0).then_some(bytes))
}

impl<'a, const N: usize> Arbitrary<'a> for Reserved<N> {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        u.arbitrary().map(Self)
    }
}

impl<'a, T: Arbitrary<'a>> Arbitrary<'a> for Kept<T> {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        let value: Option<T> = u.arbitrary()?;
        Ok(value.map_or(Self::AsPinned, Self::Other))
    }
}

/// All copies the same: what makes others valid is for a spec to know.
impl<'a, T: Arbitrary<'a>, const N: usize> Arbitrary<'a> for Copies<T, N> {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        u.arbitrary().map(Self::new)
    }
}

impl<'a> Arbitrary<'a> for Padding {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        Ok(other(u)?.map_or(Self::Zero, Self::Other))
    }
}

impl<'a> Arbitrary<'a> for Zeros {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        match other(u)? {
            Some(bytes) => Ok(Self::Other(bytes)),
            None => zeros(u).map(Self::Zero),
        }
    }
}

/// Bytes only: a range has no source here.
impl<'a> Arbitrary<'a> for Blob {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        u.arbitrary().map(Self::Bytes)
    }
}

impl<'a> Arbitrary<'a> for Text {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        u.arbitrary().map(Self)
    }
}

impl<'a> Arbitrary<'a> for Utf16 {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        u.arbitrary().map(Self)
    }
}

impl<'a> Arbitrary<'a> for Guid {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        u.arbitrary().map(Self)
    }
}

impl<'a> Arbitrary<'a> for Uuid {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        u.arbitrary().map(Self)
    }
}
