//! The head of an entry: its fields of constant size in front of the first list, decoded with their rules.

use super::Of;
use crate::emit::decode;
use crate::emit::docs;
use crate::emit::names::ident;
use crate::emit::rules::{self, uses};
use crate::emit::rust_type::{self, local};
use crate::emit::scalar::{Block, Raise};
use crate::emit::{pins, read};
use crate::model::{Content, Field, FieldId, Role};
use proc_macro2::{Literal, TokenStream};
use quote::quote;

/// Whether the head has a member for a field.
#[must_use]
pub fn is_member(field: &Field) -> bool {
    let told = matches!(field.content, Content::Scalar(_) | Content::Type { .. });
    told && field.name != "_" && !matches!(field.role, Role::Implied | Role::ImpliedKept)
}

/// The fields of the head with their offsets.
#[must_use]
pub fn fields<'a>(of: &Of<'a>) -> Vec<(FieldId, &'a Field, u64)> {
    let mut at = 0_u64;
    let mut out = Vec::new();
    for (i, field) in of.s.fields.iter().take(of.split()).enumerate() {
        out.push((FieldId(i), field, at));
        at = at.saturating_add(field.size.fixed().unwrap_or(0));
    }
    out
}

/// The length of the head.
#[must_use]
pub fn size(of: &Of<'_>) -> u64 {
    of.s.fields.iter().take(of.split()).filter_map(|f| f.size.fixed()).sum()
}

/// The struct of a head.
#[must_use]
pub fn definition(of: &Of<'_>, journal: &Field) -> TokenStream {
    let name = of.head();
    let entry = ident(&of.ctx.ty(of.journal.entry).rust);
    let doc = format!(
        " What the head of a [`{entry}`] of `{}` says: all that has to be known of an entry to find the active ones.",
        journal.name
    );
    let members = fields(of).into_iter().filter(|(_, f, _)| is_member(f)).map(|(_, field, _)| {
        let ty = match &field.content {
            Content::Scalar(scalar) => rust_type::scalar(of.ctx, *scalar),
            _ => rust_type::element(of.ctx, field, false),
        };
        let (doc, name) = (docs::doc(field.doc.as_deref(), &format!("`{}`", field.name)), ident(&field.rust));
        quote!(#doc pub #name: #ty,)
    });
    quote! {
        #[doc = #doc]
        #[derive(Clone, Debug, PartialEq)]
        pub struct #name { #(#members)* }
    }
}

/// Statements that make locals of the head's members, as far as a body uses them.
#[must_use]
pub fn locals(of: &Of<'_>, body: &TokenStream) -> TokenStream {
    let all = fields(of).into_iter().filter(|(_, field, _)| is_member(field)).filter_map(|(_, field, _)| {
        let (local, name) = (local(&field.rust), ident(&field.rust));
        let value =
            if matches!(field.content, Content::Scalar(_)) { quote!(self.#name) } else { quote!(self.#name.clone()) };
        uses(body, &local).then(|| quote!(let #local = #value;))
    });
    quote!(#(#all)*)
}

/// The body of `Entry::head`.
#[must_use]
pub fn decode(of: &Of<'_>) -> TokenStream {
    let n = Literal::u64_unsuffixed(size(of));
    let short = format!("{} bytes of an entry", size(of));
    let fields = fields(of);
    let block = Block { env: &of.env, array: quote!(block), raise: Raise::Unwritten };
    let mut parts = vec![read::order(&of.env)];
    for (id, field, at) in &fields {
        let known = *at == 0 && crate::resolve::mark(of.s).is_some();
        if !known && !matches!(field.role, Role::ImpliedKept) {
            parts.push(decode::field(&block, *id, *at));
        }
        parts.push(due(of, *id, &|_| (Raise::Unwritten, 0)));
    }
    let mark = crate::resolve::mark(of.s).map(|bytes| {
        let bytes = Literal::byte_string(bytes);
        quote!(if !first.starts_with(#bytes) { return Ok(None); })
    });
    let members = fields.iter().filter(|(_, field, _)| is_member(field)).map(|(_, field, _)| {
        let (name, local) = (ident(&field.rust), local(&field.rust));
        if name == local { quote!(#name) } else { quote!(#name: #local) }
    });
    parts.push(quote!(Ok(Some(Self { #(#members),* }))));
    let body = read::prune(parts);
    quote! {
        #mark
        let Some(block) = first.first_chunk::<#n>() else {
            return Err(Error::new(Class::Invalid, #short, first.len()));
        };
        #body
    }
}

/// What is checked once a field of the entry is there, but for what is over the whole of it.
#[must_use]
pub fn due(of: &Of<'_>, id: FieldId, raise: &dyn Fn(FieldId) -> (Raise, u64)) -> TokenStream {
    due_in(of, &of.env, (id, raise))
}

/// The same as an expression sees it that knows more.
#[must_use]
pub fn due_in(
    of: &Of<'_>,
    env: &crate::emit::expr::Env<'_>,
    (id, raise): (FieldId, &dyn Fn(FieldId) -> (Raise, u64)),
) -> TokenStream {
    let mut out = pins::on_read(env, &of.ruled, id, raise);
    out.extend(rules::after(env, &of.ruled, id, raise));
    let require: Vec<_> = of.s.require.iter().filter(|r| r.after == id).cloned().collect();
    out.extend(rules::require(env, &require, &raise(FieldId(0)).0));
    out
}
