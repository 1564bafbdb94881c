//! The two `mod.rs` files: which generated modules there are, and the table of formats.

use vmspec_codegen::ToldRoot;

use super::plan::{SPECS, Spec};

/// What this workspace asks beyond clippy's own choice, and what generated code need not hold to: it has one shape, whatever
/// the spec puts into it.
const LINTS: &str = "\
#![allow(
    clippy::if_not_else,
    clippy::large_enum_variant,
    clippy::manual_is_multiple_of,
    clippy::manual_is_variant_and,
    clippy::match_same_arms,
    clippy::match_wildcard_for_single_variants,
    clippy::nonminimal_bool,
    clippy::redundant_closure_for_method_calls,
    clippy::similar_names,
    clippy::single_match_else,
    clippy::struct_excessive_bools,
    clippy::unnecessary_map_on_constructor,
    clippy::unnecessary_wraps,
    reason = \"code of one shape, whatever the spec puts into it\"
)]

";

/// The modules of the shipped formats and the table `FORMATS`.
pub fn formats(specs: &[Spec]) -> String {
    let mut text = String::from("//! One module for each spec, and the table of all formats.\n\n");
    text.push_str(LINTS);
    let others = specs.iter().any(|spec| !spec.generated.told_roots.is_empty());
    let root = if others { "Root, " } else { "" };
    text.extend(["#[cfg(feature = \"std\")]\nuse crate::format::{Format, ", root, "Unprepared};\n\n"]);
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
    let consts = format!("{module}::TITLE, {module}::SPEC, {module}::MAGICS");
    let files: String = spec.generated.inputs.iter().map(|path| file(path)).collect();
    // Code by hand stands in the layer above the module.
    let prepare =
        if spec.generated.has_externs { format!("crate::{module}::Prepared") } else { "Unprepared".to_owned() };
    let others = others(module, &spec.generated.told_roots, &prepare);
    format!("    Format::of::<{module}::{root}, {prepare}>({id:?}, {consts}, &[\n{files}    ]){others},\n")
}

/// The further roots of a format that a file is told by.
fn others(module: &str, roots: &[ToldRoot], prepare: &str) -> String {
    if roots.is_empty() {
        return String::new();
    }
    let other = |root: &ToldRoot| {
        let magics: Vec<_> = root.magics.iter().map(|magic| format!("b\"{}\"", magic.escape_ascii())).collect();
        let (name, rust, magics) = (&root.name, &root.rust, magics.join(", "));
        format!("        Root::of::<{module}::{rust}, {prepare}>({name:?}, &[{magics}]),\n")
    };
    format!(".or(&[\n{}    ])", roots.iter().map(other).collect::<String>())
}

/// A file that a format is made of: its path in the folder of specs, and its text, built in.
fn file(path: &str) -> String {
    let path = path.replace('\\', "/");
    let path = path.strip_prefix(SPECS).map_or(path.as_str(), |path| path.trim_start_matches('/'));
    format!("        ({path:?}, include_str!({:?})),\n", format!("../../{path}"))
}

/// The modules of the feature specs.
pub fn features(specs: &[Spec]) -> String {
    let head = "//! One module for each feature of the spec language.\n\n";
    format!("{head}{LINTS}{}", modules(specs))
}

fn modules(specs: &[Spec]) -> String {
    // The generator's own layout stays: formatting would make the files stale.
    let line = |spec: &Spec| format!("#[rustfmt::skip]\npub mod {};\n", spec.stem);
    specs.iter().map(line).collect()
}

/// The tests of a spec, told where the module `spec` is that they test.
pub fn tests_of(spec: &Spec, home: &str) -> String {
    let (comment, code) = told(spec, home);
    format!("{comment}\n{code}")
}

/// The comment in front of a spec's tests, and the tests.
fn told(spec: &Spec, home: &str) -> (String, String) {
    let text = spec.generated.tests.trim_start();
    let length = text.lines().take_while(|line| line.starts_with("//!")).map(|line| line.len().saturating_add(1)).sum();
    let (comment, code) = text.split_at_checked(length).unwrap_or(("", text));
    (comment.to_owned(), format!("use {home}::{} as spec;\n{}", spec.stem, code.trim_start()))
}

/// The modules with tests of the shipped formats.
pub fn format_tests(specs: &[Spec]) -> String {
    format!("//! Tests that come with each format.\n\n{}", test_modules(specs))
}

/// The program that runs the tests of all features, and counts what they take of memory.
pub fn feature_tests(specs: &[Spec]) -> String {
    let head = "//! Tests of every feature of the spec language, one module for each.\n\n";
    let allocator = "\n#[global_allocator]\n#[rustfmt::skip]\nstatic ALLOCATOR: vmspec_generated_tests::counting::Counting = \
                     vmspec_generated_tests::counting::Counting;\n";
    format!("{head}{}{allocator}", test_modules(specs))
}

fn test_modules(specs: &[Spec]) -> String {
    let line = |spec: &Spec| format!("#[rustfmt::skip]\nmod {};\n", spec.stem);
    specs.iter().map(line).collect()
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use vmspec_codegen::{Generated, ToldRoot};

    use super::{Spec, row, tests_of};

    fn spec() -> Spec {
        let generated = Generated {
            id: "a".to_owned(),
            title: "A".to_owned(),
            root: "A".to_owned(),
            told_roots: Vec::new(),
            own_order: true,
            has_externs: false,
            rust: String::new(),
            tests: "//! Tests: A.\n\nuse spec::A;\n\n#[test]\n".to_owned(),
            inputs: vec!["specs/a.yaml".to_owned(), "specs/parts/b.yaml".to_owned()],
            types: Vec::new(),
        };
        Spec { stem: "a".to_owned(), path: PathBuf::from("a.yaml"), generated }
    }

    #[test]
    fn a_format_knows_the_files_it_is_made_of() {
        let expected = "    Format::of::<a::A, Unprepared>(\"a\", a::TITLE, a::SPEC, a::MAGICS, &[\n\
            \x20       (\"a.yaml\", include_str!(\"../../a.yaml\")),\n\
            \x20       (\"parts/b.yaml\", include_str!(\"../../parts/b.yaml\")),\n    ]),\n";
        assert_eq!(row(&spec()), expected);
        let mut told = spec();
        told.generated.has_externs = true;
        assert!(row(&told).starts_with("    Format::of::<a::A, crate::a::Prepared>("));
        let magics = vec![b"\x11\"".to_vec(), b"X".to_vec()];
        told.generated.told_roots.push(ToldRoot { name: "a_b".to_owned(), rust: "AB".to_owned(), magics });
        let others =
            ".or(&[\n        Root::of::<a::AB, crate::a::Prepared>(\"a_b\", &[b\"\\x11\\\"\", b\"X\"]),\n    ]),\n";
        assert!(row(&told).ends_with(others), "{}", row(&told));
    }

    #[test]
    fn tests_are_told_what_they_test() {
        let expected = "//! Tests: A.\n\nuse home::a as spec;\nuse spec::A;\n\n#[test]\n";
        assert_eq!(tests_of(&spec(), "home"), expected);
    }
}
