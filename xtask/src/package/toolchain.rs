//! The oldest compiler that the crates say they need, held against the one that builds them here.

use std::env;
use std::process::Command;

use crate::chore::Failure;
use crate::tree::Tree;

/// Fails for a compiler older than the manifest says. Only with just that one is it known that the manifest is right.
pub fn check(tree: &Tree) -> Result<(), Failure> {
    let manifest = tree.text("Cargo.toml".as_ref())?.unwrap_or_default();
    let stated = manifest.lines().find_map(|line| line.strip_prefix("rust-version = "));
    let stated = stated.ok_or_else(|| Failure("Cargo.toml: no rust-version".into()))?.trim_matches('"');
    let rustc = env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let output = Command::new(rustc).arg("--version").output().map_err(|e| Failure(format!("rustc: {e}")))?;
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    println!("{}", compared(stated, said.trim())?);
    Ok(())
}

fn compared(stated: &str, said: &str) -> Result<String, Failure> {
    let word = said.split_whitespace().nth(1).unwrap_or_default();
    match (version(stated), version(word)) {
        (Some(least), Some(here)) if here == least => Ok(format!("rust-version {stated} is what builds this: {said}")),
        (Some(least), Some(here)) if here > least => Ok(format!("rust-version {stated} is not tested by {said}")),
        _ => Err(Failure(format!("rust-version is {stated}, but here is {said}"))),
    }
}

/// The first two numbers: a third one has never changed what is accepted.
fn version(text: &str) -> Option<(u32, u32)> {
    let mut numbers = text.split(['.', '-']).map(str::parse);
    Some((numbers.next()?.ok()?, numbers.next()?.ok()?))
}

#[cfg(test)]
mod tests {
    use super::compared;

    #[test]
    fn an_older_compiler_fails_and_a_newer_one_is_named() {
        let said = |stated, rustc| compared(stated, rustc).map_err(|failure| failure.0);
        assert!(said("1.95", "rustc 1.95.2 (0 2026-04-14)").is_ok_and(|text| text.contains("is what builds this")));
        assert!(said("1.95.0", "rustc 1.100.0-nightly (0)").is_ok_and(|text| text.contains("is not tested by")));
        assert_eq!(said("1.95", "rustc 1.94.9"), Err("rust-version is 1.95, but here is rustc 1.94.9".into()));
        assert!(said("1.95", "").is_err());
    }
}
