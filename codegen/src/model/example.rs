//! Examples: tests that a spec carries.

use super::{Site, TypeId};
use crate::syntax::yaml::Node;

/// An example.
#[derive(Debug, Clone)]
pub struct Example {
    /// Its name, unique in the format.
    pub name: String,
    /// The type it is of.
    pub of: TypeId,
    /// Byte order, for a type that takes it from the caller.
    pub big: bool,
    /// Arguments by the Rust name of their param, as Rust: `-5`, `true`, `Kind::Small`, `Flags::EMPTY.with(Flags::BIG)`,
    /// `Guid::from_u128(0x..)`, `b"text"`. Types of the format and of the runtime stand without a path.
    pub with: Vec<(String, String)>,
    /// The bytes.
    pub bytes: ExampleBytes,
    /// What they give.
    pub expected: ExampleResult,
    /// Where it stands.
    pub site: Site,
}

/// Where an example's bytes are.
#[derive(Debug, Clone)]
pub enum ExampleBytes {
    /// Here.
    Hex(Vec<u8>),
    /// In a file of the samples.
    Sample(String),
}

/// What an example's bytes give.
#[derive(Debug, Clone)]
pub enum ExampleResult {
    /// A value that holds this, as far as it is said.
    Value(Node),
    /// An error.
    Error {
        /// Its path, empty for the value as a whole.
        path: String,
        /// Its class.
        class: super::Class,
    },
}
