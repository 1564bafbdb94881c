//! What a target starts from: the examples of specs, the samples, and specs themselves.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::Cursor;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};
use vmspec::qevm::devices::Devices;
use vmspec::qevm::schema::Schema;
use vmspec::qevm::{Externs, Stream, StreamArgs, description};
use vmspec_codegen::model::ExampleBytes;
use vmspec_runtime::{Ahead, Endian, Result, Wire};

use super::patched;
use super::subjects::{Subject, choice};
use crate::differential::{Dice, model};

/// The largest input that is kept whole, in bytes: the longer inputs are, the fewer are tried.
const LARGEST: usize = 8 << 10;
/// What is kept of a larger one.
const HEAD: usize = 2 << 10;
/// Folders of samples and what the files end in, by their format's id.
const SAMPLES: &[(&str, &str, &str)] =
    &[("libvirt_save", "libvirt", "save"), ("qevm", "qevm", "qevm"), ("xen_xl", "xl", "xlsave")];
/// Streams with a description of their devices.
const STREAMS: &[&str] = &["qevm/q7-none.qevm", "qevm/q7-avr.qevm", "qevm/q7-m68k-virt.qevm", "qevm/q7-isapc-1m.qevm"];

/// Examples and samples as they are, behind what chooses their type.
pub fn raw(of: &[Subject]) -> Vec<Vec<u8>> {
    let Some(first) = of.first() else { return Vec::new() };
    let format = model(first.spec);
    let mut seeds = Vec::new();
    for example in format.examples.iter().filter(|it| it.with.is_empty()) {
        let Some(choice) = choice(of, &format.ty(example.of).name, example.big) else { continue };
        let bytes = match &example.bytes {
            ExampleBytes::Hex(bytes) => bytes.clone(),
            ExampleBytes::Sample(path) => crate::sample(path),
        };
        seeds.push([&[choice], kept(&bytes)].concat());
    }
    for bytes in samples(&format.id) {
        seeds.push([&[0], kept(&bytes)].concat());
    }
    seeds
}

fn kept(bytes: &[u8]) -> &[u8] {
    if bytes.len() <= LARGEST { bytes } else { bytes.get(..HEAD).unwrap_or(bytes) }
}

/// Every sample of a format.
fn samples(id: &str) -> Vec<Vec<u8>> {
    let Some((_, folder, ending)) = SAMPLES.iter().find(|(known, ..)| *known == id) else { return Vec::new() };
    let paths = files(&Path::new("samples").join(folder));
    let name = |path: &PathBuf| Some(format!("{folder}/{}", path.file_name()?.to_str()?.trim_end_matches(".xz")));
    let names: BTreeSet<_> =
        paths.iter().filter_map(name).filter(|name| name.ends_with(&format!(".{ending}"))).collect();
    names.iter().filter_map(|name| crate::packed_sample(name)).collect()
}

/// The files of a folder beside the crate, or in it.
fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join(folder)).into_iter().flatten();
    let mut paths: Vec<_> = entries.flatten().map(|entry| entry.path()).filter(|path| path.is_file()).collect();
    paths.sort();
    paths
}

/// For each type of which values are made: zeros, and bytes that look random.
pub fn values(of: &[Subject]) -> Vec<Vec<u8>> {
    let mut dice = Dice::new(1);
    let mut seeds = Vec::new();
    for subject in of.iter().filter(|subject| subject.values.is_some()) {
        for (big, length) in [(false, 64), (true, 64), (false, 512)] {
            let noise = (0..length).map(|_| dice.roll().to_le_bytes()[0]).collect();
            let choice = choice(of, subject.name, big).unwrap_or(0);
            seeds.extend([noise, vec![0; length]].map(|bytes: Vec<u8>| [&[choice], &*bytes].concat()));
        }
    }
    seeds
}

/// Large examples without changes, and with some; small ones as they are too.
pub fn patched(of: &[Subject]) -> Vec<Vec<u8>> {
    let mut seeds = raw(of);
    seeds.retain(|seed| seed.len() < HEAD);
    for which in 0..patched::count(of) {
        let first = which.saturating_add(patched::FROM);
        seeds.extend([vec![first, 0], vec![first, 1, 0, which, 0, 1], vec![first, 1, 0xc0, which, 0]]);
    }
    seeds
}

/// Specs of formats, of features, and bad ones.
pub fn specs() -> Vec<Vec<u8>> {
    let folders = ["../specs", "../specs/qevm", "features", "bad"].map(|folder| files(Path::new(folder)));
    let yaml = |path: &&PathBuf| path.extension().is_some_and(|it| it == "yaml");
    let paths = folders.iter().flatten().filter(yaml);
    paths.filter_map(|path| fs::read(path).ok()).filter(|text| text.len() <= 12 << 10).collect()
}

/// Expressions that stand in specs, for every place, with bytes behind them.
pub fn expressions() -> Vec<Vec<u8>> {
    let bytes: Vec<u8> = (1..=96).collect();
    let numbered = (0..=u8::MAX).cycle().zip(texts());
    numbered.map(|(place, text)| [&[place % 8], text.as_bytes(), &[0], &bytes].concat()).collect()
}

/// What stands behind keys that take an expression.
fn texts() -> BTreeSet<String> {
    let mut texts = BTreeSet::new();
    for spec in specs() {
        let spec = String::from_utf8_lossy(&spec).into_owned();
        for key in ["if: ", "valid: ", "expect: ", "value: ", "count: ", "let: ", "that: ", "until: ", "size: "] {
            let behind = spec.split(key).skip(1).filter_map(|rest| rest.split([',', '}', '{', '\n', '#']).next());
            texts.extend(behind.map(|text| text.trim().to_owned()).filter(|text| text.len() > 2));
        }
    }
    texts
}

