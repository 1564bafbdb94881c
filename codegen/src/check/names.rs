//! Names as people read them: which are there twice, hide others, or name nothing that is held.

use super::Checker;
use crate::diagnostic::{Code, Diagnostic};
use crate::emit::names::pascal;
use crate::model::{Body, FieldId, PartKind, Role, TypeId};
use crate::resolve::Entry;
use crate::source::{Span, Spanned};

/// Reports names that mislead.
pub(super) fn check(c: &mut Checker<'_, '_>) {
    for (id, ty) in c.types() {
        let is_union = matches!(ty.body, Body::Union(_));
        params(c, id);
        for entry in c.written.entries(id).into_iter().filter(|_| !is_union) {
            hiding(c, id, entry.name);
        }
        unnamed(c, id);
    }
    root(c);
}

/// Nobody gives the root arguments. Whoever reads one of the further roots does.
fn root(c: &mut Checker<'_, '_>) {
    let ty = c.format.ty(c.format.root);
    let given = ty.params.iter().find(|p| !p.ty.is_handed_down());
    let (Some(param), Some(span)) = (given, c.written.ty(c.format.root)) else { return };
    let message = format!("a file starts with `{}`, and nobody gives its `{}`", ty.name, param.name);
    let d = Diagnostic::new(Code::MissingArgument, message, span, "has params");
    c.report(d.hint("let the root be a type without params that holds this one and gives it arguments"));
}

/// Params and fields are named alike in expressions.
fn params(c: &mut Checker<'_, '_>, id: TypeId) {
    let Some(decl) = c.written.decl(id) else { return };
    let mut seen: Vec<(String, Span)> = Vec::new();
    for param in &decl.params {
        let name = pascal(&param.name.value);
        if let Some((_, first)) = seen.iter().find(|(n, _)| *n == name) {
            twice(c, &param.name, *first, "a param already");
        }
        hiding(c, id, &param.name);
        seen.push((name, param.name.span));
    }
    for entry in c.written.entries(id).into_iter().filter(|e| e.name.value != "_") {
        let name = pascal(&entry.name.value);
        if let Some((_, first)) = seen.iter().find(|(n, _)| *n == name) {
            twice(c, entry.name, *first, "a param already");
        }
    }
}

fn twice(c: &mut Checker<'_, '_>, name: &Spanned<String>, first: Span, label: &str) {
    let message = format!("`{}` is there twice", name.value);
    c.report(Diagnostic::new(Code::DuplicateName, message, name.span, "given again").also(first, label));
}

/// A name hides a constant, or what an inline part sees of the types around it.
fn hiding(c: &mut Checker<'_, '_>, id: TypeId, name: &Spanned<String>) {
    if name.value == "_" {
        return;
    }
    let constant = c.written.constant(&name.value).map(|span| (span, "this constant"));
    let Some((hidden, what)) = constant.or_else(|| hidden(c, id, &name.value)) else { return };
    let message = format!("`{}` hides another `{}`", name.value, name.value);
    let d = Diagnostic::new(Code::HidingName, message, name.span, "which of them would an expression mean?");
    c.report(d.also(hidden, what).hint("rename one of them"));
}

/// What the types around see under a name, in front of the inline part.
fn hidden(c: &Checker<'_, '_>, id: TypeId, name: &str) -> Option<(Span, &'static str)> {
    let mut at = id;
    while let Some((outer, place)) = c.written.outer(at) {
        let is_union = matches!(c.format.ty(outer).body, Body::Union(_));
        let entries: Vec<Entry<'_>> = c.written.entries(outer);
        let seen = entries.iter().take(place).find(|e| e.name.value == name);
        if let Some(entry) = seen.filter(|_| !is_union) {
            return Some((entry.name.span, "this field"));
        }
        let params = c.written.decl(outer).map(|d| d.params.as_slice()).unwrap_or_default();
        if let Some(param) = params.iter().find(|p| p.name.value == name) {
            return Some((param.name.span, "this param"));
        }
        at = outer;
    }
    None
}

/// `_` is for bytes without a value.
fn unnamed(c: &mut Checker<'_, '_>, id: TypeId) {
    let mut held: Vec<Span> = Vec::new();
    for at in c.fields(id).into_iter().filter(|at| at.field.name == "_") {
        if matches!(at.field.role, Role::Held | Role::DrivenOutside | Role::Driven(_)) {
            held.push(at.name());
        }
    }
    if let Body::Bits(bits) = &c.format.ty(id).body {
        let unnamed = bits.parts.iter().enumerate().filter(|(_, p)| p.name == "_" && p.kind != PartKind::Zero);
        held.extend(unnamed.filter_map(|(i, _)| c.written.field(id, FieldId(i))).map(|e| e.name.span));
    }
    for span in held {
        let d = Diagnostic::new(Code::KeepUnnamed, "a value without a name", span, "what is it called in the value?");
        c.report(d.hint("give it a name, or make it `zero(n)` or a constant"));
    }
}
