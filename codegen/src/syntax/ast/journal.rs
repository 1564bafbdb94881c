//! `journal` as it was written.

use super::RuleDecl;
use crate::source::{Span, Spanned};
use crate::syntax::expr::Expr;

/// `journal`: a ring of entries that are replayed.
#[derive(Debug, Clone)]
pub struct JournalDecl {
    /// `at`: where the ring starts.
    pub at: Expr,
    /// `size`: its length in bytes.
    pub size: Expr,
    /// `stride`: bytes from one place where an entry may start to the next.
    pub stride: Expr,
    /// `entry`: the type of an entry.
    pub entry: Spanned<String>,
    /// `live`: whether what it says is still to be done.
    pub live: Expr,
    /// `accept`: whether an entry belongs to the journal as it is now.
    pub accept: Expr,
    /// `follows`: whether an entry continues the sequence that `prev` ends.
    pub follows: Expr,
    /// `newest`: what is greatest in the last entry of the newest sequence.
    pub newest: Expr,
    /// `tail`: offset in the ring of the first entry to replay.
    pub tail: Expr,
    /// `require`: rules on the last entry, before anything is written.
    pub require: Vec<RuleDecl>,
    /// `grow`: bytes that the storage has at least afterwards.
    pub grow: Option<Expr>,
    /// `apply`
    pub apply: ApplyDecl,
}

/// `apply`: what an entry does, element by element.
#[derive(Debug, Clone)]
pub struct ApplyDecl {
    /// `list`: a list of the entry.
    pub list: Spanned<String>,
    /// `at`: where in the storage.
    pub at: Expr,
    /// `zeros`: how many zeros go there.
    pub zeros: Option<Expr>,
    /// `bytes`: parts of the entry that go there, where there are no zeros.
    pub bytes: Vec<Expr>,
    /// The key it stands behind.
    pub span: Span,
}
