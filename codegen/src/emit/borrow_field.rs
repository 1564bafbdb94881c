//! Reading of fields that a borrowed value holds: as the owned reader does, but where they lie.

use super::args;
use super::borrow_ty::{self, Held, List, held, list, owned};
use super::decode;
use super::names::ident;
use super::read_field::{self, Part, max, passed_order, size};
use super::read_list;
use super::rules::uses;
use super::rust_type::{gap, local, of_type, slack};
use super::scalar::{Block, Raise};
use super::totals::Totals;
use super::view;
use crate::model::{Class, Content, Expr, Field, Length, Policy, Repeat, Until};
use proc_macro2::{Ident, Literal, TokenStream};
use quote::{format_ident, quote};

/// The local of what a field lends.
#[must_use]
pub fn lent(part: &Part<'_>) -> Ident {
    if borrow_ty::is_own(part.env.ctx, part.env.ty, part.field) {
        local(&part.field.rust)
    } else {
        lent_name(part.field)
    }
}

/// The local of what a field lends, where that is not what the owned value holds.
#[must_use]
pub fn lent_name(field: &Field) -> Ident {
    format_ident!("{}_lent", field.rust.trim_start_matches("r#").trim_end_matches('_'))
}

/// Whether a field has a value at all.
#[must_use]
pub fn has_value(field: &Field) -> bool {
    !matches!(field.role, crate::model::Role::Implied)
}

