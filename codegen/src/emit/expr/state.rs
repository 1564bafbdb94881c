//! What is looked up in the state: cells, rows, keys.
//!
//! A text from a cell or a row is shared: whatever borrows it must end with the statement, or hold on to the text by itself. A
//! text from a table stays as long as the state.

use super::place::{Reached, What, finish, param_kind};
use super::{Env, Kind, Mode, Operand};
use crate::emit::args::argument;
use crate::emit::names::ident;
use crate::model::{Cell, CellKind, Expr, ExprKind, Param, ParamTy, Place, Root, ScopeId, Step};
use proc_macro2::TokenStream;
use quote::quote;

impl Env<'_> {
    /// A cell of the state, or a column of a row.
    pub(super) fn cell(&self, id: ScopeId, steps: &[Step]) -> Reached {
        let Some((cell, of)) = self.cell_at(id, steps) else {
            return Reached { tokens: self.lent_state(id), what: What::Kind(Kind::Opaque), optional: false };
        };
        let optional = cell.is_absent_first();
        let all = Reached { tokens: quote!(#of.get()), what: What::Kind(Kind::Opaque), optional };
        match (&cell.kind, steps.get(1)) {
            (CellKind::Value(param, init), _) => {
                let tokens =
                    if param.ty == ParamTy::Text { self.text(&all.tokens, init.as_deref()) } else { all.tokens };
                let what = What::Kind(param_kind(&param.ty));
                self.follow(Reached { tokens, what, optional }, steps.get(1..).unwrap_or(&[]))
            }
            (CellKind::Row(_, columns), Some(Step::Column(i))) => {
                let Some(column) = columns.get(*i) else { return all };
                let (name, row) = (ident(&column.rust), &all.tokens);
                let as_text = (column.ty == ParamTy::Text).then(|| quote!(.as_deref()));
                let tokens = quote!(#row.map(|row| row.#name) #as_text);
                let what = What::Kind(param_kind(&column.ty));
                self.follow(Reached { tokens, what, optional }, steps.get(2..).unwrap_or(&[]))
            }
            _ => all,
        }
    }

    /// A shared text as bytes: what it is at first, until one was remembered.
    fn text(&self, shared: &TokenStream, init: Option<&Expr>) -> TokenStream {
        let first = init.map(|init| self.emit(init).tokens).map(|init| quote!(.unwrap_or(#init)));
        quote!(#shared.as_deref() #first)
    }

    /// A cell, and its member of the state.
    fn cell_at(&self, id: ScopeId, steps: &[Step]) -> Option<(&Cell, TokenStream)> {
        let (scope, state) = self.state(id);
        let cell = steps.first().and_then(|s| if let Step::Cell(i) = s { scope.cells.get(*i) } else { None })?;
        let name = ident(&cell.rust);
        Some((cell, quote!(#state.#name)))
    }

    /// A row of a table, or something in it.
    pub(super) fn row(&self, place: &Place, key: &Expr) -> Operand {
        let Root::State(id) = place.root else { return Operand::plain(quote!(None), Kind::Opaque) };
        let found =
            self.cell_at(id, &place.steps).and_then(|(cell, of)| Some((cell, self.by_key(cell.key()?, key), of)));
        let Some((cell, (option, key), of)) = found else { return Operand::plain(quote!(None), Kind::Opaque) };
        let row = if let Some(option) = option {
            quote!(#option.and_then(|key| #of.get(#key)))
        } else {
            quote!(#of.get(#key))
        };
        let (columns, rest) = (cell.columns(), place.steps.get(2..).unwrap_or(&[]));
        let column = place.steps.get(1).and_then(|s| if let Step::Column(i) = s { columns.get(*i) } else { None });
        let Some(column) = column else { return Operand::plain(row, Kind::Opaque).with_mode(Mode::Absent) };
        let name = ident(&column.rust);
        let value = if column.ty == ParamTy::Text { quote!(&*row.#name) } else { quote!(row.#name) };
        let reached = Reached {
            tokens: quote!(#row.map(|row| #value)),
            what: What::Kind(param_kind(&column.ty)),
            optional: true,
        };
        finish(self.follow(reached, rest))
    }

    /// Whether a set or table has a key.
    pub(super) fn has_key(&self, place: &Place, key: &Expr) -> Operand {
        let Root::State(id) = place.root else { return Operand::plain(quote!(false), Kind::Bool) };
        let found = self.cell_at(id, &place.steps).and_then(|(cell, of)| Some((self.by_key(cell.key()?, key), of)));
        let Some(((option, key), of)) = found else { return Operand::plain(quote!(false), Kind::Bool) };
        let tokens = if let Some(option) = option {
            quote!(#option.is_some_and(|key| #of.has(#key)))
        } else {
            quote!(#of.has(#key))
        };
        Operand::plain(tokens, Kind::Bool)
    }

    /// A reference to a key as the state has it. Where it may not be there, or not fit, the first is an `Option` of what is
    /// called `key` in the second.
    fn by_key(&self, param: &Param, key: &Expr) -> (Option<TokenStream>, TokenStream) {
        let ((tokens, fallible), part) = (argument(self, key, param), key_part(&param.ty));
        let is_text = param.ty == ParamTy::Text;
        if fallible {
            return (Some(tokens), if is_text { quote!(key) } else { quote!(&key #part) });
        }
        let operand = self.emit(key);
        let brackets = operand.infix && operand.tokens.to_string() == tokens.to_string();
        let value = if brackets { quote!((#tokens)) } else { tokens };
        (None, if is_text { value } else { quote!(&#value #part) })
    }

    /// A text for which somebody has to hold on to it, as an `Option` of that, or as that itself; the flag says which.
    pub(crate) fn shared_text(&self, e: &Expr) -> Option<(TokenStream, bool)> {
        if !self.borrows_shared(e) {
            return None;
        }
        let shared = quote!(vmspec_runtime::state::SharedText);
        let operand = self.emit(e);
        let direct = if let ExprKind::Place(Place { root: Root::State(id), steps }) = &e.kind {
            self.cell_at(*id, steps).and_then(|(cell, of)| direct(cell, &of, steps))
        } else {
            None
        };
        let tokens = operand.atom();
        Some(match (operand.mode, direct) {
            (Mode::Plain, _) => (quote!(#shared::from(#tokens)), false),
            (_, Some(direct)) => (direct, true),
            (_, None) => (quote!(#tokens.map(#shared::from)), true),
        })
    }

    /// Whether an expression is a text that lies in a cell or row, or may be one.
    pub(crate) fn borrows_shared(&self, e: &Expr) -> bool {
        match &e.kind {
            ExprKind::Place(Place { root: Root::State(id), steps }) => {
                let ty = self.cell_at(*id, steps).and_then(|(cell, _)| match (&cell.kind, steps.get(1)) {
                    (CellKind::Value(param, _), _) => Some(param.ty.clone()),
                    (CellKind::Row(_, columns), Some(Step::Column(i))) => columns.get(*i).map(|c| c.ty.clone()),
                    _ => None,
                });
                ty == Some(ParamTy::Text)
            }
            ExprKind::If(_, yes, no) => self.borrows_shared(yes) || self.borrows_shared(no),
            _ => false,
        }
    }
}

/// The shared text itself, where it is absent at first.
fn direct(cell: &Cell, of: &TokenStream, steps: &[Step]) -> Option<TokenStream> {
    match (&cell.kind, steps.get(1)) {
        (CellKind::Value(..), _) => Some(quote!(#of.get())),
        (CellKind::Row(_, columns), Some(Step::Column(i))) => {
            let name = ident(&columns.get(*i)?.rust);
            Some(quote!(#of.get().map(|row| row.#name)))
        }
        _ => None,
    }
}

/// What makes a key that can be sorted of a value.
#[must_use]
pub(crate) fn key_part(ty: &ParamTy) -> TokenStream {
    match ty {
        ParamTy::Enum(_) => quote!(.repr()),
        ParamTy::Flags(_) => quote!(.bits()),
        ParamTy::Guid(_) => quote!(.0),
        _ => TokenStream::new(),
    }
}
