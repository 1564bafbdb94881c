//! Accessors of views: one per field on the wire, one per part of an integer.

use super::args;
use super::bits;
use super::ctx::Ctx;
use super::decode;
use super::docs;
use super::expr::{Env, Side};
use super::names::ident;
use super::rust_type::{self, bits_for, local};
use super::scalar::{Block, Raise, version};
use super::view::{self, method, named, needed, raw_of, within};
use crate::model::{Bits, Content, Expr, Field, FieldId, Keep, Part, PartKind, Scalar, TypeId};
use proc_macro2::{Literal, TokenStream};
use quote::{format_ident, quote};

/// What an accessor gives, and from what.
struct Accessor {
    /// Type of what it gives, when nothing is wrong.
    of: TokenStream,
    /// The body; of a fallible one a `Result`.
    body: TokenStream,
    fallible: bool,
    /// Whether the body can be evaluated in a constant.
    constant: bool,
}

/// The accessor of a field of a block; nothing for a field without a name.
#[must_use]
pub fn accessor(ctx: &Ctx<'_>, id: TypeId, all: &[(FieldId, u64)], of: (FieldId, u64)) -> TokenStream {
    let Some((field, accessor)) = built(ctx, id, all, of) else { return TokenStream::new() };
    let mut doc = docs::doc(field.doc.as_deref(), &format!("`{}`", field.name));
    doc.extend(docs::refs(&field.refs));
    written(&field.rust, &doc, &accessor)
}

/// Whether the accessor of a field gives a `Result`.
#[must_use]
pub fn is_fallible(ctx: &Ctx<'_>, id: TypeId, all: &[(FieldId, u64)], of: (FieldId, u64)) -> bool {
    built(ctx, id, all, of).is_some_and(|(_, accessor)| accessor.fallible)
}

