//! Types and their params, and byte orders.

use super::Reader;
use super::cursor::Mapping;
use super::keys::{ENDIAN, PARAM, TYPE};
use super::names::Named;
use super::words::{CLASSES, ORDERS, POLICIES};
use crate::diagnostic::{Code, Diagnostic, excerpt};
use crate::source::Spanned;
use crate::syntax::ast::{EndianDecl, ParamDecl, TypeBody, TypeDecl};
use crate::syntax::expr::{Expr, ExprKind};
use crate::syntax::yaml::{Kind, Node};

/// `doc`, `refs` and `was`.
pub(super) type Notes = (Option<Spanned<String>>, Vec<Spanned<String>>, Vec<Spanned<String>>);

impl Reader<'_> {
    pub(super) fn types(&mut self, top: &Mapping<'_>) -> Vec<TypeDecl> {
        let Some(node) = top.get("types") else { return Vec::new() };
        let entries = self.entries(node, "a mapping from names to types");
        let mut out = Vec::new();
        for (key, value) in entries {
            let decl = self.type_decl(key, value);
            out.extend(self.or_lost(key, decl));
        }
        out
    }

    fn type_decl(&mut self, key: &Node, value: &Node) -> Option<TypeDecl> {
        let name = self.name(key, Named::Type);
        if matches!(value.kind, Kind::Seq(_)) {
            self.wrong_shape(value, "a mapping", Some("write `fields:` in front of the list"));
            return None;
        }
        let map = self.mapping(value, &TYPE, key.span)?;
        let params = self.params(&map, "params");
        let endian = self.endian_at(&map);
        let (version, vmstate) = (self.version(&map), self.vmstate(&map));
        let (size, max) = (self.expr_at(&map, "size"), self.expr_at(&map, "max"));
        let slack = self.word_at(&map, "slack", POLICIES);
        let (require, remember) = (self.rules_at(&map, "require"), self.remember(&map));
        let body = self.body(&map);
        let class = self.word_at(&map, "class", CLASSES);
        let (doc, refs, was) = self.notes(&map);
        Some(TypeDecl {
            name: name?,
            params,
            endian,
            version,
            size,
            slack,
            max,
            require,
            remember,
            body: body?,
            class,
            doc,
            refs,
            was,
            vmstate,
        })
    }

    fn body(&mut self, map: &Mapping<'_>) -> Option<TypeBody> {
        let repr = self.type_at(map, "bits");
        let node = map.get("fields")?;
        let fields = self.fields(node);
        if !map.has("vmstate") {
            self.refuse_empty(node, "a type");
        }
        match (repr, map.has("bits")) {
            (Some(repr), _) => Some(TypeBody::Bits { repr, fields }),
            (None, true) => None,
            (None, false) => Some(TypeBody::Fields(fields)),
        }
    }

    /// Reports `fields` that is there and has none.
    pub(super) fn refuse_empty(&mut self, node: &Node, what: &str) {
        if matches!(&node.kind, Kind::Seq(items) if items.is_empty()) {
            let message = format!("{what} without fields");
            self.report(Diagnostic::new(Code::EmptyFields, message, node.span, "empty"));
        }
    }

    /// `version`; that of a device state says which there are.
    fn version(&mut self, map: &Mapping<'_>) -> Option<Expr> {
        let node = map.get("version").filter(|_| !map.has("vmstate"))?;
        if matches!(node.kind, Kind::Map(_)) {
            self.wrong_shape(node, "an expression", Some("`{current, minimum}` is for a type with `vmstate`"));
            return None;
        }
        self.expr(node)
    }

    /// Names and types: `params` of a type, the columns of a row.
    pub(super) fn params(&mut self, map: &Mapping<'_>, key: &str) -> Vec<ParamDecl> {
        let Some(node) = map.get(key) else { return Vec::new() };
        let mut out = Vec::new();
        for (key, value) in self.entries(node, "a mapping from names to types") {
            let name = self.name(key, Named::Value);
            let param = self.param(key, value);
            let decl = self.or_lost(key, name.zip(param));
            out.extend(decl.map(|(name, (kind, doc))| ParamDecl { name, kind, doc, default: None }));
        }
        out
    }

    fn param(&mut self, key: &Node, value: &Node) -> Option<(Spanned<String>, Option<Spanned<String>>)> {
        if !matches!(value.kind, Kind::Map(_)) {
            return Some((self.reference(value)?, None));
        }
        let map = self.mapping(value, &PARAM, key.span)?;
        let doc = self.text_at(&map, "doc");
        Some((self.reference_at(&map, "type")?, doc))
    }

    /// `endian` of a file or a type.
    pub(super) fn endian_at(&mut self, map: &Mapping<'_>) -> Option<EndianDecl> {
        let node = map.get("endian")?;
        if matches!(node.kind, Kind::Map(_)) {
            return self.endian_by_trial(node, map);
        }
        if node.scalar().is_some_and(|text| ORDERS.iter().any(|(word, _)| *word == text)) {
            return self.word(node, ORDERS).map(EndianDecl::Fixed);
        }
        let expr = self.expr(node)?;
        // A bare name is a byte order or nothing: no other value is one.
        if matches!(expr.kind, ExprKind::Name(_)) {
            let message = format!("`{}` is not a byte order", excerpt(&expr.text));
            let hint = "write `le` or `be`, or a choice such as `if big then be else le`";
            self.report(Diagnostic::new(Code::UnknownWord, message, expr.span, "here").hint(hint));
            return None;
        }
        Some(EndianDecl::Expr(expr))
    }

    fn endian_by_trial(&mut self, node: &Node, map: &Mapping<'_>) -> Option<EndianDecl> {
        let trial = self.mapping(node, &ENDIAN, map.key_span("endian")?)?;
        let listed = trial.get("try").map(|orders| self.items(orders, "a list of byte orders")).unwrap_or_default();
        let orders = listed.iter().filter_map(|item| self.word(item, ORDERS)).collect();
        let condition = self.expr_at(&trial, "where")?;
        Some(EndianDecl::Try { orders, condition, span: node.span })
    }

    pub(super) fn notes(&mut self, map: &Mapping<'_>) -> Notes {
        (self.text_at(map, "doc"), self.texts_at(map, "refs"), self.texts_at(map, "was"))
    }
}
