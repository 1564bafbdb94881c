//! `check_into`: soft rules, and whatever was kept although the spec says otherwise.

use super::ctx::Ctx;
use super::driven;
use super::expr::{Env, Side};
use super::measure;
use super::names::ident;
use super::rules::{entry, present, shown};
use super::scalar::Raise;
use super::validate::classed;
use crate::model::{Class, Content, Expr, Field, FieldId, Length, Role, Struct, TypeId};
use proc_macro2::{Literal, TokenStream};
use quote::{format_ident, quote};

/// The body of `check_into` of a struct, of `check_driven` for one that is driven from outside.
#[must_use]
pub fn of_struct(ctx: &Ctx<'_>, id: TypeId, s: &Struct) -> TokenStream {
    let env = Env::new(ctx, id, Side::Value);
    let mut parts: Vec<TokenStream> = Vec::new();
    for (i, field) in s.fields.iter().enumerate() {
        let id = FieldId(i);
        let at = place(&env, id);
        parts.push(present(&env, id, field, |env| {
            let value = env.present.get(&id).cloned().unwrap_or_else(|| env.member(id, field));
            let mut out = soft(env, id, field, &at);
            out.extend(kept(env, field, &value, &at));
            out.extend(nested(env, id, field, (&value, &at)));
            out
        }));
        parts.push(super::remember::for_findings(&env, id, field));
    }
    parts.push(super::remember::at_end_of_findings(&env, s));
    let checks: TokenStream = quote!(#(#parts)*);
    if checks.is_empty() {
        return checks;
    }
    let locals = locals(&env, s, &checks);
    quote!(#locals #checks)
}

/// The absolute offset of a field.
fn place(env: &Env<'_>, id: FieldId) -> TokenStream {
    if let Some(aside) = env.ctx.format.field(env.ty, id).and_then(|f| f.aside.as_ref()) {
        return super::aside::position(env, aside);
    }
    match measure::constant_offset(env.ctx, env.ty, id) {
        Some(0) => quote!(at),
        Some(n) => {
            let n = Literal::u64_unsuffixed(n);
            quote!(at.saturating_add(#n))
        }
        None => {
            let offset = measure::offset(env, id);
            quote!(at.saturating_add(#offset))
        }
    }
}

/// Locals of driven and pinned fields that the checks name. One that cannot be computed makes its rules hold.
fn locals(env: &Env<'_>, s: &Struct, checks: &TokenStream) -> TokenStream {
    let order = super::write::order(env);
    let order = if super::rules::uses(checks, &format_ident!("order")) { order } else { TokenStream::new() };
    let all = driven::locals(env, s, &Raise::Fault);
    let used = all.into_iter().filter_map(|(name, local)| {
        let name = name.filter(|name| super::rules::uses(checks, name))?;
        let text = local.to_string();
        let Some(call) = text.strip_suffix("? ;") else { return Some(local) };
        let call: TokenStream = call.split_once('=').and_then(|(_, c)| c.parse().ok()).unwrap_or_default();
        Some(quote!(let Ok(#name) = #call else { return };))
    });
    let pins = super::write::pins_for_checks(env, s, checks);
    let state = super::state::start(env.ctx, env.ty).filter(|(name, _)| super::rules::uses(checks, name));
    let state = state.map(|(_, tokens)| tokens);
    let place = super::aside::for_findings(env, checks);
    quote!(#state #order #place #(#used)* #pins)
}

fn soft(env: &Env<'_>, id: FieldId, field: &Field, at: &TokenStream) -> TokenStream {
    let checks = field.expect.iter().map(|rule| {
        let of = entry(env, rule, Some(field), "EXPECT");
        let env = env.with_rest(super::rest::rest_after(env, id));
        let holds = env.not_refused(&rule.that);
        let found = shown(&env, id, field);
        quote!(findings.expect(#holds, &#of, #at, #found);)
    });
    quote!(#(#checks)*)
}

fn kept(env: &Env<'_>, field: &Field, value: &TokenStream, at: &TokenStream) -> TokenStream {
    let is_kept = match (&field.role, &field.content) {
        (Role::ImpliedKept, Content::Zero(Length::Const(n))) if *n <= 4096 => quote!(#value.is_zero()),
        (Role::ImpliedKept, Content::Zero(Length::Rest)) => quote!(#value.is_zero()),
        (Role::ImpliedKept, _) => quote!(!#value.is_kept()),
        (Role::Pinned(pin), _) if pin.kept => {
            let name = ident(&field.rust);
            if field.is_optional() {
                quote!(!self.#name.as_ref().is_some_and(Kept::is_kept))
            } else {
                quote!(!self.#name.is_kept())
            }
        }
        _ => return TokenStream::new(),
    };
    let expected = match (&field.role, &field.content) {
        (Role::Pinned(pin), _) => pin.value.text.clone(),
        (_, Content::Magic(bytes)) => super::decode::shown(bytes),
        _ => "zeros".to_owned(),
    };
    let rule = classed(env, field, ("AS_PINNED", &expected), Class::Note);
    quote!(findings.expect(#is_kept, &#rule, #at, Found::Nothing);)
}

/// The findings of what a field holds.
fn nested(env: &Env<'_>, id: FieldId, field: &Field, value: (&TokenStream, &TokenStream)) -> TokenStream {
    let (value, at) = value;
    if field.copies.is_some() {
        return super::copies::findings(env, field, (value, at));
    }
    let Content::Type { id: of, args } = &field.content else { return TokenStream::new() };
    if !env.ctx.has_findings(*of) {
        return TokenStream::new();
    }
    let label = &field.name;
    let (given, args) = given(env, *of, args);
    if env.ctx.is_driver_of(env.ty, id) {
        let driven = format_ident!("{}_driven", super::rust_type::local(&field.rust));
        let args = (!env.ctx.ty(*of).params.is_empty()).then(|| quote!(, #args));
        return quote!(#given findings.within(#label, |findings| { #value.check_driven(#at, #driven, findings #args); }););
    }
    if field.repeat.is_none() {
        return quote!(#given findings.within(#label, |findings| { #value.check_into(#at, #args, findings); }););
    }
    let len = measure::element_len(env, field);
    let index =
        super::rules::uses(&quote!(#given #args), &format_ident!("index")).then(|| quote!(let index = len64(i);));
    quote! {
        findings.within(#label, |findings| {
            let mut at = #at;
            for (i, it) in #value.iter().enumerate() {
                #index
                #given
                findings.element(i, |findings| { it.check_into(at, #args, findings); });
                at = at.saturating_add(#len);
            }
        });
    }
}

/// The arguments of a type: statements that make those that may have no value, and all of them.
#[must_use]
pub fn given(env: &Env<'_>, of: TypeId, args: &[Expr]) -> (TokenStream, TokenStream) {
    let (before, args) = super::args::build(env, of, args);
    let given = before.iter().map(|b| {
        let text = b.to_string();
        let (name, rest) = text.split_once('=').unwrap_or((&text, ""));
        let name: TokenStream = name.trim().trim_start_matches("let").parse().unwrap_or_default();
        let rest: TokenStream = rest.parse().unwrap_or_default();
        quote!(let Ok(#name) = #rest else { return };)
    });
    (quote!(#(#given)*), args)
}

/// The findings of the body of a case.
#[must_use]
pub fn body(env: &Env<'_>, field: &Field, value: &TokenStream) -> TokenStream {
    let Content::Type { id: of, args } = &field.content else { return TokenStream::new() };
    if !env.ctx.has_findings(*of) {
        return TokenStream::new();
    }
    let (given, args) = given(env, *of, args);
    if field.repeat.is_none() {
        return quote!(#given #value.check_into(at, #args, findings););
    }
    let len = measure::element_len(env, field);
    let index =
        super::rules::uses(&quote!(#given #args), &format_ident!("index")).then(|| quote!(let index = len64(i);));
    quote! {
        let mut at = at;
        for (i, it) in #value.iter().enumerate() {
            #index
            #given
            findings.element(i, |findings| { it.check_into(at, #args, findings); });
            at = at.saturating_add(#len);
        }
    }
}
