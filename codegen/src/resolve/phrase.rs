//! Phrases for "expected ...": what a condition asks for, in words.

use super::Resolver;
use crate::model::{BinaryOp, Cell, Expr, ExprKind, FieldId, Place, Root, Step};

/// What a rule about `field` asks for.
pub(super) fn phrase(r: &Resolver<'_>, that: &Expr, field: Option<FieldId>) -> String {
    simple(r, that, field).unwrap_or_else(|| format!("`{}`", that.text))
}

fn simple(r: &Resolver<'_>, that: &Expr, field: Option<FieldId>) -> Option<String> {
    match &that.kind {
        ExprKind::Binary(op, left, right) if is_own(left, field) => compared(r, *op, right),
        ExprKind::InRange(value, low, high) if is_own(value, field) => {
            Some(format!("{} to {}", shown(r, low)?, shown(r, high)?))
        }
        ExprKind::InGroup(id, group, value) if is_own(value, field) => {
            let of = r.enum_(*id);
            let members = of.groups.get(*group)?.members.iter().filter_map(|i| of.values.get(*i));
            let names: Vec<_> = members.map(|v| v.name.clone()).collect();
            Some(format!("one of {}", names.join(", ")))
        }
        ExprKind::HasKey(place, value) if is_own(value, field) => {
            let (Root::State(scope), [Step::Cell(cell)]) = (place.root, place.steps.as_slice()) else { return None };
            let cell = r.cell(super::state::At { scope, cell: *cell })?;
            Some(format!("a key of state.{}", cell.name))
        }
        _ => None,
    }
}

fn compared(r: &Resolver<'_>, op: BinaryOp, right: &Expr) -> Option<String> {
    let to = shown(r, right)?;
    match op {
        BinaryOp::Equal => Some(to),
        BinaryOp::NotEqual => Some(format!("anything but {to}")),
        BinaryOp::Less => Some(format!("less than {to}")),
        BinaryOp::AtMost => Some(format!("at most {to}")),
        BinaryOp::Greater => Some(format!("more than {to}")),
        BinaryOp::AtLeast => Some(format!("at least {to}")),
        _ => None,
    }
}

fn is_own(e: &Expr, field: Option<FieldId>) -> bool {
    match &e.kind {
        ExprKind::Place(Place { root: Root::Field(id), steps }) => steps.is_empty() && Some(*id) == field,
        ExprKind::Place(Place { root: Root::It, steps }) => steps.is_empty(),
        _ => false,
    }
}

fn shown(r: &Resolver<'_>, e: &Expr) -> Option<String> {
    match &e.kind {
        ExprKind::Int(_)
        | ExprKind::Str(_)
        | ExprKind::Bool(_)
        | ExprKind::Place(_)
        | ExprKind::Row(..)
        | ExprKind::Guid(_) => Some(e.text.clone()),
        ExprKind::EnumValue(id, i) => r.enum_(*id).values.get(*i).map(|v| v.name.clone()),
        _ => None,
    }
}

/// What a set or table asks for that has room for so many keys.
pub(crate) fn at_most(cell: &Cell) -> String {
    format!("at most {} keys of state.{}", cell.max().unwrap_or(0), cell.name)
}

/// What a table asks for that has a row under a key.
pub(crate) fn same_row(cell: &Cell) -> String {
    format!("the row that state.{} has under this key already", cell.name)
}
