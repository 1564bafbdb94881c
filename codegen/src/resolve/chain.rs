//! Paths of names while they are followed.

use crate::model::{Expr, Place, Ty, TypeId};

/// A path while it is followed.
#[derive(Debug, Clone)]
pub(super) struct Chain {
    /// The type in which it starts.
    pub(super) owner: TypeId,
    pub(super) place: Place,
    pub(super) ty: Ty,
    pub(super) absent: bool,
    /// Length and type of the part in front of the first list step.
    pub(super) list: Option<(usize, Ty)>,
    pub(super) names: Vec<String>,
    /// The key, for a row of a table.
    pub(super) key: Option<Box<Expr>>,
}

impl Chain {
    /// The start of a path: whether it can be absent, and its name.
    pub(super) fn start(owner: TypeId, place: Place, ty: Ty, (absent, name): (bool, &str)) -> Self {
        Self { owner, place, ty, absent, list: None, names: vec![name.to_owned()], key: None }
    }

    /// The same, looked up by a key.
    pub(super) fn with_key(self, key: Expr) -> Self {
        Self { key: Some(Box::new(key)), ..self }
    }
}
