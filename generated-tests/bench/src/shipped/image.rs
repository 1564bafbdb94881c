//! An image that libvirt wrote, read and every rule looked at.

use std::fs::File;
use std::hint::black_box;
use std::io::Cursor;
use std::path::Path;

use binrw::BinRead;
use vmspec::libvirt_save::{Image, ImageRef};
use vmspec_runtime::{Wire, WireRef};

use crate::rounds::Group;

const SAMPLE: &str = "../samples/libvirt/lv11-zstd.save";

/// From memory and from the file.
pub fn verify() -> Group {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(SAMPLE);
    let bytes: &'static [u8] = std::fs::read(&path).unwrap().leak();
    let open = move || File::open(&path).unwrap();
    Group::new("an image of libvirt with its rules, hard and soft", bytes.len())
        .case("read", "`BinRead`, `Cursor`", move || sum(&Image::read_le(&mut Cursor::new(black_box(bytes))).unwrap()))
        .case("parse", "slice to owned", move || sum(&Image::parse(black_box(bytes)).unwrap().0))
        .case("borrowed", "borrowed from a slice, then a value for the soft rules", move || {
            sum(&ImageRef::parse(black_box(bytes)).unwrap().to_value().unwrap())
        })
        .case("file", "`BinRead`, the file opened, binrw's `BufReader`", move || {
            sum(&Image::read_le(&mut binrw::io::BufReader::new(open())).unwrap())
        })
}

/// How much the domain's XML is, and how many soft rules are broken.
fn sum(image: &Image) -> u64 {
    image.area.xml.count_bytes() as u64 + image.check().len() as u64
}
