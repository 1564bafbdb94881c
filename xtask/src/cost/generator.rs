//! How long `vmspec`, built for release, takes for all formats that are shipped.

use std::path::Path;
use std::process::{Command, Stdio};

use super::{Line, formats, median, shown, timed};
use crate::chore::Failure;
use crate::ci::cargo;
use crate::tree::Tree;

const BUILD: &[&str] = &["build", "--quiet", "--release", "--package", "vmspec-cli"];
const TIMES: usize = 5;

/// Generates and checks some times.
pub fn measured(tree: &Tree, target: &Path) -> Result<Vec<Line>, Failure> {
    cargo(tree, BUILD)?;
    let program = tree.target()?.join("release/vmspec");
    let specs: Vec<String> = formats(tree)?.iter().map(|path| shown(path)).collect();
    let out = shown(&target.join("generated"));
    let (mut generating, mut checking) = (Vec::new(), Vec::new());
    for _ in 0..TIMES {
        generating
            .push(timed(|| specs.iter().try_for_each(|spec| call(&program, &["generate", spec, "--out", &out])))?);
        let words: Vec<&str> = ["check"].into_iter().chain(specs.iter().map(String::as_str)).collect();
        checking.push(timed(|| call(&program, &words))?);
    }
    Ok(vec![
        Line::time(format!("generating all {} formats, one program each", specs.len()), median(generating)),
        Line::time("checking them, one program", median(checking)),
    ])
}

fn call(program: &Path, words: &[&str]) -> Result<(), Failure> {
    let status = Command::new(program).args(words).stdout(Stdio::null()).status();
    match status {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err(Failure(format!("vmspec {}: {status}", words.join(" ")))),
        Err(e) => Err(Failure::at(program, e)),
    }
}
