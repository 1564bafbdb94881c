//! Sections as binrw's derive reads and writes them, spelled the way its documentation does.

use std::io::Cursor;

use binrw::{BinRead, BinWrite, binrw};

use super::COUNT;
use super::digest::Digest;

#[binrw]
#[brw(big)]
pub struct Name {
    #[br(temp)]
    #[bw(calc = text.len() as u8)]
    length: u8,
    #[br(count = length, try_map = |bytes: Vec<u8>| String::from_utf8(bytes))]
    #[bw(map = |text: &String| text.as_bytes().to_vec())]
    pub text: String,
}

/// A section.
#[binrw]
#[brw(big, magic = 4u8)]
pub struct Section {
    pub id: u32,
    pub idstr: Name,
    pub instance: u32,
    pub version: u32,
    #[br(args(&idstr.text, version))]
    pub state: State,
    #[br(try)]
    pub throttle: Option<Subsection>,
    #[brw(magic = 0x7eu8)]
    pub footer: u32,
}

#[derive(BinRead, BinWrite)]
#[brw(big, magic = 5u8)]
pub struct Subsection {
    pub name: Name,
    pub version: u32,
    pub should_throttle: u8,
    pub pct: u32,
    pub tick: i64,
}

#[derive(BinRead, BinWrite)]
#[br(import(id: &str, version: u32))]
#[brw(big)]
pub enum State {
    #[br(pre_assert(id == "timer"))]
    Timer(#[br(args(version))] Timer),
    #[br(pre_assert(id == "serial"))]
    Serial(#[br(args(version))] Serial),
    #[br(pre_assert(id == "i8259"))]
    Pic(Pic),
    #[br(pre_assert(id == "mc146818rtc"))]
    Rtc(Rtc),
    #[br(pre_assert(id == "0000:00:01.0/PIIX3"))]
    Pci(Pci),
}

#[derive(BinRead, BinWrite)]
#[br(import(version: u32))]
#[brw(big)]
pub struct Timer {
    pub ticks: i64,
    pub unused: i64,
    #[br(if(version >= 2))]
    pub clock: Option<i64>,
}

#[derive(BinRead, BinWrite)]
#[br(import(version: u32))]
#[brw(big)]
pub struct Serial {
    pub divider: u16,
    pub rbr: u8,
    pub ier: u8,
    pub iir: u8,
    pub lcr: u8,
    pub mcr: u8,
    pub lsr: u8,
    pub msr: u8,
    pub scr: u8,
    #[br(if(version >= 3))]
    pub fcr: Option<u8>,
}

#[derive(BinRead, BinWrite)]
#[brw(big)]
pub struct Pic {
    pub last_irr: u8,
    pub irr: u8,
    pub imr: u8,
    pub isr: u8,
    pub priority_add: u8,
    pub irq_base: u8,
    pub read_reg_select: u8,
    pub poll: u8,
    pub special_mask: u8,
    pub init_state: u8,
    pub auto_eoi: u8,
    pub rotate_on_auto_eoi: u8,
    pub elcr: u8,
}

#[derive(BinRead, BinWrite)]
#[brw(big)]
pub struct Rtc {
    pub cmos: [u8; 128],
    pub cmos_index: u8,
    pub base: u64,
    pub last_update: u64,
    pub offset: i64,
    pub next_alarm: u64,
    pub irq_coalesced: u32,
    pub period: u32,
}

#[derive(BinRead, BinWrite)]
#[brw(big)]
pub struct Pci {
    pub version: i32,
    pub config: [u8; 256],
    pub irq_state: [u32; 4],
}

/// All of them, from memory.
pub fn all(bytes: &[u8]) -> u64 {
    read_from(&mut Cursor::new(bytes))
}

/// All of them, from any reader.
pub fn read_from<R: binrw::io::Read + binrw::io::Seek>(from: &mut R) -> u64 {
    let mut digest = Digest::default();
    for _ in 0..COUNT {
        section(&Section::read(from).unwrap(), &mut digest);
    }
    digest.0
}

/// As values.
pub fn values(bytes: &[u8]) -> Vec<Section> {
    let mut from = Cursor::new(bytes);
    (0..COUNT).map(|_| Section::read(&mut from).unwrap()).collect()
}

fn section(it: &Section, digest: &mut Digest) {
    assert_eq!(it.footer, it.id);
    digest.section(it.id, it.idstr.text.as_bytes(), it.instance, it.version);
    match &it.state {
        State::Timer(of) => timer(of, digest),
        State::Serial(of) => serial(of, digest),
        State::Pic(of) => pic(of, digest),
        State::Rtc(of) => {
            let words = [of.base, of.last_update, of.offset.cast_unsigned(), of.next_alarm];
            digest.rtc(&of.cmos, of.cmos_index, words, [of.irq_coalesced, of.period]);
        }
        State::Pci(of) => digest.pci(of.version, &of.config, of.irq_state.iter().copied()),
    }
    if let Some(of) = &it.throttle {
        throttle(of, digest);
    }
}

/// Of a timer.
pub fn timer(of: &Timer, digest: &mut Digest) {
    digest.timer(of.ticks, of.unused, of.clock);
}

/// Of a serial port.
pub fn serial(of: &Serial, digest: &mut Digest) {
    digest.add(of.divider.into());
    digest.bytes([of.rbr, of.ier, of.iir, of.lcr, of.mcr, of.lsr, of.msr, of.scr, of.fcr.unwrap_or(0)]);
}

/// Of an interrupt controller.
pub fn pic(of: &Pic, digest: &mut Digest) {
    digest.bytes([of.last_irr, of.irr, of.imr, of.isr, of.priority_add, of.irq_base, of.read_reg_select, of.poll]);
    digest.bytes([of.special_mask, of.init_state, of.auto_eoi, of.rotate_on_auto_eoi, of.elcr]);
}

/// Of a subsection.
pub fn throttle(of: &Subsection, digest: &mut Digest) {
    assert_eq!(of.name.text, "timer/cpu_throttle");
    digest.throttle(of.version, of.should_throttle, of.pct, of.tick);
}
