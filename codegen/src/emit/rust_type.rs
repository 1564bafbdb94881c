//! Types of members, locals and wire values in Rust.

use super::ctx::Ctx;
use super::names::ident;
use crate::model::{
    Content, EnumId, Field, FieldId, Length, Param, ParamTy, PartKind, Policy, Role, Scalar, Ty, TypeId,
};
use proc_macro2::{Ident, Literal, TokenStream};
use quote::{format_ident, quote};

/// Names of locals that generated functions use for themselves.
const OWN: &[&str] = &[
    "src", "sink", "order", "args", "base", "driven", "outer", "len", "index", "it", "n", "b", "checksum", "findings",
    "at", "sum", "value", "last", "rest", "rule", "expr", "get", "put", "window", "tag", "binrw", "core", "alloc",
    "found", "block", "listed", "place", "whole", "event", "started", "elements", "goes_on", "opened", "again",
];

/// What the locals end in that generated functions have beside that of a field.
const BESIDE: &[&str] = &["_at", "_aside", "_driven", "_kept"];

/// The local of a field.
#[must_use]
pub fn local(rust: &str) -> Ident {
    let is_beside = BESIDE.iter().any(|end| rust.ends_with(end));
    if is_beside || OWN.contains(&rust) { format_ident!("{rust}_") } else { ident(rust) }
}

/// A byte order.
#[must_use]
pub fn order(big: bool) -> TokenStream {
    if big { quote!(Endian::Big) } else { quote!(Endian::Little) }
}

