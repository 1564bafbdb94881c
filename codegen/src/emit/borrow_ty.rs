//! What a borrowed value holds: types of members, and how each becomes a value of its own.

use super::ctx::Ctx;
use super::expr::{Env, Side};
use super::read_field::Part;
use super::read_list;
use super::rust_type::{self, holds_itself, is_boxed};
use super::view;
use crate::model::{Content, Field, Length, Role, Scalar, TypeId};
use proc_macro2::{Ident, Literal, TokenStream};
use quote::{format_ident, quote};

/// How a field, or an element of it, is held by a borrowed value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Held {
    /// As the owned value holds it.
    Own,
    /// Bytes: `Vec<u8>` when owned.
    Bytes,
    /// Bytes: `Blob` when owned.
    Blob,
    /// Bytes: `Text` when owned.
    Text,
    /// `&str`
    Str,
    /// `&CStr`
    CStr,
    /// The view of a block.
    View(TypeId),
    /// The borrowed value of a type.
    Ref(TypeId),
}

/// How a list is held by a borrowed value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum List {
    /// As the owned value holds it.
    Own,
    /// As bytes where they lie.
    Bytes,
    /// As elements of so many bytes, decoded when they are looked at.
    Elements(u64),
    /// Each element by itself.
    Each,
}

/// How one value of a field is held.
#[must_use]
pub fn held(ctx: &Ctx<'_>, field: &Field) -> Held {
    match &field.content {
        Content::Bytes(_) => Held::Bytes,
        Content::Blob(_) => Held::Blob,
        Content::PStr(_) => Held::Text,
        Content::Utf8(_) => Held::Str,
        Content::CStr => Held::CStr,
        Content::Type { .. } if field.copies.is_some() => Held::Own,
        Content::Type { id, .. } if view::has_view(ctx, *id) => Held::View(*id),
        Content::Type { id, .. } if is_lent(ctx, *id) => Held::Ref(*id),
        _ => Held::Own,
    }
}

/// Whether values of a type are borrowed by a type of their own: they lend something, or their parent drives them.
#[must_use]
pub fn is_lent(ctx: &Ctx<'_>, id: TypeId) -> bool {
    ctx.ty(id).is_driven_outside() || lends(ctx, id)
}

/// Whether values of a type lend something.
#[must_use]
pub fn lends(ctx: &Ctx<'_>, id: TypeId) -> bool {
    let (mut open, mut seen) = (vec![id], std::collections::BTreeSet::new());
    while let Some(id) = open.pop() {
        let ty = ctx.ty(id);
        let keeps =
            ty.as_struct().is_some_and(|s| rust_type::own_slack(s).is_some_and(|(_, of)| of.to_string() == "Blob"));
        if keeps || crate::resolve::fields(&ty.body).iter().any(|f| lends_itself(ctx, id, f)) {
            return true;
        }
        let held = crate::resolve::fields(&ty.body).into_iter().filter_map(Field::type_id);
        open.extend(held.filter(|id| seen.insert(*id)));
    }
    false
}

fn lends_itself(ctx: &Ctx<'_>, ty: TypeId, field: &Field) -> bool {
    let extras = [rust_type::gap(field), rust_type::slack(field)];
    if extras.into_iter().flatten().any(|(_, of)| of.to_string() == "Blob") {
        return true;
    }
    match &field.content {
        Content::Type { id, .. } => field.copies.is_none() && view::has_view(ctx, *id),
        Content::Scalar(_) => field.repeat.is_some() && list(ctx, ty, field) != List::Own,
        Content::Bytes(_) | Content::Blob(_) | Content::PStr(_) | Content::Utf8(_) | Content::CStr => true,
        _ => false,
    }
}

/// How a list is held.
#[must_use]
pub fn list(ctx: &Ctx<'_>, ty: TypeId, field: &Field) -> List {
    match &field.content {
        Content::Scalar(Scalar::UInt(1)) => List::Bytes,
        Content::Scalar(Scalar::UInt(n) | Scalar::Int(n)) => List::Elements(u64::from(*n)),
        Content::Scalar(Scalar::Bytes(n)) => List::Elements(u64::try_from(*n).unwrap_or(0)),
        Content::Scalar(_) => List::Own,
        Content::Type { id, .. } if view::has_view(ctx, *id) => {
            let env = Env::new(ctx, ty, Side::Read);
            let part = Part { env: &env, field, drives: false, tail: quote!(?), start: quote!(base), boxed: false };
            match (ctx.ty(*id).size.fixed(), read_list::bulk(&part)) {
                (Some(n), Some(_)) => List::Elements(n),
                _ => List::Each,
            }
        }
        _ if held(ctx, field) == Held::Own => List::Own,
        _ => List::Each,
    }
}

