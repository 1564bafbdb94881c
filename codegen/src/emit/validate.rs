//! What a value must be to be written: every condition and rule as the reader would find it.

use super::ctx::RuleEntry;
use super::expr::Env;
use super::greed;
use super::measure;
use super::names::ident;
use super::pins;
use super::read_list::{element_operand, max_count_rule};
use super::rules;
use super::scalar::{Raise, known_rule, rule_name, writable};
use super::ties;
use super::totals::Totals;
use crate::model::{Class, Content, Expr, Field, FieldId, Length, Order, Repeat, Role, Struct, Until};
use crate::resolve::{list_ahead, split};
use proc_macro2::TokenStream;
use quote::{format_ident, quote};

/// All checks of a struct, in field order.
#[must_use]
pub fn all(env: &Env<'_>, s: &Struct, raise: &Raise) -> TokenStream {
    let mut out = TokenStream::new();
    for (i, field) in s.fields.iter().enumerate() {
        let id = FieldId(i);
        out.extend(presence(env, id, field, raise));
        out.extend(greed::behind(env, s, id, raise));
        out.extend(ties::place(env, id, field, raise));
        out.extend(rules::present(env, id, field, |env| {
            let mut inner = ties::of(env, id, field, raise);
            inner.extend(shape(env, id, field, raise));
            inner.extend(list(env, id, field, raise));
            let value = env.present.get(&id).cloned().unwrap_or_else(|| env.member(id, field));
            let wired = !env.ctx.is_driver_of(env.ty, id);
            inner.extend(greed::within(env, field, (&value, wired), raise));
            inner
        }));
        out.extend(kept_pin(env, field, raise));
        out.extend(rules::after(env, s, id, &|_| (raise.clone(), offset(env, id))));
        let due: Vec<_> = s.require.iter().filter(|r| r.after == id).cloned().collect();
        out.extend(rules::require(env, &due, raise));
    }
    if s.fields.is_empty() {
        out.extend(rules::require(env, &s.require, raise));
    }
    out.extend(greed::own_slack_behind(env, s, raise));
    out.extend(ties::own_window(env, s, raise));
    out
}

fn offset(env: &Env<'_>, id: FieldId) -> u64 {
    measure::constant_offset(env.ctx, env.ty, id).unwrap_or(0)
}

/// The rule about an aspect of a field that its shape sets.
#[must_use]
pub fn rule(env: &Env<'_>, field: &Field, about: &str, expected: &str) -> TokenStream {
    classed(env, field, (about, expected), Class::Invalid)
}

/// The same with a class.
#[must_use]
pub fn classed(env: &Env<'_>, field: &Field, what: (&str, &str), class: Class) -> TokenStream {
    env.ctx.rule(&RuleEntry {
        name: rule_name(env.ctx.ty(env.ty), &field.rust, what.0),
        field: &field.name,
        site: field.site,
        class,
        expected: what.1,
        say: None,
    })
}

/// The rule that a value is written in the byte order that a reader will find.
#[must_use]
pub fn order_rule(env: &Env<'_>) -> TokenStream {
    let ty = env.ctx.ty(env.ty);
    let expected = match &ty.order {
        Order::Try { condition, .. } => format!("a byte order in which a reader finds `{}` first", condition.text),
        _ => String::new(),
    };
    env.ctx.rule(&RuleEntry {
        name: rule_name(ty, "byte_order", ""),
        field: "byte_order",
        site: ty.site,
        class: Class::Invalid,
        expected: &expected,
        say: None,
    })
}

