//! Borrowed values of switches.

use super::borrow::{case_value, implementation};
use super::borrow_field::has_value;
use super::borrow_ty::{self, Held, held, owned_member, present};
use super::case_choice::{arm_pattern, case_rule, choose, exhaustive, left_over};
use super::ctx::Ctx;
use super::docs;
use super::expr::{Env, Side};
use super::names::ident;
use super::read_case::read_case;
use super::rules;
use super::scalar::Raise;
use super::union::{case_words, holds_tag, tag_member};
use crate::model::{Case, Field, TypeId, Union};
use proc_macro2::TokenStream;
use quote::quote;

/// The borrowed value of a switch: a variant per case.
#[must_use]
pub fn emit(ctx: &Ctx<'_>, id: TypeId, union: &Union) -> TokenStream {
    let (name, value) = (borrow_ty::name(ctx, id), ident(&ctx.ty(id).rust));
    let doc = format!(" A [`{value}`] as it lies in a slice.");
    let variants = union.cases.iter().map(|case| variant(ctx, id, union, case));
    let implementation = implementation(ctx, id, &reader(ctx, id, union), &to_value(ctx, id, union));
    quote!(#[doc = #doc] #[derive(Clone, Debug)] pub enum #name<'a> { #(#variants),* } #implementation)
}

fn variant(ctx: &Ctx<'_>, id: TypeId, union: &Union, case: &Case) -> TokenStream {
    let (name, member) = (ident(&case.rust), tag_member(ctx, id));
    let doc = docs::doc(case.doc.as_deref(), &case_words(case));
    let held = case.body.as_ref().filter(|b| has_value(b)).map(|b| present(ctx, id, b));
    let tag = super::args::tag_ty(ctx, union.tag);
    match (held, holds_tag(union, case)) {
        (None, false) => quote!(#doc #name),
        (None, true) => quote!(#doc #name { #[doc = " What chose it."] #member: #tag }),
        (Some(of), false) => quote!(#doc #name(#of)),
        (Some(of), true) => {
            quote!(#doc #name { #[doc = " What chose it."] #member: #tag, #[doc = " What it holds."] value: #of })
        }
    }
}

fn reader(ctx: &Ctx<'_>, id: TypeId, union: &Union) -> TokenStream {
    let env = Env::new(ctx, id, Side::Read);
    let arms = union.tried().map(|(_, case)| {
        let (label, body) = (arm_pattern(&env, union, case), read_case(&env, union, case, &has_value, &case_value));
        quote!(#label => #body,)
    });
    let (arms, rule, left) = (arms.collect::<Vec<_>>(), case_rule(ctx, id), left_over(ctx, union));
    let other = (!exhaustive(ctx, union))
        .then(|| quote!(#left => return Err(#rule.fault(0, Found::Nothing).at(src.position())),));
    let require = rules::require(&env, &union.require, &Raise::At(quote!(src.position())));
    let chosen = choose(&quote!(args.tag), union, &quote!(#(#arms)* #other));
    quote!(#require Ok(#chosen))
}

fn to_value(ctx: &Ctx<'_>, id: TypeId, union: &Union) -> TokenStream {
    let (owned, member) = (ident(&ctx.ty(id).rust), tag_member(ctx, id));
    let arms = union.cases.iter().map(|case| {
        let name = ident(&case.rust);
        let value = case.body.as_ref().filter(|b| has_value(b)).map(|b| case_owned(ctx, id, b));
        match (value, holds_tag(union, case)) {
            (None, false) => quote!(Self::#name => #owned::#name,),
            (None, true) => quote!(Self::#name { #member: tag } => #owned::#name { #member: *tag },),
            (Some(value), false) => quote!(Self::#name(value) => #owned::#name(#value),),
            (Some(value), true) => {
                quote!(Self::#name { #member: tag, value } => #owned::#name { #member: *tag, value: #value },)
            }
        }
    });
    quote!(Ok(match self { #(#arms)* }))
}

/// What a case holds, behind a reference called `value`, as a value of its own.
fn case_owned(ctx: &Ctx<'_>, id: TypeId, body: &Field) -> TokenStream {
    let behind = quote!(value);
    let (own, fallible) = owned_member(ctx, (id, body), &behind, true);
    let fails = fallible.then(|| quote!(?));
    let boxed = body.boxed && matches!(held(ctx, body), Held::Own);
    let own = if boxed { quote!(Box::new(#own)) } else { own };
    let copied =
        own.to_string() == "value" || (body.repeat.is_none() && matches!(held(ctx, body), Held::Str | Held::CStr));
    if copied { owned_member(ctx, (id, body), &quote!(*value), true).0 } else { quote!(#own #fails) }
}
