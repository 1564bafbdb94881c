//! Sizes and offsets, measured on a value: what `wire_len`, driven fields and `size(x)` need.

use super::args::argument;
use super::ctx::Ctx;
use super::expr::{Env, Side};
use super::names::ident;
use super::rust_type::{gap, local, own_slack, slack};
use super::state::before_measuring;
use crate::model::{
    Body, Content, Expr, Field, FieldId, Length, Place, Policy, Role, Root, Size, Step, Struct, TypeId,
};
use crate::resolve::constant;
use proc_macro2::{Literal, TokenStream};
use quote::{format_ident, quote};
use std::collections::BTreeSet;

/// One part of a sum of sizes.
enum Term {
    Const(u64),
    Add(TokenStream),
    /// Up to a multiple, counted from the start of the value.
    Align(TokenStream),
    /// To an offset, when the condition holds.
    To(u64, Option<TokenStream>),
}

/// The params, with their types, that a measuring function takes.
#[must_use]
pub fn params(ctx: &Ctx<'_>, id: TypeId) -> TokenStream {
    named_params(ctx, id, |_| true)
}

/// The same for a function with this body: those that it does not look at have no name.
#[must_use]
pub fn params_for(ctx: &Ctx<'_>, id: TypeId, body: &TokenStream) -> TokenStream {
    named_params(ctx, id, |name| super::rules::uses(body, name))
}

