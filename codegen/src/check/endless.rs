//! Types and lists that never end.

use super::{At, Checker};
use crate::diagnostic::{Code, Diagnostic};
use crate::model::{Body, ExprKind, Field, TypeId, Until};

/// Reports lists whose condition never changes, and types whose every value holds another one.
pub(super) fn check(c: &mut Checker<'_, '_>) {
    for at in c.all_fields() {
        list(c, at);
    }
    types(c);
}

fn list(c: &mut Checker<'_, '_>, at: At<'_, '_>) {
    let Some(repeat) = &at.field.repeat else { return };
    let (e, key, hint) = match &repeat.until {
        Until::Until(e) if matches!(e.kind, ExprKind::Bool(false)) => (e, "until", "name what the last element has"),
        Until::While(e) if matches!(e.kind, ExprKind::Bool(true)) => {
            (e, "while", "for all that is left write `count: rest`")
        }
        _ => return,
    };
    let options = at.entry.options;
    let written = options.until.as_ref().or(options.while_.as_ref()).map_or(at.name(), |e| e.span);
    let message = format!("`{}` never ends: `{key}` is always `{}`", at.field.name, e.text);
    c.report(Diagnostic::new(Code::OpenList, message, written, "never changes").hint(hint));
}

fn types(c: &mut Checker<'_, '_>) {
    let ends = ending(c);
    let mut reported: Vec<TypeId> = Vec::new();
    for (id, _) in c.types() {
        let circle = circle(c, &ends, id);
        if circle.is_empty() || circle.iter().any(|at| reported.contains(&at.ty)) {
            continue;
        }
        reported.extend(circle.iter().map(|at| at.ty));
        if let [first, others @ ..] = circle.as_slice() {
            endless(c, first, others);
        }
    }
}

fn endless(c: &mut Checker<'_, '_>, first: &At<'_, '_>, others: &[At<'_, '_>]) {
    let name = &c.format.ty(first.ty).name;
    let mut d = Diagnostic::new(
        Code::EndlessType,
        format!("every `{name}` would hold another `{name}`"),
        first.name(),
        "always there",
    );
    for at in others {
        d = d.also(at.name(), "and so is this");
    }
    c.report(d.hint("give one of them an `if`, make it a list, or put it into a case"));
}

/// Which types have a value that ends.
fn ending(c: &Checker<'_, '_>) -> Vec<bool> {
    let mut ends = vec![false; c.format.types.len()];
    for _ in 0..=c.format.types.len() {
        let next: Vec<bool> = c.format.types.iter().map(|ty| body_ends(&ends, &ty.body)).collect();
        if next == ends {
            break;
        }
        ends = next;
    }
    ends
}

fn body_ends(ends: &[bool], body: &Body) -> bool {
    match body {
        Body::Bits(_) => true,
        Body::Struct(s) => s.fields.iter().all(|f| field_ends(ends, f)),
        Body::Union(u) => u.cases.iter().any(|case| case.body.as_ref().is_none_or(|f| field_ends(ends, f))),
    }
}

fn field_ends(ends: &[bool], field: &Field) -> bool {
    !is_always_there(field) || field.type_id().is_none_or(|id| ends.get(id.0).copied().unwrap_or(true))
}

fn is_always_there(field: &Field) -> bool {
    let elements = match field.repeat.as_ref().map(|r| &r.until) {
        None | Some(Until::Until(_)) => true,
        Some(Until::Count(n)) => crate::resolve::constant(n).is_some_and(|n| n > 0),
        Some(Until::Rest | Until::While(_)) => false,
    };
    elements && field.presence.is_none()
}

/// The fields through which a type always comes back to itself.
fn circle<'c, 'a>(c: &Checker<'c, 'a>, ends: &[bool], start: TypeId) -> Vec<At<'c, 'a>> {
    let mut path: Vec<At<'c, 'a>> = Vec::new();
    let mut at = start;
    for _ in 0..=c.format.types.len() {
        let next = c.fields(at).into_iter().find(|f| !field_ends(ends, f.field));
        let Some(next) = next else { return Vec::new() };
        let Some(id) = next.field.type_id() else { return Vec::new() };
        path.push(next);
        if id == start {
            return path;
        }
        at = id;
    }
    Vec::new()
}
