//! Which case of a switch a tag chooses: patterns, their order, and the test that a value has the case of its tag.

use super::args::tag_ty;
use super::ctx::{Ctx, RuleEntry};
use super::expr::{Env, Side};
use super::names::ident;
use super::rust_type;
use super::scalar::rule_name;
use super::union::{holds_tag, tag_member, unbound};
use crate::model::{Case, Class, Label, Tag, TypeId, Union};
use proc_macro2::{Literal, TokenStream};
use quote::{format_ident, quote};

/// A case's label as a pattern, with its condition.
#[must_use]
pub fn arm_pattern(env: &Env<'_>, union: &Union, case: &Case) -> TokenStream {
    let label = label_pattern(env.ctx, union, case);
    let Some(when) = case.when.as_ref().map(|that| env.condition(that)) else { return label };
    // An ending is a test already.
    let ending = matches!(case.label, Label::TextEnding(_));
    if ending { quote!(#label && #when) } else { quote!(#label if #when) }
}

/// A case's label as a pattern.
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
#[must_use]
pub fn fits_rule(ctx: &Ctx<'_>, id: TypeId) -> TokenStream {
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

/// `fits`: whether a tag chooses this case.
#[must_use]
pub fn fits(ctx: &Ctx<'_>, id: TypeId, union: &Union) -> TokenStream {
    let member = tag_member(ctx, id);
    let tag = param_ty(ctx, union.tag);
    let env = Env::new(ctx, id, Side::Value);
    let arms = union.tried().map(|(_, case)| case).filter(|c| c.label != Label::Default).map(|case| {
        let label = arm_pattern(&env, union, case);
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
    if !has_conditions(union) {
        return quote!(fn fits(&self, tag: #tag) -> bool { #chosen });
    }
    let args = rust_type::args(ctx, id, &quote!('_));
    quote!(fn fits(&self, tag: #tag, args: #args) -> bool { #chosen })
}

fn has_conditions(union: &Union) -> bool {
    union.cases.iter().any(|case| case.when.is_some())
}

fn param_ty(ctx: &Ctx<'_>, tag: Tag) -> TokenStream {
    match tag {
        Tag::Text => quote!(&[u8]),
        other => tag_ty(ctx, other),
    }
}

/// The test on write that a value has the case of its tag.
#[must_use]
pub fn check_fits(ctx: &Ctx<'_>, id: TypeId, union: &Union) -> TokenStream {
    let rule = fits_rule(ctx, id);
    let fits = if has_conditions(union) { quote!(self.fits(args.tag, args)) } else { quote!(self.fits(args.tag)) };
    quote!(#rule.check(#fits, 0, Found::Nothing).map_err(Fault::unwritten)?;)
}
