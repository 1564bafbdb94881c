//! Specs of devices that are written from descriptions: the compiler takes them, and they say what they could not know.

#![allow(clippy::unwrap_used, clippy::panic, clippy::arithmetic_side_effects)]

use vmspec::qevm::import_vmdesc::{Base, import};
use vmspec::qevm::schema::Schema;
use vmspec_codegen::compile;
use vmspec_codegen::source::Source;
use vmspec_generated_tests as harness;

const SAMPLES: &[&str] = &["q7-none", "q7-avr", "q7-m68k-virt", "q7-isapc-1m", "q7-pc-xis"];
const FIXTURES: &[&str] = &["q7-pc-blk", "q7-pc-dbm", "q10-pc-min", "q10-pc-xbzrle", "q10-mapped"];

/// What a spec of devices adds to.
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

fn sample(name: &str) -> Option<String> {
    let json = harness::packed_sample(&format!("qevm/{name}.qevm.vmdesc.json"))?;
    Some(String::from_utf8(json).unwrap())
}

fn fixture(name: &str) -> Option<String> {
    let json = harness::decompressed(&format!("qevm/{name}.qevm.vmdesc.json"))?;
    Some(String::from_utf8(json).unwrap())
}

fn imported(descriptions: &[String]) -> String {
    let schemas: Vec<_> = descriptions.iter().map(|it| Schema::parse(it).unwrap()).collect();
    import(&schemas, &Base::default())
}

/// What is wrong with a spec of devices.
fn faults(devices: &str) -> Vec<String> {
    let texts =
        [("qevm.yaml", STREAM), ("devices.yaml", devices)].map(|(path, text)| (path.to_owned(), text.to_owned()));
    let Err(failure) = compile(&Source::memory("qevm.yaml", texts.into())) else { return Vec::new() };
    let lines = failure.render_short();
    lines.lines().map(str::to_owned).collect()
}

/// The spec as one of plain structs, which the whole compiler can look at.
fn without_states(spec: &str) -> String {
    let mut out = String::new();
    let mut skipped = None;
    for line in spec.lines() {
        let indent = line.len() - line.trim_start().len();
        skipped = skipped.filter(|above| indent > *above || line.is_empty());
        let key = line.trim_start();
        if key.starts_with("subsections:") && indent == 4 {
            skipped = Some(indent);
        }
        if skipped.is_none() && !key.starts_with("vmstate:") && !key.starts_with("version: {current") {
            out.push_str(&line.replace(", with: {version: version}", ""));
            out.push('\n');
        }
    }
    out
}

