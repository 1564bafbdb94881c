//! Types that hold themselves.

use crate::model::{Body, Content, Format, TypeId};

/// Marks the types whose values can hold a value of the same type.
pub(super) fn infer(format: &mut Format) {
    let held: Vec<Vec<TypeId>> = format.types.iter().map(|ty| held_types(&ty.body)).collect();
    let recursive: Vec<bool> = (0..format.types.len()).map(|id| reaches_itself(&held, TypeId(id))).collect();
    for (ty, recursive) in format.types.iter_mut().zip(recursive) {
        ty.recursive = recursive;
    }
}

fn reaches_itself(held: &[Vec<TypeId>], id: TypeId) -> bool {
    let mut seen = vec![false; held.len()];
    let mut open = vec![id];
    while let Some(at) = open.pop() {
        for next in at.of(held) {
            if *next == id {
                return true;
            }
            if !std::mem::replace(next.of_mut(&mut seen), true) {
                open.push(*next);
            }
        }
    }
    false
}

/// The types of a type's fields.
pub(crate) fn held_types(body: &Body) -> Vec<TypeId> {
    super::sizes::fields(body)
        .into_iter()
        .filter_map(|f| match f.content.element() {
            Content::Type { id, .. } => Some(*id),
            _ => None,
        })
        .collect()
}
