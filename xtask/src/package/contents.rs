//! What a packed crate must hold, and what it must not.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};

use crate::chore::Failure;
use crate::tidy::machine_paths;
use crate::tree::Tree;

/// What people see of a crate before they have it. There is no `repository`, as there is no address yet.
const KEYS: &[&str] = &["description", "license", "readme", "keywords", "categories", "rust-version", "include"];
const LICENSES: &[&str] = &["LICENSE-MIT", "LICENSE-APACHE"];

/// Looks into an unpacked crate, and says how large it is.
pub fn check(tree: &Tree, folder: &Path) -> Result<String, Failure> {
    has_keys(folder)?;
    for license in LICENSES {
        if text(folder, license)? != tree.text(license.as_ref())?.unwrap_or_default() {
            return Err(Failure(format!("{}: not as in the checkout", folder.join(license).display())));
        }
    }
    if text(folder, "README.md")?.trim().is_empty() {
        return Err(Failure::at(&folder.join("README.md"), "it is empty"));
    }
    let packed = Tree::at(folder);
    let files = packed.all_files()?;
    let private = private_folders()?;
    let mut bytes = 0_usize;
    for path in &files {
        let content = fs::read(packed.path(path)).map_err(|e| Failure::at(path, e))?;
        bytes = bytes.saturating_add(content.len());
        leaks_nothing(path, &String::from_utf8_lossy(&content), &private)?;
    }
    Ok(format!("{} files, {} KiB", files.len(), bytes.div_ceil(1024)))
}

fn text(folder: &Path, name: &str) -> Result<String, Failure> {
    let path = folder.join(name);
    fs::read_to_string(&path).map_err(|e| Failure::at(&path, e))
}

fn has_keys(folder: &Path) -> Result<(), Failure> {
    let manifest = text(folder, "Cargo.toml")?;
    let has =
        |key: &str| manifest.lines().any(|line| line.strip_prefix(key).is_some_and(|rest| rest.starts_with(" = ")));
    let missing: Vec<_> = KEYS.iter().copied().filter(|key| !has(key)).collect();
    let what = || format!("no {}", missing.join(", "));
    if missing.is_empty() { Ok(()) } else { Err(Failure::at(&folder.join("Cargo.toml"), what())) }
}

/// Folders of this machine that have no business in what others get.
fn private_folders() -> Result<Vec<String>, Failure> {
    let checkout = env::current_dir().map_err(|e| Failure::at(Path::new("."), e))?;
    let home = env::home_dir().filter(|home| home.components().count() > 1);
    let folders = [Some(checkout), home, Some(env::temp_dir())];
    Ok(folders.into_iter().flatten().map(|folder: PathBuf| folder.display().to_string()).collect())
}

fn leaks_nothing(path: &Path, text: &str, private: &[String]) -> Result<(), Failure> {
    let leaked = private.iter().find(|folder| text.contains(&format!("{}/", folder.trim_end_matches('/'))));
    let what = leaked.map(|folder| format!("names `{folder}`"));
    let what = what.or_else(|| machine_paths(path, text).first().map(|breach| breach.what().to_owned()));
    what.map_or(Ok(()), |what| Err(Failure::at(path, what)))
}

#[cfg(test)]
mod tests {
    use super::{has_keys, leaks_nothing};
    use std::fs;
    use std::path::Path;

    #[test]
    fn a_path_of_this_machine_is_seen() {
        let private = ["/a/checkout".to_owned()];
        let leaks = |text: &str| leaks_nothing(Path::new("x.rs"), text, &private).is_err();
        assert!(leaks("include!(\"/a/checkout/x\")"));
        assert!(leaks(concat!("see /", "home/me/x")));
        assert!(!leaks("see a/checkout/x and /a/checkouts"));
    }

    #[test]
    fn what_a_manifest_lacks_is_named() -> Result<(), Box<dyn std::error::Error>> {
        let folder = tempfile::tempdir()?;
        let keys = "description = \"\"\nlicense = \"\"\nreadme = \"\"\nkeywords = []\ncategories = []\ninclude = []\n";
        fs::write(folder.path().join("Cargo.toml"), keys)?;
        let failure = has_keys(folder.path()).err().ok_or("it lacks a key")?;
        assert!(failure.0.ends_with("Cargo.toml: no rust-version"), "{failure}");
        fs::write(folder.path().join("Cargo.toml"), format!("{keys}rust-version = \"1\"\n"))?;
        assert!(has_keys(folder.path()).is_ok());
        Ok(())
    }
}
