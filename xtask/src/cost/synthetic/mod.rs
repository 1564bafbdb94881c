//! 60 types of 10 fields each: all that is generated for them, beside binrw's derive of the same types. Two crates in a temporary
//! folder use every function for every type, so that nothing is left out.

mod source;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{self, Command};
use std::time::Duration;

use vmspec_codegen::diagnostic::Style;
use vmspec_codegen::source::Source;

use super::{Line, median, shown, timed};
use crate::chore::Failure;
use crate::ci::cargo_in;
use crate::tree::Tree;

const TIMES: usize = 3;
/// Both crates.
const GENERATED: &str = "generated";
const DERIVED: &str = "derived";
/// As one unit, after LLVM has worked on it and before.
const IR: &[&str] = &["--emit=llvm-ir", "-Ccodegen-units=1"];
const RAW_IR: &[&str] = &["--emit=llvm-ir", "-Ccodegen-units=1", "-Cno-prepopulate-passes"];
const CODE: &[&str] = &["--emit=obj", "-Ccodegen-units=1"];

/// Builds both, and compares.
pub fn measured(tree: &Tree, target: &Path) -> Result<Vec<Line>, Failure> {
    let crates = Crates::new(tree, target)?;
    crates.build(GENERATED)?;
    crates.build(DERIVED)?;
    let (mut generated, mut derived) = (Vec::new(), Vec::new());
    for _ in 0..TIMES {
        generated.push(crates.clean_build(GENERATED)?);
        derived.push(crates.clean_build(DERIVED)?);
    }
    let seconds = [median(generated).as_secs_f64(), median(derived).as_secs_f64()];
    let mut lines = vec![line("build", "release build", "s", seconds)];
    for (key, what, flags) in [("ir", "LLVM IR", IR), ("raw-ir", "LLVM IR before it is optimised", RAW_IR)] {
        lines.push(line(key, what, "lines", [crates.ir(GENERATED, flags)?, crates.ir(DERIVED, flags)?]));
    }
    if let (Some(own), Some(other)) = (crates.code(GENERATED)?, crates.code(DERIVED)?) {
        lines.push(line("code", "code", "bytes", [own, other]));
    } else {
        println!("skipped: size is not installed, so the code of the 60 types is not measured");
    }
    Ok(lines)
}

fn line(key: &'static str, what: &str, unit: &str, [own, other]: [f64; 2]) -> Line {
    let part = own / other;
    let digits = if unit == "s" { 2 } else { 0 };
    let measured = format!("{own:.digits$} {unit}, {other:.digits$} derived: {part:.2}");
    Line { what: format!("60 types of 10 fields: {what}"), measured, part: Some((key, part)) }
}

/// The folder of both crates. It goes when it is dropped.
struct Crates {
    folder: PathBuf,
    target: PathBuf,
}

impl Crates {
    fn new(tree: &Tree, target: &Path) -> Result<Self, Failure> {
        let folder = std::env::temp_dir().join(format!("vmspec-cost-{}", process::id()));
        let crates = Self { folder, target: target.join("synthetic") };
        crates.put("Cargo.toml", "[workspace]\nresolver = \"3\"\nmembers = [\"generated\", \"derived\"]\n")?;
        crates.put("Cargo.lock", &tree.text("Cargo.lock".as_ref())?.unwrap_or_default())?;
        let root = std::path::absolute(tree.path("")).map_err(|e| Failure::at(Path::new("."), e))?;
        let binrw = source::BINRW;
        let runtime = format!("{binrw}vmspec-runtime = {{ path = {:?} }}\n", shown(&root.join("runtime")));
        crates.put_crate(GENERATED, &runtime, &source::uses_of_generated())?;
        crates.put_crate(DERIVED, binrw, &source::derived())?;
        crates.put("generated/synthetic.yaml", &source::spec())?;
        crates.put("generated/src/synthetic.rs", &crates.generate()?)?;
        Ok(crates)
    }