/// A value of an enum.
#[must_use]
pub fn enum_value(ctx: &Ctx<'_>, id: EnumId, i: usize) -> TokenStream {
    let e = id.of(&ctx.format.enums);
    let (name, value) = (ident(&e.rust), e.values.get(i).map(|v| ident(&v.rust)));
    quote!(#name::#value)
}

/// The smallest width of an integer type that holds so many bits.
#[must_use]
pub fn bits_for(width: u32) -> u32 {
    width.next_power_of_two().clamp(8, 64)
}

/// The type of an integer part.
#[must_use]
pub fn part(ctx: &Ctx<'_>, width: u32, kind: PartKind) -> TokenStream {
    match kind {
        PartKind::Bool => quote!(bool),
        PartKind::Enum(id) => {
            let name = ident(&id.of(&ctx.format.enums).rust);
            quote!(#name)
        }
        _ => {
            let name = format_ident!("u{}", bits_for(width));
            quote!(#name)
        }
    }
}

/// The type of a scalar.
#[must_use]
pub fn scalar(ctx: &Ctx<'_>, scalar: Scalar) -> TokenStream {
    let int = |letter: &str, bytes: u32| {
        let name = format_ident!("{letter}{}", bytes.saturating_mul(8));
        quote!(#name)
    };
    match scalar {
        Scalar::UInt(n) => int("u", n),
        Scalar::Int(n) => int("i", n),
        Scalar::F32 => quote!(f32),
        Scalar::F64 => quote!(f64),
        Scalar::Bool => quote!(bool),
        Scalar::Enum(id) => {
            let name = ident(&id.of(&ctx.format.enums).rust);
            quote!(#name)
        }
        Scalar::Flags(id) => {
            let name = ident(&id.of(&ctx.format.flags).rust);
            quote!(#name)
        }
        Scalar::Guid => quote!(Guid),
        Scalar::Uuid => quote!(Uuid),
        Scalar::Bytes(n) => {
            let n = Literal::usize_unsuffixed(n);
            quote!([u8; #n])
        }
    }
}

/// The name of a type, or of its companion that holds driven fields too.
#[must_use]
pub fn of_type(ctx: &Ctx<'_>, id: TypeId, wired: bool) -> Ident {
    let name = &ctx.ty(id).rust;
    if wired && ctx.ty(id).is_driven_outside() { format_ident!("{name}Wire") } else { ident(name) }
}

/// The type of one value of a field: an element of a list, or the field itself, present.
#[must_use]
pub fn element(ctx: &Ctx<'_>, field: &Field, wired: bool) -> TokenStream {
    match &field.content {
        Content::Scalar(s) => scalar(ctx, *s),
        Content::Magic(bytes) => {
            let n = Literal::usize_unsuffixed(bytes.len());
            quote!([u8; #n])
        }
        Content::Bytes(_) => quote!(Vec<u8>),
        Content::Utf8(_) => quote!(String),
        Content::Utf16(_) => quote!(Utf16),
        Content::Blob(_) | Content::Lazy(_) => quote!(Blob),
        Content::CStr => quote!(CString),
        Content::PStr(_) => quote!(Text),
        Content::Zero(length) => zeros(length, matches!(field.role, Role::ImpliedKept)),
        Content::Align(_) => quote!(Padding),
        Content::Type { id, .. } => {
            let name = of_type(ctx, *id, wired);
            field.copies.as_ref().map_or_else(|| quote!(#name), |copies| super::copies::member(&quote!(#name), copies))
        }
    }
}

fn zeros(length: &Length, kept: bool) -> TokenStream {
    match length {
        Length::Const(n) if *n <= 4096 => {
            let n = Literal::u64_unsuffixed(*n);
            quote!(Reserved<#n>)
        }
        Length::Rest if kept => quote!(Zeros),
        Length::Rest => quote!(u64),
        _ => quote!(Padding),
    }
}

/// Whether a field lies behind a `Box`: it holds a type that can hold itself, or is a large case of a switch.
#[must_use]
pub fn is_boxed(ctx: &Ctx<'_>, field: &Field) -> bool {
    field.boxed || holds_itself(ctx, field)
}

/// Whether a field holds a type that can hold itself, so that a `Box` is between, of what is borrowed too.
#[must_use]
pub fn holds_itself(ctx: &Ctx<'_>, field: &Field) -> bool {
    field.repeat.is_none() && field.type_id().is_some_and(|id| ctx.ty(id).recursive)
}

/// The type of a field's member.
#[must_use]
pub fn member(ctx: &Ctx<'_>, ty: TypeId, id: FieldId, field: &Field) -> TokenStream {
    let wired = !ctx.is_driver_of(ty, id);
    let mut out = element(ctx, field, wired);
    let kept_magic = matches!((&field.content, &field.role), (Content::Magic(_), Role::ImpliedKept));
    if kept_magic || matches!(&field.role, Role::Pinned(pin) if pin.kept) {
        out = quote!(Kept<#out>);
    }
    if field.repeat.is_some() {
        out = quote!(Vec<#out>);
    }
    if is_boxed(ctx, field) {
        out = quote!(Box<#out>);
    }
    if field.is_optional() { quote!(Option<#out>) } else { out }
}

/// The member that holds what a gap or the slack of a window has, and its type.
#[must_use]
pub fn extra(field: &Field, policy: Policy, constant: bool, suffix: &str) -> Option<(Ident, TokenStream)> {
    let name = format_ident!("{}_{suffix}", field.rust);
    match policy {
        Policy::Keep => Some((name, quote!(Blob))),
        Policy::Zero if !constant => Some((name, quote!(u64))),
        _ => None,
    }
}

/// The member for a field's gap.
#[must_use]
pub fn gap(field: &Field) -> Option<(Ident, TokenStream)> {
    let at = field.at.as_ref()?;
    extra(field, at.gap, at.constant().is_some(), "gap")
}

/// The member for the slack of a field's window.
#[must_use]
pub fn slack(field: &Field) -> Option<(Ident, TokenStream)> {
    let window = field.window.as_ref()?;
    extra(field, window.slack, crate::resolve::constant(&window.size).is_some(), "slack")
}

/// The member for the slack of a type's own window.
#[must_use]
pub fn own_slack(s: &crate::model::Struct) -> Option<(Ident, TokenStream)> {
    let (policy, constant) = match &s.window {
        Some(window) => (window.slack, crate::resolve::constant(&window.size).is_some()),
        None => (s.slack, false),
    };
    let name = format_ident!("slack");
    match policy {
        Policy::Keep if s.is_place => Some((name, quote!(Vec<Blob>))),
        Policy::Keep => Some((name, quote!(Blob))),
        Policy::Zero if !constant => Some((name, quote!(u64))),
        _ => None,
    }
}

/// The type of a param in its struct of arguments.
#[must_use]
pub fn param(ctx: &Ctx<'_>, param: &Param) -> TokenStream {
    lent_for(ctx, param, &quote!('a))
}

/// The type of a param as that of a function.
#[must_use]
pub fn param_of_function(ctx: &Ctx<'_>, param: &Param) -> TokenStream {
    lent_for(ctx, param, &TokenStream::new())
}

fn lent_for(ctx: &Ctx<'_>, param: &Param, lifetime: &TokenStream) -> TokenStream {
    let out = match &param.ty {
        ParamTy::UInt(n) => scalar(ctx, Scalar::UInt(*n)),
        ParamTy::Int(n) => scalar(ctx, Scalar::Int(*n)),
        ParamTy::Bool => quote!(bool),
        ParamTy::Enum(id) => scalar(ctx, Scalar::Enum(*id)),
        ParamTy::Flags(id) => scalar(ctx, Scalar::Flags(*id)),
        ParamTy::Guid(true) => quote!(Guid),
        ParamTy::Guid(false) => quote!(Uuid),
        ParamTy::Text => quote!(&#lifetime [u8]),
        ParamTy::Ref(ty) => {
            let ty = borrowed(ctx, ty);
            quote!(&#lifetime #ty)
        }
        ParamTy::Place => quote!(&#lifetime Place),
        ParamTy::State(id) => {
            let name = ident(&id.of(&ctx.format.scopes).rust);
            quote!(&#lifetime #name)
        }
        ParamTy::Inputs => quote!(Inputs),
        ParamTy::Externs => quote!(&'a dyn Externs),
    };
    if param.absent { quote!(Option<#out>) } else { out }
}

/// What a captured value is a reference to.
fn borrowed(ctx: &Ctx<'_>, ty: &Ty) -> TokenStream {
    match ty {
        Ty::List(of) => {
            let of = borrowed(ctx, of);
            quote!([#of])
        }
        Ty::Type(id) => {
            let name = of_type(ctx, *id, true);
            quote!(#name)
        }
        Ty::Int(range) => {
            let letter = if range.min < 0 { "i" } else { "u" };
            let bits =
                [8, 16, 32].into_iter().find(|b| range.max < 1_i128.checked_shl(*b).unwrap_or(i128::MAX)).unwrap_or(64);
            let name = format_ident!("{letter}{bits}");
            quote!(#name)
        }
        Ty::Bool => quote!(bool),
        Ty::Enum(id) => scalar(ctx, Scalar::Enum(*id)),
        Ty::Flags(id) => scalar(ctx, Scalar::Flags(*id)),
        Ty::Guid { mixed: true } => quote!(Guid),
        Ty::Guid { mixed: false } => quote!(Uuid),
        Ty::Float => quote!(f64),
        Ty::Utf16 => quote!(Utf16),
        _ => quote!(Vec<u8>),
    }
}

/// Whether a type's struct of arguments borrows.
#[must_use]
pub fn args_borrow(params: &[Param]) -> bool {
    params.iter().any(|p| p.ty == ParamTy::Externs) || lent(params)
}

/// Whether that is something that lives in what is being read.
#[must_use]
pub fn lent(params: &[Param]) -> bool {
    params.iter().any(|p| matches!(p.ty, ParamTy::Text | ParamTy::Ref(_) | ParamTy::Place | ParamTy::State(_)))
}

/// The type of a type's arguments, with a lifetime where it borrows: `()` without params.
#[must_use]
pub fn args(ctx: &Ctx<'_>, id: TypeId, lifetime: &TokenStream) -> TokenStream {
    let ty = ctx.ty(id);
    if ty.params.is_empty() {
        return quote!(());
    }
    let name = format_ident!("{}Args", ty.rust);
    if args_borrow(&ty.params) { quote!(#name<#lifetime>) } else { quote!(#name) }
}
