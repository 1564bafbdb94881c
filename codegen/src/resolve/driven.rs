//! Driven fields: which fields follow from others, and how.

use super::Resolver;
use crate::diagnostic::{Code, Diagnostic};
use crate::model::{
    AtFrom, BinaryOp, Body, Content, Drive, Driver, Expr, ExprKind, Field, FieldId, Format, Length, OutsideDrive,
    Place, Presence, Role, Root, Scalar, Step, Tag, TypeId, Until,
};

/// A use of a value that may drive it.
#[derive(Debug, Clone)]
struct Use {
    /// The type that holds the value's field, once the use has been followed outwards.
    ty: TypeId,
    /// What is measured, seen from there.
    from: Place,
    driver: Driver,
    /// The value: `target * multiply / divide + add`.
    target: Place,
    inverse: Inverse,
    /// Conditions under which the driver is there.
    conditions: Vec<Presence>,
    text: String,
}

/// How the target follows from what is measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Inverse {
    add: i128,
    multiply: i128,
    divide: i128,
}

/// Finds all driven fields of a format.
pub(super) fn infer(format: &mut Format, r: &mut Resolver<'_>) {
    let mut found = Vec::new();
    for id in 0..format.types.len() {
        found.extend(uses(format, TypeId(id)));
    }
    for found in found {
        if let Some(outer) = outwards(format, found) {
            settle(format, r, &outer);
        }
    }
    unions(format);
}

/// All uses in a type that may drive something.
fn uses(format: &Format, id: TypeId) -> Vec<Use> {
    let ty = format.ty(id);
    let Body::Struct(s) = &ty.body else { return Vec::new() };
    let mut out = Vec::new();
    for (i, field) in s.fields.iter().enumerate() {
        for (driver, e) in of_field(format, field) {
            out.extend(make((id, &ty.name), (FieldId(i), Some(field)), driver, e));
        }
    }
    if let Some(window) = &s.window {
        // The first field only marks the place: what is measured is the whole value.
        out.extend(make((id, &ty.name), (FieldId(0), None), Driver::TypeSize, &window.size));
    }
    out
}

fn dotted(ty: &str, field: &str) -> String {
    format!("{ty}.{field}")
}

fn word(driver: Driver) -> &'static str {
    match driver {
        Driver::Size | Driver::TypeSize => "size",
        Driver::Count => "count",
        Driver::Offset => "offset",
        Driver::Tag => "case",
    }
}

fn of_field<'f>(format: &Format, field: &'f Field) -> Vec<(Driver, &'f Expr)> {
    let mut out = Vec::new();
    // Where a journal lies is tied: replay and builders need it before there is a value.
    if field.journal.is_some() {
        return out;
    }
    let own = field.at.as_ref().filter(|at| at.from == AtFrom::Type);
    out.extend(own.map(|at| (Driver::Offset, &at.offset)));
    out.extend(field.window.as_ref().map(|w| (Driver::Size, &w.size)));
    if let Some(Until::Count(n)) = field.repeat.as_ref().map(|r| &r.until) {
        out.push((Driver::Count, n));
    }
    let single = field.repeat.is_none();
    match &field.content {
        Content::Bytes(Length::Expr(e))
        | Content::Blob(Length::Expr(e))
        | Content::Utf8(Length::Expr(e))
        | Content::Utf16(Length::Expr(e))
            if single =>
        {
            out.push((Driver::Size, e));
        }
        Content::Type { id, args } if single => {
            if let (Body::Union(u), Some(tag)) = (&format.ty(*id).body, args.first())
                && u.tag != Tag::Text
            {
                out.push((Driver::Tag, tag));
            }
        }
        _ => {}
    }
    out
}

/// The use of a value as the size, count, offset or case of a field, or as the size of the type.
fn make(ty: (TypeId, &str), field: (FieldId, Option<&Field>), driver: Driver, e: &Expr) -> Option<Use> {
    let (target, inverse) = affine(e)?;
    let plain = inverse == Inverse { add: 0, multiply: 1, divide: 1 };
    if driver == Driver::Tag && !plain {
        return None;
    }
    let (id, field) = field;
    let of = field.map_or_else(|| ty.1.to_owned(), |f| dotted(ty.1, &f.name));
    Some(Use {
        ty: ty.0,
        from: Place { root: Root::Field(id), steps: Vec::new() },
        driver,
        target,
        inverse,
        conditions: field.and_then(|f| f.presence.clone()).into_iter().collect(),
        text: format!("{} of {of}", word(driver)),
    })
}

