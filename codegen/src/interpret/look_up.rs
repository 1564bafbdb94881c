//! What is looked up in the state: cells, rows, keys.

use super::datum::Datum;
use super::eval::Env;
use super::state::Row;
use crate::model::{Cell, Expr, Place, Root, ScopeId, Step};

impl<'a> Env<'a> {
    /// A cell, or a column of a row.
    pub(super) fn state_at(&self, id: ScopeId, steps: &[Step]) -> Datum<'a> {
        let Some((Step::Cell(cell), steps)) = steps.split_first() else { return Datum::Absent };
        let held = self.state.borrow().get(id, *cell);
        held.map_or(Datum::Absent, |row| self.in_row(&row, steps))
    }

    /// A row of a table, or something in it. A row as a whole is only asked for whether it is there.
    pub(super) fn row(&self, table: &Place, key: &'a Expr) -> Datum<'a> {
        let Some(row) = self.by_key(table, key) else { return Datum::Absent };
        match table.steps.get(1..) {
            None | Some([]) => Datum::Bool(true),
            Some(steps) => self.in_row(&row, steps),
        }
    }

    /// Whether a set or table has a key.
    pub(super) fn has_key(&self, of: &Place, key: &'a Expr) -> bool {
        self.by_key(of, key).is_some()
    }

    /// What is there under a key. One that is absent, has no value or does not fit is not there.
    fn by_key(&self, of: &Place, key: &'a Expr) -> Option<Row> {
        let (Root::State(id), Some(Step::Cell(cell))) = (of.root, of.steps.first()) else { return None };
        let param = id.of(&self.format.scopes).cells.get(*cell).and_then(Cell::key)?;
        let key = self.argument(param, key).ok()?;
        self.state.borrow().row(id, *cell, &key)
    }

    fn in_row(&self, row: &Row, steps: &[Step]) -> Datum<'a> {
        let (column, steps) = match steps.split_first() {
            Some((Step::Column(i), rest)) => (*i, rest),
            _ => (0, steps),
        };
        self.follow(row.get(column).map_or(Datum::Absent, Datum::detached), steps)
    }
}
