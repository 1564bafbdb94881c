//! The generator: from declarative format specs to Rust readers and writers.
//!
//! [`generate`] is the way from a spec to Rust. In front of it stand the macro of the crate `vmspec-macros`, [`build`] for
//! build scripts, and the command `vmspec`.

#![forbid(unsafe_code)]
#![deny(clippy::allow_attributes_without_reason)]

pub mod build;
pub mod catalogue;
pub mod check;
mod compile;
pub mod diagnostic;
pub mod document;
pub mod emit;
mod generate;
pub mod interpret;
mod lower;
pub mod model;
pub mod options;
pub mod output;
pub mod render;
pub mod resolve;
#[cfg(feature = "schema")]
pub mod schema;
pub mod source;
pub mod syntax;

pub use compile::{Failure, compile};
pub use generate::{Checked, Driven, Generated, ToldRoot, check, generate, generate_with};
pub use options::{Derive, Gate, Options, RustPath};
