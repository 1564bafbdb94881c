//! What was written in spec files: YAML with places, the syntax tree, expressions. Nothing is looked up here.

pub mod ast;
pub mod expr;
mod lex;
mod load;
mod parse_expr;
mod place;
pub mod read;
pub mod yaml;

pub use load::load;
pub use parse_expr::{parse_expr, parse_type};
pub use place::Place;
