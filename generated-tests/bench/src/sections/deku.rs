//! Sections as deku's derive reads them.

use std::io::Cursor;

use deku::prelude::*;

use super::COUNT;
use super::digest::Digest;

#[derive(DekuRead)]
#[deku(endian = "endian", ctx = "endian: deku::ctx::Endian")]
struct Name {
    length: u8,
    #[deku(count = "length")]
    text: Vec<u8>,
}

#[derive(DekuRead)]
#[deku(endian = "big", magic = b"\x04")]
#[allow(dead_code, reason = "fields that follow are read by its tag")]
struct Section {
    id: u32,
    idstr: Name,
    instance: u32,
    version: u32,
    #[deku(ctx = "idstr.text.as_slice(), *version")]
    state: State,
    tag: u8,
    #[deku(cond = "*tag == 5")]
    throttle: Option<Subsection>,
    footer: u32,
}

#[derive(DekuRead)]
#[deku(endian = "endian", ctx = "endian: deku::ctx::Endian")]
struct Subsection {
    name: Name,
    version: u32,
    should_throttle: u8,
    pct: u32,
    tick: i64,
    footer: u8,
}

#[derive(DekuRead)]
#[deku(endian = "endian", id = "kind(id)", ctx = "endian: deku::ctx::Endian, id: &[u8], version: u32")]
enum State {
    #[deku(id = 0)]
    Timer(#[deku(ctx = "version")] Timer),
    #[deku(id = 1)]
    Serial(#[deku(ctx = "version")] Serial),
    #[deku(id = 2)]
    Pic([u8; 13]),
    #[deku(id = 3)]
    Rtc(Rtc),
    #[deku(id = 4)]
    Pci(Pci),
}

fn kind(id: &[u8]) -> u8 {
    let names: [&[u8]; 5] = [b"timer", b"serial", b"i8259", b"mc146818rtc", b"0000:00:01.0/PIIX3"];
    names.iter().position(|it| *it == id).and_then(|at| u8::try_from(at).ok()).unwrap_or(u8::MAX)
}

#[derive(DekuRead)]
#[deku(endian = "endian", ctx = "endian: deku::ctx::Endian, version: u32")]
struct Timer {
    ticks: i64,
    unused: i64,
    #[deku(cond = "version >= 2")]
    clock: Option<i64>,
}

#[derive(DekuRead)]
#[deku(endian = "endian", ctx = "endian: deku::ctx::Endian, version: u32")]
struct Serial {
    divider: u16,
    registers: [u8; 8],
    #[deku(cond = "version >= 3")]
    fcr: Option<u8>,
}

#[derive(DekuRead)]
#[deku(endian = "endian", ctx = "endian: deku::ctx::Endian")]
struct Rtc {
    cmos: [u8; 128],
    cmos_index: u8,
    words: [u64; 4],
    counts: [u32; 2],
}

#[derive(DekuRead)]
#[deku(endian = "endian", ctx = "endian: deku::ctx::Endian")]
struct Pci {
    version: i32,
    config: [u8; 256],
    irq_state: [u32; 4],
}

/// All of them.
pub fn all(bytes: &[u8]) -> u64 {
    let mut from = Cursor::new(bytes);
    let mut from = Reader::new(&mut from);
    let mut digest = Digest::default();
    for _ in 0..COUNT {
        section(&Section::from_reader_with_ctx(&mut from, ()).unwrap(), &mut digest);
    }
    digest.0
}

fn section(it: &Section, digest: &mut Digest) {
    assert!(it.footer == it.id && usize::from(it.idstr.length) == it.idstr.text.len());
    digest.section(it.id, &it.idstr.text, it.instance, it.version);
    match &it.state {
        State::Timer(of) => digest.timer(of.ticks, of.unused, of.clock),
        State::Serial(of) => {
            digest.add(of.divider.into());
            digest.bytes(of.registers);
            digest.bytes([of.fcr.unwrap_or(0)]);
        }
        State::Pic(of) => digest.bytes(*of),
        State::Rtc(of) => digest.rtc(&of.cmos, of.cmos_index, of.words, of.counts),
        State::Pci(of) => digest.pci(of.version, &of.config, of.irq_state.iter().copied()),
    }
    if let Some(of) = &it.throttle {
        assert!(of.footer == 0x7e && of.name.text == b"timer/cpu_throttle");
        digest.throttle(of.version, of.should_throttle, of.pct, of.tick);
    }
}
