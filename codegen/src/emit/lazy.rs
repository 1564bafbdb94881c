//! Lists that are not held: where they lie is read, and each element when it is asked for.

use super::read_field::{Part, size};
use crate::model::Lazy;
use crate::resolve::content_size;
use proc_macro2::{Literal, TokenStream};
use quote::quote;

/// Where a list lies.
#[must_use]
pub fn read(part: &Part<'_>, lazy: &Lazy) -> TokenStream {
    let (count, tail) = (size(part, &lazy.count), &part.tail);
    let one = Literal::u64_unsuffixed(content_size(part.env.ctx.format, &lazy.element).fixed().unwrap_or(1));
    quote!(src.blob((#count).saturating_mul(#one)) #tail)
}
