//! How long a struct is that something is read aside from: notes where everything lies, as reading and writing do, and measures
//! that.

use super::aside::{is_place, is_this, offset, place};
use super::ctx::Ctx;
use super::expr::{Env, Side};
use super::measure;
use super::names::{ident, snake};
use super::rules::uses;
use super::union::unbound;
use crate::model::{Body, Content, Expr, Field, FieldId, From, ParamTy, Policy, Struct, TypeId, Union};
use proc_macro2::TokenStream;
use quote::{format_ident, quote};

/// The functions of a type that note what is read aside: from itself, and from the places that it is given.
#[must_use]
pub fn emit(ctx: &Ctx<'_>, id: TypeId) -> TokenStream {
    let ty = ctx.ty(id);
    let given = ty.params.iter().any(|p| p.ty == ParamTy::Place);
    let given = given.then(|| lay_aside(ctx, id));
    let own = ty.as_struct().filter(|s| s.is_place).map(|s| laid(ctx, id, s));
    if given.is_none() && own.is_none() {
        return TokenStream::new();
    }
    let name = ident(&ty.rust);
    quote!(impl #name { #own #given })
}

/// `laid`: everything that is read aside from a struct, and the length of its fields in a row.
fn laid(ctx: &Ctx<'_>, id: TypeId, s: &Struct) -> TokenStream {
    let env = Env::new(ctx, id, Side::Measure);
    let notes = of_fields(&env, s, true);
    // What is read aside from further out is not part of this struct.
    let params = ctx.ty(id).params.iter().filter(|p| p.ty == ParamTy::Place).map(|p| ident(&p.rust));
    let elsewhere = params.filter(|name| uses(&notes, name)).map(|name| quote!(let #name = &Place::default();));
    let fields = measure::in_a_row(&env, s);
    let body = quote!(#(#elsewhere)* let place = Place::default(); #notes (place, { #fields }));
    let body = super::state::before_measuring(ctx, id, body);
    let params = measure::params_for(ctx, id, &body);
    quote! {
        /// What lies aside, and the length of the fields before it.
        fn laid(&self #params) -> (Place, u64) { #body }
    }
}

/// `byte_len` of a struct that something is read aside from.
#[must_use]
pub fn struct_len(env: &Env<'_>, s: &Struct) -> TokenStream {
    let args = measure::own_args(env);
    let policy = s.window.as_ref().map_or(s.slack, |w| w.slack);
    let len = match (policy, super::rust_type::own_slack(s)) {
        (Policy::Keep, _) => quote!(place.len_kept(fields, &self.slack)),
        (_, Some((name, _))) => quote!(place.len_behind(fields).saturating_add(self.#name)),
        (_, None) => quote!(place.len_behind(fields)),
    };
    quote!(let (place, fields) = self.laid(#args); #len)
}

/// `lay_aside`: what is read aside from the places that a type is given.
fn lay_aside(ctx: &Ctx<'_>, id: TypeId) -> TokenStream {
    let ty = ctx.ty(id);
    let env = Env::new(ctx, id, Side::Measure);
    let notes = match &ty.body {
        Body::Struct(s) => of_fields(&env, s, false),
        Body::Union(union) => of_cases(&env, union),
        Body::Bits(_) => TokenStream::new(),
    };
    let own = uses(&notes, &format_ident!("place")).then(|| quote!(let place = Place::default();));
    let used: Vec<_> = ty.params.iter().map(|p| ident(&p.rust)).filter(|name| uses(&notes, name)).collect();
    let args_ty = format_ident!("{}Args", ty.rust);
    let bind = (!used.is_empty()).then(|| quote!(let #args_ty { #(#used,)* .. } = args;));
    let args = if used.is_empty() { quote!(_) } else { quote!(args) };
    let of = super::rust_type::args(ctx, id, &quote!('_));
    quote! {
        /// Notes what lies aside, for measuring.
        #[allow(clippy::unneeded_field_pattern, clippy::unused_self, reason = "some types lay nothing aside themselves")]
        fn lay_aside(&self, #args: #of) { #bind #own #notes }
    }
}

/// The notes of a struct's fields: of its own place, or of those that it is given.
fn of_fields(env: &Env<'_>, s: &Struct, own: bool) -> TokenStream {
    let all = s.fields.iter().enumerate().map(|(i, field)| {
        let id = FieldId(i);
        let aside = field.aside.as_ref().filter(|aside| (aside.from == From::This) == own);
        let note = aside.map(|aside| {
            let (place, offset, len) = (place(env, aside.from), offset(env, aside), measure::field(env, id));
            quote!(#place.note(#offset, #len);)
        });
        let nested = nested(env, (id, field), own);
        quote!(#note #nested)
    });
    quote!(#(#all)*)
}

/// The notes of what a field holds.
fn nested(env: &Env<'_>, (id, field): (FieldId, &Field), own: bool) -> TokenStream {
    let Content::Type { id: of, args } = &field.content else { return TokenStream::new() };
    if !hands_place(args, own) {
        return TokenStream::new();
    }
    let member = env.member(id, field);
    let wired = !env.ctx.is_driver_of(env.ty, id);
    if !field.is_optional() {
        return of_value(env, (field, *of, args), &member, wired);
    }
    let inner = of_value(env, (field, *of, args), &quote!(it), wired);
    quote!(if let Some(it) = &#member { #inner })
}

fn hands_place(args: &[Expr], own: bool) -> bool {
    args.iter().any(|e| is_place(e) && is_this(e) == own)
}

/// The notes of a value, or of all elements of a list.
fn of_value(env: &Env<'_>, what: (&Field, TypeId, &[Expr]), value: &TokenStream, wired: bool) -> TokenStream {
    let (field, of, args) = what;
    if field.repeat.is_none() {
        return call(env, of, args, (value, wired));
    }
    let one = call(env, of, args, (&quote!(it), true));
    let all = super::rules::elements(value);
    if uses(&one, &format_ident!("index")) {
        return quote!(for (i, it) in #value.iter().enumerate() { let index = len64(i); #one });
    }
    quote!(for it in #all { #one })
}

/// The call for one value. Arguments that cannot be computed are for whoever writes the value to report.
fn call(env: &Env<'_>, of: TypeId, args: &[Expr], (value, wired): (&TokenStream, bool)) -> TokenStream {
    let (before, args) = super::args::build(env, of, args);
    let inner = ident(&snake(&env.ctx.ty(of).rust));
    let held = (wired && env.ctx.ty(of).is_driven_outside()).then(|| quote!(.#inner));
    before.iter().rev().fold(quote!(#value #held .lay_aside(#args);), |call, b| {
        let text = b.to_string();
        let (name, rest) = text.split_once('=').unwrap_or((&text, ""));
        let name: TokenStream = name.trim().trim_start_matches("let").parse().unwrap_or_default();
        let rest: TokenStream = rest.trim_end_matches(';').parse().unwrap_or_default();
        quote!(if let Ok(#name) = #rest { #call })
    })
}

/// The notes of what a case holds.
fn of_cases(env: &Env<'_>, union: &Union) -> TokenStream {
    let arms: Vec<_> = union
        .cases
        .iter()
        .filter_map(|case| {
            let body = case.body.as_deref()?;
            let Content::Type { id: of, args } = &body.content else { return None };
            hands_place(args, false).then(|| {
                let pattern = unbound(union, case, &quote!(value));
                let inner = of_value(env, (body, *of, args), &quote!(value), true);
                quote!(#pattern => { #inner })
            })
        })
        .collect();
    if arms.is_empty() {
        return TokenStream::new();
    }
    let rest = (arms.len() < union.cases.len()).then(|| quote!(_ => {}));
    quote!(match self { #(#arms)* #rest })
}
