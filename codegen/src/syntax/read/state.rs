//! `state`, and `remember`, which fills it.

use super::Reader;
use super::cursor::Mapping;
use super::keys::STATE;
use super::names::Named;
use crate::diagnostic::{Code, Diagnostic};
use crate::source::Spanned;
use crate::syntax::ast::{ParamDecl, RememberDecl, RememberValues, StateDecl, StateHolds};
use crate::syntax::yaml::{Kind, Node};

impl Reader<'_> {
    /// `state`
    pub(super) fn state(&mut self, top: &Mapping<'_>) -> Vec<StateDecl> {
        let Some(node) = top.get("state") else { return Vec::new() };
        let mut out = Vec::new();
        for (key, value) in self.entries(node, "a mapping from names to state") {
            let decl = self.state_decl(key, value);
            out.extend(self.or_lost(key, decl));
        }
        out
    }

    fn state_decl(&mut self, key: &Node, value: &Node) -> Option<StateDecl> {
        let name = self.name(key, Named::Value);
        let map = self.mapping(value, &STATE, key.span)?;
        let (per, doc) = (self.reference_at(&map, "per"), self.text_at(&map, "doc"));
        let holds = self.state_holds(&map);
        Some(StateDecl { name: name?, per: per?, holds: holds?, doc })
    }

    /// A cell, a row, a set or a table.
    fn state_holds(&mut self, map: &Mapping<'_>) -> Option<StateHolds> {
        let (cell, init) = (self.reference_at(map, "cell"), self.expr_at(map, "init"));
        let (key, max) = (self.reference_at(map, "key"), self.expr_at(map, "max"));
        match (map.has("cell"), map.has("row"), map.has("key")) {
            (true, false, false) if !map.has("max") => Some(StateHolds::Cell(cell?, init)),
            (true, false, false) => self.no_meaning(map, "max", "a cell holds one value; only what has keys can grow"),
            (false, true, false) if map.has("max") => {
                self.no_meaning(map, "max", "a row holds one value for each column; with `key` it is a table of rows")
            }
            (false, _, _) if map.has("init") => {
                self.no_meaning(map, "init", "only a cell starts from something; `present(state.NAME)` asks for a row")
            }
            (false, true, false) => Some(StateHolds::Row(self.row(map)?)),
            (false, _, true) if !map.has("max") => self.no_max(map),
            (false, false, true) => Some(StateHolds::Set(key?, max?)),
            (false, true, true) => Some(StateHolds::Table(key?, self.row(map)?, max?)),
            (cell, row, key) => {
                let named = [(cell, "`cell`"), (row, "`row`"), (key, "`key`")];
                self.not_one_kind(map, &named.map(|(is_there, name)| if is_there { name } else { "" }))
            }
        }
    }

    fn row(&mut self, map: &Mapping<'_>) -> Option<Vec<ParamDecl>> {
        let node = map.get("row")?;
        if matches!(&node.kind, Kind::Map(entries) if entries.is_empty()) {
            let d = Diagnostic::new(Code::EmptyFields, "a row of no columns", node.span, "nothing to remember");
            self.report(d.hint("a set of keys has no `row`: `{per: TYPE, key: TYPE, max: 64}`"));
            return None;
        }
        Some(self.params(map, "row"))
    }

    fn no_meaning(&mut self, map: &Mapping<'_>, key: &str, hint: &str) -> Option<StateHolds> {
        let message = format!("`{key}` has no meaning here");
        let d = Diagnostic::new(Code::DoesNotFit, message, map.key_span(key)?, "does not fit");
        self.report(d.hint(hint));
        None
    }

    fn no_max(&mut self, map: &Mapping<'_>) -> Option<StateHolds> {
        let what = if map.has("row") { "a table" } else { "a set" };
        let message = format!("{what} without `max`");
        let d = Diagnostic::new(Code::MissingKey, message, map.owner, "how many keys there may be is missing");
        self.report(d.hint("what is read must not fill the memory: `max: 1024`"));
        None
    }

    fn not_one_kind(&mut self, map: &Mapping<'_>, named: &[&str]) -> Option<StateHolds> {
        let named: Vec<_> = named.iter().copied().filter(|name| !name.is_empty()).collect();
        let what = if named.is_empty() { "nothing in it".to_owned() } else { named.join(" and ") };
        let message = format!("state with {what}");
        let d = Diagnostic::new(Code::MissingKey, message, map.owner, "it has to hold something, of one kind");
        self.report(d.hint(
            "`cell: TYPE` holds one value, `row: {name: TYPE, ...}` several, `key: TYPE` a set of keys, and with `row` a table",
        ));
        None
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
