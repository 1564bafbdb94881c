//! What takes all that is left, asked of a value: what would be written behind it, a reader would take for a part of it.

use super::ctx::{Ctx, RuleEntry};
use super::expr::Env;
use super::measure;
use super::names::{ident, snake};
use super::rules::uses;
use super::rust_type::{own_slack, slack};
use super::scalar::{Raise, rule_name};
use super::union::unbound;
use super::validate::rule;
use crate::model::{Body, Class, Content, Field, FieldId, Format, Greed, Policy, Struct, TypeId, Union, Until};
use crate::resolve::{constant, content_greed, field_greed, fields};
use proc_macro2::{Literal, TokenStream};
use quote::{format_ident, quote};
use std::collections::BTreeSet;

/// The types that a writer asks whether a value takes the rest: those that do in some cases, and that something can
/// follow.
#[must_use]
pub fn asked(format: &Format) -> BTreeSet<TypeId> {
    let mut open: Vec<TypeId> = format.types.iter().flat_map(|ty| followed(format, &ty.body)).collect();
    let mut out = BTreeSet::new();
    while let Some(id) = open.pop() {
        if format.ty(id).greed == Greed::Maybe && out.insert(id) {
            let inner = fields(&format.ty(id).body).into_iter();
            open.extend(inner.filter(|f| f.window.is_none()).filter_map(Field::type_id));
        }
    }
    out
}

/// The types of fields and elements that something can follow.
fn followed(format: &Format, body: &Body) -> Vec<TypeId> {
    let all = fields(body);
    let with_slack = matches!(body, Body::Struct(s) if own_policy(s) != Policy::None);
    let last = all.len().saturating_sub(1);
    let is_followed = |(i, f): &(usize, &Field)| {
        let inner = f.repeat.is_some() || f.window.as_ref().is_some_and(|w| w.slack != Policy::None);
        let behind = matches!(body, Body::Struct(_)) && (with_slack || *i < last);
        inner || (behind && field_greed(format, f) != Greed::None)
    };
    all.into_iter().enumerate().filter(is_followed).filter_map(|(_, f)| f.type_id()).collect()
}

fn own_policy(s: &Struct) -> Policy {
    s.window.as_ref().map_or(s.slack, |w| w.slack)
}

