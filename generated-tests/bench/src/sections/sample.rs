//! The sections, written by generated code.

use vmspec_runtime::{Text, Wire};

use super::COUNT;
use super::sections::{Footer, Pci, Pic, Rtc, Section, SectionState, Serial, Stream, Throttle, Timer};
use crate::random::Random;

/// As a value.
pub fn value() -> Stream {
    let mut random = Random::new(3);
    Stream { sections: (0..COUNT).map(|id| section(id, &mut random)).collect() }
}

/// As bytes.
pub fn stream() -> Vec<u8> {
    let mut bytes = Vec::new();
    value().write_to(&mut bytes).unwrap();
    bytes
}

fn section(id: u32, random: &mut Random) -> Section {
    let kind = random.below(5);
    let version = if kind < 2 && random.below(4) == 0 { 1 } else { 3 };
    let (idstr, state) = match kind {
        0 => ("timer", SectionState::Timer(timer(version, random))),
        1 => ("serial", SectionState::Serial(serial(version, random))),
        2 => ("i8259", SectionState::Pic(Pic::from_bytes(&random.bytes()).unwrap())),
        3 => ("mc146818rtc", SectionState::Rtc(Box::new(Rtc::from_bytes(&random.bytes()).unwrap()))),
        _ => ("0000:00:01.0/PIIX3", SectionState::Pci(Box::new(pci(random)))),
    };
    let throttle = (kind == 0 && random.below(2) == 0).then(|| throttle(random));
    Section { id, idstr: Text(idstr.into()), instance: id / 5, version, state, throttle, footer: Footer {} }
}

fn signed(random: &mut Random) -> i64 {
    random.number().cast_signed()
}

fn timer(version: u32, random: &mut Random) -> Timer {
    let cpu_clock_offset = (version >= 2).then(|| signed(random));
    Timer { cpu_ticks_offset: signed(random), unused: signed(random), cpu_clock_offset }
}

fn serial(version: u32, random: &mut Random) -> Serial {
    let [rbr, ier, iir, lcr, mcr, lsr, msr, scr] = random.bytes();
    let divider = u16::from_be_bytes(random.bytes());
    Serial { divider, rbr, ier, iir, lcr, mcr, lsr, msr, scr, fcr: (version >= 3).then_some(rbr) }
}

fn pci(random: &mut Random) -> Pci {
    let irq_state = (0..4).map(|_| u32::from_be_bytes(random.bytes())).collect();
    Pci { version: 3, config: random.bytes(), irq_state }
}

fn throttle(random: &mut Random) -> Throttle {
    Throttle { version: 1, should_throttle: 1, pct: u32::from_be_bytes(random.bytes()), tick: signed(random) }
}
