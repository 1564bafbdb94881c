//! What is left of a window at a field, seen from the value.

use super::expr::Env;
use super::measure;
use crate::model::FieldId;
use proc_macro2::TokenStream;
use quote::quote;

/// The bytes left in the window where a field starts, seen from the value.
#[must_use]
pub fn rest_from(env: &Env<'_>, field: FieldId) -> TokenStream {
    let (len, offset) = (measure::own_len(env), measure::lazy_offset(env, field));
    quote!(#len.saturating_sub(#offset))
}

/// The bytes left in the window behind a field, seen from the value.
#[must_use]
pub fn rest_after(env: &Env<'_>, id: FieldId) -> TokenStream {
    let (rest, size) = (rest_of(env, id), measure::field(env, id));
    quote!(#rest.saturating_sub(#size))
}

/// The same where the offset is not asked for unless the tokens are used.
fn rest_of(env: &Env<'_>, id: FieldId) -> TokenStream {
    let (len, before) = (measure::own_len(env), measure::offset_before(env, id));
    quote!(#len.saturating_sub(#before))
}
