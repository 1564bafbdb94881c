//! Setting each value of each example and sample to another one: it reads back as it was set, or a rule refuses it.
#![allow(clippy::panic, clippy::unwrap_used, clippy::indexing_slicing, clippy::arithmetic_side_effects)]

use std::fs;
use std::path::{Path, PathBuf};

use vmspec_codegen::compile;
use vmspec_codegen::interpret::edit::{Given, is_same, misread, set, value_at};
use vmspec_codegen::interpret::room::derive_in_room;
use vmspec_codegen::interpret::{Look, Node, Start, Value, derive, read, write};
use vmspec_codegen::model::{Content, ExampleBytes, Format, Key, Length, Repr};
use vmspec_codegen::source::Source;

/// Most elements of a list that are tried.
const ELEMENTS: usize = 3;

fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn format(path: &Path, folder: &Path) -> Format {
    compile(&Source::file(path, folder)).unwrap_or_else(|e| panic!("{}", e.render_short())).0
}

/// The paths of all values that have none inside, each with a value that is another one.
fn values(look: &Look<'_>, path: &str, out: &mut Vec<(String, Option<String>)>) {
    let inner = look.innermost();
    let children = inner.children();
    let named = |name: &str| !matches!(name, "" | "_");
    for child in children.iter().take(if inner.count().is_some() { ELEMENTS } else { usize::MAX }) {
        let name = child.name();
        let dot = if path.is_empty() || name.starts_with('[') { "" } else { "." };
        if named(&name) {
            values(child, &format!("{path}{dot}{name}"), out);
        }
    }
    if children.iter().all(|child| !named(&child.name())) {
        out.push((path.to_owned(), other(&inner)));
    }
}

/// Another value of the same kind.
fn other(look: &Look<'_>) -> Option<String> {
    let hex = |bytes: &[u8]| bytes.iter().fold(String::new(), |hex, byte| format!("{hex}{:02x}", byte ^ 1));
    Some(match &look.node.value {
        Value::Int(n) => (n ^ 1).to_string(),
        Value::Bool(b) => (!b).to_string(),
        Value::F32(bits) => (f32::from_bits(*bits) + 1.5).to_string(),
        Value::F64(bits) => (f64::from_bits(*bits) + 1.5).to_string(),
        Value::Flags(bits) => format!("{:#x}", bits ^ 1),
        Value::Guid(_) => "00112233-4455-6677-8899-aabbccddeeff".to_owned(),
        Value::Enum(key) => {
            let of = look.enum_()?;
            match (of.values.iter().find(|value| value.key != *key), of.repr, key) {
                (Some(value), ..) => value.name.clone(),
                (None, Repr::UInt(_) | Repr::Int(_), Key::Int(n)) => (n ^ 1).to_string(),
                _ => return None,
            }
        }
        Value::Text(text) => format!("{}x", String::from_utf8_lossy(text)),
        Value::Utf16(units) => format!("{}x", String::from_utf16_lossy(units)),
        Value::Bytes(bytes) => hex(bytes),
        Value::Blob(_) => "00".repeat(usize::try_from(look.node.len.min(64)).unwrap_or(0)),
        Value::Zeros(_) if takes_rest(look) => (look.node.len + 1).to_string(),
        Value::Zeros(_) => "01".repeat(usize::try_from(look.node.len).unwrap()),
        _ => return None,
    })
}

fn takes_rest(look: &Look<'_>) -> bool {
    look.is_extra() || look.field.is_some_and(|field| matches!(field.content, Content::Zero(Length::Rest)))
}

/// What came of setting values.
#[derive(Debug, Default, PartialEq, Eq)]
struct Tally {
    /// Read back as they were set.
    kept: usize,
    /// Refused when they were to be set: they follow from others.
    fixed: usize,
    /// Refused by a rule when they were read back.
    refused: usize,
    /// Read back as something else: they have no room, or say what is there.
    misread: usize,
}

/// Sets each value to another one, by itself.
fn set_each(format: &Format, start: Start, bytes: &[u8], tally: &mut Tally) {
    let before = read(format, start, &bytes);
    if before.error.is_some() {
        return;
    }
    let mut all = Vec::new();
    values(&Look::root(format, &before.root), "", &mut all);
    for (path, value) in all {
        let Some(value) = value else { continue };
        set_one(format, start, (bytes, &before.root), (&path, &value), tally);
    }
}

