//! State: what one record tells later ones.

use super::{Expr, Param, ScopeId, Site, TypeId};

/// The cells that start afresh with every value of one type.
#[derive(Debug, Clone)]
pub struct Scope {
    /// The type, as `per` names it.
    pub per: TypeId,
    /// The name of the generated struct.
    pub rust: String,
    /// What arguments and locals that lend it are called.
    pub local: String,
    /// The cells, in spec order.
    pub cells: Vec<Cell>,
}

/// Something that is remembered.
#[derive(Debug, Clone)]
pub struct Cell {
    /// Its name in the spec.
    pub name: String,
    /// Its name in Rust.
    pub rust: String,
    /// `doc`.
    pub doc: Option<String>,
    /// Where it stands.
    pub site: Site,
    /// What it holds.
    pub kind: CellKind,
}

/// What a cell holds.
#[derive(Debug, Clone)]
pub enum CellKind {
    /// One value, and what it is before anything was remembered; without that it is absent until then.
    Value(Box<Param>, Option<Box<Expr>>),
    /// Several values that are remembered together, absent until then: the name of the generated struct, its columns.
    Row(String, Vec<Param>),
    /// A set of keys, and how many there may be.
    Set(Box<Param>, u64),
    /// A row for each key.
    Table(Table),
}

/// Rows by their keys.
#[derive(Debug, Clone)]
pub struct Table {
    /// The name of the generated struct of a row.
    pub row: String,
    /// The key, and behind it the columns.
    pub params: Vec<Param>,
    /// How many rows there may be.
    pub max: u64,
}

/// `remember`: what a cell holds from here on.
#[derive(Debug, Clone)]
pub struct Remember {
    /// The scope of the cell.
    pub scope: ScopeId,
    /// Its index there.
    pub cell: usize,
    /// The value, or those of the columns in their order; of a table, the key first.
    pub values: Vec<Expr>,
    /// As written, for messages.
    pub text: String,
    /// Where it stands.
    pub site: Site,
}

impl Cell {
    /// Its value, its key, its columns: what has to be given where it is remembered.
    #[must_use]
    pub fn params(&self) -> &[Param] {
        match &self.kind {
            CellKind::Value(param, _) | CellKind::Set(param, _) => std::slice::from_ref(param),
            CellKind::Row(_, columns) => columns,
            CellKind::Table(table) => &table.params,
        }
    }

    /// The columns of a row, or of the rows of a table.
    #[must_use]
    pub fn columns(&self) -> &[Param] {
        match &self.kind {
            CellKind::Value(..) | CellKind::Set(..) => &[],
            CellKind::Row(_, columns) => columns,
            CellKind::Table(table) => table.params.get(1..).unwrap_or_default(),
        }
    }

    /// What it is looked up by.
    #[must_use]
    pub fn key(&self) -> Option<&Param> {
        match &self.kind {
            CellKind::Set(key, _) => Some(key),
            CellKind::Table(table) => table.params.first(),
            CellKind::Value(..) | CellKind::Row(..) => None,
        }
    }

    /// The name of the generated struct of a row.
    #[must_use]
    pub fn row(&self) -> Option<&str> {
        match &self.kind {
            CellKind::Row(row, _) | CellKind::Table(Table { row, .. }) => Some(row),
            CellKind::Value(..) | CellKind::Set(..) => None,
        }
    }

    /// How many keys there may be, for what has keys.
    #[must_use]
    pub fn max(&self) -> Option<u64> {
        match &self.kind {
            CellKind::Set(_, max) | CellKind::Table(Table { max, .. }) => Some(*max),
            CellKind::Value(..) | CellKind::Row(..) => None,
        }
    }

    /// Whether nothing may have been remembered yet.
    #[must_use]
    pub fn is_absent_first(&self) -> bool {
        !matches!(self.kind, CellKind::Value(_, Some(_)))
    }
}
