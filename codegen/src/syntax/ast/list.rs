//! What lists are made over, and rules over their elements.

use crate::source::Span;
use crate::syntax::expr::Expr;

/// `each: list where condition`
#[derive(Debug, Clone)]
pub struct EachDecl {
    /// The list.
    pub list: Expr,
    /// What its elements are chosen by, with the element as `it`.
    pub filter: Expr,
    /// All of it.
    pub span: Span,
    /// All of it as written.
    pub text: String,
}

/// `disjoint: {start, size}`
#[derive(Debug, Clone)]
pub struct Disjoint {
    /// Where an element's range starts.
    pub start: Expr,
    /// How long it is.
    pub size: Expr,
}
