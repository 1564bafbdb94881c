//! `package`: packs the crates that are for others, as a registry would get them, looks into what was packed, and builds that in a
//! folder that has nothing of the checkout. Nothing is published.

mod contents;
mod scratch;
mod toolchain;

use std::env;
use std::fs;
use std::path::{Path, PathBuf};

use crate::chore::Failure;
use crate::ci::cargo_in;
use crate::tree::Tree;
use scratch::Scratch;

/// The crates that are for others and their folders, each behind those that it needs.
const CRATES: &[(&str, &str)] = &[
    ("vmspec-runtime", "runtime"),
    ("vmspec-codegen", "codegen"),
    ("vmspec-macros", "codegen/macros"),
    ("vmspec", "specs"),
    ("vmspec-cli", "codegen/cli"),
];

/// With the same versions of other crates as everywhere in the project. Nothing of the workspace is built for it.
const BUILD: &[&str] =
    &["check", "--quiet", "--workspace", "--lib", "--bins", "--examples", "--all-features", "--target-dir"];

/// Packs, looks and builds.
pub fn run(tree: &Tree) -> Result<(), Failure> {
    let target = target(tree)?;
    let scratch = packed(tree, &target)?;
    scratch.make_workspace(tree)?;
    let target = target.display().to_string();
    cargo_in(scratch.folder(), &[BUILD, &[&target]].concat(), |command| command)?;
    println!("all {} crates build from what is packed", CRATES.len());
    Ok(())
}

/// Packs and looks; builds nothing.
pub fn check(tree: &Tree) -> Result<(), Failure> {
    packed(tree, &target(tree)?).map(|_| ())
}

fn packed(tree: &Tree, target: &Path) -> Result<Scratch, Failure> {
    toolchain::check(tree)?;
    only_these(tree)?;
    pack(tree, target)?;
    let scratch = Scratch::new()?;
    for (name, _) in CRATES {
        let folder = scratch.unpack(&target.join("package"), name)?;
        println!("{name}: {}", contents::check(tree, &folder)?);
    }
    Ok(scratch)
}

/// What is in the list can be published, and nothing else can by mistake.
fn only_these(tree: &Tree) -> Result<(), Failure> {
    for path in tree.all_files()?.iter().filter(|path| path.ends_with("Cargo.toml")) {
        let text = tree.text(path)?.unwrap_or_default();
        let folder = path.parent().unwrap_or(Path::new(""));
        let listed = CRATES.iter().any(|(_, known)| folder == Path::new(known));
        let kept = text.lines().any(|line| line == "publish = false");
        if text.contains("[package]") && listed == kept {
            let what = if kept { "is packed, but has" } else { "is not packed, so it must have" };
            return Err(Failure::at(path, format!("{what} `publish = false`")));
        }
    }
    Ok(())
}

/// All in one call: each is packed against those in front of it, as no registry has them.
fn pack(tree: &Tree, target: &Path) -> Result<(), Failure> {
    let target = target.display().to_string();
    let mut words = vec!["package", "--quiet", "--no-verify", "--allow-dirty", "--target-dir", &target];
    words.extend(CRATES.iter().flat_map(|(name, _)| ["--package", name]));
    cargo_in(&tree.path(""), &words, |command| command)
}

fn target(tree: &Tree) -> Result<PathBuf, Failure> {
    let given = env::var_os("CARGO_TARGET_DIR").map_or_else(|| tree.path("target"), PathBuf::from);
    fs::create_dir_all(&given).and_then(|()| given.canonicalize()).map_err(|e| Failure::at(&given, e))
}
