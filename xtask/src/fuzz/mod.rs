//! `fuzz`: lets cargo-fuzz run the targets of `generated-tests/fuzz` for some minutes each. It starts from the samples and from what
//! it came to the last time. What it keeps lies with what cargo builds, apart from inputs to be looked at, which it names.

mod outcome;
mod wanted;

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use outcome::Outcome;
pub use wanted::Wanted;

use crate::chore::Failure;
use crate::ci::cargo_in;
use crate::tree::Tree;

const FOLDER: &str = "generated-tests/fuzz";
const TARGETS: &str = "generated-tests/fuzz/fuzz_targets";
const LOCK: &str = "Cargo.lock";
/// Sanitizers need a nightly compiler. What they look for is `unsafe` code, of which there is none.
const CARGO_FUZZ: &[&str] = &["--fuzz-dir", ".", "--sanitizer", "none"];
/// Names for a target the folder of its seeds and the file of its words, which it then writes.
const SEEDS: &str = "VMSPEC_FUZZ_SEEDS";
const WORDS: &str = "VMSPEC_FUZZ_WORDS";
/// An input that takes longer is a finding, in seconds; and so is one that takes more memory, in MiB.
const TIMEOUT: u32 = 20;
const MEMORY: u32 = 2048;

/// Where all of it lies.
struct Place {
    /// The crate.
    krate: PathBuf,
    /// What is built.
    build: PathBuf,
    /// What is kept.
    kept: PathBuf,
}

impl Place {
    fn new(tree: &Tree) -> Result<Self, Failure> {
        let given = env::var_os("CARGO_TARGET_DIR").map_or_else(|| tree.path("target"), PathBuf::from);
        let given = std::path::absolute(given).map_err(|e| Failure::at(Path::new("target"), e))?;
        Ok(Self { krate: tree.path(FOLDER), build: given.join("fuzz"), kept: given.join("fuzz-kept") })
    }

    /// A folder that is there.
    fn folder(&self, what: &str, target: &str) -> Result<PathBuf, Failure> {
        let path = self.kept.join(what).join(target);
        fs::create_dir_all(&path).map_err(|e| Failure::at(&path, e))?;
        Ok(path)
    }
}

/// Runs the targets, one after the other, and says what came of each.
pub fn run(tree: &Tree, wanted: &Wanted) -> Result<(), Failure> {
    let targets = wanted.targets(&known(tree)?)?;
    if !is_installed() {
        println!("skipped: there is no cargo-fuzz, which `cargo install --locked cargo-fuzz` adds");
        return Ok(());
    }
    let place = Place::new(tree)?;
    // The same versions as everywhere in the project.
    let lock = place.krate.join(LOCK);
    fs::copy(tree.path(LOCK), &lock).map_err(|e| Failure::at(&lock, e))?;
    let mut outcomes = Vec::new();
    for target in &targets {
        println!("==> {target}");
        outcomes.push(fuzzed(&place, target, wanted)?);
    }
    println!("\n{}", outcome::table(&outcomes));
    let found = outcomes.iter().filter(|outcome| outcome.found).count();
    if found == 0 { Ok(()) } else { Err(Failure(format!("{found} targets found something; see above"))) }
}

/// Builds a target, lets it write its seeds and words, and runs it.
fn fuzzed(place: &Place, target: &str, wanted: &Wanted) -> Result<Outcome, Failure> {
    let build = [&["fuzz", "build"], CARGO_FUZZ, &[target]].concat();
    cargo_in(&place.krate, &build, |command| command.env("CARGO_TARGET_DIR", &place.build))?;
    let (seeds, corpus) = (place.folder("seeds", target)?, place.folder("corpus", target)?);
    let words = place.kept.join(format!("{target}.dict"));
    let started = cargo_fuzz(place, target)
        .args(["--", "-runs=0"])
        .env(SEEDS, &seeds)
        .env(WORDS, &words)
        .status()
        .map_err(|e| Failure(format!("{target}: {e}")))?;
    if !started.success() {
        return Err(Failure(format!("{target}: its seeds cannot be written: {started}")));
    }
    let artifacts = place.folder("artifacts", target)?;
    let mut command = cargo_fuzz(place, target);
    command.args([&corpus, &seeds]).arg("--").args(options(wanted, &words, &artifacts)).stderr(Stdio::piped());
    outcome::of(target, &mut command, &corpus)
}

/// `cargo fuzz run` of a target.
fn cargo_fuzz(place: &Place, target: &str) -> Command {
    let mut command = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.current_dir(&place.krate).env("CARGO_TARGET_DIR", &place.build);
    command.args(["fuzz", "run"]).args(CARGO_FUZZ).arg(target);
    command
}

/// What libFuzzer is told.
fn options(wanted: &Wanted, words: &Path, artifacts: &Path) -> Vec<String> {
    let mut options = vec![
        format!("-max_total_time={}", wanted.minutes.saturating_mul(60)),
        format!("-timeout={TIMEOUT}"),
        format!("-rss_limit_mb={MEMORY}"),
        format!("-artifact_prefix={}/", artifacts.display()),
        "-print_final_stats=1".to_owned(),
        "-entropic_scale_per_exec_time=1".to_owned(),
    ];
    if fs::metadata(words).is_ok_and(|file| file.len() > 0) {
        options.push(format!("-dict={}", words.display()));
    }
    options
}

/// The names of all targets.
fn known(tree: &Tree) -> Result<Vec<String>, Failure> {
    let files = tree.files_in(TARGETS, "rs")?;
    Ok(files.iter().filter_map(|path| Some(path.file_stem()?.to_str()?.to_owned())).collect())
}

fn is_installed() -> bool {
    let mut command = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    let status = command.args(["fuzz", "--version"]).stdout(Stdio::null()).stderr(Stdio::null()).status();
    status.is_ok_and(|status| status.success())
}