fn written(rust: &str, doc: &TokenStream, accessor: &Accessor) -> TokenStream {
    let (method, Accessor { of, body, constant, .. }) = (method(rust), accessor);
    if accessor.fallible {
        return quote! {
            #doc
            #[doc = ""]
            /// # Errors
            /// When the value is unknown, or is something else.
            #[inline]
            pub fn #method(self) -> Result<#of, Fault> { #body }
        };
    }
    let constant = constant.then(|| quote!(const));
    quote!(#doc #[inline] #[must_use] pub #constant fn #method(self) -> #of { #body })
}

fn built<'c>(ctx: &Ctx<'c>, id: TypeId, all: &[(FieldId, u64)], of: (FieldId, u64)) -> Option<(&'c Field, Accessor)> {
    let field = ctx.format.field(id, of.0)?;
    if field.name == "_" {
        return None;
    }
    let mut accessor = match &field.content {
        Content::Scalar(scalar) => of_scalar(ctx, id, (field, *scalar), of.1),
        Content::Type { id: inner, args } => of_type(ctx, id, (field, *inner, args), of.1),
        _ => of_bytes(field.size.fixed().unwrap_or(0), of.1),
    };
    let body = needed(ctx, id, all, &accessor.body, of.0);
    if body.to_string() != accessor.body.to_string() {
        accessor.constant = false;
    }
    if tries(&body) && !accessor.fallible {
        let last = &accessor.body;
        let start = needed(ctx, id, all, last, of.0);
        let whole = start.to_string();
        let before =
            whole.strip_suffix(&last.to_string()).and_then(|t| t.parse::<TokenStream>().ok()).unwrap_or_default();
        accessor.body = quote!(#before Ok(#last));
        accessor.fallible = true;
    } else {
        accessor.body = body;
    }
    accessor.body = named(ctx, id, &accessor.body, &quote!(self));
    Some((field, accessor))
}

fn tries(body: &TokenStream) -> bool {
    body.to_string().contains('?')
}

fn of_bytes(size: u64, at: u64) -> Accessor {
    let (off, n) = (Literal::u64_unsuffixed(at), Literal::u64_unsuffixed(size));
    Accessor { of: quote!(&'a [u8; #n]), body: quote!(get::<#off, #n, _>(self.bytes)), fallible: false, constant: true }
}

fn of_scalar(ctx: &Ctx<'_>, id: TypeId, field: (&Field, Scalar), at: u64) -> Accessor {
    let (field, scalar) = field;
    let env = Env::new(ctx, id, Side::Read);
    let of = rust_type::scalar(ctx, scalar);
    let raw = raw_of(ctx, scalar, at);
    match kept(&env, field, scalar, &raw) {
        Some(body) => return Accessor { of, body, fallible: false, constant: false },
        None if matches!(scalar, Scalar::Bytes(_)) => return of_bytes(scalar.size(&[], &[]), at),
        None => {}
    }
    if !matches!(scalar, Scalar::Bool | Scalar::Enum(_) | Scalar::Flags(_)) {
        return Accessor { of, body: raw, fallible: false, constant: true };
    }
    let block = Block { env: &env, array: quote!(self.bytes), raise: Raise::Fault };
    let name = local(&field.rust);
    let decode = block.decode(field, scalar, at, &name);
    Accessor { of, body: quote!(#decode Ok(#name)), fallible: true, constant: false }
}

/// The value of an enum or flags of which every value is kept.
fn kept(env: &Env<'_>, field: &Field, scalar: Scalar, raw: &TokenStream) -> Option<TokenStream> {
    match scalar {
        Scalar::Enum(id) => {
            let e = id.of(&env.ctx.format.enums);
            let (name, version) = (ident(&e.rust), e.versioned.then(|| version(env)).map(|v| quote!(, #v)));
            matches!(field.unknown.as_ref().unwrap_or(&e.unknown), Keep::Always)
                .then(|| quote!(#name::from_repr_kept(#raw #version)))
        }
        Scalar::Flags(id) => {
            let f = id.of(&env.ctx.format.flags);
            let name = ident(&f.rust);
            matches!(field.unknown.as_ref().unwrap_or(&f.unknown), Keep::Always)
                .then(|| quote!(#name::from_bits_kept(#raw)))
        }
        _ => None,
    }
}

/// The view of what a field holds.
fn of_type(ctx: &Ctx<'_>, id: TypeId, field: (&Field, TypeId, &[Expr]), at: u64) -> Accessor {
    let (field, inner, with) = field;
    let env = Env::new(ctx, id, Side::Read);
    let size = ctx.ty(inner).size.fixed().unwrap_or(0);
    let (off, n) = (Literal::u64_unsuffixed(at), Literal::u64_unsuffixed(size));
    // A view would have to hold on to a text that may be replaced.
    if !view::has_view(ctx, inner) || with.iter().any(|e| env.borrows_shared(e)) {
        return of_bytes(size, at);
    }
    let view = view::name(ctx, inner);
    let (before, args) = args::build(&env, inner, with);
    let params = decode::from_bytes_args(ctx, inner, &args);
    let new = quote!(#view::new(get::<#off, #n, _>(self.bytes) #params));
    let checked = view::is_checked(ctx, inner);
    let before = decode::computed(&env, field, &before, (&Raise::Fault, at));
    let within = within(field, at);
    let (fallible, last) = match (checked, before.is_empty()) {
        (true, _) => (true, quote!(#new #within)),
        (false, true) => (false, new),
        (false, false) => (true, quote!(Ok(#new))),
    };
    Accessor { of: quote!(#view<'a>), body: quote!(#before #last), fallible, constant: false }
}

/// The view of a bits type.
#[must_use]
pub fn of_bits(ctx: &Ctx<'_>, id: TypeId, bits: &Bits) -> TokenStream {
    let total = bits.bytes.saturating_mul(8);
    let get = format_ident!("get_u{total}");
    let order = (total > 8).then(|| quote!(, order));
    let read = quote!(#get::<0, _>(self.bytes #order));
    let whole = if total == 64 { read } else { quote!(u64::from(#read)) };
    let whole = named(ctx, id, &whole, &quote!(self));
    let (new, parts) = (view::plain_new(ctx, id), bits.parts.iter().map(|part| of_part(ctx, id, bits, part)));
    let inside = quote! {
        #new
        #(#parts)*
        /// All of it as a number.
        #[inline]
        #[must_use]
        pub fn bits(self) -> u64 { #whole }
    };
    view::frame(ctx, id, &inside)
}

fn of_part(ctx: &Ctx<'_>, id: TypeId, bits: &Bits, part: &Part) -> TokenStream {
    if part.name == "_" {
        return TokenStream::new();
    }
    let env = Env::new(ctx, id, Side::Read);
    let total = bits.bytes.saturating_mul(8);
    let cut = bits::cut(part, total);
    let width = bits_for(part.width);
    let ty = format_ident!("u{width}");
    let number = if width == 64 { cut.clone() } else { quote!(expr::low::<#ty>(#cut)) };
    let (body, fallible) = match part.kind {
        PartKind::UInt | PartKind::Zero | PartKind::ZeroKept => (number, false),
        PartKind::Bool => (quote!((#cut) != 0), false),
        PartKind::Enum(e) => {
            let e = e.of(&ctx.format.enums);
            let (of, name) = (ident(&e.rust), ident(&part.rust));
            if matches!(part.unknown.as_ref().unwrap_or(&e.unknown), Keep::Always) {
                (quote!(#of::from_repr_kept(#number)), false)
            } else {
                let decode = bits::decode(&env, part, total);
                (quote!(#decode Ok(#name)), true)
            }
        }
    };
    let body = named(ctx, id, &quote!(let bits = self.bits(); #body), &quote!(self));
    let body = if body.to_string() == "let bits = self . bits () ; bits" { quote!(self.bits()) } else { body };
    let doc = docs::doc(part.doc.as_deref(), &bits::words(part));
    let of = rust_type::part(ctx, part.width, part.kind);
    written(&part.rust, &doc, &Accessor { of, body, fallible, constant: false })
}
