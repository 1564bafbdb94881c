//! Small flags types, emitted and rendered.

use quote::quote;

use super::emit;
use crate::emit::names::shouty;
use crate::model::{Class, Flag, Flags, Group, Keep, Site};
use crate::render;

const SITE: Site = Site { file: 0, line: 1 };

fn flag(name: &str, bit: u32, since: Option<u64>) -> Flag {
    Flag { name: name.to_owned(), rust: shouty(name), bit, since, before: None, doc: None, site: SITE }
}

fn sample(bits: u32, flags: Vec<Flag>) -> Flags {
    Flags {
        name: "xl_mandatory".to_owned(),
        rust: "XlMandatory".to_owned(),
        doc: Some("Flags that a reader must know".to_owned()),
        refs: vec!["header.h".to_owned()],
        site: SITE,
        bits,
        versioned: flags.iter().any(|flag| flag.since.is_some()),
        flags,
        groups: Vec::new(),
        unknown: Keep::Never,
        has_unknown: false,
        class: Class::Invalid,
        say: None,
    }
}

fn rendered(flags: &Flags) -> String {
    let keeps = flags.has_unknown.then(|| quote!(repr < 0x100));
    render::file(emit(flags, keeps.as_ref()), "").unwrap_or_else(|error| error.to_string())
}

fn has(flags: &Flags, parts: &[&str]) {
    let text = rendered(flags);
    for part in parts {
        assert!(text.contains(part), "no `{part}` in\n{text}");
    }
}

#[test]
fn closed_flags() {
    let mut flags = sample(32, vec![flag("json_config", 0, None), flag("stream_v2", 1, None)]);
    flags.groups.push(Group { name: "both".to_owned(), members: vec![0, 1] });
    has(
        &flags,
        &[
            "/// Flags that a reader must know.\n///\n/// Source: `header.h`.\n#[derive(",
            "pub struct XlMandatory(u32);",
        ],
    );
    has(
        &flags,
        &["    /// Bit 1.\n    pub const STREAM_V2: Self = Self(1 << 1);\n", "pub const ALL: Self = Self(0x3);"],
    );
    has(&flags, &["pub const BOTH: Self = Self(Self::JSON_CONFIG.0 | Self::STREAM_V2.0);"]);
    has(
        &flags,
        &[
            "pub const fn from_bits(bits: u32) -> Option<Self> {",
            "if flags.unknown_bits() == 0 { Some(flags) } else { None }",
        ],
    );
    has(&flags, &["Ok(Self(u.arbitrary::<u32>()? & Self::ALL.0))", "impl core::ops::BitOr for XlMandatory {"]);
    assert!(!rendered(&flags).contains("from_bits_kept"));
}

#[test]
fn open_flags() {
    let mut flags = sample(16, Vec::new());
    flags.has_unknown = true;
    has(
        &flags,
        &[
            "derive(arbitrary::Arbitrary)",
            "pub const fn from_bits_kept(bits: u16) -> Self {",
            "write!(f, \"{:#x}\", self.0)",
        ],
    );
    has(&flags, &["pub fn keeps(repr: u16) -> bool {\n        repr < 0x100\n"]);
}

#[test]
fn flags_with_versions() {
    let flags = sample(64, vec![flag("a", 0, None), flag("b", 63, Some(3))]);
    has(&flags, &["    /// Bit 63, since 3.\n", "let mut known: u64 = 0x1;", "known |= 0x8000_0000_0000_0000;"]);
    has(
        &flags,
        &["from_bits(bits: u64, version: u64)", "unknown_bits(self, version: u64) -> u64", "Self::known_in(version).0"],
    );
}

#[test]
fn names_that_are_taken() {
    let flags = sample(8, vec![flag("all", 0, None)]);
    has(&flags, &["pub const FLAG_ALL: Self = Self(1 << 0);", "pub const ALL: Self = Self(0x1);"]);
}
