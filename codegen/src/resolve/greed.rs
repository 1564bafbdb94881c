//! How much of what is left fields and types take.

use super::fields;
use crate::model::{Body, Content, Field, Format, Greed, Length, Policy, Struct, Type, TypeId, Until};

/// What is known of types.
pub(super) type OfType<'k> = &'k dyn Fn(TypeId) -> Greed;

/// How much a field of a finished model takes of what is left around it.
pub(crate) fn field_greed(format: &Format, field: &Field) -> Greed {
    of_field(&|id| format.ty(id).greed, field)
}

/// The same of one value of a content.
pub(crate) fn content_greed(format: &Format, content: &Content) -> Greed {
    of_content(&|id| format.ty(id).greed, content)
}

/// How much a type takes.
pub(super) fn of_type(known: OfType<'_>, ty: &Type) -> Greed {
    let all = fields(&ty.body).into_iter().map(|f| of_field(known, f));
    match &ty.body {
        Body::Bits(_) | Body::Struct(Struct { window: Some(_), .. }) => Greed::None,
        Body::Struct(s) if s.slack != Policy::None => Greed::Always,
        Body::Struct(_) => all.max().unwrap_or(Greed::None),
        Body::Union(u) => {
            let without = u.cases.iter().filter(|case| case.body.is_none()).map(|_| Greed::None);
            let all: Vec<Greed> = all.chain(without).collect();
            match (all.iter().min(), all.iter().max()) {
                (Some(least), Some(most)) => (*least).max((*most).min(Greed::Maybe)),
                _ => Greed::None,
            }
        }
    }
}

fn of_field(known: OfType<'_>, field: &Field) -> Greed {
    if field.window.is_some() || field.aside.is_some() {
        return Greed::None;
    }
    let greed = match field.repeat.as_ref().map(|r| &r.until) {
        Some(Until::Rest) => Greed::Always,
        Some(_) => of_content(known, &field.content).min(Greed::Maybe),
        None => of_content(known, &field.content),
    };
    if field.presence.is_some() { greed.min(Greed::Maybe) } else { greed }
}

fn of_content(known: OfType<'_>, content: &Content) -> Greed {
    match content {
        Content::Bytes(l) | Content::Blob(l) | Content::Utf8(l) | Content::Utf16(l) | Content::Zero(l) => match l {
            Length::Rest => Greed::Always,
            _ => Greed::None,
        },
        Content::Type { id, .. } => known(*id),
        _ => Greed::None,
    }
}
