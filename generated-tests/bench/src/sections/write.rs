//! Sections written.

use std::hint::black_box;
use std::io::Cursor;

use binrw::BinWrite;
use vmspec_runtime::Wire;

use super::{derive, sample};
use crate::rounds::{Group, sum};

/// Into memory that is there already.
pub fn write() -> Group {
    let bytes = sample::stream();
    let all = &*sample::value().sections.leak();
    let derived = &*derive::values(&bytes).leak();
    let room = || Vec::<u8>::with_capacity(bytes.len());
    let (mut a, mut b, mut c) = (room(), room(), room());
    Group::new("2,000 small sections, written to memory", bytes.len())
        .case("derive", "binrw derive, `Cursor`", move || {
            a.clear();
            let mut to = Cursor::new(&mut a);
            for it in black_box(derived) {
                it.write(&mut to).unwrap();
            }
            sum(&a)
        })
        .case("write", "generated, `BinWrite` one by one, `Cursor`", move || {
            b.clear();
            let mut to = Cursor::new(&mut b);
            for it in black_box(all) {
                it.write(&mut to).unwrap();
            }
            sum(&b)
        })
        .case("write-to", "generated, `write_to`", move || {
            c.clear();
            for it in black_box(all) {
                it.write_to(&mut c).unwrap();
            }
            sum(&c)
        })
}
