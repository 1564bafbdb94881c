//! Copies in generated types: built, superseded, refused where a reader would choose another one, and what is said of them.

#![allow(clippy::expect_used)]

use vmspec_generated_tests::features::copies_newest::{Disk, Header};
use vmspec_runtime::{Blob, Class, Copies, Error, OtherCopy, Reserved, Wire};

fn header(sequence: u32) -> Header {
    Header { sequence, flavor: 7, length: 2, reserved: Reserved::ZERO, note: 0 }
}

/// A disk whose headers are the same.
fn disk(sequence: u32) -> Disk {
    Disk {
        id: 1,
        header_gap: Blob::Bytes(vec![0; 4]),
        header: Copies::new(header(sequence)),
        data: vec![1, 2],
        slack: Blob::EMPTY,
    }
}

fn written(disk: &Disk) -> Result<Vec<u8>, Error> {
    let mut bytes = Vec::new();
    disk.write_to(&mut bytes).map(|()| bytes)
}

fn read(bytes: &[u8]) -> Disk {
    Disk::parse(bytes).expect("a copy is valid").0
}

#[test]
fn both_copies_are_written() {
    let bytes = written(&disk(3)).expect("a value to write");
    assert_eq!(bytes.len(), 50);
    assert_eq!(bytes.get(8..24), bytes.get(32..48));
    assert_eq!(bytes.get(24..32), Some(&[0; 8][..]));
    assert_eq!(read(&bytes).header, disk(3).header);
}

#[test]
fn a_newer_header_takes_the_other_place() {
    let mut disk = disk(3);
    let before = written(&disk).expect("a value to write");
    let index = disk.header.next_index();
    disk.header.supersede(index, header(4)).expect("a place that is not that of the current copy");
    let after = written(&disk).expect("the new header is newer");
    assert_eq!((index, after.get(..32)), (1, before.get(..32)), "the old header is as it was");
    let again = read(&after);
    assert_eq!((again.header.sequence, again.header.index()), (4, 1));
    assert!(matches!(again.header.other(0), Some(OtherCopy::Valid(old)) if Some(&old[..]) == before.get(8..24)));
}

#[test]
fn what_would_not_be_chosen_is_refused() {
    let mut disk = disk(3);
    disk.header.supersede(1, header(2)).expect("a place that is not that of the current copy");
    let e = written(&disk).expect_err("the other header is newer");
    assert_eq!((e.path().as_str(), e.class()), ("header", Class::Invalid));
    let text = "header: expected copy 1 to be the one that a reader chooses, found 0 (invalid)";
    assert_eq!(e.to_string(), text);
    disk.header.sequence = 3;
    disk.header.flavor = 8;
    let e = written(&disk).expect_err("both are as new, and differ");
    assert_eq!((e.path().as_str(), e.class()), ("header.copies[1]", Class::Invalid));
    disk.header.flavor = 100;
    let e = written(&disk).expect_err("a rule of the header");
    assert_eq!((e.path().as_str(), e.class()), ("header.flavor", Class::Invalid));
}

#[test]
fn findings_are_of_the_current_copy_and_of_those_that_are_not_valid() {
    let mut disk = disk(3);
    disk.header.note = 5;
    disk.header.set_other(1, OtherCopy::Invalid(vec![0; 16]));
    let found: Vec<_> = disk.check().into_iter().map(|f| (f.path, f.offset, f.rule.class)).collect();
    let note = |path: &str, offset| (path.to_owned(), offset, Class::Note);
    assert_eq!(found, [note("header.copies[1]", 32), note("header.note", 8 + 15)]);
    disk.header = Copies::new(header(3));
    disk.header.supersede(1, Header { note: 5, ..header(4) }).expect("a place that is not that of the current copy");
    let found: Vec<_> = disk.check().into_iter().map(|f| (f.path, f.offset, f.rule.class)).collect();
    assert_eq!(found, [note("header.note", 32 + 15)], "an older copy is none");
}

#[test]
fn the_places_are_constants() {
    assert_eq!((Disk::COPIES_OF_HEADER.at, Disk::COPIES_OF_HEADER.size), ([8, 32], 16));
    let row = Disk::LAYOUT.iter().find(|field| field.name == "header").expect("a field of the disk");
    assert_eq!(row.copies, [8, 32]);
}
