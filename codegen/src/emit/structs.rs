//! Structs: the type, its companions, its inherent functions and its `Wire`.

use super::block;
use super::ctx::Ctx;
use super::docs;
use super::names::ident;
use super::rules::uses;
use super::rust_type::{self, gap, member, own_slack, slack};
use super::segment;
use super::wire::{Reading, parse_block, shell, wire_impl};
use super::{driven, findings, measure, read, write};
use crate::model::{Content, Field, FieldId, Length, Order, Policy, Role, Struct, Type, TypeId};
use proc_macro2::{Literal, TokenStream};
use quote::{format_ident, quote};

/// Derives of every value type.
#[must_use]
pub fn derives() -> TokenStream {
    quote! {
        #[derive(Clone, Debug, PartialEq)]
        #[cfg_attr(feature = "serde", derive(serde::Serialize))]
        #[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]
    }
}

/// Everything of a struct.
#[must_use]
pub fn emit(ctx: &Ctx<'_>, id: TypeId, s: &Struct) -> TokenStream {
    let (views, refs) = (super::view::emit(ctx, id, s), super::borrow::emit(ctx, id, s));
    let pull = super::pull::emit(ctx, id);
    let (checks, journals) = (super::journal::element::check_fn(ctx, id, s), super::journal::emit(ctx, id, s));
    let parts = [
        definition(ctx, id, s),
        companions(ctx, id, s),
        inherent(ctx, id, s),
        wire(ctx, id, s),
        views,
        checks,
        refs,
        pull,
        journals,
    ];
    quote!(#(#parts)*)
}

fn definition(ctx: &Ctx<'_>, id: TypeId, s: &Struct) -> TokenStream {
    let ty = ctx.ty(id);
    let (name, derives) = (ident(&ty.rust), derives());
    let mut doc = docs::doc(ty.doc.as_deref(), &format!("`{}`", ty.name));
    doc.extend(docs::refs(&ty.refs));
    if ty.is_driven_outside() {
        let all = docs::listed(s.outside.iter().map(|id| id.of(&s.fields).name.as_str()));
        let text = docs::markdown_line(&format!(
            "{all} follow from what is around it. Where it stands alone, [`{name}Wire`] holds them too."
        ));
        doc.extend(quote!(#[doc = ""] #text));
    }
    doc.extend(super::borrow::note(ctx, id));
    doc.extend(super::pull::note(ctx, id));
    let order = byte_order(ty);
    let fields = s.fields.iter().enumerate().map(|(i, f)| members(ctx, id, FieldId(i), f));
    let few = few_zeros(s.window.as_ref().map_or(s.slack, |window| window.slack));
    let slack = own_slack(s).map(|(name, ty)| quote!(#[doc = " What follows the fields."] #few pub #name: #ty,));
    let aligned = super::alignment::of_case(ctx, id);
    quote!(#doc #derives #aligned pub struct #name { #order #(#fields)* #slack })
}

/// The member for a byte order that was found by trial.
#[must_use]
pub fn byte_order(ty: &Type) -> Option<TokenStream> {
    ty.holds_order().then(|| {
        quote! {
            /// The byte order it was read in, and is written in.
            #[cfg_attr(feature = "serde", serde(serialize_with = "vmspec_runtime::serde::endian"))]
            #[cfg_attr(feature = "arbitrary", arbitrary(with = vmspec_runtime::arbitrary::endian))]
            pub byte_order: Endian,
        }
    })
}

/// The members of a field: its gap, itself, its slack.
#[must_use]
pub fn members(ctx: &Ctx<'_>, id: TypeId, at: FieldId, f: &Field) -> TokenStream {
    let before = gap(f).map(|(name, ty)| {
        let doc = docs::markdown_line(&format!("What lies between the field before and `{}`.", f.name));
        let few = f.at.as_ref().and_then(|at| few_zeros(at.gap));
        quote!(#doc #few pub #name: #ty,)
    });
    let own = f.is_held().then(|| {
        let (name, ty) = (ident(&f.rust), member(ctx, id, at, f));
        let mut doc = docs::doc(f.doc.as_deref(), &format!("`{}`", f.name));
        doc.extend(versions(f));
        doc.extend(super::copies::doc(f));
        doc.extend(docs::refs(&f.refs));
        let attributes = attributes(f, true);
        quote!(#doc #attributes pub #name: #ty,)
    });
    let after = slack(f).map(|(name, ty)| {
        let doc = docs::markdown_line(&format!("What follows `{}` in its window.", f.name));
        let few = f.window.as_ref().and_then(|window| few_zeros(window.slack));
        quote!(#doc #few pub #name: #ty,)
    });
    quote!(#before #own #after)
}

/// How arbitrary treats a member that is a number of zeros, which nothing else may bound.
fn few_zeros(policy: Policy) -> Option<TokenStream> {
    let few = quote!(#[cfg_attr(feature = "arbitrary", arbitrary(with = vmspec_runtime::arbitrary::zeros))]);
    (policy == Policy::Zero).then_some(few)
}

fn versions(f: &Field) -> TokenStream {
    let text = match (f.since, f.before) {
        (Some(a), Some(b)) => format!("Since version {a}, before {b}."),
        (Some(a), None) => format!("Since version {a}."),
        (None, Some(b)) => format!("Before version {b}."),
        (None, None) => return TokenStream::new(),
    };
    let text = docs::markdown_line(&text);
    quote!(#[doc = ""] #text)
}

/// How serde and arbitrary treat what they have no good default for.
#[must_use]
pub fn attributes(f: &Field, member: bool) -> TokenStream {
    let optional = member && f.is_optional();
    let list = f.repeat.is_some();
    let pinned =
        matches!(&f.role, Role::Pinned(_)) || matches!((&f.role, &f.content), (Role::ImpliedKept, Content::Magic(_)));
    let with = match (&f.content, optional, list) {
        (Content::CStr, false, false) => Some("cstr"),
        (Content::CStr, true, false) => Some("cstr_opt"),
        (Content::CStr, false, true) => Some("cstr_list"),
        (
            Content::Scalar(crate::model::Scalar::Bytes(_))
            | Content::Bytes(Length::Const(_) | Length::Expr(_) | Length::Rest),
            false,
            false,
        ) if !pinned => Some("hex"),
        (Content::Scalar(crate::model::Scalar::Bytes(_)) | Content::Bytes(_), true, false) if !pinned => {
            Some("hex_opt")
        }
        (Content::Scalar(crate::model::Scalar::Bytes(_)) | Content::Bytes(_), false, true) => Some("hex_list"),
        _ => None,
    };
    with.map(|name| {
        let path = format!("vmspec_runtime::serde::{name}");
        quote!(#[cfg_attr(feature = "serde", serde(serialize_with = #path))])
    })
    .unwrap_or_default()
}

/// `XDriven` and `XWire` of a type that is driven from outside.
fn companions(ctx: &Ctx<'_>, id: TypeId, s: &Struct) -> TokenStream {
    let ty = ctx.ty(id);
    if !ty.is_driven_outside() {
        return TokenStream::new();
    }
    let (name, inner) = (ident(&ty.rust), ident(&super::names::snake(&ty.rust)));
    let (driven, wire, derives) = (format_ident!("{}Driven", ty.rust), format_ident!("{}Wire", ty.rust), derives());
    let fields = s.outside.iter().map(|id| {
        let f = id.of(&s.fields);
        let (name, ty) = (ident(&f.rust), rust_type::element(ctx, f, true));
        let doc = docs::doc(f.doc.as_deref(), &format!("`{}`", f.name));
        quote!(#doc pub #name: #ty)
    });
    let (d, w) = (
        format!(" The fields of a [`{name}`] that follow from what is around it."),
        format!(" A [`{name}`] that stands alone, with the fields that follow from what is around it."),
    );
    quote! {
        #[doc = #d]
        #[derive(Clone, Copy, Debug, PartialEq)]
        #[cfg_attr(feature = "serde", derive(serde::Serialize))]
        #[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]
        pub struct #driven { #(#fields),* }
        #[doc = #w]
        #derives
        pub struct #wire {
            /// The value.
            pub #inner: #name,
            /// Its fields that follow from what is around it.
            pub driven: #driven,
        }
    }
}

fn inherent(ctx: &Ctx<'_>, id: TypeId, s: &Struct) -> TokenStream {
    let ty = ctx.ty(id);
    let name = ident(&ty.rust);
    let params = measure::params(ctx, id);
    let len = super::state::before_measuring(ctx, id, measure::struct_len(ctx, id, s));
    let block = segment::is_block(ctx, s).then(|| block_functions(ctx, id, s));
    let (limits, fixed) = (limits(s), super::pins::constants(ctx, id, s));
    let (copies, lets) = (super::copies::constants(s), super::lets::functions(ctx, id, s));
    let (inits, driven, fields) =
        (super::initial::emit(ctx, id, s), driven::functions(ctx, id, s), write::fields_fn(ctx, id, s));
    let trial = trial(ctx, id, s);
    let outside = ty.is_driven_outside().then(|| outside(ctx, id, s));
    let greed = super::greed::method(ctx, id);
    quote! {
        impl #name {
            #inits
            #limits
            #fixed
            #copies
            #block
            #trial
            #driven
            #lets
            /// Length on the wire, in bytes.
            #[must_use]
            pub fn byte_len(&self #params) -> u64 { #len }
            #greed
            #fields
            #outside
        }
    }
}

/// Constants for the most bytes of fields that say one.
fn limits(s: &Struct) -> TokenStream {
    let all = s.fields.iter().filter_map(|f| {
        let max = f.window.as_ref().and_then(|w| w.max).or(f.max)?;
        let (name, max) = (format_ident!("MAX_{}", super::names::shouty(&f.rust)), Literal::u64_unsuffixed(max));
        let doc = docs::markdown_line(&format!("Most bytes of `{}`.", f.name));
        Some(quote!(#doc pub const #name: u64 = #max;))
    });
    quote!(#(#all)*)
}

/// `SIZE`, `from_bytes`, `to_bytes`.
fn block_functions(ctx: &Ctx<'_>, id: TypeId, s: &Struct) -> TokenStream {
    let ty = ctx.ty(id);
    let n = block::size(ctx, id);
    let to = block::functions(ctx, id, " When the value breaks a rule.", &write::put_into(ctx, id, s));
    let from = (!ty.is_driven_outside()).then(|| from_bytes(ctx, id, s));
    let checked = super::checked_block::of_struct(ctx, id, s);
    quote! {
        /// Size on the wire, in bytes.
        pub const SIZE: usize = #n;
        #from
        #checked
        #to
    }
}

/// Params that a body does not use are called `_`.
#[must_use]
pub fn rename_unused(params: &TokenStream, body: &TokenStream) -> TokenStream {
    let mut out = TokenStream::new();
    let tokens = params.clone();
    let mut start = true;
    for token in tokens {
        let name = match &token {
            proc_macro2::TokenTree::Ident(name) if start => Some(name.clone()),
            _ => None,
        };
        start = matches!(&token, proc_macro2::TokenTree::Punct(p) if p.as_char() == ',');
        match name {
            Some(name) if !uses(body, &name) => out.extend(quote!(_)),
            _ => out.extend([token]),
        }
    }
    out
}

/// `from_bytes` of a block: of the value, or of its companion.
fn from_bytes(ctx: &Ctx<'_>, id: TypeId, s: &Struct) -> TokenStream {
    let apart = ctx.is_split(id) && super::checked_block::holds_block(s);
    let direct = read::from_bytes(ctx, id, s);
    let refused = apart.then(|| super::checked_block::refused(ctx, id, &direct));
    let body = if apart { super::checked_block::from_bytes(ctx, id) } else { direct };
    let params = rename_unused(&block::read_params(ctx, id), &body);
    quote! {
        /// The value of these bytes.
        ///
        /// # Errors
        /// When they break a rule.
        #[inline]
        pub fn from_bytes(#params) -> Result<Self, Fault> { #body }
        #refused
    }
}

/// `find_order` of a by-trial type.
fn trial(ctx: &Ctx<'_>, id: TypeId, s: &Struct) -> TokenStream {
    let Order::Try { orders, condition } = &ctx.ty(id).order else { return TokenStream::new() };
    let segments = segment::of(ctx, s);
    let Some(segment::Segment::Block(fields, size)) = segments.first() else { return TokenStream::new() };
    let n = Literal::u64_unsuffixed(*size);
    let reader = super::trial::fits(ctx, id, s, (fields, condition));
    let first = rust_type::order(orders.first().copied().unwrap_or(false));
    let tries = orders.iter().map(|big| {
        let order = rust_type::order(*big);
        quote!(if Self::fits_order(b, #order) { return #order; })
    });
    let tries: Vec<_> = tries.collect();
    let (others, expected) = (tries, format!(" Whether `{}` in this byte order.", condition.text));
    quote! {
        #[doc = #expected]
        #[inline]
        #[must_use]
        pub fn fits_order(b: &[u8; #n], order: Endian) -> bool { #reader }
        /// The first byte order that fits; when none does, the first, so that the fields' own rules say what is wrong.
        #[inline]
        #[must_use]
        pub fn find_order(b: &[u8; #n]) -> Endian { #(#others)* #first }
    }
}

/// What a parent calls on a type that it drives.
fn outside(ctx: &Ctx<'_>, id: TypeId, s: &Struct) -> TokenStream {
    let ty = ctx.ty(id);
    let body = driven_writer(ctx, id, s);
    let driven = format_ident!("{}Driven", ty.rust);
    let order = matches!(ty.order, Order::Context).then(|| quote!(, order: Endian));
    let args = (!ty.params.is_empty()).then(|| {
        let args = rust_type::args(ctx, id, &quote!('_));
        quote!(, args: #args)
    });
    let write = rename_unused(&quote!(driven: #driven #order #args), &body);
    let check = ctx.has_findings(id).then(|| {
        let body = findings::of_struct(ctx, id, s);
        let driven = rename_unused(&quote!(at: u64, driven: #driven, findings: &mut Findings #args), &body);
        quote!(fn check_driven(&self, #driven) { #body })
    });
    quote! {
        fn write_driven<O: Output>(&self, sink: &mut Sink<O>, #write) -> Result<()> { #body }
        #check
    }
}

fn driven_writer(ctx: &Ctx<'_>, id: TypeId, s: &Struct) -> TokenStream {
    if segment::is_block(ctx, s) {
        return block::write_streamed(ctx, id);
    }
    write::body(ctx, id, s)
}

fn wire(ctx: &Ctx<'_>, id: TypeId, s: &Struct) -> TokenStream {
    let ty = ctx.ty(id);
    let is_block = segment::is_block(ctx, s);
    let pass = {
        let order = matches!(ty.order, Order::Context).then(|| quote!(, order));
        let args = (!ty.params.is_empty()).then(|| quote!(, args));
        quote!(#order #args)
    };
    let read = if is_block { block::read_streamed(ctx, id) } else { read::body(ctx, id, s) };
    let inner = ident(&super::names::snake(&ty.rust));
    let (write, check) = if ty.is_driven_outside() {
        let args = (!ty.params.is_empty()).then(|| quote!(, args));
        let check = ctx.has_findings(id).then(|| quote!(self.#inner.check_driven(at, self.driven, findings #args);));
        (quote!(self.#inner.write_driven(sink, self.driven #pass)), check.unwrap_or_default())
    } else {
        (driven_writer(ctx, id, s), findings::of_struct(ctx, id, s))
    };
    let from = (is_block && ty.is_driven_outside()).then(|| {
        let (name, from) = (format_ident!("{}Wire", ty.rust), from_bytes(ctx, id, s));
        quote!(impl #name { #from })
    });
    let reading = Reading { from: read, parse: is_block.then(|| parse_block(ctx, id)) };
    let wire = wire_impl(ctx, id, &reading, &write, &check);
    let shell = shell(ctx, id, is_block);
    quote!(#from #wire #shell)
}
