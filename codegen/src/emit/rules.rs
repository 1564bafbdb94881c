//! Rules as statements: each is checked as soon as the last thing that it names is there.

use super::ctx::RuleEntry;
use super::expr::{Env, Mode};
use super::rust_type::local;
use super::scalar::{Raise, found, rule_name};
use crate::model::{Content, Field, FieldId, Rule, Struct};
use proc_macro2::{Literal, TokenStream};
use quote::{format_ident, quote};

/// A condition as the first argument of `check`, whole: fallible ones count as broken when they cannot be computed.
fn holds(env: &Env<'_>, rule: &Rule) -> TokenStream {
    let operand = env.emit(&rule.that);
    if operand.mode == Mode::Plain {
        operand.tokens
    } else {
        let atom = operand.atom();
        quote!(#atom == Some(true))
    }
}

/// The static of a rule about a field, or about a type.
#[must_use]
pub fn entry(env: &Env<'_>, rule: &Rule, field: Option<&Field>, about: &str) -> TokenStream {
    let ty = env.ctx.ty(env.ty);
    let label = rule.label.as_deref().unwrap_or("");
    let name = rule_name(ty, field.map_or(label, |f| f.rust.as_str()), about);
    env.ctx.rule(&RuleEntry {
        name,
        field: field.map_or(label, |f| f.name.as_str()),
        site: rule.site,
        class: rule.class,
        expected: &rule.expected,
        say: rule.say.as_deref(),
    })
}

/// What an error shows of a field's value.
#[must_use]
pub fn shown(env: &Env<'_>, id: FieldId, field: &Field) -> TokenStream {
    if field.repeat.is_some() {
        return quote!(Found::Nothing);
    }
    if let Content::Scalar(scalar) = &field.content {
        let value = value(env, id, field);
        found(*scalar, &value)
    } else {
        quote!(Found::Nothing)
    }
}

/// The value of a scalar field where it is known to be there.
fn value(env: &Env<'_>, id: FieldId, field: &Field) -> TokenStream {
    if let Some(tokens) = env.present.get(&id) {
        return tokens.clone();
    }
    let place = crate::model::Place { root: crate::model::Root::Field(id), steps: Vec::new() };
    env.raw_place(&place, field)
}

/// Statements for the hard rules of a struct that can be checked once `after` is there, in field order.
#[must_use]
pub fn after(env: &Env<'_>, s: &Struct, after: FieldId, raise: &dyn Fn(FieldId) -> (Raise, u64)) -> TokenStream {
    let mut out = TokenStream::new();
    for (i, field) in s.fields.iter().enumerate() {
        let id = FieldId(i);
        let due: Vec<_> = field.valid.iter().filter(|r| r.after == after).collect();
        if due.is_empty() {
            continue;
        }
        let (raise, at) = raise(id);
        let seen = with_rest(env, id);
        let env = &seen;
        out.extend(present(env, id, field, |env| {
            let checks = due.iter().map(|rule| {
                let of = entry(env, rule, Some(field), "VALID");
                check(env, (rule, &of), (at, &shown(env, id, field)), &raise)
            });
            quote!(#(#checks)*)
        }));
    }
    out
}

/// What a rule about a field sees: from a whole value, `rest` is what follows the field.
fn with_rest<'a>(env: &Env<'a>, id: FieldId) -> Env<'a> {
    if env.side == super::expr::Side::Read { env.clone() } else { env.with_rest(super::rest::rest_after(env, id)) }
}

/// One rule as a statement.
#[must_use]
pub fn check(env: &Env<'_>, rule: (&Rule, &TokenStream), shown: (u64, &TokenStream), raise: &Raise) -> TokenStream {
    let ((rule, of), (at, shown)) = (rule, shown);
    let (holds, at) = (holds(env, rule), Literal::u64_unsuffixed(at));
    raise.check(of, &holds, (&at, shown))
}

