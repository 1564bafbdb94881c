//! State: whether whoever looks it up has it, and whether reader and writer find the same there.

use super::{At, Checker};
use crate::diagnostic::{Code, Diagnostic};
use crate::model::{Body, Expr, ExprKind, FieldId, ParamTy, ScopeId, Struct, TypeId};
use crate::resolve::{Cells, changes, early, late, looked_up, measured_by, remembered, settled, type_exprs};
use crate::source::Span;

/// Reports state that is looked up where there is none, or where it could be another one on write.
pub(super) fn check(c: &mut Checker<'_, '_>) {
    if c.format.scopes.is_empty() {
        return;
    }
    outside(c);
    let changes = changes(c.format);
    for (id, ty) in c.types() {
        match &ty.body {
            Body::Struct(s) => fields(c, id, s, &changes),
            Body::Union(_) => cases(c, id),
            Body::Bits(_) => parts(c, id),
        }
    }
    for at in c.all_fields() {
        not_in_the_value(c, &at);
    }
    checksums(c, &changes);
}

/// The root has nobody to lend it state.
fn outside(c: &mut Checker<'_, '_>) {
    let root = c.format.ty(c.format.root);
    let lent = root.params.iter().find_map(|p| if let ParamTy::State(id) = p.ty { Some(id) } else { None });
    let (Some(scope), Some(span)) = (lent, c.written.ty(c.format.root)) else { return };
    let per = &c.format.ty(scope.of(&c.format.scopes).per).name;
    let message = format!("state of `{per}` is needed outside of any `{per}`");
    let d = Diagnostic::new(Code::StateOutside, message, span, "this type, or one that it holds, looks it up");
    c.report(d.hint(format!("let it start further out: `per: {}`", root.name)));
}

/// A writer knows all of a value when it starts: what it looks up must not change on the way.
fn fields(c: &mut Checker<'_, '_>, id: TypeId, s: &Struct, by_type: &[Cells]) {
    let Some(span) = c.written.ty(id) else { return };
    let mut before = Cells::new();
    // What has changed when the rules that wait for each field are checked.
    let mut then: Vec<Cells> = Vec::new();
    for (i, field) in s.fields.iter().enumerate() {
        let at = c.written.field(id, FieldId(i)).map_or(span, |entry| entry.span);
        let mut within = before.clone();
        within.extend(field.type_id().into_iter().flat_map(|of| of.of(by_type).iter().copied()));
        if field.repeat.is_some() {
            within.extend(remembered(field));
        }
        for (e, changed) in
            early(field).into_iter().map(|e| (e, &before)).chain(late(field).into_iter().map(|e| (e, &within)))
        {
            stays(c, e, changed, at);
        }
        before.clone_from(&within);
        before.extend(remembered(field));
        then.push(within);
    }
    for rule in s.fields.iter().flat_map(|f| f.valid.iter().chain(&f.expect)).chain(&s.require) {
        let changed = then.get(rule.after.0).cloned().unwrap_or_default();
        let at = rule.field.and_then(|f| c.written.field(id, f)).map(|entry| entry.span);
        stays(c, &rule.that, &changed, at.or_else(|| c.written.decl(id).map(|d| d.name.span)).unwrap_or(span));
    }
    if let (Some(window), Some(field)) = (&s.window, s.window_field) {
        let changed = then.get(field.0).cloned().unwrap_or_default();
        stays(c, &window.size, &changed, span);
    }
}

fn stays(c: &mut Checker<'_, '_>, e: &Expr, changed: &Cells, within: Span) {
    for (scope, cell) in looked_up(e).intersection(changed) {
        let Some(cell) = scope.of(&c.format.scopes).cells.get(*cell) else { continue };
        let name = format!("state.{}", cell.name);
        let span = c.text_span(within, &name).unwrap_or(within);
        let message = format!("`{name}` changes within the type that looks it up");
        let d = Diagnostic::new(Code::StateChanges, message, span, "a writer would see what it was before");
        c.report(d.hint("name the field it comes from, or look it up in a type of its own: `fields` or a case"));
    }
}

/// What a case tells is told by its fields, or by a type.
fn cases(c: &mut Checker<'_, '_>, id: TypeId) {
    for at in c.fields(id) {
        if let Some(remember) = at.entry.options.remember.first().filter(|_| !at.field.remember.is_empty()) {
            let message = format!("the case `{}` has no fields of its own to remember", at.entry.name.value);
            let d = Diagnostic::new(Code::DoesNotFit, message, remember.name.span, "does not fit a type");
            c.report(d.hint("move it to the type, or to the field with the switch"));
        }
    }
}

/// Parts of an integer tell nothing; the field that holds them does.
fn parts(c: &mut Checker<'_, '_>, id: TypeId) {
    let own = c.written.decl(id).into_iter().flat_map(|d| &d.remember);
    let parts = c.written.entries(id).into_iter().flat_map(|entry| &entry.options.remember);
    let Some(first) = own.chain(parts).next() else { return };
    let d = Diagnostic::new(
        Code::DoesNotFit,
        "parts of an integer remember nothing",
        first.name.span,
        "does not fit `bits`",
    );
    c.report(d.hint("move it to the field that holds the integer: `remember: {NAME: it.PART}`"));
}

/// Sizes are measured on the value alone.
fn not_in_the_value(c: &mut Checker<'_, '_>, at: &At<'_, '_>) {
    let is_open = |(scope, cell): &(ScopeId, usize)| settled(c.format, *scope, *cell).is_none();
    let Some(e) = measured_by(at.field).find(|e| looked_up(e).iter().any(is_open)) else { return };
    let message = format!("the size of `{}` depends on state", at.field.name);
    let span = c.text_span(at.entry.span, &e.text).unwrap_or(at.entry.span);
    let d = Diagnostic::new(Code::StateSize, message, span, "what is not in the value must be known without it");
    c.report(d.hint("hand it down with `with`, or hold the field: `mismatch: keep`, `bytes`"));
}

/// A checksum is computed by writing, which would remember twice.
fn checksums(c: &mut Checker<'_, '_>, changes: &[Cells]) {
    for (id, ty) in c.types() {
        let Body::Struct(s) = &ty.body else { continue };
        for e in type_exprs(ty) {
            let over = match &e.kind {
                ExprKind::Checksum(_, Some(field), _) => field.of(&s.fields).type_id(),
                ExprKind::Checksum(_, None, _) => Some(id),
                _ => None,
            };
            let own = over == Some(id) && c.format.scope_of(id).is_some();
            if !own && over.is_none_or(|of| of.of(changes).is_empty()) {
                continue;
            }
            let Some(span) = c.written.ty(id) else { continue };
            let message = format!("`{}` is over something that remembers", e.text);
            let d = Diagnostic::new(Code::StateChecksum, message, span, "a checksum is computed by writing twice");
            c.report(d.hint("remember it outside of what the checksum is over"));
        }
    }
}
