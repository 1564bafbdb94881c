//! The keys of a field or case other than its content.

use super::Reader;
use super::cursor::Mapping;
use super::keys::{COPIES, DISJOINT};
use super::names::Named;
use super::words::{BOOLEANS, CLASSES, MISMATCHES, POLICIES};
use crate::source::Spanned;
use crate::syntax::ast::{CopiesDecl, Disjoint, Options};
use crate::syntax::expr::Expr;

impl Reader<'_> {
    pub(super) fn options(&mut self, map: &Mapping<'_>) -> Options {
        let (doc, refs, was) = self.notes(map);
        Options {
            count: self.expr_at(map, "count"),
            until: self.expr_at(map, "until"),
            while_: self.expr_at(map, "while"),
            each: self.each_at(map),
            unique: self.exprs_at(map, "unique"),
            disjoint: self.disjoint(map),
            max_count: self.expr_at(map, "max_count"),
            lazy: self.word_at(map, "lazy", BOOLEANS),
            if_: self.expr_at(map, "if"),
            since: self.integer_at(map, "since"),
            before: self.integer_at(map, "before"),
            size: self.expr_at(map, "size"),
            slack: self.word_at(map, "slack", POLICIES),
            at: self.expr_at(map, "at"),
            gap: self.word_at(map, "gap", POLICIES),
            copies: self.copies(map),
            via: self.expr_at(map, "via"),
            from: self.reference_at(map, "from"),
            value: self.expr_at(map, "value"),
            valid: self.rules_at(map, "valid"),
            expect: self.rules_at(map, "expect"),
            require: self.rules_at(map, "require"),
            mismatch: self.word_at(map, "mismatch", MISMATCHES),
            max: self.expr_at(map, "max"),
            init: self.expr_at(map, "init"),
            unknown: self.unknown_at(map),
            with: self.arguments(map, "with"),
            remember: self.remember(map),
            class: self.word_at(map, "class", CLASSES),
            say: self.text_at(map, "say"),
            as_: self.text_at(map, "as"),
            doc,
            refs,
            was,
            later: map.later(),
        }
    }

    fn disjoint(&mut self, map: &Mapping<'_>) -> Option<Disjoint> {
        let inner = self.mapping(map.get("disjoint")?, &DISJOINT, map.key_span("disjoint")?)?;
        let (start, size) = (self.expr_at(&inner, "start"), self.expr_at(&inner, "size"));
        Some(Disjoint { start: start?, size: size? })
    }

    fn copies(&mut self, map: &Mapping<'_>) -> Option<CopiesDecl> {
        let span = map.key_span("copies")?;
        let inner = self.mapping(map.get("copies")?, &COPIES, span)?;
        Some(CopiesDecl { at: self.exprs_at(&inner, "at"), newest: self.expr_at(&inner, "newest"), span })
    }

    /// `with`: expressions by param name; or `inputs` of an example.
    pub(super) fn arguments(&mut self, map: &Mapping<'_>, key: &str) -> Vec<(Spanned<String>, Expr)> {
        let Some(node) = map.get(key) else { return Vec::new() };
        let mut out = Vec::new();
        for (key, value) in self.entries(node, "a mapping from names to expressions") {
            let name = self.name(key, Named::Value);
            let value = self.expr(value);
            out.extend(name.zip(value));
        }
        out
    }
}
