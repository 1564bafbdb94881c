//! Switches: an enum with a variant per case, its reader, writer and tag.

use super::args::tag_ty;
use super::case_choice::{arm_pattern, case_rule, check_fits, choose, exhaustive, fits, label_pattern, left_over};
use super::ctx::Ctx;
use super::docs;
use super::expr::{Env, Side};
use super::measure;
use super::names::{ident, snake};
use super::read_case::read_case;
use super::read_field::value;
use super::rules::uses;
use super::rust_type;
use super::scalar::Raise;
use super::union_block;
use super::write_field;
use crate::model::{Body, Case, Field, Label, Role, TypeId, Union};
use proc_macro2::{Ident, TokenStream};
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
    let (len, check) = (len(ctx, id, union), check(ctx, id, union));
    let block = union_block::is_block(ctx, id);
    let (reader, writer) =
        if block { union_block::streamed(ctx, id) } else { (reader(ctx, id, union), writer(ctx, id, union)) };
    let (functions, view) = (union_block::functions(ctx, id, union), union_block::emit_view(ctx, id, union));
    let (accessors, fits, tag) = (accessors(ctx, union), fits(ctx, id, union), tag_fn(ctx, id, union));
    let (params, greed) = (measure::params(ctx, id), super::greed::method(ctx, id));
    let reading = super::wire::Reading { from: reader, parse: block.then(|| super::wire::parse_block(ctx, id)) };
    let wire = super::wire::wire_impl(ctx, id, &reading, &writer, &check);
    let lent = super::borrow::emit_union(ctx, id);
    quote! {
        #doc
        #derives
        #[cfg_attr(feature = "serde", serde(rename_all = "snake_case"))]
        pub enum #name { #(#variants),* }
        impl #name {
            #functions
            #tag
            #accessors
            #fits
            /// Length on the wire, in bytes.
            #[must_use]
            pub fn byte_len(&self #params) -> u64 { #len }
            #greed
        }
        #wire
        #view
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

fn reader(ctx: &Ctx<'_>, id: TypeId, union: &Union) -> TokenStream {
    let env = Env::new(ctx, id, Side::Read);
    let arms = union.tried().map(|(_, case)| {
        let label = arm_pattern(&env, union, case);
        let body = read_case(&env, union, case, &has_value, &value);
        quote!(#label => #body,)
    });
    let rule = case_rule(ctx, id);
    let left = left_over(ctx, union);
    let other = (!exhaustive(ctx, union))
        .then(|| quote!(#left => return Err(#rule.fault(0, Found::Nothing).at(src.position())),));
    let require = super::rules::require(&env, &union.require, &Raise::At(quote!(src.position())));
    let arms: Vec<_> = arms.collect();
    let chosen = choose(&quote!(args.tag), union, &quote!(#(#arms)* #other));
    quote!(#require Ok(#chosen))
}

fn writer(ctx: &Ctx<'_>, id: TypeId, union: &Union) -> TokenStream {
    let env = Env::new(ctx, id, Side::Value);
    let arms = union.cases.iter().map(|case| {
        let body = match &case.body {
            Some(body) => {
                let write = case_checks(&env, body, &Raise::Unwritten);
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
    let require = super::rules::require(&env, &union.require, &Raise::Unwritten);
    let arms: Vec<_> = arms.collect();
    let empty = union.cases.iter().all(|c| c.body.is_none());
    let body = if empty { TokenStream::new() } else { quote!(match self { #(#arms)* }) };
    let base = uses(&body, &format_ident!("base")).then(|| quote!(let base = sink.position();));
    let fits = check_fits(ctx, id, union);
    quote! {
        #fits
        #require
        #base
        #body
        Ok(())
    }
}

/// The checks of what a case holds.
#[must_use]
pub fn case_checks(env: &Env<'_>, body: &Field, raise: &Raise) -> TokenStream {
    let id = crate::model::FieldId(usize::MAX);
    let env = env.with_present(id, quote!(value));
    let mut out = super::validate::shape_of(&env, id, body, raise);
    out.extend(super::ties::of_case(&env, id, body, raise));
    out.extend(super::greed::within(&env, body, (&quote!(value), true), raise));
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
        let only = union.cases.len() == 1;
        let found = if only {
            quote!(let #pattern = self; Some(value))
        } else {
            quote!(if let #pattern = self { Some(value) } else { None })
        };
        let constant = (body.repeat.is_none() && !boxed).then(|| quote!(const));
        quote!(#doc #[must_use] pub #constant fn #method(&self) -> Option<&#of> { #found })
    });
    quote!(#(#all)*)
}

fn slice(ctx: &Ctx<'_>, body: &Field) -> TokenStream {
    let one = rust_type::element(ctx, body, true);
    quote!(Vec<#one>)
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