/// Whether the value of a field is held as the owned value holds it.
#[must_use]
pub fn is_own(ctx: &Ctx<'_>, ty: TypeId, field: &Field) -> bool {
    match &field.repeat {
        Some(_) => list(ctx, ty, field) == List::Own,
        None => held(ctx, field) == Held::Own,
    }
}

/// The name of a type's borrowed values.
#[must_use]
pub fn name(ctx: &Ctx<'_>, id: TypeId) -> Ident {
    format_ident!("{}Ref", ctx.ty(id).rust)
}

/// The type of one value.
fn one(ctx: &Ctx<'_>, field: &Field) -> TokenStream {
    match held(ctx, field) {
        Held::Own => rust_type::element(ctx, field, true),
        Held::Bytes | Held::Blob | Held::Text => quote!(&'a [u8]),
        Held::Str => quote!(&'a str),
        Held::CStr => quote!(&'a core::ffi::CStr),
        Held::View(id) => {
            let name = view::name(ctx, id);
            quote!(#name<'a>)
        }
        Held::Ref(id) => {
            let name = name(ctx, id);
            quote!(#name<'a>)
        }
    }
}

/// What the elements of a list are seen as.
#[must_use]
pub fn element(ctx: &Ctx<'_>, field: &Field) -> TokenStream {
    match &field.content {
        Content::Scalar(Scalar::Bytes(n)) => {
            let n = Literal::usize_unsuffixed(*n);
            quote!(&'a [u8; #n])
        }
        _ => one(ctx, field),
    }
}

/// The type of a field that is there, or of the body of a case.
#[must_use]
pub fn present(ctx: &Ctx<'_>, ty: TypeId, field: &Field) -> TokenStream {
    let one = one(ctx, field);
    if field.repeat.is_none() {
        return if holds_itself(ctx, field) { quote!(Box<#one>) } else { one };
    }
    match list(ctx, ty, field) {
        List::Bytes => quote!(&'a [u8]),
        List::Elements(n) => {
            let (of, n) = (element(ctx, field), Literal::u64_unsuffixed(n));
            quote!(vmspec_runtime::Elements<'a, #of, #n>)
        }
        List::Own | List::Each => quote!(Vec<#one>),
    }
}

/// How something borrowed becomes a value of its own.
pub struct Owning {
    /// For one value called so.
    direct: Box<dyn Fn(&TokenStream) -> TokenStream>,
    /// As the argument of a `map`.
    mapping: TokenStream,
    /// Whether it gives a `Result`.
    pub fallible: bool,
    /// Whether it takes a reference.
    by_ref: bool,
}

/// How one value of a field becomes owned; `wired` when with the fields that are driven from outside.
#[must_use]
pub fn owning(ctx: &Ctx<'_>, field: &Field, wired: bool) -> Owning {
    let plain = |direct: fn(&TokenStream) -> TokenStream, mapping: TokenStream| Owning {
        direct: Box::new(direct),
        mapping,
        fallible: false,
        by_ref: false,
    };
    match held(ctx, field) {
        Held::Own => Owning { by_ref: true, ..plain(|x| quote!(#x.clone()), quote!(Clone::clone)) },
        Held::Bytes => plain(|x| quote!(#x.to_vec()), quote!(<[u8]>::to_vec)),
        Held::Blob => plain(|x| quote!(Blob::Bytes(#x.to_vec())), quote!(|it| Blob::Bytes(it.to_vec()))),
        Held::Text => plain(|x| quote!(Text(#x.to_vec())), quote!(|it| Text(it.to_vec()))),
        Held::Str => plain(|x| quote!(String::from(#x)), quote!(String::from)),
        Held::CStr => plain(|x| quote!(CString::from(#x)), quote!(CString::from)),
        Held::View(id) => of_type(ctx, (id, quote!(read), view::name(ctx, id), false), wired, field.boxed),
        Held::Ref(id) => of_type(ctx, (id, quote!(to_value), name(ctx, id), true), wired, is_boxed(ctx, field)),
    }
}

fn of_type(ctx: &Ctx<'_>, of: (TypeId, TokenStream, Ident, bool), wired: bool, boxed: bool) -> Owning {
    let (id, method, name, by_ref) = of;
    let inner = super::names::ident(&super::names::snake(&ctx.ty(id).rust));
    let bare = ctx.ty(id).is_driven_outside() && !wired;
    let after = match (bare, boxed) {
        (true, _) => quote!(.map(|it| it.#inner)),
        (_, true) => quote!(.map(Box::new)),
        _ => TokenStream::new(),
    };
    let mapping = if bare || boxed { quote!(|it| it.#method() #after) } else { quote!(#name::#method) };
    let direct = move |x: &TokenStream| quote!(#x.#method() #after);
    Owning { direct: Box::new(direct), mapping, fallible: true, by_ref }
}

/// The value of its own of a field that is there and called `x`; of what can fail a `Result`.
#[must_use]
pub fn owned(ctx: &Ctx<'_>, ty: TypeId, field: &Field, x: &TokenStream) -> (TokenStream, bool) {
    let wired = true;
    let one = owning(ctx, field, wired);
    if field.repeat.is_none() {
        return ((one.direct)(x), one.fallible);
    }
    let mapping = &one.mapping;
    match list(ctx, ty, field) {
        List::Own => (quote!(#x.clone()), false),
        List::Bytes => (quote!(#x.to_vec()), false),
        List::Elements(_) => match &field.content {
            Content::Scalar(Scalar::Bytes(_)) => (quote!(#x.iter().copied().collect::<Vec<_>>()), false),
            Content::Scalar(_) => (quote!(#x.iter().collect::<Vec<_>>()), false),
            _ => (quote!(#x.iter().map(#mapping).collect::<Result<Vec<_>, Fault>>()), true),
        },
        List::Each if one.fallible => {
            let iter = if one.by_ref { quote!(#x.iter()) } else { quote!(#x.iter().copied()) };
            (quote!(#iter.map(#mapping).collect::<Result<Vec<_>, Fault>>()), true)
        }
        List::Each => (quote!(#x.iter().copied().map(#mapping).collect::<Vec<_>>()), false),
    }
}

/// The value of its own of a field: where it need not be there, an `Option`. Whether it is a `Result`.
#[must_use]
pub fn owned_member(ctx: &Ctx<'_>, at: (TypeId, &Field), x: &TokenStream, wired: bool) -> (TokenStream, bool) {
    let (ty, field) = at;
    if is_own(ctx, ty, field) {
        return (if is_copied(field) { x.clone() } else { quote!(#x.clone()) }, false);
    }
    let one = owning(ctx, field, wired);
    match (field.is_optional(), field.repeat.is_some()) {
        (false, false) => ((one.direct)(x), one.fallible),
        (false, true) => owned(ctx, ty, field, x),
        (true, false) => {
            let mapping = &one.mapping;
            let base = if one.by_ref { quote!(#x.as_ref()) } else { quote!(#x) };
            let transposed = one.fallible.then(|| quote!(.transpose()));
            (quote!(#base.map(#mapping) #transposed), one.fallible)
        }
        (true, true) => {
            let (inner, fallible) = owned(ctx, ty, field, &quote!(it));
            let base = if list(ctx, ty, field) == List::Bytes { quote!(#x) } else { quote!(#x.as_ref()) };
            let map = if list(ctx, ty, field) == List::Bytes { quote!(<[u8]>::to_vec) } else { quote!(|it| #inner) };
            let transposed = fallible.then(|| quote!(.transpose()));
            (quote!(#base.map(#map) #transposed), fallible)
        }
    }
}

/// Whether what is held as the owned value holds it is copied.
fn is_copied(field: &Field) -> bool {
    let zeros = match &field.content {
        Content::Zero(Length::Const(n)) => *n <= 4096,
        Content::Zero(Length::Rest) => !matches!(field.role, Role::ImpliedKept),
        _ => false,
    };
    field.repeat.is_none() && (zeros || matches!(field.content, Content::Scalar(_) | Content::Magic(_)))
}

/// Whether the view of a type can be held by a borrowed value: its arguments must not borrow from a value that is gone.
#[must_use]
pub fn can_hold(ctx: &Ctx<'_>, id: TypeId) -> bool {
    !(view::has_view(ctx, id) && rust_type::args_borrow(&ctx.ty(id).params))
}
