//! Enums and flags: reprs, wire values, groups.

use super::{Resolver, text, texts};
use crate::diagnostic::{Code, Diagnostic, did_you_mean};
use crate::emit::names::{pascal, shouty};
use crate::model::{Class, Enum, EnumId, EnumValue, Flag, Flags, FlagsId, Group, Keep, Key, Range, Repr, Ty};
use crate::source::{Span, Spanned};
use crate::syntax::ast::{EnumDecl, EnumValueDecl, FlagDecl, FlagsDecl, TypeExpr, Unknown};
use crate::syntax::expr::ExprKind;
use std::collections::BTreeMap;

/// Puts all enums and flags into the model's form; conditions of `keep` follow.
pub(super) fn resolve(r: &mut Resolver<'_>) {
    for file in r.files {
        for decl in &file.enums {
            if r.names.enums.get(&decl.name.value) == Some(&EnumId(r.enums.len())) {
                let resolved = enum_(r, decl);
                r.enums.push(resolved);
            }
        }
        for decl in &file.flags {
            if r.names.flags.get(&decl.name.value) == Some(&FlagsId(r.flags.len())) {
                let resolved = flags(r, decl);
                r.flags.push(resolved);
            }
        }
    }
}

/// Types the conditions of `unknown: {keep: condition}`.
pub(super) fn conditions(r: &mut Resolver<'_>) {
    for file in r.files {
        for decl in &file.enums {
            let Some(id) = r.names.enums.get(&decl.name.value).copied() else { continue };
            let range = r.range_of(&Ty::Enum(id));
            let keep = r.keep(decl.unknown.as_ref(), range);
            id.of_mut(&mut r.enums).unknown = keep;
        }
        for decl in &file.flags {
            let Some(id) = r.names.flags.get(&decl.name.value).copied() else { continue };
            let range = Range::unsigned(r.flag_set(id).bits);
            let keep = r.keep(decl.unknown.as_ref(), Some(range));
            id.of_mut(&mut r.flags).unknown = keep;
        }
    }
}

fn enum_(r: &mut Resolver<'_>, decl: &EnumDecl) -> Enum {
    let repr = repr(r, &decl.repr);
    let values: Vec<_> = decl.values.iter().filter_map(|v| value(r, repr, v)).collect();
    twice(r, decl, &values);
    let closed = !matches!(decl.unknown, Some(Unknown::Keep(_) | Unknown::KeepIf(_)));
    if decl.values.is_empty() && closed && !r.faulty {
        let message = format!("`{}` has no values and keeps no others", decl.name.value);
        let d = Diagnostic::new(Code::BadValue, message, decl.name.span, "nothing could be read");
        r.out.push(d.hint("give it values, or write `unknown: keep`"));
    }
    Enum {
        name: decl.name.value.clone(),
        rust: pascal(&decl.name.value),
        doc: text(decl.doc.as_ref()),
        refs: texts(&decl.refs),
        site: r.site(decl.name.span),
        repr,
        groups: groups(r, &decl.groups, &values.iter().map(|v| v.name.clone()).collect::<Vec<_>>()),
        unknown: plain_keep(decl.unknown.as_ref()),
        has_unknown: matches!(decl.unknown, Some(Unknown::Keep(_) | Unknown::KeepIf(_))),
        class: decl.class.as_ref().map_or(Class::Unsupported, |c| c.value),
        say: text(decl.say.as_ref()),
        versioned: values.iter().any(|v| v.since.is_some() || v.before.is_some()),
        values,
    }
}

fn flags(r: &mut Resolver<'_>, decl: &FlagsDecl) -> Flags {
    let bits = match repr(r, &decl.repr) {
        Repr::UInt(bits @ (8 | 16 | 32 | 64)) => bits,
        Repr::UInt(bits) => {
            let message = format!("flags of {bits} bits are no whole bytes");
            r.error(Code::BadArgument, &message, decl.repr.span, "`u8`, `u16`, `u32` or `u64`");
            bits
        }
        _ => {
            r.error(Code::BadValue, "flags are bits of an unsigned integer", decl.repr.span, "not an unsigned integer");
            64
        }
    };
    let flags: Vec<_> = decl.bits.iter().filter_map(|b| flag(r, bits, b)).collect();
    names_twice(r, decl.bits.iter().map(|b| &b.name));
    bits_twice(r, decl);
    Flags {
        name: decl.name.value.clone(),
        rust: pascal(&decl.name.value),
        doc: text(decl.doc.as_ref()),
        refs: texts(&decl.refs),
        site: r.site(decl.name.span),
        bits,
        groups: groups(r, &decl.groups, &flags.iter().map(|f| f.name.clone()).collect::<Vec<_>>()),
        unknown: plain_keep(decl.unknown.as_ref()),
        has_unknown: matches!(decl.unknown, Some(Unknown::Keep(_) | Unknown::KeepIf(_))),
        class: decl.class.as_ref().map_or(Class::Unsupported, |c| c.value),
        say: text(decl.say.as_ref()),
        versioned: flags.iter().any(|f| f.since.is_some() || f.before.is_some()),
        flags,
    }
}

