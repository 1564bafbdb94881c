//! How long the crate of all formats takes to compile, with what it depends on compiled already.

use std::path::Path;

use super::{Line, shown, timed};
use crate::chore::Failure;
use crate::ci::cargo;
use crate::tree::Tree;

/// Compiles it for development and for release.
pub fn measured(tree: &Tree, target: &Path) -> Result<Vec<Line>, Failure> {
    let target = shown(target);
    let mut lines = Vec::new();
    for profile in ["dev", "release"] {
        let options = ["--quiet", "--package", "vmspec", "--profile", profile, "--target-dir", &target];
        let call = |chore: &'static str| cargo(tree, &[&[chore], &options[..]].concat());
        call("build")?;
        call("clean")?;
        lines.push(Line::time(format!("compiling the crate `vmspec`, profile {profile}"), timed(|| call("build"))?));
    }
    Ok(lines)
}
