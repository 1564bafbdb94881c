//! Files that tests read: samples, which are part of the repository, and fixtures, which need not be there.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// A file of `samples/`.
#[must_use]
pub fn sample(name: &str) -> Vec<u8> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("samples").join(name);
    fs::read(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()))
}

/// A file of the folder of fixtures beside the repository. Where there is none, says `skipped:` and gives none.
#[must_use]
pub fn fixture(name: &str) -> Option<Vec<u8>> {
    let path = fixtures().join(name);
    let bytes = fs::read(&path);
    if bytes.is_err() {
        println!("skipped: there is no fixture {name}");
    }
    bytes.ok()
}

/// A fixture that was packed with xz or bzip2. Where there is none, or no program to unpack it, says `skipped:` and gives
/// none.
#[must_use]
pub fn decompressed(name: &str) -> Option<Vec<u8>> {
    for (ending, program) in [("xz", "xz"), ("bz2", "bzip2")] {
        let path = fixtures().join(format!("{name}.{ending}"));
        if path.is_file() {
            return unpacked(&path, program);
        }
    }
    println!("skipped: there is no fixture {name}");
    None
}

/// A file of `samples/`, which lies there as it is or packed with xz. Where no program `xz` can unpack it, says `skipped:`
/// and gives none.
#[must_use]
pub fn packed_sample(name: &str) -> Option<Vec<u8>> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("samples").join(name);
    if path.is_file() { Some(sample(name)) } else { unpacked(&path.with_added_extension("xz"), "xz") }
}

fn unpacked(path: &Path, program: &str) -> Option<Vec<u8>> {
    let Ok(output) = Command::new(program).arg("-dc").arg(path).output() else {
        println!("skipped: no program {program} to unpack {}", path.display());
        return None;
    };
    assert!(output.status.success(), "{}: {}", path.display(), String::from_utf8_lossy(&output.stderr));
    Some(output.stdout)
}

fn fixtures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/fixtures")
}