fn bits_twice(r: &mut Resolver<'_>, decl: &FlagsDecl) {
    for (i, bit) in decl.bits.iter().enumerate() {
        let range = |b: &FlagDecl| (b.since.as_ref().map(|s| s.value), b.before.as_ref().map(|s| s.value));
        let same = |b: &&FlagDecl| b.bit.value == bit.bit.value && overlap(range(b), range(bit));
        let Some(first) = decl.bits.iter().take(i).find(same) else { continue };
        let message = format!("`{}` and `{}` are the same bit in the same version", first.name.value, bit.name.value);
        let d = Diagnostic::new(Code::OverlappingVersions, message, bit.bit.span, "this one");
        r.out.push(d.also(first.bit.span, "and this one"));
    }
}

fn flag(r: &mut Resolver<'_>, bits: u32, decl: &FlagDecl) -> Option<Flag> {
    let Some(bit) = u32::try_from(decl.bit.value).ok().filter(|b| *b < bits) else {
        let message = format!("bit {} of {bits}", decl.bit.value);
        r.error(Code::BadValue, &message, decl.bit.span, "bits are counted from 0");
        r.lose(&decl.name.value);
        return None;
    };
    versions(r, decl.since.as_ref(), decl.before.as_ref());
    Some(Flag {
        name: decl.name.value.clone(),
        rust: shouty(&decl.name.value),
        bit,
        since: decl.since.as_ref().map(|s| s.value),
        before: decl.before.as_ref().map(|s| s.value),
        doc: text(decl.doc.as_ref()),
        site: r.site(decl.name.span),
    })
}

/// Reports a range of versions that is empty.
pub(super) fn versions(r: &mut Resolver<'_>, since: Option<&Spanned<u64>>, before: Option<&Spanned<u64>>) {
    if let (Some(since), Some(before)) = (since, before)
        && before.value <= since.value
    {
        let message = format!("no version is both from {} on and before {}", since.value, before.value);
        let d = Diagnostic::new(Code::EmptyVersions, message, before.span, "must be greater than `since`");
        r.out.push(d.also(since.span, "`since`"));
    }
}

fn plain_keep(unknown: Option<&Unknown>) -> Keep {
    match unknown {
        Some(Unknown::Keep(_)) => Keep::Always,
        _ => Keep::Never,
    }
}

fn repr(r: &mut Resolver<'_>, written: &Spanned<TypeExpr>) -> Repr {
    let name = written.value.name.as_str();
    let fallback = Repr::UInt(64);
    match (name, &written.value.arg) {
        ("guid", None) => Repr::Guid,
        ("uuid", None) => Repr::Uuid,
        ("bytes", Some(n)) => {
            if let ExprKind::Int(n @ 1..=4096) = n.kind {
                return Repr::Bytes(usize::try_from(n).unwrap_or(1));
            }
            let message = "`bytes` of an enum takes a number from 1 to 4096";
            r.error(Code::BadArgument, message, n.span, "not such a number");
            fallback
        }
        (name, None) if width(name, 'u').is_some() => width(name, 'u').map_or(fallback, Repr::UInt),
        ("i8" | "i16" | "i32" | "i64", None) => width(name, 'i').map_or(fallback, Repr::Int),
        _ => {
            let message = format!("`{name}` cannot stand for an enum or flags");
            let label = "`u8`..`u64`, fewer bits such as `u4` inside `bits`, `bytes(n)`, `guid` or `uuid`";
            r.error(Code::BadArgument, &message, written.span, label);
            fallback
        }
    }
}

/// The width of `u4` and the like, 1 to 64.
pub(super) fn width(name: &str, letter: char) -> Option<u32> {
    let digits = name.strip_prefix(letter)?;
    if digits.starts_with('0') || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    digits.parse().ok().filter(|n| (1..=64).contains(n))
}

fn value(r: &mut Resolver<'_>, repr: Repr, decl: &EnumValueDecl) -> Option<EnumValue> {
    versions(r, decl.since.as_ref(), decl.before.as_ref());
    let Some(key) = key(repr, &decl.key.value) else {
        let message = format!("`{}` is no {}", decl.key.value, shown(repr));
        r.error(Code::BadValue, &message, decl.key.span, "does not fit the `repr` of the enum");
        r.lose(&decl.name.value);
        return None;
    };
    Some(EnumValue {
        name: decl.name.value.clone(),
        rust: pascal(&decl.name.value),
        key,
        written: decl.key.value.clone(),
        since: decl.since.as_ref().map(|s| s.value),
        before: decl.before.as_ref().map(|s| s.value),
        doc: text(decl.doc.as_ref()),
        site: r.site(decl.name.span),
    })
}

