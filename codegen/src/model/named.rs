//! Named values: constants of a spec, and what types work out from their fields.

use super::{Expr, Site};

/// One of `consts`.
#[derive(Debug, Clone)]
pub struct Constant {
    /// Its name in the spec.
    pub name: String,
    /// Its name in Rust.
    pub rust: String,
    /// Its value.
    pub value: ConstantValue,
    /// The value as written.
    pub text: String,
    /// `doc`.
    pub doc: Option<String>,
    /// `refs`.
    pub refs: Vec<String>,
}

/// The value of a constant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ConstantValue {
    /// A number.
    Int(i128),
    /// A truth value.
    Bool(bool),
    /// Text.
    Str(String),
    /// A guid, bytes in the order of its text.
    Guid([u8; 16]),
}

/// A `let`. Expressions that name it have its value in its place.
#[derive(Debug, Clone)]
pub struct Let {
    /// Its name in the spec.
    pub name: String,
    /// Its name in Rust.
    pub rust: String,
    /// `doc`.
    pub doc: Option<String>,
    /// `refs`.
    pub refs: Vec<String>,
    /// What it gives.
    pub value: Expr,
    /// Where it stands.
    pub site: Site,
}
