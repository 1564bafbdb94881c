//! Names in the spec language for what QEMU calls whatever it likes.

use super::base::Base;
use super::shapes::{Field, Found, Kind, State};
use alloc::collections::{BTreeMap, BTreeSet};
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

/// Longer names are cut.
const MAX_LENGTH: usize = 60;

/// What no name may be: words of expressions, those that Rust cannot escape, byte orders, and words of Rust, which would have to be
/// escaped.
const RESERVED: &[&str] = &[
    "if", "then", "else", "and", "or", "not", "in", "has", "starts", "where", "except", "true", "false", "self",
    "super", "crate", "le", "be", "as", "async", "await", "box", "break", "const", "continue", "do", "dyn", "enum",
    "extern", "final", "fn", "for", "gen", "impl", "let", "loop", "macro", "match", "mod", "move", "mut", "override",
    "priv", "pub", "ref", "return", "static", "struct", "trait", "try", "type", "typeof", "unsafe", "unsized", "use",
    "virtual", "while", "yield", "abstract", "become",
];

/// What no type may be called besides: what is built in, and the types that a stream has anyway.
const TYPES: &[&str] = &[
    "bool",
    "bytes",
    "blob",
    "zero",
    "utf8",
    "utf16",
    "cstr",
    "pstr",
    "guid",
    "uuid",
    "align",
    "text",
    "place",
    "stream",
    "body",
    "record",
    "device",
    "command",
    "configuration",
    "footer",
    "ram",
    "vmdesc",
    "section",
    "range",
    "option",
    "result",
    "vec",
    "string",
    "box",
    "some",
    "none",
    "ok",
    "err",
];

/// What no field may be called besides: members that device states and markers have anyway.
const FIELDS: &[&str] = &["subsections", "version"];
const MARKED: &[&str] = &["more", "value", "none", "some", "count", "nodes", "key", "content", "list"];

/// A name for each layout, in their order, that no type of the base has. Those inside of others choose first.
pub(super) fn type_names(found: &Found, base: &Base) -> Vec<String> {
    let of_base: BTreeSet<_> = base.types.iter().map(|name| key(name)).collect();
    let mut taken = Taken::new(&[RESERVED, TYPES]);
    taken.names.extend(of_base.iter().cloned());
    let mut names = BTreeMap::new();
    let mut holders = BTreeMap::new();
    for nested in [true, false] {
        let states = found.states.iter().enumerate().filter(|(_, it)| it.nested == nested && !it.merged);
        for (id, state) in states {
            let name = identifier(if state.name.is_empty() { "opaque" } else { &state.name });
            let holder = *holders.entry(name.clone()).or_insert((state.nested, state.version));
            let is_of_base = of_base.contains(&key(&name));
            let other = if is_of_base { format!("{name}_v{}", state.version) } else { variant(state, &name, holder) };
            names.insert(id, taken.take(&name, &other));
        }
    }
    (0..found.states.len()).map(|id| names.remove(&id).unwrap_or_default()).collect()
}

/// What a layout is called if another one, which is nested or not and has such a version, has its name: a device by another word
/// than what it holds, others by their versions if these differ.
fn variant(state: &State, base: &str, (nested, version): (bool, u32)) -> String {
    if nested && !state.nested {
        format!("{base}_device")
    } else if version != state.version {
        format!("{base}_v{}", state.version)
    } else {
        String::from(base)
    }
}

/// The names of cases that are given already.
pub(super) struct CaseNames(Taken<'static>);

impl CaseNames {
    /// Those of the base.
    pub(super) fn beside(base: &Base) -> Self {
        let mut taken = Taken::new(&[]);
        taken.names.extend(base.cases.iter().map(|name| key(name)));
        Self(taken)
    }

    /// A name for another case of such a label, which leads to a type of such a name. None where the label is enough, which is
    /// so for the first of its cases only.
    pub(super) fn take(&mut self, label: &str, of_type: &str, is_first: bool) -> Option<String> {
        let of_label = identifier(label.strip_prefix(".../").unwrap_or(label));
        if is_first && self.0.names.insert(key(&of_label)) {
            return None;
        }
        Some(self.0.take(of_type, of_type))
    }
}

/// A name for each of the fields, in their order.
pub(super) fn field_names(fields: &[Field]) -> Vec<String> {
    let marked = |kind: &Kind| matches!(kind, Kind::List(_) | Kind::Tree(_) | Kind::Nullable(_) | Kind::Mixed(_));
    let has_marker = fields.iter().any(|it| marked(&it.shape.kind));
    let mut taken = Taken::new(&[RESERVED, FIELDS, if has_marker { MARKED } else { &[] }]);
    let name = |field: &Field| {
        let base = match field.shape.index {
            Some(index) => identifier(&format!("{}_{index}", field.name)),
            None => identifier(&field.name),
        };
        taken.take(&base, &base)
    };
    fields.iter().map(name).collect()
}

/// The names that are given already.
struct Taken<'a> {
    reserved: Vec<&'a [&'a str]>,
    /// In small letters without `_`, since types lose it in Rust.
    names: BTreeSet<String>,
    /// The number that the next name of such a beginning may have.
    numbers: BTreeMap<String, u64>,
}

