//! `state` and `remember` as they were written.

use super::ParamDecl;
use crate::source::Spanned;
use crate::syntax::expr::Expr;

/// One of `state`: a cell or a row that one record fills for later ones.
#[derive(Debug, Clone)]
pub struct StateDecl {
    /// Its name.
    pub name: Spanned<String>,
    /// `per`: the type with every value of which it starts afresh.
    pub per: Spanned<String>,
    /// What it holds.
    pub holds: StateHolds,
    /// `doc`
    pub doc: Option<Spanned<String>>,
}

/// What a cell of the state holds.
#[derive(Debug, Clone)]
pub enum StateHolds {
    /// `cell`: a value of this type, and `init`, what it is first.
    Cell(Spanned<String>, Option<Expr>),
    /// `row`: names and types of values that are remembered together.
    Row(Vec<ParamDecl>),
}

/// One entry of `remember`.
#[derive(Debug, Clone)]
pub struct RememberDecl {
    /// The cell or row.
    pub name: Spanned<String>,
    /// What it is from here on.
    pub values: RememberValues,
}

/// What is remembered.
#[derive(Debug, Clone)]
pub enum RememberValues {
    /// Of a cell.
    One(Expr),
    /// Of a row, by column.
    Row(Vec<(Spanned<String>, Expr)>),
}
