//! Arguments: a struct per type with params, and the expressions that fill it.

use super::ctx::Ctx;
use super::docs;
use super::expr::{Env, Kind, Mode, Operand};
use super::names::ident;
use super::rust_type;
use crate::model::{Expr, ExprKind, Param, ParamTy, Root, Tag, TypeId};
use proc_macro2::TokenStream;
use quote::{format_ident, quote};

/// The struct of a type's arguments; nothing without params.
#[must_use]
pub fn emit(ctx: &Ctx<'_>, id: TypeId) -> TokenStream {
    let ty = ctx.ty(id);
    if ty.params.is_empty() {
        return TokenStream::new();
    }
    let name = format_ident!("{}Args", ty.rust);
    let fields = ty.params.iter().map(|p| {
        let (name, of) = (ident(&p.rust), rust_type::param(ctx, p));
        let fallback =
            if p.captured { format!("`{}`, as it stands around this part.", p.name) } else { format!("`{}`", p.name) };
        let doc = match p.ty {
            ParamTy::Inputs => docs::markdown_line("Facts that the bytes do not hold."),
            ParamTy::Externs => docs::markdown_line("Code by hand that tells lengths. A writer does not ask it."),
            _ => docs::doc(p.doc.as_deref(), &fallback),
        };
        quote!(#doc pub #name: #of)
    });
    let (defaults, compared) = (defaults(ctx, id), (!ty.asks_externs()).then(|| quote!(, PartialEq)));
    let named = ty.outer.is_none().then(|| quote!(, binrw::NamedArgs));
    let lifetime = rust_type::args_borrow(&ty.params).then(|| quote!(<'a>));
    let doc = format!(" What a [`{}`] must be told.", ty.rust);
    quote! {
        #[doc = #doc]
        #[derive(Clone, Copy, Debug #compared #named)]
        pub struct #name #lifetime { #(#fields),* }
        #defaults
    }
}

/// What the arguments are where a caller gives none, and how inputs in them are set by name.
fn defaults(ctx: &Ctx<'_>, id: TypeId) -> TokenStream {
    let ty = ctx.ty(id);
    if !ty.stands_alone() || ty.outer.is_some() {
        return TokenStream::new();
    }
    let of = rust_type::args(ctx, id, &quote!('_));
    let inputs = ty.params.iter().any(|p| p.ty == ParamTy::Inputs);
    let all = ty
        .params
        .iter()
        .map(|p| if p.ty == ParamTy::Inputs { quote!(inputs: Inputs::default()) } else { quote!(externs: &NoExterns) });
    let set = if inputs {
        quote!(
            fn set_input(&mut self, name: &str, value: &str) -> bool {
                self.inputs.set_input(name, value)
            }
        )
    } else {
        quote!(
            fn set_input(&mut self, _: &str, _: &str) -> bool {
                false
            }
        )
    };
    quote! {
        impl Default for #of {
            fn default() -> Self { Self { #(#all),* } }
        }
        impl vmspec_runtime::SetInput for #of { #set }
    }
}

/// The arguments for a type that a field holds: the value, and whether it is an `Option` of a failure.
#[must_use]
pub fn build(env: &Env<'_>, id: TypeId, args: &[Expr]) -> (Vec<TokenStream>, TokenStream) {
    let ty = env.ctx.ty(id);
    if ty.params.is_empty() {
        return (Vec::new(), quote!(()));
    }
    let name = format_ident!("{}Args", ty.rust);
    let mut before = Vec::new();
    let fields: Vec<_> = ty
        .params
        .iter()
        .zip(args)
        .map(|(p, e)| {
            let field = ident(&p.rust);
            let (tokens, fallible) = argument(env, e, p);
            if fallible {
                let expected = format!("`{}`", e.text);
                let shared = env.shared_text(e).filter(|_| p.ty == ParamTy::Text).map(|(shared, _)| shared);
                let is_shared = shared.is_some().then(|| quote!(: &#field));
                let tokens = shared.unwrap_or(tokens);
                before.push(quote!(let #field = #tokens.ok_or_else(|| Error::uncomputed(#expected))));
                quote!(#field #is_shared)
            } else if field == tokens.to_string() {
                quote!(#field)
            } else {
                quote!(#field: #tokens)
            }
        })
        .collect();
    (before, quote!(#name { #(#fields),* }))
}

/// One argument as its param's type; the flag says whether it is an `Option`, since it may not fit.
#[must_use]
pub fn argument(env: &Env<'_>, e: &Expr, p: &Param) -> (TokenStream, bool) {
    let operand = match (&e.kind, &p.ty) {
        (ExprKind::Guid(_), ParamTy::Guid(mixed)) => env.guid(e, *mixed),
        _ => env.emit(e),
    };
    match &p.ty {
        ParamTy::UInt(n) => integer(env, operand, p, (false, n.saturating_mul(8))),
        ParamTy::Int(n) => integer(env, operand, p, (true, n.saturating_mul(8))),
        ParamTy::Ref(_) => (reference(e, operand, p), false),
        ParamTy::State(id) => (env.lent_state(*id), false),
        ParamTy::Inputs | ParamTy::Externs => (operand.tokens, false),
        _ => wrapped(operand, p),
    }
}

fn wrapped(operand: Operand, p: &Param) -> (TokenStream, bool) {
    let tokens = operand.tokens;
    match (operand.mode, p.absent) {
        (Mode::Plain, true) => (quote!(Some(#tokens)), false),
        (Mode::Plain, false) | (_, true) => (tokens, false),
        (_, false) => (tokens, true),
    }
}

fn reference(e: &Expr, operand: Operand, p: &Param) -> TokenStream {
    let tokens = operand.tokens;
    let handed =
        matches!(&e.kind, ExprKind::Place(place) if matches!(place.root, Root::Param(_)) && place.steps.is_empty());
    match (operand.mode, p.absent) {
        (Mode::Plain, true) if handed => quote!(Some(#tokens)),
        (Mode::Plain, true) => quote!(Some(&#tokens)),
        (Mode::Plain, false) if !handed => quote!(&#tokens),
        _ => tokens,
    }
}

fn integer(env: &Env<'_>, operand: Operand, p: &Param, to: (bool, u32)) -> (TokenStream, bool) {
    let operand = env.number(operand);
    let ty = format_ident!("{}{}", if to.0 { "i" } else { "u" }, to.1);
    let same = operand.kind == Kind::Int(to.0, to.1) || matches!(operand.kind, Kind::Literal(_));
    let widens = match operand.kind {
        Kind::Int(false, bits) => bits < to.1,
        Kind::Int(true, bits) => to.0 && bits < to.1,
        _ => false,
    };
    let (tokens, bare) = (operand.atom(), operand.tokens.clone());
    match (operand.mode, p.absent) {
        (Mode::Plain, absent) => {
            let (value, fallible) = match (same, widens) {
                (true, _) => (operand.tokens, false),
                (_, true) => (quote!(#ty::from(#bare)), false),
                _ => (quote!(#ty::try_from(#bare).ok()), true),
            };
            if absent && !fallible { (quote!(Some(#value)), false) } else { (value, fallible && !absent) }
        }
        (_, absent) => {
            let value = match (same, widens) {
                (true, _) => tokens,
                (_, true) => quote!(#tokens.map(#ty::from)),
                _ => quote!(#tokens.and_then(|n| #ty::try_from(n).ok())),
            };
            (value, !absent)
        }
    }
}

/// The type of a switch's tag.
#[must_use]
pub fn tag_ty(ctx: &Ctx<'_>, tag: Tag) -> TokenStream {
    match tag {
        Tag::Enum(id) => rust_type::scalar(ctx, crate::model::Scalar::Enum(id)),
        Tag::Bool => quote!(bool),
        Tag::Text => quote!(Text),
        Tag::Guid(true) => quote!(Guid),
        Tag::Guid(false) => quote!(Uuid),
    }
}
