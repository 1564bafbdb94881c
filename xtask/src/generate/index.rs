//! The two `mod.rs` files: which generated modules there are, and the table of formats.

use super::plan::Spec;

/// The modules of the shipped formats and the table `FORMATS`.
pub fn formats(specs: &[Spec]) -> String {
    let mut text = String::from("//! One module for each spec, and the table of all formats.\n\n");
    text.push_str("#[cfg(feature = \"std\")]\nuse crate::format::Format;\n\n");
    text.push_str(&modules(specs));
    text.push_str("\n/// Every format, in the order of their ids.\n");
    text.push_str("#[cfg(feature = \"std\")]\n#[rustfmt::skip]\n");
    text.push_str("pub const FORMATS: &[Format] = &[\n");
    text.extend(specs.iter().map(row));
    text.push_str("];\n");
    text
}

fn row(spec: &Spec) -> String {
    let (module, root, id) = (&spec.stem, &spec.generated.root, &spec.generated.id);
    let rest = format!("{module}::TITLE, {module}::SPEC, {module}::MAGICS");
    format!("    Format::of::<{module}::{root}>({id:?}, {rest}),\n")
}

/// The modules of the feature specs.
pub fn features(specs: &[Spec]) -> String {
    let head = "//! One module for each feature of the spec language.\n\n";
    format!("{head}{}", modules(specs))
}

fn modules(specs: &[Spec]) -> String {
    // The generator's own layout stays: formatting would make the files stale.
    let line = |spec: &Spec| format!("#[rustfmt::skip]\npub mod {};\n", spec.stem);
    specs.iter().map(line).collect()
}

/// The tests of a spec, told where the module `spec` is that they test.
pub fn tests(spec: &Spec, home: &str) -> String {
    let (module, text) = (&spec.stem, spec.generated.tests.trim_start());
    let code = text.lines().take_while(|line| line.starts_with("//!")).map(|line| line.len().saturating_add(1)).sum();
    let (comment, code) = text.split_at_checked(code).unwrap_or(("", text));
    format!("{comment}\nuse {home}::{module} as spec;\n{}", code.trim_start())
}

/// The program that runs the tests of all features.
pub fn feature_tests(specs: &[Spec]) -> String {
    let head = "//! Tests of every feature of the spec language, one module for each.\n\n";
    let line = |spec: &Spec| format!("#[rustfmt::skip]\nmod {};\n", spec.stem);
    specs.iter().map(line).fold(head.to_owned(), |text, line| text + &line)
}
