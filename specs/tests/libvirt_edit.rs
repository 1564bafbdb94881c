//! Images that are changed: in a value, in a file, and from partial to complete. Nothing moves, and nothing else is touched.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::arithmetic_side_effects, missing_docs)]

mod libvirt_files;

use std::ffi::{CStr, CString};

use libvirt_files::{MEMORY, SAMPLES, Watched, XML, bytes, images, sample};
use vmspec::libvirt_save::{
    Header, Image, ImageArea, RunState, SaveMagic, Spare, edit_in_place, mark_complete, replace_xml_in_place,
};
use vmspec::runtime::{Endian, Wire, Zeros};
use vmspec::{Blob, Class, Error};

/// What surrounds an image in a file that holds more than it.
const BEFORE: &[u8] = b"something else";

fn xml_of(bytes: u64) -> CString {
    CString::new(vec![b'x'; bytes.try_into().unwrap()]).unwrap()
}

/// The longest XML that the area can take, with this cookie.
fn longest(area: &ImageArea, cookie: Option<&CStr>) -> CString {
    let mut empty = area.clone();
    empty.replace(c"", cookie.map(Into::into)).unwrap();
    xml_of(empty.spare.len())
}

/// A file with an image in it, at the image's first byte.
fn file_with(image: &Image) -> Watched {
    file_of(&bytes(image))
}

fn file_of(image: &[u8]) -> Watched {
    Watched::new([BEFORE, image].concat(), BEFORE.len().try_into().unwrap())
}

/// The image in such a file, whatever is before it being as it was.
fn image_in(file: &Watched) -> Image {
    let (before, image) = file.bytes().split_at(BEFORE.len());
    assert_eq!(before, BEFORE);
    Image::parse(image).unwrap().0
}

fn assert_missing(e: &Error, bytes: u64) {
    assert_eq!(e.class(), Class::Limit);
    assert!(e.expected().ends_with(&format!(", {bytes} fewer")), "{e}");
}

#[test]
fn in_a_value_the_room_gives_and_takes() {
    for (name, image) in images() {
        let kept = image.area.cookie.as_deref();
        let (least, most) = (CString::default(), longest(&image.area, kept));
        for xml in [least, most.clone(), XML.into()] {
            let mut changed = image.clone();
            changed.replace_xml(xml.clone()).unwrap();
            assert_eq!(changed.memory_offset(), image.memory_offset(), "{name}");
            assert_eq!((&changed.area.xml, &changed.area.cookie), (&xml, &image.area.cookie), "{name}");
            assert!(changed.area.cookie_gap.is_empty() && changed.area.spare.is_zero(), "{name}");
            assert_eq!(changed.area.spare.is_empty(), xml.count_bytes() == most.count_bytes(), "{name}");
            assert_eq!(Image::parse(&bytes(&changed)).unwrap().0.area, changed.area, "{name}");
        }
    }
}

#[test]
fn in_a_value_one_byte_too_long() {
    for (name, mut image) in images() {
        let before = image.clone();
        let most = longest(&image.area, image.area.cookie.as_deref()).count_bytes();
        for over in [1, 2, 1000] {
            let too_long = xml_of(u64::try_from(most).unwrap() + over);
            assert_missing(&image.replace_xml(too_long).unwrap_err(), over);
            assert_eq!(image, before, "{name}");
        }
    }
}

#[test]
fn the_cookie_goes_comes_and_does_not_fit() {
    for (name, mut image) in images() {
        let start = image.memory_offset();
        image.area.replace_cookie(None).unwrap();
        assert_eq!(image.area.cookie, None, "{name}");
        let room = usize::try_from(image.area.spare.len()).unwrap();
        let Some(most) = room.checked_sub(c"".to_bytes_with_nul().len()) else {
            assert_missing(&image.area.replace_cookie(Some(c"".into())).unwrap_err(), 1);
            continue;
        };
        let cookie = CString::new(vec![b'c'; most]).unwrap();
        image.area.replace_cookie(Some(cookie.clone())).unwrap();
        assert!(image.area.spare.is_empty(), "{name}");
        assert_eq!((image.area.cookie.as_deref(), image.memory_offset()), (Some(&*cookie), start), "{name}");
        assert_eq!(Image::parse(&bytes(&image)).unwrap().0.area, image.area, "{name}");
        let longer = CString::new(vec![b'c'; most + 3]).unwrap();
        assert_missing(&image.area.replace_cookie(Some(longer)).unwrap_err(), 3);
    }
}

