//! A folder far from the checkout, in which packed crates lie side by side. It goes when it is dropped.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{self, Command};

use super::CRATES;
use crate::chore::Failure;
use crate::tree::Tree;

/// The folder.
pub struct Scratch(PathBuf);

impl Scratch {
    /// A new one among the system's temporary files.
    pub fn new() -> Result<Self, Failure> {
        let folder = env::temp_dir().join(format!("vmspec-packed-{}", process::id()));
        fs::create_dir(&folder).map_err(|e| Failure::at(&folder, e))?;
        Ok(Self(folder))
    }

    /// Where it is.
    pub fn folder(&self) -> &Path {
        &self.0
    }

    /// Unpacks a crate that cargo has packed into a folder of its own, which has no version in its name.
    pub fn unpack(&self, packages: &Path, name: &str) -> Result<PathBuf, Failure> {
        let packed = packages.join(format!("{name}-{}.crate", env!("CARGO_PKG_VERSION")));
        let folder = self.0.join(name);
        fs::create_dir(&folder).map_err(|e| Failure::at(&folder, e))?;
        let mut tar = Command::new("tar");
        tar.args(["--extract", "--gzip", "--strip-components=1", "--file"])
            .arg(&packed)
            .arg("--directory")
            .arg(&folder);
        let status = tar.status().map_err(|e| Failure(format!("tar: {e}")))?;
        if status.success() { Ok(folder) } else { Err(Failure::at(&packed, format!("tar: {status}"))) }
    }

    /// Makes a workspace of what is unpacked. Crates have each other from it, and the others as the checkout has them.
    pub fn make_workspace(&self, tree: &Tree) -> Result<(), Failure> {
        let manifest = tree.text("Cargo.toml".as_ref())?.unwrap_or_default();
        // Profiles of other crates are the checkout's too, so that what both need is built once.
        let of_others = |part: &&str| part.contains("[profile.dev") && !part.contains(".vmspec-");
        let profiles: Vec<&str> = manifest.split("\n\n").filter(of_others).collect();
        let profiles = profiles.join("\n\n");
        let patches: Vec<String> = CRATES.iter().map(|(name, _)| format!("{name} = {{ path = \"{name}\" }}")).collect();
        let patches = patches.join("\n");
        let text =
            format!("[workspace]\nresolver = \"3\"\nmembers = [\"*\"]\n\n[patch.crates-io]\n{patches}\n\n{profiles}");
        let lock = tree.text("Cargo.lock".as_ref())?.unwrap_or_default();
        let put =
            |name: &str, text: &str| fs::write(self.0.join(name), text).map_err(|e| Failure::at(name.as_ref(), e));
        put("Cargo.toml", &text)?;
        put("Cargo.lock", &lock)
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        // Left behind, it is one more temporary folder.
        let _ = fs::remove_dir_all(&self.0);
    }
}
