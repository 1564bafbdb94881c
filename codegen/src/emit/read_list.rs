//! Reading of lists.

use super::expr::{Env, Operand};
use super::read_field::{Part, content, size};
use super::rust_type::local;
use super::scalar::{Block, Raise};
use super::totals::Totals;
use crate::model::{Content, Expr, Field, Repeat, Until};
use proc_macro2::{Literal, TokenStream};
use quote::quote;

/// All elements of a list.
#[must_use]
pub fn list(part: &Part<'_>, repeat: &Repeat) -> TokenStream {
    let (all, list, start) = (elements(part, repeat), local(&part.field.rust), &part.start);
    let start = if part.field.at.is_some() { quote!(src.position()) } else { quote!(#start) };
    let rules = super::validate::list_rules(part.env, part.field, repeat, &quote!(#list), &Raise::At(start));
    if rules.is_empty() { all } else { quote!({ let #list = #all; #rules #list }) }
}

fn elements(part: &Part<'_>, repeat: &Repeat) -> TokenStream {
    match &repeat.until {
        Until::Count(n) => counted(part, repeat, n),
        Until::Rest => to_the_end(part, repeat),
        Until::Until(condition) => until(part, repeat, condition),
        Until::While(condition) => while_(part, repeat, condition),
    }
}

/// The element as a part of its own: its errors carry its index.
fn element<'r>(part: &Part<'r>, env: &'r Env<'r>, field: &'r Field) -> Part<'r> {
    let (list, tail) = (local(&part.field.rust), &part.tail);
    Part { env, field, drives: false, tail: quote!(.index(#list.len()) #tail), start: part.start.clone(), boxed: false }
}

/// The statement that reads an element into `it`.
fn read_element(part: &Part<'_>) -> TokenStream {
    let single = Field { repeat: None, window: None, name: String::new(), ..part.field.clone() };
    let part = element(part, part.env, &single);
    let list = local(&part.field.rust);
    let value = content(&part);
    let index =
        super::rules::uses(&value, &quote::format_ident!("index")).then(|| quote!(let index = len64(#list.len());));
    quote!(#index let it = #value;)
}

/// The check that there are not too many elements.
#[must_use]
pub fn max_count(part: &Part<'_>, repeat: &Repeat, count: &TokenStream) -> TokenStream {
    let Some(max) = &repeat.max_count else { return TokenStream::new() };
    let rule = max_count_rule(part.env, part.field, max);
    let start = &part.start;
    let max = size(part, max);
    quote!(#rule.check(#count <= #max, 0, #count).map_err(|f| f.at(#start))?;)
}

/// The rule that a list has at most so many elements.
#[must_use]
pub fn max_count_rule(env: &Env<'_>, field: &Field, max: &Expr) -> TokenStream {
    let ty = env.ctx.ty(env.ty);
    env.ctx.rule(&super::ctx::RuleEntry {
        name: super::scalar::rule_name(ty, &field.rust, "MAX_COUNT"),
        field: &field.name,
        site: field.site,
        class: field.class.unwrap_or(crate::model::Class::Limit),
        expected: &format!("at most {} elements", max.text),
        say: None,
    })
}

fn counted(part: &Part<'_>, repeat: &Repeat, n: &Expr) -> TokenStream {
    let (count, list) = (size(part, n), local(&part.field.rust));
    let limit = max_count(part, repeat, &quote!(count));
    if let Some(bulk) = bulk(part) {
        let tail = &part.tail;
        return quote!({ let count = #count; #limit src.list(count, #bulk) #tail });
    }
    let (read, room) = (read_element(part), room(part));
    quote!({
        let count = #count;
        #limit
        #room
        let mut #list = Vec::new();
        while len64(#list.len()) < count { #read #list.push(it); }
        #list
    })
}

/// The statement that holds `count` elements against what is left: where all have the same size, all of them.
#[must_use]
pub fn room(part: &Part<'_>) -> TokenStream {
    let (least, tail) = (least(part), &part.tail);
    let alike = crate::resolve::content_size(part.env.ctx.format, &part.field.content).fixed().is_some();
    if alike { quote!(src.elements_of_size(count, #least) #tail;) } else { quote!(src.elements(count, #least) #tail;) }
}

/// The least size of an element.
#[must_use]
pub fn least(part: &Part<'_>) -> TokenStream {
    let least = match &part.field.content {
        Content::Type { id, .. } => part.env.ctx.ty(*id).size.least(),
        other => super::measure::fixed_content(part.env.ctx, other).unwrap_or(1),
    };
    let n = Literal::u64_unsuffixed(least.max(1));
    quote!(#n)
}

/// What decodes an element of fixed size, where a list can be read in large blocks.
#[must_use]
pub fn bulk(part: &Part<'_>) -> Option<TokenStream> {
    let ctx = part.env.ctx;
    match &part.field.content {
        Content::Type { id, args } if ctx.ty(*id).size.fixed().is_some_and(|n| n <= 4096) => {
            let ty = super::rust_type::of_type(ctx, *id, true);
            let (before, args) = super::args::build(part.env, *id, args);
            let more = super::decode::from_bytes_args(ctx, *id, &args);
            if !before.is_empty() || super::rules::uses(&more, &quote::format_ident!("index")) {
                return None;
            }
            Some(if more.is_empty() { quote!(#ty::from_bytes) } else { quote!(|b| #ty::from_bytes(b #more)) })
        }
        Content::Scalar(scalar) => {
            let n = Literal::u64_unsuffixed(scalar.size(&ctx.format.enums, &ctx.format.flags));
            let name = local(&part.field.rust);
            let block = Block { env: part.env, array: quote!(b), raise: Raise::Fault };
            let plain = Field { repeat: None, name: String::new(), ..part.field.clone() };
            let statements = block.decode(&plain, *scalar, 0, &name);
            Some(quote!(|b: &[u8; #n]| { #statements Ok(#name) }))
        }
        _ => None,
    }
}

fn to_the_end(part: &Part<'_>, repeat: &Repeat) -> TokenStream {
    let (list, tail, read) = (local(&part.field.rust), &part.tail, read_element(part));
    let limit = max_count(part, repeat, &quote!(len64(#list.len())));
    quote!({
        let mut #list = Vec::new();
        while !src.is_done() #tail { #read #list.push(it); #limit }
        #list
    })
}

fn until(part: &Part<'_>, repeat: &Repeat, condition: &Expr) -> TokenStream {
    let (list, read) = (local(&part.field.rust), read_element(part));
    let totals = Totals::of(part.env, part.field, condition);
    let (start, step) = (totals.start(), totals.step(&element_operand(part.field)));
    let env = totals.env(part.env).with_it(element_operand(part.field));
    let limit = max_count(part, repeat, &quote!(len64(#list.len())));
    let ends = tried(part, &env, condition);
    quote!({
        let mut #list = Vec::new();
        #start
        loop {
            #read
            #step
            let last = #ends;
            #list.push(it);
            #limit
            if last { break; }
        }
        #list
    })
}

fn while_(part: &Part<'_>, repeat: &Repeat, condition: &Expr) -> TokenStream {
    let (list, read) = (local(&part.field.rust), read_element(part));
    let totals = Totals::of(part.env, part.field, condition);
    let (start, step) = (totals.start(), totals.step(&element_operand(part.field)));
    let more = tried(part, &totals.env(part.env), condition);
    let limit = max_count(part, repeat, &quote!(len64(#list.len())));
    quote!({
        let mut #list = Vec::new();
        #start
        while #more { #read #step #list.push(it); #limit }
        #list
    })
}

/// A condition that ends a list; one that cannot be computed is an error.
#[must_use]
pub fn tried(part: &Part<'_>, env: &Env<'_>, condition: &Expr) -> TokenStream {
    let operand = env.emit(condition);
    if operand.mode == super::expr::Mode::Plain {
        return operand.tokens;
    }
    let (atom, tail, expected) = (operand.atom(), &part.tail, format!("`{}`", condition.text));
    quote!(#atom.ok_or_else(|| Error::uncomputed(#expected).located(src.position())) #tail)
}

/// The element just read, as `it`.
#[must_use]
pub fn element_operand(field: &Field) -> Operand {
    let kind = super::expr::content_kind(&field.content);
    let text = matches!(kind, super::expr::Kind::Bytes | super::expr::Kind::Units);
    let tokens = if text { super::expr::bytes_of(&field.content, &quote!(it)) } else { quote!(it) };
    Operand::plain(tokens, kind)
}
