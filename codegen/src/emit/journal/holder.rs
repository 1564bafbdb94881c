//! What the type that holds a journal gives: where the ring is, whether it is live, what entries must agree with.

use super::Of;
use crate::emit::docs;
use crate::emit::expr::{Env, Kind, Mode, Operand, Side};
use crate::emit::names::{ident, snake};
use crate::model::{Expr, ExprKind, Field, FieldId, Place, Root, TypeId};
use proc_macro2::{Ident, Literal, TokenStream};
use quote::{format_ident, quote};

/// What `accept` needs from around the journal: places of the type that holds it, and what they are called.
#[must_use]
pub fn outside(accept: &Expr) -> Vec<(Place, String)> {
    let mut out: Vec<(Place, String)> = Vec::new();
    crate::resolve::walk(accept, &mut |e| {
        if let ExprKind::Place(place @ Place { root: Root::Field(_), .. }) = &e.kind
            && !out.iter().any(|(known, _)| known == place)
        {
            out.push((place.clone(), e.text.clone()));
        }
    });
    out
}

/// What a member of the context is called.
fn called(text: &str) -> Ident {
    ident(&snake(&text.replace('.', "_")))
}

/// The type of a value that can be a member of a context.
#[must_use]
pub fn held_ty(env: &Env<'_>, operand: &Operand) -> Option<TokenStream> {
    let format = env.ctx.format;
    Some(match &operand.kind {
        Kind::Int(signed, bits) => {
            let name = format_ident!("{}{bits}", if *signed { "i" } else { "u" });
            quote!(#name)
        }
        Kind::Bool => quote!(bool),
        Kind::Enum(id) => {
            let name = ident(&id.of(&format.enums).rust);
            quote!(#name)
        }
        Kind::Flags(id) => {
            let name = ident(&id.of(&format.flags).rust);
            quote!(#name)
        }
        Kind::Guid(true) => quote!(Guid),
        Kind::Guid(false) => quote!(Uuid),
        _ => return None,
    })
}

/// The members of the context: name, value, type.
fn members(of: &Of<'_>, holder: TypeId) -> Vec<(Ident, Operand, TokenStream, String)> {
    let env = Env::new(of.ctx, holder, Side::Measure);
    let all = outside(&of.journal.accept).into_iter().filter_map(|(place, text)| {
        let operand = env.place(&place);
        let ty = held_ty(&env, &operand)?;
        let ty = if operand.mode == Mode::Plain { ty } else { quote!(Option<#ty>) };
        Some((called(&text), operand, ty, text))
    });
    all.collect()
}

/// The type of the context: nothing where entries are asked about themselves alone.
#[must_use]
pub fn context_ty(of: &Of<'_>, holder: TypeId) -> TokenStream {
    if members(of, holder).is_empty() {
        return quote!(());
    }
    let name = format_ident!("{}Context", of.journal.rust);
    quote!(#name)
}

/// The struct of the context.
#[must_use]
pub fn context(of: &Of<'_>, holder: TypeId) -> TokenStream {
    let members = members(of, holder);
    if members.is_empty() {
        return TokenStream::new();
    }
    let name = context_ty(of, holder);
    let doc = format!(" What entries of a journal of [`{}`] must agree with.", ident(&of.ctx.ty(holder).rust));
    let members = members.iter().map(|(name, _, ty, text)| {
        let doc = docs::markdown_line(&format!("`{text}`."));
        quote!(#doc pub #name: #ty)
    });
    quote! {
        #[doc = #doc]
        #[derive(Clone, Copy, Debug, PartialEq)]
        pub struct #name { #(#members),* }
    }
}

/// `Entry::accept`.
#[must_use]
pub fn accept(of: &Of<'_>, holder: TypeId) -> TokenStream {
    let accept = &of.journal.accept;
    let env = Env::new(of.ctx, holder, Side::Measure);
    let outside = outside(accept).into_iter().map(|(place, text)| {
        let name = called(&text);
        let operand = env.place(&place);
        (place, Operand { tokens: quote!(context.#name), infix: false, ..operand })
    });
    let heads = super::places::in_exprs([accept]).into_iter().map(|place| (place.clone(), of.of_head(&place)));
    let body = env.with_given(outside.chain(heads)).condition(accept);
    let context = super::named(&body, "context");
    quote!(fn accept(&self, #context: &Self::Context) -> bool { #body })
}

/// The method that gives the journal of a value.
#[must_use]
pub fn method(of: &Of<'_>, holder: TypeId, (id, field): (FieldId, &Field)) -> TokenStream {
    let env = Env::new(of.ctx, holder, Side::Measure);
    let (ty, entry, method) = (ident(&of.ctx.ty(holder).rust), of.head(), format_ident!("{}_journal", field.rust));
    let doc = docs::markdown_line(&format!(
        "The journal `{}`: where it lies, whether it is live, and what its entries must agree with. None where there is none.",
        field.name
    ));
    let (label, line) = (&field.name, crate::emit::ctx::line(field.site));
    let number = |e: &Expr| {
        let (tokens, fallible) = env.u64(e);
        let expected = format!("`{}`", e.text);
        if fallible {
            quote!(#tokens.ok_or_else(|| Error::uncomputed(#expected)).field(#label, #line)?)
        } else {
            tokens
        }
    };
    let (at, size, stride) =
        (number(&of.journal.at), number(&of.journal.size), Literal::u64_unsuffixed(of.journal.stride));
    let is_live = env.condition(&of.journal.live);
    let members = members(of, holder);
    let context = if members.is_empty() {
        quote!(())
    } else {
        let ty = context_ty(of, holder);
        let values = members.iter().map(|(name, operand, ..)| {
            let tokens = &operand.tokens;
            quote!(#name: #tokens)
        });
        quote!(#ty { #(#values),* })
    };
    let absent = field.is_optional().then(|| {
        let value = env.member(id, field);
        quote!(if #value.is_none() { return Ok(None); })
    });
    let body = quote!(#absent
        let ring = vmspec_runtime::journal::Ring::new(#at, #size, #stride).field(#label, #line)?;
        Ok(Some(vmspec_runtime::journal::Journal { ring, live: #is_live, context: #context })));
    quote! {
        impl #ty {
            #doc
            #[doc = ""]
            /// # Errors
            /// When there can be no such ring: class `invalid`.
            pub fn #method(&self) -> Result<Option<vmspec_runtime::journal::Journal<#entry>>> { #body }
        }
    }
}

/// Whether everything that is asked of the type that holds a journal can be.
#[must_use]
pub fn is_held(env: &Env<'_>, accept: &Expr) -> Option<String> {
    outside(accept).into_iter().find(|(place, _)| held_ty(env, &env.place(place)).is_none()).map(|(_, text)| text)
}
