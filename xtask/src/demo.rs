//! `demo`: what the project does, in under a minute: Rust from YAML, and a real image read with it.

use std::time::Instant;

use crate::chore::Failure;
use crate::ci::cargo;
use crate::generate;
use crate::tree::Tree;

const SPEC: &str = "specs/libvirt_save.yaml";
const MODULE: &str = "specs/src/generated/libvirt_save.rs";
const SAMPLE: &str = "generated-tests/samples/libvirt/lv11-zstd.save";

// For the whole workspace, as its tests are built: what is built here need not be built again for them.
const BUILD: &[&str] = &["build", "--workspace", "--bin", "vmspec", "--example", "show_libvirt"];
const VMSPEC: &[&str] = &["run", "--quiet", "--bin", "vmspec", "--"];
const SHOW: &[&str] = &["run", "--quiet", "--example", "show_libvirt", "--"];

/// Generates, then shows the formats, the verdict on a bundled image and what is in it.
pub fn run(tree: &Tree) -> Result<(), Failure> {
    generated(tree)?;
    println!("\n== Building the command line and the example with it");
    cargo(tree, BUILD)?;
    println!("\n== The formats built in: vmspec formats");
    call(tree, VMSPEC, &["formats"])?;
    println!("\n== A real image, saved by libvirt 11.3: vmspec verify {SAMPLE}");
    call(tree, VMSPEC, &["verify", SAMPLE])?;
    println!("\n== Read and written again, byte for byte: vmspec roundtrip {SAMPLE}");
    call(tree, VMSPEC, &["roundtrip", SAMPLE])?;
    println!("\n== What is in it: specs/examples/show_libvirt.rs");
    call(tree, SHOW, &[SAMPLE])
}

fn generated(tree: &Tree) -> Result<(), Failure> {
    println!("== Rust from YAML: cargo xtask generate");
    let started = Instant::now();
    generate::write(tree)?;
    let milliseconds = started.elapsed().as_millis();
    println!("{SPEC}: {} lines of YAML", lines(tree, SPEC)?);
    println!("{MODULE}: {} lines of Rust", lines(tree, MODULE)?);
    println!("all specs read, checked and generated in {milliseconds} ms");
    Ok(())
}

fn lines(tree: &Tree, path: &str) -> Result<usize, Failure> {
    let text = tree.text(path.as_ref())?;
    let text = text.ok_or_else(|| Failure(format!("{path}: no such file")))?;
    Ok(text.lines().count())
}

fn call(tree: &Tree, program: &[&str], words: &[&str]) -> Result<(), Failure> {
    cargo(tree, &[program, words].concat())
}
