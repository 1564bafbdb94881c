//! `vmstate` of files and types, subsections, and `marker`.

use super::Reader;
use super::cursor::Mapping;
use super::keys::{MARKER, SENTINEL, SUBSECTION, SUBSECTION_RULE, VERSIONS, VMSTATE};
use crate::diagnostic::{Code, Diagnostic, excerpt};
use crate::source::{Span, Spanned};
use crate::syntax::ast::{
    MarkerDecl, SentinelRule, SubsectionDecl, SubsectionRule, Versions, VmstateDecl, VmstateRules,
};
use crate::syntax::yaml::{Kind, Node};

/// The longest name of a device state: one of its subsections, with a length of one byte in front, is longer.
const LONGEST: usize = 254;

impl Reader<'_> {
    /// `vmstate` of a file.
    pub(super) fn vmstate_rules(&mut self, top: &Mapping<'_>) -> Option<VmstateRules> {
        let span = top.key_span("vmstate")?;
        let map = self.mapping(top.get("vmstate")?, &VMSTATE, span)?;
        let inner = self.mapping(map.get("subsection")?, &SUBSECTION_RULE, map.key_span("subsection")?)?;
        let (tag, version) = (self.byte_at(&inner, "tag"), self.reference_at(&inner, "version"));
        let version_bits = self.integer_at(&inner, "version_bits");
        let sentinel = map.get("sentinel").and_then(|node| self.sentinel(node, &map));
        Some(VmstateRules { subsection: SubsectionRule { tag: tag?, version: version?, version_bits }, sentinel, span })
    }

    fn sentinel(&mut self, node: &Node, map: &Mapping<'_>) -> Option<SentinelRule> {
        let inner = self.mapping(node, &SENTINEL, map.key_span("sentinel")?)?;
        let when = self.expr_at(&inner, "when");
        Some(SentinelRule { byte: self.byte_at(&inner, "byte")?, when })
    }

    fn byte_at(&mut self, map: &Mapping<'_>, key: &str) -> Option<Spanned<u64>> {
        let byte = self.integer_at(map, key)?;
        if byte.value > 0xff {
            let message = format!("{} is not one byte", byte.value);
            self.report(Diagnostic::new(Code::BadValue, message, byte.span, "0 to 255"));
            return None;
        }
        Some(byte)
    }

    /// `vmstate`, `version` and `subsections` of a type.
    pub(super) fn vmstate(&mut self, map: &Mapping<'_>) -> Option<VmstateDecl> {
        let Some(node) = map.get("vmstate") else {
            if let Some(span) = map.key_span("subsections") {
                let d = Diagnostic::new(Code::NeedsKey, "`subsections` without `vmstate`", span, "of what?");
                self.report(d.hint("add `vmstate: NAME`, the name of the device state"));
            }
            return None;
        };
        let name = self.state_name(node);
        let versions = self.versions(map);
        let subsections = self.subsections(map, name.as_ref().map(|n| n.value.as_str()));
        Some(VmstateDecl { name: name?, versions: versions?, subsections })
    }

    fn state_name(&mut self, node: &Node) -> Option<Spanned<String>> {
        let name = self.text(node)?;
        if name.value.len() > LONGEST {
            let message = format!("`{}` is longer than {LONGEST} bytes", excerpt(&name.value));
            self.report(Diagnostic::new(Code::BadValue, message, name.span, "too long"));
            return None;
        }
        Some(name)
    }

    /// `{current, minimum}`, or a number that is both.
    fn versions(&mut self, map: &Mapping<'_>) -> Option<Versions> {
        let Some(node) = map.get("version") else {
            let d = Diagnostic::new(Code::MissingKey, "a device state without `version`", map.owner, "which versions?");
            self.report(d.hint("add `version: {current: N, minimum: N}`, or `version: N` for one"));
            return None;
        };
        if !matches!(node.kind, Kind::Map(_)) {
            let current = self.integer(node)?;
            return Some(Versions { minimum: current.clone(), current });
        }
        let inner = self.mapping(node, &VERSIONS, map.key_span("version")?)?;
        let (current, minimum) = (self.integer_at(&inner, "current")?, self.integer_at(&inner, "minimum")?);
        if minimum.value > current.value || current.value > u64::from(u32::MAX) {
            let message = format!("no version is from {} to {}", minimum.value, current.value);
            self.report(Diagnostic::new(Code::EmptyVersions, message, minimum.span, "versions are of 32 bits"));
            return None;
        }
        Some(Versions { current, minimum })
    }

    fn subsections(&mut self, map: &Mapping<'_>, of: Option<&str>) -> Vec<SubsectionDecl> {
        let Some(node) = map.get("subsections") else { return Vec::new() };
        let mut out: Vec<SubsectionDecl> = Vec::new();
        for (key, value) in self.entries(node, "a mapping from names to subsections") {
            out.extend(self.subsection(key, value, of));
        }
        out
    }

    fn subsection(&mut self, key: &Node, value: &Node, of: Option<&str>) -> Option<SubsectionDecl> {
        let name = self.text(key)?;
        self.check_prefix(&name, of);
        let map = self.mapping(value, &SUBSECTION, key.span)?;
        let versions = self.versions(&map);
        let fields = map.get("fields").map(|node| self.fields(node)).unwrap_or_default();
        let subsections = self.subsections(&map, Some(&name.value));
        let (require, remember) = (self.rules_at(&map, "require"), self.remember(&map));
        let (doc, refs, was) = self.notes(&map);
        Some(SubsectionDecl { name, versions: versions?, fields, subsections, require, remember, doc, refs, was })
    }

    /// A reader takes a subsection for one of the state by the beginning of its name.
    fn check_prefix(&mut self, name: &Spanned<String>, of: Option<&str>) {
        let Some(of) = of else { return };
        if name.value.len() > of.len() && name.value.starts_with(of) && name.value.len() <= LONGEST.saturating_add(1) {
            return;
        }
        let message = format!("`{}` is never read as a subsection of `{}`", excerpt(&name.value), excerpt(of));
        let d = Diagnostic::new(Code::BadValue, message, name.span, "here");
        self.report(d.hint(format!("its name begins with `{of}`, is longer, and has at most 255 bytes")));
    }

    /// `marker`
    pub(super) fn marker(&mut self, map: &Mapping<'_>) -> Option<MarkerDecl> {
        let span = map.key_span("marker")?;
        let inner = self.mapping(map.get("marker")?, &MARKER, span)?;
        let [none, some, more, end] = ["none", "some", "more", "end"].map(|key| self.byte_at(&inner, key));
        let given = ["none", "some", "more", "end"].map(|key| inner.has(key));
        let whole = matches!(given, [true, _, false, false] | [false, false, true, true]);
        if !whole {
            self.bad_marker(span);
            return None;
        }
        if inner.has("none") && !["count", "until", "while"].iter().any(|key| map.has(key)) {
            let message = "`marker` with `none` is about the elements of a list";
            let d = Diagnostic::new(Code::NeedsList, message, span, "not a list");
            self.report(d.hint("a list has `count`, `until`, `while` or a `marker` with `more`"));
            return None;
        }
        let whole = [&none, &some, &more, &end].into_iter().flatten().count() == given.iter().filter(|it| **it).count();
        whole.then_some(MarkerDecl { none, some, more, end, span })
    }

    fn bad_marker(&mut self, span: Span) {
        let d = Diagnostic::new(Code::OneOf, "a marker that says neither one thing nor the other", span, "here");
        self.report(d.hint("write `{none: BYTE}`, `{none: BYTE, some: BYTE}` or `{more: BYTE, end: BYTE}`"));
    }
}
