//! Going over mappings and lists: shapes, unknown keys, missing keys.

use super::Reader;
use super::keys::{CONSTRUCTS, Construct, Key, Shape};
use crate::diagnostic::{Code, Diagnostic, did_you_mean, excerpt};
use crate::source::{Span, Spanned};
use crate::syntax::yaml::{Kind, Node};

/// A list of keys longer than this helps nobody.
const KEYS_LISTED: usize = 24;

/// A mapping whose keys are those of a construct.
#[derive(Clone, Copy)]
pub(super) struct Mapping<'n> {
    entries: &'n [(Node, Node)],
    construct: &'static Construct,
    /// Where people look for it: the key it belongs to.
    pub(super) owner: Span,
}

impl<'n> Mapping<'n> {
    fn entry(&self, key: &str) -> Option<&'n (Node, Node)> {
        self.entries.iter().find(|(k, _)| k.scalar() == Some(key))
    }

    /// The value of a key.
    pub(super) fn get(&self, key: &str) -> Option<&'n Node> {
        self.entry(key).map(|(_, value)| value)
    }

    /// Whether a key is there.
    pub(super) fn has(&self, key: &str) -> bool {
        self.entry(key).is_some()
    }

    /// Where a key stands, if it is there.
    pub(super) fn key_span(&self, key: &str) -> Option<Span> {
        self.entry(key).map(|(k, _)| k.span)
    }

    /// The key as written, with its place.
    pub(super) fn key(&self, key: &str) -> Option<Spanned<String>> {
        self.key_span(key).map(|span| Spanned::new(key.to_owned(), span))
    }

    /// The keys that are there and whose values are not read yet.
    pub(super) fn later(&self) -> Vec<Spanned<String>> {
        let later = self.construct.all().filter(|key| matches!(key.shape, Shape::Later));
        later.filter_map(|key| self.key(key.name)).collect()
    }

    /// The first unknown keys; there may be very many.
    fn unknown_keys(&self) -> impl Iterator<Item = &'n str> {
        let construct = self.construct;
        let keys = self.entries.iter().filter_map(|(key, _)| key.scalar());
        keys.filter(|key| construct.key(key).is_none()).take(KEYS_LISTED)
    }

    /// What the mapping is.
    pub(super) fn construct(&self) -> &'static Construct {
        self.construct
    }
}

/// What a node is, in messages.
pub(super) fn shape_of(node: &Node) -> &'static str {
    match &node.kind {
        Kind::Scalar { .. } if node.is_absent() => "nothing",
        Kind::Scalar { .. } => "a single value",
        Kind::Seq(_) => "a list",
        Kind::Map(_) => "a mapping",
    }
}

impl Reader<'_> {
    /// A mapping with the keys of `construct`, which belongs to the key at `owner`.
    pub(super) fn mapping<'n>(
        &mut self,
        node: &'n Node,
        construct: &'static Construct,
        owner: Span,
    ) -> Option<Mapping<'n>> {
        let Kind::Map(entries) = &node.kind else {
            self.wrong_shape(node, "a mapping", None);
            return None;
        };
        let mapping = Mapping { entries, construct, owner };
        for (key, _) in entries {
            self.check_key(key, construct);
        }
        self.check_missing(&mapping);
        Some(mapping)
    }

    /// The entries of a mapping whose keys are free.
    pub(super) fn entries<'n>(&mut self, node: &'n Node, expected: &str) -> &'n [(Node, Node)] {
        match &node.kind {
            Kind::Map(entries) => entries,
            Kind::Scalar { .. } | Kind::Seq(_) => {
                self.wrong_shape(node, expected, None);
                self.lost.push("*".to_owned());
                &[]
            }
        }
    }

    /// The items of a list.
    pub(super) fn items<'n>(&mut self, node: &'n Node, expected: &str) -> &'n [Node] {
        match &node.kind {
            Kind::Seq(items) => items,
            Kind::Scalar { .. } | Kind::Map(_) => {
                self.wrong_shape(node, expected, None);
                self.lost.push("*".to_owned());
                &[]
            }
        }
    }

    /// Reports a shape other than `expected`.
    pub(super) fn wrong_shape(&mut self, node: &Node, expected: &str, hint: Option<&str>) {
        if node.is_left_out() {
            return;
        }
        let message = format!("expected {expected}, found {}", shape_of(node));
        let diagnostic = Diagnostic::new(Code::WrongShape, message, first_of(node), format!("expected {expected}"));
        self.report(diagnostic.maybe_hint(hint.map(str::to_owned)));
    }

    fn check_key(&mut self, key: &Node, construct: &'static Construct) {
        let text = key.scalar().unwrap_or("");
        let ignored = text.starts_with("x-") && std::ptr::eq(construct, &raw const super::keys::TOP_LEVEL);
        if construct.key(text).is_some() || ignored {
            return;
        }
        let message = format!("unknown key `{}` in {}", excerpt(text), construct.name);
        let diagnostic = Diagnostic::new(Code::UnknownKey, message, key.span, "not allowed here");
        let hint = (!self.diagnostics.is_full()).then(|| key_hint(text, construct));
        self.report(diagnostic.maybe_hint(hint));
    }

    /// Reports the required keys that are not there, in one diagnostic as they have one place.
    fn check_missing(&mut self, mapping: &Mapping<'_>) {
        let required = mapping.construct.all().filter(|key| key.required && !mapping.has(key.name));
        // A key that is only misspelled has been reported.
        let misspelled = |key: &Key| mapping.unknown_keys().any(|unknown| did_you_mean(unknown, [key.name]).is_some());
        let missing: Vec<&Key> = required.filter(|key| !misspelled(key)).collect();
        if missing.is_empty() {
            return;
        }
        let keys = if missing.len() == 1 { "key" } else { "keys" };
        let names = missing.iter().map(|key| format!("`{}`", key.name)).collect::<Vec<_>>().join(", ");
        let hints = missing.iter().map(|key| format!("`{}`: {}", key.name, key.doc)).collect::<Vec<_>>().join("; ");
        let message = format!("missing {keys} {names} in {}", mapping.construct.name);
        let label = format!("without {names}");
        self.report(Diagnostic::new(Code::MissingKey, message, mapping.owner, label).hint(hints));
    }
}

/// The part of a node that a caret is drawn at: a long list or mapping would fill the screen.
pub(super) fn first_of(node: &Node) -> Span {
    match &node.kind {
        Kind::Scalar { .. } => node.span,
        Kind::Seq(items) => items.first().map_or(node.span, first_of),
        Kind::Map(entries) => entries.first().map_or(node.span, |(key, _)| key.span),
    }
}

/// What to do about a key that does not exist in `construct`.
fn key_hint(text: &str, construct: &'static Construct) -> String {
    let names = || construct.all().map(|key| key.name);
    let allowed: Vec<_> = names().collect();
    let homes: Vec<_> = CONSTRUCTS.iter().filter(|c| c.key(text).is_some()).map(|c| c.name).take(3).collect();
    if !homes.is_empty() {
        return format!("`{text}` is a key of {}", homes.join(" and of "));
    }
    let near = did_you_mean(text, names());
    let list =
        (allowed.len() <= KEYS_LISTED || near.is_none()).then(|| format!("allowed keys: {}", allowed.join(", ")));
    near.into_iter().chain(list).collect::<Vec<_>>().join(" ")
}