fn set_one(format: &Format, start: Start, of: (&[u8], &Node), what: (&str, &str), tally: &mut Tally) {
    let ((bytes, before), (path, value)) = (of, what);
    let name = || format!("{} {path}={value}", format.id);
    let mut root = before.clone();
    let Ok(canonical) = set(format, &mut root, path, &Given::Text(value.to_owned()), &bytes) else {
        tally.fixed += 1;
        return;
    };
    let wanted = value_at(format, &root, &canonical).unwrap().unwrap();
    if derive_in_room(format, start, before, &mut root, &bytes).is_err() {
        tally.refused += 1;
        return;
    }
    let mut out = Vec::new();
    // What lies aside may no longer have its place, which the writer alone can tell.
    if let Err(e) = write(format, start, &root, &bytes, &mut out) {
        assert!(e.io.is_none(), "{}: {e}", name());
        tally.refused += 1;
        return;
    }
    let out = out.as_slice();
    let after = read(format, start, &out);
    if after.error.is_some() {
        tally.refused += 1;
        return;
    }
    // Slack of a window of constant size is worked out again.
    let is_worked_out = value_at(format, &root, &canonical).unwrap().as_ref().map(|node| node.len) != Some(wanted.len);
    if wanted.len > 0 && is_worked_out || misread(format, &root, &after.root).is_some() {
        tally.misread += 1;
        return;
    }
    let found = value_at(format, &after.root, &canonical).unwrap().unwrap_or_else(|| panic!("{}", name()));
    assert!(is_same((&wanted, &bytes), (&found, &out)).unwrap(), "{}: {found:?}", name());
    tally.kept += 1;
}

#[test]
fn values_of_examples() {
    let mut tally = Tally::default();
    for folder in ["specs", "generated-tests/features"] {
        let folder = repository().join(folder);
        for entry in fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            if path.extension().is_none_or(|e| e != "yaml") {
                continue;
            }
            let format = format(&path, &folder);
            for example in format.examples.iter().filter(|example| example.with.is_empty()) {
                if let ExampleBytes::Hex(bytes) = &example.bytes {
                    set_each(&format, Start { ty: example.of, at: 0, big: example.big }, bytes, &mut tally);
                }
            }
        }
    }
    assert!(tally.kept > 300 && tally.fixed > 50 && tally.refused > 50, "{tally:?}");
    assert!(tally.misread * 10 < tally.kept, "{tally:?}");
}

#[test]
fn values_of_samples() {
    let samples = [
        ("libvirt_save", "libvirt/lv11-zstd.save"),
        ("libvirt_save", "libvirt/lv9-gzip.save"),
        ("xen_xl", "xl/good-hvm-v3.xlsave"),
        ("xen_xl", "xl/be-all.xlsave"),
        ("xen_xl", "xl/good-pv.xlsave"),
        ("xen_xl", "xl/legacy-hvm64.xlsave"),
        ("xen_xl", "xl/seed-2010.xlsave"),
    ];
    for (spec, sample) in samples {
        let (folder, mut tally) = (repository().join("specs"), Tally::default());
        let format = format(&folder.join(format!("{spec}.yaml")), &folder);
        let bytes = fs::read(repository().join("generated-tests/samples").join(sample)).unwrap();
        set_each(&format, Start { ty: format.root, at: 0, big: false }, &bytes, &mut tally);
        assert!(tally.kept >= 3, "{sample}: {tally:?}");
    }
}

/// Deriving a sound tree in its own room changes nothing.
#[test]
fn room_of_sound_trees_stays() {
    let folder = repository().join("specs");
    let format = format(&folder.join("xen_xl.yaml"), &folder);
    let bytes = fs::read(repository().join("generated-tests/samples/xl/be-all.xlsave")).unwrap();
    let (bytes, start) = (bytes.as_slice(), Start { ty: format.root, at: 0, big: false });
    let before = read(&format, start, &bytes);
    let (mut one, mut other) = (before.root.clone(), before.root.clone());
    derive(&format, start, &mut one, &bytes).unwrap();
    derive_in_room(&format, start, &before.root, &mut other, &bytes).unwrap();
    assert_eq!((&one, &other), (&before.root, &before.root));
}
