//! Xen xl save files made of values: every record type in every byte order, checkpoints, and what is not written.

#![allow(clippy::expect_used, clippy::panic, clippy::indexing_slicing)]


use vmspec::xen_xl::{
    DomainKind, LibxcRecord, LibxcRecordBody, LibxcStream, LibxlRecordBody, PageKind, Savefile, SavefileStream,
};
use vmspec_generated_tests as harness;
use vmspec_runtime::{Blob, Class, Endian, Wire};
use crate::xen_build::{file, guest, hvm_records, libxc, libxl, odd_libxl_records, odd_records, pages, pv_records, stream};

/// What is written is read back the same, written the same again, and nothing is found. Gives the bytes.
#[track_caller]
fn holds(value: &Savefile) -> Vec<u8> {
    let mut bytes = Vec::new();
    value.write_to(&mut bytes).expect("it can be written");
    let back = harness::round_trip::<Savefile>(&bytes, Endian::Little, &());
    let shown = |value: &Savefile| serde_json::to_value(value).expect("it can be shown");
    harness::matches(&shown(value), &shown(&back), &bytes).expect("it is read back the same");
    assert_eq!(value.check(), [], "nothing is found");
    assert_eq!(back.check(), []);
    bytes
}

/// The kinds of the records of a stream.
fn kinds(records: &[LibxcRecord]) -> Vec<&'static str> {
    records.iter().map(|r| r.kind().name()).collect()
}

/// A guest with all records that it may have, and others in front of the last.
fn full(kind: DomainKind, version: u32, big: bool, mut records: Vec<LibxcRecord>) -> LibxcStream {
    let last = records.len().saturating_sub(1);
    records.splice(last..last, odd_records());
    guest(kind, version, big, records)
}

#[test]
fn every_record_in_every_byte_order() {
    let mut seen: Vec<&'static str> = Vec::new();
    for order in [Endian::Little, Endian::Big] {
        for (outer, inner) in [(false, false), (false, true), (true, false), (true, true)] {
            let guests = [
                full(DomainKind::X86Hvm, 3, inner, hvm_records(3)),
                full(DomainKind::X86Hvm, 2, inner, hvm_records(2)),
                full(DomainKind::X86Pv, 3, inner, pv_records(8)),
                full(DomainKind::X86Pv, 3, inner, pv_records(4)),
            ];
            for guest in guests {
                seen.extend(kinds(&guest.records));
                let mut more = odd_libxl_records();
                more.extend([xen_build::xenstore(&[("a/b", "1"), ("c", "")]), xen_build::emulator()]);
                holds(&file(order, stream(guest, outer, more)));
            }
        }
    }
    let all = vmspec::xen_xl::LibxcKind::ALL.iter().map(|kind| kind.name());
    let missing: Vec<_> = all.filter(|name| !seen.contains(name)).collect();
    assert_eq!(missing, ["checkpoint"], "no record is left out but the one of the next test");
}

#[test]
fn libxc_goes_on_behind_a_checkpoint() {
    let records = [LibxcRecordBody::StaticDataEnd, pages(&[PageKind::Xtab]), LibxcRecordBody::Checkpoint];
    let paused = guest(DomainKind::X86Hvm, 3, true, records.into_iter().map(libxc).collect());
    let resumed = |last| {
        let mut record = libxl(LibxlRecordBody::CheckpointEnd);
        record.resumed = Some(vec![libxc(pages(&[PageKind::Xtab])), libxc(last)]);
        record
    };
    let more = vec![xen_build::emulator(), resumed(LibxcRecordBody::Checkpoint), resumed(LibxcRecordBody::End)];
    let bytes = holds(&file(Endian::Little, stream(paused, false, more)));
    harness::truncations::<Savefile>(&bytes, Endian::Little, &());
}

