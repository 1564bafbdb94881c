//! Values that need themselves: pins and driven fields, and what each is computed from on write.

use super::driven::measured;
use super::{At, Checker};
use crate::diagnostic::{Code, Diagnostic};
use crate::model::{
    Body, Content, Drive, Driver, Expr, ExprKind, Field, FieldId, Length, Place, Role, Root, Step, TypeId,
};
use std::collections::{BTreeMap, BTreeSet};

/// A field, by its type.
type Node = (TypeId, FieldId);
/// What each pinned or driven field needs.
type Needs = BTreeMap<Node, BTreeSet<Node>>;

/// Reports pins and driven fields that need themselves.
pub(super) fn check(c: &mut Checker<'_, '_>) {
    let needs = needs(c);
    let mut reported: BTreeSet<Node> = BTreeSet::new();
    for node in needs.keys() {
        let Some(circle) = circle(&needs, *node) else { continue };
        if circle.iter().any(|n| reported.contains(n)) {
            continue;
        }
        reported.extend(&circle);
        report(c, &circle);
    }
}

fn report(c: &mut Checker<'_, '_>, circle: &[Node]) {
    let fields: Vec<At<'_, '_>> = circle.iter().filter_map(|(ty, id)| c.at(*ty, *id)).collect();
    let [first, others @ ..] = fields.as_slice() else { return };
    let names: Vec<_> = fields.iter().chain([first]).map(|at| format!("`{}`", at.field.name)).collect();
    let message = format!("to write `{}` its own value is needed: {}", first.field.name, names.join(" needs "));
    let message =
        if others.is_empty() { format!("to write `{}` its own value is needed", first.field.name) } else { message };
    let mut d = Diagnostic::new(Code::DrivenCycle, message, first.name(), "needs itself");
    for at in others {
        d = d.also(at.name(), "by way of this");
    }
    let checksum =
        fields.iter().any(|at| matches!(&at.field.role, Role::Pinned(p) if p.kind == crate::model::PinKind::Checksum));
    let hint = match others {
        [_, ..] if checksum => "of two checksums over the same bytes one cannot include the other",
        [] if first.field.is_driven() => "what it measures has a part that is there, or as long, by this very value",
        _ => "let what decides it be a field that is held",
    };
    c.report(d.hint(hint));
}

/// The way from a node back to itself.
fn circle(needs: &Needs, start: Node) -> Option<Vec<Node>> {
    let mut from: BTreeMap<Node, Node> = BTreeMap::new();
    let mut open = vec![start];
    while let Some(node) = open.pop() {
        for next in needs.get(&node).into_iter().flatten() {
            if *next == start {
                let mut path = vec![node];
                while let Some(before) = path.last().and_then(|n| from.get(n)) {
                    path.push(*before);
                }
                path.reverse();
                return Some(path);
            }
            if !from.contains_key(next) {
                from.insert(*next, node);
                open.push(*next);
            }
        }
    }
    None
}

fn needs(c: &Checker<'_, '_>) -> Needs {
    let mut needs = Needs::new();
    for at in c.all_fields() {
        let node = (at.ty, at.id);
        let found = match &at.field.role {
            Role::Pinned(pin) => of_pin(c, node, &pin.value),
            Role::Driven(drives) => of_drives(c, at.ty, drives),
            _ => continue,
        };
        needs.entry(node).or_default().extend(found);
    }
    for (id, ty) in c.types() {
        let Body::Struct(s) = &ty.body else { continue };
        for outside in &s.drives {
            let found = of_drives(c, id, &outside.drives);
            needs.entry((outside.of, outside.target)).or_default().extend(found);
        }
    }
    needs
}

