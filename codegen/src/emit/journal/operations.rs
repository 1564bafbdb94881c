//! `Entry::operations`: what an entry does, element by element, with the places of its parts.

use super::tail::{self, List};
use super::validate::param;
use super::{Of, head, places};
use crate::emit::expr::Env;
use crate::emit::read;
use crate::emit::rules::uses;
use crate::model::{Expr, ExprKind, Field, Place, Root};
use crate::resolve::exact_size;
use proc_macro2::{Literal, TokenStream};
use quote::{format_ident, quote};
use std::collections::BTreeSet;

/// The body of `operations`.
#[must_use]
pub fn body(of: &Of<'_>) -> TokenStream {
    let Some(list) = tail::list(of, of.journal.apply.list) else { return quote!(Ok(())) };
    let partners = of.journal.apply.partners.filter(|_| has_partner(of)).and_then(|id| tail::list(of, id));
    let env = tail::env(of);
    let layout = layout(of, &env, (&list, partners.as_ref()));
    let each = each(of, &env, (&list, partners.as_ref()));
    let order = read::order(&of.env);
    let order = uses(&quote!(#layout #each), &format_ident!("order")).then_some(order);
    let body = quote!(#order #layout #each Ok(()));
    let locals = head::locals(of, &body);
    quote!(#locals #body)
}

/// Whether partners are named.
fn has_partner(of: &Of<'_>) -> bool {
    let apply = &of.journal.apply;
    let all = apply.bytes.iter().chain(&apply.zeros).chain([&apply.at]);
    places::in_exprs(all).iter().any(|place| place.root == Root::Other)
}

/// Statements that find where lists start, as far as that is needed.
fn layout(of: &Of<'_>, env: &Env<'_>, (list, partners): (&List<'_>, Option<&List<'_>>)) -> TokenStream {
    let until = partners.map_or(list.id, |p| p.id.max(list.id));
    let start = Literal::u64_unsuffixed(head::size(of));
    let mut steps = vec![quote!(let at: u64 = #start;)];
    for (id, field) in tail::fields(of).take_while(|(id, _)| *id <= until) {
        let leave = tail::located(field);
        let Some(it) = tail::list(of, id) else {
            let n = tail::padding(field, env, &leave);
            steps.push(quote!(let at = at.saturating_add(#n);));
            continue;
        };
        let (start, count, n) = (&it.start, &it.count, Literal::u64_unsuffixed(it.size));
        steps.push(quote!(let #start = at;));
        steps.push(tail::count(&it, env, &leave));
        steps.push(summed(of, env, &it));
        steps.push(quote!(let at = at.saturating_add(#count.saturating_mul(#n));));
    }
    needed(
        steps,
        &[&list.start, &list.count].into_iter().chain(partners.map(|p| &p.start)).cloned().collect::<Vec<_>>(),
    )
}

/// What is summed up of a list.
fn summed(of: &Of<'_>, env: &Env<'_>, list: &List<'_>) -> TokenStream {
    let totals = tail::totals(of, list);
    let begin = totals.start();
    if begin.is_empty() {
        return begin;
    }
    let named = totals.of_elements().into_iter().collect();
    let decoded = places::decoded(env, (list.field, None), &named, &places::From::Element(quote!(b)));
    let (statements, step) = (&decoded.statements, totals.step_in(&env.with_given(decoded.given.clone())));
    let body = quote!(#statements #step);
    let (base, b) = (param(&body, "base"), param(&body, "b"));
    let (start, count, n) = (&list.start, &list.count, Literal::u64_unsuffixed(list.size));
    quote!(#begin src.elements::<#n>(#start, #count, |_, #base, #b| { #body Ok(()) })?;)
}

/// The statements that make these names, and those that they need.
fn needed(steps: Vec<TokenStream>, names: &[proc_macro2::Ident]) -> TokenStream {
    let mut behind = quote!(#(#names)*);
    let mut out = TokenStream::new();
    for step in steps.into_iter().rev() {
        let made = made_by(&step);
        if made.iter().any(|name| uses(&behind, name)) {
            behind = quote!(#step #behind);
            out = quote!(#step #out);
        }
    }
    out
}

/// The names that statements make.
fn made_by(step: &TokenStream) -> Vec<proc_macro2::Ident> {
    let tokens: Vec<_> = step.clone().into_iter().collect();
    let mut out = Vec::new();
    for (i, token) in tokens.iter().enumerate() {
        if token.to_string() != "let" {
            continue;
        }
        let names = tokens.iter().skip(i.saturating_add(1)).find_map(|t| match t {
            proc_macro2::TokenTree::Ident(name) if name != "mut" => Some(name.clone()),
            _ => None,
        });
        out.extend(names);
    }
    out
}

fn each(of: &Of<'_>, env: &Env<'_>, (list, partners): (&List<'_>, Option<&List<'_>>)) -> TokenStream {
    let apply = &of.journal.apply;
    let paired = partners.and_then(|p| p.field.repeat.as_ref()?.each.as_ref()).map(|each| &each.condition);
    let mut named: BTreeSet<Place> = places::in_exprs([&apply.at].into_iter().chain(&apply.zeros).chain(paired));
    let spots: Vec<_> = apply.bytes.iter().filter_map(|e| part(env, e, (list, partners))).collect();
    named.extend(spots.iter().flat_map(|spot| spot.1.cases.iter().map(|(tag, ..)| tag.clone())));
    let from = places::From::Entry(quote!(it_at), quote!(partner_at));
    let decoded = places::decoded(env, (list.field, partners.map(|p| p.field)), &named, &from);
    let seen = env.with_given(decoded.given.clone());
    let (at, operation) = (number(&seen, &apply.at, list.field), operation(of, &seen, (&spots, &decoded, paired)));
    let (start, count, n) = (&list.start, &list.count, Literal::u64_unsuffixed(list.size));
    let (begin, next) = match (partners, paired) {
        (Some(p), Some(condition)) => {
            let (start, n, condition) = (&p.start, Literal::u64_unsuffixed(p.size), seen.condition(condition));
            (
                quote!(let mut partner_at = #start;),
                quote!(if #condition { partner_at = partner_at.saturating_add(#n); }),
            )
        }
        _ => (TokenStream::new(), TokenStream::new()),
    };
    let statements = &decoded.statements;
    let inner = quote!(#statements #at #operation #next);
    let base = uses(&inner, &format_ident!("base")).then(|| quote!(let base = src.offset_of(it_at);));
    quote! {
        #begin
        for index in 0..#count {
            let it_at = #start.saturating_add(index.saturating_mul(#n));
            #base
            #inner
        }
    }
}

/// A part that is written: how long it is, and where it lies.
fn part<'a>(
    env: &Env<'a>,
    e: &Expr,
    (list, partners): (&List<'a>, Option<&List<'a>>),
) -> Option<(Root, places::Spot<'a>, u64)> {
    let ExprKind::Place(place) = &e.kind else { return None };
    let of = if place.root == Root::Other { partners?.field } else { list.field };
    let spot = places::spot(env, of, place)?;
    let single = Field { repeat: None, ..spot.field.clone() };
    let size = exact_size(env.ctx.format, &single.content)?;
    Some((place.root, spot, size))
}

fn number(env: &Env<'_>, e: &Expr, list: &Field) -> TokenStream {
    let (tokens, fallible) = env.u64(e);
    let (expected, leave) = (format!("`{}`", e.text), located(list));
    if fallible {
        quote!(let at = #tokens.ok_or_else(|| Error::uncomputed(#expected).located(src.offset_of(it_at))) #leave;)
    } else {
        quote!(let at = #tokens;)
    }
}

/// An element's place in the path.
fn located(list: &Field) -> TokenStream {
    let leave = tail::located(list);
    quote!(.index(usize::try_from(index).unwrap_or(usize::MAX)) #leave)
}

type Spots<'a> = [(Root, places::Spot<'a>, u64)];

/// The statement that gives the operation of an element.
fn operation(
    of: &Of<'_>,
    env: &Env<'_>,
    (spots, decoded, paired): (&Spots<'_>, &places::Decoded, Option<&Expr>),
) -> TokenStream {
    let apply = &of.journal.apply;
    let Some(list) = places::list(&of.s.fields, apply.list) else { return TokenStream::new() };
    let written = (!spots.is_empty()).then(|| bytes(env, (spots, decoded, paired), list));
    let Some(zeros) = &apply.zeros else { return written.unwrap_or_default() };
    let (tokens, optional) = env.u64(zeros);
    let give = |n: TokenStream| quote!(each(vmspec_runtime::journal::Operation { at, what: vmspec_runtime::journal::What::Zeros(#n) })?;);
    if !optional {
        return give(tokens);
    }
    let give = give(quote!(n));
    let otherwise = written.unwrap_or_else(|| refusal(list, &zeros.text));
    quote!(if let Some(n) = #tokens { #give } else { #otherwise })
}

fn refusal(list: &Field, expected: &str) -> TokenStream {
    let (expected, leave) = (format!("`{expected}`"), located(list));
    quote!(Err(Error::uncomputed(#expected).located(src.offset_of(it_at))) #leave;)
}

/// The operation that writes parts of the entry, where they are all there.
fn bytes(
    env: &Env<'_>,
    (spots, decoded, paired): (&Spots<'_>, &places::Decoded, Option<&Expr>),
    list: &Field,
) -> TokenStream {
    let parts = spots.iter().map(|(root, spot, size)| {
        let start = if *root == Root::Other { quote!(partner_at) } else { quote!(it_at) };
        let (at, length) = (Literal::u64_unsuffixed(spot.at), Literal::u64_unsuffixed(*size));
        let at = if spot.at == 0 { start } else { quote!(#start.saturating_add(#at)) };
        quote!(vmspec_runtime::journal::Part { at: #at, length: #length })
    });
    let mut conditions: Vec<TokenStream> = Vec::new();
    for (root, spot, _) in spots {
        let chosen = (!spot.cases.is_empty()).then(|| places::chosen(env, spot, &decoded.given));
        let pair = paired.filter(|_| *root == Root::Other).map(|e| env.condition(e));
        for condition in chosen.into_iter().chain(pair) {
            if !conditions.iter().any(|known| known.to_string() == condition.to_string()) {
                conditions.push(condition);
            }
        }
    }
    let refused = refusal(list, "bytes");
    let guard = (!conditions.is_empty()).then(|| quote!(let whole = #(#conditions)&&*; if !whole { #refused }));
    quote! {
        #guard
        let parts = [#(#parts),*];
        each(vmspec_runtime::journal::Operation { at, what: vmspec_runtime::journal::What::Bytes(&parts) })?;
    }
}