fn named_params(ctx: &Ctx<'_>, id: TypeId, is_named: impl Fn(&proc_macro2::Ident) -> bool) -> TokenStream {
    let ty = ctx.ty(id);
    let params = ctx.length_params(id).iter().filter_map(|i| ty.params.get(*i)).map(|p| {
        let (name, ty) = (ident(&p.rust), super::rust_type::param_of_function(ctx, p));
        if is_named(&name) { quote!(#name: #ty) } else { quote!(_: #ty) }
    });
    quote!(#(, #params)*)
}

/// What the measuring functions of the type itself are given.
#[must_use]
pub fn own_args(env: &Env<'_>) -> TokenStream {
    let ty = env.ctx.ty(env.ty);
    let needed = env.ctx.length_params(env.ty).iter().filter_map(|i| ty.params.get(*i));
    let args = needed.map(|p| {
        let name = ident(&p.rust);
        if env.side == Side::Measure { quote!(#name) } else { quote!(args.#name) }
    });
    quote!(#(#args),*)
}

/// What the measuring functions of a held type are given.
fn args_of(env: &Env<'_>, id: TypeId, args: &[Expr]) -> TokenStream {
    let ty = env.ctx.ty(id);
    let needed = env.ctx.length_params(id).iter().filter_map(|i| Some((ty.params.get(*i)?, args.get(*i)?)));
    let args = needed.map(|(p, e)| {
        let (tokens, fallible) = argument(env, e, p);
        if fallible { quote!(#tokens.unwrap_or_default()) } else { tokens }
    });
    quote!(#(#args),*)
}

/// The size of the value itself.
#[must_use]
pub fn own_len(env: &Env<'_>) -> TokenStream {
    let args = own_args(env);
    quote!(self.byte_len(#args))
}

/// The offset of a field of the value itself.
#[must_use]
pub fn offset(env: &Env<'_>, field: FieldId) -> TokenStream {
    if let Some(n) = constant_offset(env.ctx, env.ty, field) {
        let n = Literal::u64_unsuffixed(n);
        return quote!(#n);
    }
    let Some(of) = env.ctx.format.field(env.ty, field) else { return quote!(0) };
    if let Some(aside) = &of.aside {
        return super::aside::offset(env, aside);
    }
    if env.side == Side::Read {
        let at = format_ident!("{}_at", of.rust);
        return quote!(#at.saturating_sub(base));
    }
    let (method, args) = (format_ident!("offset_of_{}", of.rust), own_args(env));
    quote!(self.#method(#args))
}

/// The offset of a field where it is always the same.
#[must_use]
pub fn constant_offset(ctx: &Ctx<'_>, ty: TypeId, field: FieldId) -> Option<u64> {
    let s = ctx.ty(ty).as_struct()?;
    let mut sum = 0_u64;
    for f in s.fields.iter().take(field.0).filter(|f| f.aside.is_none()) {
        if f.presence.is_some() || f.at.is_some() {
            return None;
        }
        sum = sum.saturating_add(f.size.fixed()?);
    }
    let last = field.of(&s.fields);
    (last.at.is_none() && last.aside.is_none()).then_some(sum)
}

/// The size of a field of the value itself, 0 where it is absent.
#[must_use]
pub fn field(env: &Env<'_>, id: FieldId) -> TokenStream {
    let Some(f) = env.ctx.format.field(env.ty, id) else { return quote!(0) };
    let f = f.clone();
    let held = held_tokens(env, &f);
    let Some(presence) = &f.presence else { return present(env, &f, id, &held) };
    if env.present.contains_key(&id) {
        return present(env, &f, id, &env.present.get(&id).cloned().unwrap_or_default());
    }
    if f.is_held() {
        let it = quote!(it);
        let value = if local_present(&f) { quote!((*it)) } else { quote!(it) };
        let inner = present(&env.with_present(id, value.clone()), &f, id, &value);
        let it = if super::rules::uses(&inner, &format_ident!("it")) { it } else { quote!(_) };
        let none = if inner.to_string().parse::<u64>().is_ok() { quote!(0_u64) } else { quote!(0) };
        let closure = if f.repeat.is_none() { as_path(env, &f, &inner) } else { quote!(|it| #inner) };
        let closure = if it.to_string() == "_" { quote!(|_| #inner) } else { closure };
        return quote!(#held.as_ref().map_or(#none, #closure));
    }
    let condition = present_condition(env, &f, &presence.that);
    let inner = present(env, &f, id, &held);
    if inner.to_string() == "1" { quote!(u64::from(#condition)) } else { quote!(if #condition { #inner } else { 0 }) }
}

/// Whether a field that is not held is there, seen from the value.
#[must_use]
pub fn present_condition(env: &Env<'_>, f: &Field, that: &Expr) -> TokenStream {
    match &f.role {
        Role::Driven(drives) => {
            if let Some(drive) = drives.first() {
                driver_present(env, &drive.from)
            } else {
                quote!(true)
            }
        }
        _ => env.condition(that),
    }
}

/// Whether the field at a place is there.
#[must_use]
pub fn driver_present(env: &Env<'_>, from: &Place) -> TokenStream {
    let Root::Field(first) = from.root else { return quote!(true) };
    let Some(f) = env.ctx.format.field(env.ty, first) else { return quote!(true) };
    let mut tokens = held_tokens(env, f);
    let mut optional = f.is_optional();
    for step in &from.steps {
        let Step::Field(ty, id) = step else { continue };
        let Some(next) = env.ctx.format.field(*ty, *id) else { continue };
        let name = ident(&next.rust);
        tokens = match (optional, next.is_optional()) {
            (false, _) => quote!(#tokens.#name),
            (true, false) => quote!(#tokens.as_ref().map(|it| &it.#name)),
            (true, true) => quote!(#tokens.as_ref().and_then(|it| it.#name.as_ref())),
        };
        optional |= next.is_optional();
    }
    if optional { quote!(#tokens.is_some()) } else { quote!(true) }
}

fn local_present(f: &Field) -> bool {
    super::expr::is_copy(f)
}

fn held_tokens(env: &Env<'_>, f: &Field) -> TokenStream {
    let (name, held) = (ident(&f.rust), local(&f.rust));
    if env.side == Side::Read { quote!(#held) } else { quote!(self.#name) }
}

/// The size of a field that is there; `value` is its member or what stands for it.
fn present(env: &Env<'_>, f: &Field, id: FieldId, value: &TokenStream) -> TokenStream {
    let wired = !env.ctx.is_driver_of(env.ty, id);
    let inner = repeated(env, f, value, wired);
    let Some(window) = &f.window else { return inner };
    match (window.slack, constant(&window.size)) {
        (Policy::None, _) => inner,
        (Policy::Zero, Some(n)) => {
            let n = Literal::u64_unsuffixed(n);
            quote!(#n)
        }
        (policy, _) => {
            let name = slack(f).map(|(name, _)| name);
            let member = if env.side == Side::Read { quote!(#name) } else { quote!(self.#name) };
            let extra = if policy == Policy::Keep { quote!(#member.wire_len()) } else { member };
            add(&inner, &extra)
        }
    }
}

/// A sum, where the first part may be a literal.
fn add(a: &TokenStream, b: &TokenStream) -> TokenStream {
    match a.to_string().parse::<u64>() {
        Ok(0) => b.clone(),
        Ok(_) => quote!(#b.saturating_add(#a)),
        Err(_) => quote!(#a.saturating_add(#b)),
    }
}

/// The size of a body of a case.
#[must_use]
pub fn body(env: &Env<'_>, f: &Field, value: &TokenStream) -> TokenStream {
    let inner = repeated(env, f, value, true);
    match f.window.as_ref().and_then(|w| constant(&w.size).filter(|_| w.slack == Policy::Zero)) {
        Some(n) => {
            let n = Literal::u64_unsuffixed(n);
            quote!(#n)
        }
        None => inner,
    }
}

fn repeated(env: &Env<'_>, f: &Field, value: &TokenStream, wired: bool) -> TokenStream {
    if f.repeat.is_none() {
        return f.copies.as_ref().map_or_else(|| content(env, f, value, wired), super::copies::size);
    }
    if let Some(n) = fixed_content(env.ctx, &f.content) {
        let n = Literal::u64_unsuffixed(n);
        return quote!(len64(#value.len()).saturating_mul(#n));
    }
    let element = if super::expr::is_copy(&Field { repeat: None, ..f.clone() }) { quote!(*it) } else { quote!(it) };
    let one = content(env, f, &element, true);
    let one = as_path(env, f, &one);
    quote!(#value.iter().map(#one).fold(0, u64::saturating_add))
}

/// A measure of `it` as a closure, or by the name of the function where it is nothing but a call.
fn as_path(env: &Env<'_>, f: &Field, one: &TokenStream) -> TokenStream {
    match f.type_id() {
        Some(id) if one.to_string() == "it . byte_len ()" && !super::rust_type::is_boxed(env.ctx, f) => {
            let name = ident(&env.ctx.ty(id).rust);
            quote!(#name::byte_len)
        }
        _ => quote!(|it| #one),
    }
}

/// The size of a content that never changes.
#[must_use]
pub fn fixed_content(ctx: &Ctx<'_>, content: &Content) -> Option<u64> {
    match content {
        Content::Scalar(s) => Some(s.size(&ctx.format.enums, &ctx.format.flags)),
        Content::Magic(bytes) => u64::try_from(bytes.len()).ok(),
        Content::Zero(Length::Const(n)) => Some(*n),
        Content::Type { id, .. } => ctx.ty(*id).size.fixed(),
        _ => None,
    }
}

fn content(env: &Env<'_>, f: &Field, value: &TokenStream, wired: bool) -> TokenStream {
    if let Some(n) = fixed_content(env.ctx, &f.content) {
        let n = Literal::u64_unsuffixed(n);
        return quote!(#n);
    }
    let kept = matches!(f.role, Role::ImpliedKept);
    match &f.content {
        Content::Bytes(_) | Content::Utf8(_) => quote!(len64(#value.len())),
        Content::Utf16(_) | Content::Blob(_) | Content::Lazy(_) => quote!(#value.wire_len()),
        Content::CStr => quote!(len64(#value.count_bytes()).saturating_add(1)),
        Content::PStr(n) => {
            let n = Literal::u64_unsuffixed(u64::from(*n));
            quote!(len64(#value.0.len()).saturating_add(#n))
        }
        Content::Zero(Length::Rest) if kept => quote!(#value.len()),
        Content::Zero(Length::Rest) => value.clone(),
        Content::Zero(Length::Expr(e)) => number(env, e),
        Content::Type { id, args } => {
            let args = args_of(env, *id, args);
            let inner = ident(&super::names::snake(&env.ctx.ty(*id).rust));
            if wired && env.ctx.ty(*id).is_driven_outside() {
                quote!(#value.#inner.byte_len(#args))
            } else {
                quote!(#value.byte_len(#args))
            }
        }
        _ => quote!(0),
    }
}

fn number(env: &Env<'_>, e: &Expr) -> TokenStream {
    let (tokens, fallible) = env.u64(e);
    if fallible { quote!(#tokens.unwrap_or(0)) } else { tokens }
}

/// The size of something further in.
#[must_use]
pub fn place(env: &Env<'_>, place: &Place) -> TokenStream {
    let (Some(Step::Field(ty, id)), Root::Field(first)) = (place.steps.last(), place.root) else { return quote!(0) };
    let (Some(f), Some(head)) = (env.ctx.format.field(*ty, *id), env.ctx.format.field(env.ty, first)) else {
        return quote!(0);
    };
    env.ctx.request_size(*ty, *id);
    let method = format_ident!("size_of_{}", f.rust);
    let base = held_tokens(env, head);
    let path = place.steps.iter().take(place.steps.len().saturating_sub(1)).filter_map(|s| match s {
        Step::Field(ty, id) => env.ctx.format.field(*ty, *id).map(|f| ident(&f.rust)),
        _ => None,
    });
    if head.is_optional() {
        return quote!(#base.as_ref().map_or(0, |it| it #(.#path)* .#method()));
    }
    quote!(#base #(.#path)* .#method())
}

/// The parts of the sum up to a field, or of all of the value.
fn terms(env: &Env<'_>, s: &Struct, end: usize) -> Vec<Term> {
    let mut out = Vec::new();
    for (i, f) in s.fields.iter().enumerate().take(end).filter(|(_, f)| f.aside.is_none()) {
        gap_term(env, f, &mut out);
        match (&f.content, f.presence.is_some(), f.size) {
            (Content::Align(e), false, _) if f.repeat.is_none() => out.push(Term::Align(number(env, e))),
            (_, false, Size::Fixed(n)) => out.push(Term::Const(n)),
            _ => out.push(Term::Add(field(env, FieldId(i)))),
        }
    }
    out
}

fn gap_term(env: &Env<'_>, f: &Field, out: &mut Vec<Term>) {
    let Some(at) = &f.at else { return };
    match (gap(f), at.constant()) {
        (Some((name, _)), _) if at.gap == Policy::Keep => out.push(Term::Add(quote!(self.#name.wire_len()))),
        (Some((name, _)), _) => out.push(Term::Add(quote!(self.#name))),
        (None, Some(n)) => {
            let name = ident(&f.rust);
            let condition = f
                .presence
                .as_ref()
                .map(|p| if f.is_held() { quote!(self.#name.is_some()) } else { env.condition(&p.that) });
            out.push(Term::To(n, condition));
        }
        (None, None) => {}
    }
}

/// Statements and a last expression that give the sum.
fn sum(terms: Vec<Term>) -> TokenStream {
    let mut before: Vec<TokenStream> = Vec::new();
    let (mut constant, mut parts) = (0_u64, Vec::new());
    for term in terms {
        match term {
            Term::Const(n) => constant = constant.saturating_add(n),
            Term::Add(part) => parts.push(part),
            Term::Align(to) => {
                before.push(chain(constant, &parts));
                (constant, parts) = (0, vec![quote!(len), quote!(padding_for(len, #to))]);
            }
            Term::To(n, condition) => {
                let n = Literal::u64_unsuffixed(n);
                let so_far = chain(constant, &parts);
                before.push(if let Some(condition) = condition {
                    quote!(if #condition { #n } else { #so_far })
                } else {
                    quote!(#n)
                });
                (constant, parts) = (0, vec![quote!(len)]);
            }
        }
    }
    let last = match (constant, parts.as_slice()) {
        (0, [_]) if !before.is_empty() && parts.len() == 1 => before.pop().unwrap_or_default(),
        _ => chain(constant, &parts),
    };
    quote!(#(let len: u64 = #before;)* #last)
}

fn chain(constant: u64, parts: &[TokenStream]) -> TokenStream {
    let n = Literal::u64_unsuffixed(constant);
    let typed = Literal::u64_suffixed(constant);
    match parts.split_first() {
        None => quote!(#n),
        Some((first, [])) if constant == 0 => quote!(#first),
        Some((first, rest)) if constant == 0 && !is_block(first) => quote!(#first #(.saturating_add(#rest))*),
        Some(_) => quote!(#typed #(.saturating_add(#parts))*),
    }
}

fn is_block(tokens: &TokenStream) -> bool {
    let text = tokens.to_string();
    text.starts_with("if ") || text.starts_with("match ") || text.parse::<u64>().is_ok()
}

/// `byte_len` of a struct.
#[must_use]
pub fn struct_len(ctx: &Ctx<'_>, id: TypeId, s: &Struct) -> TokenStream {
    let env = Env::new(ctx, id, Side::Measure);
    if let Some(window) = &s.window
        && let (Some(n), Policy::Zero) = (constant(&window.size), window.slack)
    {
        let n = Literal::u64_unsuffixed(n);
        return quote!(#n);
    }
    if s.is_place {
        return super::aside_len::struct_len(&env, s);
    }
    let mut all = terms(&env, s, usize::MAX);
    if let Some((name, _)) = own_slack(s) {
        let keep = s.window.as_ref().map_or(s.slack, |w| w.slack) == Policy::Keep;
        all.push(Term::Add(if keep { quote!(self.#name.wire_len()) } else { quote!(self.#name) }));
    }
    sum(all)
}

/// Measuring functions that were asked for and that are called: their names are among these of the module.
#[must_use]
pub fn requested(ctx: &Ctx<'_>, id: TypeId, called: &BTreeSet<String>) -> TokenStream {
    let Body::Struct(s) = &ctx.ty(id).body else { return TokenStream::new() };
    let is_called = |what: &str, i: FieldId| called.contains(&format!("{what}_of_{}", i.of(&s.fields).rust));
    let env = Env::new(ctx, id, Side::Measure);
    let named = |i: &FieldId| i.of(&s.fields).name != "_" || is_called("offset", *i);
    let in_a_row = (0..s.fields.len()).map(FieldId).filter(|i| i.of(&s.fields).aside.is_none());
    let moving = in_a_row.filter(|i| constant_offset(ctx, id, *i).is_none());
    let offsets = moving.filter(named).map(|i| {
        let f = i.of(&s.fields);
        let method = format_ident!("offset_of_{}", f.rust);
        let mut before = terms(&env, s, i.0);
        gap_term(&env, f, &mut before);
        let (doc, body) = (format!(" Offset of `{}`, in bytes.", f.name), sum(before));
        let body = before_measuring(ctx, id, body);
        let params = params_for(ctx, id, &body);
        quote!(#[doc = #doc] #[must_use] pub fn #method(&self #params) -> u64 { #body })
    });
    let sizes = ctx.size_requests(id).into_iter().filter(|i| is_called("size", *i)).map(|i| {
        let f = i.of(&s.fields);
        let method = format_ident!("size_of_{}", f.rust);
        let (doc, body) = (format!(" Size of `{}`, in bytes; 0 when absent.", f.name), field(&env, i));
        let body = before_measuring(ctx, id, body);
        let params = params_for(ctx, id, &body);
        quote!(#[doc = #doc] #[must_use] pub fn #method(&self #params) -> u64 { #body })
    });
    let all: Vec<_> = offsets.chain(sizes).collect();
    if all.is_empty() {
        return TokenStream::new();
    }
    let name = ident(&ctx.ty(id).rust);
    quote!(impl #name { #(#all)* })
}

/// The offset of a field, asked for once: a constant, or a call.
#[must_use]
pub fn lazy_offset(env: &Env<'_>, field: FieldId) -> TokenStream {
    match constant_offset(env.ctx, env.ty, field) {
        Some(n) => {
            let n = Literal::u64_suffixed(n);
            quote!(#n)
        }
        None => offset(env, field),
    }
}

/// Where the field before ends.
#[must_use]
pub fn offset_before(env: &Env<'_>, field: FieldId) -> TokenStream {
    let Body::Struct(s) = &env.ctx.ty(env.ty).body else { return quote!(0) };
    let terms = terms(env, s, field.0);
    let sum = sum(terms);
    if sum.to_string().contains(';') { quote!({ #sum }) } else { sum }
}

/// The size of a field that is there, the slack of its window left out.
#[must_use]
pub fn without_slack(env: &Env<'_>, f: &Field, value: &TokenStream) -> TokenStream {
    repeated(env, f, value, true)
}

/// The size of the value itself, the slack of its window left out.
#[must_use]
pub fn own_len_without_slack(env: &Env<'_>, s: &Struct) -> TokenStream {
    if s.is_place {
        let args = own_args(env);
        return quote!({ let (place, fields) = self.laid(#args); place.len_behind(fields) });
    }
    let sum = in_a_row(env, s);
    if sum.to_string().contains(';') { quote!({ #sum }) } else { sum }
}

/// The length of the fields that lie in a row, as statements and a last expression.
#[must_use]
pub fn in_a_row(env: &Env<'_>, s: &Struct) -> TokenStream {
    sum(terms(env, s, usize::MAX))
}

/// The size of an element `it` of a list.
#[must_use]
pub fn element_len(env: &Env<'_>, f: &Field) -> TokenStream {
    let single = Field { repeat: None, window: None, ..f.clone() };
    content(env, &single, &quote!(it), true)
}