/// What a pin is computed from.
fn of_pin(c: &Checker<'_, '_>, node: Node, value: &Expr) -> BTreeSet<Node> {
    let mut out = places(c, node.0, value);
    crate::resolve::walk(value, &mut |e| {
        if let ExprKind::Checksum(_, over, except) = &e.kind {
            let skip = |at: &At<'_, '_>| over.is_some_and(|f| f != at.id) || *except == Some(at.id);
            for at in c.fields(node.0).iter().filter(|at| !skip(at)) {
                out.insert((at.ty, at.id));
                out.extend(inside(c, at.field).into_iter().flat_map(|ty| c.fields(ty)).map(|at| (at.ty, at.id)));
            }
        }
    });
    out
}

/// What decides how large the measured fields are: conditions in them, and padding whose length is computed.
fn of_drives(c: &Checker<'_, '_>, ty: TypeId, drives: &[Drive]) -> BTreeSet<Node> {
    let mut out = BTreeSet::new();
    for drive in drives.iter().filter(|d| matches!(d.driver, Driver::Size | Driver::TypeSize)) {
        let of_type = c.fields(ty).into_iter().filter(|_| drive.driver == Driver::TypeSize);
        let of_field = measured(c, ty, &drive.from).into_iter().filter(|_| drive.driver == Driver::Size);
        let direct: Vec<At<'_, '_>> = of_type.collect();
        let within = of_field.chain(direct.iter().copied()).flat_map(|at| inside(c, at.field));
        let fields: Vec<At<'_, '_>> = within.flat_map(|ty| c.fields(ty)).chain(direct.iter().copied()).collect();
        for at in fields {
            for e in deciding(at.field) {
                out.extend(places(c, at.ty, e));
            }
        }
    }
    out
}

fn deciding(field: &Field) -> Vec<&Expr> {
    let mut out = Vec::new();
    out.extend(field.presence.as_ref().filter(|p| !p.zero_when_absent).map(|p| &p.that));
    out.extend(field.aside.as_ref().map(|aside| &aside.offset));
    if let Content::Zero(Length::Expr(e)) | Content::Align(e) = &field.content {
        out.push(e);
    }
    out
}

/// All inline types in a field. Named ones cannot see what is around them, so nothing in them needs it.
fn inside(c: &Checker<'_, '_>, field: &Field) -> BTreeSet<TypeId> {
    let mut seen = BTreeSet::new();
    let mut open: Vec<TypeId> = field.type_id().into_iter().collect();
    while let Some(id) = open.pop() {
        if c.format.ty(id).outer.is_some() && seen.insert(id) {
            open.extend(crate::resolve::fields(&c.format.ty(id).body).into_iter().filter_map(Field::type_id));
        }
    }
    seen
}

/// The fields whose values an expression uses.
fn places(c: &Checker<'_, '_>, ty: TypeId, e: &Expr) -> BTreeSet<Node> {
    let mut out = BTreeSet::new();
    crate::resolve::walk(e, &mut |e| {
        if let ExprKind::Place(place) = &e.kind {
            out.extend(nodes(c, ty, place));
        }
    });
    out
}

/// The fields along a place, followed outwards where it starts at a captured one.
fn nodes(c: &Checker<'_, '_>, ty: TypeId, place: &Place) -> Vec<Node> {
    let steps = place.steps.iter().filter_map(|step| match step {
        Step::Field(of, id) => Some((*of, *id)),
        _ => None,
    });
    let mut out: Vec<Node> = steps.collect();
    let (mut ty, mut root) = (ty, place.root);
    // Each step leads to the type around, so there are not more of them than types.
    for _ in 0..c.format.types.len() {
        let Root::Param(param) = root else { break };
        let Some(outer) = c.format.ty(ty).outer else { break };
        let holder = c.fields(outer).into_iter().find(|at| at.field.type_id() == Some(ty));
        let Some(Content::Type { args, .. }) = holder.map(|at| &at.field.content) else { break };
        let Some(ExprKind::Place(source)) = args.get(param.0).map(|e| &e.kind) else { break };
        out.extend(source.steps.iter().filter_map(|step| match step {
            Step::Field(of, id) => Some((*of, *id)),
            _ => None,
        }));
        (ty, root) = (outer, source.root);
    }
    if let Root::Field(id) = root {
        out.push((ty, id));
    }
    out
}
