//! Small enums, emitted and rendered.

use quote::quote;

use super::{emit, group_fn, unknown_variant};
use crate::emit::names::pascal;
use crate::model::{Class, Enum, EnumValue, Group, Keep, Key, Repr, Site};
use crate::render;

const SITE: Site = Site { file: 0, line: 1 };

fn value(name: &str, key: Key, written: &str) -> EnumValue {
    let (name, rust, written) = (name.to_owned(), pascal(name), written.to_owned());
    EnumValue { name, rust, key, written, since: None, before: None, doc: None, site: SITE }
}

fn number(name: &str, n: i128) -> EnumValue {
    value(name, Key::Int(n), &n.to_string())
}

fn sample(repr: Repr, values: Vec<EnumValue>) -> Enum {
    Enum {
        name: "kind_of".to_owned(),
        rust: "KindOf".to_owned(),
        doc: None,
        refs: Vec::new(),
        site: SITE,
        repr,
        versioned: values.iter().any(|value| value.since.is_some()),
        values,
        groups: Vec::new(),
        unknown: Keep::Never,
        has_unknown: false,
        class: Class::Invalid,
        say: None,
    }
}

fn has(e: &Enum, parts: &[&str]) {
    let keeps = matches!(e.unknown, Keep::If(_) | Keep::Always).then(|| quote!(repr >= 0x80));
    let text = render::file(emit(e, keeps.as_ref()), "").unwrap_or_else(|error| error.to_string());
    for part in parts {
        assert!(text.contains(part), "no `{part}` in\n{text}");
    }
}

#[test]
fn closed_enum() {
    let mut e = sample(Repr::UInt(32), vec![number("raw", 0), value("big", Key::Int(0x8000_0000), "0x80000000")]);
    e.groups.push(Group { name: "packed".to_owned(), members: vec![1] });
    has(&e, &["/// The values of `kind_of`.\n", "    /// `0x80000000`\n    Big,\n}\n"]);
    has(&e, &["pub const fn from_repr(repr: u32) -> Option<Self> {", "0x8000_0000 => Some(Self::Big),"]);
    has(
        &e,
        &[
            "pub const fn repr(self) -> u32 {",
            "Self::Raw => \"raw\",",
            "pub const ALL: &'static [Self] = &[Self::Raw, Self::Big];",
        ],
    );
    has(&e, &["/// Whether it is one of `packed`: `big`.", "matches!(self, Self::Big)", "f.pad(self.name())"]);
}

#[test]
fn open_enum() {
    let mut e = sample(Repr::UInt(4), vec![number("raw", 0)]);
    e.has_unknown = true;
    e.unknown = Keep::Always;
    has(&e, &["    Unknown(u8),", "pub const fn from_repr_kept(repr: u8) -> Self {", "None => Self::Unknown(repr),"]);
    has(
        &e,
        &["pub fn keeps(repr: u8) -> bool {\n        repr >= 0x80\n", "repr > 0xf || Self::from_repr(repr).is_some()"],
    );
    has(&e, &["write!(f, \"unknown ({repr:#x})\")", "!matches!(self, Self::Unknown(_))"]);
}

#[test]
fn enum_with_versions() {
    let mut late = number("late", 2);
    late.since = Some(3);
    late.doc = Some("Sent by new ones".to_owned());
    let e = sample(Repr::UInt(8), vec![number("raw", 0), late]);
    has(&e, &["    /// Sent by new ones.\n    ///\n    /// `2`, since 3\n    Late,"]);
    has(&e, &["from_repr(repr: u8, version: u64)", "2 if version >= 3 => Some(Self::Late),"]);
    has(&e, &["is_misnamed(self, version: u64)", "Self::Late => version < 3,\n            Self::Raw => false,"]);
}

#[test]
fn enum_of_bytes() {
    let mut e = sample(Repr::Bytes(4), vec![value("data", Key::Bytes(b"desc".to_vec()), "desc")]);
    has(
        &e,
        &[
            "pub fn from_repr(repr: &[u8; 4]) -> Option<Self> {\n        if repr == b\"desc\" {",
            "Self::Data => *b\"desc\",",
        ],
    );
    e.has_unknown = true;
    has(&e, &["unwrap_or(Self::Unknown(*repr))", "Self::Unknown(ref repr) if Self::from_repr(repr).is_some()"]);
    has(&e, &["write!(f, \"unknown (\\\"{}\\\")\", repr.escape_ascii())"]);
}

#[test]
fn enum_of_guids() {
    let e = sample(Repr::Guid, vec![value("bat", Key::Bytes((0..16).collect()), "03020100-..")]);
    has(&e, &["if repr == Guid::from_u128(0x0302_0100_0504_0706_0809_0a0b_0c0d_0e0f) {", "-> Guid {"]);
}

#[test]
fn names_that_are_taken() {
    let mut e = sample(Repr::UInt(8), vec![number("unknown", 0), number("self", 1), number("x86_pv_info", 2)]);
    e.has_unknown = true;
    assert_eq!(unknown_variant(&e), "Other");
    assert_eq!(group_fn("known"), "is_in_known");
    has(&e, &["Self::Other(_) => \"other\",", "serde(rename = \"self\"))]\n    Self_,", "    /// `2`\n    X86PvInfo,"]);
}
