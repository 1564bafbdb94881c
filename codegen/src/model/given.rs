//! What callers give beside the bytes: inputs, and code by hand that tells lengths.

use super::{Argument, Expr, ExternId, Param, Site};

/// The input that says where in its file a value begins, by which offsets of the file are counted.
pub const ORIGIN: &str = "origin";

/// A fact that the bytes do not hold.
#[derive(Debug, Clone)]
pub struct Input {
    /// Its name, type and documentation.
    pub param: Param,
    /// What it is where nobody says.
    pub init: Argument,
    /// Where it stands.
    pub site: Site,
}

/// Code by hand that looks ahead and tells how long something is.
#[derive(Debug, Clone)]
pub struct Extern {
    /// Its name in the spec.
    pub name: String,
    /// The name of its method in Rust.
    pub rust: String,
    /// `doc`
    pub doc: Option<String>,
    /// What it is asked with.
    pub params: Vec<Param>,
    /// Where it stands.
    pub site: Site,
}

/// A length that an extern tells.
#[derive(Debug, Clone)]
pub struct Told {
    /// The extern.
    pub by: ExternId,
    /// What it is asked with, one for each of its params.
    pub args: Vec<Expr>,
}