    fn put_crate(&self, name: &str, dependencies: &str, lib: &str) -> Result<(), Failure> {
        let package = format!("[package]\nname = {name:?}\nversion = \"0.1.0\"\nedition = \"2024\"\n");
        self.put(&format!("{name}/Cargo.toml"), &format!("{package}\n[dependencies]\n{dependencies}"))?;
        self.put(&format!("{name}/src/lib.rs"), lib)
    }

    fn put(&self, name: &str, text: &str) -> Result<(), Failure> {
        let path = self.folder.join(name);
        let folder = path.parent().unwrap_or(&self.folder);
        fs::create_dir_all(folder).and_then(|()| fs::write(&path, text)).map_err(|e| Failure::at(&path, e))
    }

    fn generate(&self) -> Result<String, Failure> {
        let folder = self.folder.join(GENERATED);
        let source = Source::file(folder.join("synthetic.yaml"), folder);
        let generated = vmspec_codegen::generate(&source);
        generated.map(|it| it.rust).map_err(|e| Failure(e.render(Style::Plain)))
    }

    fn cargo(&self, words: &[&str]) -> Result<(), Failure> {
        cargo_in(&self.folder, words, |command| {
            command.env("CARGO_TARGET_DIR", &self.target).env("CARGO_INCREMENTAL", "0")
        })
    }

    fn build(&self, name: &str) -> Result<(), Failure> {
        self.cargo(&["build", "--quiet", "--release", "--package", name])
    }

    /// With what it depends on compiled already.
    fn clean_build(&self, name: &str) -> Result<Duration, Failure> {
        self.cargo(&["clean", "--quiet", "--release", "--package", name])?;
        timed(|| self.build(name))
    }

    /// How many lines of LLVM IR it has.
    fn ir(&self, name: &str, flags: &[&str]) -> Result<f64, Failure> {
        let path = self.emitted(name, flags, "ll")?;
        let text = fs::read_to_string(&path).map_err(|e| Failure::at(&path, e))?;
        Ok(number(text.lines().count()))
    }

    /// How many bytes of machine code it has; none where nothing can tell.
    fn code(&self, name: &str) -> Result<Option<f64>, Failure> {
        let path = self.emitted(name, CODE, "o")?;
        let Ok(output) = Command::new("size").arg(&path).output() else { return Ok(None) };
        let said = String::from_utf8_lossy(&output.stdout);
        let text = said.lines().nth(1).and_then(|line| line.split_whitespace().next()?.parse().ok());
        text.map(Some).ok_or_else(|| Failure(format!("size: {said}")))
    }

    /// The file that the compiler makes beside the library.
    fn emitted(&self, name: &str, flags: &[&str], extension: &str) -> Result<PathBuf, Failure> {
        self.cargo(&["clean", "--quiet", "--release", "--package", name])?;
        self.cargo(&[&["rustc", "--quiet", "--release", "--package", name, "--"], flags].concat())?;
        let folder = self.target.join("release/deps");
        let entries = fs::read_dir(&folder).map_err(|e| Failure::at(&folder, e))?;
        let mut paths = entries.filter_map(|entry| Some(entry.ok()?.path()));
        let is_it = |path: &PathBuf| {
            let file = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            file.starts_with(&format!("{name}-")) && path.extension().is_some_and(|it| it == extension)
        };
        paths.find(is_it).ok_or_else(|| Failure::at(&folder, format!("no .{extension} of {name}")))
    }
}

impl Drop for Crates {
    fn drop(&mut self) {
        // Left behind, it is one more temporary folder.
        let _ = fs::remove_dir_all(&self.folder);
    }
}

/// A count of far less than 2^53.
#[allow(clippy::as_conversions, clippy::cast_precision_loss, reason = "it is far less than 2^53")]
const fn number(count: usize) -> f64 {
    count as f64
}
