//! Switches: an enum with a variant per case, its reader, writer and tag.

use super::args::tag_ty;
use super::ctx::{Ctx, RuleEntry};
use super::docs;
use super::expr::{Env, Side};
use super::measure;
use super::names::{ident, snake};
use super::read_case::read_case;
use super::read_field::value;
use super::rules::uses;
use super::rust_type;
use super::scalar::rule_name;
use super::write_field;
use crate::model::{Body, Case, Class, Field, Label, Role, Tag, TypeId, Union};
use proc_macro2::{Ident, Literal, TokenStream};
use quote::{format_ident, quote};

/// `is_x` of a case without a body.
#[must_use]
pub fn is_case(case: &Case) -> Ident {
    format_ident!("is_{}", snake(&case.rust))
}

/// `as_x` of a case with a body.
#[must_use]
pub fn as_case(case: &Case) -> Ident {
    format_ident!("as_{}", snake(&case.rust))
}

/// Everything of a switch.
#[must_use]
pub fn emit(ctx: &Ctx<'_>, id: TypeId, union: &Union) -> TokenStream {
    let ty = ctx.ty(id);
    let name = ident(&ty.rust);
    let variants = union.cases.iter().map(|c| variant(ctx, id, union, c));
    let tag = ty.params.first().and_then(|p| p.doc.clone()).unwrap_or_default();
    let doc = docs::doc_and(ty.doc.as_deref(), &format!("The body of `{}`", ty.name), &tag);
    let derives = super::structs::derives();
    let (reader, writer, len, check) =
        (reader(ctx, id, union), writer(ctx, id, union), len(ctx, id, union), check(ctx, id, union));
    let (accessors, fits, tag) = (accessors(ctx, union), fits(ctx, id, union), tag_fn(ctx, id, union));
    let (params, greed) = (measure::params(ctx, id), super::greed::method(ctx, id));
    let wire = super::structs::wire_impl(ctx, id, &reader, &writer, &check);
    let lent = super::borrow::emit_union(ctx, id);
    quote! {
        #doc
        #derives
        #[cfg_attr(feature = "serde", serde(rename_all = "snake_case"))]
        pub enum #name { #(#variants),* }
        impl #name {
            #tag
            #accessors
            #fits
            /// Length on the wire, in bytes.
            #[must_use]
            pub fn byte_len(&self #params) -> u64 { #len }
            #greed
        }
        #wire
        #lent
    }
}

/// Whether a default case holds the tag that chose it.
#[must_use]
pub fn holds_tag(union: &Union, case: &Case) -> bool {
    union.driven && case.label == Label::Default
}

