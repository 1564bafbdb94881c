//! Descriptions of devices, made by hand: forms that no sample has, with the bytes that QEMU's own tests have for them; and
//! descriptions and states that lie.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::arithmetic_side_effects
)]

use vmspec::qevm::device_state::{InlineForm, Leaf, Released, Subsections, TreeKey, Value};
use vmspec::qevm::device_state::{decode, decode_other, expected_length};
use vmspec::qevm::devices::{Devices, State};
use vmspec::qevm::drift;
use vmspec::qevm::import_vmdesc::{Base, import};
use vmspec::qevm::schema::{Content, Run, Schema};
use vmspec::qevm::state_json::StateJson;
use vmspec::runtime::Class;

/// A description of one device with these fields and, behind them, other members.
fn device(fields: &str, more: &str) -> String {
    let vmsd = format!(r#""vmsd_name": "dev", "version": 1, "fields": [{fields}]{more}"#);
    format!(r#"{{"page_size": 4096, "devices": [{{"name": "dev", "instance_id": 0, {vmsd}}}]}}"#)
}

fn plain(name: &str, type_name: &str, size: u32) -> String {
    format!(r#"{{"name": "{name}", "type": "{type_name}", "size": {size}}}"#)
}

fn vmsd(name: &str, fields: &[String]) -> String {
    format!(r#""vmsd_name": "{name}", "version": 1, "fields": [{}]"#, fields.join(", "))
}

/// A field with vmstates right in its object.
fn inline(name: &str, type_name: &str, vmsds: &[&str]) -> String {
    let vmsds: String = vmsds.iter().flat_map(|it| [it, ", "]).collect();
    format!(r#"{{"name": "{name}", "type": "{type_name}", {vmsds}"size": 0}}"#)
}

fn bytes(hex: &str) -> Vec<u8> {
    hex.as_bytes().chunks(2).map(|it| u8::from_str_radix(str::from_utf8(it).unwrap(), 16).unwrap()).collect()
}

/// How a state prints whose bytes are followed by others. Cut anywhere, it must be refused.
fn printed(description: &str, hex: &str) -> String {
    let schema = Schema::parse(description).unwrap();
    let state = bytes(hex);
    let body = decode(&schema.devices[0].state, &state, 0, &Released).unwrap();
    assert_eq!(body.bytes.len() + 1, state.len(), "the vectors have one byte behind them");
    for end in 0..body.bytes.len() {
        let cut = decode(&schema.devices[0].state, &state[..end], 0, &Released).unwrap_err();
        assert_eq!(cut.class(), Class::Truncated, "{end}: {cut}");
    }
    let mut json = StateJson::new();
    json.device("dev", 0, &body);
    json.finish().split_whitespace().collect::<Vec<_>>().join(" ")
}

fn refusal(description: &str, hex: &str) -> String {
    let schema = Schema::parse(description).unwrap();
    decode(&schema.devices[0].state, &bytes(hex), 0x100, &Released).unwrap_err().to_string()
}

fn interval() -> String {
    vmsd("interval", &[plain("low", "uint64", 8), plain("high", "uint64", 8)])
}

fn mapping() -> String {
    vmsd("mapping", &[plain("phys_addr", "uint64", 8), plain("flags", "uint32", 4)])
}

fn domain(nodes: usize) -> Vec<String> {
    let (interval, mapping) = (interval(), mapping());
    let pairs = [&*interval, &*mapping].repeat(nodes);
    vec![plain("id", "int32", 4), inline("mappings", "gtree", &pairs)]
}

#[test]
fn plain_values() {
    let sizes = [("bool", 1), ("bool", 1), ("uint8", 1), ("uint16", 2), ("uint32", 4), ("uint64", 8)];
    let signed = ["int8", "int16", "int32", "int64"].into_iter().zip([1, 2, 4, 8]).flat_map(|it| [it, it]);
    let names = (b'a'..).map(char::from);
    let fields = sizes.into_iter().chain(signed).zip(names);
    let fields = fields.map(|((it, size), name)| plain(&name.to_string(), it, size));
    let description = device(&fields.collect::<Vec<_>>().join(","), "");
    let hex = "0100820200000111700000000000b8f47c41bf0200fe0000011170fffeee900000000000b8f47cffffffffff470b8400";
    let found = printed(&description, hex);
    assert!(found.contains(r#""a": true, "b": false, "c": "0x82", "d": "0x0200", "e": "0x00011170""#), "{found}");
    assert!(found.contains(r#""g": "0x41", "h": "0xbf (-65)", "i": "0x0200", "j": "0xfe00 (-512)""#), "{found}");
}

#[test]
fn lists_have_a_marker_before_each_element() {
    let element = vmsd("el", &[plain("b", "bool", 1), plain("c", "uint8", 1)]);
    let list = inline("q", "qtailq", &[&element, &element]);
    let fields = [plain("a", "int16", 2), list, plain("z", "int32", 4)].join(",");
    let description = device(&fields, "");
    let hex = "fe00010182010041000001117000";
    let shown = r#"{ "dev (0)": { "a": "0xfe00 (-512)", "q": "01 01 82 01 00 41 00", "z": "0x00011170" } }"#;
    assert_eq!(printed(&description, hex), shown);

    let schema = Schema::parse(&description).unwrap();
    let state = bytes(hex);
    let body = decode(&schema.devices[0].state, &state, 0, &Released).unwrap();
    let Value::Inline(lists) = &body.member("q").unwrap().value else { panic!() };
    let InlineForm::List(elements) = &lists[0].form else { panic!() };
    let values: Vec<_> = elements.iter().map(|it| it.member("c").unwrap().leaf(0).unwrap()).collect();
    assert_eq!(values, [Leaf::Unsigned(0x82), Leaf::Unsigned(0x41)]);
    assert_eq!(elements[1].offset, 6);

    let one = description.replacen(&format!("{element}, {element}"), &element, 1);
    let expected = "0x106: q: expected as many elements as described, found 1 (invalid)";
    assert_eq!(refusal(&one, hex), expected);
    let less = "0x107: q: expected as many elements as described, found 1 (invalid)";
    assert_eq!(refusal(&description, "fe0001018200000111700000"), less.replace("107", "106"));
}

#[test]
fn an_empty_list_has_no_description() {
    let list = plain("q", "qlist", 1);
    assert_eq!(printed(&device(&list, ""), "00ff"), r#"{ "dev (0)": { "q": "00" } }"#);
    let tree = plain("t", "gtree", 5);
    assert_eq!(printed(&device(&tree, ""), "0000000000ff"), r#"{ "dev (0)": { "t": "00 00 00 00 00" } }"#);
}

#[test]
fn trees_have_keys_of_either_kind() {
    let first = "00000006000000020100000000000010000000000000001fff000000000000a00000000001\
                 0100000000000040000000000000004fff00000000000e0000000000020000";
    let description = device(&domain(2).join(","), "");
    let found = printed(&description, first);
    assert!(found.starts_with(r#"{ "dev (0)": { "id": "0x00000006", "mappings": "00 00 00 02 01"#), "{found}");
    let expected = "0x104: mappings: expected as many nodes as described, found 3 (invalid)";
    assert_eq!(refusal(&description, "000000060000000301"), expected);

    let (five, six) = (vmsd("domain", &domain(1)), vmsd("domain", &domain(2)));
    let description = device(&[plain("id", "int32", 4), inline("domains", "gtree", &[&five, &six])].join(","), "");
    let iommu = "0000000700000002010000000000000005000000050000000101000000000100000000000000\
                 01ffffff000000000f0000000000000300010000000000000006000000060000000201000000\
                 00000010000000000000001fff000000000000a0000000000101000000000000400000000000\
                 00004fff00000000000e000000000002000000";
    printed(&description, iommu);
    let (schema, state) = (Schema::parse(&description).unwrap(), bytes(iommu));
    let body = decode(&schema.devices[0].state, &state, 0, &Released).unwrap();
    let Value::Inline(trees) = &body.member("domains").unwrap().value else { panic!() };
    let InlineForm::Tree(nodes) = &trees[0].form else { panic!() };
    assert_eq!(nodes.len(), 2);
    assert!(matches!(nodes[1].key, TreeKey::Direct([0, 0, 0, 0, 0, 0, 0, 6])));
    assert_eq!(nodes[1].value.member("id").unwrap().leaf(0), Some(Leaf::Signed(6)));
}

#[test]
fn temporary_structs_and_versioned_ones_have_no_marker() {
    let parent = vmsd("parent", &[plain("f", "uint64", 8)]);
    let parent = format!(r#"{{"name": "parent", "type": "struct", "struct": {{{parent}}}, "size": 8}}"#);
    let tmp = vmsd("tmp", &[plain("diff", "int64", 8), parent]);
    let fields = [plain("a", "uint32", 4), plain("b", "uint64", 8), inline("tmp", "tmp", &[&tmp])].join(",");
    let hex = "0000000200000000000000010000000000000002000000000000000800";
    assert!(printed(&device(&fields, ""), hex).contains(r#""tmp": "00 00 00 00 00 00 00 02 00"#));
    printed(&device(&fields.replace(r#""tmp", "type": "tmp""#, r#""v", "type": "vstruct""#), ""), hex);
}

#[test]
fn null_pointers_are_told_by_either_qemu() {
    let element = vmsd("el", &[plain("x", "int32", 4)]);
    let present = format!(r#"{{"name": "p", "array_len": 2, "type": "struct", "struct": {{{element}}}, "size": 4}}"#);
    for null in [plain("p", "nullptr", 1), r#"{"name": "p", "type": "struct", "struct": {}, "size": 1}"#.to_owned()] {
        let description = device(&[null, present.clone()].join(","), "");
        let found = printed(&description, "30000000020000000300");
        assert_eq!(found, r#"{ "dev (0)": { "p": [ "nullptr", { "x": "0x00000002" }, { "x": "0x00000003" } ] } }"#);
        let wrong = refusal(&description, "31000000020000000300");
        assert!(wrong.starts_with("0x100: p: expected the marker of a null pointer"), "{wrong}");
    }
}

#[test]
fn subsections_are_where_and_what_the_description_says() {
    let extra = vmsd("dev/extra", &[plain("x", "uint16", 2)]);
    let description = device(&plain("a", "uint8", 1), &format!(r#", "subsections": [{{{extra}}}]"#));
    let hex = "0705096465762f657874726100000001beef00";
    let shown = r#"{ "dev (0)": { "a": "0x07", "dev/extra": { "x": "0xbeef" } } }"#;
    assert_eq!(printed(&description, hex), shown);
    let schema = Schema::parse(&description).unwrap();
    assert_eq!(expected_length(&schema.devices[0].state, &Released), 18);
    let name = "0x101: dev/extra: expected a subsection `dev/extra`, found \"dev/extrb\" (invalid)";
    assert_eq!(refusal(&description, &hex.replace("726100", "726200")), name);
    let version = "0x101: dev/extra: expected version 1, as described, found 2 (invalid)";
    assert_eq!(refusal(&description, &hex.replace("00000001", "00000002")), version);
    let none = refusal(&description, "0700");
    assert_eq!(none, "0x101: dev/extra.tag: expected 5, found 0 (invalid)");
}

/// The bytes of a subsection: its head, and what is in it.
fn subsection(name: &str, version: u8, content: &str) -> String {
    let name_hex = vmspec_generated_tests::hex_of(name.as_bytes());
    format!("05{:02x}{name_hex}000000{version:02x}{content}", name.len())
}

/// By the description of another stream: the subsections that a state was found to have, and how many bytes all of it takes.
fn by_another(description: &str, hex: &str) -> Result<(Vec<String>, usize), String> {
    let (schema, state) = (Schema::parse(description).unwrap(), bytes(hex));
    let others = Subsections::of(&schema);
    let body = decode_other(&schema.devices[0].state, &others, &state, 0x100, &Released).map_err(|e| e.to_string())?;
    let elements =
        body.members.iter().filter_map(|it| if let Value::Structs(of) = &it.value { Some(of) } else { None });
    let bodies = elements.flatten().chain([&body]);
    let names = bodies.flat_map(|it| &it.subsections).map(|it| it.vmsd.name.to_string());
    Ok((names.collect(), body.bytes.len()))
}

#[test]
fn by_another_description_subsections_are_seen_by_looking_ahead() {
    let [extra, more] = ["dev/extra", "dev/more"].map(|name| vmsd(name, &[plain("x", "uint16", 2)]));
    let description = device(&plain("a", "uint8", 1), &format!(r#", "subsections": [{{{extra}}}, {{{more}}}]"#));
    let extra = subsection("dev/extra", 1, "beef");
    let found = |hex: &str| by_another(&description, &format!("07{hex}"));
    let names = |list: &[&str], length| Ok((list.iter().map(|name| (*name).to_owned()).collect(), length));
    assert_eq!(found("00"), names(&[], 1));
    assert_eq!(found(&format!("{extra}00")), names(&["dev/extra"], 18));
    let turned = format!("{}{extra}", subsection("dev/more", 1, "0001"));
    assert_eq!(found(&turned), names(&["dev/more", "dev/extra"], 34), "in whatever order, and at the end of all bytes");
    for other in ["de", "dev", "deV/extra", "xdev/extra"] {
        assert_eq!(found(&subsection(other, 1, "beef")), names(&[], 1), "`{other}` is not one of the state");
    }
    assert_eq!(found(&extra[..20]), names(&[], 1), "a name that is cut off");
    let unknown = "0x101: expected a subsection of `dev` that the description has, found \"dev/next\" (unsupported)";
    assert_eq!(found(&subsection("dev/next", 1, "00")).unwrap_err(), unknown);
    let version = "0x101: dev/extra: expected version 1, as described, found 2 (invalid)";
    assert_eq!(found(&subsection("dev/extra", 2, "beef")).unwrap_err(), version);
    assert!(found(&extra[..extra.len() - 2]).unwrap_err().ends_with(" (truncated)"));
}

/// A subsection that was sent with one element may be there with the other, and that of the whole comes behind the last.
#[test]
fn by_another_description_a_subsection_belongs_to_the_states_of_its_name() {
    let element = |index: u8, more: &str| {
        let el = vmsd("el", &[plain("x", "uint8", 1)]);
        format!(r#"{{"name": "els", "index": {index}, "type": "struct", "struct": {{{el}{more}}}, "size": 1}}"#)
    };
    let [note, extra] = ["el/note", "dev/extra"].map(|name| format!(r#", "subsections": [{{{}}}]"#, vmsd(name, &[])));
    let description = device(&[element(0, &note), element(1, "")].join(","), &extra);
    let [note, extra] = ["el/note", "dev/extra"].map(|name| subsection(name, 1, ""));
    let (names, length) = by_another(&description, &format!("0102{note}{extra}00")).unwrap();
    assert_eq!((names, length), (vec!["el/note".to_owned(), "dev/extra".to_owned()], 2 + 13 + 15));
    assert_eq!(by_another(&description, "010200").unwrap(), (Vec::new(), 2));
}

#[test]
fn elements_of_an_array_have_their_own_place_in_errors() {
    let element = vmsd("el", &[plain("n", "nullptr", 1), plain("x", "uint8", 1)]);
    let array = format!(r#"{{"name": "els", "array_len": 3, "type": "struct", "struct": {{{element}}}, "size": 2}}"#);
    let found = refusal(&device(&array, ""), "3001300231023003");
    assert_eq!(found, "0x104: els[2].n: expected the marker of a null pointer, found \"1\" (invalid)");
}

#[test]
fn the_order_of_a_description_is_kept() {
    let text = r#"{"devices": [{"name": "d\u00e9v \"x\"", "instance_id": -1, "vmsd_name": "v", "version": 3, "more": [{}, [1.5e3]],
        "fields": [{"name": "b", "index": 4, "type": "uint8", "size": 1}, {"name": "a", "type": "buffer", "size": 0}]}],
        "configuration": {"vmsd_name": "configuration", "version": 1, "fields": []}, "page_size": 1024}"#;
    let schema = Schema::parse(text).unwrap();
    let device = schema.device("d\u{e9}v \"x\"", u32::MAX).unwrap();
    assert_eq!(device.state.fields.iter().map(|it| &*it.name).collect::<Vec<_>>(), ["b", "a"]);
    assert_eq!((device.state.fields[0].run, &device.state.fields[1].content), (Run::Index(4), &Content::Plain));
    assert_eq!((schema.page_size, schema.configuration.unwrap().version), (Some(1024), 1));
}

#[test]
fn what_is_no_description_is_refused() {
    let refused = |text: &str| Schema::parse(text).unwrap_err().to_string();
    let field = plain("a", "uint8", 1);
    assert_eq!(refused(""), "0x0: expected an object (truncated)");
    assert_eq!(refused("{}"), "0x2: expected `devices` (invalid)");
    assert_eq!(refused("{\"devices\": []} x"), "0x10: expected the end of the JSON text, found \"x\" (invalid)");
    assert_eq!(refused("{\"devices\": [],}"), "0xf: expected a text, found \"}\" (invalid)");
    assert!(refused(&device("{}", "")).contains(": devices[0].fields[0]: expected `name`"));
    let twice = device(&field.replace("\"size\": 1", "\"size\": 1, \"size\": 2"), "");
    assert!(refused(&twice).contains("devices[0].fields[0].size: expected each key once"));
    let both = field.replace("\"size\"", "\"array_len\": 2, \"index\": 1, \"size\"");
    assert!(refused(&device(&both, "")).contains("index: expected each key once"));
    let unnamed = field.replace("\"size\"", "\"struct\": {\"fields\": []}, \"size\"");
    assert!(refused(&device(&unnamed, "")).contains("fields[0].struct: expected `vmsd_name`"));
    let no_name = field.replace("\"size\"", "\"fields\": [], \"size\"");
    assert!(refused(&device(&no_name, "")).contains("fields[0].fields: expected `vmsd_name` in front"));
    for number in ["-1", "1.5", "99999999999999999999", "\"1\"", "1-2", ""] {
        assert!(Schema::parse(&device(&field.replace("1}", &format!("{number}}}")), "")).is_err(), "{number}");
    }
    for text in ["\"\\ud800\"", "\"\\x\"", "\"\\u12\"", "\"\n\"", "\"", "nul", "[1 2]", "{1: 2}", "{\"a\" 1}", "--1"] {
        assert!(Schema::parse(&format!("{{\"x\": {text}, \"devices\": []}}")).is_err(), "{text}");
    }
    let whole = device(&inline("q", "qlist", &[&vmsd("el", core::slice::from_ref(&field))]), "");
    for end in 0..whole.len() {
        assert!(Schema::parse(&whole[..end]).is_err(), "{end}");
    }
}

#[test]
fn a_hostile_description_is_refused_cheaply() {
    let deep = "[".repeat(10 << 20);
    let error = Schema::parse(&format!("{{\"x\": {deep}")).unwrap_err();
    assert_eq!((error.class(), error.offset()), (Class::Limit, Some(6 + 128)));
    let levels = r#"{"name": "s", "type": "struct", "size": 1, "struct": {"fields": ["#.repeat(100_000);
    assert_eq!(Schema::parse(&device(&levels, "")).unwrap_err().class(), Class::Limit);

    let many = vec![plain("", "", 0); (1 << 20) + 1].join(",");
    let error = Schema::parse(&device(&many, "")).unwrap_err();
    assert_eq!(error.class(), Class::Limit, "{error}");
}

#[test]
fn a_state_cannot_be_made_to_grow() {
    let huge = |it: &str| it.replacen("\"type\"", "\"array_len\": 9223372036854775807, \"type\"", 1);
    let refused = |fields: &str| {
        let description = device(fields, "");
        let schema = Schema::parse(&description).unwrap();
        decode(&schema.devices[0].state, &[0; 4096], 0, &Released).unwrap_err()
    };
    assert_eq!(refused(&huge(&plain("a", "uint64", 8))).class(), Class::Truncated);
    assert_eq!(refused(&huge(&plain("a", "buffer", 0))).class(), Class::Invalid);
    assert_eq!(refused(&plain("a", "uint64", 800)).class(), Class::Invalid);
    let empty = r#"{"name": "s", "type": "struct", "struct": {"vmsd_name": "e", "fields": []}, "size": 0}"#;
    assert_eq!(refused(&huge(empty)).class(), Class::Limit);
    let nested = format!(
        r#"{{"name": "s", "type": "struct", "struct": {{"vmsd_name": "n", "fields": [{}]}}, "size": 0}}"#,
        huge(empty)
    );
    assert_eq!(refused(&huge(&nested)).class(), Class::Limit);
    assert_eq!(
        refused(&huge(&plain("a", "capability", 1))).to_string(),
        "0x1000: a[4096].text: expected 1 byte, found 0 (truncated)"
    );
}

/// What is said where a spec has these fields and a description has others, of the same state.
fn drift(spec: &[String], described: &str) -> Option<String> {
    let spec = device(&spec.join(","), "");
    let (spec, described) = (Schema::parse(&spec).unwrap(), Schema::parse(described).unwrap());
    let own = decode(&spec.devices[0].state, &[1, 0, 0, 0, 2], 0x100, &Released).unwrap();
    let state = State { offset: 0x100, idstr: b"dev", instance: 0, version: 1, section_id: 7 };
    let found = drift::finding(&state, &own, &Devices::described_by(&described))?;
    assert_eq!(found.class(), Class::Note);
    Some(found.to_string())
}

#[test]
fn what_a_description_has_otherwise_is_a_note() {
    let [a, b] = [plain("a", "uint8", 1), plain("b", "uint32", 4)];
    let spec = [a.clone(), b.clone()];
    let of = |fields: &[&str]| drift(&spec, &device(&fields.join(","), ""));
    let said = |of: Option<String>| of.unwrap_or_default();
    assert_eq!(of(&[&a, &b]), None);
    assert_eq!(of(&[&a, &plain("unused", "unused_buffer", 4)]), None, "what QEMU no longer names");
    assert_eq!(drift(&spec, r#"{"devices": []}"#), None, "a device that is not described");
    let field = "expected the field that the description has here, found \"b\": the spec has another one (note)";
    assert_eq!(said(of(&[&a, &plain("c", "uint32", 4)])), format!("0x101: dev (section 7).c: {field}"));
    let halves = [&*a, &plain("b", "uint16", 2), &plain("c", "uint16", 2)];
    assert_eq!(said(of(&halves)), format!("0x101: dev (section 7).b: {field}"), "a field of another size");
    let length = "0x100: dev (section 7): expected as many bytes as by the description, found 5: \
                  the spec reads this device in another length (note)";
    assert_eq!(said(of(&[&a])), length, "a field that is missing");
    let more = said(of(&[&a, &b, &plain("c", "uint64", 8)]));
    let content = "0x105: dev (section 7).c: expected what the description has, found 0: \
                   the spec reads this device, the description does not (note)";
    assert_eq!(more, content);
    let version = "0x100: dev (section 7): expected the version that the description of the device has, found 1 (note)";
    let newer = device(&[a, b].join(","), "").replacen("\"version\": 1", "\"version\": 2", 1);
    assert_eq!(said(drift(&spec, &newer)), version);
}

/// A text with one piece of it changed, left out, or there twice.
fn damaged(text: &str, seed: &mut u64) -> String {
    let mut random = |below: usize| {
        *seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(*seed >> 33).unwrap() % below
    };
    let start = random(text.len());
    let end = (start + random(40)).min(text.len());
    let (before, piece, behind) = (&text[..start], &text[start..end], &text[end..]);
    let others =
        ["", "0", "-1", "9", "{", "}", "[", "]", "\"", ",", ":", "\\u", "qtailq", "gtree", "struct", "nullptr", "tmp"];
    match random(3) {
        0 => format!("{before}{piece}{piece}{behind}"),
        1 => format!("{before}{behind}"),
        _ => format!("{before}{}{}", others[random(others.len())], &text[(start + random(9)).min(text.len())..]),
    }
}

#[test]
fn a_damaged_description_never_leads_astray() {
    let Some(stream) = vmspec_generated_tests::packed_sample("qevm/q7-m68k-virt.qevm") else { return };
    let text = crate::qevm_walk::description(&stream);
    let schema = Schema::parse(text).unwrap();
    let walk = crate::qevm_walk::walk(&stream, &schema);
    let offset = |section: &crate::qevm_walk::Section<'_>| match section {
        crate::qevm_walk::Section::Device(_, _, body) => Some(usize::try_from(body.offset).unwrap()),
        crate::qevm_walk::Section::Ram(_) => None,
    };
    let offsets: Vec<_> = walk.sections.iter().filter_map(offset).collect();
    let (mut seed, mut parsed, mut decoded) = (1, 0, 0);
    for _ in 0..4000 {
        let damaged = damaged(text, &mut seed);
        let Ok(schema) = Schema::parse(&damaged) else { continue };
        parsed += 1;
        assert!(import(core::slice::from_ref(&schema), &Base::default()).is_ascii());
        for (device, at) in schema.devices.iter().zip(&offsets) {
            match decode(&device.state, &stream[*at..], 0, &Released) {
                Ok(body) => {
                    decoded += 1;
                    let mut json = StateJson::new();
                    json.device(&device.name, 0, &body);
                    serde_json::from_str::<serde_json::Value>(&json.finish()).unwrap();
                }
                Err(e) => assert!(e.offset().is_some(), "{e}"),
            }
        }
    }
    assert!(parsed > 400 && decoded > 400, "{parsed} {decoded}");
}