fn shown(repr: Repr) -> String {
    match repr {
        Repr::UInt(bits) => format!("unsigned number of {bits} bits"),
        Repr::Int(bits) => format!("signed number of {bits} bits"),
        Repr::Bytes(n) => format!("{n} bytes"),
        Repr::Guid | Repr::Uuid => "guid".into(),
    }
}

fn key(repr: Repr, written: &str) -> Option<Key> {
    match repr {
        Repr::UInt(bits) => int(written).filter(|n| Range::unsigned(bits).contains(*n)).map(Key::Int),
        Repr::Int(bits) => int(written).filter(|n| Range::signed(bits).contains(*n)).map(Key::Int),
        Repr::Bytes(n) => {
            let bytes: Option<Vec<u8>> = written.chars().map(|c| u8::try_from(u32::from(c)).ok()).collect();
            bytes.filter(|b| b.len() == n).map(Key::Bytes)
        }
        Repr::Guid => guid(written).map(|g| Key::Bytes(mixed(g).to_vec())),
        Repr::Uuid => guid(written).map(|g| Key::Bytes(g.to_vec())),
    }
}

fn int(written: &str) -> Option<i128> {
    match written.strip_prefix("0x") {
        Some(hex) => i128::from_str_radix(hex, 16).ok(),
        None => written.parse().ok(),
    }
}

/// The 16 bytes of a guid in the order of its text.
pub(super) fn guid(written: &str) -> Option<[u8; 16]> {
    let groups: Vec<_> = written.split('-').map(str::len).collect();
    let digits: String = written.chars().filter(|c| *c != '-').collect();
    if groups != [8, 4, 4, 4, 12] {
        return None;
    }
    u128::from_str_radix(&digits, 16).ok().map(u128::to_be_bytes)
}

/// Text order to Microsoft's order on the wire: the first three groups turned round.
pub(crate) fn mixed(text: [u8; 16]) -> [u8; 16] {
    let mut out = text;
    for group in [0..4, 4..6, 6..8] {
        if let Some(group) = out.get_mut(group) {
            group.reverse();
        }
    }
    out
}

fn twice(r: &mut Resolver<'_>, decl: &EnumDecl, values: &[EnumValue]) {
    names_twice(r, decl.values.iter().map(|v| &v.name));
    for (i, value) in values.iter().enumerate() {
        let range = |v: &EnumValue| (v.since, v.before);
        let same = |other: &&EnumValue| other.key == value.key && overlap(range(other), range(value));
        let Some(first) = values.iter().take(i).find(same) else { continue };
        let span =
            |name: &str| decl.values.iter().find(|v| v.name.value == name).map_or(decl.name.span, |v| v.key.span);
        let message = format!("`{}` and `{}` stand for the same value in the same version", first.name, value.name);
        let d = Diagnostic::new(Code::OverlappingVersions, message, span(&value.name), "this one");
        r.out.push(d.also(span(&first.name), "and this one"));
    }
}

/// Whether two ranges of versions have a version in common.
fn overlap(a: (Option<u64>, Option<u64>), b: (Option<u64>, Option<u64>)) -> bool {
    let start = a.0.unwrap_or(0).max(b.0.unwrap_or(0));
    let end = a.1.unwrap_or(u64::MAX).min(b.1.unwrap_or(u64::MAX));
    start < end
}

fn names_twice<'n>(r: &mut Resolver<'_>, names: impl Iterator<Item = &'n Spanned<String>>) {
    let mut seen: BTreeMap<String, Span> = BTreeMap::new();
    for name in names {
        if let Some(first) = seen.insert(pascal(&name.value), name.span) {
            let message = format!("`{}` is there twice", name.value);
            let d = Diagnostic::new(Code::DuplicateName, message, name.span, "given again, perhaps in other letters");
            r.out.push(d.also(first, "first given here"));
        }
    }
}

fn groups(r: &mut Resolver<'_>, decls: &[(Spanned<String>, Vec<Spanned<String>>)], names: &[String]) -> Vec<Group> {
    let mut out = Vec::new();
    for (name, members) in decls {
        if names.contains(&name.value) {
            let message = format!("`{}` is a value and a group", name.value);
            r.error(Code::DuplicateName, &message, name.span, "choose another name for the group");
        }
        let mut indices = Vec::new();
        for member in members {
            match names.iter().position(|n| *n == member.value) {
                Some(i) => indices.push(i),
                None if r.is_lost(&member.value) => {}
                None => {
                    let message = format!("unknown value `{}`", member.value);
                    let hint = did_you_mean(&member.value, names.iter().map(String::as_str));
                    let d = Diagnostic::new(Code::UnknownValue, message, member.span, "no value of this name");
                    r.out.push(d.maybe_hint(hint));
                }
            }
        }
        out.push(Group { name: name.value.clone(), members: indices });
    }
    out
}
