//! Enums and flags.

use super::Reader;
use super::cursor::Mapping;
use super::keys::{Construct, ENUM, ENUM_VALUE, FLAG, FLAGS};
use super::names::Named;
use super::words::{CLASSES, UNKNOWNS};
use crate::source::Spanned;
use crate::syntax::ast::{EnumDecl, EnumValueDecl, FlagDecl, FlagsDecl, Unknown};
use crate::syntax::yaml::{Kind, Node};

/// What an enum value and a bit say about themselves.
struct Entry {
    name: Spanned<String>,
    since: Option<Spanned<u64>>,
    before: Option<Spanned<u64>>,
    doc: Option<Spanned<String>>,
}

impl Reader<'_> {
    pub(super) fn enums(&mut self, top: &Mapping<'_>) -> Vec<EnumDecl> {
        let Some(node) = top.get("enums") else { return Vec::new() };
        let entries = self.entries(node, "a mapping from names to enums");
        let mut out = Vec::new();
        for (key, value) in entries {
            let decl = self.enum_decl(key, value);
            out.extend(self.or_lost(key, decl));
        }
        out
    }

    fn enum_decl(&mut self, key: &Node, value: &Node) -> Option<EnumDecl> {
        let name = self.name(key, Named::Type);
        let map = self.mapping(value, &ENUM, key.span)?;
        let repr = self.type_at(&map, "repr");
        let values = map.get("values").map(|node| self.enum_values(node)).unwrap_or_default();
        let groups = self.groups(&map);
        let unknown = self.unknown_at(&map);
        let (class, say) = (self.word_at(&map, "class", CLASSES), self.text_at(&map, "say"));
        let (doc, refs, was) = self.notes(&map);
        Some(EnumDecl { name: name?, repr: repr?, values, groups, unknown, class, say, doc, refs, was })
    }

    fn enum_values(&mut self, node: &Node) -> Vec<EnumValueDecl> {
        let mut out = Vec::new();
        for (key, value) in self.entries(node, "a mapping from wire values to names") {
            let wire = self.scalar(key, "a wire value").map(|text| Spanned::new(text.to_owned(), key.span));
            let entry = self.named_entry(key, value, &ENUM_VALUE);
            out.extend(wire.zip(entry).map(|(key, entry)| {
                let Entry { name, since, before, doc } = entry;
                EnumValueDecl { key, name, since, before, doc }
            }));
        }
        out
    }

    pub(super) fn all_flags(&mut self, top: &Mapping<'_>) -> Vec<FlagsDecl> {
        let Some(node) = top.get("flags") else { return Vec::new() };
        let entries = self.entries(node, "a mapping from names to flags");
        let mut out = Vec::new();
        for (key, value) in entries {
            let decl = self.flags_decl(key, value);
            out.extend(self.or_lost(key, decl));
        }
        out
    }

    fn flags_decl(&mut self, key: &Node, value: &Node) -> Option<FlagsDecl> {
        let name = self.name(key, Named::Type);
        let map = self.mapping(value, &FLAGS, key.span)?;
        let repr = self.type_at(&map, "repr");
        let bits = map.get("bits").map(|node| self.flag_bits(node)).unwrap_or_default();
        let groups = self.groups(&map);
        let unknown = self.unknown_at(&map);
        let (class, say) = (self.word_at(&map, "class", CLASSES), self.text_at(&map, "say"));
        let (doc, refs, was) = self.notes(&map);
        Some(FlagsDecl { name: name?, repr: repr?, bits, groups, unknown, class, say, doc, refs, was })
    }

    fn flag_bits(&mut self, node: &Node) -> Vec<FlagDecl> {
        let mut out = Vec::new();
        for (key, value) in self.entries(node, "a mapping from bit numbers to names") {
            let bit = self.integer(key);
            let entry = self.named_entry(key, value, &FLAG);
            out.extend(bit.zip(entry).map(|(bit, entry)| {
                let Entry { name, since, before, doc } = entry;
                FlagDecl { bit, name, since, before, doc }
            }));
        }
        out
    }

    /// A name, or `{name, since, before, doc}`.
    fn named_entry(&mut self, key: &Node, value: &Node, construct: &'static Construct) -> Option<Entry> {
        if !matches!(value.kind, Kind::Map(_)) {
            let name = self.name(value, Named::Other);
            let name = self.or_lost(value, name)?;
            return Some(Entry { name, since: None, before: None, doc: None });
        }
        let map = self.mapping(value, construct, key.span)?;
        let (since, before) = (self.integer_at(&map, "since"), self.integer_at(&map, "before"));
        let doc = self.text_at(&map, "doc");
        let node = map.get("name")?;
        let name = self.name(node, Named::Other);
        let name = self.or_lost(node, name)?;
        Some(Entry { name, since, before, doc })
    }

    fn groups(&mut self, map: &Mapping<'_>) -> Vec<(Spanned<String>, Vec<Spanned<String>>)> {
        let Some(node) = map.get("groups") else { return Vec::new() };
        let mut out = Vec::new();
        for (key, value) in self.entries(node, "a mapping from names to lists of names") {
            let name = self.name(key, Named::Other);
            let items = self.items(value, "a list of names");
            let members = items.iter().filter_map(|item| self.reference(item)).collect();
            out.extend(self.or_lost(key, name).map(|name| (name, members)));
        }
        out
    }

    /// `unknown`: `error`, `keep`, or `{keep: condition}`.
    pub(super) fn unknown_at(&mut self, map: &Mapping<'_>) -> Option<Unknown> {
        let node = map.get("unknown")?;
        if matches!(node.kind, Kind::Map(_)) {
            let inner = self.mapping(node, &super::keys::UNKNOWN, map.key_span("unknown")?)?;
            return self.expr_at(&inner, "keep").map(Unknown::KeepIf);
        }
        let keep = self.word(node, UNKNOWNS)?;
        Some(if keep.value { Unknown::Keep(keep.span) } else { Unknown::Error(keep.span) })
    }
}
