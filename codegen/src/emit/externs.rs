//! Externs: the trait of the code by hand, and the fields whose length it tells.

use super::args::argument;
use super::ctx::Ctx;
use super::docs;
use super::names::ident;
use super::read_field::Part;
use super::rust_type;
use crate::model::{Extern, Param, ParamTy, Repr, Told};
use proc_macro2::{Ident, Literal, TokenStream};
use quote::{format_ident, quote};

/// The trait of a format's externs; nothing where it has none.
#[must_use]
pub fn emit(ctx: &Ctx<'_>) -> TokenStream {
    if ctx.format.externs.is_empty() {
        return TokenStream::new();
    }
    let methods = ctx.format.externs.iter().map(|e| method(ctx, e));
    quote! {
        /// Code by hand that tells how long something is: each method looks ahead and gives a number of bytes. These are kept as
        /// they are. Where a method is left as it is, its fields are refused.
        pub trait Externs { #(#methods)* }
        impl core::fmt::Debug for dyn Externs + '_ {
            fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result { f.write_str("Externs") }
        }
        /// No code by hand: whatever needs it is refused.
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
        pub struct NoExterns;
        impl Externs for NoExterns {}
    }
}

fn method(ctx: &Ctx<'_>, of: &Extern) -> TokenStream {
    let (name, label) = (ident(&of.rust), &of.name);
    let doc = docs::doc(of.doc.as_deref(), &format!("Length of `{}`, in bytes.", of.name));
    let params = of.params.iter().map(|p| {
        let (name, ty) = (param_name(p), param_type(ctx, p));
        quote!(#name: #ty)
    });
    let shown = of.params.iter().map(|p| {
        let (label, value) = (&p.name, shown(ctx, p));
        quote!((#label, #value))
    });
    let many =
        (of.params.len() > 5).then(|| quote!(#[allow(clippy::too_many_arguments, reason = "the spec names so many")]));
    quote! {
        #doc
        ///
        /// # Errors
        /// When it cannot tell. The error gets the place of the field.
        #many
        fn #name(&self, ahead: &mut vmspec_runtime::Ahead<'_>, #(#params),*) -> Result<u64> {
            Err(ahead.untold(#label, &[#(#shown),*]))
        }
    }
}

/// What an argument is called; `ahead` is taken.
fn param_name(p: &Param) -> Ident {
    if p.rust == "ahead" { format_ident!("ahead_") } else { ident(&p.rust) }
}

fn param_type(ctx: &Ctx<'_>, p: &Param) -> TokenStream {
    if p.ty == ParamTy::Text { quote!(&[u8]) } else { rust_type::param(ctx, p) }
}

/// An argument as errors show it.
fn shown(ctx: &Ctx<'_>, p: &Param) -> TokenStream {
    let name = param_name(p);
    match &p.ty {
        ParamTy::Bool => quote!(Found::from(u8::from(#name))),
        ParamTy::Enum(id) => {
            let of_bytes = matches!(ctx.format.enum_(*id).repr, Repr::Bytes(_)).then(|| quote!(&));
            quote!(Found::from(#of_bytes #name.repr()))
        }
        ParamTy::Flags(_) => quote!(Found::from(#name.bits())),
        _ => quote!(Found::from(#name)),
    }
}

/// Bytes that are as many as an extern tells.
#[must_use]
pub fn read(part: &Part<'_>, told: &Told) -> TokenStream {
    let (env, tail) = (part.env, &part.tail);
    let of = told.by.of(&env.ctx.format.externs);
    let name = ident(&of.rust);
    let shared = |p: &Param, e| env.shared_text(e).filter(|_| p.ty == ParamTy::Text);
    let args = of.params.iter().zip(&told.args).map(|(p, e)| {
        let (tokens, fallible) = shared(p, e).unwrap_or_else(|| argument(env, e, p));
        let expected = format!("`{}`", e.text);
        if fallible {
            quote!(#tokens.ok_or_else(|| Error::uncomputed(#expected)).map_err(|e| e.located(src.position())) #tail)
        } else {
            tokens
        }
    });
    let args: Vec<_> = args.collect();
    let max = part.field.max.map_or_else(
        || quote!(u64::MAX),
        |n| {
            let n = Literal::u64_unsuffixed(n);
            quote!(#n)
        },
    );
    if args.is_empty() {
        return quote!(src.told(#max, |ahead| args.externs.#name(ahead)) #tail);
    }
    let each = of.params.iter().zip(&told.args).enumerate().map(|(i, (p, e))| {
        let (i, borrow) = (Literal::usize_unsuffixed(i), shared(p, e).map(|_| quote!(&)));
        quote!(#borrow asked.#i)
    });
    quote!({
        let asked = (#(#args,)*);
        src.told(#max, |ahead| args.externs.#name(ahead, #(#each),*)) #tail
    })
}
