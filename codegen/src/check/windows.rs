//! `rest` as a number: only where a window says where it ends.

use super::{Checker, exprs};
use crate::diagnostic::{Code, Diagnostic};
use crate::model::{Body, Expr, ExprKind, TypeId};
use crate::source::Span;

/// Reports `rest` in types that have no window of their own.
pub(super) fn check(c: &mut Checker<'_, '_>) {
    for (id, ty) in c.types() {
        // A type of constant size is read as one block, which does not ask for the window around it.
        let report = match (is_windowed(c, id), ty.size.fixed()) {
            (false, _) => no_window,
            (true, Some(_)) if !matches!(ty.body, Body::Union(_)) => constant,
            (true, _) => continue,
        };
        for at in c.fields(id) {
            if exprs(at.field).into_iter().any(names_rest) {
                report(c, at.entry.span);
            }
        }
        let rules = match &ty.body {
            Body::Struct(s) => &s.require,
            Body::Bits(b) => &b.require,
            Body::Union(u) => &u.require,
        };
        if rules.iter().any(|rule| names_rest(&rule.that))
            && let Some(span) = c.written.ty(id)
        {
            report(c, span);
        }
    }
}

fn constant(c: &mut Checker<'_, '_>, within: Span) {
    let span = c.text_span(within, "rest").unwrap_or(within);
    let message = "`rest` in a type of constant size is always the same";
    c.report(Diagnostic::new(Code::NoWindow, message, span, "nothing varies").hint("write the number"));
}

fn no_window(c: &mut Checker<'_, '_>, within: Span) {
    let span = c.text_span(within, "rest").unwrap_or(within);
    let d = Diagnostic::new(Code::NoWindow, "`rest` is what is left of a window, and here is none", span, "of what?");
    c.report(d.hint("give the type, or the field whose parts these are, a `size`"));
}

fn names_rest(e: &Expr) -> bool {
    let mut found = false;
    crate::resolve::walk(e, &mut |e| found |= matches!(e.kind, ExprKind::Rest));
    found
}

/// Whether a type has a `size`, or is inline and fills the window of its field.
fn is_windowed(c: &Checker<'_, '_>, id: TypeId) -> bool {
    let mut at = id;
    // Each step leads further out, so there are not more of them than types.
    for _ in 0..c.format.types.len() {
        if c.format.ty(at).as_struct().is_some_and(|s| s.window.is_some()) {
            return true;
        }
        let Some(outer) = c.format.ty(at).outer else { return false };
        let holder = c.fields(outer).into_iter().find(|f| f.field.type_id() == Some(at));
        let Some(holder) = holder else { return false };
        if holder.field.window.is_some() {
            return holder.field.repeat.is_none();
        }
        // A case without a window of its own fills that of its switch.
        if !matches!(c.format.ty(outer).body, Body::Union(_)) {
            return false;
        }
        at = outer;
    }
    false
}
