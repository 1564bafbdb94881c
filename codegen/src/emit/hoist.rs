//! What is the same for all elements of a list is worked out once: parts of their arguments that do not depend on the index.

use super::ctx::Ctx;
use super::expr::{Env, Operand};
use crate::model::{Expr, ExprKind, Param, Ty};
use crate::resolve::walk;
use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use std::collections::BTreeSet;

/// Statements that work such parts out, and what sees their values in their place.
#[must_use]
pub fn fixed<'a>(env: &Env<'a>, params: &[Param], args: &[Expr]) -> (TokenStream, Env<'a>) {
    let mut parts = Vec::new();
    for e in args {
        collect(e, &mut parts);
    }
    let (mut env, mut statements) = (env.clone(), TokenStream::new());
    let taken = taken(env.ctx, &env, params);
    let names = (0_usize..).map(|n| format!("fixed_{n}")).filter(|name| !taken.contains(name));
    for (e, name) in parts.into_iter().zip(names) {
        let value = env.emit(e);
        let (name, tokens) = (format_ident!("{name}"), &value.tokens);
        statements.extend(quote!(let #name = #tokens;));
        env = env.with_known(e, Operand { tokens: quote!(#name), infix: false, ..value });
    }
    (statements, env)
}

/// Names of params around the list, and of its elements.
fn taken(ctx: &Ctx<'_>, env: &Env<'_>, params: &[Param]) -> BTreeSet<String> {
    ctx.ty(env.ty).params.iter().chain(params).map(|p| p.rust.clone()).collect()
}

/// The largest parts that do not depend on the index, and are more than a look at the value.
fn collect<'e>(e: &'e Expr, out: &mut Vec<&'e Expr>) {
    if !names_index(e) {
        if is_worth_it(e) && !out.iter().any(|known| format!("{:?}", known.kind) == format!("{:?}", e.kind)) {
            out.push(e);
        }
        return;
    }
    match &e.kind {
        ExprKind::ToEnum(_, a) | ExprKind::Unary(_, a) | ExprKind::InGroup(_, _, a) | ExprKind::Call(_, a) => {
            collect(a, out);
        }
        ExprKind::Binary(_, a, b) => [a, b].into_iter().for_each(|e| collect(e, out)),
        ExprKind::InRange(a, b, c) | ExprKind::If(a, b, c) => [a, b, c].into_iter().for_each(|e| collect(e, out)),
        // Conditions on elements of other lists are about these.
        _ => {}
    }
}

fn names_index(e: &Expr) -> bool {
    let mut found = false;
    walk(e, &mut |e| found |= matches!(e.kind, ExprKind::Index));
    found
}

/// Whether working it out costs something, and its value is copied.
fn is_worth_it(e: &Expr) -> bool {
    let copied = matches!(e.ty, Ty::Int(_) | Ty::Bool | Ty::Enum(_) | Ty::Flags(_) | Ty::Guid { .. });
    let costs = !matches!(
        e.kind,
        ExprKind::Int(_) | ExprKind::Bool(_) | ExprKind::Guid(_) | ExprKind::EnumValue(..) | ExprKind::Place(_)
    );
    copied && costs
}
