//! Rules and policies.

use super::{Expr, FieldId, Site};

pub use crate::syntax::ast::{Class, Policy};

/// A condition on a value: of `valid`, `expect`, or a type's `require`.
#[derive(Debug, Clone)]
pub struct Rule {
    /// The field it is about; `None` for a type's `require`.
    pub field: Option<FieldId>,
    /// What the rule is about, where that is no field: a `let`.
    pub label: Option<String>,
    /// The condition. `it` is already the field's place.
    pub that: Expr,
    /// Class of a failure, or of the finding.
    pub class: Class,
    /// The author's words.
    pub say: Option<String>,
    /// A phrase for "expected ...".
    pub expected: String,
    /// The field after which it can be evaluated: the last one that it names, at least its own.
    pub after: FieldId,
    /// Where it stands.
    pub site: Site,
}
