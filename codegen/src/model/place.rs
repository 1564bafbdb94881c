//! Places: what an expression can name in a value.

use super::{CaseId, FieldId, ParamId, ScopeId, TypeId};

/// A path to a value.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// Where it starts.
    pub root: Root,
    /// How it goes on.
    pub steps: Vec<Step>,
}

/// Where a place starts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Root {
    /// A field of the type that holds the expression.
    Field(FieldId),
    /// A param of that type, captured ones included.
    Param(ParamId),
    /// The element of a list, or an entry.
    It,
    /// Beside `it`, the other one that an expression of a journal is about: `prev`, `partner(it)`.
    Other,
    /// State: that of the type itself, or what it was lent.
    State(ScopeId),
    /// The inputs, which are the same everywhere.
    Inputs,
    /// The code by hand that was handed in.
    Externs,
}

/// One step of a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Step {
    /// A field of a struct, or a part of a bits type.
    Field(TypeId, FieldId),
    /// The body of a case of a switch; absent when another case is there.
    Case(TypeId, CaseId),
    /// A flag.
    Flag(super::FlagsId, usize),
    /// Each element of a list: what follows is a list too.
    Each,
    /// A cell of the state, by index.
    Cell(usize),
    /// A column of a row, or of a row of a table, by index.
    Column(usize),
    /// An input, by index.
    Input(usize),
}
