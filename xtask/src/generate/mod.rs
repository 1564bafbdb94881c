//! `generate`: makes the plan of all generated files and brings the checkout in line with it, or says where it is not.
//! Writing and checking go one way; they part only where a file would be touched.

mod index;
mod plan;

use std::fs;
use std::path::{Path, PathBuf};

use crate::chore::Failure;
use crate::tree::Tree;

pub use plan::{Plan, plan};

/// What has to be done to a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Change {
    /// It is not there.
    Missing,
    /// It says something else.
    Stale,
    /// Nothing makes it any more.
    Orphaned,
}

/// Writes what is missing or stale, deletes what is orphaned, leaves the rest alone.
pub fn write(tree: &Tree) -> Result<(), Failure> {
    let plan = plan(tree)?;
    let changes = changes(tree, &plan)?;
    for (path, change) in &changes {
        apply(tree, &plan, path).map_err(|e| Failure::at(path, e))?;
        let verb = match change {
            Change::Missing => "written",
            Change::Stale => "rewritten",
            Change::Orphaned => "deleted",
        };
        println!("{}: {verb}", path.display());
    }
    let total = plan.files().len();
    println!("{total} generated files, {} changed", changes.len());
    Ok(())
}

/// Fails when a file would be touched.
pub fn check(tree: &Tree) -> Result<(), Failure> {
    let plan = plan(tree)?;
    let changes = changes(tree, &plan)?;
    if changes.is_empty() {
        println!("{} generated files, all fresh", plan.files().len());
        return Ok(());
    }
    let mut message = String::from("generated files are not as their specs say\n");
    for (path, change) in &changes {
        let word = match change {
            Change::Missing => "missing",
            Change::Stale => "stale",
            Change::Orphaned => "orphaned",
        };
        message.extend(["  ", word, ": ", &path.display().to_string(), "\n"]);
    }
    message.push_str("run `cargo xtask generate`");
    Err(Failure(message))
}

fn changes(tree: &Tree, plan: &Plan) -> Result<Vec<(PathBuf, Change)>, Failure> {
    let mut changes = Vec::new();
    for (path, text) in plan.files() {
        match tree.text(path)? {
            None => changes.push((path.clone(), Change::Missing)),
            Some(old) if old != *text => changes.push((path.clone(), Change::Stale)),
            Some(_) => {}
        }
    }
    let orphans = plan.orphans(tree)?.into_iter();
    changes.extend(orphans.map(|path| (path, Change::Orphaned)));
    Ok(changes)
}

fn apply(tree: &Tree, plan: &Plan, path: &Path) -> std::io::Result<()> {
    let full = tree.path(path);
    let Some(text) = plan.files().get(path) else {
        return fs::remove_file(full);
    };
    if let Some(folder) = full.parent() {
        fs::create_dir_all(folder)?;
    }
    fs::write(full, text)
}

#[cfg(test)]
mod tests {
    use std::error::Error;
    use std::fs;
    use std::path::{Path, PathBuf};

    use super::{Change, Plan, apply, changes};
    use crate::chore::Failure;
    use crate::tree::{GENERATED, Tree};

    const MODULE: &str = "specs/src/generated/a.rs";
    const TEST: &str = "generated-tests/tests/formats/generated/a.rs";

    fn planned() -> Plan {
        let mut plan = Plan::default();
        plan.put("specs/src/generated", "a", Path::new("specs/a.yaml"), "//! A.\n");
        plan.put("generated-tests/tests/formats/generated", "a", Path::new("specs/a.yaml"), "//! A.\n");
        plan
    }

    fn put(tree: &Tree, path: &str, text: &str) -> std::io::Result<()> {
        let path = tree.path(path);
        fs::create_dir_all(path.parent().unwrap_or(&path))?;
        fs::write(path, text)
    }

    fn listed(tree: &Tree) -> Result<Vec<(PathBuf, Change)>, Failure> {
        changes(tree, &planned())
    }

    #[test]
    fn what_was_written_is_fresh_and_says_where_it_comes_from() -> Result<(), Box<dyn Error>> {
        let folder = tempfile::tempdir()?;
        let tree = Tree::at(folder.path());
        let missing = |path: &str| (PathBuf::from(path), Change::Missing);
        assert_eq!(listed(&tree)?, [missing(TEST), missing(MODULE)]);
        apply(&tree, &planned(), Path::new(MODULE))?;
        apply(&tree, &planned(), Path::new(TEST))?;
        assert_eq!(listed(&tree)?, []);
        let text = fs::read_to_string(tree.path(MODULE))?;
        assert_eq!(text, format!("{GENERATED} from specs/a.yaml. Do not edit.\n\n//! A.\n"));
        Ok(())
    }

    #[test]
    fn stale_and_orphaned_files_are_found() -> Result<(), Box<dyn Error>> {
        let folder = tempfile::tempdir()?;
        let tree = Tree::at(folder.path());
        put(&tree, MODULE, "//! B.\n")?;
        put(&tree, "specs/src/generated/b.rs", "//! B.\n")?;
        put(&tree, "generated-tests/tests/formats/generated/b.rs", GENERATED)?;
        put(&tree, "generated-tests/tests/features/b.rs", "//! B.\n")?;
        put(&tree, "generated-tests/tests/formats/by_hand.rs", "//! By hand.\n")?;
        let found = listed(&tree)?;
        let expected = [
            (TEST, Change::Missing),
            (MODULE, Change::Stale),
            ("specs/src/generated/b.rs", Change::Orphaned),
            ("generated-tests/tests/features/b.rs", Change::Orphaned),
            ("generated-tests/tests/formats/generated/b.rs", Change::Orphaned),
        ];
        assert_eq!(found, expected.map(|(path, change)| (path.into(), change)));
        for (path, _) in found {
            apply(&tree, &planned(), &path)?;
        }
        assert_eq!(listed(&tree)?, []);
        assert!(tree.path("generated-tests/tests/formats/by_hand.rs").exists());
        Ok(())
    }
}
