//! Writing of fields that stand alone: optional ones, windows, lists, texts, blobs, held types.

use super::args;
use super::ctx::line;
use super::expr::Env;
use super::rules::uses;
use super::rust_type::{gap, local, slack};
use super::scalar::{Raise, encode, encode_behind};
use crate::model::{At, AtFrom, Content, Expr, Field, FieldId, Length, Policy, Role, Struct, TypeId, Window};
use crate::resolve::constant;
use proc_macro2::{Literal, TokenStream};
use quote::{format_ident, quote};

/// The statement that writes a field, its gap and its slack.
#[must_use]
pub fn statement(env: &Env<'_>, s: &Struct, id: FieldId) -> TokenStream {
    let field = id.of(&s.fields);
    if let Some(unlike) = &field.unlike {
        return super::guard::before_unlike(env, field, unlike);
    }
    let inner = |env: &Env<'_>, value: &TokenStream| placed(env, field, &value_into(env, id, field, value));
    let member = env.member(id, field);
    let Some(presence) = &field.presence else { return inner(env, &member) };
    let name = format_ident!("{}", local(&field.rust));
    let guard = super::guard::presence(env, field, &quote!(#member.is_some()));
    if field.is_held() || field.is_driven() || super::pins::of(field).is_some() {
        let body = inner(&env.with_present(id, quote!(#name)), &quote!(#name));
        let copied = super::expr::is_copy(field) || !field.is_held();
        let source = if copied { quote!(#member) } else { quote!(&#member) };
        let pattern = if uses(&body, &name) { quote!(#name) } else { quote!(_) };
        return quote!(#guard if let Some(#pattern) = #source { #body });
    }
    let condition = env.condition(&presence.that);
    let body = inner(env, &member);
    quote!(if #condition { #body })
}

/// The bytes between the field before and this one, then the field.
fn placed(env: &Env<'_>, field: &Field, value: &TokenStream) -> TokenStream {
    let Some(at) = &field.at else { return value.clone() };
    let before = match (at.gap, gap(field), at.constant()) {
        (Policy::Keep, Some((name, _)), _) => quote!(sink.blob(&self.#name)?;),
        (Policy::Zero, Some((name, _)), _) => quote!(sink.zeros(self.#name)?;),
        (Policy::Zero, None, Some(n)) => {
            let n = Literal::u64_suffixed(n);
            quote!(sink.zeros(#n.saturating_sub(sink.position().saturating_sub(base)))?;)
        }
        _ => TokenStream::new(),
    };
    let held_to = (at.from == AtFrom::File).then(|| gap_to(env, field, at));
    quote!(#held_to #before #value)
}

/// Where the field comes to stand is held against what its offset of the file says, before a gap that is too long is written.
fn gap_to(env: &Env<'_>, field: &Field, at: &At) -> TokenStream {
    let (tokens, fallible) = env.u64(&at.offset);
    let (tail, expected) = (tail(field), format!("`{}`", at.offset.text));
    let offset = if fallible { quote!(#tokens.ok_or_else(|| Error::uncomputed(#expected)) #tail) } else { tokens };
    let gap = match gap(field) {
        Some((name, _)) if at.gap == Policy::Keep => quote!(self.#name.wire_len()),
        Some((name, _)) => quote!(self.#name),
        None => quote!(0),
    };
    quote!(sink.gap_to(#offset, #gap) #tail;)
}

fn tail(field: &Field) -> TokenStream {
    let (label, at) = (&field.name, line(field.site));
    quote!(.field(#label, #at)?)
}

/// A field that is there, with the slack of its window.
fn value_into(env: &Env<'_>, id: FieldId, field: &Field, value: &TokenStream) -> TokenStream {
    let tail = tail(field);
    if field.aside.is_some() {
        return super::aside::put(env, field, &in_row(env, id, field, (value, &quote!(?))), &tail);
    }
    in_row(env, id, field, (value, &tail))
}

/// The bytes of a field that is there, in a row.
fn in_row(env: &Env<'_>, id: FieldId, field: &Field, (value, tail): (&TokenStream, &TokenStream)) -> TokenStream {
    let drives = env.ctx.is_driver_of(env.ty, id);
    let inner = repeated(env, field, value, (drives, tail));
    let Some(window) = &field.window else { return inner };
    let filled = filled(field, window, inner);
    super::guard::windowed(env.ctx.field_looks_ahead(field), &filled, tail)
}

/// A field and the slack of its window.
fn filled(field: &Field, window: &Window, inner: TokenStream) -> TokenStream {
    match (window.slack, slack(field), constant(&window.size)) {
        (Policy::Keep, Some((name, _)), _) => quote!(#inner sink.blob(&self.#name)?;),
        (Policy::Zero, Some((name, _)), _) => quote!(#inner sink.zeros(self.#name)?;),
        (Policy::Zero, None, Some(n)) => {
            let (n, start) = (Literal::u64_suffixed(n), format_ident!("{}_at", field.rust));
            quote!(let #start = sink.position(); #inner sink.zeros(#n.saturating_sub(sink.position().saturating_sub(#start)))?;)
        }
        _ => inner,
    }
}

fn repeated(env: &Env<'_>, field: &Field, value: &TokenStream, how: (bool, &TokenStream)) -> TokenStream {
    let (drives, tail) = how;
    if let Some(copies) = &field.copies {
        return super::copies::write(env, field, copies, value, tail);
    }
    if field.repeat.is_none() && field.is_held() && field.is_optional() && !super::expr::is_copy(field) && !drives {
        return behind(env, field, value, tail);
    }
    if field.repeat.is_none() {
        return content(env, field, value, (drives, tail));
    }
    let [before, after, behind_all] = super::guard::list(env, field).unwrap_or_default();
    let single = Field { repeat: None, window: None, ..field.clone() };
    let tail = quote!(.index(i) #tail);
    let one = behind(env, &single, &quote!(it), &tail);
    let one = quote!(#before #one #after);
    let last = uses(&one, &format_ident!("last")).then(|| quote!(let last = len64(#value.len());));
    let index = uses(&one, &format_ident!("index")).then(|| quote!(let index = len64(i);));
    if !uses(&one, &format_ident!("i")) && index.is_none() {
        let all = super::rules::elements(value);
        return quote!(for it in #all { #one } #behind_all);
    }
    quote!(#last for (i, it) in #value.iter().enumerate() { #index #one } #behind_all)
}

/// A value behind a reference.
fn behind(env: &Env<'_>, field: &Field, value: &TokenStream, tail: &TokenStream) -> TokenStream {
    match &field.content {
        Content::Scalar(scalar) => small(env, *scalar, &encode_behind(env.ctx, *scalar, value), tail),
        Content::Zero(Length::Rest) if !matches!(field.role, Role::ImpliedKept) => quote!(sink.zeros(*#value) #tail;),
        Content::Bytes(_) => quote!(sink.put(#value) #tail;),
        Content::Blob(_) | Content::Lazy(_) => quote!(sink.blob(#value) #tail;),
        _ => content(env, field, value, (false, tail)),
    }
}

/// A scalar by itself: an array of its own.
fn small(env: &Env<'_>, scalar: crate::model::Scalar, put: &TokenStream, tail: &TokenStream) -> TokenStream {
    let n = Literal::u64_unsuffixed(scalar.size(&env.ctx.format.enums, &env.ctx.format.flags));
    quote!({ let b = &mut [0; #n]; #put sink.put(b) #tail; })
}

/// The body of a case.
#[must_use]
pub fn case_body(env: &Env<'_>, field: &Field, value: &TokenStream) -> TokenStream {
    let tail = quote!(?);
    let inner = if field.repeat.is_some() {
        repeated(env, field, value, (false, &tail))
    } else {
        behind(env, field, value, &tail)
    };
    let inner = match field.window.as_ref().and_then(|w| constant(&w.size).filter(|_| w.slack == Policy::Zero)) {
        Some(n) => {
            let n = Literal::u64_suffixed(n);
            quote!(let start = sink.position(); #inner sink.zeros(#n.saturating_sub(sink.position().saturating_sub(start)))?;)
        }
        None => inner,
    };
    super::guard::windowed(field.window.is_some() && env.ctx.field_looks_ahead(field), &inner, &tail)
}

/// One value.
fn content(env: &Env<'_>, field: &Field, value: &TokenStream, how: (bool, &TokenStream)) -> TokenStream {
    let (drives, tail) = how;
    let kept = matches!(field.role, Role::ImpliedKept);
    match &field.content {
        Content::Scalar(scalar) => {
            let put = encode(env.ctx, *scalar, 0, value);
            small(env, *scalar, &put, tail)
        }
        Content::Magic(bytes) => {
            let bytes = Literal::byte_string(bytes);
            if kept { quote!(sink.put(&#value.value_or(*#bytes)) #tail;) } else { quote!(sink.put(#bytes) #tail;) }
        }
        Content::Bytes(_) => quote!(sink.put(&#value) #tail;),
        Content::Utf8(_) => quote!(sink.put(#value.as_bytes()) #tail;),
        Content::Utf16(_) => quote!(sink.put(&#value.to_bytes(order)) #tail;),
        Content::Blob(_) | Content::Lazy(_) => quote!(sink.blob(&#value) #tail;),
        Content::CStr => quote!(sink.put(#value.as_bytes_with_nul()) #tail;),
        Content::PStr(n) => pstr(*n, value, tail),
        Content::Zero(length) => zeros(env, field, length, (value, tail)),
        Content::Align(to) => {
            let to = number(env, to);
            if kept {
                quote!(sink.padding(&#value, padding_for(sink.position().saturating_sub(base), #to)) #tail;)
            } else {
                quote!(sink.align(base, #to) #tail;)
            }
        }
        Content::Type { id, args } => held(env, field, (*id, args), (value, drives, tail)),
    }
}

fn pstr(prefix: u32, value: &TokenStream, tail: &TokenStream) -> TokenStream {
    let ty = format_ident!("u{}", prefix.saturating_mul(8));
    let n = Literal::u32_unsuffixed(prefix);
    let put = format_ident!("put_{ty}");
    let order = (prefix > 1).then(|| quote!(order,));
    quote!({
        let b = &mut [0; #n];
        #put::<0, _>(b, #order #ty::try_from(#value.0.len()).unwrap_or(#ty::MAX));
        sink.put(b) #tail;
        sink.put(&#value.0) #tail;
    })
}

fn zeros(env: &Env<'_>, field: &Field, length: &Length, value: (&TokenStream, &TokenStream)) -> TokenStream {
    let (value, tail) = value;
    let kept = matches!(field.role, Role::ImpliedKept);
    match length {
        Length::Const(n) if kept && *n <= 4096 => quote!(sink.put(&#value.0) #tail;),
        Length::Rest if kept => quote!(sink.zeros_value(&#value) #tail;),
        Length::Rest | Length::Told(_) => quote!(sink.zeros(#value) #tail;),
        Length::Const(n) => {
            let n = Literal::u64_unsuffixed(*n);
            if kept { quote!(sink.padding(&#value, #n) #tail;) } else { quote!(sink.zeros(#n) #tail;) }
        }
        Length::Expr(e) => {
            let n = number(env, e);
            if kept { quote!(sink.padding(&#value, #n) #tail;) } else { quote!(sink.zeros(#n) #tail;) }
        }
    }
}

fn number(env: &Env<'_>, e: &Expr) -> TokenStream {
    let (tokens, fallible) = env.u64(e);
    let expected = format!("`{}`", e.text);
    if fallible { quote!(#tokens.ok_or_else(|| Error::uncomputed(#expected))?) } else { tokens }
}

fn held(env: &Env<'_>, field: &Field, of: (TypeId, &[Expr]), value: (&TokenStream, bool, &TokenStream)) -> TokenStream {
    let (value, drives, tail) = value;
    let (before, args) = args::build(env, of.0, of.1);
    let before: Vec<_> = before.iter().map(|b| quote!(#b #tail;)).collect();
    let order = super::read_field::passed_order(env, of.0);
    let spec = (env.ctx.ty(of.0).site.file != env.ctx.ty(env.ty).site.file).then(|| {
        let ty = super::rust_type::of_type(env.ctx, of.0, true);
        quote!(.spec(#ty::SPEC))
    });
    if drives {
        let computed = format_ident!("{}_driven", local(&field.rust));
        let (order, args) = driven_args(env, of.0, &order, &args);
        return quote!(#(#before)* #value.write_driven(sink, #computed #order #args) #spec #tail;);
    }
    quote!(#(#before)* #value.write_into(sink, #order, #args) #spec #tail;)
}

/// What `write_driven` takes beside the driven fields.
fn driven_args(env: &Env<'_>, id: TypeId, order: &TokenStream, args: &TokenStream) -> (TokenStream, TokenStream) {
    let ty = env.ctx.ty(id);
    let order = if matches!(ty.order, crate::model::Order::Context) { quote!(, #order) } else { TokenStream::new() };
    let args = if ty.params.is_empty() { TokenStream::new() } else { quote!(, #args) };
    (order, args)
}

/// The statement that puts the bytes of a held type of fixed size into the array `b`.
#[must_use]
pub fn put_held(
    env: &Env<'_>,
    (id, at): (FieldId, u64),
    field: &Field,
    (of, args): (TypeId, &[Expr]),
    raise: &Raise,
) -> TokenStream {
    let member = env.member(id, field);
    let (before, args) = args::build(env, of, args);
    let ty = env.ctx.ty(of);
    let driven = env.ctx.is_driver_of(env.ty, id).then(|| format_ident!("{}_driven", local(&field.rust)));
    let order = matches!(ty.order, crate::model::Order::Context).then(|| quote!(order));
    let args = (!ty.params.is_empty()).then(|| quote!(#args));
    let all = [driven.map(|d| quote!(#d)), order, args].into_iter().flatten();
    let label = &field.name;
    let (off, n) = (Literal::u64_unsuffixed(at), super::block::size(env.ctx, of));
    let name = local(&field.rust);
    let part = quote!(let #name = |b: &mut [u8; #n]| #member.put_into(b, #(#all),*););
    let put = raise.wrap(&quote!(put_part::<#off, #n, _, _>(b, #name).map_err(|f| f.within(#label, 0))));
    if before.is_empty() {
        return quote!(#part #put;);
    }
    let before = super::decode::computed(env, field, &before, (raise, 0));
    quote!({ #before #part #put; })
}
