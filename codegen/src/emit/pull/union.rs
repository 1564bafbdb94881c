//! A switch that is read in parts: a state for each case that is not read at once.

use super::arm::{Arm, End, Next};
use super::frame::States;
use super::nested::Around;
use super::plan::{Plan, Way, begun};
use crate::emit::case_choice::arm_pattern;
use crate::emit::ctx::Ctx;
use crate::emit::expr::{Env, Side};
use crate::emit::names::ident;
use crate::emit::rules;
use crate::emit::scalar::Raise;
use crate::model::{Case, Label, Order, Tag, TypeId, Union};
use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};

/// The states of a switch.
#[must_use]
pub fn states<'r>(
    plan: &'r Plan<'r>,
    of: (&'r Ctx<'r>, TypeId, &'r Union),
    ways: &'r [(&'r Case, Way<'r>)],
    event: &'r Ident,
) -> States {
    let (ctx, id, union) = of;
    let env = Env::new(ctx, id, Side::Read);
    let done = Next::Done(TokenStream::new(), quote!(()));
    let (mut choices, mut arms): (Vec<(TokenStream, TokenStream)>, Vec<Arm>) = (Vec::new(), Vec::new());
    for (_, case) in union.tried() {
        let label = arm_pattern(&env, union, case);
        let Some((_, way)) = ways.iter().find(|(c, _)| std::ptr::eq(*c, case)) else {
            choices.extend(hides(case, ways).then(|| (label, read_at_once((ctx, id), event))));
            continue;
        };
        match way {
            Way::ToEnd(name) => {
                let give = give(&quote!(Self::End), &quote!(#event::#name));
                choices.push((label, quote!(src.pend_to_end()?; #give)));
            }
            Way::Nested(nested) => {
                let (order, due) = (TokenStream::new(), TokenStream::new());
                let names = (case.rust.as_str(), "");
                let around = Around { plan, env: &env, nested, names, kept: &[], order, due, event };
                let begin = match begun(ctx, id, ways, case) {
                    Some(name) => give(&around.begin(&[]), &quote!(#event::#name)),
                    None => Next::State(around.begin(&[])).last(),
                };
                choices.push((label, begin));
                arms.extend(around.arms(&done));
            }
        }
    }
    choices.extend(at_once((ctx, id, union), ways, event));
    let gives = choices.iter().any(|(_, body)| body.to_string().contains("Self :: End"));
    let require = rules::require(&env, &union.require, &Raise::At(quote!(src.position())));
    let chosen = choose(union, &choices);
    let start =
        Arm { name: format_ident!("Start"), members: Vec::new(), body: quote!(#require #chosen), end: End::Nowhere };
    let end =
        || Arm { name: format_ident!("End"), members: Vec::new(), body: quote!(src.settle()?;), end: End::Go(done) };
    let arms = std::iter::once(start).chain(arms).chain(gives.then(end)).collect();
    States { arms, seen: quote!(()) }
}

/// The choice by the tag; between true and false as people write it.
fn choose(union: &Union, choices: &[(TokenStream, TokenStream)]) -> TokenStream {
    if let (Tag::Bool, [(label, first), (_, second)]) = (union.tag, choices) {
        let (yes, no) = if label.to_string() == "true" { (first, second) } else { (second, first) };
        return quote!(if args.tag { #yes } else { #no });
    }
    let arms = choices.iter().map(|(label, body)| quote!(#label => { #body }));
    quote!(match args.tag { #(#arms)* })
}

/// The choice of all cases that are read at once.
fn at_once(
    of: (&Ctx<'_>, TypeId, &Union),
    ways: &[(&Case, Way<'_>)],
    event: &Ident,
) -> Option<(TokenStream, TokenStream)> {
    let (ctx, id, union) = of;
    let is_way = |label: &Label| ways.iter().any(|(c, _)| c.label == *label);
    let every = match union.tag {
        Tag::Bool => is_way(&Label::Bool(true)) && is_way(&Label::Bool(false)),
        _ => covered(ctx, union, ways),
    };
    if every || is_way(&Label::Default) {
        return None;
    }
    let label = match union.tag {
        Tag::Bool if is_way(&Label::Bool(true)) => quote!(false),
        Tag::Bool if is_way(&Label::Bool(false)) => quote!(true),
        _ => quote!(_),
    };
    Some((label, read_at_once((ctx, id), event)))
}

/// Statements that read the whole switch at once.
fn read_at_once((ctx, id): (&Ctx<'_>, TypeId), event: &Ident) -> TokenStream {
    let name = ident(&ctx.ty(id).rust);
    let order = if matches!(ctx.ty(id).order, Order::None) { quote!(Endian::Little) } else { quote!(order) };
    let give = give(&quote!(Self::End), &quote!(#event::#name(it)));
    quote!(let it = #name::read_from(src, #order, args)?; #give)
}

/// Whether a case that is read at once takes texts that the ending of one fits too which is not.
fn hides(case: &Case, ways: &[(&Case, Way<'_>)]) -> bool {
    let mut endings = ways.iter().filter_map(|(c, _)| if let Label::TextEnding(e) = &c.label { Some(e) } else { None });
    match &case.label {
        Label::Text(text) => endings.any(|e| text.ends_with(&format!("/{e}"))),
        Label::TextEnding(text) => endings.any(|e| text.ends_with(&format!("/{e}"))),
        _ => false,
    }
}

/// Whether every value of an enum has a case that is not read at once.
fn covered(ctx: &Ctx<'_>, union: &Union, ways: &[(&Case, Way<'_>)]) -> bool {
    let Tag::Enum(id) = union.tag else { return false };
    let e = id.of(&ctx.format.enums);
    let all = (0..e.values.len()).all(|i| ways.iter().any(|(c, _)| c.label == Label::Enum(i)));
    all && !e.has_unknown
}

fn give(state: &TokenStream, event: &TokenStream) -> TokenStream {
    quote!(return Ok(vmspec_runtime::Pulled::Event(#state, #event));)
}