fn variant(ctx: &Ctx<'_>, id: TypeId, union: &Union, case: &Case) -> TokenStream {
    let held_tag = tag_member(ctx, id);
    let name = ident(&case.rust);
    let doc = docs::doc(case.doc.as_deref(), &case_words(case));
    let rename = (snake(&case.rust) != case.written && !matches!(case.label, Label::Default)).then(|| {
        let written = &case.written;
        quote!(#[cfg_attr(feature = "serde", serde(rename = #written))])
    });
    let held = case.body.as_ref().filter(|b| has_value(b)).map(|b| body_ty(ctx, b));
    let attr = case.body.as_ref().filter(|b| has_value(b)).map(|b| super::structs::attributes(b, false));
    let tag = tag_ty(ctx, union.tag);
    match (held, holds_tag(union, case)) {
        (None, false) => quote!(#doc #rename #name),
        (None, true) => quote!(#doc #rename #name { #[doc = " What chose it."] #held_tag: #tag }),
        (Some(of), false) => quote!(#doc #rename #name(#attr #of)),
        (Some(of), true) => {
            quote!(#doc #rename #name { #[doc = " What chose it."] #held_tag: #tag, #[doc = " What it holds."] #attr value: #of })
        }
    }
}

/// The case for people.
#[must_use]
pub fn case_words(case: &Case) -> String {
    match case.label {
        Label::Default => "Any other".to_owned(),
        _ => format!("`{}`", case.written),
    }
}

/// Whether the body of a case has a value at all.
fn has_value(body: &Field) -> bool {
    !matches!(body.role, Role::Implied)
}

fn body_ty(ctx: &Ctx<'_>, body: &Field) -> TokenStream {
    let one = rust_type::element(ctx, body, true);
    match (body.repeat.is_some(), rust_type::is_boxed(ctx, body)) {
        (true, _) => quote!(Vec<#one>),
        (_, true) => quote!(Box<#one>),
        _ => one,
    }
}

/// What a default case calls the tag that chose it: as the spec calls the field.
#[must_use]
pub fn tag_member(ctx: &Ctx<'_>, id: TypeId) -> Ident {
    let arg = ctx.format.types.iter().flat_map(|t| crate::resolve::fields(&t.body)).find_map(|f| match &f.content {
        crate::model::Content::Type { id: of, args } if *of == id => args.first(),
        _ => None,
    });
    let name = arg.and_then(|e| e.text.rsplit('.').next()).unwrap_or("tag");
    let plain = name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_') && name != "value";
    ident(&if plain { snake(name) } else { "tag".to_owned() })
}

/// A case's label as a test of `args.tag`, or a pattern.
#[must_use]
pub fn label_pattern(ctx: &Ctx<'_>, union: &Union, case: &Case) -> TokenStream {
    match (&case.label, union.tag) {
        (Label::Enum(i), Tag::Enum(id)) => rust_type::enum_value(ctx, id, *i),
        (Label::Bool(b), _) => quote!(#b),
        (Label::Text(text), _) => {
            let text = Literal::byte_string(text.as_bytes());
            quote!(#text)
        }
        (Label::TextEnding(text), _) => {
            let text = Literal::byte_string(format!("/{text}").as_bytes());
            quote!(tag if tag.ends_with(#text))
        }
        (Label::Guid(bytes), _) => {
            let mixed = matches!(union.tag, Tag::Guid(true));
            let name = if mixed { format_ident!("Guid") } else { format_ident!("Uuid") };
            let bytes = bytes.iter().map(|b| Literal::u8_unsuffixed(*b));
            quote!(#name([#(#bytes),*]))
        }
        _ => left_over(ctx, union),
    }
}

/// The pattern for every tag without a case of its own: by name where only one is left.
#[must_use]
pub fn left_over(ctx: &Ctx<'_>, union: &Union) -> TokenStream {
    let Tag::Enum(id) = union.tag else { return quote!(_) };
    let e = id.of(&ctx.format.enums);
    let has = |i: usize| union.cases.iter().any(|c| c.label == Label::Enum(i));
    let open: Vec<usize> = (0..e.values.len()).filter(|i| !has(*i)).collect();
    match (open.as_slice(), e.has_unknown) {
        ([], true) => {
            let (name, unknown) = (ident(&e.rust), super::enums::unknown_variant(e));
            quote!(#name::#unknown(_))
        }
        ([one], false) => rust_type::enum_value(ctx, id, *one),
        _ => quote!(_),
    }
}

/// Cases in the order in which they are tried: exact texts before endings, the default last.
#[must_use]
pub fn tried(union: &Union) -> Vec<&Case> {
    let rank = |c: &&Case| match c.label {
        Label::TextEnding(_) => 1,
        Label::Default => 2,
        _ => 0,
    };
    let mut all: Vec<&Case> = union.cases.iter().collect();
    all.sort_by_key(rank);
    all
}

/// Whether every tag has a case.
#[must_use]
pub fn exhaustive(ctx: &Ctx<'_>, union: &Union) -> bool {
    let has = |l: &Label| union.cases.iter().any(|c| c.label == *l);
    if has(&Label::Default) {
        return true;
    }
    match union.tag {
        Tag::Bool => has(&Label::Bool(true)) && has(&Label::Bool(false)),
        Tag::Enum(id) => {
            let e = id.of(&ctx.format.enums);
            !e.has_unknown && (0..e.values.len()).all(|i| has(&Label::Enum(i)))
        }
        Tag::Text | Tag::Guid(_) => false,
    }
}

/// The rule that the tag has a case.
#[must_use]
pub fn case_rule(ctx: &Ctx<'_>, id: TypeId) -> TokenStream {
    let ty = ctx.ty(id);
    let expected = "a value that has a case";
    ctx.rule(&RuleEntry {
        name: rule_name(ty, "", "CASE"),
        field: "",
        site: ty.site,
        class: Class::Unsupported,
        expected,
        say: None,
    })
}

/// The rule that the case is the one that the tag chooses.
fn fits_rule(ctx: &Ctx<'_>, id: TypeId) -> TokenStream {
    let ty = ctx.ty(id);
    let expected = "the case that its tag chooses";
    ctx.rule(&RuleEntry {
        name: rule_name(ty, "", "FITS"),
        field: "",
        site: ty.site,
        class: Class::Invalid,
        expected,
        say: None,
    })
}

fn reader(ctx: &Ctx<'_>, id: TypeId, union: &Union) -> TokenStream {
    let env = Env::new(ctx, id, Side::Read);
    let arms = tried(union).into_iter().map(|case| {
        let label = label_pattern(ctx, union, case);
        let body = read_case(&env, union, case, &has_value, &value);
        quote!(#label => #body,)
    });
    let rule = case_rule(ctx, id);
    let left = left_over(ctx, union);
    let other = (!exhaustive(ctx, union))
        .then(|| quote!(#left => return Err(#rule.fault(0, Found::Nothing).at(src.position())),));
    let require = super::rules::require(&env, &union.require, &super::scalar::Raise::At(quote!(src.position())));
    let arms: Vec<_> = arms.collect();
    let chosen = choose(&quote!(args.tag), union, &quote!(#(#arms)* #other));
    quote!(#require Ok(#chosen))
}

/// A choice by the tag; between true and false as people write it.
#[must_use]
pub fn choose(tag: &TokenStream, union: &Union, arms: &TokenStream) -> TokenStream {
    let split: Vec<_> = arms.clone().into_iter().collect();
    if union.tag != Tag::Bool {
        return quote!(match #tag { #arms });
    }
    let starts = |t: &proc_macro2::TokenTree| matches!(t.to_string().as_str(), "true" | "false" | "_");
    let arrows = |i: usize| split.get(i.saturating_add(1)).is_some_and(|t| t.to_string() == "=");
    let at: Vec<usize> = (0..split.len()).filter(|i| split.get(*i).is_some_and(starts) && arrows(*i)).collect();
    let arm = |n: usize| -> Option<(bool, TokenStream)> {
        let start = *at.get(n)?;
        let end = at.get(n.saturating_add(1)).copied().unwrap_or(split.len());
        let body: Vec<_> = split.get(start.saturating_add(3)..end)?.to_vec();
        let body = match body.split_last() {
            Some((proc_macro2::TokenTree::Punct(p), body)) if p.as_char() == ',' => body.to_vec(),
            _ => body,
        };
        Some((split.get(start)?.to_string() == "true", body.into_iter().collect()))
    };
    match (arm(0), arm(1)) {
        (Some((true, yes)), Some((false, no))) | (Some((false, no)), Some((true, yes))) => {
            quote!(if #tag { #yes } else { #no })
        }
        _ => quote!(match #tag { #arms }),
    }
}

fn writer(ctx: &Ctx<'_>, id: TypeId, union: &Union) -> TokenStream {
    let env = Env::new(ctx, id, Side::Value);
    let rule = fits_rule(ctx, id);
    let arms = union.cases.iter().map(|case| {
        let body = match &case.body {
            Some(body) => {
                let write = case_checks(&env, body);
                let put = write_field::case_body(&env, body, &quote!(value));
                quote!(#write #put)
            }
            None => TokenStream::new(),
        };
        let bound = if uses(&body, &format_ident!("value")) { quote!(value) } else { quote!(_) };
        let of = case.body.as_ref().map(|b| body_ty(ctx, b).to_string()).unwrap_or_default();
        let key = if bound.to_string() == "_" { body.to_string() } else { format!("{body} {of}") };
        (key, unbound(union, case, &bound), body)
    });
    let mut merged: Vec<(String, Vec<TokenStream>, TokenStream)> = Vec::new();
    for (key, pattern, body) in arms {
        match merged.iter_mut().find(|(k, ..)| *k == key) {
            Some((_, patterns, _)) => patterns.push(pattern),
            None => merged.push((key, vec![pattern], body)),
        }
    }
    let arms = merged.iter().map(|(_, patterns, body)| quote!(#(#patterns)|* => { #body }));
    let require = super::rules::require(&env, &union.require, &super::scalar::Raise::Unwritten);
    let arms: Vec<_> = arms.collect();
    let empty = union.cases.iter().all(|c| c.body.is_none());
    let body = if empty { TokenStream::new() } else { quote!(match self { #(#arms)* }) };
    let base = uses(&body, &format_ident!("base")).then(|| quote!(let base = sink.position();));
    quote! {
        #rule.check(self.fits(args.tag), 0, Found::Nothing).map_err(Fault::unwritten)?;
        #require
        #base
        #body
        Ok(())
    }
}

/// The checks of what a case holds.
fn case_checks(env: &Env<'_>, body: &Field) -> TokenStream {
    let id = crate::model::FieldId(usize::MAX);
    let raise = super::scalar::Raise::Unwritten;
    let env = env.with_present(id, quote!(value));
    let mut out = super::validate::shape_of(&env, id, body, &raise);
    out.extend(super::ties::of_case(&env, id, body, &raise));
    out.extend(super::greed::within(&env, body, (&quote!(value), true), &raise));
    out
}

/// The pattern of a case, with this for what it holds.
#[must_use]
pub fn unbound(union: &Union, case: &Case, value: &TokenStream) -> TokenStream {
    let name = ident(&case.rust);
    let held = case.body.as_ref().is_some_and(|b| has_value(b));
    let ignored = value.to_string() == "_";
    match (held, holds_tag(union, case)) {
        (false, false) => quote!(Self::#name),
        (false, true) => quote!(Self::#name { .. }),
        (true, false) => quote!(Self::#name(#value)),
        (true, true) if ignored => quote!(Self::#name { .. }),
        (true, true) => quote!(Self::#name { value, .. }),
    }
}

fn len(ctx: &Ctx<'_>, id: TypeId, union: &Union) -> TokenStream {
    let env = Env::new(ctx, id, Side::Measure);
    let arms = union.cases.iter().map(|case| {
        let len = if let Some(body) = &case.body { measure::body(&env, body, &deref(body)) } else { quote!(0) };
        let bound = if uses(&len, &format_ident!("value")) { quote!(value) } else { quote!(_) };
        let pattern = unbound(union, case, &bound);
        (pattern, len)
    });
    let arms: Vec<_> = arms.collect();
    let mut merged: Vec<(Vec<TokenStream>, TokenStream)> = Vec::new();
    for (pattern, len) in arms {
        match merged.iter_mut().find(|(_, l)| l.to_string() == len.to_string() && l.to_string().parse::<u64>().is_ok())
        {
            Some((patterns, _)) => patterns.push(pattern),
            None => merged.push((vec![pattern], len)),
        }
    }
    if let [(_, only)] = merged.as_slice()
        && only.to_string().parse::<u64>().is_ok()
    {
        return only.clone();
    }
    let arms = merged.iter().map(|(patterns, len)| quote!(#(#patterns)|* => #len,));
    quote!(match self { #(#arms)* })
}

/// What `value` is: a reference, to be read where numbers are held.
fn deref(body: &Field) -> TokenStream {
    if super::expr::is_copy(body) { quote!((*value)) } else { quote!(value) }
}

fn check(ctx: &Ctx<'_>, id: TypeId, union: &Union) -> TokenStream {
    if !ctx.has_findings(id) {
        return TokenStream::new();
    }
    let env = Env::new(ctx, id, Side::Value);
    let arms = union.cases.iter().filter_map(|case| {
        let body = case.body.as_ref()?;
        let inner = super::findings::body(&env, body, &quote!(value));
        (!inner.is_empty()).then(|| {
            let pattern = unbound(union, case, &quote!(value));
            (pattern, inner)
        })
    });
    let arms: Vec<_> = arms.collect();
    let rest = (arms.len() < union.cases.len()).then(|| quote!(_ => {}));
    match (arms.as_slice(), &rest) {
        ([], _) => TokenStream::new(),
        ([(pattern, inner)], Some(_)) => quote!(if let #pattern = self { #inner }),
        _ => {
            let arms = arms.iter().map(|(pattern, inner)| quote!(#pattern => { #inner }));
            quote!(match self { #(#arms)* #rest })
        }
    }
}

fn accessors(ctx: &Ctx<'_>, union: &Union) -> TokenStream {
    let all = union.cases.iter().map(|case| {
        let Some(body) = case.body.as_ref().filter(|b| has_value(b)) else {
            let (method, pattern) = (is_case(case), unbound(union, case, &quote!(_)));
            let doc = docs::markdown_line(&format!("Whether it is {}.", case_words(case)));
            return quote!(#doc #[must_use] pub const fn #method(&self) -> bool { matches!(self, #pattern) });
        };
        let (method, of) = (as_case(case), body_ty(ctx, body));
        let boxed = rust_type::is_boxed(ctx, body);
        let of = match body.repeat {
            Some(_) => slice(ctx, body),
            None if boxed => rust_type::element(ctx, body, true),
            None => of,
        };
        let pattern = unbound(union, case, &quote!(value));
        let doc = docs::markdown_line(&format!("The body of {}, if it is that.", case_words(case)));
        let others = union.cases.iter().filter(|c| c.rust != case.rust).map(|c| unbound(union, c, &quote!(_)));
        let others: Vec<_> = others.collect();
        let last = if others.is_empty() { TokenStream::new() } else { quote!(#(#others)|* => None,) };
        let constant = (body.repeat.is_none() && !boxed).then(|| quote!(const));
        quote!(#doc #[must_use] pub #constant fn #method(&self) -> Option<&#of> { match self { #pattern => Some(value), #last } })
    });
    quote!(#(#all)*)
}

fn slice(ctx: &Ctx<'_>, body: &Field) -> TokenStream {
    let one = rust_type::element(ctx, body, true);
    quote!(Vec<#one>)
}

/// `fits`: whether a tag chooses this case.
fn fits(ctx: &Ctx<'_>, id: TypeId, union: &Union) -> TokenStream {
    let member = tag_member(ctx, id);
    let tag = param_ty(ctx, union.tag);
    let arms = tried(union).into_iter().filter(|c| c.label != Label::Default).map(|case| {
        let label = label_pattern(ctx, union, case);
        let pattern = unbound(union, case, &quote!(_));
        quote!(#label => matches!(self, #pattern),)
    });
    let default = union.cases.iter().find(|c| c.label == Label::Default);
    let left = left_over(ctx, union);
    let other = if left.to_string() == "_" { quote!(other) } else { quote!(other @ #left) };
    let last = match default {
        Some(case) if holds_tag(union, case) => {
            let name = ident(&case.rust);
            quote!(#other => matches!(self, Self::#name { #member: tag, .. } if *tag == other),)
        }
        Some(case) => {
            let pattern = unbound(union, case, &quote!(_));
            quote!(#left => matches!(self, #pattern),)
        }
        None if exhaustive(ctx, union) => TokenStream::new(),
        None => quote!(#left => false,),
    };
    let arms: Vec<_> = arms.collect();
    let chosen = choose(&quote!(tag), union, &quote!(#(#arms)* #last));
    quote!(fn fits(&self, tag: #tag) -> bool { #chosen })
}

fn param_ty(ctx: &Ctx<'_>, tag: Tag) -> TokenStream {
    match tag {
        Tag::Text => quote!(&[u8]),
        other => tag_ty(ctx, other),
    }
}

/// `tag`: what chooses the case, where the case drives it.
fn tag_fn(ctx: &Ctx<'_>, id: TypeId, union: &Union) -> TokenStream {
    if !union.driven {
        return TokenStream::new();
    }
    let member = tag_member(ctx, id);
    let of = tag_ty(ctx, union.tag);
    let arms = union.cases.iter().map(|case| {
        if holds_tag(union, case) {
            let name = ident(&case.rust);
            return quote!(Self::#name { #member: tag, .. } => *tag,);
        }
        let pattern = unbound(union, case, &quote!(_));
        let label = label_pattern(ctx, union, case);
        quote!(#pattern => #label,)
    });
    quote! {
        /// What chooses this case.
        #[must_use]
        pub const fn tag(&self) -> #of { match self { #(#arms)* } }
    }
}

/// The union of a type.
#[must_use]
pub fn of(body: &Body) -> Option<&Union> {
    match body {
        Body::Union(union) => Some(union),
        _ => None,
    }
}
