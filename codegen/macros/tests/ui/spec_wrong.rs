//! A spec with three errors, one of them in a file that it uses.

vmspec_macros::spec!("./specs/three_errors.yaml");

fn main() {}
