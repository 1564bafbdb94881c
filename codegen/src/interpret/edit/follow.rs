//! What a field follows from, where it cannot be set: the field that drives it, its pin, its constant.

use super::hops::{Found, Stop, borrowed};
use crate::interpret::look::Look;
use crate::interpret::tree::{Node, What};
use crate::model::{
    Content, Drive, Driver, Field, FieldId, Format, Label, OutsideDrive, PartKind, Place, Role, Root, Step, TypeId,
};

/// What fixes a field, for people: the last of the nodes on the way to it.
#[must_use]
pub fn origin(way: &[Stop<'_>]) -> Option<String> {
    let (last, outer) = way.split_last()?;
    if let Some((drive, owner)) = driver(&last.look, outer) {
        return Some(measured(drive, owner));
    }
    match &own_field(&last.look)?.role {
        Role::Pinned(pin) => Some(format!("`{}`", pin.value.text)),
        _ => None,
    }
}

/// Why what was found cannot be set, where others fix it.
#[must_use]
pub fn fixed(found: &Found<'_>) -> Option<String> {
    let (last, outer) = found.way.split_last()?;
    let path = &found.path;
    if let Some((drive, owner)) = driver(&last.look, outer) {
        if drive.driver == Driver::Tag && is_default(owner, &drive.from) {
            return None;
        }
        return Some(format!("`{path}` is {}: {}", measured(drive, owner), advice(drive.driver)));
    }
    if last.look.part().is_some_and(|part| part.kind == PartKind::Zero) {
        return Some(format!("`{path}` is always zero"));
    }
    let field = own_field(&last.look)?;
    match (&field.role, &field.content) {
        (Role::Pinned(pin), _) if !pin.kept => {
            Some(format!("`{path}` is always `{}`: it is worked out when the file is written", pin.value.text))
        }
        (Role::Implied, Content::Magic(bytes)) => Some(format!("`{path}` is always \"{}\"", bytes.escape_ascii())),
        (Role::Implied, Content::Zero(crate::model::Length::Rest)) => None,
        (Role::Implied, Content::Align(_)) => Some(format!("`{path}` is padding, which is always zero")),
        (Role::Implied, _) => Some(format!("`{path}` is always zero")),
        _ => None,
    }
}

/// The field that a node stands for by itself: not that of a list for its elements, nor of a gap or slack.
fn own_field<'a>(look: &Look<'a>) -> Option<&'a Field> {
    look.field.filter(|_| matches!(look.node.what, What::Field(..) | What::Case(..)))
}

/// The first driver of a field, and the struct in which the drivers are measured.
fn driver<'a, 'w>(look: &Look<'a>, outer: &'w [Stop<'a>]) -> Option<(&'a Drive, &'w Stop<'a>)> {
    let What::Field(ty, id) = look.node.what else { return None };
    match &look.field?.role {
        Role::Driven(drives) => Some((drives.first()?, outer.last()?)),
        Role::DrivenOutside => outer.iter().rev().find_map(|stop| {
            let drive = outside(&stop.look, ty, id)?;
            Some((drive.drives.first()?, stop))
        }),
        _ => None,
    }
}

fn outside<'a>(holder: &Look<'a>, of: TypeId, target: FieldId) -> Option<&'a OutsideDrive> {
    let drives = &holder.format.ty(holder.type_id()?).as_struct()?.drives;
    drives.iter().find(|drive| drive.of == of && drive.target == target)
}

/// What is measured, for people: the size of a field.
fn measured(drive: &Drive, owner: &Stop<'_>) -> String {
    let plain = drive.add == 0 && drive.multiply == 1 && drive.divide == 1;
    let follows = if plain { "" } else { "what follows from " };
    let of = owner.look.type_id().map_or_else(String::new, |ty| place(owner.look.format, ty, &owner.path, &drive.from));
    match drive.driver {
        Driver::Size => format!("{follows}the size of `{of}`"),
        Driver::Count => format!("{follows}the number of elements of `{of}`"),
        Driver::Offset => format!("{follows}the offset of `{of}`"),
        Driver::Tag => format!("the case of `{of}`"),
        Driver::TypeSize if owner.path.is_empty() => format!("{follows}the size of the value"),
        Driver::TypeSize => format!("{follows}the size of `{}`", owner.path),
    }
}

/// Whether a switch is at its default case, which goes with many tags.
fn is_default(owner: &Stop<'_>, place: &Place) -> bool {
    let Root::Field(first) = place.root else { return false };
    let inner = place.steps.iter().filter_map(|step| if let Step::Field(_, id) = step { Some(*id) } else { None });
    let mut look = owner.look.clone();
    for id in std::iter::once(first).chain(inner) {
        let next = borrowed(&look).and_then(Node::record).and_then(|record| record.fields.get(id.0));
        let Some(next) = next else { return false };
        look = look.child(next);
    }
    look.case().is_some_and(|case| case.label == Label::Default)
}

fn advice(driver: Driver) -> &'static str {
    match driver {
        Driver::Size | Driver::TypeSize => "change that instead",
        Driver::Count => "elements are not added or taken away",
        Driver::Offset => "it follows from what lies before that",
        Driver::Tag => "the case is not changed",
    }
}

/// A place as a path from the start of the value.
fn place(format: &Format, ty: TypeId, prefix: &str, place: &Place) -> String {
    let mut names: Vec<&str> = Vec::new();
    names.extend(Some(prefix).filter(|prefix| !prefix.is_empty()));
    if let Root::Field(id) = place.root {
        names.extend(format.field(ty, id).map(|field| field.name.as_str()));
    }
    for step in &place.steps {
        if let Step::Field(ty, id) = step {
            names.extend(format.field(*ty, *id).map(|field| field.name.as_str()));
        }
    }
    names.join(".")
}
