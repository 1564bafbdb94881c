//! Copies: what can have them, and where they lie.

use super::{At, Checker};
use crate::diagnostic::{Code, Diagnostic};
use crate::model::{Content, Copies, Expr, ExprKind, Field, FieldId, Format, ParamTy, Policy, Root, Step, TypeId};
use crate::resolve::{type_exprs, walk, whole_size};
use crate::syntax::ast::CopiesDecl;
use std::collections::BTreeSet;

/// Reports copies that cannot be.
pub(super) fn check(c: &mut Checker<'_, '_>) {
    for at in c.all_fields() {
        let (Some(copies), Some(decl), Some(id)) =
            (&at.field.copies, at.entry.options.copies.as_ref(), at.field.type_id())
        else {
            continue;
        };
        if let Some((message, hint)) = unfit(c.format, id) {
            let d = Diagnostic::new(Code::DoesNotFit, message, decl.span, "cannot have copies");
            c.report(d.hint(hint));
        } else {
            places(c, &at, copies, decl);
        }
    }
    for (id, ty) in c.types() {
        for e in type_exprs(ty) {
            walk(e, &mut |e| one_place(c, id, e));
        }
    }
}

/// Functions over bytes are about one place.
fn one_place(c: &mut Checker<'_, '_>, id: TypeId, e: &Expr) {
    let has_copies = |ty: TypeId, field: FieldId| c.format.field(ty, field).is_some_and(|f| f.copies.is_some());
    let found = match &e.kind {
        ExprKind::OffsetOf(field) => has_copies(id, *field),
        ExprKind::Checksum(_, over, except) => over.iter().chain(except).any(|field| has_copies(id, *field)),
        ExprKind::SizeOf(place) => match (place.steps.last(), place.root) {
            (Some(Step::Field(ty, field)), _) => has_copies(*ty, *field),
            (None, Root::Field(field)) => has_copies(id, field),
            _ => false,
        },
        _ => false,
    };
    let Some(within) = c.written.ty(id).filter(|_| found) else { return };
    let entries = c.written.entries(id).into_iter().map(|entry| entry.span);
    let span = entries.chain([within]).find_map(|span| c.text_span(span, &e.text)).unwrap_or(within);
    let message = format!("`{}` is about a field that stands in several places", e.text);
    let d = Diagnostic::new(Code::WrongType, message, span, "which of them?");
    c.report(d.hint("say it in the type that has copies, of itself: `size(this)`"));
}

/// Why a type cannot have copies, and what to do about it.
fn unfit(format: &Format, id: TypeId) -> Option<(String, &'static str)> {
    let (ty, name) = (format.ty(id), format.ty(id).name.as_str());
    if whole_size(format, id).is_none_or(|n| n == 0) {
        let message = format!("`{name}` has no constant size");
        return Some((message, "give it a `size` that is a constant, so that each copy is known to end"));
    }
    if ty.is_driven_outside() {
        let message = format!("fields of `{name}` are driven from outside");
        return Some((message, "use another type: what drives a field would drive it in every copy"));
    }
    if ty.params.iter().any(|p| matches!(p.ty, ParamTy::State(_))) {
        let message = format!("`{name}` looks state up, or remembers something");
        return Some((message, "hand it down with `with`: copies that do not count are read too"));
    }
    if ty.as_struct().is_some_and(|s| s.fields.iter().any(|f| f.name == "copies")) {
        let message = format!("`{name}` has a field called `copies`");
        return Some((message, "rename it: the path `FIELD.copies[1]` is that of a copy"));
    }
    if ty.recursive {
        let message = format!("`{name}` can hold itself");
        return Some((message, "use a type that does not hold itself"));
    }
    if ty.has_blob || keeps(format, id, &mut BTreeSet::new()) {
        let message = format!("`{name}` has a blob, or a gap or slack that is kept");
        return Some((message, "hold the bytes: `bytes`, or `zero(rest)` with `mismatch: keep`"));
    }
    None
}

/// Whether a value holds a gap or slack where it lies in the file.
fn keeps(format: &Format, id: TypeId, seen: &mut BTreeSet<TypeId>) -> bool {
    if !seen.insert(id) {
        return false;
    }
    let keep = |policy: Option<Policy>| policy == Some(Policy::Keep);
    let own = format.ty(id).as_struct().is_some_and(|s| keep(Some(s.window.as_ref().map_or(s.slack, |w| w.slack))));
    let extras = |f: &Field| keep(f.at.as_ref().map(|at| at.gap)) || keep(f.window.as_ref().map(|w| w.slack));
    own || crate::resolve::fields(&format.ty(id).body).into_iter().any(|f| {
        let inner = if let Content::Type { id, .. } = &f.content { keeps(format, *id, seen) } else { false };
        extras(f) || inner
    })
}

/// Each copy lies behind the one before, and something says what becomes of the bytes between.
fn places(c: &mut Checker<'_, '_>, at: &At<'_, '_>, copies: &Copies, decl: &CopiesDecl) {
    let ends = copies.at.iter().map(|at| at.saturating_add(copies.size));
    for ((end, start), e) in ends.zip(copies.at.iter().skip(1)).zip(decl.at.iter().skip(1)) {
        let d = if *start < end {
            let message = format!("a copy of `{}` starts at {start}, and the one before ends at {end}", at.field.name);
            Diagnostic::new(Code::BadSize, message, e.span, "never backwards")
                .hint("copies are listed in ascending order")
        } else if *start > end && copies.gap == Policy::None {
            let skipped = start.saturating_sub(end);
            let message = format!("a copy of `{}` starts {skipped} bytes behind the one before", at.field.name);
            Diagnostic::new(Code::BadSize, message, e.span, "nothing says what becomes of the bytes between")
                .hint("add `gap: zero` or `gap: keep`, or a `slack` to the type that holds the field")
        } else {
            continue;
        };
        return c.report(d);
    }
    if copies.at.last().is_some_and(|last| last.checked_add(copies.size).is_none()) {
        let message = format!("the last copy of `{}` ends beyond any file", at.field.name);
        c.error(Code::BadSize, message, decl.span, "too large");
    }
}
