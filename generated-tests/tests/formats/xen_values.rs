//! Xen xl save files: what is in them, held against what independent readers say.

#![allow(clippy::expect_used, clippy::panic, clippy::indexing_slicing, clippy::arithmetic_side_effects)]

use std::collections::BTreeMap;
use std::io::Write;
use std::process::{Command, Stdio};

use serde_json::{Value, json};
use vmspec::pages::PageIndex;
use vmspec::xen_xl::{
    LibxcRecord, LibxcRecordBody, LibxcStream, LibxlRecord, LibxlRecordBody, LibxlStream, PageData, Savefile,
    SavefileOptionalConfig, SavefileStream, page_index,
};
use vmspec_generated_tests as harness;
use vmspec_runtime::{Blob, Endian};

const REAL: [&str; 4] = ["x417-hvm", "x417-pv", "x417-pvh", "x420-pv-migrate"];

/// A real file, what others say of it, and what it was read as.
struct Real {
    name: &'static str,
    bytes: Vec<u8>,
    file: Savefile,
}

impl Real {
    fn all() -> impl Iterator<Item = Self> {
        REAL.into_iter().filter_map(|name| {
            let bytes = harness::packed_sample(&format!("xl/{name}.xlsave"))?;
            let (file, taken) = harness::read::<Savefile>(&bytes, Endian::Little, &()).expect("it is read");
            assert_eq!(taken, bytes.len(), "{name}");
            Some(Self { name, bytes, file })
        })
    }

    fn told(&self, what: &str) -> Value {
        let text = harness::sample(&format!("xl/{}.xlsave.{what}.json", self.name));
        serde_json::from_slice(&text).expect("it is JSON")
    }

    fn stream(&self) -> &LibxlStream {
        let SavefileStream::Libxl(stream) = &self.file.stream else { panic!("{}: a legacy stream", self.name) };
        stream
    }

    fn libxc(&self) -> &LibxcStream {
        self.stream().records.iter().find_map(|r| r.libxc.as_ref()).expect("there is a libxc stream")
    }

    fn blob(&self, blob: &Blob) -> &[u8] {
        let Blob::Range { offset, length } = blob else { panic!("{}: payload is held", self.name) };
        let start = usize::try_from(*offset).expect("it fits");
        &self.bytes[start..start + usize::try_from(*length).expect("it fits")]
    }

    fn page(&self, index: &PageIndex, number: u64) -> &[u8] {
        let start = usize::try_from(index.offset(number).expect("it has data")).expect("it fits");
        &self.bytes[start..start + usize::try_from(index.page_size()).expect("it fits")]
    }

    fn batches(&self) -> impl Iterator<Item = &PageData> {
        self.libxc().records.iter().filter_map(|r| match &r.body {
            LibxcRecordBody::PageData(data) => Some(data),
            _ => None,
        })
    }
}

/// The name of a kind as Xen writes it.
fn shouted(name: &str) -> String {
    name.to_uppercase()
}

/// Stream, name, offset and length of every record, in the order of the file.
fn records(stream: &LibxlStream, start: u64) -> Vec<Value> {
    let mut found = Vec::new();
    let mut at = start + 16;
    for record in &stream.records {
        found.push(json!(["libxl", shouted(record.kind().name()), at, record.length()]));
        at += padded(record.length());
        if let Some(libxc) = &record.libxc {
            at = libxc_records(libxc, at, &mut found);
        }
    }
    found
}

fn libxc_records(libxc: &LibxcStream, start: u64, found: &mut Vec<Value>) -> u64 {
    let mut at = start + 40;
    for record in &libxc.records {
        let length = length_of(record);
        found.push(json!(["libxc", shouted(record.kind().name()), at, length]));
        at += padded(length);
    }
    at
}

fn length_of(record: &LibxcRecord) -> u64 {
    record.length()
}

/// Bytes of a record whose body has so many.
fn padded(length: u64) -> u64 {
    8 + length.next_multiple_of(8)
}

#[test]
fn records_are_where_others_find_them() {
    for real in Real::all() {
        let summary = real.told("summary");
        let start = 48 + summary["xl"]["optional_data_len"].as_u64().expect("a number");
        let told: Vec<Value> = summary["records"].as_array().expect("a list").clone();
        assert_eq!(records(real.stream(), start), told, "{}", real.name);
    }
}

#[test]
fn headers_hold_what_others_read() {
    for real in Real::all() {
        let summary = real.told("summary");
        let (file, stream, libxc) = (&real.file, real.stream(), real.libxc());
        assert_eq!(json!(file.mandatory_flags.bits()), summary["xl"]["mandatory"], "{}", real.name);
        assert_eq!(json!(file.optional_flags.bits()), summary["xl"]["optional"], "{}", real.name);
        assert_eq!(json!(stream.options.bits()), summary["libxl"]["options"], "{}", real.name);
        assert_eq!(json!(libxc.version), summary["libxc"]["version"], "{}", real.name);
        assert_eq!(json!(libxc.options.bits()), summary["libxc"]["options"], "{}", real.name);
        assert_eq!(json!(libxc.domain.kind.repr()), summary["libxc"]["type"], "{}", real.name);
        let xen = json!([libxc.domain.xen_major, libxc.domain.xen_minor]);
        assert_eq!(xen, summary["libxc"]["xen"], "{}", real.name);
    }
}

