//! Specs that are not there: seen from the package, and from this file.

vmspec_macros::spec!("specs/none.yaml");
vmspec_macros::spec!("./specs/none.yaml");

fn main() {}
