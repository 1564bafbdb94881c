//! Ties: sizes, counts, offsets and tags that do not drive anything must agree with the value.

use super::expr::Env;
use super::measure;
use super::names::ident;
use super::rust_type::gap;
use super::scalar::Raise;
use super::validate::{classed, rule};
use crate::model::{AtFrom, Class, Content, Driver, Expr, Field, FieldId, Lazy, Length, Policy, Struct, Until};
use crate::resolve::constant;
use proc_macro2::{Literal, TokenStream};
use quote::quote;

/// A check that an expression gives the same number as is measured.
fn same(env: &Env<'_>, e: &Expr, measured: &TokenStream) -> TokenStream {
    let (tokens, fallible) = env.u64(e);
    if fallible { quote!(#tokens == Some(#measured)) } else { quote!(#tokens == #measured) }
}

fn expected(e: &Expr, what: &str) -> String {
    format!("a {what} of `{}`", e.text)
}

/// The offset of a field, where it does not drive one.
#[must_use]
pub fn place(env: &Env<'_>, id: FieldId, field: &Field, raise: &Raise) -> TokenStream {
    let Some(at) = &field.at else { return TokenStream::new() };
    // A value does not know where it lies in a file: that shows when it is written.
    if at.from == AtFrom::File || env.ctx.drives(env.ty, id, Driver::Offset) {
        return TokenStream::new();
    }
    // Nothing can be in front of the first byte, so there is nothing to compare.
    if at.gap == Policy::Zero && at.constant() == Some(0) {
        return TokenStream::new();
    }
    let measured = measure::lazy_offset(env, id);
    let holds = match (at.gap, gap(field), at.constant()) {
        (Policy::Zero, None, Some(n)) => {
            let n = Literal::u64_unsuffixed(n);
            let before = measure::offset_before(env, id);
            quote!(#before <= #n)
        }
        _ => same(env, &at.offset, &measured),
    };
    let rule = rule(env, field, "AT", &expected(&at.offset, "place at"));
    let name = ident(&field.rust);
    let check = raise.wrap(&quote!(#rule.check(#holds, 0, Found::Nothing)));
    let there = match &field.presence {
        None => return quote!(#check;),
        Some(_) if field.is_held() => quote!(self.#name.is_some()),
        Some(presence) => measure::present_condition(env, field, &presence.that),
    };
    quote!(if #there { #check; })
}

/// Sizes, counts and tags of a field that is there.
#[must_use]
pub fn of(env: &Env<'_>, id: FieldId, field: &Field, raise: &Raise) -> TokenStream {
    let mut out = window(env, id, field, raise);
    out.extend(count(env, id, field, raise));
    out.extend(length(env, id, field, raise));
    out
}

fn window(env: &Env<'_>, id: FieldId, field: &Field, raise: &Raise) -> TokenStream {
    let Some(window) = &field.window else { return TokenStream::new() };
    let mut out = TokenStream::new();
    let drives = env.ctx.drives(env.ty, id, Driver::Size);
    let value = env.present.get(&id).cloned().unwrap_or_else(|| env.member(id, field));
    let fixed = constant(&window.size);
    if let (Policy::Zero, Some(n)) = (window.slack, fixed) {
        let n = Literal::u64_unsuffixed(n);
        let inner = measure::without_slack(env, field, &value);
        let rule = rule(env, field, "SIZE", &format!("at most {n} bytes"));
        let check = raise.wrap(&quote!(#rule.check(#inner <= #n, 0, #inner)));
        return quote!(#check;);
    }
    let size = measure::field(env, id);
    let always = fixed.is_some() && crate::resolve::inner_size(env.ctx.format, field).fixed() == fixed;
    if !drives && !always {
        let rule = rule(env, field, "SIZE", &expected(&window.size, "size"));
        let holds = same(env, &window.size, &size);
        let check = raise.wrap(&quote!(#rule.check(#holds, 0, #size)));
        out.extend(quote!(#check;));
    }
    if let Some(max) = window.max {
        let text = format!("at most {max} bytes");
        let rule = classed(env, field, ("MAX", &text), Class::Limit);
        let max = Literal::u64_unsuffixed(max);
        let check = raise.wrap(&quote!(#rule.check(#size <= #max, 0, #size)));
        out.extend(quote!(#check;));
    }
    out
}

fn count(env: &Env<'_>, id: FieldId, field: &Field, raise: &Raise) -> TokenStream {
    let Some(Until::Count(n)) = field.repeat.as_ref().map(|r| &r.until) else { return TokenStream::new() };
    if env.ctx.drives(env.ty, id, Driver::Count) {
        return TokenStream::new();
    }
    let value = env.present.get(&id).cloned().unwrap_or_else(|| env.member(id, field));
    let rule = rule(env, field, "COUNT", &format!("`{}` elements", n.text));
    let holds = same(env, n, &quote!(len64(#value.len())));
    let check = raise.wrap(&quote!(#rule.check(#holds, 0, #value.len())));
    quote!(#check;)
}

/// The length of bytes or a text, and the most that is held.
fn length(env: &Env<'_>, id: FieldId, field: &Field, raise: &Raise) -> TokenStream {
    let (length, blob) = match &field.content {
        Content::Bytes(l) | Content::Utf8(l) | Content::Utf16(l) => (l, false),
        Content::Blob(l) => (l, true),
        Content::Lazy(lazy) => return elements_aside(env, id, field, (lazy, raise)),
        Content::CStr | Content::PStr(_) => return text_max(env, id, field, raise),
        _ => return TokenStream::new(),
    };
    if field.repeat.is_some() {
        return element_lengths(env, id, field, (length, raise));
    }
    let value = env.present.get(&id).cloned().unwrap_or_else(|| env.member(id, field));
    let size = measure::without_slack(env, field, &value);
    let mut out = TokenStream::new();
    let drives = env.ctx.drives(env.ty, id, Driver::Size) && field.window.is_none();
    let holds = match length {
        Length::Const(n) => {
            let n = Literal::u64_unsuffixed(*n);
            Some((quote!(#size == #n), format!("{n} bytes")))
        }
        Length::Expr(e) if !drives => {
            let env = env.with_rest(super::rest::rest_from(env, id));
            Some((same(&env, e, &size), expected(e, "size")))
        }
        _ => None,
    };
    if let Some((holds, text)) = holds {
        let rule = rule(env, field, "LENGTH", &text);
        let check = raise.wrap(&quote!(#rule.check(#holds, 0, #size)));
        out.extend(quote!(#check;));
    }
    if let (Some(max), false) = (field.max, blob && !matches!(length, Length::Told(_))) {
        let rule = classed(env, field, ("MAX", &format!("at most {max} bytes")), Class::Limit);
        let max = Literal::u64_unsuffixed(max);
        let check = raise.wrap(&quote!(#rule.check(#size <= #max, 0, #size)));
        out.extend(quote!(#check;));
    }
    out
}

/// A list that is not held has as many elements as is said.
fn elements_aside(env: &Env<'_>, id: FieldId, field: &Field, (lazy, raise): (&Lazy, &Raise)) -> TokenStream {
    let value = env.present.get(&id).cloned().unwrap_or_else(|| env.member(id, field));
    let size = measure::without_slack(env, field, &value);
    let holds = super::lazy::count_tie(env, lazy, &size);
    let rule = rule(env, field, "COUNT", &format!("`{}` elements", lazy.count.text));
    let check = raise.wrap(&quote!(#rule.check(#holds, 0, #size)));
    quote!(#check;)
}

/// The most bytes of a text, its NUL and its length left out.
#[must_use]
pub fn text_max_check(env: &Env<'_>, field: &Field, text: &TokenStream, raise: &Raise) -> TokenStream {
    let Some(max) = field.max else { return TokenStream::new() };
    let rule = classed(env, field, ("MAX", &format!("at most {max} bytes")), Class::Limit);
    let (max, bytes) = (Literal::u64_unsuffixed(max), super::expr::bytes_of(&field.content, text));
    let check = raise.wrap(&quote!(#rule.check(len64(#bytes.len()) <= #max, 0, #bytes.len())));
    quote!(#check;)
}

fn text_max(env: &Env<'_>, id: FieldId, field: &Field, raise: &Raise) -> TokenStream {
    let value = env.present.get(&id).cloned().unwrap_or_else(|| env.member(id, field));
    if field.repeat.is_none() {
        return text_max_check(env, field, &value, raise);
    }
    let (check, all) = (text_max_check(env, field, &quote!(it), raise), super::rules::elements(&value));
    if check.is_empty() { check } else { quote!(for it in #all { #check }) }
}

fn element_lengths(env: &Env<'_>, id: FieldId, field: &Field, how: (&Length, &Raise)) -> TokenStream {
    let value = env.present.get(&id).cloned().unwrap_or_else(|| env.member(id, field));
    let single = Field { repeat: None, window: None, ..field.clone() };
    let size = measure::without_slack(env, &single, &quote!(it));
    let (holds, text) = match how.0 {
        Length::Const(n) => {
            let n = Literal::u64_unsuffixed(*n);
            (quote!(#size == #n), format!("{n} bytes"))
        }
        Length::Expr(e) => (same(env, e, &size), expected(e, "size")),
        Length::Rest | Length::Told(_) => return TokenStream::new(),
    };
    let rule = rule(env, field, "LENGTH", &text);
    let check = how.1.wrap(&quote!(#rule.check(#holds, 0, #size)));
    let all = super::rules::elements(&value);
    quote!(for it in #all { #check; })
}

/// The same for the body of a case.
#[must_use]
pub fn of_case(env: &Env<'_>, id: FieldId, field: &Field, raise: &Raise) -> TokenStream {
    let mut out = case_window(env, id, field, raise);
    out.extend(count(env, id, field, raise));
    out.extend(length(env, id, field, raise));
    out
}

/// The window of a case, which has no slack.
fn case_window(env: &Env<'_>, id: FieldId, field: &Field, raise: &Raise) -> TokenStream {
    let Some(window) = &field.window else { return TokenStream::new() };
    let value = env.present.get(&id).cloned().unwrap_or_default();
    let size = measure::without_slack(env, field, &value);
    let size_rule = rule(env, field, "SIZE", &expected(&window.size, "size"));
    let holds = same(env, &window.size, &size);
    let mut out = raise.wrap(&quote!(#size_rule.check(#holds, 0, #size)));
    out.extend(quote!(;));
    if let Some(max) = window.max {
        let rule = classed(env, field, ("MAX", &format!("at most {max} bytes")), Class::Limit);
        let max = Literal::u64_unsuffixed(max);
        let check = raise.wrap(&quote!(#rule.check(#size <= #max, 0, #size)));
        out.extend(quote!(#check;));
    }
    out
}

/// The size of the type itself, where it does not drive one.
#[must_use]
pub fn own_window(env: &Env<'_>, s: &Struct, raise: &Raise) -> TokenStream {
    let Some(window) = &s.window else { return TokenStream::new() };
    let Some(first) = s.fields.first() else { return TokenStream::new() };
    let named = Field { rust: "size".into(), name: String::new(), site: env.ctx.ty(env.ty).site, ..first.clone() };
    let mut out = TokenStream::new();
    let size = measure::own_len(env);
    if let (Policy::Zero, Some(n)) = (window.slack, constant(&window.size)) {
        let n = Literal::u64_unsuffixed(n);
        let inner = measure::own_len_without_slack(env, s);
        let rule = rule(env, &named, "", &format!("at most {n} bytes"));
        let check = raise.wrap(&quote!(#rule.check(#inner <= #n, 0, Found::Nothing)));
        return quote!(#check;);
    }
    if !env.ctx.drives(env.ty, FieldId(0), Driver::TypeSize) {
        let rule = rule(env, &named, "", &expected(&window.size, "size"));
        let holds = same(env, &window.size, &size);
        let check = raise.wrap(&quote!(#rule.check(#holds, 0, #size)));
        out.extend(quote!(#check;));
    }
    if let Some(max) = window.max {
        let rule = classed(env, &named, ("MAX", &format!("at most {max} bytes")), Class::Limit);
        let max = Literal::u64_unsuffixed(max);
        let check = raise.wrap(&quote!(#rule.check(#size <= #max, 0, #size)));
        out.extend(quote!(#check;));
    }
    out
}
