//! A build script's part, in folders of their own.
#![allow(clippy::unwrap_used, clippy::unreachable, reason = "a test fails by it")]

use super::{Config, Error, Told, module_name};
use crate::options::Gate;
use crate::{Options, generate_with, source::Source};
use std::fs;
use std::path::PathBuf;
use tempfile::TempDir;

const NOTE: &str = "\
spec: 1
format: {id: note, title: A note}
root: note
endian: be
use: [parts.yaml]
types:
  note:
    fields:
      - magic: {magic: NOTE}
      - head: head
      - text: utf8(head.length)
";
const PARTS: &str = "spec: 1\ntypes:\n  head:\n    fields:\n      - length: u16\n      - sum: u8\n";

fn package() -> TempDir {
    let folder = TempDir::new().unwrap();
    fs::create_dir(folder.path().join("specs")).unwrap();
    put(&folder, "specs/note.yaml", NOTE);
    put(&folder, "specs/parts.yaml", PARTS);
    folder
}

fn put(package: &TempDir, path: &str, text: &str) {
    fs::write(package.path().join(path), text).unwrap();
}

fn config(package: &TempDir) -> Config {
    Config::new().spec(package.path().join("specs/note.yaml")).folder(package.path().join("src/made"))
}

fn module(package: &TempDir) -> PathBuf {
    package.path().join("src/made/note.rs")
}

#[test]
fn a_module_is_written_when_its_spec_changes_and_else_left_alone() {
    let package = package();
    config(&package).compile().unwrap();
    let text = fs::read_to_string(module(&package)).unwrap();
    let options = Options::default();
    let spec = package.path().join("specs/note.yaml").display().to_string();
    let generated = generate_with(&Source::in_folder("", &spec), &options).unwrap();
    assert_eq!(text, format!("// @generated from {spec} by a build script. Do not edit.\n\n{}", generated.rust));
    let written = fs::metadata(module(&package)).unwrap().modified().unwrap();
    config(&package).compile().unwrap();
    assert_eq!(fs::metadata(module(&package)).unwrap().modified().unwrap(), written);
    put(&package, "specs/parts.yaml", &PARTS.replace("sum: u8", "sum: u32"));
    config(&package).compile().unwrap();
    assert!(fs::read_to_string(module(&package)).unwrap().contains("pub sum: u32"));
}

#[test]
fn a_check_fails_where_something_would_be_written() {
    let package = package();
    let lines = || config(&package).check().unwrap_err().lines();
    let path = module(&package).display().to_string();
    assert_eq!(lines(), [format!("{path}: missing; build without checking, and commit it")]);
    assert!(!module(&package).exists());
    config(&package).compile().unwrap();
    config(&package).check().unwrap();
    put(&package, "src/made/note.rs", "//! By hand.\n");
    assert_eq!(lines(), [format!("{path}: not as its spec says; build without checking, and commit it")]);
    assert_eq!(fs::read_to_string(module(&package)).unwrap(), "//! By hand.\n");
}

#[test]
fn all_that_is_wrong_is_told_in_full_and_in_lines() {
    let package = package();
    put(&package, "specs/note.yaml", &NOTE.replace("head.length", "head.lenght"));
    put(&package, "specs/parts.yaml", &PARTS.replace("u8", "u7"));
    put(&package, "specs/my-own.yaml", NOTE);
    let failed = config(&package).spec(package.path().join("specs/my-own.yaml")).derive("a b").compile().unwrap_err();
    let lines = failed.lines();
    let [choice, first, second, name] = lines.as_slice() else { unreachable!("{lines:?}") };
    assert_eq!(choice, "`a b` is not a path such as `crate::runtime`");
    assert!(first.contains("note.yaml:11:25: error[") && second.contains("parts.yaml:6:14: error["), "{lines:?}");
    assert!(name.ends_with("my-own.yaml: the file's name is not one that a module can have"));
    let full = format!("{failed:?}");
    assert!(full.starts_with("\n\n`a b` is not") && full.contains("      - text: utf8(head.lenght)\n"), "{full}");
    assert!(full.contains("\n\n2 errors\n\n"), "{full}");
}

#[test]
fn choices_show_in_the_module() {
    let package = package();
    let config = config(&package).runtime("crate::rt").derive("Eq").derive_for(&["Head"], "Hash");
    config.clone().serde(Gate::Always).compile().unwrap();
    let text = fs::read_to_string(module(&package)).unwrap();
    assert!(text.contains("use crate::rt::{") && !text.contains("vmspec_runtime"), "{text}");
    assert!(text.contains("#[derive(serde::Serialize)]\n#[derive(Eq, Hash)]\npub struct Head "), "{text}");
    assert!(text.contains("#[derive(Eq)]\npub struct Note "), "{text}");
    let failed = config.derive_for(&["Hed"], "Ord").compile().unwrap_err();
    assert_eq!(failed.to_string(), "there is no type `Hed`; did you mean `Head`?");
}

#[test]
fn modules_are_called_as_files_are() {
    assert_eq!(module_name("specs/note.yaml"), Some("note"));
    assert_eq!(module_name("my-note.yaml"), None);
    let package = package();
    put(&package, "note.yaml", NOTE);
    put(&package, "parts.yaml", PARTS);
    let failed = config(&package).spec(package.path().join("note.yaml")).compile().unwrap_err();
    let path = module(&package);
    assert!(failed.to_string().ends_with(&format!("note.yaml: {} is the module of another spec", path.display())));
}

#[test]
fn a_module_called_as_a_keyword_is_a_raw_name() {
    let package = package();
    put(&package, "specs/type.yaml", NOTE);
    let config = Config::new().spec(package.path().join("specs/type.yaml")).vis("pub(crate)");
    let generated = generate_with(&Source::in_folder(package.path(), "specs/type.yaml"), &config.options).unwrap();
    let text = config.text(&generated, "type", "specs/type.yaml");
    assert!(text.contains("\npub(crate) mod r#type {\n"), "{text}");
}

#[test]
fn cargo_is_told_every_file_that_was_looked_at_and_every_error() {
    let package = package();
    let config = config(&package);
    let lines = || {
        let mut told = Told::default();
        let faults = config.specs.iter().filter_map(|spec| config.module(spec, &mut told).err()).collect();
        told.lines(Error::of(faults).as_ref())
    };
    let path = |name: &str| package.path().join(name).display().to_string();
    let looked_at = |names: &[&str]| -> Vec<String> {
        names.iter().map(|name| format!("cargo::rerun-if-changed={}", path(name))).collect()
    };
    // A module in the package is looked at too: somebody may change it by hand, or delete it.
    assert_eq!(lines(), looked_at(&["specs/note.yaml", "specs/parts.yaml", "src/made/note.rs"]));
    put(&package, "specs/parts.yaml", &PARTS.replace("u8", "u7"));
    let mut expected = looked_at(&["specs/note.yaml", "specs/parts.yaml"]);
    expected.push(format!(
        "cargo::error={}:6:14: error[N001]: unknown type `u7` (numbers of such a width are parts of `bits`)",
        path("specs/parts.yaml")
    ));
    assert_eq!(lines(), expected);
}
