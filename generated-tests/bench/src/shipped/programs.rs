//! Whole programs: `vmspec` beside those of QEMU, each started anew.

use std::env;
use std::ffi::OsStr;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::rc::Rc;

use tempfile::TempDir;

use super::long::Long;
use crate::random::Random;
use crate::rounds::Group;

const DISK: usize = 256 << 20;
const STREAM: u64 = 256 << 20;

/// A disk of 256 MiB, half of it used: is it sound?
pub fn check() -> Group {
    let title = "is a VHDX disk of 256 MiB sound: whole programs";
    disk(title, |group, disk, vmspec| {
        let (a, b) = (disk.clone(), disk);
        group
            .case("qemu-img", "`qemu-img check`", move || run(OsStr::new("qemu-img"), &["check", &a.path("disk.vhdx")]))
            .case("vmspec", "`vmspec verify`", move || run(vmspec.as_os_str(), &["verify", &b.path("disk.vhdx")]))
    })
}

/// The same disk as the guest sees it.
pub fn convert() -> Group {
    let title = "the disk in a VHDX file of 256 MiB as the guest sees it: whole programs";
    disk(title, |group, disk, vmspec| {
        let (a, b) = (disk.clone(), disk);
        group
            .case("qemu-img", "`qemu-img convert`", move || {
                let words = ["convert", "-f", "vhdx", "-O", "raw", &a.path("disk.vhdx"), &a.fresh("theirs")];
                run(OsStr::new("qemu-img"), &words)
            })
            .case("vmspec", "`vmspec raw`", move || {
                run(vmspec.as_os_str(), &["raw", &b.path("disk.vhdx"), "--out", &b.fresh("ours")])
            })
    })
}

/// What the devices of a stream hold, of which the memory is passed over.
pub fn analyze() -> Group {
    let title = "what a QEMU stream of 256 MiB holds: whole programs";
    let script = "analyze-migration.py";
    let (Some(vmspec), Some(script)) = (vmspec(), found(script)) else {
        return Group::skipped(title, "analyze-migration.py, or vmspec, is not there");
    };
    let folder = Rc::new(Folder(tempfile::tempdir().unwrap()));
    let mut file = fs::File::create(folder.path("stream")).unwrap();
    io::copy(&mut Long::stream(STREAM), &mut file).unwrap();
    let (a, b) = (folder.clone(), folder);
    Group::new(title, usize::try_from(STREAM).unwrap())
        .case("analyze", "`analyze-migration.py`", move || {
            run(OsStr::new("python3"), &[&script.to_string_lossy(), "--dump", "state", "--file", &a.path("stream")])
        })
        .case("vmspec", "`vmspec qevm-index`", move || run(vmspec.as_os_str(), &["qevm-index", &b.path("stream")]))
}

/// A group on a disk that `qemu-img` made.
fn disk(title: &str, with: impl FnOnce(Group, Rc<Folder>, PathBuf) -> Group) -> Group {
    let Some(vmspec) = vmspec() else { return Group::skipped(title, "vmspec is not beside this program") };
    if found("qemu-img").is_none() {
        return Group::skipped(title, "qemu-img is not installed");
    }
    let folder = Rc::new(Folder(tempfile::tempdir().unwrap()));
    let mut raw = vec![0; DISK];
    Random::new(5).fill(&mut raw[..DISK / 2]);
    fs::write(folder.path("raw"), &raw).unwrap();
    let words = ["convert", "-f", "raw", "-O", "vhdx", &folder.path("raw"), &folder.path("disk.vhdx")];
    run(OsStr::new("qemu-img"), &words);
    with(Group::new(title, DISK), folder, vmspec)
}

/// A folder that goes when it is dropped.
struct Folder(TempDir);

impl Folder {
    fn path(&self, name: &str) -> String {
        self.0.path().join(name).display().to_string()
    }

    /// A file that is not there.
    fn fresh(&self, name: &str) -> String {
        let path = self.path(name);
        let _ = fs::remove_file(&path);
        path
    }
}

/// The command built for release, which `cargo xtask bench` puts beside this program.
fn vmspec() -> Option<PathBuf> {
    let own = env::current_exe().ok()?;
    Some(own.with_file_name("vmspec")).filter(|path| path.is_file())
}

/// Where a program is.
fn found(name: &str) -> Option<PathBuf> {
    let folders = env::var_os("PATH")?;
    env::split_paths(&folders).map(|folder| folder.join(name)).find(|path| Path::is_file(path))
}

/// Runs a program that must succeed. 1 is all that it is known to have found.
fn run(program: &OsStr, words: &[&str]) -> u64 {
    let status = Command::new(program).args(words).stdout(Stdio::null()).status().unwrap();
    assert!(status.success(), "{} {}: {status}", program.display(), words.join(" "));
    1
}