#[test]
fn configs_are_kept_as_they_are() {
    use vmspec::xen_xl::{SavefileOptional, SavefileOptionalConfig as Config, XlMandatory};
    let lengths = [
        (None, XlMandatory::STREAM_V2, 0),
        (Some(None), XlMandatory::STREAM_V2, 4),
        (Some(Some(Config::Text(b"name = 'd1'\n".to_vec()))), XlMandatory::STREAM_V2, 16),
        (Some(Some(Config::Json(c"{}".to_owned()))), XlMandatory::ALL, 7),
    ];
    for (config, mandatory_flags, length) in lengths {
        let mut value =
            file(Endian::Little, stream(guest(DomainKind::X86Hvm, 3, false, hvm_records(3)), false, vec![]));
        value.mandatory_flags = mandatory_flags;
        value.optional = config.map(|config| SavefileOptional { config });
        let bytes = holds(&value);
        assert_eq!(bytes[44..48], u32::to_le_bytes(length));
        let ident = 48 + usize::try_from(length).expect("it fits");
        assert_eq!(&bytes[ident..ident + 8], b"LibxlFmt");
    }
}

/// Where and why a value is not written.
#[track_caller]
fn unwritten(records: Vec<LibxcRecord>, kind: DomainKind) -> (String, Class) {
    let value = file(Endian::Little, stream(guest(kind, 3, false, records), false, vec![]));
    let mut bytes = Vec::new();
    let e = value.write_to(&mut bytes).expect_err("it cannot be written");
    assert!(bytes.is_empty());
    (e.path(), e.class())
}

#[test]
fn records_out_of_order_are_not_written() {
    let record = |i: usize, field: &str| format!("stream.records[0].libxc.records[{i}].{field}");
    let mut early = hvm_records(3);
    early.swap(2, 3);
    assert_eq!(unwritten(early, DomainKind::X86Hvm), (record(2, "kind"), Class::Invalid));
    let mut twice = pv_records(8);
    twice.insert(1, twice[0].clone());
    assert_eq!(unwritten(twice, DomainKind::X86Pv), (record(1, "kind"), Class::Invalid));
    let mut headless = pv_records(8);
    headless.remove(0);
    assert_eq!(unwritten(headless, DomainKind::X86Pv), (record(3, "kind"), Class::Invalid));
    assert_eq!(unwritten(pv_records(8), DomainKind::X86Hvm), (record(0, "kind"), Class::Unsupported));
    let mut wide = pv_records(4);
    wide.splice(8..9, pv_records(8)[8..9].iter().cloned());
    assert_eq!(unwritten(wide, DomainKind::X86Pv), (record(8, "body.context"), Class::Invalid));
}

#[test]
fn records_behind_the_end_are_not_written() {
    let mut records = hvm_records(3);
    records.push(libxc(LibxcRecordBody::Verify));
    let (path, class) = unwritten(records, DomainKind::X86Hvm);
    assert_eq!((path.as_str(), class), ("stream.records[0].libxc.records", Class::Invalid));
    assert_eq!(unwritten(Vec::new(), DomainKind::X86Hvm).1, Class::Invalid);
}

#[test]
fn too_few_pages_are_not_written() {
    let mut records = hvm_records(3);
    if let LibxcRecordBody::PageData(data) = &mut records[3].body {
        data.pages = Blob::from(vec![0; xen_build::PAGE]);
    }
    let (path, class) = unwritten(records, DomainKind::X86Hvm);
    assert_eq!((path.as_str(), class), ("stream.records[0].libxc.records[3].body.pages", Class::Invalid));
}

#[test]
fn nothing_follows_a_legacy_stream() {
    let mut value = file(Endian::Little, stream(guest(DomainKind::X86Hvm, 3, false, hvm_records(3)), false, vec![]));
    value.mandatory_flags = vmspec::xen_xl::XlMandatory::JSON_CONFIG;
    value.stream = SavefileStream::Legacy(Blob::from(b"legacy".to_vec()));
    holds(&value);
    value.trailing = Blob::from(b"more".to_vec());
    let e = value.write_to(&mut Vec::new()).expect_err("a reader would take it for the stream");
    assert_eq!((e.path().as_str(), e.class()), ("trailing", Class::Invalid));
}