/// `p`, `p + k`, `p - k`, `p * k`, `p / k`, `p << k`: the place, and how it follows from the value.
fn affine(e: &Expr) -> Option<(Place, Inverse)> {
    let same = Inverse { add: 0, multiply: 1, divide: 1 };
    match &e.kind {
        ExprKind::Place(place) => Some((place.clone(), same)),
        ExprKind::Binary(op, a, b) => {
            let (place, k) = match (&a.kind, &b.kind) {
                (ExprKind::Place(place), ExprKind::Int(k)) => (place, *k),
                (ExprKind::Int(k), ExprKind::Place(place)) if matches!(op, BinaryOp::Add | BinaryOp::Multiply) => {
                    (place, *k)
                }
                _ => return None,
            };
            Some((place.clone(), inverse(*op, k)?))
        }
        _ => None,
    }
}

fn inverse(op: BinaryOp, k: i128) -> Option<Inverse> {
    let same = Inverse { add: 0, multiply: 1, divide: 1 };
    match op {
        BinaryOp::Add => Some(Inverse { add: k.checked_neg()?, ..same }),
        BinaryOp::Subtract => Some(Inverse { add: k, ..same }),
        BinaryOp::Multiply if k > 0 => Some(Inverse { divide: k, ..same }),
        BinaryOp::Divide if k > 0 => Some(Inverse { multiply: k, ..same }),
        BinaryOp::ShiftLeft => {
            let by = u32::try_from(k).ok().filter(|n| *n < 64)?;
            Some(Inverse { divide: 1_i128.checked_shl(by)?, ..same })
        }
        _ => None,
    }
}

/// Follows a captured value to the type in which it lies. A use in a list or a case has no one place, and ties.
fn outwards(format: &Format, mut found: Use) -> Option<Use> {
    for _ in 0..=format.types.len() {
        let Root::Param(param) = found.target.root else { return Some(found) };
        let ty = format.ty(found.ty);
        let outer = ty.outer.filter(|_| param.of(&ty.params).captured)?;
        let Body::Struct(s) = &format.ty(outer).body else { return None };
        let (i, field, args) = s.fields.iter().enumerate().find_map(|(i, f)| match &f.content {
            Content::Type { id, args } if *id == found.ty => Some((i, f, args)),
            _ => None,
        })?;
        let ExprKind::Place(source) = &args.get(param.0)?.kind else { return None };
        if field.repeat.is_some() {
            return None;
        }
        found.from = inside(&found, i);
        found.conditions.extend(field.presence.iter().map(lifted));
        found.target = Place { root: source.root, steps: [source.steps.clone(), found.target.steps].concat() };
        found.ty = outer;
    }
    None
}

/// Conditions further out say `p != 0` of a place there; those further in have been followed already.
fn lifted(presence: &Presence) -> Presence {
    presence.clone()
}

fn inside(found: &Use, field: usize) -> Place {
    let Root::Field(id) = found.from.root else { return found.from.clone() };
    let steps = std::iter::once(Step::Field(found.ty, id)).chain(found.from.steps.iter().copied()).collect();
    Place { root: Root::Field(FieldId(field)), steps }
}

/// Makes the target driven, where all that the language asks for holds; else the use is a tie.
fn settle(format: &mut Format, r: &mut Resolver<'_>, found: &Use) {
    let (Root::Field(first), steps) = (found.target.root, found.target.steps.as_slice()) else { return };
    let (owner, target) = match steps {
        [] => (found.ty, first),
        [Step::Field(of, target)] => (*of, *target),
        _ => return,
    };
    let Some(field) = format.field(owner, target) else { return };
    if !fits(field, found.driver) {
        return;
    }
    if matches!(field.role, Role::Pinned(_)) {
        return pinned(r, (owner, target), field, found);
    }
    let Some(zero) = presence(format, found, field, steps.is_empty()) else { return };
    let drive = Drive {
        from: found.from.clone(),
        driver: found.driver,
        add: found.inverse.add,
        multiply: found.inverse.multiply,
        divide: found.inverse.divide,
        zero_when_absent: zero,
        text: found.text.clone(),
    };
    if steps.is_empty() {
        own(format, found.ty, target, drive);
    } else {
        outside(format, found, first, (owner, target), drive);
    }
}

fn fits(field: &Field, driver: Driver) -> bool {
    if field.repeat.is_some() || field.window.is_some() {
        return false;
    }
    let tag = driver == Driver::Tag;
    match &field.content {
        Content::Scalar(Scalar::UInt(_)) => !tag,
        Content::Scalar(Scalar::Enum(_) | Scalar::Bool | Scalar::Guid | Scalar::Uuid) => tag,
        _ => false,
    }
}

fn pinned(r: &mut Resolver<'_>, (ty, target): (TypeId, FieldId), field: &Field, found: &Use) {
    let member = r.draft(ty).members().iter().find(|m| m.id == Some(target));
    let Some(value) = member.and_then(|m| m.options.value.as_ref()).filter(|_| found.driver != Driver::Tag) else {
        return;
    };
    let message = format!("`{}` is pinned, and driven by the {}", field.name, found.text);
    let d = Diagnostic::new(Code::DrivenPinned, message, value.span, "follows from the other field already");
    r.out.push(d.hint("remove `value`, or write the constant where the field is used"));
}