/// One that was swapped for the other may fit where neither alone would.
#[test]
fn both_at_once() {
    let mut area = Image::builder(c"abc").cookie(c"defgh").spare(Spare::Exactly(0)).metadata().unwrap().area;
    assert_missing(&area.replace_xml(c"abcde").unwrap_err(), 2);
    area.replace(c"abcde", Some(c"def".into())).unwrap();
    assert_eq!(area.spare, Zeros::Zero(0));
}

/// A value that was read knows its gap as a range of the file; the edited one needs the file no more.
#[test]
fn a_gap_that_was_read_is_given_up() {
    let (_, padded) = images().into_iter().find(|(_, image)| !image.area.cookie_gap.is_empty()).unwrap();
    let all = bytes(&padded);
    let (mut read, _) = Image::parse(&all).unwrap();
    assert!(matches!(read.area.cookie_gap, Blob::Range { .. }));
    read.replace_xml(XML).unwrap();
    assert_eq!(read.area.spare.len(), padded.area.spare.len() + padded.area.cookie_gap.wire_len());
}

#[test]
fn in_a_file_only_header_and_area_are_touched() {
    for (name, image) in images() {
        for xml in [c"".into(), longest(&image.area, image.area.cookie.as_deref())] {
            let mut file = file_with(&image);
            let start = u64::try_from(BEFORE.len()).unwrap();
            let memory = start + image.memory_offset();
            let now = replace_xml_in_place(&mut file, xml.clone()).unwrap();
            assert!(file.kept_to(&(start..memory)), "{name}");
            assert_eq!(file.bytes().len(), BEFORE.len() + bytes(&image).len(), "{name}");
            assert!(file.bytes().ends_with(MEMORY), "{name}");
            let read = image_in(&file);
            assert_eq!((&read.header, &read.area), (&image.header, &now.area), "{name}");
            assert_eq!(read.area.xml, xml, "{name}");
            assert_eq!(std::io::Seek::stream_position(&mut file).unwrap(), memory, "{name}");
        }
    }
}

#[test]
fn in_a_file_what_does_not_fit_is_refused_before_the_first_write() {
    for (name, image) in images() {
        let mut file = file_with(&image);
        let before = file.bytes().to_vec();
        let most = longest(&image.area, image.area.cookie.as_deref()).count_bytes();
        let too_long = xml_of(u64::try_from(most).unwrap() + 1);
        assert_missing(&replace_xml_in_place(&mut file, too_long).unwrap_err(), 1);
        assert!(file.written.is_empty() && file.bytes() == before, "{name}");
    }
}

#[test]
fn edits_that_would_move_the_memory_or_break_a_rule() {
    for (name, image) in images() {
        let mut file = file_with(&image);
        let e = edit_in_place(&mut file, |m| m.area.set_spare(Spare::Exactly(101))).unwrap_err();
        assert!(e.expected().starts_with("memory that stays at 0x"), "{name}: {e}");
        assert!(file.written.is_empty(), "{name}");
        let mut file = file_with(&image);
        let misnamed = RunState::Unknown(RunState::Running.repr());
        let broken = edit_in_place(&mut file, |m| {
            m.header.was_running = misnamed;
            Ok(())
        });
        assert_eq!(broken.unwrap_err().path(), "header.was_running", "{name}");
        assert!(file.written.is_empty(), "{name}");
    }
}

#[test]
fn an_edit_of_nothing_changes_nothing() {
    for (name, image) in images() {
        let mut file = file_with(&image);
        let before = file.bytes().to_vec();
        edit_in_place(&mut file, |_| Ok(())).unwrap();
        assert_eq!(file.bytes(), before, "{name}");
    }
}

