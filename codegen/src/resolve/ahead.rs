//! Conditions on what follows: a reader asks them of the input, a writer of what it writes next.

use crate::model::{BinaryOp, Expr, ExprKind, Field, Ty, Until};

/// Whether an expression looks ahead.
pub(crate) fn looks_ahead(e: &Expr) -> bool {
    let mut found = false;
    super::walk(e, &mut |e| found |= matches!(e.kind, ExprKind::Ahead(_)));
    found
}

/// A condition in two parts that both hold when it does: what is known of the value, and what is asked of the bytes that follow.
pub(crate) fn split(e: &Expr) -> (Option<Expr>, Option<Expr>) {
    if !looks_ahead(e) {
        return (Some(e.clone()), None);
    }
    let mut parts = Vec::new();
    conjuncts(e, &mut parts);
    let (ahead, known): (Vec<_>, Vec<_>) = parts.into_iter().partition(looks_ahead);
    (known.into_iter().reduce(both), ahead.into_iter().reduce(both))
}

fn conjuncts(e: &Expr, out: &mut Vec<Expr>) {
    match &e.kind {
        ExprKind::Binary(BinaryOp::And, a, b) => [a, b].into_iter().for_each(|e| conjuncts(e, out)),
        _ => out.push(e.clone()),
    }
}

/// `a and b`
pub(crate) fn both(a: Expr, b: Expr) -> Expr {
    let text = format!("{} and {}", a.text, b.text);
    let (site, fallible) = (b.site, a.fallible || b.fallible);
    let kind = ExprKind::Binary(BinaryOp::And, Box::new(a), Box::new(b));
    Expr { kind, ty: Ty::Bool, absent: false, fallible, text, site }
}

/// The condition of a field's presence that is asked of what follows.
pub(crate) fn ahead_of(field: &Field) -> Option<Expr> {
    split(&field.presence.as_ref()?.that).1
}

/// The condition that ends a list, where it is asked of what follows.
pub(crate) fn list_ahead(field: &Field) -> Option<&Expr> {
    match &field.repeat.as_ref()?.until {
        Until::Until(e) | Until::While(e) if looks_ahead(e) => Some(e),
        _ => None,
    }
}
