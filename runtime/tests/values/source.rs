//! Reading blocks, bytes, lists and blobs through every kind of input, with hostile lengths.
#![cfg(feature = "std")]
#![allow(
    clippy::unwrap_used,
    clippy::trivially_copy_pass_by_ref,
    clippy::indexing_slicing,
    clippy::as_conversions,
    clippy::cast_possible_truncation,
    missing_docs
)]

use vmspec_runtime::{Blob, Class, Cursor, Endian, Fault, ReadInput, Rule, SeekInput, Source, get_u32};

static SMALL: Rule = Rule::new("n", 4, Class::Invalid, "at most 9");

fn small(b: &[u8; 4]) -> Result<u32, Fault> {
    match get_u32::<0, 4>(b, Endian::Little) {
        n if n <= 9 => Ok(n),
        n => Err(SMALL.fault(0, n)),
    }
}

#[test]
fn blocks_and_positions() {
    each_input!([1, 2, 3, 4, 5], 100, |src| {
        assert_eq!(src.block::<3>().unwrap(), [1, 2, 3]);
        assert_eq!(src.position(), 103);
        let e = src.block::<3>().unwrap_err();
        assert_eq!((e.class(), e.offset()), (Class::Truncated, Some(103)));
        assert_eq!(e.to_string(), "0x67: expected 3 bytes, found 2 (truncated)");
    });
}

#[test]
fn bytes_are_bounded_by_max_and_by_the_input() {
    for n in [4, 5_000, 1 << 21, 1 << 40, u64::MAX - 1, u64::MAX] {
        each_input!([1, 2, 3], 7, |src| {
            let e = src.bytes(n, u64::MAX).unwrap_err();
            assert_eq!((e.class(), e.offset()), (Class::Truncated, Some(7)), "{n}");
        });
        each_input!([1, 2, 3], 7, |src| {
            let e = src.bytes(n, 3).unwrap_err();
            assert_eq!((e.class(), e.expected()), (Class::Limit, "at most 3 bytes"));
        });
    }
    each_input!([1, 2, 3], 0, |src| {
        assert_eq!(src.bytes(3, 3).unwrap(), [1, 2, 3]);
        assert_eq!(src.bytes(0, 0).unwrap(), []);
        assert!(src.is_done().unwrap());
    });
}

#[test]
fn much_data_arrives_whole() {
    let big: Vec<u8> = (0..3_000_001_u32).map(|i| i as u8).collect();
    each_input!(&big, 0, |src| {
        assert!(src.bytes(3_000_000, 1 << 30).unwrap() == big[..3_000_000]);
        assert_eq!(src.block::<1>().unwrap(), [big[3_000_000]]);
    });
}

#[test]
fn lists_across_chunks() {
    let b: Vec<u8> = (0..5_000_u32).flat_map(|i| (i % 10).to_le_bytes()).collect();
    each_input!(&b, 0, |src| {
        let list = src.list(5_000, small).unwrap();
        assert_eq!((list.len(), list[4_999]), (5_000, 9));
    });
    each_input!(&b, 0, |src| {
        assert_eq!(src.list(0, small).unwrap(), []);
        assert_eq!(src.position(), 0);
    });
}

#[test]
fn elements_larger_than_a_chunk() {
    let b = vec![3; 10_000];
    let first = |b: &[u8; 5_000]| -> Result<u8, Fault> { Ok(b[4_999]) };
    each_input!(&b, 0, |src| {
        assert_eq!(src.list(2, first).unwrap(), [3, 3]);
        assert!(src.is_done().unwrap());
    });
    each_input!(&b, 0, |src| {
        assert_eq!(src.list(3, first).unwrap_err().class(), Class::Truncated);
    });
}

#[test]
fn a_bad_element_is_placed() {
    let mut b: Vec<u8> = (0..3_000_u32).flat_map(|_| 1_u32.to_le_bytes()).collect();
    b[4 * 2_500] = 10;
    each_input!(&b, 50, |src| {
        let e = src.list(3_000, small).unwrap_err();
        assert_eq!(e.to_string(), "0x2742: [2500].n: expected at most 9, found 10 (0xa) (invalid)");
    });
}

#[test]
fn hostile_counts() {
    for count in [2, 1_025, 1 << 32, u64::MAX / 4, u64::MAX] {
        each_input!([1, 0, 0, 0, 2, 0, 0], 0, |src| {
            let e = src.list(count, small).unwrap_err();
            assert_eq!(e.class(), Class::Truncated, "{count}");
        });
    }
}

