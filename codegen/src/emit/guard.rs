//! What a writer holds against a reader that looks ahead.

use super::expr::Env;
use super::validate::rule;
use crate::model::{Ahead, Expr, ExprKind, Field, Until};
use crate::resolve::{ahead_of, list_ahead, split};
use proc_macro2::TokenStream;
use quote::quote;

/// The guard that what follows makes a reader decide as `wanted`.
fn guard(
    env: &Env<'_>,
    field: &Field,
    (about, expected): (&str, &str),
    (wanted, e): (&TokenStream, &Expr),
) -> TokenStream {
    let (rule, decides) = (rule(env, field, about, expected), decides(env, e));
    quote!(sink.guard(#wanted, &#rule, |src| #decides);)
}

/// What a condition decides, as far as that is known.
fn decides(env: &Env<'_>, e: &Expr) -> TokenStream {
    if let ExprKind::Ahead(Ahead::Tagged(tag, name)) = &e.kind {
        let name = proc_macro2::Literal::byte_string(name);
        return quote!(src.follows(#tag, #name));
    }
    let that = env.condition(e);
    quote!(Some(#that))
}

/// The guard in front of a field that is there when what follows says so.
#[must_use]
pub fn presence(env: &Env<'_>, field: &Field, there: &TokenStream) -> TokenStream {
    let (Some(presence), Some(ahead)) = (&field.presence, ahead_of(field)) else { return TokenStream::new() };
    let expected = format!("bytes by which `{}` tells whether it is there", presence.that.text);
    let guard = guard(env, field, ("AHEAD", &expected), (there, &ahead));
    match split(&presence.that).0 {
        Some(known) => {
            let known = env.condition(&known);
            quote!(if #known { #guard })
        }
        None => guard,
    }
}

/// The guards of a list that ends when what follows says so: in front of each element, behind each, behind all.
#[must_use]
pub fn list(env: &Env<'_>, field: &Field) -> Option<[TokenStream; 3]> {
    let e = list_ahead(field)?;
    let until = matches!(field.repeat.as_ref()?.until, Until::Until(_));
    let expected = format!("bytes by which `{}` tells where the list ends", e.text);
    let guard = |wanted: TokenStream| guard(env, field, ("AHEAD", &expected), (&wanted, e));
    let none = TokenStream::new;
    Some(if until {
        [none(), guard(quote!(len64(i).saturating_add(1) == last)), none()]
    } else {
        [guard(quote!(true)), none(), guard(quote!(false))]
    })
}

/// The check that what must not follow does not.
#[must_use]
pub fn unlike(env: &Env<'_>, field: &Field, e: &Expr) -> TokenStream {
    let (rule, holds) = (unlike_rule(env, field, e), env.refused(e));
    quote!(#rule.check(#holds, 0, Found::Nothing).map_err(|f| f.at(src.position()))?;)
}

/// The same while it is written.
#[must_use]
pub fn before_unlike(env: &Env<'_>, field: &Field, e: &Expr) -> TokenStream {
    let (rule, follows) = (unlike_rule(env, field, e), decides(env, e));
    quote!(sink.guard(false, &#rule, |src| #follows);)
}

fn unlike_rule(env: &Env<'_>, field: &Field, e: &Expr) -> TokenStream {
    rule(env, field, "UNLIKE", &format!("bytes of which none says that {}", e.text))
}

/// Statements in a window: whoever looks ahead in it sees no further.
#[must_use]
pub fn windowed(is_guarded: bool, inner: &TokenStream, tail: &TokenStream) -> TokenStream {
    if is_guarded {
        quote!(let window = sink.start_window(); #inner sink.end_window(window) #tail;)
    } else {
        inner.clone()
    }
}
