//! What is held in memory has a bound; what a checksum is over is held.

use super::{At, Checker, exprs};
use crate::diagnostic::{Code, Diagnostic};
use crate::model::{Content, Expr, ExprKind, Extent, Field, FieldId, Length, Policy, Ty, Type, TypeId, Window};
use crate::source::Span;
use std::collections::BTreeSet;

/// The longest that something may be without a `max`: 16 MiB.
const LONGEST: i128 = 1 << 24;

/// Reports what could take any amount of memory.
pub(super) fn check(c: &mut Checker<'_, '_>) {
    let open = open_types(c);
    for (id, ty) in c.types() {
        own_window(c, id, ty);
        let within = open.get(id.0).copied().unwrap_or(false) && !has_bounded_window(ty);
        for at in c.fields(id) {
            held(c, at, within);
            checksums(c, at);
        }
    }
}

/// Whether a size is constant, or small whatever is read.
fn is_small(e: &Expr) -> bool {
    match (&e.kind, &e.ty) {
        (ExprKind::Int(_), _) => true,
        (_, Ty::Int(range)) => range.max <= LONGEST,
        _ => false,
    }
}

fn is_bounded(window: &Window) -> bool {
    window.max.is_some() || is_small(&window.size)
}

fn has_bounded_window(ty: &Type) -> bool {
    // A window that is held and has no bound is reported itself, and what lies in it is not.
    ty.as_struct().and_then(|s| s.window.as_ref()).is_some_and(|w| is_bounded(w) || w.held)
}

/// Types that some field, or a file, holds without a bound around it.
fn open_types(c: &Checker<'_, '_>) -> Vec<bool> {
    let mut used = vec![false; c.format.types.len()];
    for at in c.all_fields() {
        if let Some(used) = at.field.type_id().and_then(|id| used.get_mut(id.0)) {
            *used = true;
        }
    }
    let mut open: Vec<bool> = used.iter().map(|used| !used).collect();
    for root in std::iter::once(c.format.root).chain(c.format.roots.iter().copied()) {
        if let Some(open) = open.get_mut(root.0) {
            *open = true;
        }
    }
    for _ in 0..=c.format.types.len() {
        let before = open.clone();
        for at in c.all_fields() {
            spread(c, &at, &mut open);
        }
        if open == before {
            break;
        }
    }
    open
}

fn spread(c: &Checker<'_, '_>, at: &At<'_, '_>, open: &mut [bool]) {
    let around = open.get(at.ty.0).copied().unwrap_or(false) && !has_bounded_window(c.format.ty(at.ty));
    let bounded = at.field.window.as_ref().is_some_and(|w| is_bounded(w) || w.held) || at.field.max.is_some();
    if let Some(open) = at.field.type_id().and_then(|id| open.get_mut(id.0))
        && around
        && !bounded
    {
        *open = true;
    }
}

/// A type whose window is held in memory as a whole.
fn own_window(c: &mut Checker<'_, '_>, id: TypeId, ty: &Type) {
    let Some(window) = ty.as_struct().and_then(|s| s.window.as_ref()) else { return };
    let Some(e) = c.written.decl(id).and_then(|d| d.size.as_ref()) else { return };
    if window.held && !is_bounded(window) {
        let message = format!("`{}` is held in memory, and its size has no bound", ty.name);
        unbounded(c, message, e.span, None);
    }
}

fn held(c: &mut Checker<'_, '_>, at: At<'_, '_>, open: bool) {
    let field = at.field;
    let aside = field.aside.is_some() && !super::asides::is_range(field);
    if aside && field.window.is_none() && open && !small_list(c, field) {
        return unbounded(c, format!("`{}` is held in memory, and its size has no bound", field.name), at.name(), None);
    }
    if let Some(window) = &field.window {
        let held = window.held || aside;
        if held && !is_bounded(window) && open {
            let message = format!("`{}` is held in memory, and its size has no bound", field.name);
            unbounded(c, message, at.name(), at.entry.options.size.as_ref().map(|e| e.span));
        }
        if held || is_bounded(window) {
            return;
        }
    }
    let length = match &field.content {
        Content::Bytes(l) | Content::Utf8(l) | Content::Utf16(l) => match l {
            Length::Const(_) => return,
            Length::Expr(e) if is_small(e) => return,
            Length::Expr(_) => "its length has no bound",
            Length::Rest | Length::Told(_) => "it takes all that is left of the file",
        },
        Content::PStr(bytes) if *bytes > 2 => "its length has 32 bits",
        _ => return,
    };
    if open && field.max.is_none() {
        unbounded(c, format!("`{}` is held in memory, and {length}", field.name), at.name(), None);
    }
}

/// Whether a list that is read aside is small; what is no list has a length of its own.
fn small_list(c: &Checker<'_, '_>, field: &Field) -> bool {
    match field.extent(c.format) {
        Some(Extent::Elements(n, one)) => match &n.ty {
            Ty::Int(range) => range.max.saturating_mul(one.into()) <= LONGEST,
            _ => false,
        },
        _ => true,
    }
}

fn unbounded(c: &mut Checker<'_, '_>, message: String, span: Span, size: Option<Span>) {
    let mut d = Diagnostic::new(Code::Unbounded, message, span, "could be of any size");
    if let Some(size) = size {
        d = d.also(size, "as large as the file says");
    }
    c.report(d.hint("add `max: ...`; payload of any length is a `blob`"));
}

fn checksums(c: &mut Checker<'_, '_>, at: At<'_, '_>) {
    for e in exprs(at.field) {
        let mut over = Vec::new();
        crate::resolve::walk(e, &mut |e| {
            if let ExprKind::Checksum(_, of, _) = &e.kind {
                over.push((*of, e.text.clone()));
            }
        });
        for (of, text) in over {
            let Some(blob) = blob_in(c, at.ty, of, &mut BTreeSet::new()) else { continue };
            let span = c.text_span(at.entry.span, &text).unwrap_or(at.entry.span);
            let d = Diagnostic::new(
                Code::ChecksumUnbounded,
                "a checksum over bytes that are not held",
                span,
                "over what is not held",
            );
            let d = d.also(blob, "this is never in memory as a whole");
            c.report(d.hint("leave the blob out of it, or make it `bytes` with a `max`"));
        }
    }
}

/// The first blob in a type, or in one field of it: payload, or a gap or slack that is kept.
fn blob_in(c: &Checker<'_, '_>, id: TypeId, field: Option<FieldId>, seen: &mut BTreeSet<TypeId>) -> Option<Span> {
    if !seen.insert(id) {
        return None;
    }
    let ty = c.format.ty(id);
    let fields = c.fields(id).into_iter().filter(|at| field.is_none_or(|f| f == at.id));
    let found = fields.into_iter().find_map(|at| {
        let (gap, slack) = (at.field.at.as_ref().map(|a| a.gap), at.field.window.as_ref().map(|w| w.slack));
        let gap = gap.filter(|_| field.is_none());
        match &at.field.content {
            Content::Blob(_) | Content::Lazy(_) => Some(at.name()),
            _ if [gap, slack].contains(&Some(Policy::Keep)) => Some(at.name()),
            Content::Type { id, .. } => blob_in(c, *id, None, seen),
            _ => None,
        }
    });
    let own = ty.as_struct().map(|s| s.window.as_ref().map_or(s.slack, |window| window.slack));
    let own = own.filter(|slack| field.is_none() && *slack == Policy::Keep);
    found.or_else(|| own.and_then(|_| c.written.ty(id)))
}
