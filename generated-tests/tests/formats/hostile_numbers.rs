//! Numbers that lie, in whole files of each format and by every door, and payload of a gibibyte. The examples of the specs are told
//! such lies in their own tests, by the doors that every type has.

#![allow(clippy::unwrap_used, clippy::panic, clippy::arithmetic_side_effects)]

use std::collections::BTreeSet;
use std::fs::File;
use std::io::{self, Seek, SeekFrom, Write};

use vmspec::libvirt_save::{self, Image, ImageReader, ImageRef};
use vmspec::qevm::{
    self, MultifdChannel, MultifdChannelArgs, MultifdChannelReader, MultifdChannelRef, Stream, StreamArgs, StreamReader,
};
use vmspec::vhdx::{self, RegionTable, RegionTableRef, Vhdx, VhdxContents, VhdxRef};
use vmspec::xen_xl::{
    self, DomainKind, HvmContextList, HvmContextListRef, LegacyStream, LegacyStreamArgs, LegacyStreamReader,
};
use vmspec::xen_xl::{Savefile, SavefileReader, WordWidth};
use vmspec_codegen::model::{Body, Format};
use vmspec_generated_tests::counting::peak;
use vmspec_generated_tests::differential::{Subject, model};
use vmspec_generated_tests::hostile::{bounded, held, lies};
use vmspec_generated_tests::{self as harness, Pipe};
use vmspec_runtime::{Endian, PullReader, Wire, WireRef, read_stream};

/// Of each example about so many bytes are read by each door.
const WORK: usize = 1 << 20;
/// Of small examples no more than so many lies are told.
const LIES: usize = 300;

/// What each example of a type is, with numbers that lie. There is at least one.
fn liars(spec: &str, name: &str) -> Vec<(Vec<u8>, Endian)> {
    let format = model(spec);
    let of = format.examples.iter().filter(|example| format.ty(example.of).name == name);
    let of = of.map(|example| Subject::of_example(format, example)).flat_map(|(subject, bytes)| {
        let order = if subject.big { Endian::Big } else { Endian::Little };
        let few = (WORK / bytes.len().max(1)).clamp(12, LIES);
        let lies: Vec<_> = lies(&subject.numbers(&bytes), &bytes).take(few).map(|lie| (lie, order)).collect();
        lies
    });
    let all: Vec<_> = of.collect();
    assert!(all.len() >= 10, "{name} of {spec}: {}", all.len());
    all
}

/// By the doors of every type, and by a file.
fn by_all<T: Wire>(spec: &str, args: &T::Args<'_>) {
    for (lie, order) in liars(spec, T::NAME) {
        bounded::<T>(&lie, order, args);
        let mut file = tempfile::tempfile().unwrap();
        file.write_all(&lie).and_then(|()| file.rewind()).unwrap();
        held("a file", &lie, || drop(read_stream::<T, File>(&mut file, order, args.clone())));
    }
}

/// By a pull reader.
fn pulled<P: PullReader>(spec: &str, name: &str, new: impl Fn(Pipe) -> P) {
    for (lie, _) in liars(spec, name) {
        let mut to = [0; 512];
        held("a pull reader", &lie, || {
            let mut reader = new(Pipe::new(&lie));
            while let Ok(Some(_)) = reader.next_event() {
                drop(reader.read_pending(&mut to));
            }
        });
    }
}

/// By what borrows from a slice.
macro_rules! lent {
    ($type:ident: $spec:expr, $args:expr) => {
        for (lie, order) in liars($spec, <$type<'_> as WireRef<'_>>::Owned::NAME) {
            held("what is lent", &lie, || drop($type::parse_prefix_with(&lie, order, $args)));
        }
    };
}

#[test]
fn libvirt() {
    by_all::<Image>(libvirt_save::SPEC, &());
    pulled(libvirt_save::SPEC, Image::NAME, ImageReader::new);
    lent!(ImageRef: libvirt_save::SPEC, ());
}