/// Statements about a field that are skipped where it is absent.
#[must_use]
pub fn present(env: &Env<'_>, id: FieldId, field: &Field, of: impl FnOnce(&Env<'_>) -> TokenStream) -> TokenStream {
    if !field.is_optional() || env.present.contains_key(&id) {
        return of(env);
    }
    let name = format_ident!("{}", local(&field.rust));
    let copied = super::expr::is_copy(field);
    let held = env.member(id, field);
    let inner = of(&env.with_present(id, quote!(#name)));
    if inner.is_empty() {
        return inner;
    }
    let pattern = if uses(&inner, &name) { quote!(#name) } else { quote!(_) };
    if copied {
        quote!(if let Some(#pattern) = #held { #inner })
    } else {
        quote!(if let Some(#pattern) = &#held { #inner })
    }
}

/// Whether tokens use a name; a member or method of that name does not count.
#[must_use]
pub fn uses(tokens: &TokenStream, name: &proc_macro2::Ident) -> bool {
    any_used(tokens.clone(), &mut |used| used == name)
}

/// All names that tokens use, as [`uses`] has it.
pub fn names_used(tokens: TokenStream, out: &mut std::collections::BTreeSet<String>) {
    any_used(tokens, &mut |used| {
        out.insert(used.to_string());
        false
    });
}

/// Whether tokens use a name for which that holds.
fn any_used(tokens: TokenStream, that: &mut dyn FnMut(&proc_macro2::Ident) -> bool) -> bool {
    use proc_macro2::{Spacing, TokenTree};
    let mut dots = 0_u32;
    let mut tokens = tokens.into_iter().peekable();
    while let Some(token) = tokens.next() {
        // `name:` is a member in a literal or pattern, `name::` a path.
        let member = |next: Option<&TokenTree>| matches!(next, Some(TokenTree::Punct(p)) if p.as_char() == ':' && p.spacing() == Spacing::Alone);
        let found = match &token {
            TokenTree::Ident(i) => dots != 1 && !member(tokens.peek()) && that(i),
            TokenTree::Group(g) => any_used(g.stream(), that),
            _ => false,
        };
        if found {
            return true;
        }
        let dot = matches!(&token, TokenTree::Punct(p) if p.as_char() == '.');
        dots = if dot { dots.saturating_add(1) } else { 0 };
    }
    false
}

/// Statements for the rules of a type over all its fields.
#[must_use]
pub fn require(env: &Env<'_>, rules: &[Rule], raise: &Raise) -> TokenStream {
    let checks = rules.iter().map(|rule| {
        let of = entry(env, rule, None, "REQUIRE");
        check(env, (rule, &of), (0, &quote!(Found::Nothing)), raise)
    });
    quote!(#(#checks)*)
}

/// The fields of its own type that an expression names.
#[must_use]
pub fn fields_in(e: &crate::model::Expr) -> Vec<FieldId> {
    crate::resolve::fields_of(e)
}

/// Statements and then a name, as an expression: where the last statement makes that name, its value stands in its place.
#[must_use]
pub fn ending_in(statements: &TokenStream, name: &proc_macro2::Ident) -> TokenStream {
    let all: Vec<proc_macro2::TokenTree> = statements.clone().into_iter().collect();
    let is_end = |t: &proc_macro2::TokenTree| matches!(t, proc_macro2::TokenTree::Punct(p) if p.as_char() == ';');
    let body = all.len().saturating_sub(1);
    let start = all.iter().take(body).rposition(is_end).map_or(0, |i| i.saturating_add(1));
    let (before, last) = all.split_at(start);
    match last {
        [l, n, eq, value @ .., end]
            if l.to_string() == "let" && *name == n.to_string() && eq.to_string() == "=" && is_end(end) =>
        {
            let (before, value) =
                (before.iter().cloned().collect::<TokenStream>(), value.iter().cloned().collect::<TokenStream>());
            quote!(#before #value)
        }
        _ => quote!(#statements #name),
    }
}

/// What a loop over a list goes over: a member by reference, a local that is one already as it is.
#[must_use]
pub fn elements(list: &TokenStream) -> TokenStream {
    let member = list.to_string().starts_with("self");
    if member { quote!(&#list) } else { quote!(#list) }
}
