//! Xen's own `verify-stream-v2` takes the files that are written here. It is plain Python; without it the tests say that they are
//! skipped. It cannot read streams of another byte order than the host's.

#![allow(clippy::expect_used, clippy::panic)]


use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;
use vmspec::xen_xl::{DomainKind, LibxlRecord, PageKind, Savefile};
use vmspec_generated_tests as harness;
use vmspec_runtime::{Endian, Wire};
use crate::xen_build::{emulator, file, guest, hvm_records, pv_records, stream, xenstore};

/// Names the folder that holds `bin/verify-stream-v2` and `lib/python` of Xen's tools.
const TOOLS: &str = "VMSPEC_XEN_TOOLS";

/// The folder of Xen's tools: the one that is named, or where packages put it.
fn tools() -> Option<PathBuf> {
    let named = std::env::var_os(TOOLS).map(PathBuf::from);
    let installed = fs::read_dir("/usr/lib").into_iter().flatten().flatten().map(|entry| entry.path());
    let found = named.into_iter().chain(installed).find(|folder| verifier(folder).is_file());
    if found.is_none() {
        println!("skipped: no verify-stream-v2 of Xen; {TOOLS} can name the folder of its bin and lib");
    }
    found
}

fn verifier(tools: &Path) -> PathBuf {
    tools.join("bin/verify-stream-v2")
}

/// What the verifier says of a file; none, and `skipped:` said, without Python. Fails where it refuses the file.
#[track_caller]
fn verified(tools: &Path, python: impl Into<OsString>, bytes: &[u8]) -> Option<String> {
    let folder = TempDir::new().expect("there is room");
    let path = folder.path().join("guest.xlsave");
    fs::write(&path, bytes).expect("it can be written");
    let mut command = Command::new("python3");
    command.arg(verifier(tools)).args(["-f", "xl", "-v", "-i"]).arg(&path);
    command.env("PYTHONPATH", python.into()).env("PYTHONDONTWRITEBYTECODE", "1");
    let Ok(output) = command.output() else {
        println!("skipped: no python3 to run verify-stream-v2");
        return None;
    };
    let (said, failed) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{said}\n{failed}");
    Some(said.into_owned())
}

fn written(kind: DomainKind, version: u32, width: u8, more: Vec<LibxlRecord>) -> Vec<u8> {
    let records = if kind == DomainKind::X86Pv { pv_records(width) } else { hvm_records(version) };
    let file = file(Endian::Little, stream(guest(kind, version, false, records), false, more));
    let mut bytes = Vec::new();
    file.write_to(&mut bytes).expect("it can be written");
    bytes
}

/// How many records the verifier names. Batches of pages are counted as one where they follow each other.
fn count(said: &str) -> usize {
    said.lines().filter(|line| line.contains(" Record: ") || line.starts_with("Squashed ")).count()
}

#[test]
fn guests_of_every_kind_are_taken() {
    let Some(tools) = tools() else { return };
    let python = tools.join("lib/python");
    for (kind, version, width, records) in [
        (DomainKind::X86Hvm, 3, 8, 10 + 3),
        (DomainKind::X86Hvm, 2, 8, 7 + 3),
        (DomainKind::X86Pv, 3, 8, 13 + 3),
        (DomainKind::X86Pv, 3, 4, 13 + 3),
    ] {
        let Some(said) = verified(&tools, &python, &written(kind, version, width, vec![emulator()])) else { return };
        assert_eq!(count(&said), records, "{kind} {version} {width}: {said}");
    }
}

#[test]
fn a_built_file_is_taken() {
    let Some(tools) = tools() else { return };
    let file = Savefile::builder(DomainKind::X86Hvm)
        .json_config(c"{\"c_info\": {\"type\": \"hvm\"}}")
        .xen(4, 20)
        .pages([(0, PageKind::Normal), (1, PageKind::Xtab), (7, PageKind::Normal)], vec![5; 2 << 12])
        .beside(emulator().body)
        .build();
    let mut bytes = Vec::new();
    file.write_to(&mut bytes).expect("it can be written");
    let Some(said) = verified(&tools, tools.join("lib/python"), &bytes) else { return };
    assert_eq!(count(&said), 3 + 3, "{said}");
}

#[test]
fn samples_are_taken_as_they_are_written_back() {
    let Some(tools) = tools() else { return };
    for name in ["good-hvm-v3", "good-pv", "x417-pvh", "x417-pv", "x420-pv-migrate"] {
        let Some(bytes) = harness::packed_sample(&format!("xl/{name}.xlsave")) else { return };
        let (file, _) = harness::read::<Savefile>(&bytes, Endian::Little, &()).expect("it is read");
        let bytes = harness::write(&file, &bytes, Endian::Little, &()).expect("it is written");
        verified(&tools, tools.join("lib/python"), &bytes);
    }
}

/// The verifier compares a byte with a text, so that on Python 3 it refuses all xenstore data. A copy of it does not.
#[test]
fn xenstore_data_are_taken_by_a_mended_verifier() {
    let Some(tools) = tools() else { return };
    let mended = TempDir::new().expect("there is room");
    let package = tools.join("lib/python/xen");
    for folder in ["xen", "xen/migration"] {
        fs::create_dir(mended.path().join(folder)).expect("it can be made");
    }
    for (from, to) in [(package.clone(), "xen"), (package.join("migration"), "xen/migration")] {
        let files = fs::read_dir(from).expect("it is there").flatten().map(|entry| entry.path());
        for path in files.filter(|path| path.extension().is_some_and(|e| e == "py")) {
            let text = fs::read_to_string(&path).expect("it is text");
            let text = text.replace(r"content[-1] != '\x00'", "content[-1] != 0");
            let text = text.replace(r#"content[:-1].split("\x00")"#, r#"content[:-1].split(b"\x00")"#);
            fs::write(mended.path().join(to).join(path.file_name().expect("it has a name")), text)
                .expect("it is written");
        }
    }
    let more = vec![xenstore(&[("physmap/0/name", "vga.vram"), ("c", "")]), emulator()];
    let bytes = written(DomainKind::X86Hvm, 3, 8, more);
    let Some(said) = verified(&tools, mended.path(), &bytes) else { return };
    assert!(said.contains("'b'physmap/0/name'' = 'b'vga.vram''"), "{said}");
}
