//! The bundled samples, and fixtures beside the repository, where there are any.

// Each file of tests uses its own part of this.
#![allow(dead_code)]

use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use vmspec::libvirt_save::{Compression, Image};
use vmspec::runtime::Wire;

type Result<T> = std::result::Result<T, Box<dyn Error>>;

/// The folder of the bundled samples.
pub fn bundled() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../generated-tests/samples")
}

/// The folder of fixtures, which need not be there.
pub fn fixtures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/fixtures")
}

/// A file that lies there as it is or packed with xz. Where it cannot be had, says `skipped:` and gives none.
pub fn unpacked(path: &Path) -> Result<Option<Vec<u8>>> {
    if path.is_file() {
        return Ok(Some(fs::read(path)?));
    }
    let packed = path.with_added_extension("xz");
    if !packed.is_file() {
        println!("skipped: there is no {}", path.display());
        return Ok(None);
    }
    let Ok(output) = Command::new("xz").arg("-dc").arg(&packed).output() else {
        println!("skipped: no program xz to unpack {}", packed.display());
        return Ok(None);
    };
    assert!(output.status.success(), "{}: {}", packed.display(), String::from_utf8_lossy(&output.stderr));
    Ok(Some(output.stdout))
}

/// A save image with this memory, packed so.
pub fn image(format: Compression, memory: &[u8]) -> Result<Vec<u8>> {
    let mut image = Image::builder(c"<domain/>").build(memory)?;
    image.header.format = format;
    let mut bytes = Vec::new();
    image.write_to(&mut bytes)?;
    Ok(bytes)
}
