//! Inputs: their struct, and how they are set by name.

use super::ctx::Ctx;
use super::docs;
use super::flags::flag_const;
use super::names::ident;
use super::rust_type;
use crate::model::{Argument, EnumId, FlagsId, Input, ParamTy};
use proc_macro2::{Literal, TokenStream};
use quote::quote;

/// The struct of a format's inputs; nothing where it has none.
#[must_use]
pub fn emit(ctx: &Ctx<'_>) -> TokenStream {
    let inputs = &ctx.format.inputs;
    if inputs.is_empty() {
        return TokenStream::new();
    }
    let fields = inputs.iter().map(|input| {
        let (name, of) = (ident(&input.param.rust), rust_type::param(ctx, &input.param));
        let doc = docs::doc(input.param.doc.as_deref(), &format!("`{}`", input.param.name));
        quote!(#doc pub #name: #of)
    });
    let (derived, default) = default(ctx);
    let arms = inputs.iter().map(|input| {
        let (name, label, value) = (ident(&input.param.rust), &input.param.name, from_text(ctx, &input.param.ty));
        quote!(#label => vmspec_runtime::set_input(&mut self.#name, #value))
    });
    quote! {
        /// Facts that the bytes do not hold. Reading and writing are given the same.
        #[derive(Clone, Copy, Debug, #derived PartialEq)]
        pub struct Inputs { #(#fields),* }
        #default
        impl vmspec_runtime::SetInput for Inputs {
            fn set_input(&mut self, name: &str, value: &str) -> bool {
                match name { #(#arms,)* _ => false }
            }
        }
    }
}

/// What the inputs are first: derived where all are zero, or else an `impl`.
fn default(ctx: &Ctx<'_>) -> (TokenStream, TokenStream) {
    let inputs = &ctx.format.inputs;
    if inputs.iter().all(|input| matches!(input.init, Argument::Int(0) | Argument::Bool(false))) {
        return (quote!(Default,), TokenStream::new());
    }
    let init = inputs.iter().map(|input| {
        let (name, value) = (ident(&input.param.rust), value(ctx, &input.init));
        quote!(#name: #value)
    });
    let default = quote! {
        impl Default for Inputs {
            fn default() -> Self { Self { #(#init),* } }
        }
    };
    (TokenStream::new(), default)
}

/// What an input is made of from text; an `Option`.
fn from_text(ctx: &Ctx<'_>, ty: &ParamTy) -> TokenStream {
    match ty {
        ParamTy::Enum(id) => from_name(ctx, *id),
        ParamTy::Flags(id) => from_bits(ctx, *id),
        _ => quote!(value.parse().ok()),
    }
}

fn from_name(ctx: &Ctx<'_>, id: EnumId) -> TokenStream {
    let of = ctx.format.enum_(id);
    let (name, values) = (ident(&of.rust), of.values.iter().enumerate());
    let arms = values.map(|(i, value)| {
        let (label, value) = (&value.name, rust_type::enum_value(ctx, id, i));
        quote!(#label => Some(#value))
    });
    quote!({
        let known: Option<#name> = match value { #(#arms,)* _ => None };
        known
    })
}

fn from_bits(ctx: &Ctx<'_>, id: FlagsId) -> TokenStream {
    let name = ident(&ctx.format.flags(id).rust);
    quote!(value.parse().ok().and_then(#name::from_bits))
}

/// A constant as its param holds it; types of the format stand without a path.
#[must_use]
pub fn value(ctx: &Ctx<'_>, given: &Argument) -> TokenStream {
    match given {
        Argument::Int(n) => {
            let n = Literal::i128_unsuffixed(*n);
            quote!(#n)
        }
        Argument::Bool(b) => quote!(#b),
        Argument::Enum(id, i) => rust_type::enum_value(ctx, *id, *i),
        Argument::Flags(id, bits) => {
            let of = ctx.format.flags(*id);
            let name = ident(&of.rust);
            let set = of.flags.iter().filter(|flag| bits.checked_shr(flag.bit).unwrap_or(0) & 1 == 1).map(flag_const);
            quote!(#name::EMPTY #(.with(#name::#set))*)
        }
        Argument::Guid(mixed, text) => {
            let of = if *mixed { quote!(Guid) } else { quote!(Uuid) };
            let digits = super::enum_repr::hex(u128::from_be_bytes(*text));
            quote!(#of::from_u128(#digits))
        }
        Argument::Text(text) => {
            let text = Literal::byte_string(text);
            quote!(#text)
        }
    }
}

/// An expression for all inputs, of which some are not what they are first.
#[must_use]
pub fn with(ctx: &Ctx<'_>, given: &[(usize, Argument)]) -> TokenStream {
    let set = given.iter().filter_map(|(i, given)| {
        let (input, value): (&Input, _) = (ctx.format.inputs.get(*i)?, value(ctx, given));
        let name = ident(&input.param.rust);
        Some(quote!(#name: #value))
    });
    let set: Vec<_> = set.collect();
    match set.len() {
        0 => quote!(Inputs::default()),
        n if n == ctx.format.inputs.len() => quote!(Inputs { #(#set),* }),
        _ => quote!(Inputs { #(#set,)* ..Inputs::default() }),
    }
}
