//! `Entry::validate`: what follows the head, in the order of the bytes, and the checksums last.

use super::tail::{self, List};
use super::{Of, element, head, places};
use crate::emit::expr::Env;
use crate::emit::rules::uses;
use crate::emit::scalar::Raise;
use crate::emit::{pins, read, read_list};
use crate::model::{Field, FieldId, Policy, Role};
use proc_macro2::{Ident, Literal, TokenStream};
use quote::{format_ident, quote};

/// The body of `validate`.
#[must_use]
pub fn body(of: &Of<'_>) -> TokenStream {
    let env = tail::env(of);
    let start = Literal::u64_unsuffixed(head::size(of));
    let mut steps: Vec<TokenStream> = vec![read::order(&of.env), most(of), quote!(let at: u64 = #start;)];
    for (id, field) in tail::fields(of) {
        steps.push(match tail::list(of, id) {
            Some(list) => of_list(of, &env, &list),
            None => pad(field, &env),
        });
        steps.push(due(of, &env, id));
    }
    steps.push(end(of));
    steps.extend(checksums(of, &env));
    let body = pruned(steps);
    let locals = head::locals(of, &body);
    quote!(#locals #body Ok(()))
}

/// The most bytes that an entry may have.
fn most(of: &Of<'_>) -> TokenStream {
    let Some(max) = of.s.window.as_ref().and_then(|w| w.max) else { return TokenStream::new() };
    let (expected, max) = (format!("at most {max} bytes"), Literal::u64_unsuffixed(max));
    quote!(if src.length() > #max { return Err(Error::limit(#expected, src.length()).located(src.offset())); })
}

/// All statements, but for a byte order and a place that nothing takes.
fn pruned(steps: Vec<TokenStream>) -> TokenStream {
    let named = |step: &TokenStream, name: &str| step.to_string().starts_with(&format!("let {name}"));
    steps.into_iter().rev().fold(TokenStream::new(), |behind, step| {
        let idle = ["order", "at"].iter().any(|name| {
            let single = step.to_string().matches(';').count() == 1;
            single && named(&step, name) && !uses(&behind, &format_ident!("{name}"))
        });
        if idle { behind } else { quote!(#step #behind) }
    })
}

fn due(of: &Of<'_>, env: &Env<'_>, id: FieldId) -> TokenStream {
    head::due_in(of, env, (id, &|field| (Raise::At(place_of(of, field)), 0)))
}

/// Where what a rule is about lies.
fn place_of(of: &Of<'_>, field: FieldId) -> TokenStream {
    let known = head::fields(of).into_iter().find(|f| f.0 == field).map(|f| Literal::u64_unsuffixed(f.2));
    match (known, tail::list(of, field)) {
        (Some(at), _) => quote!(src.offset_of(#at)),
        (None, Some(List { start, .. })) => quote!(src.offset_of(#start)),
        (None, None) => quote!(src.offset_of(at)),
    }
}

fn of_list(of: &Of<'_>, env: &Env<'_>, list: &List<'_>) -> TokenStream {
    let (List { start, count, .. }, n) = (list, Literal::u64_unsuffixed(list.size));
    let leave = tail::located(list.field);
    let counted = tail::count(list, env, &leave);
    let most = list.field.repeat.as_ref().and_then(|r| r.max_count.as_ref()).map(|max| {
        let rule = read_list::max_count_rule(env, list.field, max);
        let (max, fallible) = env.u64(max);
        let max = if fallible { quote!(#max.unwrap_or(0)) } else { max };
        quote!(#rule.check(#count <= #max, 0, #count).map_err(|f| f.at(src.offset_of(at)))?;)
    });
    let totals = tail::totals(of, list);
    let (begin, each) = (totals.start(), each(of, env, list));
    quote! {
        let #start = at;
        #counted
        #most
        #begin
        src.elements::<#n>(#start, #count, #each) #leave;
        let at = at.saturating_add(#count.saturating_mul(#n));
    }
}

/// What is done with each element: its rules, then what is summed up.
fn each(of: &Of<'_>, env: &Env<'_>, list: &List<'_>) -> TokenStream {
    let check = element::check(env, list.field, &quote!(.index(usize::try_from(index).unwrap_or(usize::MAX))?));
    let totals = tail::totals(of, list);
    let named = totals.of_elements().into_iter().collect();
    let from = places::From::Element(quote!(b));
    let decoded = places::decoded(env, (list.field, None), &named, &from);
    let (statements, step) = (&decoded.statements, totals.step_in(&env.with_given(decoded.given.clone())));
    let body = quote!(#check #statements #step);
    let [index, base, b] = ["index", "base", "b"].map(|name| param(&body, name));
    quote!(|#index, #base, #b| { #body Ok(()) })
}

/// A param of a closure, `_` where its body does not use it.
#[must_use]
pub fn param(body: &TokenStream, name: &str) -> TokenStream {
    let name: Ident = format_ident!("{name}");
    if uses(body, &name) { quote!(#name) } else { quote!(_) }
}

fn pad(field: &Field, env: &Env<'_>) -> TokenStream {
    let leave = tail::located(field);
    let n = tail::padding(field, env, &leave);
    let check = (!matches!(field.role, Role::ImpliedKept)).then(|| quote!(src.zeros(at, n) #leave;));
    quote!(let n = #n; #check let at = at.saturating_add(n);)
}

/// The end of the entry is where its length says.
fn end(of: &Of<'_>) -> TokenStream {
    let policy = of.s.window.as_ref().map_or(Policy::None, |w| w.slack);
    match policy {
        Policy::None => quote! {
            if at != src.length() {
                return Err(Error::new(Class::Invalid, "an entry that is used up", at).located(src.offset_of(at)));
            }
        },
        Policy::Zero => quote!(src.zeros(at, src.length().saturating_sub(at))?;),
        Policy::Keep => quote! {
            if at > src.length() {
                return Err(Error::new(Class::Invalid, "an entry as long as what is in it", at).located(src.offset()));
            }
        },
    }
}

/// Checksums over the whole entry.
fn checksums(of: &Of<'_>, env: &Env<'_>) -> Vec<TokenStream> {
    let all = pins::over_this(of.s).into_iter().filter_map(|(id, kind)| {
        let (_, field, at) = head::fields(of).into_iter().find(|f| f.0 == id)?;
        let pin = pins::of(field).filter(|pin| !pin.kept)?;
        let (sum, rule) = (pins::summer(kind), pins::rule(env, field, pin));
        let (start, end) =
            (Literal::u64_unsuffixed(at), Literal::u64_unsuffixed(at.saturating_add(field.size.fixed()?)));
        let raise = Raise::At(quote!(src.offset_of(#start)));
        let (before, pinned) = pins::value(env, field, pin, &raise);
        let name = tail::name(field);
        let check = raise.wrap(&quote!(#rule.check(#name == #pinned, 0, #name)));
        Some(quote!(let checksum = src.checksum(#sum::default(), #start..#end)?; #before #check;))
    });
    all.collect()
}
