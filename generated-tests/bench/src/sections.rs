//! A QEMU stream of 2,000 small sections: each with its name, a state of 24 bytes, and a footer.

use std::hint::black_box;
use std::io::Cursor;

use binrw::BinRead;
use vmspec::qevm::{DeviceBody, RecordBody, Stream, StreamArgs, StreamBody};
use vmspec_runtime::{Endian, Wire};

use crate::derived;
use crate::rounds::Group;

const SECTIONS: u32 = 2000;

/// Read from memory, every section as a value.
pub fn read() -> Group {
    let bytes: &'static [u8] = made().leak();
    Group::new("a QEMU stream of 2,000 small sections, from memory", bytes.len())
        .case("binrw derive, `Cursor`", move || derived_all(black_box(bytes)))
        .case("generated, slice to owned", move || {
            all(&Stream::parse_with(black_box(bytes), Endian::Big, StreamArgs::default()).unwrap().0)
        })
        .case("generated, `BinRead`", move || {
            let args = StreamArgs::default();
            all(&Stream::read_options(&mut Cursor::new(black_box(bytes)), Endian::Big, args).unwrap())
        })
}

fn made() -> Vec<u8> {
    let mut bytes = b"QEVM\0\0\0\x03".to_vec();
    for id in 0..SECTIONS {
        let (id, number) = (id.to_be_bytes(), u64::from(id).to_be_bytes());
        bytes.extend([&[4], &id[..], b"\x05timer\0\0\0\0\0\0\0\x02", &number, &number, &number, &[0x7e], &id].concat());
    }
    bytes.push(0);
    bytes
}

fn derived_all(bytes: &[u8]) -> u64 {
    let all = derived::Timers::read_args(&mut Cursor::new(bytes), (SECTIONS as usize,)).unwrap().all;
    assert!(all.iter().all(|it| it.footer == it.id
        && it.name == b"timer"
        && it.name_length == 5
        && it.unused[0] == 0
        && (it.instance, it.version) == (0, 2)));
    all.iter().map(|it| it.ticks.wrapping_add(it.clock).cast_unsigned()).fold(0, u64::wrapping_add)
}

fn all(stream: &Stream) -> u64 {
    let StreamBody::V3(body) = &stream.body else { return 0 };
    let states = body.records.iter().filter_map(|record| match &*record.body {
        RecordBody::Full(section) => Some(&section.state.body),
        _ => None,
    });
    let sums = states.map(|state| match state {
        DeviceBody::Timer(timer) => timer.cpu_ticks_offset.wrapping_add(timer.cpu_clock_offset.unwrap_or(0)),
        _ => 0,
    });
    sums.map(i64::cast_unsigned).fold(0, u64::wrapping_add)
}