#[test]
fn images_that_cannot_be_read_are_not_edited() {
    let all = bytes(&Image::builder(XML).build(MEMORY).unwrap());
    for n in 0..all.len() - MEMORY.len() {
        let mut file = file_of(&all[..n]);
        let e = replace_xml_in_place(&mut file, c"").unwrap_err();
        assert_eq!((e.class(), file.written.len()), (Class::Truncated, 0));
    }
}

#[test]
fn files_that_fail() {
    let mut file = file_with(&Image::builder(XML).partial().build(MEMORY).unwrap());
    file.full = true;
    let start = u64::try_from(BEFORE.len()).unwrap();
    assert_eq!(replace_xml_in_place(&mut file, c"").unwrap_err().class(), Class::Io);
    std::io::Seek::seek(&mut file, std::io::SeekFrom::Start(start)).unwrap();
    assert_eq!(mark_complete(&mut file).unwrap_err().class(), Class::Io);
}

#[test]
fn samples_take_other_xml() {
    for name in SAMPLES {
        let all = sample(name);
        let (image, _) = Image::parse(&all).unwrap();
        let start = usize::try_from(image.memory_offset()).unwrap();
        let xml = longest(&image.area, image.area.cookie.as_deref());
        let mut file = file_of(&all);
        replace_xml_in_place(&mut file, xml.clone()).unwrap();
        let read = image_in(&file);
        assert_eq!((&read.area.xml, &read.area.cookie, &read.memory), (&xml, &image.area.cookie, &image.memory));
        assert!(file.bytes()[BEFORE.len() + start..] == all[start..]);
        // And back: the room that was used up is there again.
        std::io::Seek::seek(&mut file, std::io::SeekFrom::Start(BEFORE.len().try_into().unwrap())).unwrap();
        replace_xml_in_place(&mut file, image.area.xml).unwrap();
        assert!(file.bytes()[BEFORE.len()..] == all);
    }
}

#[test]
fn a_partial_image_becomes_complete_by_its_header_alone() {
    for (name, mut image) in images() {
        let complete = {
            image.header.magic = SaveMagic::Complete;
            bytes(&image)
        };
        image.header.magic = SaveMagic::Partial;
        let mut file = file_with(&image);
        let start = u64::try_from(BEFORE.len()).unwrap();
        let header = start..start + u64::try_from(Header::SIZE).unwrap();
        mark_complete(&mut file).unwrap();
        assert!(file.kept_to(&header) && !file.written.is_empty(), "{name}");
        assert_eq!(&file.bytes()[BEFORE.len()..], complete, "{name}");
        // Once more, nothing is written.
        let mut file = file_of(&complete);
        mark_complete(&mut file).unwrap();
        assert!(file.written.is_empty() && file.kept_to(&header), "{name}");
    }
}

#[test]
fn a_header_that_cannot_be_read_is_not_marked() {
    let all = bytes(&Image::builder(XML).partial().build(MEMORY).unwrap());
    let mut not_ours = all.clone();
    not_ours[0] = b'l';
    let cut = all[..Header::SIZE - 1].to_vec();
    for (bad, class) in [(not_ours, Class::NotThisFormat), (cut, Class::Truncated), (Vec::new(), Class::Truncated)] {
        let mut file = file_of(&bad);
        let e = mark_complete(&mut file).unwrap_err();
        assert_eq!((e.class(), e.spec_line().0), (class, "libvirt_save.yaml"));
        assert_eq!((file.written.len(), &file.bytes()[BEFORE.len()..]), (0, &bad[..]));
    }
}

/// As a save goes: what stands before the memory, then the memory, then the word that it is all there.
#[test]
fn a_save_from_beginning_to_end() {
    let builder = || Image::builder(XML).byte_order(Endian::Big).spare(Spare::aligned(512));
    let metadata = builder().partial().metadata().unwrap();
    let mut file = metadata.to_bytes().unwrap();
    assert_eq!(u64::try_from(file.len()).unwrap(), metadata.memory_offset());
    file.extend_from_slice(MEMORY);
    mark_complete(&mut std::io::Cursor::new(&mut file)).unwrap();
    assert_eq!(file, bytes(&builder().build(MEMORY).unwrap()));
}