/// Words that many expressions have, functions with their bracket.
pub fn names() -> Vec<String> {
    let mut counts = BTreeMap::<String, u32>::new();
    for text in texts() {
        let words = text.split_inclusive(|c: char| !c.is_alphanumeric() && c != '_');
        let words: BTreeSet<_> = words.map(str::to_owned).filter(|word| word.len() > 1).collect();
        for word in words {
            let count = counts.entry(word).or_default();
            *count = count.saturating_add(1);
        }
    }
    counts.into_iter().filter(|(_, count)| *count > 2).map(|(word, _)| word).collect()
}

/// Choices that look random, and entries of few bytes.
pub fn logs() -> Vec<Vec<u8>> {
    let mut dice = Dice::new(2);
    let mut noise = |first: u8, n: usize| -> Vec<u8> {
        std::iter::once(first).chain((0..n).map(|_| dice.roll().to_le_bytes()[0])).collect()
    };
    let mut seeds: Vec<_> = (0..160).step_by(4).flat_map(|n| [noise(0, n), noise(0, n), noise(6, n)]).collect();
    seeds.extend((0..80).step_by(8).flat_map(|n| [noise(1, n), noise(7, n)]));
    seeds.extend([vec![1, 0, 1, 0, 1, 1, 7], vec![1, 0, 1, 0, 1, 1, 7, 2, 2, 0, 2, 0x11, 1, 3, 9]]);
    seeds
}

/// Each device of a description for itself, with its state where no spec describes that; and forms that these do not have.
pub fn descriptions() -> Vec<Vec<u8>> {
    let mut seeds: Vec<_> =
        STREAMS.iter().filter_map(|name| crate::packed_sample(name)).flat_map(|it| devices(&it)).collect();
    let field = |name: &str, of: &str, size: u32| json!({"name": name, "type": of, "size": size});
    let part = json!({"vmsd_name": "part", "version": 1, "fields": [field("x", "int32", 4)]});
    let held = |of: &str| {
        json!({"name": "held", "type": of, "size": 0, "vmsd_name": "part", "version": 1,
        "fields": [field("x", "int32", 4)]})
    };
    let arrays = json!({"name": "a", "type": "struct", "array_len": 2, "size": 4, "struct": part});
    let forms = [
        (vec![held("qtailq"), field("z", "uint8", 1)], &[1, 0, 0, 0, 5, 0, 9][..]),
        (vec![held("gtree")], &[0, 0, 0, 1, 1, 0, 0, 0, 0, 0, 0, 0, 7, 0, 0, 0, 5, 0]),
        (vec![held("tmp"), held("vstruct")], &[0, 0, 0, 1, 0, 0, 0, 2]),
        (vec![field("n", "nullptr", 1), arrays], &[0x30, 0, 0, 0, 1, 0, 0, 0, 2]),
        (vec![field("t", "timer", 8), field("b", "buffer", 5)], &[0; 13]),
    ];
    for (fields, state) in forms {
        let device = json!({"name": "d", "instance_id": 0, "vmsd_name": "d", "version": 1, "fields": fields,
            "subsections": [{"vmsd_name": "d/s", "version": 1, "fields": [field("y", "uint16", 2)]}]});
        let state = [state, b"\x05\x03d/s\0\0\0\x01\xbe\xef"].concat();
        seeds.push(seed(&json!({"page_size": 4096, "devices": [device]}), &state));
    }
    seeds.retain(|seed| seed.len() <= LARGEST);
    seeds
}

fn seed(json: &Value, state: &[u8]) -> Vec<u8> {
    [json.to_string().as_bytes(), &[0], state].concat()
}

/// The devices of a stream.
fn devices(stream: &[u8]) -> Vec<Vec<u8>> {
    let Ok(Some(text)) = description::find(&mut Cursor::new(stream), 0) else { return Vec::new() };
    let (Ok(schema), Ok(json)) = (Schema::parse(&text), serde_json::from_str::<Value>(&text)) else {
        return Vec::new();
    };
    let recorder = Recorder { devices: Devices::described_by(&schema), states: RefCell::default() };
    let args = StreamArgs { externs: &recorder, ..StreamArgs::default() };
    drop(Stream::parse_with(stream, Endian::Big, args));
    let states = recorder.states.into_inner();
    let all = json.get("devices").and_then(Value::as_array).into_iter().flatten();
    all.map(|device| {
        let name = device.get("name").and_then(Value::as_str).unwrap_or_default();
        let (at, length) = states.get(name).copied().unwrap_or_default();
        let state = stream.get(at..at.saturating_add(length)).unwrap_or_default();
        seed(&json!({"page_size": 4096, "devices": [device]}), state)
    })
    .collect()
}

/// Remembers which states it was asked about.
struct Recorder<'a> {
    devices: Devices<'a>,
    states: RefCell<BTreeMap<String, (usize, usize)>>,
}

impl Externs for Recorder<'_> {
    fn opaque_state(&self, ahead: &mut Ahead<'_>, idstr: &[u8], at: u32, version: u32, section: u32) -> Result<u64> {
        let start = ahead.position();
        let length = self.devices.opaque_state(ahead, idstr, at, version, section)?;
        let wide = |n: u64| usize::try_from(n).unwrap_or(usize::MAX);
        let name = String::from_utf8_lossy(idstr).into_owned();
        self.states.borrow_mut().insert(name, (wide(start), wide(length)));
        Ok(length)
    }
}
