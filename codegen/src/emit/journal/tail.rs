//! What follows the head of an entry: lists and padding, each where the one before ends.

use super::{Of, head};
use crate::emit::expr::{Env, Kind, Operand};
use crate::emit::rust_type::local;
use crate::emit::totals::Totals;
use crate::model::{Content, Expr, ExprKind, Field, FieldId, Length, Place, Root, Until};
use crate::resolve::exact_size;
use proc_macro2::{Ident, Literal, TokenStream};
use quote::{format_ident, quote};

/// A list of an entry.
pub struct List<'a> {
    /// Its number.
    pub id: FieldId,
    /// The list.
    pub field: &'a Field,
    /// The local with the offset of its first element in the entry.
    pub start: Ident,
    /// The local with the number of its elements.
    pub count: Ident,
    /// Bytes of an element.
    pub size: u64,
}

/// The fields behind the head.
pub fn fields<'a>(of: &Of<'a>) -> impl Iterator<Item = (FieldId, &'a Field)> {
    let s = of.s;
    s.fields.iter().enumerate().skip(of.split()).map(|(i, field)| (FieldId(i), field))
}

/// A list of the entry.
#[must_use]
pub fn list<'a>(of: &Of<'a>, id: FieldId) -> Option<List<'a>> {
    let field = of.s.fields.get(id.0).filter(|f| f.repeat.is_some())?;
    let size = exact_size(of.ctx.format, &field.content)?;
    let (start, count) = (free(of, field, "start"), free(of, field, "count"));
    Some(List { id, field, start, count, size })
}

/// A name that no field of the entry has.
fn free(of: &Of<'_>, field: &Field, what: &str) -> Ident {
    let mut name = format!("{}_{what}", field.rust);
    while of.s.fields.iter().any(|f| f.rust == name) {
        name.push('_');
    }
    format_ident!("{name}")
}

/// What expressions of the entry see: lists by their places and numbers, and what is summed up of their elements.
#[must_use]
pub fn env<'a>(of: &'a Of<'a>) -> Env<'a> {
    let mut env = of.env.with_rest(quote!(src.length().saturating_sub(at)));
    for (_, list) in lists(of) {
        env = totals(of, &list).env(&env);
    }
    for e in crate::resolve::type_exprs(of.ctx.ty(of.journal.entry)) {
        crate::resolve::walk(e, &mut |e| {
            if let Some(tokens) = measured(of, e) {
                env.totals.insert(e.text.clone(), Operand::plain(tokens, Kind::Int(false, 64)));
            }
        });
    }
    env
}

/// Sizes and offsets that expressions name.
fn measured(of: &Of<'_>, e: &Expr) -> Option<TokenStream> {
    let of_list = |id: FieldId| list(of, id);
    match &e.kind {
        ExprKind::SizeOfThis => Some(quote!(src.length())),
        ExprKind::SizeOf(Place { root: Root::Field(id), steps }) if steps.is_empty() => {
            if let Some(List { count, size, .. }) = of_list(*id) {
                let size = Literal::u64_unsuffixed(size);
                return Some(quote!(#count.saturating_mul(#size)));
            }
            let size = Literal::u64_unsuffixed(of.s.fields.get(id.0)?.size.fixed()?);
            Some(quote!(#size))
        }
        ExprKind::OffsetOf(id) => match (of_list(*id), head::fields(of).into_iter().find(|f| f.0 == *id)) {
            (Some(List { start, .. }), _) => Some(quote!(#start)),
            (None, Some((_, _, at))) => {
                let at = Literal::u64_unsuffixed(at);
                Some(quote!(#at))
            }
            (None, None) => None,
        },
        _ => None,
    }
}

/// All lists of the entry.
#[must_use]
pub fn lists<'a>(of: &Of<'a>) -> Vec<(FieldId, List<'a>)> {
    fields(of).filter_map(|(id, _)| Some((id, list(of, id)?))).collect()
}

/// What is summed up of the elements of a list.
#[must_use]
pub fn totals<'a>(of: &'a Of<'a>, list: &List<'_>) -> Totals<'a> {
    let all = crate::resolve::type_exprs(of.ctx.ty(of.journal.entry));
    Totals::called(&format!("of_{}", list.field.rust), &of.env, list.field, &all)
}

/// The number of elements of a list, as a statement; `tail` is what follows something that fails.
#[must_use]
pub fn count(list: &List<'_>, env: &Env<'_>, tail: &TokenStream) -> TokenStream {
    let (name, size) = (&list.count, Literal::u64_unsuffixed(list.size));
    let Some(Until::Count(e)) = list.field.repeat.as_ref().map(|r| &r.until) else {
        return quote!(let #name = src.length().saturating_sub(at) / #size;);
    };
    let (tokens, fallible) = env.u64(e);
    let expected = format!("`{}`", e.text);
    if fallible {
        quote!(let #name = #tokens.ok_or_else(|| Error::uncomputed(#expected).located(src.offset_of(at))) #tail;)
    } else {
        quote!(let #name = #tokens;)
    }
}

/// The length of padding, and whether it has to be zeros.
#[must_use]
pub fn padding(field: &Field, env: &Env<'_>, tail: &TokenStream) -> TokenStream {
    let number = |e: &Expr| {
        let (tokens, fallible) = env.u64(e);
        let expected = format!("`{}`", e.text);
        if fallible {
            quote!(#tokens.ok_or_else(|| Error::uncomputed(#expected).located(src.offset_of(at))) #tail)
        } else {
            tokens
        }
    };
    match &field.content {
        Content::Align(to) => {
            let to = number(to);
            quote!(padding_for(at, #to))
        }
        Content::Zero(Length::Const(n)) => {
            let n = Literal::u64_unsuffixed(*n);
            quote!(#n)
        }
        Content::Zero(Length::Expr(e)) => number(e),
        _ => quote!(src.length().saturating_sub(at)),
    }
}

/// What follows something that fails: its place in the path, and `?`.
#[must_use]
pub fn located(field: &Field) -> TokenStream {
    let (label, line) = (&field.name, crate::emit::ctx::line(field.site));
    quote!(.field(#label, #line)?)
}

/// The local of a field.
#[must_use]
pub fn name(field: &Field) -> Ident {
    local(&field.rust)
}
