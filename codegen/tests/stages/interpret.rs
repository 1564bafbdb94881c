//! The reference interpreter over every example that the specs of this repository carry: it accepts and refuses what they
//! say, writes back what it read, and works out again whatever follows from the rest.
#![allow(clippy::panic, clippy::unwrap_used, clippy::indexing_slicing, clippy::arithmetic_side_effects)]

mod documents;

use std::fs;
use std::path::{Path, PathBuf};

use vmspec_codegen::compile;
use vmspec_codegen::interpret::{
    Datum, Look, Node, Reading, Record, Start, Value, derive, derive_with, read, read_to_mend, read_with, write,
    write_with,
};
use vmspec_codegen::model::{Example, ExampleBytes, ExampleResult, Format, Key};
use vmspec_codegen::source::Source;

/// All specs: of the formats, and one for each feature of the language.
fn formats() -> Vec<Format> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let of = |folder: &str| {
        let folder = root.join(folder);
        let all = fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path());
        let specs = all.filter(|path| path.extension().is_some_and(|e| e == "yaml"));
        specs.map(|path| (path, folder.clone())).collect::<Vec<_>>()
    };
    let mut specs: Vec<(PathBuf, PathBuf)> = [of("specs"), of("generated-tests/features")].concat();
    specs.sort();
    specs
        .iter()
        .map(|(path, folder)| compile(&Source::file(path, folder)).unwrap_or_else(|e| panic!("{}", e.render_short())).0)
        .collect()
}

/// An example with bytes.
struct Given<'f> {
    format: &'f Format,
    example: &'f Example,
    start: Start,
    params: Vec<Datum<'f>>,
    bytes: &'f [u8],
}

impl Given<'_> {
    fn name(&self) -> String {
        format!("{} {}", self.format.id, self.example.name)
    }

    fn read(&self) -> Reading {
        read_with(self.format, self.start, &self.params, &self.bytes)
    }

    fn derive(&self, root: &mut Node) {
        let derived = derive_with(self.format, self.start, &self.params, root, &self.bytes);
        derived.unwrap_or_else(|e| panic!("{}: {e}", self.name()));
    }

    fn write(&self, root: &Node) -> Vec<u8> {
        let mut out = Vec::new();
        let written = write_with(self.format, self.start, &self.params, root, (&self.bytes, &mut out));
        written.unwrap_or_else(|e| panic!("{}: {e}", self.name()));
        out
    }
}

/// Each example with bytes.
fn each(mut look: impl FnMut(&Given<'_>)) -> usize {
    let mut count = 0;
    // What takes code by hand is held to generated code, where there is some.
    for format in formats().iter().filter(|format| format.externs.is_empty()) {
        for example in &format.examples {
            let ExampleBytes::Hex(bytes) = &example.bytes else { continue };
            let format = &format.with_inputs(&example.inputs);
            let start = Start { ty: example.of, at: 0, big: example.big };
            let params = example.with.iter().map(|given| Datum::given(format, given)).collect();
            look(&Given { format, example, start, params, bytes });
            count += 1;
        }
    }
    count
}

fn refusal(reading: &Reading) -> Option<(String, &'static str)> {
    reading.error.as_ref().map(|error| (error.path.clone(), error.class.name()))
}

#[test]
fn examples_are_what_they_say() {
    let count = each(|given| {
        let reading = given.read();
        let wanted = match &given.example.expected {
            ExampleResult::Value(_) => None,
            ExampleResult::Error { path, class } => Some((path.clone(), class.name())),
        };
        assert_eq!(refusal(&reading), wanted, "{}: {:?}", given.name(), reading.error);
    });
    assert!(count > 300, "only {count} examples");
}

#[test]
fn what_is_read_is_written() {
    each(|given| {
        let reading = given.read();
        if reading.error.is_some() {
            return;
        }
        let mut root = reading.root.clone();
        given.derive(&mut root);
        assert_eq!(root, reading.root, "{}: a sound tree is as it should be", given.name());
        let out = given.write(&root);
        assert_eq!(out, given.bytes[..out.len()], "{}", given.name());
        assert_eq!(u64::try_from(out.len()), Ok(reading.end), "{}", given.name());
    });
}

/// Puts something else in place of whatever follows from the rest, and of every place.
fn scramble(look: &Look<'_>, node: &mut Node) {
    (node.at, node.len) = (node.at.wrapping_add(7), if is_measured(node) { 3 } else { node.len });
    let children: Vec<Look<'_>> = match &*look.node {
        Node { value: Value::Record(record), .. } => record.fields.iter().map(|node| look.child(node)).collect(),
        Node { value: Value::List(all), .. } => all.iter().map(|node| look.child(node)).collect(),
        Node { value: Value::Case(_, Some(body)), .. } => vec![look.child(body)],
        _ => Vec::new(),
    };
    let into: Vec<&mut Node> = match &mut node.value {
        Value::Record(Record { fields, .. }) => fields.iter_mut().collect(),
        Value::List(all) => all.iter_mut().collect(),
        Value::Case(_, Some(body)) => vec![&mut **body],
        _ => Vec::new(),
    };
    for (look, node) in children.iter().zip(into) {
        if follows(look) {
            node.value = other(&node.value);
        }
        scramble(look, node);
    }
}

