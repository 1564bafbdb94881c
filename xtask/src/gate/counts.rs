//! Instructions counted by Valgrind: those of a case run some times, taken from those of it run twice as often. What is left is
//! the work alone.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use crate::chore::Failure;
use crate::ci::cargo;
use crate::tree::Tree;

/// In one unit: what is inlined must not depend on how the rest of the crate happens to be split.
const BUILD: &[&str] = &[
    "build",
    "--quiet",
    "--release",
    "--package",
    "vmspec-bench",
    "--config",
    "profile.release.package.vmspec-bench.codegen-units=1",
];
const COUNT: &[&str] = &["--tool=cachegrind", "--cache-sim=no", "--cachegrind-out-file=/dev/null"];

/// A group of `bench` whose cases are counted.
struct Group {
    name: &'static str,
    /// How often a case is run at first.
    times: u64,
    /// Cases of generated code.
    gated: &'static [&'static str],
    /// What the first one is compared with.
    others: &'static [&'static str],
}

/// What all are compared with.
const DERIVE: &str = "derive";

#[rustfmt::skip]
const GROUPS: &[Group] = &[
    Group { name: "descriptors", times: 20, gated: &["read", "slice", "parse", "views", "checked"], others: &[] },
    Group { name: "descriptors-write", times: 20, gated: &["write", "write-to", "to-bytes"], others: &[] },
    Group { name: "entry", times: 1, gated: &["read", "slice", "borrowed"], others: &[] },
    Group { name: "log-scan", times: 20, gated: &["head"], others: &[] },
    Group { name: "pages-few", times: 4, gated: &["read", "pull", "slice"], others: &[] },
    Group { name: "header", times: 4, gated: &["read", "slice", "parse", "views", "checked"], others: &["checking"] },
    Group { name: "header-write", times: 4, gated: &["write", "write-to", "to-bytes"], others: &[] },
    Group { name: "sections", times: 1, gated: &["read", "slice", "stream", "views"], others: &[] },
    Group { name: "sections-write", times: 1, gated: &["write", "write-to"], others: &[] },
];

/// What was counted of a case.
#[derive(Clone, Debug)]
pub struct Counted {
    /// The group that it is of.
    pub group: &'static str,
    /// What it is called.
    pub case: &'static str,
    /// How many instructions it takes.
    pub instructions: f64,
    /// How many times as many the derive takes.
    pub ratio: f64,
    /// Whether it is generated code.
    pub gated: bool,
}

/// Counts all cases. None, and a word about it, where that cannot be.
pub fn counted(tree: &Tree) -> Result<Option<Vec<Counted>>, Failure> {
    if let Some(why) = missing() {
        println!("skipped: {why}");
        return Ok(None);
    }
    cargo(tree, BUILD)?;
    let program = tree.target()?.join("release/vmspec-bench");
    let jobs: Vec<Job> = GROUPS.iter().flat_map(jobs).collect();
    let instructions = all(&program, &jobs)?;
    let counted = jobs.iter().zip(&instructions).filter(|(job, _)| job.case != DERIVE).map(|(job, own)| {
        let derive = jobs.iter().zip(&instructions).find(|(it, _)| it.group == job.group && it.case == DERIVE);
        let ratio = derive.map_or(0.0, |(_, derive)| derive / own);
        Counted { group: job.group, case: job.case, instructions: *own, ratio, gated: job.gated }
    });
    Ok(Some(counted.collect()))
}

/// Why nothing can be counted.
fn missing() -> Option<&'static str> {
    if !cfg!(all(target_arch = "x86_64", target_os = "linux")) {
        return Some("the baseline is of instructions of x86-64 on Linux");
    }
    let found = Command::new("valgrind").arg("--version").output().is_ok_and(|it| it.status.success());
    (!found).then_some("valgrind is not installed")
}

/// A case to be counted.
struct Job {
    group: &'static str,
    case: &'static str,
    times: u64,
    gated: bool,
}

fn jobs(group: &'static Group) -> impl Iterator<Item = Job> {
    let job = |case, gated| Job { group: group.name, case, times: group.times, gated };
    let others = [DERIVE].into_iter().chain(group.others.iter().copied()).map(move |case| job(case, false));
    others.chain(group.gated.iter().map(move |case| job(case, true)))
}

/// Counts them side by side: other programs do not change what is counted.
fn all(program: &Path, jobs: &[Job]) -> Result<Vec<f64>, Failure> {
    let next = AtomicUsize::new(0);
    let worker = || {
        let mut done = Vec::new();
        while let Some((i, job)) = Some(next.fetch_add(1, Ordering::Relaxed)).and_then(|i| Some((i, jobs.get(i)?))) {
            done.push((i, job.count(program)));
        }
        done
    };
    let workers = thread::available_parallelism().map_or(1, usize::from);
    let mut done: Vec<_> = thread::scope(|scope| {
        let started: Vec<_> = (0..workers).map(|_| scope.spawn(worker)).collect();
        started.into_iter().filter_map(|it| it.join().ok()).flatten().collect()
    });
    done.sort_by_key(|(i, _)| *i);
    done.into_iter().map(|(_, count)| count).collect()
}

impl Job {
    fn count(&self, program: &Path) -> Result<f64, Failure> {
        let (once, twice) = (self.run(program, self.times)?, self.run(program, self.times.saturating_mul(2))?);
        #[allow(clippy::as_conversions, clippy::cast_precision_loss, reason = "counts of far less than 2^53")]
        let count = twice.saturating_sub(once) as f64 / self.times as f64;
        if count > 0.0 {
            Ok(count)
        } else {
            Err(Failure(format!("{} {} takes no instructions", self.group, self.case)))
        }
    }

    /// Instructions of the program that runs the case so many times, and of all that it does before.
    fn run(&self, program: &Path, times: u64) -> Result<u64, Failure> {
        let program: PathBuf = program.into();
        let mut command = Command::new("valgrind");
        command.args(COUNT).arg(program).args(["--case", self.group, self.case, &times.to_string()]);
        let output = command.output().map_err(|e| Failure(format!("valgrind: {e}")))?;
        let said = String::from_utf8_lossy(&output.stderr);
        let count = said.lines().find_map(|line| line.split_once("I   refs:")?.1.trim().replace(',', "").parse().ok());
        match count {
            Some(count) if output.status.success() => Ok(count),
            _ => Err(Failure(format!("{} {}: nothing was counted\n{said}", self.group, self.case))),
        }
    }
}
