//! Segments of a struct: runs of fields that are read and written as one block, and fields that stand alone.

use super::ctx::Ctx;
use crate::model::{Content, Field, FieldId, Length, MOST_IN_BLOCK, Struct};

/// A segment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Segment {
    /// Fields with their offsets in the block, and its size.
    Block(Vec<(FieldId, u64)>, u64),
    /// One field.
    Single(FieldId),
}

/// The segments of a struct. With a window that starts in the middle, a segment ends behind the field that says its size.
#[must_use]
pub fn of(ctx: &Ctx<'_>, s: &Struct) -> Vec<Segment> {
    let mut out: Vec<Segment> = Vec::new();
    let mut cut = true;
    for (i, field) in s.fields.iter().enumerate() {
        let id = FieldId(i);
        let Some(size) = block_size(ctx, field) else {
            out.push(Segment::Single(id));
            cut = true;
            continue;
        };
        match out.last_mut() {
            Some(Segment::Block(fields, len)) if !cut && len.saturating_add(size) <= MOST_IN_BLOCK => {
                fields.push((id, *len));
                *len = len.saturating_add(size);
            }
            _ => out.push(Segment::Block(vec![(id, 0)], size)),
        }
        cut = s.window_field == Some(id);
    }
    out.into_iter().map(|segment| alone(s, segment)).collect()
}

/// A held type that has nothing beside it is read by itself, unless it is all there is.
fn alone(s: &Struct, segment: Segment) -> Segment {
    match &segment {
        Segment::Block(fields, _) => match fields.as_slice() {
            [(id, _)] if id.of(&s.fields).type_id().is_some() && s.fields.len() > 1 => Segment::Single(*id),
            _ => segment,
        },
        Segment::Single(_) => segment,
    }
}

/// The size of a field that can be part of a block.
#[must_use]
pub fn block_size(ctx: &Ctx<'_>, field: &Field) -> Option<u64> {
    let fits = match &field.content {
        Content::Scalar(_) | Content::Magic(_) => true,
        Content::Zero(Length::Const(n)) => *n <= 4096,
        Content::Type { id, .. } => ctx.ty(*id).size.fixed().is_some(),
        _ => false,
    };
    field.size.fixed().filter(|n| field.is_plain() && fits && *n <= MOST_IN_BLOCK)
}

/// Whether a type is one block: read from and written to an array.
#[must_use]
pub fn is_block(ctx: &Ctx<'_>, s: &Struct) -> bool {
    let segments = of(ctx, s);
    let plain = s.window.is_none() && s.slack == crate::model::Policy::None && !s.is_place;
    plain && matches!(segments.as_slice(), [Segment::Block(..)])
}
