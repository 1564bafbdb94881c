//! State while a value is read or written: what one record told later ones.

use super::datum::Datum;
use crate::model::{Cell, Format, Key, ScopeId};
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

/// The value of a cell, or those of the columns of a row.
pub type Row = Rc<[Datum<'static>]>;

/// What a cell holds.
#[derive(Debug, Clone)]
pub enum Held {
    /// One row, or nothing yet.
    One(Option<Row>),
    /// A row for each key; of a set, without columns.
    ByKey(ByKey),
}

/// Rows by their keys, in the order in which they came. Nothing is ever taken away, so that a state as it was is one with fewer
/// rows: it shares them, which makes it cheap to keep.
#[derive(Debug, Clone, Default)]
pub struct ByKey {
    rows: Rc<RefCell<BTreeMap<Sorted, (usize, Row)>>>,
    len: usize,
}

/// A key as it is sorted.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Sorted {
    Int(i128),
    Bytes(Vec<u8>),
}

/// Why a row cannot be remembered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refused {
    /// There is another row under its key.
    Different,
    /// There would be this many, which is too many.
    Full(u64),
}

/// All state: for each scope the cells of every value of its type that is being read, the innermost last.
#[derive(Debug)]
pub struct State {
    scopes: Vec<Vec<Vec<Held>>>,
}

impl State {
    /// Before anything was read.
    #[must_use]
    pub fn new(format: &Format) -> Self {
        Self { scopes: format.scopes.iter().map(|_| Vec::new()).collect() }
    }

    /// The state as it is now, to be looked at when it has changed.
    #[must_use]
    pub fn as_it_is(&self) -> Self {
        Self { scopes: self.scopes.clone() }
    }

    /// A value of a type begins: the state that is for it starts afresh, with these cells.
    pub fn begin(&mut self, scope: ScopeId, cells: Vec<Held>) {
        scope.of_mut(&mut self.scopes).push(cells);
    }

    /// The value ends, and its state with it.
    pub fn end(&mut self, scope: ScopeId) {
        scope.of_mut(&mut self.scopes).pop();
    }

    /// What a cell or row holds.
    #[must_use]
    pub fn get(&self, scope: ScopeId, cell: usize) -> Option<Row> {
        match self.cell(scope, cell)? {
            Held::One(row) => row.clone(),
            Held::ByKey(_) => None,
        }
    }

    /// What a set or table has under a key.
    #[must_use]
    pub fn row(&self, scope: ScopeId, cell: usize, key: &Datum<'_>) -> Option<Row> {
        match self.cell(scope, cell)? {
            Held::One(_) => None,
            Held::ByKey(rows) => rows.get(&sorted(key)?),
        }
    }

    fn cell(&self, scope: ScopeId, cell: usize) -> Option<&Held> {
        scope.of(&self.scopes).last()?.get(cell)
    }

    /// Remembers something. Of what has keys, the key is the first value.
    ///
    /// # Errors
    /// Another row is there under the key, or there are too many.
    pub fn remember(&mut self, at: (ScopeId, usize), of: &Cell, values: Vec<Datum<'static>>) -> Result<(), Refused> {
        let frame = at.0.of_mut(&mut self.scopes).last_mut();
        match frame.and_then(|frame| frame.get_mut(at.1)) {
            Some(Held::One(slot)) => *slot = Some(values.into()),
            Some(Held::ByKey(rows)) => {
                let (Some(max), Some((key, row))) = (of.max(), values.split_first()) else { return Ok(()) };
                let Some(key) = sorted(key) else { return Ok(()) };
                return rows.add(key, row, max);
            }
            None => {}
        }
        Ok(())
    }
}

impl ByKey {
    fn get(&self, key: &Sorted) -> Option<Row> {
        let rows = self.rows.borrow();
        rows.get(key).filter(|(index, _)| *index < self.len).map(|(_, row)| Rc::clone(row))
    }

    fn add(&mut self, key: Sorted, row: &[Datum<'static>], max: u64) -> Result<(), Refused> {
        if let Some(known) = self.get(&key) {
            let same = known.len() == row.len() && known.iter().zip(row).all(|(a, b)| a.same(b));
            return if same { Ok(()) } else { Err(Refused::Different) };
        }
        let wanted = self.len.saturating_add(1);
        let count = u64::try_from(wanted).unwrap_or(u64::MAX);
        if count > max {
            return Err(Refused::Full(count));
        }
        self.rows.borrow_mut().insert(key, (self.len, row.into()));
        self.len = wanted;
        Ok(())
    }
}

/// A value as a key: that of an enum or flags by its number.
fn sorted(key: &Datum<'_>) -> Option<Sorted> {
    match key {
        Datum::Enum(Key::Bytes(bytes)) | Datum::Unnamed(Key::Bytes(bytes)) => Some(Sorted::Bytes(bytes.clone())),
        Datum::Bytes(bytes) => Some(Sorted::Bytes(bytes.to_vec())),
        Datum::Guid(text) => Some(Sorted::Bytes(text.to_vec())),
        other => other.number().map(Sorted::Int),
    }
}
