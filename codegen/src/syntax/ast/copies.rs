//! Copies of a field, as written.

use crate::source::Span;
use crate::syntax::expr::Expr;

/// `copies: {at, newest}`
#[derive(Debug, Clone)]
pub struct CopiesDecl {
    /// `at`: where they start.
    pub at: Vec<Expr>,
    /// `newest`: the valid copy for which this is the greatest counts.
    pub newest: Option<Expr>,
    /// The key.
    pub span: Span,
}
