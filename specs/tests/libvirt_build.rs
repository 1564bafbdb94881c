//! New images: what is chosen for them, where their memory starts, what is refused, and every piece of them cut off.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::arithmetic_side_effects, missing_docs)]

mod libvirt_files;

use libvirt_files::{COOKIE, MEMORY, XML, bytes, images};
use vmspec::libvirt_save::{
    Compression, Header, Image, ImageArea, ImageBuilder, Metadata, RunState, SaveMagic, Spare, may_be_unlinked,
};
use vmspec::runtime::{Endian, Wire, Zeros};
use vmspec::{Blob, Class};

/// Alignments: none, blocks of disks and pages, and one that is no power of two.
const ALIGNMENTS: [u64; 6] = [1, 3, 512, 4096, 65_536, 1 << 20];

#[test]
fn what_is_chosen_where_nothing_is_said() {
    let image = Image::builder(XML).build(MEMORY).unwrap();
    assert_eq!(image.header.magic, SaveMagic::Complete);
    assert_eq!((image.header.was_running, image.header.format), (RunState::Running, Compression::Raw));
    assert_eq!((image.header.byte_order, image.area.cookie.as_deref()), (Endian::Little, None));
    assert_eq!(image.area.spare, Zeros::Zero(ImageArea::INITIAL_SPARE));
    assert_eq!(image.check(), []);
}

#[test]
fn all_that_can_be_said() {
    let image = Image::builder(XML)
        .cookie(COOKIE)
        .run_state(RunState::Paused)
        .compression(Compression::Zstd)
        .byte_order(Endian::Big)
        .spare(Spare::Exactly(7))
        .partial()
        .build(MEMORY)
        .unwrap();
    let all = bytes(&image);
    let (read, rest) = Image::parse(&all).unwrap();
    assert!(rest.is_empty());
    assert_eq!((&read.header, &read.area), (&image.header, &image.area));
    assert_eq!(read.header.magic, SaveMagic::Partial);
    let findings = read.check();
    assert!(may_be_unlinked(findings[0].class()), "{findings:?}");
    assert_eq!(findings.len(), 1);
}

#[test]
fn written_images_read_back() {
    for (name, image) in images() {
        let all = bytes(&image);
        let (read, _) = Image::parse(&all).unwrap();
        let offset = image.memory_offset();
        let length = MEMORY.len().try_into().unwrap();
        assert_eq!(read.memory, Blob::Range { offset, length }, "{name}");
        assert_eq!(image.byte_len() - image.memory.wire_len(), offset, "{name}");
        let mut again = Vec::new();
        read.write_from(&mut std::io::Cursor::new(&all), &mut again).unwrap();
        assert_eq!(again, all, "{name}");
    }
}

#[test]
fn memory_starts_where_it_was_asked_for() {
    for to in ALIGNMENTS {
        for least in [0, 1, ImageArea::INITIAL_SPARE] {
            for cookie in [None, Some(COOKIE)] {
                let spare = Spare::Aligned { to, least };
                let builder = Image::builder(XML).spare(spare);
                let builder = cookie.map_or(builder.clone(), |c| builder.cookie(c));
                let image = builder.build(MEMORY).unwrap();
                let start = image.memory_offset();
                assert_eq!(start % to, 0);
                assert!((least..least + to).contains(&image.area.spare.len()));
                assert_eq!(image.area.memory_offset_with(spare).unwrap(), start);
                assert_eq!(&bytes(&image)[usize::try_from(start).unwrap()..], MEMORY);
            }
        }
    }
}

/// Every image of today can be written so that its memory is aligned, as a version that is read today.
#[test]
fn an_image_is_aligned_later() {
    for (name, mut image) in images() {
        let start = image.area.memory_offset_with(Spare::aligned(4096)).unwrap();
        image.area.set_spare(Spare::aligned(4096)).unwrap();
        assert_eq!((image.memory_offset(), start % 4096), (start, 0), "{name}");
        assert!(image.area.spare.len() >= ImageArea::INITIAL_SPARE, "{name}");
        assert!(bytes(&image).ends_with(MEMORY), "{name}");
        assert!(image.check().iter().all(|f| f.class().is_note() || name == "partial"), "{name}");
    }
}

