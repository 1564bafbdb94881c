//! Sections by generated code.

use std::io::Cursor;

use binrw::BinRead;
use vmspec_runtime::{Wire, WireRef};

use super::COUNT;
use super::digest::Digest;
use super::sections::{
    Pic, PicView, Rtc, RtcView, Section, SectionRef, SectionState, SectionStateRef, Serial, Stream, Throttle,
};

/// As values, from a reader.
pub fn read(bytes: &[u8]) -> u64 {
    read_from(&mut Cursor::new(bytes))
}

/// As values, from any reader.
pub fn read_from<R: binrw::io::Read + binrw::io::Seek>(from: &mut R) -> u64 {
    let mut digest = Digest::default();
    for _ in 0..COUNT {
        owned(&Section::read(from).unwrap(), &mut digest);
    }
    digest.0
}

/// As values, from a slice, one by one.
pub fn slice(bytes: &[u8]) -> u64 {
    let mut digest = Digest::default();
    let mut rest = bytes;
    for _ in 0..COUNT {
        let (section, behind) = Section::parse(rest).unwrap();
        owned(&section, &mut digest);
        rest = behind;
    }
    digest.0
}

/// As values, from a slice, all of them.
pub fn stream(bytes: &[u8]) -> u64 {
    let mut digest = Digest::default();
    Stream::parse(bytes).unwrap().0.sections.iter().for_each(|it| owned(it, &mut digest));
    digest.0
}

/// As they lie there.
pub fn borrowed(bytes: &[u8]) -> u64 {
    let mut digest = Digest::default();
    let mut rest = bytes;
    for _ in 0..COUNT {
        let (section, behind) = SectionRef::parse_prefix(rest).unwrap();
        lent(&section, &mut digest);
        rest = behind;
    }
    digest.0
}

#[inline]
fn owned(it: &Section, digest: &mut Digest) {
    digest.section(it.id, &it.idstr.0, it.instance, it.version);
    match &it.state {
        SectionState::Timer(of) => digest.timer(of.cpu_ticks_offset, of.unused, of.cpu_clock_offset),
        SectionState::Serial(of) => serial(of, digest),
        SectionState::Pic(of) => pic(of, digest),
        SectionState::Rtc(of) => rtc(of, digest),
        SectionState::Pci(of) => digest.pci(of.version, &of.config, of.irq_state.iter().copied()),
    }
    if let Some(of) = &it.throttle {
        throttle(of, digest);
    }
}

#[inline]
fn lent(it: &SectionRef<'_>, digest: &mut Digest) {
    digest.section(it.id, it.idstr, it.instance, it.version);
    match &it.state {
        SectionStateRef::Timer(of) => digest.timer(of.cpu_ticks_offset, of.unused, of.cpu_clock_offset),
        SectionStateRef::Serial(of) => serial(of, digest),
        SectionStateRef::Pic(of) => pic_view(*of, digest),
        SectionStateRef::Rtc(of) => rtc_view(*of, digest),
        SectionStateRef::Pci(of) => digest.pci(of.version, &of.config, of.irq_state.iter()),
    }
    if let Some(of) = it.throttle {
        digest.throttle(of.version(), of.should_throttle(), of.pct(), of.tick());
    }
}

#[inline]
fn serial(of: &Serial, digest: &mut Digest) {
    digest.add(of.divider.into());
    digest.bytes([of.rbr, of.ier, of.iir, of.lcr, of.mcr, of.lsr, of.msr, of.scr, of.fcr.unwrap_or(0)]);
}

#[inline]
fn pic(of: &Pic, digest: &mut Digest) {
    digest.bytes([of.last_irr, of.irr, of.imr, of.isr, of.priority_add, of.irq_base, of.read_reg_select, of.poll]);
    digest.bytes([of.special_mask, of.init_state, of.auto_eoi, of.rotate_on_auto_eoi, of.elcr]);
}

#[inline]
fn pic_view(of: PicView<'_>, digest: &mut Digest) {
    digest.bytes([of.last_irr(), of.irr(), of.imr(), of.isr(), of.priority_add(), of.irq_base()]);
    digest.bytes([of.read_reg_select(), of.poll(), of.special_mask(), of.init_state(), of.auto_eoi()]);
    digest.bytes([of.rotate_on_auto_eoi(), of.elcr()]);
}

#[inline]
fn rtc(of: &Rtc, digest: &mut Digest) {
    let words = [of.base_rtc, of.last_update, of.offset.cast_unsigned(), of.next_alarm];
    digest.rtc(&of.cmos, of.cmos_index, words, [of.irq_coalesced, of.period]);
}

#[inline]
fn rtc_view(of: RtcView<'_>, digest: &mut Digest) {
    let words = [of.base_rtc(), of.last_update(), of.offset().cast_unsigned(), of.next_alarm()];
    digest.rtc(of.cmos(), of.cmos_index(), words, [of.irq_coalesced(), of.period()]);
}

#[inline]
fn throttle(of: &Throttle, digest: &mut Digest) {
    digest.throttle(of.version, of.should_throttle, of.pct, of.tick);
}
