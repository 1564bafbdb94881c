//! Switches whose cases all take the same number of bytes: they are part of the block that they stand in.

use crate::model::{Case, Content, Field, MOST_IN_BLOCK, Tag, TypeId, Union};

/// The size of all cases, where it is one and every case is a type that is read from an array.
pub(super) fn size(of: &dyn Fn(TypeId) -> Option<u64>, union: &Union) -> Option<u64> {
    let plain = union.require.is_empty() && !matches!(union.tag, Tag::Text);
    let mut sizes = union.cases.iter().map(|case| case_size(of, case));
    let first = sizes.next().flatten().filter(|n| plain && (1..=MOST_IN_BLOCK).contains(n))?;
    sizes.all(|size| size == Some(first)).then_some(first)
}

fn case_size(of: &dyn Fn(TypeId) -> Option<u64>, case: &Case) -> Option<u64> {
    let body = case.body.as_deref().filter(|body| case.when.is_none() && is_bare(body))?;
    match &body.content {
        Content::Type { id, .. } => of(*id),
        _ => None,
    }
}

/// Whether a body is a value of its type and nothing else.
fn is_bare(body: &Field) -> bool {
    let free = body.valid.is_empty() && body.expect.is_empty() && body.remember.is_empty();
    body.is_plain() && body.copies.is_none() && free
}