/// Whether the length follows from the value: that of a blob or of zeros is the value.
fn is_measured(node: &Node) -> bool {
    !matches!(node.value, Value::Blob(_) | Value::Zeros(_) | Value::Absent)
}

/// Whether a writer must work it out: it is pinned without a choice, or driven by something that fixes it.
fn follows(look: &Look<'_>) -> bool {
    (look.is_pinned() && !look.is_held()) || (look.is_driven() && matches!(look.node.value, Value::Int(_)))
}

fn other(value: &Value) -> Value {
    match value {
        Value::Int(n) => Value::Int(if *n == 1 { 2 } else { 1 }),
        Value::Bool(b) => Value::Bool(!b),
        Value::Enum(Key::Int(n)) => Value::Enum(Key::Int(n ^ 1)),
        Value::Flags(bits) => Value::Flags(bits ^ 1),
        Value::Guid(bytes) => Value::Guid(bytes.map(|b| b ^ 1)),
        Value::Bytes(bytes) => Value::Bytes(bytes.iter().map(|b| b ^ 1).collect()),
        other => other.clone(),
    }
}

#[test]
fn whatever_follows_is_worked_out_again() {
    let mut scrambled = 0;
    each(|given| {
        let reading = given.read();
        // What is driven from outside follows from nothing when it stands alone.
        if reading.error.is_some() || given.format.ty(given.start.ty).is_driven_outside() {
            return;
        }
        let mut root = reading.root.clone();
        scramble(&Look::root(given.format, &reading.root), &mut root);
        scrambled += usize::from(root != reading.root);
        given.derive(&mut root);
        assert_eq!(root, reading.root, "{}", given.name());
    });
    assert!(scrambled > 100, "only {scrambled} trees had anything to work out");
}

#[test]
fn a_reading_to_mend_goes_on_where_a_writer_knows_better() {
    let text = "spec: 1\nformat: {id: note}\nroot: note\nendian: be\ntypes:\n  note:\n    fields:\n      - magic: {magic: NO}\n      \
                - _: zero(2)\n      - n: {type: u8, valid: it < 9}\n      - sum: {type: u32, value: crc32(this except sum)}\n";
    let folder = tempfile();
    let path = folder.join("note.yaml");
    fs::write(&path, text).unwrap();
    let (format, _) = compile(&Source::file(&path, &folder)).unwrap();
    let start = Start { ty: format.root, at: 0, big: false };
    let broken = b"XO\x00\x01\x05\x00\x00\x00\x00".as_slice();
    let (reading, mended) = read_to_mend(&format, start, &broken);
    assert_eq!(reading.error, None);
    let paths: Vec<_> = mended.iter().map(|trouble| (trouble.path.as_str(), trouble.offset)).collect();
    assert_eq!(paths, [("magic", Some(0)), ("_", Some(2)), ("sum", Some(5))]);
    let mut root = reading.root;
    derive(&format, start, &mut root, &broken).unwrap();
    let mut out = Vec::new();
    write(&format, start, &root, &broken, &mut out).unwrap();
    assert_eq!(out[..5], *b"NO\0\0\x05");
    assert_eq!(read(&format, start, &out.as_slice()).error, None);
    let hopeless = read_to_mend(&format, start, &b"NO\0\0\x09\0\0\0\0".as_slice()).0;
    assert_eq!(refusal(&hopeless), Some(("n".to_owned(), "invalid")));
    fs::remove_dir_all(folder).unwrap();
}

fn tempfile() -> PathBuf {
    let folder = std::env::temp_dir().join(format!("vmspec-interpret-{}", std::process::id()));
    fs::create_dir_all(&folder).unwrap();
    folder
}
