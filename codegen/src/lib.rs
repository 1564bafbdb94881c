//! The generator: from declarative format specs to Rust readers and writers.

#![forbid(unsafe_code)]

pub mod check;
mod compile;
pub mod diagnostic;
pub mod emit;
mod generate;
pub mod interpret;
mod lower;
pub mod model;
pub mod render;
pub mod resolve;
pub mod source;
pub mod syntax;

pub use compile::{Failure, compile};
pub use generate::{Checked, Driven, Generated, ToldRoot, check, generate};
