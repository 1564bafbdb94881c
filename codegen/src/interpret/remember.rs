//! What fills the state: its first cells, and `remember`.

use super::datum::Datum;
use super::eval::{Env, Frame};
use super::state::{ByKey, Held, Refused, State};
use super::tree::{Node, Record};
use crate::model::{CellKind, Expr, Field, Format, Remember, ScopeId};
use std::cell::RefCell;

/// A value of a type begins: state that is for it starts afresh. Gives what [`State::end`] needs, where there is some.
pub fn begin(format: &Format, frame: Frame<'_>, state: &RefCell<State>) -> Option<ScopeId> {
    let (id, scope) = format.scope_of(frame.ty)?;
    let record = Record::default();
    let env = Env::new(format, frame, &record, state);
    let first = |init: &Expr| env.eval(init).ok().map(|value| [value.detached()].into());
    let cells = scope.cells.iter().map(|cell| match &cell.kind {
        CellKind::Value(_, Some(init)) => Held::One(first(init)),
        CellKind::Value(_, None) | CellKind::Row(..) => Held::One(None),
        CellKind::Set(..) | CellKind::Table(_) => Held::ByKey(ByKey::default()),
    });
    let cells = cells.collect();
    state.borrow_mut().begin(id, cells);
    Some(id)
}

/// What a field remembers: of a list, for each element.
///
/// # Errors
/// What was not remembered; what came before is.
pub fn field<'a>(env: &Env<'_>, field: &'a Field, node: &Node) -> Result<(), Forgotten<'a>> {
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
pub fn all<'a>(env: &Env<'_>, all: &'a [Remember]) -> Result<(), Forgotten<'a>> {
    all.iter().try_for_each(|remember| one(env, remember))
}

fn one<'a>(env: &Env<'_>, remember: &'a Remember) -> Result<(), Forgotten<'a>> {
    let forgotten = |why| Forgotten { remember, why };
    let values = env.remembered(remember).map_err(|e| forgotten(Why::Unknown(e.text.clone())))?;
    let Some(cell) = remember.scope.of(&env.format.scopes).cells.get(remember.cell) else { return Ok(()) };
    let key = cell.key().and_then(|_| values.first()).cloned().unwrap_or(Datum::Absent);
    let result = env.state.borrow_mut().remember((remember.scope, remember.cell), cell, values);
    result.map_err(|refused| match refused {
        Refused::Full(wanted) => forgotten(Why::Full(crate::resolve::at_most(cell), wanted)),
        Refused::Different => forgotten(Why::Different(crate::resolve::same_row(cell), key.clone())),
    })
}

/// Something that could not be remembered.
pub struct Forgotten<'a> {
    /// What should have been.
    pub remember: &'a Remember,
    /// Why it was not.
    pub why: Why,
}

/// Why something could not be remembered.
pub enum Why {
    /// This expression has no value, or one that does not fit.
    Unknown(String),
    /// There would be too many keys, so many; the text says what is expected.
    Full(String, u64),
    /// Another row is there under this key.
    Different(String, Datum<'static>),
}
