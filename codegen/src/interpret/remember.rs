//! What fills the state: its first cells, and `remember`.

use super::datum::Datum;
use super::eval::{Env, Frame};
use super::state::State;
use super::tree::{Node, Record};
use crate::model::{CellKind, Expr, Field, Format, Remember, ScopeId};
use std::cell::RefCell;

/// A value of a type begins: state that is for it starts afresh. Gives what [`State::end`] needs, where there is some.
pub fn begin(format: &Format, frame: Frame<'_>, state: &RefCell<State>) -> Option<ScopeId> {
    let (id, scope) = format.scope_of(frame.ty)?;
    let record = Record::default();
    let env = Env::new(format, frame, &record, state);
    let first = |init: &Expr| env.eval(init).ok().map(|value| vec![value.detached()]);
    let cells = scope.cells.iter().map(|cell| match &cell.kind {
        CellKind::Value(_, Some(init)) => first(init),
        CellKind::Value(_, None) | CellKind::Row(..) => None,
    });
    let cells = cells.collect();
    state.borrow_mut().begin(id, cells);
    Some(id)
}

/// What a field remembers: of a list, for each element.
///
/// # Errors
/// The remembering, and the expression that has no value; what came before is remembered.
pub fn field<'a>(env: &Env<'_>, field: &'a Field, node: &Node) -> Result<(), (&'a Remember, String)> {
    if field.remember.is_empty() || !node.is_present() {
        return Ok(());
    }
    let value = Datum::of(node, Some(field));
    if field.repeat.is_none() {
        return all(&env.with_it(&value), &field.remember);
    }
    value.elements().try_for_each(|it| all(&env.with_it(&it), &field.remember))
}

/// What a type remembers.
///
/// # Errors
/// As [`field`].
pub fn all<'a>(env: &Env<'_>, all: &'a [Remember]) -> Result<(), (&'a Remember, String)> {
    all.iter().try_for_each(|remember| {
        let values = env.remembered(remember).map_err(|e| (remember, e.text.clone()))?;
        env.state.borrow_mut().set(remember.scope, remember.cell, values);
        Ok(())
    })
}