#[test]
fn qemu() {
    by_all::<Stream>(qevm::SPEC, &StreamArgs::default());
    pulled(qevm::SPEC, Stream::NAME, |pipe| StreamReader::with_args(pipe, StreamArgs::default()));
    by_all::<MultifdChannel>(qevm::SPEC, &MultifdChannelArgs::default());
    pulled(qevm::SPEC, MultifdChannel::NAME, MultifdChannelReader::new);
    lent!(MultifdChannelRef: qevm::SPEC, MultifdChannelArgs::default());
}

#[test]
fn xen() {
    by_all::<Savefile>(xen_xl::SPEC, &());
    pulled(xen_xl::SPEC, Savefile::NAME, SavefileReader::new);
    for (width, guest) in [(WordWidth::Bits64, DomainKind::X86Hvm), (WordWidth::Bits32, DomainKind::X86Pv)] {
        let args = LegacyStreamArgs { width, guest };
        by_all::<LegacyStream>(xen_xl::SPEC, &args);
        pulled(xen_xl::SPEC, LegacyStream::NAME, |pipe| LegacyStreamReader::new(pipe, args));
    }
    by_all::<HvmContextList>(xen_xl::SPEC, &());
    lent!(HvmContextListRef: xen_xl::SPEC, ());
}

#[test]
fn vhdx() {
    by_all::<Vhdx>(vhdx::SPEC, &());
    by_all::<VhdxContents>(vhdx::SPEC, &());
    by_all::<RegionTable>(vhdx::SPEC, &());
    lent!(VhdxRef: vhdx::SPEC, ());
    lent!(RegionTableRef: vhdx::SPEC, ());
}

/// Numbers that follow from something else, such as lengths and counts, as `type.field`.
fn driven(format: &Format) -> BTreeSet<String> {
    let fields = format.types.iter().flat_map(|ty| match &ty.body {
        Body::Struct(body) => body.fields.iter().map(|field| (ty, field)).collect(),
        Body::Bits(_) | Body::Union(_) => Vec::new(),
    });
    fields.filter(|(_, field)| field.is_driven()).map(|(ty, field)| format!("{}.{}", ty.name, field.name)).collect()
}

/// Those that some example has.
fn lied_about(format: &'static Format) -> BTreeSet<String> {
    let all = format.examples.iter().map(|example| Subject::of_example(format, example));
    let numbers = all.flat_map(|(subject, bytes)| subject.numbers(&bytes)).filter(|number| number.is_driven);
    let field = |(ty, id)| format.field(ty, id).map_or("", |field| &field.name);
    numbers.map(|number| format!("{}.{}", format.ty(number.of.0).name, field(number.of))).collect()
}

/// What no example has. Some of it is in the streams that `qevm_hostile` makes, and changes in every byte.
const LEFT_OUT: &[&str] = &[
    "xen_xl.yaml: legacy_stream.machine.x86_hvm.signature",
    "xen_xl.yaml: legacy_stream.machine.x86_pv.unmapped_count",
    "xen_xl.yaml: legacy_xsave.length",
    "qevm.yaml: configuration.capabilities.count",
    "qevm.yaml: hpet.num_timers_save",
    "qevm.yaml: page_attributes.count",
    "qevm.yaml: pci_bus.nirq",
    "qevm.yaml: ram_record.body.compressed.length",
    "qevm.yaml: ram_record.body.xbzrle.length",
    "qevm.yaml: virtio_pci.config_length",
    "qevm.yaml: virtio_pci.queue_count",
];

/// A new length or count needs an example, or a line above.
#[test]
fn every_length_is_lied_about() {
    let specs = [libvirt_save::SPEC, xen_xl::SPEC, vhdx::SPEC, qevm::SPEC];
    let left = specs.iter().flat_map(|spec| {
        let (all, found) = (driven(model(spec)), lied_about(model(spec)));
        assert!(!found.is_empty(), "{spec}");
        println!("{spec}: {} of {} are in examples", found.len(), all.len());
        all.difference(&found).map(|field| format!("{spec}: {field}")).collect::<Vec<_>>()
    });
    assert_eq!(left.collect::<Vec<_>>(), LEFT_OUT);
}

