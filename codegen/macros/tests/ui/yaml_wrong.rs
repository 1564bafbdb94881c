//! A file that is no YAML.

vmspec_macros::spec!("./specs/not_yaml.yaml");

fn main() {}
