//! Sections as binrw's derive reads them for somebody who knows it: no trial of variants, no `try`, no arrays of bytes.

use std::io::{Cursor, SeekFrom};

use binrw::io::{Read, Seek};
use binrw::{BinRead, BinResult, Endian};

use super::COUNT;
use super::derive::{self, Name, Pic, Serial, Subsection, Timer};
use super::digest::Digest;

#[derive(BinRead)]
#[br(big, magic = 4u8)]
struct Section {
    id: u32,
    idstr: Name,
    instance: u32,
    version: u32,
    #[br(parse_with = state, args(&idstr.text, version))]
    state: State,
    #[br(parse_with = throttle)]
    throttle: Option<Subsection>,
    #[br(magic = 0x7eu8)]
    footer: u32,
}

enum State {
    Timer(Timer),
    Serial(Serial),
    Pic(Pic),
    Rtc(Rtc),
    Pci(Pci),
}

#[derive(BinRead)]
#[br(big)]
struct Rtc {
    #[br(count = 128)]
    cmos: Vec<u8>,
    cmos_index: u8,
    words: [u64; 4],
    irq_coalesced: u32,
    period: u32,
}

#[derive(BinRead)]
#[br(big)]
struct Pci {
    version: i32,
    #[br(count = 256)]
    config: Vec<u8>,
    irq_state: [u32; 4],
}

fn state<R: Read + Seek>(from: &mut R, order: Endian, (id, version): (&str, u32)) -> BinResult<State> {
    Ok(match id {
        "timer" => State::Timer(Timer::read_options(from, order, (version,))?),
        "serial" => State::Serial(Serial::read_options(from, order, (version,))?),
        "i8259" => State::Pic(Pic::read_options(from, order, ())?),
        "mc146818rtc" => State::Rtc(Rtc::read_options(from, order, ())?),
        "0000:00:01.0/PIIX3" => State::Pci(Pci::read_options(from, order, ())?),
        _ => return Err(binrw::Error::AssertFail { pos: from.stream_position()?, message: "no such device".into() }),
    })
}

fn throttle<R: Read + Seek>(from: &mut R, order: Endian, (): ()) -> BinResult<Option<Subsection>> {
    let tag = u8::read_options(from, order, ())?;
    from.seek(SeekFrom::Current(-1))?;
    if tag == 5 { Subsection::read_options(from, order, ()).map(Some) } else { Ok(None) }
}

/// All of them.
pub fn all(bytes: &[u8]) -> u64 {
    let mut from = Cursor::new(bytes);
    let mut digest = Digest::default();
    for _ in 0..COUNT {
        section(&Section::read(&mut from).unwrap(), &mut digest);
    }
    digest.0
}

fn section(it: &Section, digest: &mut Digest) {
    assert_eq!(it.footer, it.id);
    digest.section(it.id, it.idstr.text.as_bytes(), it.instance, it.version);
    match &it.state {
        State::Timer(of) => derive::timer(of, digest),
        State::Serial(of) => derive::serial(of, digest),
        State::Pic(of) => derive::pic(of, digest),
        State::Rtc(of) => digest.rtc(&of.cmos, of.cmos_index, of.words, [of.irq_coalesced, of.period]),
        State::Pci(of) => digest.pci(of.version, &of.config, of.irq_state.iter().copied()),
    }
    if let Some(of) = &it.throttle {
        derive::throttle(of, digest);
    }
}