#[test]
fn blobs_are_passed_over() {
    each_input!([1, 2, 3, 4, 5], 10, |src| {
        let blob = src.blob(3).unwrap();
        assert_eq!(blob, Blob::Range { offset: 10, length: 3 });
        assert_eq!(src.position(), 13);
        assert_eq!(src.block::<1>().unwrap(), [4]);
        assert_eq!(src.blob(0).unwrap(), Blob::EMPTY);
        src.blob(1).unwrap();
        assert!(src.is_done().unwrap());
        src.settle().unwrap();
        assert!(src.into_input().is_ok());
    });
}

#[test]
fn blobs_past_the_end() {
    for n in [6, 1 << 40, u64::MAX] {
        let b = [0; 5];
        for known in [true, false] {
            let mut slice = Cursor::over(&b, 0);
            let mut seek = Source::new(SeekInput(std::io::Cursor::new(&b)), 0);
            let e = if known { slice.blob(n) } else { seek.blob(n) }.unwrap_err();
            assert_eq!((e.class(), e.offset()), (Class::Truncated, Some(0)));
        }
        // A plain reader only learns it when the blob is passed over; up to the last offset there is.
        let mut src = Source::new(ReadInput::new(&b[..]), 0);
        src.blob(n.min(u64::MAX - 1)).unwrap();
        assert_eq!(src.settle().unwrap_err().class(), Class::Truncated);
        let mut src = Source::new(ReadInput::new(&b[..]), 0);
        src.blob(n.min(u64::MAX - 1)).unwrap();
        assert_eq!(src.into_input().unwrap_err().class(), Class::Truncated);
    }
}

#[test]
fn what_is_left() {
    let mut src = Cursor::over(&[0; 9], 5);
    assert_eq!(src.rest().unwrap(), 9);
    let mut src = Source::new(SeekInput(std::io::Cursor::new([0; 9])), 5);
    src.blob(2).unwrap();
    assert_eq!(src.rest().unwrap(), 7);
    assert_eq!(src.block::<1>().unwrap(), [0]);
    assert_eq!(src.rest().unwrap(), 6);
    let mut src = Source::new(ReadInput::new(&[0; 9][..]), 5);
    let e = src.rest().unwrap_err();
    assert_eq!((e.class(), e.offset()), (Class::NeedsSource, Some(5)));
}

#[test]
fn nesting_is_bounded() {
    fn dive(src: &mut Cursor<'_>, depth: u32) -> vmspec_runtime::Result<u32> {
        src.descend()?;
        let rest = src.rest()?;
        let reached = src.window(rest, u64::MAX, |w| {
            if depth == 1_000 {
                return Ok(depth);
            }
            dive(w, depth + 1)
        })?;
        src.ascend();
        Ok(reached)
    }
    let e = dive(&mut Cursor::over(&[1], 0), 0).unwrap_err();
    assert_eq!((e.class(), e.expected()), (Class::Limit, "at most 64 levels of nesting"));
    let mut src = Cursor::over(&[], 0);
    for _ in 0..1_000 {
        src.descend().unwrap();
        src.ascend();
    }
}

#[test]
fn slices_are_lent() {
    let b = *b"ab\0cde";
    let mut src = Cursor::over(&b, 0);
    assert_eq!(src.cstr().unwrap(), c"ab");
    assert_eq!(src.array::<2>().unwrap(), b"cd");
    assert_eq!(src.array::<2>().unwrap_err().class(), Class::Truncated);
    let mut src = Cursor::over(&b, 0);
    assert_eq!(src.slice(6).unwrap(), b);
    src.clone().finish().unwrap();
    assert_eq!(src.slice(u64::MAX - 6).unwrap_err().class(), Class::Truncated);
    let mut src = Cursor::over(&b, 3);
    src.blob(2).unwrap();
    let e = src.finish().unwrap_err();
    assert_eq!((e.class(), e.offset()), (Class::Invalid, Some(5)));
    let mut src = Cursor::inside(&b, 3);
    assert_eq!(src.slice(7).unwrap_err().class(), Class::Invalid);
    src.slice(3).unwrap();
    assert_eq!(src.cstr().unwrap_err().class(), Class::Invalid);
    let mut src = Cursor::over(&b[3..], 3);
    assert_eq!(src.cstr().unwrap_err().class(), Class::Truncated);
}
