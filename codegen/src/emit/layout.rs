//! Layout tables: where the fields of a type are on the wire.

use super::ctx::{Ctx, line};
use super::measure::{constant_offset, fixed_content};
use crate::model::{Body, FieldId, Part, PartKind, Role, Struct, TypeId, Union};
use proc_macro2::{Literal, TokenStream};
use quote::quote;

/// The table of a type's fields.
#[must_use]
pub fn table(ctx: &Ctx<'_>, id: TypeId) -> TokenStream {
    let rows: Vec<TokenStream> = match &ctx.ty(id).body {
        Body::Struct(s) => of_struct(ctx, id, s),
        Body::Bits(bits) => bits.parts.iter().map(|p| of_part(p, bits.bytes)).collect(),
        Body::Union(union) => of_union(union),
    };
    quote!(&[#(#rows),*])
}

fn of_struct(ctx: &Ctx<'_>, id: TypeId, s: &Struct) -> Vec<TokenStream> {
    let rows = s.fields.iter().enumerate().map(|(i, f)| {
        let (name, kind, at) = (&f.name, &f.written, line(f.site));
        let bare = (f.repeat.is_none() && f.window.is_none()).then(|| fixed_content(ctx, &f.content)).flatten();
        let size = f.size.fixed().or(bare).map(Literal::u64_unsuffixed);
        let offset = constant_offset(ctx, id, FieldId(i)).filter(|_| f.presence.is_none()).map(Literal::u64_unsuffixed);
        let row = match (offset, size) {
            (Some(offset), Some(size)) => quote!(Field::at(#offset, #size, #name, #kind, #at)),
            (Some(offset), None) => quote!(Field::starting(#offset, #name, #kind, #at)),
            _ => quote!(Field::variable(#name, #kind, #at)),
        };
        let role = match &f.role {
            Role::Driven(_) | Role::DrivenOutside => quote!(.driven()),
            Role::Pinned(_) | Role::Implied => quote!(.pinned()),
            Role::Held | Role::ImpliedKept => TokenStream::new(),
        };
        let since = f.since.map(Literal::u64_unsuffixed).map(|n| quote!(.since(#n)));
        let before = f.before.map(Literal::u64_unsuffixed).map(|n| quote!(.before(#n)));
        let copies = super::copies::row(f);
        quote!(#row #role #since #before #copies)
    });
    rows.collect()
}

fn of_part(part: &Part, bytes: u32) -> TokenStream {
    let (name, kind, at) = (&part.name, &part.written, line(part.site));
    let bytes = Literal::u32_unsuffixed(bytes);
    let role = (part.kind == PartKind::Zero).then(|| quote!(.pinned()));
    quote!(Field::at(0, #bytes, #name, #kind, #at) #role)
}

fn of_union(union: &Union) -> Vec<TokenStream> {
    let rows = union.cases.iter().filter_map(|c| {
        let body = c.body.as_ref()?;
        let (name, kind, at) = (&c.written, &body.written, line(c.site));
        Some(quote!(Field::variable(#name, #kind, #at)))
    });
    rows.collect()
}
