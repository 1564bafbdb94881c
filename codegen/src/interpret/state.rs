//! State while a value is read or written: what one record told later ones.

use super::datum::Datum;
use crate::model::{Format, ScopeId};

/// What a cell holds: one value, or one for each column of a row. Nothing: absent.
pub type Held = Option<Vec<Datum<'static>>>;

/// All state: for each scope the cells of every value of its type that is being read, the innermost last.
#[derive(Debug, Clone)]
pub struct State {
    scopes: Vec<Vec<Vec<Held>>>,
}

impl State {
    /// Before anything was read.
    #[must_use]
    pub fn new(format: &Format) -> Self {
        Self { scopes: format.scopes.iter().map(|_| Vec::new()).collect() }
    }

    /// A value of a type begins: the state that is for it starts afresh, with these cells.
    pub fn begin(&mut self, scope: ScopeId, cells: Vec<Held>) {
        scope.of_mut(&mut self.scopes).push(cells);
    }

    /// The value ends, and its state with it.
    pub fn end(&mut self, scope: ScopeId) {
        scope.of_mut(&mut self.scopes).pop();
    }

    /// What a cell holds.
    #[must_use]
    pub fn get(&self, scope: ScopeId, cell: usize) -> Option<&[Datum<'static>]> {
        scope.of(&self.scopes).last()?.get(cell)?.as_deref()
    }

    /// Lets a cell hold something else.
    pub fn set(&mut self, scope: ScopeId, cell: usize, held: Vec<Datum<'static>>) {
        let frame = scope.of_mut(&mut self.scopes).last_mut();
        if let Some(slot) = frame.and_then(|frame| frame.get_mut(cell)) {
            *slot = Some(held);
        }
    }
}
