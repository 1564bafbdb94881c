//! Reading of one case of a switch, whether it is owned or lent.

use super::expr::Env;
use super::names::ident;
use super::read_field::Part;
use super::rules::uses;
use super::rust_type;
use super::union::{holds_tag, tag_member};
use crate::model::{Case, Field, Union};
use proc_macro2::TokenStream;
use quote::{format_ident, quote};

/// The expression that reads a case: `value` reads its body, which holds something where `has_value` says so.
#[must_use]
pub fn read_case(
    env: &Env<'_>,
    union: &Union,
    case: &Case,
    has_value: &dyn Fn(&Field) -> bool,
    value: &dyn Fn(&Part<'_>) -> TokenStream,
) -> TokenStream {
    let (name, member) = (ident(&case.rust), tag_member(env.ctx, env.ty));
    let tagged = holds_tag(union, case);
    let Some(body) = &case.body else {
        return if tagged { quote!(Self::#name { #member: args.tag }) } else { quote!(Self::#name) };
    };
    // A case adds no step to the path of an error.
    let body = &Field { name: String::new(), ..(**body).clone() };
    let part = Part {
        env,
        field: body,
        drives: false,
        tail: quote!(?),
        start: quote!(began),
        boxed: rust_type::is_boxed(env.ctx, body),
    };
    let read = value(&part);
    let here = |name: &str| {
        let name = format_ident!("{name}");
        uses(&read, &name).then(|| quote!(let #name = src.position();))
    };
    let base = [here("base"), here("began")].into_iter().flatten().reduce(|a, b| quote!(#a #b));
    match (has_value(body), tagged) {
        (false, false) => quote!({ #base #read; Self::#name }),
        (false, true) => quote!({ #base #read; Self::#name { #member: args.tag } }),
        (true, false) if base.is_none() => quote!(Self::#name(#read)),
        (true, false) => quote!({ #base Self::#name(#read) }),
        (true, true) => quote!({ #base Self::#name { #member: args.tag, value: #read } }),
    }
}
