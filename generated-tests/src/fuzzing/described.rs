//! States of devices that are taken apart by a description: JSON up to a NUL, and the bytes of a state behind it.

use std::io::Cursor;
use std::str;

use vmspec::qevm::device_state::{Body, Released, Subsections, Value, decode, decode_other, expected_length};
use vmspec::qevm::devices::{Devices, State};
use vmspec::qevm::drift;
use vmspec::qevm::import_vmdesc::{Base, import};
use vmspec::qevm::schema::{Device, Schema};
use vmspec::qevm::state_json::StateJson;
use vmspec_codegen::compile;
use vmspec_codegen::diagnostic::Code;
use vmspec_codegen::source::Source;
use vmspec_runtime::{Class, len64};

use super::spec::{is_chosen, refused};
use crate::counting::peak;
use crate::doors::printed;

/// What a schema and a state take of memory for nothing at all, and for each byte.
const CONSTANT: usize = 64 << 10;
const TIMES: usize = 256;
/// Of so many devices of a description the bytes are taken for the state.
const DEVICES: usize = 4;
/// Where the state lies in its stream.
const OFFSET: u64 = 0x100;

/// A stream that devices are added to.
const STREAM: &str = "\
spec: 1
format: {id: stub, title: A stub of a stream}
endian: be
root: stream
use: [devices.yaml]
vmstate: {subsection: {tag: 5, version: u32, version_bits: 8}}
types:
  stream: {fields: [{devices: {type: device, count: rest}}]}
  device:
    fields:
      - idstr: pstr(u8)
      - version: u32
      - body: {switch: idstr, open: true, cases: {ram: []}}
";

/// The target.
pub fn run(data: &[u8]) {
    let end = data.iter().position(|byte| *byte == 0).unwrap_or(data.len());
    let (json, state) = (data.get(..end).unwrap_or_default(), data.get(end.saturating_add(1)..).unwrap_or_default());
    let Ok(json) = str::from_utf8(json) else { return };
    let (held, schema) = peak(|| Schema::parse(json));
    assert!(held <= CONSTANT.saturating_add(json.len().saturating_mul(TIMES)), "{held} for {} bytes", json.len());
    let Ok(schema) = schema else { return };
    for device in schema.devices.iter().take(DEVICES) {
        described(&schema, device, state);
    }
    let spec = import(std::slice::from_ref(&schema), &Base::default());
    if is_chosen(data) {
        imported(&spec);
    }
}

/// What is written of a description is a spec, whatever names are in it: a compiler may refuse what it says, not how that is
/// written.
#[track_caller]
fn imported(spec: &str) {
    let files = [("qevm.yaml", STREAM), ("devices.yaml", spec)].map(|(path, text)| (path.to_owned(), text.to_owned()));
    let Err(failure) = compile(&Source::memory("qevm.yaml", files.into())) else { return };
    let written = |code: Code| code.as_str().starts_with(['Y', 'S', 'X']);
    let broken = failure.diagnostics.iter().any(|diagnostic| written(diagnostic.code));
    assert!(!broken, "{}\n{spec}", failure.render_short());
    refused(&failure);
}

/// Takes the state apart; what comes of it is whole, and does not depend on what follows.
#[track_caller]
fn described(schema: &Schema<'_>, device: &Device<'_>, bytes: &[u8]) {
    let vmsd = &device.state;
    let _ = expected_length(vmsd, &Released);
    let (held, body) = peak(|| decode(vmsd, bytes, OFFSET, &Released));
    let most = CONSTANT.saturating_add(bytes.len().saturating_add(count(schema)).saturating_mul(TIMES));
    assert!(held <= most, "{held} for {}", printed(bytes));
    length(schema, device, bytes, body.as_ref().ok().map(|body| body.bytes.len()));
    let others = Subsections::of(schema);
    drop(decode_other(vmsd, &others, bytes, OFFSET, &Released));
    let Ok(body) = body else { return };
    assert!(bytes.starts_with(body.bytes) && body.offset == OFFSET, "{body:?}");
    covers(&body);
    let alone = decode(vmsd, body.bytes, OFFSET, &Released);
    assert!(alone.is_ok_and(|alone| format!("{alone:?}") == format!("{body:?}")), "it depends on what follows");
    if let Some(cut) = body.bytes.len().checked_sub(1).and_then(|n| body.bytes.get(..n)) {
        let refused = decode(vmsd, cut, OFFSET, &Released).map(|_| ()).map_err(|e| e.class());
        assert_eq!(refused, Err(Class::Truncated), "cut off");
    }
    shown(&body);
}

/// The length that a reader of a stream is told is that of the state.
#[track_caller]
fn length(schema: &Schema<'_>, device: &Device<'_>, bytes: &[u8], known: Option<usize>) {
    let (idstr, version) = (device.name.as_bytes(), device.state.version);
    let state = State { offset: OFFSET, idstr, instance: device.instance_id, version, section_id: 1 };
    let devices = Devices::described_by(schema);
    // Of several devices of one name the first is meant.
    if !devices.describes(&state).is_some_and(|first| std::ptr::eq(first, device)) {
        return;
    }
    let told = devices.length(&mut Cursor::new(bytes), &state).ok();
    assert_eq!(told, known.map(len64), "the length of {}", printed(bytes));
    if let Ok(body) = decode(&device.state, bytes, OFFSET, &Released) {
        assert!(drift::finding(&state, &body, &devices).is_none(), "a state drifts from itself");
    }
}

/// Members lie one behind the other, as do the bodies in them, and subsections behind these.
#[track_caller]
fn covers(body: &Body<'_>) {
    let mut at = body.offset;
    for member in &body.members {
        assert_eq!(member.offset, at, "{}", member.field.name);
        at = at.saturating_add(len64(member.bytes.len()));
        if let Value::Structs(bodies) = &member.value {
            bodies.iter().for_each(covers);
        }
    }
    let end = body.offset.saturating_add(len64(body.bytes.len()));
    for section in &body.subsections {
        assert!(section.offset >= at && section.offset <= end, "{}", section.vmsd.name);
        at = section.offset.saturating_add(len64(section.bytes.len()));
        covers(section);
    }
    assert_eq!(at, end, "bytes of {} are in no member", body.vmsd.name);
}

/// It is shown as JSON.
#[track_caller]
fn shown(body: &Body<'_>) {
    let mut json = StateJson::new();
    json.device("device", 1, body);
    let text = json.finish();
    assert!(serde_json::from_str::<serde_json::Value>(&text).is_ok(), "no JSON: {text}");
}

/// How much a schema describes.
fn count(schema: &Schema<'_>) -> usize {
    format!("{schema:?}").len()
}