/// A `Some` that reads as absent, and the other way round.
fn presence(env: &Env<'_>, id: FieldId, field: &Field, raise: &Raise) -> TokenStream {
    let Some(presence) = &field.presence else { return TokenStream::new() };
    let there = if field.is_held() {
        let name = ident(&field.rust);
        quote!(self.#name.is_some())
    } else if field.is_driven() {
        let name = env.member(id, field);
        quote!(#name.is_some())
    } else {
        return TokenStream::new();
    };
    let env = env.with_rest(rest(env, id));
    let (known, ahead) = split(&presence.that);
    let Some(known) = known else { return extras(&env, field, &there, raise) };
    let condition = env.emit(&known);
    let atom = condition.atom();
    let same = match condition.mode {
        _ if ahead.is_some() => {
            let known = env.condition(&known);
            let absent = absent(&env, id, field);
            quote!(#absent || #known)
        }
        super::expr::Mode::Plain if atom.to_string() == "true" => there.clone(),
        super::expr::Mode::Plain => quote!(#atom == #there),
        _ => quote!(#atom == Some(#there)),
    };
    let rule = rule(&env, field, "IF", &format!("to be there exactly when `{}`", presence.that.text));
    let check = raise.wrap(&quote!(#rule.check(#same, 0, Found::Nothing)));
    let extras = extras(&env, field, &there, raise);
    quote!(#check; #extras)
}

/// Whether a field is not there.
fn absent(env: &Env<'_>, id: FieldId, field: &Field) -> TokenStream {
    let name = ident(&field.rust);
    let value = if field.is_held() { quote!(self.#name) } else { env.member(id, field) };
    quote!(#value.is_none())
}

/// Where a field is absent, so are its gap and its slack.
fn extras(env: &Env<'_>, field: &Field, there: &TokenStream, raise: &Raise) -> TokenStream {
    let all = [super::rust_type::gap(field), super::rust_type::slack(field)];
    let checks = all.into_iter().flatten().map(|(name, ty)| {
        let empty = if ty.to_string() == "u64" { quote!(self.#name == 0) } else { quote!(self.#name.is_empty()) };
        let rule = rule(env, field, "ABSENT", "nothing kept beside a field that is absent");
        let check = raise.wrap(&quote!(#rule.check(#there || #empty, 0, Found::Nothing)));
        quote!(#check;)
    });
    quote!(#(#checks)*)
}

/// The bytes left in the window where a field starts.
fn rest(env: &Env<'_>, id: FieldId) -> TokenStream {
    let len = measure::own_len(env);
    let offset = measure::lazy_offset(env, id);
    quote!(#len.saturating_sub(#offset))
}

/// What the content of a field itself asks of a value.
fn shape(env: &Env<'_>, id: FieldId, field: &Field, raise: &Raise) -> TokenStream {
    let value = env.present.get(&id).cloned().unwrap_or_else(|| env.member(id, field));
    let elements = field.repeat.is_some();
    let kept = matches!(field.role, Role::ImpliedKept);
    let of = |value: &TokenStream| -> Option<(TokenStream, TokenStream, TokenStream)> {
        match &field.content {
            Content::Scalar(scalar) => {
                let holds = writable(env, field.unknown.as_ref(), *scalar, value)?;
                let named = rule(env, field, "NAMED", "a value without a name, or one by its name");
                let strict = super::scalar::refuses_unknown(env, field.unknown.as_ref(), *scalar);
                let rule = if strict { known_rule(env.ctx, env.ctx.ty(env.ty), field, *scalar) } else { named };
                Some((rule, holds, super::scalar::found(*scalar, value)))
            }
            Content::PStr(n) if *n < 8 => {
                let ty = format_ident!("u{}", n.saturating_mul(8));
                let rule = classed(env, field, ("FITS", &format!("a length that fits `{ty}`")), Class::Limit);
                Some((rule, quote!(#ty::try_from(#value.0.len()).is_ok()), quote!(#value.0.len())))
            }
            Content::Zero(Length::Const(n)) if kept && *n <= 4096 => None,
            Content::Zero(_) | Content::Align(_) if kept => {
                let rule = rule(env, field, "KEPT", "kept bytes that are not all zero");
                Some((rule, quote!(#value.is_valid()), quote!(Found::Nothing)))
            }
            Content::Magic(bytes) if kept => {
                let bytes = proc_macro2::Literal::byte_string(bytes);
                let rule = rule(env, field, "KEPT", "kept bytes that differ from the magic");
                Some((rule, quote!(#value.other() != Some(#bytes)), quote!(Found::Nothing)))
            }
            _ => None,
        }
    };
    if !field.is_held() && !matches!(field.role, Role::Driven(_) | Role::DrivenOutside) {
        return TokenStream::new();
    }
    let element = if elements { quote!(it) } else { value.clone() };
    let Some((rule, holds, found)) = of(&element) else { return TokenStream::new() };
    let found = if elements { quote!(Found::Nothing) } else { found };
    let check = raise.wrap(&quote!(#rule.check(#holds, 0, #found)));
    let all = rules::elements(&value);
    if elements { quote!(for it in #all { #check; }) } else { quote!(#check;) }
}

/// The same for the body of a case, which is called `value`.
#[must_use]
pub fn shape_of(env: &Env<'_>, id: FieldId, field: &Field, raise: &Raise) -> TokenStream {
    let mut out = shape(env, id, field, raise);
    out.extend(list(env, id, field, raise));
    out
}

/// A kept pin is not what the spec says anyway.
fn kept_pin(env: &Env<'_>, field: &Field, raise: &Raise) -> TokenStream {
    let Some(pin) = pins::of(field).filter(|p| p.kept) else { return TokenStream::new() };
    if matches!(pin.kind, crate::model::PinKind::Checksum) {
        return TokenStream::new();
    }
    let member = ident(&field.rust);
    let (before, pinned) = pins::value(env, field, pin, raise);
    let rule = rule(env, field, "KEPT", &format!("a kept value other than `{}`", pin.value.text));
    let other = if field.is_optional() {
        quote!(self.#member.as_ref().and_then(Kept::other))
    } else {
        quote!(self.#member.other())
    };
    let check = raise.wrap(&quote!(#rule.check(#other != Some(&#pinned), 0, Found::Nothing)));
    if field.is_optional() && !before.is_empty() {
        return quote!(if self.#member.is_some() { #before #check; });
    }
    quote!(#before #check;)
}

/// The rules of a list over its elements.
fn list(env: &Env<'_>, id: FieldId, field: &Field, raise: &Raise) -> TokenStream {
    let Some(repeat) = &field.repeat else { return TokenStream::new() };
    let value = env.present.get(&id).cloned().unwrap_or_else(|| env.member(id, field));
    let mut out = ends(env, field, repeat, &value, raise);
    out.extend(list_rules(env, field, repeat, &value, raise));
    if let Some(max) = &repeat.max_count {
        let rule = max_count_rule(env, field, max);
        let (n, fallible) = env.u64(max);
        let n = if fallible { quote!(#n.unwrap_or(0)) } else { n };
        let check = raise.wrap(&quote!(#rule.check(len64(#value.len()) <= #n, 0, #value.len())));
        out.extend(quote!(#check;));
    }
    out
}

/// `unique` and `disjoint`.
#[must_use]
pub fn list_rules(env: &Env<'_>, field: &Field, repeat: &Repeat, value: &TokenStream, raise: &Raise) -> TokenStream {
    let mut out = TokenStream::new();
    let inner = env.with_it(element_operand(field));
    let copied = super::expr::is_copy(&Field { repeat: None, ..field.clone() });
    let pattern = if copied { quote!(&it) } else { quote!(it) };
    if !repeat.unique.is_empty() {
        let keys: Vec<_> = repeat.unique.iter().map(|e| inner.key(e)).collect();
        let key = if let [one] = keys.as_slice() { quote!(#one) } else { quote!((#(#keys),*)) };
        let texts: Vec<_> = repeat.unique.iter().map(|e| format!("`{}`", e.text)).collect();
        let rule = rule(env, field, "UNIQUE", &format!("elements that differ in {}", texts.join(" or ")));
        let all = if copied && key.to_string() == "it" { quote!(copied()) } else { quote!(map(|#pattern| #key)) };
        let check = raise.wrap(&quote!(#rule.check(expr::unique(#value.iter().#all), 0, Found::Nothing)));
        out.extend(quote!(#check;));
    }
    if let Some((start, size)) = &repeat.disjoint {
        let (start, size) = (inner.wide(start), inner.wide(size));
        let rule = rule(env, field, "DISJOINT", "elements that do not overlap");
        let check = raise.wrap(
            &quote!(#rule.check(expr::disjoint(#value.iter().map(|#pattern| (#start, #size))), 0, Found::Nothing)),
        );
        out.extend(quote!(#check;));
    }
    out
}

/// The list ends where a reader would end it.
fn ends(env: &Env<'_>, field: &Field, repeat: &Repeat, value: &TokenStream, raise: &Raise) -> TokenStream {
    if list_ahead(field).is_some() {
        return not_empty(env, field, repeat, value, raise);
    }
    match &repeat.until {
        Until::Until(condition) => until(env, field, (condition, value), raise),
        Until::While(condition) => while_(env, field, (condition, value), raise),
        Until::Count(_) | Until::Rest => TokenStream::new(),
    }
}

/// A list that goes on until what follows says so has an element.
fn not_empty(env: &Env<'_>, field: &Field, repeat: &Repeat, value: &TokenStream, raise: &Raise) -> TokenStream {
    let Until::Until(e) = &repeat.until else { return TokenStream::new() };
    let rule = rule(env, field, "UNTIL", &format!("a list with an element behind which `{}` holds", e.text));
    let check = raise.wrap(&quote!(#rule.check(!#value.is_empty(), 0, 0)));
    quote!(#check;)
}

fn plain(env: &Env<'_>, condition: &Expr) -> TokenStream {
    env.condition(condition)
}

fn until(env: &Env<'_>, field: &Field, list: (&Expr, &TokenStream), raise: &Raise) -> TokenStream {
    let (condition, value) = list;
    let totals = Totals::of(env, field, condition);
    let it = element_operand(field);
    let (start, step) = (totals.start(), totals.step(&it));
    let ends = plain(&totals.env(env).with_it(it), condition);
    let rule = rule(
        env,
        field,
        "UNTIL",
        &format!("a list in which `{}` holds for the last element, and for no other", condition.text),
    );
    let pattern = pattern(field);
    let check = raise.wrap(&quote!(#rule.check(last == (i.saturating_add(1) == #value.len()), 0, i)));
    let some = raise.wrap(&quote!(#rule.check(!#value.is_empty(), 0, 0)));
    quote!(#some; #start for (i, #pattern) in #value.iter().enumerate() { #step let last = #ends; #check; })
}

fn while_(env: &Env<'_>, field: &Field, list: (&Expr, &TokenStream), raise: &Raise) -> TokenStream {
    let (condition, value) = list;
    let totals = Totals::of(env, field, condition);
    let it = element_operand(field);
    let (start, step) = (totals.start(), totals.step(&it));
    let more = plain(&totals.env(env), condition);
    let rule = rule(env, field, "WHILE", &format!("a list that goes on exactly while `{}`", condition.text));
    let pattern = if rules::uses(&step, &format_ident!("it")) { pattern(field) } else { quote!(_) };
    let goes_on = raise.wrap(&quote!(#rule.check(#more, 0, Found::Nothing)));
    let no_more = totals.env(env).refused(condition);
    let ends = raise.wrap(&quote!(#rule.check(#no_more, 0, #value.len())));
    let elements = rules::elements(value);
    quote!({ #start for #pattern in #elements { #goes_on; #step } #ends; })
}

fn pattern(field: &Field) -> TokenStream {
    let copied = super::expr::is_copy(&Field { repeat: None, ..field.clone() });
    if copied { quote!(&it) } else { quote!(it) }
}