/// Whether the target is 0 when the driver is absent; nothing when the two come and go in other ways.
fn presence(format: &Format, found: &Use, target: &Field, own: bool) -> Option<bool> {
    let of_target = target.presence.as_ref().map(|p| p.that.text.clone());
    match found.conditions.as_slice() {
        [] if of_target.is_none() => Some(false),
        [one] if of_target.is_none() => is_nonzero(format, found, one).then_some(true),
        [one] if own && of_target.as_ref() == Some(&one.that.text) => Some(false),
        _ => None,
    }
}

/// Whether a condition says that the target is not 0. It may stand in an inner type, where the target is captured.
fn is_nonzero(format: &Format, found: &Use, presence: &Presence) -> bool {
    let ExprKind::Binary(BinaryOp::NotEqual | BinaryOp::Greater, left, right) = &presence.that.kind else {
        return false;
    };
    let zero = matches!(right.kind, ExprKind::Int(0));
    let ExprKind::Place(place) = &left.kind else { return false };
    zero && (*place == found.target || path(format, found) == left.text)
}

/// The target as the spec writes it.
fn path(format: &Format, found: &Use) -> String {
    let Root::Field(first) = found.target.root else { return String::new() };
    let mut names: Vec<&str> = format.field(found.ty, first).iter().map(|f| f.name.as_str()).collect();
    for step in &found.target.steps {
        if let Step::Field(ty, id) = step {
            names.extend(format.field(*ty, *id).map(|f| f.name.as_str()));
        }
    }
    names.join(".")
}

fn own(format: &mut Format, ty: TypeId, target: FieldId, drive: Drive) {
    let zero = drive.zero_when_absent.then(|| drive.from.clone());
    let Body::Struct(s) = &mut ty.of_mut(&mut format.types).body else { return };
    let field = target.of_mut(&mut s.fields);
    match &mut field.role {
        Role::Driven(drives) => drives.push(drive),
        role @ Role::Held => *role = Role::Driven(vec![drive]),
        _ => return,
    }
    mark_zero(format, ty, zero);
}

fn outside(format: &mut Format, found: &Use, holder: FieldId, target: (TypeId, FieldId), drive: Drive) {
    let (of, target) = target;
    let single = |f: &Field| f.repeat.is_none() && f.presence.is_none() && f.copies.is_none();
    let plain = format.field(found.ty, holder).is_some_and(single);
    let inner = format.field(of, target).is_some_and(|f| matches!(f.role, Role::Held | Role::DrivenOutside));
    if !plain || !inner {
        return;
    }
    let zero = drive.zero_when_absent.then(|| drive.from.clone());
    if let Body::Struct(s) = &mut of.of_mut(&mut format.types).body {
        target.of_mut(&mut s.fields).role = Role::DrivenOutside;
        if !s.outside.contains(&target) {
            s.outside.push(target);
            s.outside.sort_unstable();
        }
    }
    if let Body::Struct(s) = &mut found.ty.of_mut(&mut format.types).body {
        match s.drives.iter_mut().find(|d| d.holder == holder && d.target == target) {
            Some(known) => known.drives.push(drive),
            None => s.drives.push(OutsideDrive { holder, of, target, drives: vec![drive] }),
        }
    }
    mark_zero(format, found.ty, zero);
}

/// Notes at the driver that its absence shows in the driven value.
fn mark_zero(format: &mut Format, ty: TypeId, from: Option<Place>) {
    let Some(Place { root: Root::Field(first), steps }) = from else { return };
    let (mut ty, mut field) = (ty, first);
    for step in steps {
        if let Step::Field(of, id) = step {
            (ty, field) = (of, id);
        }
    }
    if let Body::Struct(s) = &mut ty.of_mut(&mut format.types).body
        && let Some(presence) = &mut field.of_mut(&mut s.fields).presence
    {
        presence.zero_when_absent = true;
    }
}

/// A switch whose case drives its tag: the default must hold the tag.
fn unions(format: &mut Format) {
    let mut driven = Vec::new();
    for ty in &format.types {
        let Body::Struct(s) = &ty.body else { continue };
        let inner = s.fields.iter().filter_map(|f| if let Role::Driven(d) = &f.role { Some(d) } else { None });
        for drive in inner.chain(s.drives.iter().map(|d| &d.drives)).flatten().filter(|d| d.driver == Driver::Tag) {
            let Root::Field(first) = drive.from.root else { continue };
            let mut field = first.of(&s.fields);
            for step in &drive.from.steps {
                if let Step::Field(of, id) = step
                    && let Some(next) = format.field(*of, *id)
                {
                    field = next;
                }
            }
            driven.extend(field.type_id());
        }
    }
    for id in driven {
        if let Body::Union(u) = &mut id.of_mut(&mut format.types).body {
            u.driven = true;
        }
    }
}
