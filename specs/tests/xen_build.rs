//! Xen save files built from a config and records, and the guest's pages found again.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails where it is wrong")]

use std::io::Cursor;

use vmspec::pages::{PageIndex, Run};
use vmspec::runtime::{Endian, Reserved, Wire};
use vmspec::xen_xl::{
    DomainKind, Emulator, EmulatorContext, LibxcRecordBody, LibxlRecordBody, PageKind, Savefile, SavefileBuilder,
    SavefileOptionalConfig, SavefileStream, X86PvInfo, XlMandatory, page_index,
};
use vmspec::{Blob, Class};

const PAGE: usize = 4096;

fn page(fill: u8) -> Vec<u8> {
    vec![fill; PAGE]
}

fn guest() -> SavefileBuilder {
    Savefile::builder(DomainKind::X86Hvm)
        .json_config(c"{}")
        .xen(4, 20)
        .pages([(0, PageKind::Normal), (1, PageKind::Xalloc), (2, PageKind::Normal)], [page(1), page(2)].concat())
        .pages([(0, PageKind::Normal), (2, PageKind::Xtab), (9, PageKind::Broken)], page(3))
}

fn written(file: &Savefile) -> Vec<u8> {
    let mut bytes = Vec::new();
    file.write_to(&mut bytes).unwrap();
    bytes
}

fn emulator() -> LibxlRecordBody {
    let state = Blob::from(b"QEVM".to_vec());
    LibxlRecordBody::EmulatorContext(EmulatorContext { emulator: Emulator::QemuUpstream, index: 0, state })
}

fn kinds(file: &Savefile) -> Vec<String> {
    let SavefileStream::Libxl(stream) = &file.stream else { panic!("a legacy stream") };
    let libxc = stream.records.iter().flat_map(|r| &r.libxc).flat_map(|libxc| &libxc.records);
    libxc.map(|r| r.kind().to_string()).collect()
}

#[test]
fn a_built_file_is_read_back() {
    for order in [Endian::Little, Endian::Big] {
        let file = guest().byte_order(order).beside(emulator()).build();
        let bytes = written(&file);
        let (back, rest) = Savefile::parse(&bytes).unwrap();
        assert!(rest.is_empty() && back.check().is_empty());
        assert_eq!(
            (back.byte_order, back.mandatory_flags),
            (order, XlMandatory::JSON_CONFIG.with(XlMandatory::STREAM_V2))
        );
        let config = back.optional.as_ref().and_then(|o| o.config.clone());
        assert_eq!(config, Some(SavefileOptionalConfig::Json(c"{}".into())));
        assert_eq!(kinds(&back), ["static_data_end", "page_data", "page_data", "end"]);
        let mut again = Vec::new();
        back.write_from(&mut Cursor::new(&bytes), &mut again).unwrap();
        assert_eq!(again, bytes);
    }
}

#[test]
fn configs_are_told_apart() {
    let config = |builder: SavefileBuilder| {
        let (back, _) = Savefile::parse(&written(&builder.build())).unwrap();
        (back.mandatory_flags.contains(XlMandatory::JSON_CONFIG), back.optional.and_then(|o| o.config))
    };
    let none = || Savefile::builder(DomainKind::X86Hvm);
    assert_eq!(config(none()), (false, None));
    assert_eq!(config(none().text_config("")), (false, None));
    let text = SavefileOptionalConfig::Text(b"name='g'".to_vec());
    assert_eq!(config(none().text_config("name='g'")), (false, Some(text)));
    assert_eq!(config(none().json_config(c"")), (true, Some(SavefileOptionalConfig::Json(c"".into()))));
}

#[test]
fn the_end_of_the_static_data_finds_its_place() {
    let info = X86PvInfo { guest_width: 8, pt_levels: 4, reserved: Reserved([0; 6]), more: Vec::new() };
    let pv = || Savefile::builder(DomainKind::X86Pv).record(LibxcRecordBody::X86PvInfo(info.clone()));
    assert_eq!(kinds(&pv().build()), ["x86_pv_info", "static_data_end", "end"]);
    assert_eq!(kinds(&pv().record(LibxcRecordBody::StaticDataEnd).build()), ["x86_pv_info", "static_data_end", "end"]);
    assert_eq!(kinds(&pv().version(2).build()), ["x86_pv_info", "end"]);
    assert_eq!(kinds(&Savefile::builder(DomainKind::X86Hvm).build()), ["static_data_end", "end"]);
}

#[test]
fn a_record_in_the_wrong_place_is_found_when_it_is_written() {
    let info = X86PvInfo { guest_width: 8, pt_levels: 4, reserved: Reserved([0; 6]), more: Vec::new() };
    let file = guest().record(LibxcRecordBody::X86PvInfo(info)).build();
    let error = file.write_to(&mut Vec::new()).unwrap_err();
    assert_eq!((error.class(), error.path()), (Class::Unsupported, "stream.records[0].libxc.records[3].kind".into()));
}

#[test]
fn the_last_copy_of_each_page_is_found() {
    let bytes = written(&guest().build());
    let index = page_index(bytes.as_slice()).unwrap();
    assert_eq!(index, Savefile::parse(&bytes).unwrap().0.pages());
    let runs: Vec<Run> = index.runs().collect();
    assert_eq!(runs.iter().map(|run| run.pages.clone()).collect::<Vec<_>>(), [0..1, 1..2]);
    assert!(runs.iter().map(|run| run.offset.is_some()).eq([true, false]));
    let mut memory = Cursor::new(Vec::new());
    assert_eq!(index.copy_to(&mut Cursor::new(&bytes), &mut memory).unwrap(), 4096);
    assert_eq!(memory.into_inner(), page(3));
}

#[test]
fn pages_of_no_file_and_of_older_streams_are_not_found() {
    assert_eq!(guest().build().pages(), PageIndex::new(4096), "data that is held lies nowhere");
    let mut old = guest().build();
    old.mandatory_flags = XlMandatory::JSON_CONFIG;
    old.stream = SavefileStream::Legacy(Blob::from(page(0)));
    let error = page_index(written(&old).as_slice()).unwrap_err();
    assert_eq!(error.class(), Class::Unsupported);
}
