//! `remember`: what is filled, and with what.

use super::Resolver;
use super::scope::Scope;
use crate::diagnostic::{Code, Diagnostic, did_you_mean};
use crate::model::{Cell, CellKind, Expr, Param, Remember};
use crate::source::Spanned;
use crate::syntax::ast::{RememberDecl, RememberValues};
use crate::syntax::expr;

impl Resolver<'_> {
    /// `remember`.
    pub(super) fn remember(&mut self, scope: &Scope, decls: &[RememberDecl]) -> Vec<Remember> {
        decls.iter().filter_map(|d| self.remembered(scope, d)).collect()
    }

    fn remembered(&mut self, scope: &Scope, decl: &RememberDecl) -> Option<Remember> {
        let at = self.cell_named(&decl.name)?;
        let cell = self.cell(at)?.clone();
        let values = match (&cell.kind, &decl.values) {
            (CellKind::Value(param, _) | CellKind::Set(param, _), RememberValues::One(e)) => {
                vec![self.value_of(scope, &super::scope::ty_of(&param.ty), e)?]
            }
            (CellKind::Row(..) | CellKind::Table(_), RememberValues::Row(given)) => {
                self.row_values(scope, &cell, (decl, given))?
            }
            (CellKind::Value(..), RememberValues::Row(_)) => return self.wrong_form(decl, "one value", "a cell"),
            (CellKind::Set(..), RememberValues::Row(_)) => return self.wrong_form(decl, "one key", "a set"),
            (CellKind::Row(..), RememberValues::One(_)) => {
                return self.wrong_form(decl, "a value for each column", "a row");
            }
            (CellKind::Table(_), RememberValues::One(_)) => {
                return self.wrong_form(decl, "`key` and a value for each column", "a table");
            }
        };
        let (text, site) = (decl.name.value.clone(), self.site(decl.name.span));
        Some(Remember { scope: at.scope, cell: at.cell, values, text, site })
    }

    /// The values of a row; of a table, the key first.
    fn row_values(
        &mut self,
        scope: &Scope,
        cell: &Cell,
        (decl, given): (&RememberDecl, &[(Spanned<String>, expr::Expr)]),
    ) -> Option<Vec<Expr>> {
        self.unknown_columns(cell.params(), given);
        let all: Vec<_> = cell.params().iter().map(|c| self.column_value(scope, c, (decl, given))).collect();
        all.into_iter().collect()
    }

    fn wrong_form<T>(&mut self, decl: &RememberDecl, wanted: &str, what: &str) -> Option<T> {
        let message = format!("`{}` is {what}, and {wanted} is needed", decl.name.value);
        self.error(Code::WrongType, &message, decl.name.span, "remembered here");
        None
    }

    fn unknown_columns(&mut self, columns: &[Param], given: &[(Spanned<String>, expr::Expr)]) {
        for (name, _) in given.iter().filter(|(n, _)| columns.iter().all(|c| c.name != n.value)) {
            let hint = did_you_mean(&name.value, columns.iter().map(|c| c.name.as_str()));
            let message = format!("the row has no column `{}`", name.value);
            let d = Diagnostic::new(Code::UnknownMember, message, name.span, "no column of this name");
            self.out.push(d.maybe_hint(hint));
        }
    }

    fn column_value(
        &mut self,
        scope: &Scope,
        column: &Param,
        (decl, given): (&RememberDecl, &[(Spanned<String>, expr::Expr)]),
    ) -> Option<Expr> {
        let Some((_, e)) = given.iter().find(|(n, _)| n.value == column.name) else {
            let message = format!("`{}` needs a value for `{}`", decl.name.value, column.name);
            self.error(Code::MissingArgument, &message, decl.name.span, &format!("add `{}: ...`", column.name));
            return None;
        };
        self.value_of(scope, &super::scope::ty_of(&column.ty), e)
    }
}