/// A description of one device with such vmstate keys.
fn device(idstr: &str, vmsd: &str) -> String {
    format!(r#"{{"devices": [{{"name": "{idstr}", "instance_id": 0, {vmsd}}}]}}"#)
}

fn vmsd(name: &str, version: u32, fields: &str) -> String {
    format!(r#""vmsd_name": "{name}", "version": {version}, "fields": [{fields}]"#)
}

fn field(name: &str, type_name: &str) -> String {
    format!(r#"{{"name": "{name}", "type": "{type_name}", "size": 4}}"#)
}

/// The part of a spec behind its head.
fn body(spec: &str) -> &str {
    spec.split_once("extend:\n  device.body:\n").unwrap().1
}

#[test]
fn the_compiler_takes_every_import() {
    let all: Vec<_> = SAMPLES.iter().filter_map(|it| sample(it)).collect();
    let more: Vec<_> = FIXTURES.iter().filter_map(|it| fixture(it)).collect();
    let sets = all.iter().chain(&more).map(|one| vec![one.clone()]);
    for descriptions in sets.chain([all.clone(), [&*all, &*more].concat()]) {
        let spec = imported(&descriptions);
        assert_eq!(faults(&spec), [""; 0]);
        assert_eq!(faults(&without_states(&spec)), [""; 0]);
        assert_eq!(imported(&descriptions), spec);
    }
}

#[test]
fn the_smallest_stream() {
    let Some(description) = sample("q7-none") else { return };
    insta::assert_snapshot!(imported(&[description]));
}

#[test]
fn a_pc() {
    let Some(description) = sample("q7-isapc-1m") else { return };
    insta::assert_snapshot!(imported(&[description]));
}

#[test]
fn a_later_version_that_adds_fields_is_the_same_type() {
    let old = device("d", &vmsd("d", 2, &[field("a", "uint32"), field("c", "uint32")].join(",")));
    let new = [field("a", "uint32"), field("b", "int32"), field("c", "uint32")].join(",");
    let spec = imported(&[device("d", &vmsd("d", 5, &new)), old.clone()]);
    let expected = "    \
    d: {type: d, if: version in 2..5, with: {version: version}}

types:
  d:
    vmstate: d
    version: {current: 5, minimum: 2}
    fields:
      - a: u32
      - b: {type: i32, since: 5}  # or an earlier version behind 2
      - c: u32
";
    assert_eq!(body(&spec), expected);
    let other = device("d", &vmsd("d", 5, &field("a", "uint32")));
    let spec = imported(&[old, other]);
    let cases = "    d: {type: d_v5, if: version == 5, with: {version: version}}\n    \
                 # also seen: d: {type: d, if: version == 2, with: {version: version}}\n";
    assert!(body(&spec).starts_with(cases), "{spec}");
    assert_eq!(faults(&spec), [""; 0]);
}

#[test]
fn fields_that_only_changed_their_names_are_the_same() {
    let named = |name: &str| {
        let nested = format!(
            r#"{{"name": "s", "type": "struct", "struct": {{{}}}, "size": 4}}"#,
            vmsd("n", 1, &field(name, "int32"))
        );
        device("d", &vmsd("d", 2, &[nested, field(name, "uint32")].join(",")))
    };
    let spec = imported(&[named("a.old"), named("older"), named("new")]);
    let expected = "    \
    d: {type: d, if: version == 2, with: {version: version}}

types:
  n:
    vmstate: n
    version: {current: 1, minimum: 1}
    fields:
      - new: {type: i32, was: [\"a.old\", older]}

  d:
    vmstate: d
    version: {current: 2, minimum: 2}
    fields:
      - s: n
      - new: {type: u32, was: [\"a.old\", older]}
";
    assert_eq!(body(&spec), expected);
    assert_eq!(faults(&spec), [""; 0]);
}

#[test]
fn subsections_of_all_streams_are_in_the_type() {
    let with = |subsections: &str| {
        let state = vmsd("d", 1, &field("a", "uint32"));
        device("0000:00:01.1/d", &format!("{state}, \"subsections\": [{subsections}]"))
    };
    let one = format!("{{{}}}", vmsd("d/one", 1, &field("x", "uint32")));
    let two = format!("{{{}}}", vmsd("d/two", 0, &field("y.z", "uint32")));
    let other = format!("{{{}}}", vmsd("d/one", 1, &field("x", "bool").replace('4', "1")));
    let spec = imported(&[with(&one), with(&two), with(&other)]);
    let expected = "    \
    \".../d\": {type: d, if: version == 1, with: {version: version}}

types:
  d:
    vmstate: d
    version: {current: 1, minimum: 1}
    fields:
      - a: u32
    subsections:
      d/one:
        # another stream has it with other fields
        version: 1
        fields:
          - x: u32
      d/two:
        version: 0
        fields:
          - y_z: {type: u32, as: \"y.z\"}
";
    assert_eq!(body(&spec), expected);
    assert_eq!(faults(&spec), [""; 0]);
}

#[test]
fn lists_trees_and_null_pointers() {
    let (key, el) = (vmsd("key", 1, &field("k", "uint32")), vmsd("el", 1, &field("value", "uint32")));
    let fields = [
        format!(r#"{{"name": "q", "type": "qtailq", {el}, {el}, "size": 11}}"#),
        format!(r#"{{"name": "t", "type": "gtree", {key}, {el}, "size": 14}}"#),
        format!(r#"{{"name": "n", "type": "gtree", {el}, "size": 18}}"#),
        r#"{"name": "p", "index": 0, "type": "nullptr", "size": 1}"#.to_owned(),
        format!(r#"{{"name": "p", "array_len": 2, "type": "struct", "struct": {{{el}}}, "size": 4}}"#),
        format!(r#"{{"name": "v", "type": "vstruct", {el}, "size": 4}}"#),
        r#"{"name": "none", "type": "qlist", "size": 1}"#.to_owned(),
        r#"{"name": "bits", "type": "bitmap", "size": 16}"#.to_owned(),
        field("value", "int32 le"),
        field("type", "pci config"),
    ];
    let spec = imported(&[device("d", &vmsd("d", 1, &fields.join(",")))]);
    let expected = "
  d:
    vmstate: d
    version: {current: 1, minimum: 1}
    fields:
      - q: {type: el, marker: {more: 1, end: 0}}
      - t: {fields: [{count: u32}, {nodes: {count: count, marker: {more: 1, end: 0}, fields: [{key: key}, {content: el}]}}]}
      - n: {fields: [{count: u32}, {nodes: {count: count, marker: {more: 1, end: 0}, fields: [{key: u64}, {content: el}]}}]}
      - p: {type: el, count: 3, marker: {none: 0x30}}  # pointers, of which some are null
      - v: {type: el, with: {version: 1}}
      - none_: {type: u8, value: 0, as: none}  # the end of an empty list; what an element is was not seen
      - bits: {type: u64, count: 2}  # a bitmap, from bit 0 of the first word on
      - value_: {type: i32, as: value}  # `le`: at most what the machine itself has; not little-endian
      - type_: {type: bytes(4), as: type}  # QEMU writes `pci config` by hand
";
    assert!(spec.ends_with(expected), "{spec}");
    assert_eq!(faults(&spec), [""; 0]);
}

#[test]
fn texts_of_a_stream_cannot_leave_their_place() {
    let name = r#"x\n  y: #\"{\u202e\u0000"#;
    let fields = [field(name, name), field("", ""), field("true", "buffer"), field("- a", "uint32")].join(",");
    let state =
        format!("{}, \"subsections\": [{{{}}}]", vmsd(name, 1, &fields), vmsd(name, 1, &field("null", "timer")));
    let spec = imported(&[device(name, &state)]);
    let lines: Vec<_> = spec.lines().filter(|line| line.contains("y: #")).collect();
    assert!(lines.iter().all(|line| line.contains("\\\"{") || line.contains('`')), "{spec}");
    let of_text = |fault: &String| fault.contains("error[Y") || fault.contains("error[F");
    assert!(!faults(&spec).iter().any(of_text), "{:?}", faults(&spec));
    let by_hand = device("old", r#""size": 7, "fields": [{"name": "data", "size": 7, "type": "buffer"}]"#);
    let spec = imported(&[by_hand]);
    assert!(body(&spec).starts_with("    old: {type: opaque}\n"), "{spec}");
    assert_eq!(faults(&spec), [""; 0]);
    assert_eq!(faults(&imported(&[])), [""; 0]);
}

/// No QEMU writes such a description, but a file may have it.
#[test]
fn subsections_of_what_is_no_vmstate_are_left_out() {
    let extra = vmsd("d/extra", 1, &field("x", "uint16"));
    let by_hand = format!(r#""fields": [{}], "subsections": [{{{extra}}}]"#, field("data", "buffer"));
    let spec = imported(&[device("d", &by_hand)]);
    assert!(spec.contains("    # a subsection of no vmstate, not written here: `d/extra`\n"), "{spec}");
    assert_eq!(faults(&spec), [""; 0]);
}

/// A key of YAML ends within 1,024 characters, and a name of 255 bytes has six times as many where each is escaped at length.
#[test]
fn names_of_invisible_characters_are_keys_if_a_stream_can_hold_them() {
    let fields = vmsd("state", 1, &field("x", "uint16"));
    for c in ["\u{7f}", "\u{80}", "\u{202e}", "\u{1f600}"] {
        let spec = imported(&[device(&c.repeat(255 / c.len()), &fields)]);
        assert!(body(&spec).starts_with("    \"\\"), "{spec}");
        assert_eq!(faults(&spec), [""; 0]);
    }
    let spec = imported(&[device("other", &fields), device(&"\u{7f}".repeat(300), &fields)]);
    assert!(spec.contains("\n    # longer than a key may be, and than any name that is sent: \"\\x7f"), "{spec}");
    assert_eq!(faults(&spec), [""; 0]);
    assert_eq!(faults(&imported(&[device(&"\u{7f}".repeat(300), &fields)])), [""; 0]);
}

/// What a device writes by hand may be nothing at all.
#[test]
fn a_state_of_no_bytes_is_a_type() {
    let spec = imported(&[device("d", r#""fields": [{"name": "data", "type": "buffer", "size": 0}]"#)]);
    assert!(spec.contains("    fields: [{nothing: zero(0)}]\n"), "{spec}");
    assert_eq!(faults(&spec), [""; 0]);
}

#[test]
fn a_large_description_takes_no_time() {
    let state = |i: u32| {
        let subsections = (0..40).map(|n| format!("{{{}}}", vmsd(&format!("d/{i}/{n}"), 1, &field("a", "uint32"))));
        format!(
            "{}, \"subsections\": [{}]",
            vmsd("d", 1, &field("a", "uint32")),
            subsections.collect::<Vec<_>>().join(",")
        )
    };
    let one = |i: u32| format!(r#"{{"name": "{i}", "instance_id": {i}, {}}}"#, state(i));
    let devices: Vec<_> = (0..2000).map(one).collect();
    let start = std::time::Instant::now();
    let spec = imported(&[format!("{{\"devices\": [{}]}}", devices.join(","))]);
    assert_eq!(spec.lines().filter(|line| line.trim_start().starts_with("version: 1")).count(), 80_000);
    assert!(start.elapsed().as_secs() < 20, "{:?}", start.elapsed());
}
