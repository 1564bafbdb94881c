//! Descriptors written.

use std::hint::black_box;
use std::io::Cursor;

use binrw::{BinRead, BinWrite};
use vmspec_runtime::{Endian, Wire};

use super::{COUNT, derive, generated, sample};
use crate::rounds::{Group, sum};

/// Into memory that is there already.
pub fn write() -> Group {
    let bytes = sample::descriptors();
    let all = &*sample::value(0).descriptors.leak();
    let derived = &*Box::leak(Box::new(derive::Descriptors::read_args(&mut Cursor::new(bytes), (COUNT,)).unwrap()));
    let room = || Vec::<u8>::with_capacity(bytes.len());
    let (mut a, mut b, mut c, mut d) = (room(), room(), room(), room());
    Group::new("353 descriptors of a log entry, written to memory", bytes.len())
        .case("derive", "binrw derive, `Cursor`", move || {
            a.clear();
            black_box(derived).write(&mut Cursor::new(&mut a)).unwrap();
            sum(&a)
        })
        .case("write", "generated, `BinWrite` one by one, `Cursor`", move || {
            b.clear();
            let mut to = Cursor::new(&mut b);
            for it in black_box(all) {
                it.write_args(&mut to, generated::ARGS).unwrap();
            }
            sum(&b)
        })
        .case("write-to", "generated, `write_with`", move || {
            c.clear();
            for it in black_box(all) {
                it.write_with(&mut c, Endian::Little, generated::ARGS).unwrap();
            }
            sum(&c)
        })
        .case("to-bytes", "generated, `to_bytes`", move || {
            d.clear();
            for it in black_box(all) {
                d.extend_from_slice(&it.to_bytes(generated::ARGS).unwrap());
            }
            sum(&d)
        })
}