const GIBIBYTE: u64 = 1 << 30;
/// What passing over payload, or copying it, takes: a buffer, and the value.
const LITTLE: usize = 512 << 10;

/// A file that begins with these bytes, has zeros behind them, and ends in others.
fn sparse(start: &[u8], zeros: u64, end: &[u8]) -> File {
    let mut file = tempfile::tempfile().unwrap();
    file.write_all(start).unwrap();
    file.seek(SeekFrom::Current(i64::try_from(zeros).unwrap())).unwrap();
    file.write_all(end).unwrap();
    file.set_len(u64::try_from(start.len() + end.len()).unwrap() + zeros).unwrap();
    file.rewind().unwrap();
    file
}

/// Reads a file and looks for what is odd in it, and copies it where nobody keeps it.
fn read_and_copied<T>(mut file: File) -> usize
where
    T: for<'a> Wire<Args<'a> = ()>,
{
    let length = file.metadata().unwrap().len();
    let (held, ()) = peak(|| {
        let value: T = read_stream::<T, _>(&mut file, Endian::Little, ()).unwrap();
        assert_eq!((value.wire_len(()), file.stream_position().unwrap()), (length, length));
        drop(value.check_with(()));
        value.write_from_with(&mut file, &mut io::sink(), Endian::Little, ()).unwrap();
    });
    held
}

/// An image in front of its memory.
fn head() -> Vec<u8> {
    let mut head = b"LibvirtQemudSave".to_vec();
    head.extend([2_u32, 8, 1, 0, 4].into_iter().flat_map(u32::to_le_bytes));
    head.resize(92, 0);
    [&head[..], b"<d>\0<c>\0"].concat()
}

#[test]
fn a_gibibyte_of_memory_behind_a_libvirt_header() {
    let [few, many] = [1 << 20, GIBIBYTE].map(|length| read_and_copied::<Image>(sparse(&head(), length, &[])));
    assert!(few == many && many < LITTLE, "{few} and {many}");
    let pull = |length: u64| {
        let pipe = harness::Long::new(head(), vec![7; 1 << 16], length >> 16, Vec::new());
        let mut to = vec![0; 1 << 16];
        peak(|| {
            let mut reader = ImageReader::new(pipe);
            let mut got = 0_u64;
            while reader.next_event().unwrap().is_some() {
                loop {
                    match reader.read_pending(&mut to).unwrap() {
                        0 => break,
                        n => got += u64::try_from(n).unwrap(),
                    }
                }
            }
            assert_eq!(got, length);
        })
        .0
    };
    assert_eq!(pull(1 << 20), pull(GIBIBYTE));
    assert!(pull(1 << 20) < LITTLE);
}

/// A stream of the emulator's, in a record of its own.
#[test]
fn a_gibibyte_of_an_emulator() {
    let savefile = |length: u64| {
        let mut start = b"Xen saved domain, xl format\n \0 \r".to_vec();
        start.extend([0x0102_0304_u32, 2, 0, 0].into_iter().flat_map(u32::to_le_bytes));
        start.extend(b"LibxlFmt\0\0\0\x02\0\0\0\0");
        let record = [3, u32::try_from(length).unwrap() + 8, 2, 0];
        start.extend(record.into_iter().flat_map(u32::to_le_bytes));
        read_and_copied::<Savefile>(sparse(&start, length, &[0; 8]))
    };
    let (few, many) = (savefile(1 << 20), savefile(GIBIBYTE));
    assert!(few == many && many < LITTLE, "{few} and {many}");
}

/// Blocks of a disk, which nothing looks into.
#[test]
fn a_gibibyte_of_blocks() {
    let contents = harness::sample("vhdx/contents");
    let [few, many] = [1 << 20, GIBIBYTE].map(|more| read_and_copied::<VhdxContents>(sparse(&contents, more, &[])));
    assert!(few == many, "{few} and {many}");
    assert!(many < contents.len(), "{many}");
}
