//! Conditions on what follows: a writer must be able to hold what it writes against them.

use super::{At, Checker};
use crate::diagnostic::{Code, Diagnostic};
use crate::model::{Ahead, Expr, ExprKind};
use crate::resolve::{ahead_of, list_ahead, looks_ahead, walk};

/// Reports conditions on what follows that a writer cannot keep.
pub(super) fn check(c: &mut Checker<'_, '_>) {
    for at in c.all_fields() {
        if let Some(e) = ahead_of(at.field) {
            alone(c, &at, &e);
            in_the_value(c, &at, &e);
        }
        if let Some(e) = list_ahead(at.field) {
            alone(c, &at, e);
        }
        conditions(c, &at);
    }
}

/// What is beside `peek` in a condition on what follows is constant.
fn alone(c: &mut Checker<'_, '_>, at: &At<'_, '_>, e: &Expr) {
    let mut named = None;
    walk(e, &mut |e| {
        let constant = matches!(
            e.kind,
            ExprKind::Int(_)
                | ExprKind::Bool(_)
                | ExprKind::Ahead(_)
                | ExprKind::Unary(..)
                | ExprKind::Binary(..)
                | ExprKind::InRange(..)
                | ExprKind::If(..)
                | ExprKind::Call(..)
        );
        if !constant && named.is_none() {
            named = Some(e.text.clone());
        }
    });
    let Some(text) = named else { return };
    let span = c.text_span(at.entry.span, &text).unwrap_or(at.entry.span);
    let d = Diagnostic::new(Code::LooksAhead, format!("`{text}` stands beside `peek`"), span, "not a constant");
    c.report(d.hint("what follows is compared with constants; in an `if` other conditions go beside it with `and`"));
}

/// Whether it is there is in the value, so that a writer knows it.
fn in_the_value(c: &mut Checker<'_, '_>, at: &At<'_, '_>, e: &Expr) {
    if at.field.is_held() || at.field.is_driven() {
        return;
    }
    let message = format!("`{}` is there when `{}`, and nothing else tells a writer", at.field.name, e.text);
    let d = Diagnostic::new(Code::LooksAhead, message, at.name(), "not in the value");
    c.report(d.hint("hold it: `mismatch: keep`, or a type"));
}

/// Numbers of several bytes have a byte order that is always the same.
fn conditions(c: &mut Checker<'_, '_>, at: &At<'_, '_>) {
    let fixed = c.format.fixed_order(at.ty).is_some();
    for e in crate::resolve::exprs(at.field).into_iter().filter(|e| looks_ahead(e)) {
        let mut wide = false;
        walk(e, &mut |e| wide |= matches!(e.kind, ExprKind::Ahead(Ahead::Int(n, _)) if n > 1));
        if wide && !fixed {
            let span = c.text_span(at.entry.span, &e.text).unwrap_or(at.entry.span);
            let message = format!("`{}` looks at several bytes, whose order is not always the same", e.text);
            let d = Diagnostic::new(Code::LooksAhead, message, span, "of no fixed byte order");
            c.report(d.hint("look at a `u8`, or give the type `endian: le` or `be`"));
        }
    }
}
