//! What is read aside, the places it is read from, and lists that are not held.

use super::{At, Checker, exprs};
use crate::diagnostic::{Code, Diagnostic};
use crate::model::{Content, Expr, ExprKind, Field, FieldId, Lazy, ParamTy, Root, Ty, TypeId};
use crate::resolve::names_state;
use crate::source::Span;
use std::collections::BTreeSet;

/// Reports what cannot be read aside, or one by one.
pub(super) fn check(c: &mut Checker<'_, '_>) {
    for at in c.all_fields() {
        size(c, at);
        cut_off(c, at);
        too_early(c, at);
        if let Content::Lazy(of) = &at.field.content {
            lazy(c, at, of);
        }
        checksums(c, at);
        state(c, at);
    }
}

/// How long a struct is that something is read aside from is worked out without state.
fn state(c: &mut Checker<'_, '_>, at: At<'_, '_>) {
    let offset = at.field.aside.as_ref().is_some_and(|aside| names_state(&aside.offset));
    let lent = |e: &Expr| matches!(&e.kind, ExprKind::Place(p) if matches!(p.root, Root::State(_))) || names_state(e);
    let args = match &at.field.content {
        Content::Type { args, .. } => takes_place(&at.field.content) && args.iter().any(lent),
        _ => false,
    };
    if offset || args {
        let message = format!("`{}` is read aside by what is remembered, which is not generated yet", at.field.name);
        c.error(Code::NotGenerated, message, at.name(), "part of the language, without code behind it");
    }
}

fn via(at: At<'_, '_>) -> Span {
    at.entry.options.via.as_ref().map_or(at.name(), |e| e.span)
}

/// How many bytes are read aside is known before they are read.
fn size(c: &mut Checker<'_, '_>, at: At<'_, '_>) {
    if at.field.aside.is_none() || at.field.extent(c.format).is_some() {
        return;
    }
    let message = format!("`{}` is read aside, and how many bytes it takes is not known before", at.field.name);
    let d = Diagnostic::new(Code::AsideSize, message, via(at), "read aside");
    c.report(d.hint("add a `size`"));
}

/// Whether a content is given a place: the struct that holds it, or one further out.
fn takes_place(content: &Content) -> bool {
    let Content::Type { args, .. } = content else { return false };
    args.iter().any(|e| e.ty == Ty::Place)
}

/// What is held in a window of its own cannot be left to read aside.
fn cut_off(c: &mut Checker<'_, '_>, at: At<'_, '_>) {
    let window = at.field.window.as_ref().is_some_and(|w| w.held);
    if !takes_place(&at.field.content) || !window && at.field.aside.is_none() {
        return;
    }
    let message = format!("`{}` is held by itself, and a place around it is out of reach from there", at.field.name);
    let size = at.entry.options.size.as_ref().map_or_else(|| via(at), |e| e.span);
    let d = Diagnostic::new(Code::PlaceCutOff, message, size, "read in one piece");
    c.report(d.hint("let it lie in the sequence, without a `size`, or read from a place inside of it"));
}

/// A type whose window a field of its own says is a place behind that field only.
fn too_early(c: &mut Checker<'_, '_>, at: At<'_, '_>) {
    let Some(window) = c.format.ty(at.ty).as_struct().and_then(|s| s.window_field) else { return };
    let this = matches!(at.field.aside.as_ref().map(|a| a.from), Some(crate::model::From::This));
    let given = match &at.field.content {
        Content::Type { args, .. } => args.iter().any(|e| matches!(e.kind, ExprKind::This)),
        _ => false,
    };
    if at.id > window || !this && !given {
        return;
    }
    let message = format!("`{}` is read aside before the size of its type is known", at.field.name);
    let mut d = Diagnostic::new(Code::PlaceCutOff, message, at.name(), "in front of the size");
    d = c.at(at.ty, window).map_or(d.clone(), |size| d.also(size.name(), "known behind this"));
    c.report(d.hint("put the field that says the size in front"));
}

fn lazy(c: &mut Checker<'_, '_>, at: At<'_, '_>, of: &Lazy) {
    let fixed = crate::resolve::content_size(c.format, &of.element).fixed();
    let state = |id: TypeId| c.format.ty(id).params.iter().any(|p| matches!(p.ty, ParamTy::State(_)));
    let (message, hint) = match &of.element {
        _ if fixed.is_none_or(|n| n == 0) => (
            format!("an element of `{}` can be of any size, and so none can be found by its index", at.field.name),
            "give its type a constant `size`, or hold the list",
        ),
        Content::Type { id, .. } if state(*id) => (
            format!("an element of `{}` looks up state, which is gone when it is asked for", at.field.name),
            "hold the list",
        ),
        content if takes_place(content) => {
            (format!("an element of `{}` is given a place, and is read without it", at.field.name), "hold the list")
        }
        Content::Type { .. } | Content::Scalar(_) => return,
        _ => (format!("`{}` has nothing that could be asked for", at.field.name), "a `blob` is payload"),
    };
    let span = at.entry.options.lazy.as_ref().map_or(at.name(), |lazy| lazy.span);
    c.report(Diagnostic::new(Code::BadLazy, message, span, "read one by one").hint(hint));
}

/// A checksum is over bytes in a row.
fn checksums(c: &mut Checker<'_, '_>, at: At<'_, '_>) {
    for e in exprs(at.field) {
        let mut over: Vec<(Option<FieldId>, &Expr)> = Vec::new();
        crate::resolve::walk(e, &mut |e| {
            if let ExprKind::Checksum(_, of, _) = &e.kind {
                over.push((*of, e));
            }
        });
        for (of, e) in over {
            let Some(aside) = aside_in(c, at.ty, of, &mut BTreeSet::new()) else { continue };
            let span = c.text_span(at.entry.span, &e.text).unwrap_or(at.entry.span);
            let message = "a checksum over something that is read aside, or has something read aside";
            let d = Diagnostic::new(Code::AsideChecksum, message, span, "not in one row");
            c.report(d.also(aside, "read aside").hint("leave it out of the checksum"));
        }
    }
}

/// The first field in a type, or in one field of it, that is read aside.
fn aside_in(c: &Checker<'_, '_>, id: TypeId, field: Option<FieldId>, seen: &mut BTreeSet<TypeId>) -> Option<Span> {
    if !seen.insert(id) {
        return None;
    }
    let fields = c.fields(id).into_iter().filter(|at| field.is_none_or(|f| f == at.id));
    fields.into_iter().find_map(|at| match (&at.field.aside, at.field.type_id()) {
        (Some(_), _) => Some(at.name()),
        (None, Some(id)) => aside_in(c, id, None, seen),
        (None, None) => None,
    })
}

/// Whether of what is read aside only the place is read: payload, and lists that are not held.
pub(super) fn is_range(field: &Field) -> bool {
    matches!(field.content, Content::Blob(_) | Content::Lazy(_))
}
