//! How the structs of a switch's cases lie in memory. A case of bytes alone would start right behind the byte that tells the cases
//! apart, at an odd address: what is put together there in pieces and then moved in words has to wait for each piece.

use super::ctx::Ctx;
use super::union_block;
use crate::model::{Body, Content, Field, Repr, Scalar, TypeId, Union};
use proc_macro2::{Literal, TokenStream};
use quote::quote;

/// The attribute of a struct that is one case of several, where another case is aligned anyway and this one finds room in it.
#[must_use]
pub fn of_case(ctx: &Ctx<'_>, id: TypeId) -> Option<TokenStream> {
    let (switch, union) = around(ctx, id)?;
    if !union_block::is_block(ctx, switch) {
        return None;
    }
    let cases: Vec<TypeId> = cases(union).collect();
    let most = cases.iter().map(|case| of(ctx, *case)).max()?;
    let room = |case: TypeId| ctx.ty(case).size.fixed().unwrap_or(0).next_multiple_of(most.max(1));
    let aligned = cases.iter().filter(|case| of(ctx, **case) == most).map(|case| room(*case)).max()?;
    let most_there = Literal::u64_unsuffixed(most);
    (of(ctx, id) < most && room(id) <= aligned).then(|| quote!(#[repr(align(#most_there))]))
}

/// The switch that a type without a name is a case of.
fn around<'a>(ctx: &Ctx<'a>, id: TypeId) -> Option<(TypeId, &'a Union)> {
    let switch = ctx.ty(id).outer?;
    match &ctx.ty(switch).body {
        Body::Union(union) => Some((switch, union)),
        _ => None,
    }
}

fn cases(union: &Union) -> impl Iterator<Item = TypeId> {
    union.cases.iter().filter_map(|case| case.body.as_deref()?.type_id())
}

/// The alignment of a type, in bytes.
fn of(ctx: &Ctx<'_>, id: TypeId) -> u64 {
    match &ctx.ty(id).body {
        Body::Struct(s) => s.fields.iter().filter(|f| f.is_held()).map(|f| of_field(ctx, f)).max().unwrap_or(1),
        Body::Union(union) => cases(union).map(|case| of(ctx, case)).max().unwrap_or(1),
        Body::Bits(_) => 1,
    }
}

fn of_field(ctx: &Ctx<'_>, field: &Field) -> u64 {
    match &field.content {
        Content::Scalar(scalar) => of_scalar(ctx, *scalar),
        Content::Type { id, .. } => of(ctx, *id),
        _ => 1,
    }
}

fn of_scalar(ctx: &Ctx<'_>, scalar: Scalar) -> u64 {
    match scalar {
        Scalar::Guid | Scalar::Uuid | Scalar::Bytes(_) | Scalar::Bool => 1,
        Scalar::Enum(id) => match id.of(&ctx.format.enums) {
            of if of.has_unknown && matches!(of.repr, Repr::UInt(_) | Repr::Int(_)) => of.repr.size(),
            _ => 1,
        },
        _ => scalar.size(&ctx.format.enums, &ctx.format.flags).next_power_of_two().min(8),
    }
}
