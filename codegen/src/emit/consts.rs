//! Constants of a spec as constants of its module.

use super::docs;
use super::enum_repr::{hex, number};
use super::names::ident;
use crate::model::{Constant, ConstantValue, Format, Range};
use proc_macro2::TokenStream;
use quote::quote;

/// Whether a module has a constant of this name by itself.
#[must_use]
pub fn is_own(rust: &str) -> bool {
    let numbered = rust.strip_prefix("SPEC_").is_some_and(|n| n.chars().all(|c| c.is_ascii_digit()));
    matches!(rust, "MAGICS" | "SPEC" | "TITLE") || numbered
}

/// All constants, in spec order.
#[must_use]
pub fn emit(format: &Format) -> TokenStream {
    let all = format.consts.iter().map(constant);
    quote!(#(#all)*)
}

fn constant(constant: &Constant) -> TokenStream {
    let (name, (ty, value)) = (ident(&constant.rust), value(constant));
    let mut doc = docs::doc(constant.doc.as_deref(), &format!("{} of the spec.", docs::code(&constant.name)));
    doc.extend(docs::refs(&constant.refs));
    quote!(#doc pub const #name: #ty = #value;)
}

/// The type of a constant and its value: a number is `u64` where that holds it.
fn value(constant: &Constant) -> (TokenStream, TokenStream) {
    match &constant.value {
        ConstantValue::Int(n) => {
            let ty = match *n {
                n if Range::unsigned(64).contains(n) => quote!(u64),
                n if Range::signed(64).contains(n) => quote!(i64),
                _ => quote!(i128),
            };
            (ty, number(*n, &constant.text))
        }
        ConstantValue::Bool(b) => (quote!(bool), quote!(#b)),
        ConstantValue::Str(text) => (quote!(&str), quote!(#text)),
        ConstantValue::Guid(bytes) => {
            let digits = hex(u128::from_be_bytes(*bytes));
            (quote!(Guid), quote!(Guid::from_u128(#digits)))
        }
    }
}
