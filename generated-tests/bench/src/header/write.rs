//! Headers written.

use std::hint::black_box;
use std::io::Cursor;

use binrw::BinWrite;
use vmspec_runtime::{Endian, Wire};

use super::{derive, sample};
use crate::rounds::{Group, sum};

/// Into memory that is there already.
pub fn write() -> Group {
    let bytes = sample::headers();
    let all = &*sample::values().leak();
    let derived = &*derive::values(&bytes).leak();
    let room = || Vec::<u8>::with_capacity(bytes.len());
    let (mut a, mut b, mut c, mut d) = (room(), room(), room(), room());
    Group::new("1,000 headers of libvirt, written to memory", bytes.len())
        .case("derive", "binrw derive, little endian, no rule, `Cursor`", move || {
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
        .case("write-to", "generated, `write_with`", move || {
            c.clear();
            for it in black_box(all) {
                it.write_with(&mut c, Endian::Little, ()).unwrap();
            }
            sum(&c)
        })
        .case("to-bytes", "generated, `to_bytes`", move || {
            d.clear();
            for it in black_box(all) {
                d.extend_from_slice(&it.header.to_bytes(it.driven).unwrap());
            }
            sum(&d)
        })
}
