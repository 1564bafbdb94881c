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
}

/// `remember`: what a cell holds from here on.
#[derive(Debug, Clone)]
pub struct Remember {
    /// The scope of the cell.
    pub scope: ScopeId,
    /// Its index there.
    pub cell: usize,
    /// The value, or those of the columns in their order.
    pub values: Vec<Expr>,
    /// As written, for messages.
    pub text: String,
    /// Where it stands.
    pub site: Site,
}

impl Cell {
    /// Its value, or its columns.
    #[must_use]
    pub fn params(&self) -> &[Param] {
        match &self.kind {
            CellKind::Value(param, _) => std::slice::from_ref(param),
            CellKind::Row(_, columns) => columns,
        }
    }

    /// Whether nothing may have been remembered yet.
    #[must_use]
    pub fn is_absent_first(&self) -> bool {
        !matches!(self.kind, CellKind::Value(_, Some(_)))
    }
}
