//! `state` and `remember` as they were written.

use super::ParamDecl;
use crate::source::Spanned;
use crate::syntax::expr::Expr;

/// One of `state`: what one record fills for later ones.
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

/// What one of `state` holds.
#[derive(Debug, Clone)]
pub enum StateHolds {
    /// `cell`: a value of this type, and `init`, what it is first.
    Cell(Spanned<String>, Option<Expr>),
    /// `row`: names and types of values that are remembered together.
    Row(Vec<ParamDecl>),
    /// `key` and `max`: a set of keys.
    Set(Spanned<String>, Expr),
    /// The same beside `row`: a row for each key.
    Table(Spanned<String>, Vec<ParamDecl>, Expr),
}

/// One entry of `remember`.
#[derive(Debug, Clone)]
pub struct RememberDecl {
    /// The cell, row, set or table.
    pub name: Spanned<String>,
    /// What it is from here on.
    pub values: RememberValues,
}

/// What is remembered.
#[derive(Debug, Clone)]
pub enum RememberValues {
    /// Of a cell or set.
    One(Expr),
    /// Of a row or table, by column; the key of a table is called `key`.
    Row(Vec<(Spanned<String>, Expr)>),
}
