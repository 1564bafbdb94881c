//! What follows for a type from the types it holds, which may hold it in turn.

use crate::model::Format;

/// Goes round until a round says that it changed nothing. Each reaches one type further, so there are no more than types.
pub(crate) fn until_stable(format: &Format, mut round: impl FnMut() -> bool) {
    for _ in 0..=format.types.len() {
        if !round() {
            break;
        }
    }
}
