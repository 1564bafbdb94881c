//! Which types need which state: those that look into it, remember something in it, or hold such a type. And what each changes.

use super::until_stable;
use crate::model::{Expr, Field, Format, ScopeId, Type, TypeId};
use std::collections::BTreeSet;

/// Cells: the state, and which one of it.
pub(crate) type Cells = BTreeSet<(ScopeId, usize)>;

/// The state that each type must be lent. The type that it is for has it, and is lent none.
pub(super) fn needed(format: &Format) -> Vec<BTreeSet<ScopeId>> {
    let own = |ty: TypeId| format.scope_of(ty).map(|(id, _)| id);
    reached(format, format.types.iter().map(used).collect(), |ty, scope| own(ty) != Some(scope))
}

/// What each type needs for itself or for what it holds, from what each needs for itself; some of it may stop at a type.
pub(super) fn reached<T: Copy + Ord>(
    format: &Format,
    mut out: Vec<BTreeSet<T>>,
    passes: impl Fn(TypeId, T) -> bool,
) -> Vec<BTreeSet<T>> {
    let held: Vec<_> = format.types.iter().map(|ty| super::loops::held_types(&ty.body)).collect();
    until_stable(format, || {
        let mut changed = false;
        for id in 0..format.types.len() {
            let mut all: BTreeSet<T> = out.get(id).cloned().unwrap_or_default();
            all.extend(held.get(id).into_iter().flatten().flat_map(|of| of.of(&out).iter().copied()));
            all.retain(|needed| passes(TypeId(id), *needed));
            changed |= put(&mut out, id, all);
        }
        changed
    });
    out
}

/// The state that a type itself looks into or remembers something in.
fn used(ty: &Type) -> BTreeSet<ScopeId> {
    let mut out: BTreeSet<ScopeId> =
        super::fields(&ty.body).iter().flat_map(|f| &f.remember).map(|r| r.scope).collect();
    out.extend(ty.as_struct().into_iter().flat_map(|s| &s.remember).map(|r| r.scope));
    for e in super::exprs::type_exprs(ty) {
        super::rules::walk(e, &mut |e| out.extend(e.looks_up().map(|(id, _)| id)));
    }
    out
}

/// What reading a value of each type changes in the state around it.
pub(crate) fn changes(format: &Format) -> Vec<Cells> {
    let mut out: Vec<Cells> = vec![Cells::new(); format.types.len()];
    until_stable(format, || {
        let mut changed = false;
        for (id, ty) in format.types.iter().enumerate() {
            let held = super::fields(&ty.body);
            let mut all: Cells = held.iter().flat_map(|f| remembered(f)).collect();
            all.extend(ty.as_struct().into_iter().flat_map(|s| &s.remember).map(|r| (r.scope, r.cell)));
            all.extend(held.iter().filter_map(|f| f.type_id()).flat_map(|of| of.of(&out).iter().copied()));
            let own = format.scope_of(TypeId(id)).map(|(own, _)| own);
            all.retain(|(scope, _)| own != Some(*scope));
            changed |= put(&mut out, id, all);
        }
        changed
    });
    out
}

/// Puts what is known now in the place of what was; whether that is something else.
fn put<T: PartialEq>(out: &mut [T], id: usize, now: T) -> bool {
    let Some(known) = out.get_mut(id) else { return false };
    let changed = *known != now;
    *known = now;
    changed
}

/// The cells that a field fills.
pub(crate) fn remembered(field: &Field) -> Cells {
    field.remember.iter().map(|r| (r.scope, r.cell)).collect()
}

/// The cells that an expression looks up.
pub(crate) fn looked_up(e: &Expr) -> Cells {
    let mut out = Cells::new();
    super::rules::walk(e, &mut |e| out.extend(e.looks_up().and_then(|(id, cell)| Some((id, cell?)))));
    out
}