#[test]
fn an_alignment_of_nothing() {
    let e = Image::builder(XML).spare(Spare::aligned(0)).build(MEMORY).unwrap_err();
    assert_eq!(e.to_string(), "expected an alignment of at least 1 byte, found 0 (invalid)");
    let mut image = Image::builder(XML).build(MEMORY).unwrap();
    let before = image.clone();
    assert!(image.area.set_spare(Spare::aligned(0)).is_err());
    assert_eq!(image, before);
}

fn with_spare(spare: u64) -> ImageBuilder {
    Image::builder(XML).spare(Spare::Exactly(spare))
}

#[test]
fn the_largest_area() {
    let mut fits = 0;
    let mut too_many = u64::from(u32::MAX) + 1;
    while too_many - fits > 1 {
        let middle = u64::midpoint(fits, too_many);
        if with_spare(middle).metadata().is_ok() { fits = middle } else { too_many = middle }
    }
    let image = with_spare(fits).build(MEMORY).unwrap();
    assert_eq!(Metadata::read(&mut &bytes(&image)[..]).unwrap().area, image.area);
    let e = with_spare(too_many).build(MEMORY).unwrap_err();
    let room = image.area.byte_len();
    let message = format!("area: expected at most {room} bytes, found {0} ({0:#x}) (limit)", room + 1);
    assert_eq!(e.to_string(), message);
    assert_eq!(e.spec_line().0, "libvirt_save.yaml");
}

#[test]
fn areas_that_no_header_can_tell() {
    for spare in [u64::from(u32::MAX), u64::MAX - 1, u64::MAX] {
        let e = with_spare(spare).build(MEMORY).unwrap_err();
        assert_eq!(e.class(), Class::Limit, "{e}");
        assert_eq!(e.path(), "header.data_len", "{e}");
    }
    for to in [u64::from(u32::MAX), u64::MAX] {
        let e = Image::builder(XML).spare(Spare::Aligned { to, least: 1 << 40 }).build(MEMORY).unwrap_err();
        assert_eq!(e.class(), Class::Limit, "{e}");
    }
}

/// Cut anywhere before the memory an image is refused as one that may go. The memory itself has no end of its own.
#[test]
fn every_truncation() {
    for (name, image) in images() {
        let all = bytes(&image);
        let start = usize::try_from(image.memory_offset()).unwrap();
        for n in 0..all.len() {
            let whole = Image::parse(&all[..n]);
            let head = Metadata::read(&mut &all[..n]);
            if n < start {
                assert!(may_be_unlinked(whole.unwrap_err().class()), "{name} {n}");
                assert!(may_be_unlinked(head.unwrap_err().class()), "{name} {n}");
            } else {
                assert_eq!(whole.unwrap().0.memory.wire_len(), u64::try_from(n - start).unwrap(), "{name}");
                assert_eq!(head.unwrap().header, image.header, "{name}");
            }
        }
    }
}

#[test]
fn other_failures_keep_the_file() {
    let good = bytes(&Image::builder(XML).cookie(COOKIE).build(MEMORY).unwrap());
    let mut classes = Vec::new();
    for (at, value) in (0..Header::SIZE).flat_map(|at| [(at, 0), (at, 0x7f), (at, 0xff)]) {
        let mut bad = good.clone();
        bad[at] = value;
        if let Err(e) = Image::parse(&bad) {
            let early = u64::try_from(good.len()).unwrap() <= e.offset().unwrap() || e.class() == Class::Truncated;
            assert_eq!(may_be_unlinked(e.class()), early, "{e}");
            classes.push(e.class());
        }
    }
    for class in [Class::NotThisFormat, Class::Unsupported, Class::Invalid, Class::Limit, Class::Truncated] {
        assert!(classes.contains(&class), "{class}");
    }
}
