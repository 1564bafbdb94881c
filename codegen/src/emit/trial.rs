//! Byte order by trial: the condition over fields at fixed offsets.

use super::ctx::Ctx;
use super::expr::{Env, Side};
use super::rust_type::local;
use super::scalar::raw;
use crate::model::{Content, Expr, FieldId, Scalar, Struct, TypeId};
use proc_macro2::TokenStream;
use quote::quote;

/// Whether the condition holds in `order`, over the array `b`.
#[must_use]
pub fn fits(ctx: &Ctx<'_>, id: TypeId, s: &Struct, of: (&[(FieldId, u64)], &Expr)) -> TokenStream {
    let (fields, condition) = of;
    let env = Env::new(ctx, id, Side::Read);
    let named = super::rules::fields_in(condition);
    let locals = fields.iter().filter(|(id, _)| named.contains(id)).filter_map(|(id, at)| {
        let field = id.of(&s.fields);
        let Content::Scalar(scalar) = field.content else { return None };
        let (name, raw) = (local(&field.rust), raw(ctx, scalar, *at, &quote!(b)));
        Some(match scalar {
            Scalar::Bool => quote!(let #name = #raw != 0;),
            Scalar::Enum(id) => {
                let e = id.of(&ctx.format.enums);
                let of = super::names::ident(&e.rust);
                if e.has_unknown {
                    quote!(let #name = #of::from_repr_kept(#raw);)
                } else {
                    quote!(let Some(#name) = #of::from_repr(#raw) else { return false };)
                }
            }
            _ => quote!(let #name = #raw;),
        })
    });
    let locals: Vec<_> = locals.collect();
    let holds = env.condition(condition);
    quote!(#(#locals)* #holds)
}
