//! Driven fields: drivers that cannot agree, keys that have no meaning, types that are driven in part.

use super::{At, Checker};
use crate::diagnostic::{Code, Diagnostic};
use crate::model::{Body, Drive, Driver, FieldId, Place, Policy, Role, Root, Step, Struct, TypeId};
use crate::resolve::{inner_size, struct_size};

/// Reports what is driven and cannot be.
pub(super) fn check(c: &mut Checker<'_, '_>) {
    for at in c.all_fields() {
        init(c, &at);
        if let Role::Driven(drives) = &at.field.role {
            agree(c, &at, at.ty, drives);
        }
    }
    for (id, ty) in c.types() {
        let Body::Struct(s) = &ty.body else { continue };
        for outside in &s.drives {
            if let Some(at) = c.at(outside.of, outside.target) {
                agree(c, &at, id, &outside.drives);
            }
        }
    }
    partly(c);
}

/// A builder does not start from what it cannot set.
fn init(c: &mut Checker<'_, '_>, at: &At<'_, '_>) {
    let Some(init) = at.entry.options.init.as_ref() else { return };
    let why = match &at.field.role {
        Role::Driven(drives) => drives.first().map_or_else(String::new, |d| format!("it follows from the {}", d.text)),
        Role::DrivenOutside => "it follows from a field outside of the type".to_owned(),
        Role::Pinned(_) => "it has a `value`".to_owned(),
        _ => return,
    };
    let message = format!("`{}` is not in the value: {why}", at.field.name);
    let d = Diagnostic::new(Code::DrivenPinned, message, init.span, "nothing to start from");
    c.report(d.hint("remove `init`"));
}

/// Two drivers agree when what they measure can give the same number.
fn agree(c: &mut Checker<'_, '_>, target: &At<'_, '_>, ty: TypeId, drives: &[Drive]) {
    for (i, drive) in drives.iter().enumerate() {
        let Some(other) = drives.iter().take(i).find(|other| clash(c, ty, other, drive)) else { continue };
        let message = format!("the {} and the {} cannot agree on `{}`", other.text, drive.text, target.field.name);
        let mut d = Diagnostic::new(Code::DriversDisagree, message, target.name(), "follows from both");
        for of in [other, drive] {
            if let Some(at) = measured(c, ty, &of.from)
                && of.driver != Driver::TypeSize
            {
                let label = number(c, ty, of).map_or_else(|| "one of them".to_owned(), |n| format!("always gives {n}"));
                d = d.also(at.name(), label);
            }
        }
        return c.report(d.hint("give each its own field"));
    }
}

fn clash(c: &Checker<'_, '_>, ty: TypeId, a: &Drive, b: &Drive) -> bool {
    let same_measure = a.from == b.from && a.driver == b.driver;
    let same_inverse = (a.add, a.multiply, a.divide) == (b.add, b.multiply, b.divide);
    let kinds = (a.driver == Driver::Tag) != (b.driver == Driver::Tag);
    let numbers = number(c, ty, a).zip(number(c, ty, b));
    same_measure && !same_inverse || kinds || numbers.is_some_and(|(a, b)| a != b)
}

/// The number that a driver always gives.
fn number(c: &Checker<'_, '_>, ty: TypeId, drive: &Drive) -> Option<i128> {
    let size = match drive.driver {
        Driver::Size => {
            let at = measured(c, ty, &drive.from)?;
            let window = at.field.window.as_ref().filter(|w| w.slack == Policy::None)?;
            inner_size(c.format, at.field).fixed().filter(|_| window.max.is_none_or(|max| max > 0))?
        }
        Driver::TypeSize => {
            let s = c.format.ty(ty).as_struct()?;
            struct_size(c.format, s).fixed().filter(|_| s.window.as_ref().is_some_and(|w| w.slack == Policy::None))?
        }
        Driver::Count | Driver::Offset | Driver::Tag => return None,
    };
    i128::from(size).checked_mul(drive.multiply)?.checked_div(drive.divide)?.checked_add(drive.add)
}

/// The field in which a driver is measured.
pub(super) fn measured<'c, 'a>(c: &Checker<'c, 'a>, ty: TypeId, from: &Place) -> Option<At<'c, 'a>> {
    let Root::Field(first) = from.root else { return None };
    let mut at = c.at(ty, first)?;
    for step in &from.steps {
        if let Step::Field(of, id) = step {
            at = c.at(*of, *id)?;
        }
    }
    Some(at)
}

/// The fields of a type that are driven from outside are driven together, by everyone who holds such a type.
fn partly(c: &mut Checker<'_, '_>) {
    let mut reported: Vec<TypeId> = Vec::new();
    for at in c.all_fields() {
        let Some((id, of)) = at.field.type_id().and_then(|id| Some((id, c.format.ty(id).as_struct()?))) else {
            continue;
        };
        let Some(s) = c.format.ty(at.ty).as_struct() else { continue };
        let (driven, missing): (Vec<FieldId>, Vec<FieldId>) =
            of.outside.iter().partition(|target| s.drives.iter().any(|d| d.holder == at.id && d.target == **target));
        if driven.is_empty() || missing.is_empty() || reported.contains(&id) {
            continue;
        }
        reported.push(id);
        let message = format!("`{}` drives {}, but not {}", at.field.name, listed(of, &driven), listed(of, &missing));
        let mut d = Diagnostic::new(Code::DrivenPartly, message, at.name(), "held with some of its fields driven");
        for target in &missing {
            if let Some(entry) = c.written.field(id, *target) {
                d = d.also(entry.name.span, "driven in another place");
            }
        }
        c.report(d.hint("let this type drive it too, or use two types"));
    }
}

fn listed(of: &Struct, fields: &[FieldId]) -> String {
    let names: Vec<_> = fields.iter().map(|id| format!("`{}`", id.of(&of.fields).name)).collect();
    names.join(", ")
}
