//! Arbitrary values are valid ones: they can be written, and stay small.
#![cfg(feature = "std")]
#![cfg(feature = "arbitrary")]
#![allow(clippy::unwrap_used, clippy::as_conversions, clippy::cast_possible_truncation, missing_docs)]

use arbitrary::{Arbitrary, Unstructured};
use vmspec_runtime::{Blob, Guid, Kept, Padding, Reserved, Sink, Text, Utf16, Uuid, VecOutput, Zeros};

#[derive(Arbitrary, Debug)]
struct All {
    blob: Blob,
    reserved: Reserved<56>,
    kept: Kept<u32>,
    padding: Padding,
    zeros: Zeros,
    text: Text,
    units: Utf16,
    ids: (Guid, Uuid),
}

#[test]
fn valid_and_small() {
    for seed in 0..200_u32 {
        let noise: Vec<u8> = (0..2_000_u32)
            .map(|i| (i.wrapping_mul(2_654_435_761).wrapping_add(seed.wrapping_mul(97)) >> 13) as u8)
            .collect();
        let mut u = Unstructured::new(&noise);
        let all = All::arbitrary(&mut u).unwrap();
        vmspec_runtime::arbitrary::endian(&mut u).unwrap();
        assert!(matches!(all.blob, Blob::Bytes(_)));
        let mut v = Vec::new();
        let mut sink = Sink::new(VecOutput(&mut v));
        sink.zeros_value(&all.zeros).unwrap();
        let length = match &all.padding {
            Padding::Zero => 3,
            Padding::Other(b) => b.len() as u64,
        };
        sink.padding(&all.padding, length).unwrap();
        assert!(v.len() < 10_000);
        let _ = (all.reserved, all.kept, all.text, all.units, all.ids);
    }
}
