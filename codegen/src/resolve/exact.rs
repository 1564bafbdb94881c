//! Sizes and offsets that are constant, in a finished model. Unlike [`Size`](crate::model::Size), which says what is read as one
//! block, these see through windows of a constant size, and switches whose cases are all as long.

use crate::model::{Body, Content, Expr, ExprKind, Field, FieldId, Format, Policy, Struct, TypeId, Union, Until};

/// The size of one value of a content.
pub(crate) fn exact_size(format: &Format, content: &Content) -> Option<u64> {
    match content {
        Content::Type { id, .. } => exact_type(format, *id),
        other => super::content_size(format, other).fixed(),
    }
}

/// The offset of a field from the start of its struct.
pub(crate) fn exact_offset(format: &Format, ty: TypeId, field: FieldId) -> Option<u64> {
    let s = format.ty(ty).as_struct()?;
    let own = s.fields.get(field.0)?;
    let before = s.fields.iter().take(field.0);
    if own.at.is_some() || own.presence.is_some() {
        return None;
    }
    before.map(|f| exact_field(format, f)).sum()
}

/// Takes away windows that are as long as what is in them, so that such a type is read as one block.
pub(super) fn drop_windows(format: &mut Format) {
    for id in 0..format.types.len() {
        let Some(s) = format.ty(TypeId(id)).as_struct() else { continue };
        let size = s.window.as_ref().filter(|w| w.slack == Policy::None).and_then(|w| super::constant(&w.size));
        let plain = s.fields.iter().all(|f| !matches!(f.content, Content::Type { .. }));
        let rest = super::type_exprs(format.ty(TypeId(id))).into_iter().any(names_rest);
        if size.is_some()
            && plain
            && !rest
            && super::struct_size(format, s).fixed() == size
            && let Body::Struct(s) = &mut TypeId(id).of_mut(&mut format.types).body
        {
            s.window = None;
        }
    }
}

fn names_rest(e: &Expr) -> bool {
    let mut found = false;
    super::walk(e, &mut |e| found |= matches!(e.kind, ExprKind::Rest));
    found
}

fn exact_type(format: &Format, id: TypeId) -> Option<u64> {
    let ty = format.ty(id);
    if ty.recursive {
        return None;
    }
    match &ty.body {
        Body::Bits(bits) => Some(u64::from(bits.bytes)),
        Body::Union(union) => exact_union(format, union),
        Body::Struct(s) => exact_struct(format, s),
    }
}

fn exact_struct(format: &Format, s: &Struct) -> Option<u64> {
    match &s.window {
        Some(window) => super::constant(&window.size),
        None if s.slack != Policy::None => None,
        None => s.fields.iter().map(|f| exact_field(format, f)).sum(),
    }
}

fn exact_union(format: &Format, union: &Union) -> Option<u64> {
    let mut sizes = union.cases.iter().map(|case| match &case.body {
        Some(body) => exact_field(format, body),
        None => Some(0),
    });
    let first = sizes.next()??;
    sizes.all(|size| size == Some(first)).then_some(first)
}

/// The size of a field that is always there, right behind the one before.
fn exact_field(format: &Format, field: &Field) -> Option<u64> {
    if field.presence.is_some() || field.at.is_some() {
        return None;
    }
    if let Some(window) = &field.window {
        return super::constant(&window.size);
    }
    let one = exact_size(format, &field.content)?;
    match field.repeat.as_ref().map(|r| &r.until) {
        None => Some(one),
        Some(Until::Count(n)) => one.checked_mul(super::constant(n)?),
        Some(_) => None,
    }
}
