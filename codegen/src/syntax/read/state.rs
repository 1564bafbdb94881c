//! `state`, and `remember`, which fills it.

use super::Reader;
use super::cursor::Mapping;
use super::keys::STATE;
use super::names::Named;
use crate::diagnostic::{Code, Diagnostic};
use crate::source::Spanned;
use crate::syntax::ast::{RememberDecl, RememberValues, StateDecl, StateHolds};
use crate::syntax::yaml::{Kind, Node};

impl Reader<'_> {
    /// `state`; keys that are not generated yet are added to `later`.
    pub(super) fn state(&mut self, top: &Mapping<'_>, later: &mut Vec<Spanned<String>>) -> Vec<StateDecl> {
        let Some(node) = top.get("state") else { return Vec::new() };
        let mut out = Vec::new();
        for (key, value) in self.entries(node, "a mapping from names to state") {
            let decl = self.state_decl(key, value, later);
            out.extend(self.or_lost(key, decl));
        }
        out
    }

    fn state_decl(&mut self, key: &Node, value: &Node, later: &mut Vec<Spanned<String>>) -> Option<StateDecl> {
        let name = self.name(key, Named::Value);
        let map = self.mapping(value, &STATE, key.span)?;
        let waits = map.later();
        later.extend(waits.iter().cloned());
        let (per, doc) = (self.reference_at(&map, "per"), self.text_at(&map, "doc"));
        let holds = self.state_holds(&map, !waits.is_empty());
        Some(StateDecl { name: name?, per: per?, holds: holds?, doc })
    }

    /// A cell or a row: one of them, unless something else is said that is not generated yet.
    fn state_holds(&mut self, map: &Mapping<'_>, waits: bool) -> Option<StateHolds> {
        let (cell, init) = (self.reference_at(map, "cell"), self.expr_at(map, "init"));
        match (map.has("cell"), map.has("row")) {
            (true, false) => Some(StateHolds::Cell(cell?, init)),
            (false, true) if !map.has("init") => Some(StateHolds::Row(self.params(map, "row"))),
            (false, true) => {
                let span = map.key_span("init")?;
                let d = Diagnostic::new(Code::DoesNotFit, "`init` has no meaning beside `row`", span, "does not fit");
                self.report(d.hint("a row is absent until it is remembered; `present(state.ROW)` asks"));
                None
            }
            (false, false) if waits => None,
            (both, _) => {
                let what = if both { "`cell` and `row`" } else { "neither `cell` nor `row`" };
                let message = format!("state with {what}");
                let d = Diagnostic::new(Code::MissingKey, message, map.owner, "one of them is needed");
                self.report(d.hint("`cell: TYPE` holds one value, `row: {name: TYPE, ...}` several"));
                None
            }
        }
    }

    /// `remember`: state by name.
    pub(super) fn remember(&mut self, map: &Mapping<'_>) -> Vec<RememberDecl> {
        let Some(node) = map.get("remember") else { return Vec::new() };
        let mut out = Vec::new();
        for (key, value) in self.entries(node, "a mapping from state to what it is from here on") {
            let name = self.reference(key);
            let values = match &value.kind {
                Kind::Map(_) => Some(RememberValues::Row(self.columns(value))),
                _ => self.expr(value).map(RememberValues::One),
            };
            out.extend(name.zip(values).map(|(name, values)| RememberDecl { name, values }));
        }
        out
    }

    fn columns(&mut self, node: &Node) -> Vec<(Spanned<String>, crate::syntax::expr::Expr)> {
        let mut out = Vec::new();
        for (key, value) in self.entries(node, "a mapping from columns to values") {
            let name = self.reference(key);
            let value = self.expr(value);
            out.extend(name.zip(value));
        }
        out
    }
}
