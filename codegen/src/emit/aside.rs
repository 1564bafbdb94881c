//! What is read aside: reading it in a window of its own, and handing it to its place on write.

use super::ctx::Ctx;
use super::docs;
use super::expr::{Env, Side};
use super::names::ident;
use super::read_field::{Part, held_in, max, size};
use super::rules::uses;
use crate::model::{Aside, Content, Expr, ExprKind, Extent, Field, From, Length, Policy, Struct, TypeId};
use proc_macro2::{Literal, TokenStream};
use quote::{format_ident, quote};
use std::collections::BTreeSet;

/// The place that something is read aside from.
#[must_use]
pub fn place(env: &Env<'_>, from: From) -> TokenStream {
    let From::Param(id) = from else { return quote!(place) };
    let name = ident(&id.of(&env.ctx.ty(env.ty).params).rust);
    if env.side == Side::Measure { quote!(#name) } else { quote!(args.#name) }
}

/// The statement that makes the position of a field.
#[must_use]
pub fn start(part: &Part<'_>, aside: &Aside) -> TokenStream {
    let (start, place, offset) = (&part.start, place(part.env, aside.from), size(part, &aside.offset));
    quote!(let #start = #place.at(#offset);)
}

/// The same in front of a field that need not be there, where rules behind it need its position.
#[must_use]
pub fn start_for_rules(part: &Part<'_>) -> TokenStream {
    let Some(aside) = part.field.aside.as_ref().filter(|_| part.field.is_optional()) else { return TokenStream::new() };
    if part.field.valid.is_empty() {
        return TokenStream::new();
    }
    let (start, position) = (&part.start, position(part.env, aside));
    quote!(let #start = #position;)
}

/// The absolute offset of a field, where one that cannot be computed is reported elsewhere.
#[must_use]
pub fn position(env: &Env<'_>, aside: &Aside) -> TokenStream {
    let (place, offset) = (place(env, aside.from), offset(env, aside));
    quote!(#place.at(#offset))
}

/// The offset from the start of the place.
#[must_use]
pub fn offset(env: &Env<'_>, aside: &Aside) -> TokenStream {
    let (tokens, fallible) = env.u64(&aside.offset);
    if fallible { quote!(#tokens.unwrap_or(0)) } else { tokens }
}

/// How many bytes a field takes.
fn length(part: &Part<'_>) -> TokenStream {
    match part.field.extent(part.env.ctx.format) {
        Some(Extent::Expr(e)) => size(part, e),
        Some(Extent::Const(n)) => {
            let n = Literal::u64_unsuffixed(n);
            quote!(#n)
        }
        Some(Extent::Elements(count, one)) => {
            let (count, one) = (size(part, count), Literal::u64_unsuffixed(one));
            quote!((#count).saturating_mul(#one))
        }
        None => quote!(0),
    }
}

/// What is wanted of the place: its own method where parts of it stay in the source.
fn wanted(part: &Part<'_>, aside: &Aside, length: &TokenStream) -> TokenStream {
    let (field, start, place) = (part.field, &part.start, place(part.env, aside.from));
    let max = max(field.window.as_ref().and_then(|w| w.max).or(field.max));
    let method = if field.is_alone(part.env.ctx.format) { quote!(alone) } else { quote!(held) };
    quote!(#place.#method(#start, #length, #max))
}

/// The value of a field that is there: with its slack, a pair.
#[must_use]
pub fn value(part: &Part<'_>, aside: &Aside) -> TokenStream {
    if matches!(part.field.content, Content::Blob(_) | Content::Lazy(_)) {
        return range(part, aside);
    }
    let (length, tail) = (length(part), &part.tail);
    let wanted = wanted(part, aside, &quote!(len));
    let policy = part.field.window.as_ref().map_or(Policy::None, |w| w.slack);
    let body = held_in(part, policy);
    quote!({
        let len = #length;
        src.aside(#wanted, |src| { #body }) #tail
    })
}

/// Payload, or a list that is not held: only where it lies is read.
fn range(part: &Part<'_>, aside: &Aside) -> TokenStream {
    let (length, tail) = (length(part), &part.tail);
    let Some(window) = &part.field.window else {
        let wanted = wanted(part, aside, &length);
        return quote!(src.aside_blob(#wanted) #tail);
    };
    let (wanted, start) = (wanted(part, aside, &quote!(len)), &part.start);
    let whole = quote!(let len = #length; let whole = src.aside_blob(#wanted) #tail;);
    let Some(inner) = inner_length(part) else { return quote!({ #whole whole }) };
    let cut = if window.slack == Policy::Keep { quote!(cut) } else { quote!(whole) };
    quote!({ #whole let n = #inner; whole.#cut(#start, n) #tail })
}

/// How many bytes of its window a range takes; `None` for all of them.
fn inner_length(part: &Part<'_>) -> Option<TokenStream> {
    let without = Field { window: None, ..part.field.clone() };
    match &part.field.content {
        Content::Blob(Length::Rest) => None,
        _ => Some(length(&Part { field: &without, tail: part.tail.clone(), start: part.start.clone(), ..*part })),
    }
}

/// The statement with which a field is handed to its place; `inner` writes it.
#[must_use]
pub fn put(env: &Env<'_>, field: &Field, inner: &TokenStream, tail: &TokenStream) -> TokenStream {
    let Some(aside) = &field.aside else { return inner.clone() };
    let (place, alone) = (place(env, aside.from), field.is_alone(env.ctx.format));
    let (offset, fallible) = env.u64(&aside.offset);
    let expected = format!("`{}`", aside.offset.text);
    let offset = if fallible { quote!(#offset.ok_or_else(|| Error::uncomputed(#expected)) #tail) } else { offset };
    quote!(#place.put(#offset, #alone, |sink| { #inner Ok(()) }) #tail;)
}

/// The end of a place on read, and the member that holds its slack.
#[must_use]
pub fn leave(s: &Struct, policy: Policy, held: bool) -> TokenStream {
    let close = (s.window.is_some()).then(|| quote!(src.close()?;));
    match (policy, held) {
        (Policy::None, _) => quote!(src.end_place(&place)?; #close),
        (Policy::Zero, true) => {
            quote!(src.end_place_zero(&place)?; let slack = src.zeros_rest()?; src.check_whole(&place)?;)
        }
        (Policy::Zero, false) => quote!(src.end_place_zero(&place)?; src.close_zero()?; src.check_whole(&place)?;),
        (Policy::Keep, _) => quote!(let slack = src.end_place_keep(&place)?;),
    }
}

/// The end of a place on write; `tail` writes zeros behind everything.
#[must_use]
pub fn end(policy: Policy, tail: &TokenStream) -> TokenStream {
    match policy {
        Policy::None => quote!(sink.asides(&place, base)?;),
        Policy::Zero => quote!(sink.asides_zero(&place, base)?; #tail sink.check_whole(&place, base)?;),
        Policy::Keep => quote!(sink.asides_keep(&place, base, &self.slack)?;),
    }
}

/// The statement that makes the place where findings are collected, whose first byte is `at`.
#[must_use]
pub fn for_findings(env: &Env<'_>, checks: &TokenStream) -> TokenStream {
    let is_place = env.ctx.ty(env.ty).as_struct().is_some_and(|s| s.is_place);
    if is_place && uses(checks, &format_ident!("place")) {
        quote!(let place = Place::new(at);)
    } else {
        TokenStream::new()
    }
}

/// Whether an argument is a place.
#[must_use]
pub fn is_place(e: &Expr) -> bool {
    e.ty == crate::model::Ty::Place
}

/// Whether an argument is the struct that holds the field, as a place.
#[must_use]
pub fn is_this(e: &Expr) -> bool {
    matches!(e.kind, ExprKind::This)
}

/// The params, none of them a place, that the asides of a struct's own place depend on.
#[must_use]
pub fn params_in_length(s: &Struct) -> Vec<&Expr> {
    let mut out = Vec::new();
    for field in &s.fields {
        out.extend(field.aside.as_ref().filter(|aside| aside.from == From::This).map(|aside| &aside.offset));
        if let Content::Type { args, .. } = &field.content
            && args.iter().any(is_this)
        {
            out.extend(args.iter().filter(|e| !is_place(e)));
        }
    }
    out
}

/// Whether in a type, or in one that it holds, something is read aside, or not held.
#[must_use]
pub fn first_aside<'c>(ctx: &Ctx<'c>, id: TypeId) -> Option<&'c Field> {
    let (mut open, mut seen) = (vec![id], BTreeSet::from([id]));
    while let Some(id) = open.pop() {
        for field in crate::resolve::fields(&ctx.ty(id).body) {
            if field.aside.is_some() || matches!(field.content, Content::Lazy(_)) {
                return Some(field);
            }
            open.extend(field.type_id().filter(|id| seen.insert(*id)));
        }
    }
    None
}

/// What the docs of a type say of the doors that it has.
#[must_use]
pub fn note(ctx: &Ctx<'_>, id: TypeId) -> TokenStream {
    let Some(field) = first_aside(ctx, id) else { return TokenStream::new() };
    let text = if field.aside.is_some() {
        format!(
            "It is read from a slice or from a source that can seek, since {} is read aside. It cannot be borrowed from a slice.",
            docs::code(&field.name)
        )
    } else {
        format!("It cannot be borrowed from a slice, since the elements of {} are not held.", docs::code(&field.name))
    };
    let text = docs::markdown_line(&text);
    quote!(#[doc = ""] #text)
}