#[test]
fn configs_are_what_xl_wrote() {
    for real in Real::all() {
        let optional = real.file.optional.as_ref().expect("there is a config");
        let Some(SavefileOptionalConfig::Json(config)) = &optional.config else { panic!("{}: no JSON", real.name) };
        let config: Value = serde_json::from_slice(config.to_bytes()).expect("it is JSON");
        assert_eq!(config, real.told("config"), "{}", real.name);
    }
}

#[test]
fn the_emulator_is_what_others_read() {
    let Some(real) = Real::all().next() else { return };
    let summary = real.told("summary");
    let records: Vec<&LibxlRecord> = real.stream().records.iter().collect();
    let LibxlRecordBody::EmulatorXenstoreData(data) = &records[1].body else { panic!("no xenstore data") };
    let text = |s: &std::ffi::CString| String::from_utf8(s.to_bytes_with_nul().to_vec()).expect("it is text");
    let entries: String = data.entries.iter().map(|e| text(&e.key) + &text(&e.value)).collect();
    assert_eq!(json!(entries), summary["emulator_xenstore"]);
    let LibxlRecordBody::EmulatorContext(context) = &records[2].body else { panic!("no context") };
    assert_eq!(json!([context.emulator.repr(), context.index]), summary["emulator_context"]["id"]);
    let state = real.blob(&context.state);
    assert_eq!(json!(state.len()), summary["emulator_context"]["size"]);
    assert_eq!(json!(harness::hex_of(&state[..8])), summary["emulator_context"]["magic"]);
    if let Some(sum) = sha256(state) {
        assert_eq!(json!(sum), summary["emulator_context"]["sha256"]);
    }
}

/// The place of the last copy of every page, by number; how often pages were sent; how many pages of each kind.
fn pages(real: &Real) -> (BTreeMap<u64, &[u8]>, usize, BTreeMap<u8, usize>) {
    let (mut pages, mut sends, mut kinds) = (BTreeMap::new(), 0, BTreeMap::new());
    for batch in real.batches() {
        let mut data = real.blob(&batch.pages).chunks_exact(4096);
        for entry in &batch.pfns {
            kinds.insert(entry.pfn, entry.kind.repr());
            if !entry.kind.is_without_data() {
                pages.insert(entry.pfn, data.next().expect("there is a page for each"));
                sends += 1;
            }
        }
        assert!(data.next().is_none(), "{}", real.name);
    }
    let mut counted = BTreeMap::new();
    for kind in kinds.into_values() {
        *counted.entry(kind).or_insert(0) += 1;
    }
    (pages, sends, counted)
}

/// Numbers as the runs they make.
fn runs(numbers: impl Iterator<Item = u64>) -> Vec<(u64, u64)> {
    let mut runs: Vec<(u64, u64)> = Vec::new();
    for n in numbers {
        match runs.last_mut() {
            Some((_, last)) if *last + 1 == n => *last = n,
            _ => runs.push((n, n)),
        }
    }
    runs
}

#[test]
fn pages_are_those_of_the_guest() {
    for real in Real::all() {
        let (summary, told) = (real.told("summary"), real.told("pages"));
        let (pages, sends, kinds) = pages(&real);
        assert_eq!((json!(pages.len()), json!(sends)), (summary["pages"].clone(), summary["page_sends"].clone()));
        let kinds: BTreeMap<String, usize> = kinds.into_iter().map(|(kind, n)| (format!("{kind:#x}"), n)).collect();
        assert_eq!(json!(kinds), summary["types"], "{}", real.name);
        let populated: Vec<_> = runs(pages.keys().copied()).iter().map(|(a, b)| format!("{a:x}-{b:x}")).collect();
        assert_eq!(json!(populated.join(",")), told["populated_pfns"], "{}", real.name);
        let used = runs(pages.iter().filter(|(_, page)| page.iter().any(|b| *b != 0)).map(|(n, _)| *n));
        assert_eq!(json!(used), told["nonzero_pfn_runs"], "{}", real.name);
        let index = page_index(real.bytes.as_slice()).expect("it is read");
        assert_eq!(index, real.file.pages(), "{}", real.name);
        let indexed: BTreeMap<u64, &[u8]> =
            index.runs().flat_map(|run| run.pages).map(|n| (n, real.page(&index, n))).collect();
        assert_eq!(indexed, pages, "{}", real.name);
        let all: Vec<u8> = indexed.into_values().flatten().copied().collect();
        let Some(sum) = sha256(&all) else { continue };
        assert_eq!(json!(sum), summary["sha256_pages_in_pfn_order"], "{}", real.name);
        if summary["memory_equal"] == true {
            assert_eq!(json!(sum), told["sha256_of_populated_pages_in_pfn_order"], "{}", real.name);
        }
    }
}

/// The SHA-256 of the bytes; none, and `skipped:` said, without the program that works it out.
fn sha256(bytes: &[u8]) -> Option<String> {
    let started = Command::new("sha256sum").stdin(Stdio::piped()).stdout(Stdio::piped()).spawn();
    let Ok(mut program) = started else {
        println!("skipped: no program sha256sum");
        return None;
    };
    program.stdin.take().expect("it is piped").write_all(bytes).expect("it reads");
    let output = program.wait_with_output().expect("it ends");
    Some(String::from_utf8_lossy(&output.stdout).split_whitespace().next()?.to_owned())
}