/// The statement that makes the locals of a field, its gap and its slack.
#[must_use]
pub fn statement(part: &Part<'_>, start: &Ident) -> TokenStream {
    let field = part.field;
    if let Some(unlike) = &field.unlike {
        return super::guard::unlike(part.env, field, unlike);
    }
    let before = placed(part);
    let value = value(part);
    let position = (field.at.is_some() && uses(&value, start)).then(|| quote!(let #start = src.position();));
    let names = outputs(part);
    let Some(presence) = &field.presence else {
        let rest: Vec<_> = names.iter().filter(|n| !is_gap(field, n)).collect();
        return match rest.as_slice() {
            [] => quote!(#before #position #value;),
            [one] => quote!(#before #position let #one = #value;),
            rest => quote!(#before #position let (#(#rest),*) = #value;),
        };
    };
    let condition = read_field::condition(part, &presence.that);
    let main = lent(part);
    let inner: Vec<_> = names.iter().filter(|n| !is_gap(field, n)).collect();
    let some = names.iter().map(|n| if *n == main { quote!(Some(#n)) } else { quote!(#n) });
    let none = names.iter().map(|n| if *n == main { quote!(None) } else { empty(part, n) });
    match (names.as_slice(), inner.as_slice()) {
        ([], _) => quote!(if #condition { #before #position #value; }),
        ([one], [_]) => quote!(let #one = if #condition { #before #position Some(#value) } else { None };),
        (_, [one]) => {
            quote!(let (#(#names),*) = if #condition { #before #position let #one = #value; (#(#some),*) } else { (#(#none),*) };)
        }
        (_, inner) => {
            quote!(let (#(#names),*) = if #condition { #before #position let (#(#inner),*) = #value; (#(#some),*) } else { (#(#none),*) };)
        }
    }
}

fn is_gap(field: &Field, name: &Ident) -> bool {
    gap(field).is_some_and(|(gap, _)| gap == *name)
}

fn empty(part: &Part<'_>, name: &Ident) -> TokenStream {
    let extras = [gap(part.field), slack(part.field)];
    let number = extras.into_iter().flatten().any(|(n, ty)| n == *name && ty.to_string() == "u64");
    if number { quote!(0) } else { quote!([].as_slice()) }
}

fn outputs(part: &Part<'_>) -> Vec<Ident> {
    let mut out: Vec<Ident> = gap(part.field).into_iter().map(|g| g.0).collect();
    out.extend(has_value(part.field).then(|| lent(part)));
    out.extend(slack(part.field).map(|s| s.0));
    out
}

/// Statements that move to where a field starts.
fn placed(part: &Part<'_>) -> TokenStream {
    let Some(at) = &part.field.at else { return TokenStream::new() };
    let (to, tail) = (size(part, &at.offset), &part.tail);
    let to = read_field::from(at, &to);
    match (at.gap, gap(part.field)) {
        (Policy::None, _) => quote!(src.gap_none(#to) #tail;),
        (Policy::Zero, None) => quote!(src.gap_zero(#to) #tail;),
        (Policy::Zero, Some((name, _))) => {
            quote!(let #name = (#to).saturating_sub(src.position()); src.gap_zero(#to) #tail;)
        }
        (Policy::Keep, name) => {
            let name = name.map(|n| n.0);
            quote!(let #name = src.gap_lent(#to) #tail;)
        }
    }
}

/// The value of a field that is there, or of the body of a case: with its slack, a pair.
#[must_use]
pub fn value(part: &Part<'_>) -> TokenStream {
    let Some(window) = &part.field.window else { return inner(part) };
    let (len, max, tail) = (size(part, &window.size), max(window.max), &part.tail);
    let slack = slack(part.field).map(|s| s.0);
    let close = match (window.slack, &slack) {
        (Policy::None, _) => quote!(src.close() #tail;),
        (Policy::Zero, None) => quote!(src.close_zero() #tail;),
        (Policy::Zero, Some(name)) => quote!(let #name = src.zeros_rest() #tail;),
        (Policy::Keep, name) => quote!(let #name = src.rest_lent() #tail;),
    };
    let (value, name) = (inner(part), lent(part));
    let (bind, name) =
        if has_value(part.field) { (quote!(let #name = #value;), Some(name)) } else { (quote!(#value;), None) };
    let names: Vec<_> = name.into_iter().chain(slack).collect();
    let result = match names.as_slice() {
        [one] => quote!(#one),
        names => quote!((#(#names),*)),
    };
    quote!({ let outer = src.enter(#len, #max) #tail; #bind #close src.exit(outer); #result })
}

fn inner(part: &Part<'_>) -> TokenStream {
    match &part.field.repeat {
        Some(repeat) => elements(part, repeat),
        None => content(part),
    }
}

/// One value: the field, or an element of the list.
fn content(part: &Part<'_>) -> TokenStream {
    let (tail, limit) = (&part.tail, max(part.field.max));
    match &part.field.content {
        Content::Bytes(length) => read_field::with_length(part, length, &|n| quote!(src.lent(#n, #limit) #tail)),
        Content::Blob(length) => read_field::with_length(part, length, &|n| quote!(src.lent(#n, u64::MAX) #tail)),
        Content::CStr if part.field.max.is_some() => {
            let check = cstr_max(part);
            quote!({ let at = src.position(); let text = src.cstr() #tail; #check text })
        }
        Content::CStr => quote!(src.cstr() #tail),
        Content::Utf8(length) => utf8(part, length),
        Content::PStr(prefix) => pstr(part, *prefix),
        Content::Type { id, args } => match held(part.env.ctx, part.field) {
            Held::View(_) => viewed(part, *id, args),
            Held::Ref(_) => borrowed(part, *id, args),
            _ => read_field::content(part),
        },
        _ => read_field::content(part),
    }
}

/// The check of the most bytes of a text that ends in a NUL.
fn cstr_max(part: &Part<'_>) -> TokenStream {
    let Some(max) = part.field.max else { return TokenStream::new() };
    let rule = super::validate::classed(part.env, part.field, ("MAX", &format!("at most {max} bytes")), Class::Limit);
    let max = Literal::u64_unsuffixed(max);
    let check =
        read_field::raise(part).wrap(&quote!(#rule.check(len64(text.count_bytes()) <= #max, 0, text.count_bytes())));
    quote!(#check;)
}

fn utf8(part: &Part<'_>, length: &Length) -> TokenStream {
    let block = Block { env: part.env, array: quote!(b), raise: Raise::At(quote!(at)) };
    let rule = decode::shape_rule(&block, part.field, "text in UTF-8");
    let (limit, tail) = (max(part.field.max), &part.tail);
    let bytes = read_field::with_length(part, length, &|n| quote!(src.lent(#n, #limit) #tail));
    let text =
        read_field::raise(part).wrap(&quote!(core::str::from_utf8(bytes).map_err(|_| #rule.fault(0, Found::Nothing))));
    quote!({ let at = src.position(); let bytes = #bytes; #text })
}

fn pstr(part: &Part<'_>, prefix: u32) -> TokenStream {
    let (len, limit, tail) = (read_field::pstr_len(part, prefix), max(part.field.max), &part.tail);
    quote!({ #len src.lent(len.into(), #limit) #tail })
}

/// Arguments of a held type: statements for those that may not fit, and the order and arguments to pass.
fn arguments(part: &Part<'_>, id: crate::model::TypeId, with: &[Expr]) -> (TokenStream, TokenStream) {
    let (before, args) = args::build(part.env, id, with);
    let tail = &part.tail;
    let before = before.iter().map(|b| quote!(#b .map_err(|e| e.located(src.position())) #tail;));
    (quote!(#(#before)*), args)
}

/// The view of a held block, which is checked as a value.
fn viewed(part: &Part<'_>, id: crate::model::TypeId, with: &[Expr]) -> TokenStream {
    let ctx = part.env.ctx;
    let (before, args) = arguments(part, id, with);
    let (tail, spec) = (&part.tail, spec(part, id));
    let over = over(ctx, id, &quote!(src.array() #spec #tail), &args);
    quote!({
        #before
        let at = src.position();
        let view = #over;
        view.read().map_err(|f| f.at(at)) #spec #tail;
        view
    })
}

/// The view over these bytes, unchecked.
#[must_use]
pub fn over(
    ctx: &super::ctx::Ctx<'_>,
    id: crate::model::TypeId,
    bytes: &TokenStream,
    args: &TokenStream,
) -> TokenStream {
    let (name, more) = (view::name(ctx, id), decode::from_bytes_args(ctx, id, args));
    let function = if view::is_checked(ctx, id) { quote!(over) } else { quote!(new) };
    quote!(#name::#function(#bytes #more))
}

fn spec(part: &Part<'_>, id: crate::model::TypeId) -> Option<TokenStream> {
    let ctx = part.env.ctx;
    let ty = of_type(ctx, id, true);
    (ctx.ty(id).site.file != ctx.ty(part.env.ty).site.file).then(|| quote!(.map_err(|e| e.spec(#ty::SPEC))))
}

/// The borrowed value of a held type.
fn borrowed(part: &Part<'_>, id: crate::model::TypeId, with: &[Expr]) -> TokenStream {
    let (before, args) = arguments(part, id, with);
    let (name, order, tail, spec) =
        (borrow_ty::name(part.env.ctx, id), passed_order(part.env, id), &part.tail, spec(part, id));
    let value = quote!(#name::borrow_from(src, #order, #args) #spec #tail);
    let value = if part.boxed { quote!(Box::new(#value)) } else { value };
    if before.is_empty() { value } else { quote!({ #before #value }) }
}

fn elements(part: &Part<'_>, repeat: &Repeat) -> TokenStream {
    let ctx = part.env.ctx;
    let kind = list(ctx, part.env.ty, part.field);
    match (kind, &repeat.until) {
        (List::Own, _) => read_list::list(part, repeat),
        (List::Each, _) => ruled(part, repeat, each(part, repeat)),
        (_, Until::Count(n)) => ruled(part, repeat, counted(part, repeat, n, kind)),
        _ => walked(part, repeat, kind),
    }
}

/// A list with the rules over all its elements, which see them as values of their own.
fn ruled(part: &Part<'_>, repeat: &Repeat, list: TokenStream) -> TokenStream {
    let (name, from, start) = (local(&part.field.rust), lent(part), &part.start);
    let start = if part.field.at.is_some() { quote!(src.position()) } else { quote!(#start) };
    let rules = super::validate::list_rules(part.env, part.field, repeat, &quote!(#name), &Raise::At(start.clone()));
    if rules.is_empty() {
        return list;
    }
    let (own, fallible) = owned(part.env.ctx, part.env.ty, part.field, &quote!(#from));
    let raise = Raise::At(start);
    let own = if fallible { raise.wrap(&own) } else { own };
    quote!({ let #from = #list; let #name = #own; #rules #from })
}

/// Elements of fixed size as they lie, from the arrays.
fn as_they_lie(part: &Part<'_>, kind: List, arrays: &TokenStream) -> TokenStream {
    if kind == List::Bytes {
        return quote!(#arrays.as_flattened());
    }
    let context = match &part.field.content {
        Content::Scalar(crate::model::Scalar::Bytes(_)) => quote!(()),
        Content::Scalar(crate::model::Scalar::UInt(1) | crate::model::Scalar::Int(1)) => quote!(Endian::Little),
        Content::Type { id, args } => {
            let (ty, args) = (part.env.ctx.ty(*id), args::build(part.env, *id, args).1);
            match (ty.has_own_order(), ty.params.is_empty()) {
                (true, true) => quote!(()),
                (false, true) => quote!(order),
                (true, false) => args,
                (false, false) => quote!((order, #args)),
            }
        }
        _ => quote!(order),
    };
    let of = borrow_ty::element(part.env.ctx, part.field);
    let size = if let List::Elements(n) = kind { n } else { 1 };
    let n = Literal::u64_unsuffixed(size);
    quote!(vmspec_runtime::Elements::<#of, #n>::new(#arrays, #context))
}

fn counted(part: &Part<'_>, repeat: &Repeat, count: &Expr, kind: List) -> TokenStream {
    let (count, tail) = (size(part, count), &part.tail);
    let limit = read_list::max_count(part, repeat, &quote!(count));
    let n = Literal::u64_unsuffixed(if let List::Elements(n) = kind { n } else { 1 });
    let check = if part.field.type_id().is_some() {
        read_list::bulk(part).unwrap_or_default()
    } else {
        quote!(|_: &[u8; #n]| Ok(()))
    };
    let list = as_they_lie(part, kind, &quote!(src.arrays(count, #check) #tail));
    quote!({ let count = #count; #limit #list })
}

/// A list whose end is found by reading it.
fn walked(part: &Part<'_>, repeat: &Repeat, kind: List) -> TokenStream {
    let (name, tail, read) = (local(&part.field.rust), &part.tail, read_list::list(part, repeat));
    let size = if let List::Elements(n) = kind { n } else { 1 };
    let n = Literal::u64_unsuffixed(size);
    let list = as_they_lie(part, kind, &quote!(from.arrays(len64(#name.len()), |_: &[u8; #n]| Ok(())) #tail));
    quote!({ let mut from = src.clone(); let #name = #read; #list })
}

/// Elements that are borrowed one by one.
fn each(part: &Part<'_>, repeat: &Repeat) -> TokenStream {
    let name = lent(part);
    let single = Field { repeat: None, window: None, presence: None, name: String::new(), ..part.field.clone() };
    let tail = &part.tail;
    let one = Part {
        env: part.env,
        field: &single,
        drives: false,
        tail: quote!(.index(#name.len()) #tail),
        start: part.start.clone(),
        boxed: false,
    };
    let value = content(&one);
    let index = uses(&value, &format_ident!("index")).then(|| quote!(let index = len64(#name.len());));
    let read = quote!(#index let it_lent = #value;);
    match &repeat.until {
        Until::Count(n) => {
            let (count, room) = (size(part, n), read_list::room(part));
            let limit = read_list::max_count(part, repeat, &quote!(count));
            quote!({
                let count = #count;
                #limit
                #room
                let mut #name = Vec::new();
                while len64(#name.len()) < count { #read #name.push(it_lent); }
                #name
            })
        }
        Until::Rest => {
            let limit = read_list::max_count(part, repeat, &quote!(len64(#name.len())));
            quote!({
                let mut #name = Vec::new();
                while !src.is_done() #tail { #read #name.push(it_lent); #limit }
                #name
            })
        }
        Until::Until(condition) => until(part, repeat, condition, &read),
        Until::While(condition) => while_(part, repeat, condition, &read),
    }
}

/// Statements that make `it`, the element as a value of its own, where the others need it.
fn element_owned(part: &Part<'_>, needed: bool) -> TokenStream {
    let single = Field { repeat: None, window: None, presence: None, ..part.field.clone() };
    let (own, fallible) = owned(part.env.ctx, part.env.ty, &single, &quote!(it_lent));
    let tail = &part.tail;
    let fails = fallible.then(|| quote!(.map_err(|f| f.at(src.position())) #tail));
    if needed { quote!(let it = #own #fails;) } else { TokenStream::new() }
}

fn until(part: &Part<'_>, repeat: &Repeat, condition: &Expr, read: &TokenStream) -> TokenStream {
    let (name, all) = (lent(part), local(&part.field.rust));
    let totals = Totals::of(part.env, part.field, condition);
    let it = read_list::element_operand(part.field);
    let (start, step) = (totals.start(), totals.step(&it));
    let last = read_list::tried(part, &totals.env(part.env).with_it(it), condition);
    let both = quote!(#step #last);
    let whole = uses(&both, &all);
    let own = element_owned(part, whole || uses(&both, &format_ident!("it")));
    let (new, push) = (whole.then(|| quote!(let mut #all = Vec::new();)), whole.then(|| quote!(#all.push(it);)));
    let limit = read_list::max_count(part, repeat, &quote!(len64(#name.len())));
    quote!({
        let mut #name = Vec::new();
        #new
        #start
        loop {
            #read
            #own
            #step
            let last = #last;
            #push
            #name.push(it_lent);
            #limit
            if last { break; }
        }
        #name
    })
}

fn while_(part: &Part<'_>, repeat: &Repeat, condition: &Expr, read: &TokenStream) -> TokenStream {
    let (name, all) = (lent(part), local(&part.field.rust));
    let totals = Totals::of(part.env, part.field, condition);
    let step = totals.step(&read_list::element_operand(part.field));
    let (start, more) = (totals.start(), read_list::tried(part, &totals.env(part.env), condition));
    let whole = uses(&more, &all) || uses(&step, &all);
    let own = element_owned(part, whole || uses(&step, &format_ident!("it")));
    let (new, push) = (whole.then(|| quote!(let mut #all = Vec::new();)), whole.then(|| quote!(#all.push(it);)));
    let limit = read_list::max_count(part, repeat, &quote!(len64(#name.len())));
    quote!({
        let mut #name = Vec::new();
        #new
        #start
        while #more { #read #own #step #push #name.push(it_lent); #limit }
        #name
    })
}

/// The name of the companion of a held type that this type drives.
#[must_use]
pub fn companion(field: &Field) -> Ident {
    format_ident!("{}_driven", local(&field.rust))
}

/// The member of a companion that has the value.
#[must_use]
pub fn inner_name(rust: &str) -> Ident {
    ident(&super::names::snake(rust))
}
