//! Types that hold themselves.

use crate::model::{Body, Content, Format, TypeId};
use std::collections::BTreeSet;

/// Marks the types whose values can hold a value of the same type.
pub(super) fn infer(format: &mut Format) {
    let recursive: Vec<bool> = (0..format.types.len()).map(|id| reaches_itself(format, TypeId(id))).collect();
    for (ty, recursive) in format.types.iter_mut().zip(recursive) {
        ty.recursive = recursive;
    }
}

fn reaches_itself(format: &Format, id: TypeId) -> bool {
    let mut seen = BTreeSet::new();
    let mut open = held_types(&format.ty(id).body);
    while let Some(next) = open.pop() {
        if next == id {
            return true;
        }
        if seen.insert(next) {
            open.extend(held_types(&format.ty(next).body));
        }
    }
    false
}

/// The types of a type's fields.
pub(crate) fn held_types(body: &Body) -> Vec<TypeId> {
    super::sizes::fields(body)
        .into_iter()
        .filter_map(|f| match f.content {
            Content::Type { id, .. } => Some(id),
            _ => None,
        })
        .collect()
}
