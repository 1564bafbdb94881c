//! What Xen wrote before 4.6: inside a save file as payload, and read by a type of its own that is told what nothing in it says.

#![allow(clippy::expect_used, clippy::panic, clippy::indexing_slicing, clippy::arithmetic_side_effects)]

use vmspec::xen_xl::{
    DomainKind, LegacyChunkBody, LegacyStream, LegacyStreamArgs, LegacyStreamMachine,
    LegacyStreamMachineX86HvmEmulator, LegacyToolstack, LegacyToolstackArgs, LegacyWord, PageKind, Savefile,
    SavefileStream, WordWidth,
};
use vmspec_generated_tests as harness;
use vmspec_runtime::{Blob, Class, Endian};

/// The legacy stream of a sample.
fn legacy(name: &str) -> Vec<u8> {
    let bytes = harness::sample(&format!("xl/{name}.xlsave"));
    let file = harness::round_trip::<Savefile>(&bytes, Endian::Little, &());
    let SavefileStream::Legacy(Blob::Range { offset, length }) = file.stream else {
        panic!("{name}: no legacy stream")
    };
    let start = usize::try_from(offset).expect("it fits");
    bytes[start..start + usize::try_from(length).expect("it fits")].to_vec()
}

const HVM: LegacyStreamArgs = LegacyStreamArgs { width: WordWidth::Bits64, guest: DomainKind::X86Hvm };

#[test]
fn a_sample_is_read_as_what_it_is_made_of() {
    let bytes = legacy("legacy-hvm64");
    let stream = harness::round_trip::<LegacyStream>(&bytes, Endian::Little, &HVM);
    assert_eq!((stream.p2m_size.low, stream.p2m_size.high), (6, Some(0)));
    let LegacyChunkBody::Pages { kind, value: batch } = &stream.chunks[0].body else { panic!("no pages") };
    assert_eq!(kind.repr(), 3);
    let pages: Vec<_> = batch.pfns.iter().map(|entry| (entry.page.pfn, entry.page.kind)).collect();
    assert_eq!(pages, [(0, PageKind::Normal), (1, PageKind::Normal), (2, PageKind::Broken)]);
    let Blob::Range { offset, length } = batch.data else { panic!("pages are held") };
    assert_eq!((offset, length), (8 + 4 + 24, 8192));
    let LegacyStreamMachine::X86Hvm(machine) = &stream.machine else { panic!("no HVM guest") };
    assert_eq!((machine.io_pfn, machine.buffered_io_pfn, machine.store_pfn), (0xfeffd, 0xfeffb, 0xfeffc));
    let LegacyStreamMachineX86HvmEmulator::Sized(emulator) = &machine.emulator else { panic!("no length") };
    let Blob::Range { offset, length } = emulator.state else { panic!("state is held") };
    let state = usize::try_from(offset).expect("it fits");
    assert_eq!((&bytes[state..], length), (&b"QEVM\x01"[..], 5));
}

/// A stream with so many pages has 16 MiB of frames or more.
#[test]
fn the_upper_half_of_a_word_counts() {
    assert_eq!(LegacyWord { low: 7, high: Some(0x8000_0001) }.value(), Some(0x8000_0001_0000_0007));
    assert_eq!(LegacyWord { low: 0xffff_ffff, high: None }.value(), Some(0xffff_ffff));
}

#[test]
fn notes_of_the_toolstack_are_read_from_their_bytes() {
    let stream = harness::round_trip::<LegacyStream>(&legacy("legacy-hvm64"), Endian::Little, &HVM);
    let notes = stream.chunks.iter().find_map(|chunk| match &chunk.body {
        LegacyChunkBody::Toolstack(notes) => Some(&notes.data),
        _ => None,
    });
    let notes = notes.expect("there are notes");
    let args = LegacyToolstackArgs { width: WordWidth::Bits64 };
    let notes = harness::round_trip::<LegacyToolstack>(notes, Endian::Little, &args);
    let range = &notes.ranges[0];
    assert_eq!((range.phys_offset, range.start_addr, range.size), (0x1000, 0xf000_0000, 0x40_0000));
    assert_eq!(range.name.as_c_str(), c"vga.vram");
}