impl<'a> Taken<'a> {
    fn new(reserved: &[&'a [&'a str]]) -> Self {
        Self { reserved: reserved.to_vec(), names: BTreeSet::new(), numbers: BTreeMap::new() }
    }

    /// Gives this name, else the other one, else one with a number.
    fn take(&mut self, name: &str, other: &str) -> String {
        let reserved = self.reserved.iter().any(|names| names.contains(&name)) || is_number_type(name);
        let first = if reserved { format!("{name}_") } else { String::from(name) };
        for name in [first, String::from(other)] {
            if self.names.insert(key(&name)) {
                return name;
            }
        }
        loop {
            let number = self.numbers.entry(String::from(other)).or_insert(1);
            *number = number.saturating_add(1);
            let numbered = format!("{other}_{number}");
            if self.names.insert(key(&numbered)) {
                return numbered;
            }
        }
    }
}

fn key(name: &str) -> String {
    name.chars().filter(|c| *c != '_').map(|c| c.to_ascii_lowercase()).collect()
}

/// Whether it is a built-in type such as `u12`.
fn is_number_type(name: &str) -> bool {
    let bits = |sign| name.strip_prefix(sign).and_then(|bits: &str| bits.parse::<u8>().ok());
    bits('u').is_some_and(|n| (1..=64).contains(&n)) || matches!(name, "i8" | "i16" | "i32" | "i64" | "f32" | "f64")
}

/// Lower case letters, digits and `_`: `PCIDevice` is `pci_device`, `channels[0].irq` is `channels_0_irq`.
fn identifier(text: &str) -> String {
    let chars: Vec<_> = text.chars().take(MAX_LENGTH).collect();
    let mut name = String::new();
    for (i, c) in chars.iter().enumerate() {
        let before = i.checked_sub(1).and_then(|i| chars.get(i));
        let behind = i.checked_add(1).and_then(|i| chars.get(i));
        let starts = c.is_ascii_uppercase()
            && before.is_some_and(|b| {
                let ends = b.is_ascii_uppercase() && behind.is_some_and(char::is_ascii_lowercase);
                b.is_ascii_lowercase() || ends
            });
        if starts || !c.is_ascii_alphanumeric() {
            separate(&mut name);
        }
        if c.is_ascii_alphanumeric() {
            name.push(c.to_ascii_lowercase());
        }
    }
    let name = name.trim_end_matches('_');
    match name.bytes().next() {
        Some(b) if b.is_ascii_lowercase() => String::from(name),
        Some(_) => format!("x{name}"),
        None => String::from("unnamed"),
    }
}

/// A `_`, but never two and none in front.
fn separate(name: &mut String) {
    if !name.is_empty() && !name.ends_with('_') {
        name.push('_');
    }
}

#[cfg(test)]
mod tests {
    use super::{Taken, identifier};

    #[test]
    fn identifiers_are_of_small_letters() {
        let names = [
            ("PCIDevice", "pci_device"),
            ("I440FX", "i440fx"),
            ("PIIX3", "piix3"),
            ("env.regs", "env_regs"),
            ("channels[0].irq_disabled", "channels_0_irq_disabled"),
            ("_q_ZMMReg[2]", "q_zmm_reg_2"),
            ("APM State", "apm_state"),
            ("ide bmdma", "ide_bmdma"),
            ("16550A", "x16550a"),
            ("--", "unnamed"),
            ("", "unnamed"),
            ("h\u{e9}\n: {", "h"),
        ];
        for (name, expected) in names {
            assert_eq!(identifier(name), expected);
        }
        assert_eq!(identifier(&"ab_".repeat(1000)).len(), 59);
    }

    #[test]
    fn names_are_given_once() {
        let mut taken = Taken::new(&[&["type"]]);
        let mut take = |name: &str| taken.take(name, name);
        assert_eq!([take("a_1"), take("a1"), take("a1"), take("a1_2")], ["a_1", "a1_2", "a1_3", "a1_2_2"]);
        assert_eq!([take("type"), take("type"), take("u8"), take("u8259")], ["type_", "type_2", "u8_", "u8259"]);
    }
}
