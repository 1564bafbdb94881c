//! `inputs` and `externs` as they were written: what callers give beside the bytes.

use super::ParamDecl;
use crate::source::Spanned;
use crate::syntax::expr::Expr;

/// One of `inputs`: a fact that the bytes do not hold.
#[derive(Debug, Clone)]
pub struct InputDecl {
    /// Its name.
    pub name: Spanned<String>,
    /// `type`
    pub kind: Spanned<String>,
    /// `init`: what it is where nobody says.
    pub init: Expr,
    /// `doc`
    pub doc: Option<Spanned<String>>,
}

/// One of `externs`: code by hand that tells how long something is.
#[derive(Debug, Clone)]
pub struct ExternDecl {
    /// Its name.
    pub name: Spanned<String>,
    /// `args`: what it is asked with.
    pub args: Vec<ParamDecl>,
    /// `doc`
    pub doc: Option<Spanned<String>>,
}