/// `takes_rest`, where it is asked for.
#[must_use]
pub fn method(ctx: &Ctx<'_>, id: TypeId) -> TokenStream {
    if !ctx.asks_greed(id) {
        return TokenStream::new();
    }
    let body = match &ctx.ty(id).body {
        Body::Struct(s) => of_struct(ctx, id, s),
        Body::Union(union) => of_union(ctx, union),
        Body::Bits(_) => return TokenStream::new(),
    };
    quote! {
        /// Whether a reader takes all that is left for it, so that nothing can follow.
        fn takes_rest(&self) -> bool { #body }
    }
}

fn of_struct(ctx: &Ctx<'_>, id: TypeId, s: &Struct) -> TokenStream {
    let any = s.fields.iter().enumerate().filter_map(|(i, f)| member(ctx, id, FieldId(i), f));
    quote!(#(#any)||*)
}

fn of_union(ctx: &Ctx<'_>, union: &Union) -> TokenStream {
    let mut arms: Vec<(TokenStream, Vec<TokenStream>)> = Vec::new();
    for case in &union.cases {
        let body = case.body.as_ref().filter(|body| body.window.is_none());
        let takes = body.and_then(|body| value(ctx, body, &quote!(value), true)).unwrap_or(quote!(false));
        let bound = if uses(&takes, &format_ident!("value")) { quote!(value) } else { quote!(_) };
        let of = unbound(union, case, &bound);
        match arms.iter_mut().find(|(known, _)| known.to_string() == takes.to_string() && bound.to_string() == "_") {
            Some((_, patterns)) => patterns.push(of),
            None => arms.push((takes, vec![of])),
        }
    }
    let arms = arms.iter().map(|(takes, patterns)| quote!(#(#patterns)|* => #takes,));
    quote!(match self { #(#arms)* })
}

/// Whether a field of the value itself takes the rest; `None` if it never does.
fn member(ctx: &Ctx<'_>, ty: TypeId, id: FieldId, f: &Field) -> Option<TokenStream> {
    if f.window.is_some() {
        return None;
    }
    let (name, wired) = (ident(&f.rust), !ctx.is_driver_of(ty, id));
    if f.presence.is_none() {
        return value(ctx, f, &quote!(self.#name), wired);
    }
    let takes = value(ctx, f, &quote!(it), wired)?;
    let always = !uses(&takes, &format_ident!("it"));
    Some(if always { quote!(self.#name.is_some()) } else { quote!(self.#name.as_ref().is_some_and(|it| #takes)) })
}

/// The same of what is in a field that is there, whatever window it has.
fn value(ctx: &Ctx<'_>, f: &Field, value: &TokenStream, wired: bool) -> Option<TokenStream> {
    match f.repeat.as_ref().map(|r| &r.until) {
        Some(Until::Rest) => Some(quote!(true)),
        Some(_) => {
            let one = content(ctx, &f.content, &quote!(it), true)?;
            Some(quote!(#value.iter().any(|it| #one)))
        }
        None => content(ctx, &f.content, value, wired),
    }
}

fn content(ctx: &Ctx<'_>, content: &Content, value: &TokenStream, wired: bool) -> Option<TokenStream> {
    match (content_greed(ctx.format, content), content) {
        (Greed::None, _) => None,
        (Greed::Maybe, Content::Type { id, .. }) if wired && ctx.ty(*id).is_driven_outside() => {
            let inner = ident(&snake(&ctx.ty(*id).rust));
            Some(quote!(#value.#inner.takes_rest()))
        }
        (Greed::Maybe, _) => Some(quote!(#value.takes_rest())),
        (Greed::Always, _) => Some(quote!(true)),
    }
}

/// A check that, if something takes the rest, there are no bytes behind it.
fn alone(takes: &TokenStream, behind: &TokenStream, rule: &TokenStream, raise: &Raise) -> TokenStream {
    if takes.to_string() == "true" {
        let check = raise.wrap(&quote!(#rule.check(#behind == 0, 0, #behind)));
        return quote!(#check;);
    }
    let check = raise.wrap(&quote!(#rule.check(behind == 0, 0, behind)));
    quote!(if #takes { let behind: u64 = #behind; #check; })
}

fn expected(first: &Field) -> String {
    format!("no bytes behind `{}`, which takes all that is left", first.name)
}

/// A field, and what is skipped in front of it, has no bytes behind one that takes the rest.
#[must_use]
pub fn behind(env: &Env<'_>, s: &Struct, id: FieldId, raise: &Raise) -> TokenStream {
    let field = id.of(&s.fields);
    let firsts = s.fields.iter().enumerate().take(id.0);
    let checks = firsts.filter_map(|(i, first)| {
        let takes = member(env.ctx, env.ty, FieldId(i), first)?;
        let rule = rule(env, field, "BEHIND", &expected(first));
        Some(alone(&takes, &bytes_of(env, id, field), &rule, raise))
    });
    quote!(#(#checks)*)
}

fn bytes_of(env: &Env<'_>, id: FieldId, field: &Field) -> TokenStream {
    if field.at.is_none() {
        return measure::field(env, id);
    }
    let (start, end) = (measure::offset_before(env, id), measure::offset_before(env, FieldId(id.0.saturating_add(1))));
    quote!(#end.saturating_sub(#start))
}

/// The type's own slack has none either.
#[must_use]
pub fn own_slack_behind(env: &Env<'_>, s: &Struct, raise: &Raise) -> TokenStream {
    if own_policy(s) == Policy::None {
        return TokenStream::new();
    }
    let ty = env.ctx.ty(env.ty);
    let checks = s.fields.iter().enumerate().filter_map(|(i, first)| {
        let takes = member(env.ctx, env.ty, FieldId(i), first)?;
        let rule = env.ctx.rule(&RuleEntry {
            name: rule_name(ty, "slack", "BEHIND"),
            field: "slack",
            site: ty.site,
            class: Class::Invalid,
            expected: &expected(first),
            say: None,
        });
        Some(alone(&takes, &own_slack_bytes(env, s), &rule, raise))
    });
    quote!(#(#checks)*)
}

fn own_slack_bytes(env: &Env<'_>, s: &Struct) -> TokenStream {
    match own_slack(s) {
        Some((name, _)) if own_policy(s) == Policy::Keep => quote!(self.#name.wire_len()),
        Some((name, _)) => quote!(self.#name),
        None => {
            let (len, fields) = (measure::own_len(env), measure::own_len_without_slack(env, s));
            quote!(#len.saturating_sub(#fields))
        }
    }
}

/// What a field holds, which is there: no slack behind what takes the rest of its window, no element behind one that
/// does.
#[must_use]
pub fn within(env: &Env<'_>, field: &Field, value: (&TokenStream, bool), raise: &Raise) -> TokenStream {
    let mut out = elements(env, field, value.0, raise);
    let Some(window) = field.window.as_ref().filter(|w| w.slack != Policy::None) else { return out };
    let Some(takes) = self::value(env.ctx, field, value.0, value.1) else { return out };
    let bytes = match (slack(field), window.slack, constant(&window.size)) {
        (Some((name, _)), Policy::Keep, _) => quote!(self.#name.wire_len()),
        (Some((name, _)), ..) => quote!(self.#name),
        (None, _, size) => {
            let size = Literal::u64_suffixed(size.unwrap_or(0));
            let inner = measure::without_slack(env, field, value.0);
            quote!(#size.saturating_sub(#inner))
        }
    };
    let rule = rule(env, field, "SLACK", &expected(field));
    out.extend(alone(&takes, &bytes, &rule, raise));
    out
}

fn elements(env: &Env<'_>, field: &Field, value: &TokenStream, raise: &Raise) -> TokenStream {
    if field.repeat.is_none() {
        return TokenStream::new();
    }
    let Some(one) = content(env.ctx, &field.content, &quote!(it), true) else { return TokenStream::new() };
    let rule = rule(env, field, "LAST", "no element behind one that takes all that is left");
    let check = raise.wrap(&quote!(#rule.check(!#value.iter().rev().skip(1).any(|it| #one), 0, Found::Nothing)));
    quote!(#check;)
}