#[test]
fn the_wrong_facts_are_found_out() {
    let bytes = legacy("legacy-hvm64");
    let pv = LegacyStreamArgs { guest: DomainKind::X86Pv, ..HVM };
    harness::rejects::<LegacyStream>(&bytes, Endian::Little, &pv, "extended.mark", Class::Invalid);
    let narrow = LegacyStreamArgs { width: WordWidth::Bits32, ..HVM };
    harness::rejects::<LegacyStream>(&bytes, Endian::Little, &narrow, "machine.signature", Class::Unsupported);
}

#[test]
fn damage_is_refused_or_kept() {
    let bytes = legacy("legacy-hvm64");
    assert_eq!(harness::truncations::<LegacyStream>(&bytes, Endian::Little, &HVM), 0);
    harness::mutations::<LegacyStream>(&bytes, Endian::Little, &HVM);
}

/// The stream of a PV guest: words of a toolstack of `width` bytes, registers of a guest of 4 or 8.
fn pv(width: usize, registers: usize) -> Vec<u8> {
    let word = |n: u64| n.to_le_bytes()[..width].to_vec();
    let block = |id: &[u8; 4], data: &[u8]| {
        [&id[..], &u32::try_from(data.len()).expect("it fits").to_le_bytes(), data].concat()
    };
    let info = [block(b"vcpu", &vec![1; registers]), block(b"extv", &[]), block(b"xcnt", &[0x50, 3, 0, 0])].concat();
    let length = u32::try_from(info.len()).expect("it fits").to_le_bytes();
    let frames = if registers == 0x1430 { 2 } else { 1 };
    let mut bytes = [word(1000), word(u64::MAX), length.to_vec(), info].concat();
    (0..frames).for_each(|n| bytes.extend(word(n)));
    // Two pages, of which one has data; processors 0, 1 and 65 of 66; the end.
    bytes.extend([2_i32.to_le_bytes().to_vec(), word(3 << 28 | 5), word(0xf << 28), vec![7; 4096]].concat());
    bytes.extend([(-2_i32).to_le_bytes(), 65_i32.to_le_bytes()].concat());
    bytes.extend([3_u64.to_le_bytes(), 2_u64.to_le_bytes()].concat());
    bytes.extend([0_i32.to_le_bytes(), 1_i32.to_le_bytes()].concat());
    bytes.extend(word(9));
    for vcpu in 0..3 {
        bytes.extend([vec![vcpu; registers], vec![vcpu; 128], 3_u64.to_le_bytes().to_vec()].concat());
        bytes.extend([4_u64.to_le_bytes().to_vec(), vec![vcpu; 4]].concat());
    }
    bytes.extend([0x5a; 4096]);
    bytes
}

#[test]
fn pv_guests_of_every_width() {
    for (width, bytes_of_word) in [(WordWidth::Bits32, 4), (WordWidth::Bits64, 8)] {
        for registers in [0xaf0, 0x1430] {
            let args = LegacyStreamArgs { width, guest: DomainKind::X86Pv };
            let bytes = pv(bytes_of_word, registers);
            let stream = harness::round_trip::<LegacyStream>(&bytes, Endian::Little, &args);
            let frames = stream.frames.as_ref().map(Vec::len);
            assert_eq!(frames, Some(if registers == 0x1430 { 2 } else { 1 }));
            let LegacyStreamMachine::X86Pv(machine) = &stream.machine else { panic!("no PV guest") };
            assert_eq!(machine.unmapped.len(), 1);
            let vcpus: Vec<_> = machine.vcpus.iter().map(|v| (v.basic.len(), v.basic[0], v.more.is_some())).collect();
            assert_eq!(vcpus, [(registers, 0, true), (registers, 1, true), (registers, 2, true)]);
            let xsave = machine.vcpus[2].xsave.as_ref().expect("it has more");
            assert_eq!((xsave.mask, xsave.state.as_slice()), (3, &[2; 4][..]));
        }
    }
}
