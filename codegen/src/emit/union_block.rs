//! Switches whose cases all take the same number of bytes: read from and written to an array, with a view of it.

use super::args;
use super::block;
use super::case_choice::{arm_pattern, case_rule, choose, exhaustive, fits_rule, left_over};
use super::ctx::Ctx;
use super::decode;
use super::docs;
use super::expr::{Env, Side};
use super::names::ident;
use super::rust_type;
use super::scalar::Raise;
use super::structs::rename_unused;
use super::union::{as_case, case_checks, case_words, holds_tag, tag_member, unbound};
use super::view;
use crate::model::{Body, Case, Content, Expr, Field, Label, Order, TypeId, Union};
use proc_macro2::TokenStream;
use quote::quote;

/// Whether a switch is one block.
#[must_use]
pub fn is_block(ctx: &Ctx<'_>, id: TypeId) -> bool {
    let ty = ctx.ty(id);
    matches!(ty.body, Body::Union(_)) && ty.size.fixed().is_some()
}

/// `SIZE`, `from_bytes` and `to_bytes`; nothing for a switch that is no block.
#[must_use]
pub fn functions(ctx: &Ctx<'_>, id: TypeId, union: &Union) -> TokenStream {
    if !is_block(ctx, id) {
        return TokenStream::new();
    }
    let n = block::size(ctx, id);
    let checked = super::checked_block::of_union(ctx, id, union);
    let from = from_bytes(ctx, id, union);
    let errors = " When the value breaks a rule, or is not the case that is chosen.";
    let to = block::functions(ctx, id, errors, &put_into(ctx, id, union));
    let from_params = rename_unused(&block::read_params(ctx, id), &from);
    quote! {
        /// Size on the wire, in bytes.
        pub const SIZE: usize = #n;
        /// The value of these bytes.
        ///
        /// # Errors
        /// When they break a rule, or no case is chosen.
        #[inline]
        pub fn from_bytes(#from_params) -> Result<Self, Fault> { #from }
        #checked
        #to
    }
}

/// The bodies of the functions that read and write a block in a stream.
#[must_use]
pub fn streamed(ctx: &Ctx<'_>, id: TypeId) -> (TokenStream, TokenStream) {
    (block::read_streamed(ctx, id), block::write_streamed(ctx, id))
}

/// The type that a case of a block holds, and its arguments.
fn held(case: &Case) -> Option<(&Field, TypeId, &[Expr])> {
    let body = case.body.as_deref()?;
    match &body.content {
        Content::Type { id, args } => Some((body, *id, args)),
        _ => None,
    }
}

fn from_bytes(ctx: &Ctx<'_>, id: TypeId, union: &Union) -> TokenStream {
    let env = Env::new(ctx, id, Side::Read);
    let arms = union.tried().filter_map(|(_, case)| {
        let (label, body) = (arm_pattern(&env, union, case), read_case(&env, union, case)?);
        Some(quote!(#label => #body,))
    });
    let (arms, rule, left) = (arms.collect::<Vec<_>>(), case_rule(ctx, id), left_over(ctx, union));
    let other = (!exhaustive(ctx, union)).then(|| quote!(#left => return Err(#rule.fault(0, Found::Nothing)),));
    let chosen = choose(&quote!(args.tag), union, &quote!(#(#arms)* #other));
    quote!(Ok(#chosen))
}

/// The expression that reads a case from the array.
fn read_case(env: &Env<'_>, union: &Union, case: &Case) -> Option<TokenStream> {
    let (body, of, with) = held(case)?;
    let (name, ty) = (ident(&case.rust), rust_type::of_type(env.ctx, of, true));
    let (before, args) = args::build(env, of, with);
    let (before, params) =
        (decode::computed(env, body, &before, (&Raise::Fault, 0)), decode::from_bytes_args(env.ctx, of, &args));
    let value = quote!(#ty::from_bytes(b #params)?);
    let member = tag_member(env.ctx, env.ty);
    let made = if holds_tag(union, case) {
        quote!(Self::#name { #member: args.tag, value: #value })
    } else {
        quote!(Self::#name(#value))
    };
    Some(if before.is_empty() { made } else { quote!({ #before #made }) })
}

fn put_into(ctx: &Ctx<'_>, id: TypeId, union: &Union) -> TokenStream {
    let env = Env::new(ctx, id, Side::Value);
    let arms = union.cases.iter().filter_map(|case| {
        let (pattern, put) = (unbound(union, case, &quote!(value)), write_case(&env, case)?);
        Some(quote!(#pattern => #put,))
    });
    let (arms, rule) = (arms.collect::<Vec<_>>(), fits_rule(ctx, id));
    quote!(#rule.check(self.fits(args.tag), 0, Found::Nothing)?; match self { #(#arms)* })
}

/// The expression that puts a case into the array.
fn write_case(env: &Env<'_>, case: &Case) -> Option<TokenStream> {
    let (body, of, with) = held(case)?;
    let checks = case_checks(env, body, &Raise::Fault);
    let (before, args) = args::build(env, of, with);
    let before = decode::computed(env, body, &before, (&Raise::Fault, 0));
    let ty = env.ctx.ty(of);
    let order = matches!(ty.order, Order::Context).then(|| quote!(order));
    let args = (!ty.params.is_empty()).then_some(args);
    let all = [order, args].into_iter().flatten();
    let put = quote!(value.put_into(b, #(#all),*));
    Some(if checks.is_empty() && before.is_empty() { put } else { quote!({ #checks #before #put }) })
}

/// The view of a switch that is one block: an accessor per case.
#[must_use]
pub fn emit_view(ctx: &Ctx<'_>, id: TypeId, union: &Union) -> TokenStream {
    if !is_block(ctx, id) {
        return TokenStream::new();
    }
    let (new, cases) = (view::plain_new(ctx, id), union.cases.iter().filter_map(|case| accessor(ctx, id, union, case)));
    view::frame(ctx, id, &quote!(#new #(#cases)*))
}

/// `as_x`: the view of what a case holds, where the tag chooses it.
fn accessor(ctx: &Ctx<'_>, id: TypeId, union: &Union, case: &Case) -> Option<TokenStream> {
    let (body, of, with) = held(case)?;
    let env = Env::new(ctx, id, Side::Read);
    let (method, inner) = (as_case(case), view::name(ctx, of));
    let doc = docs::markdown_line(&format!("The body of {}, if it is that.", case_words(case)));
    let (before, args) = args::build(&env, of, with);
    let before = decode::computed(&env, body, &before, (&Raise::Fault, 0));
    let (params, chosen) = (decode::from_bytes_args(ctx, of, &args), chooses(&env, union, case));
    let tried = view::is_checked(ctx, of).then(|| quote!(?));
    let fails = tried.is_some() || !before.is_empty();
    let new = quote!(#inner::new(self.bytes #params));
    let found = if fails {
        quote!(if !(#chosen) { return Ok(None); } #before Ok(Some(#new #tried)))
    } else {
        quote!((#chosen).then(|| #new))
    };
    let new = view::named(ctx, id, &found, &quote!(self));
    Some(if fails {
        quote! {
            #doc
            #[doc = ""]
            /// # Errors
            /// When it is something else.
            #[inline]
            pub fn #method(self) -> Result<Option<#inner<'a>>, Fault> { #new }
        }
    } else {
        quote!(#doc #[inline] #[must_use] pub fn #method(self) -> Option<#inner<'a>> { #new })
    })
}

/// Whether the tag chooses a case.
fn chooses(env: &Env<'_>, union: &Union, case: &Case) -> TokenStream {
    match case.label {
        Label::Bool(true) => return quote!(args.tag),
        Label::Bool(false) => return quote!(!args.tag),
        _ => {}
    }
    let label = arm_pattern(env, union, case);
    if label.to_string() != "_" {
        return quote!(matches!(args.tag, #label));
    }
    let others = union.tried().map(|(_, other)| other).filter(|other| other.rust != case.rust);
    let others: Vec<_> = others.map(|other| arm_pattern(env, union, other)).collect();
    if others.is_empty() { quote!(true) } else { quote!(!matches!(args.tag, #(#others)|*)) }
}
