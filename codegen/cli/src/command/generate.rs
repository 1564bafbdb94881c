//! `vmspec generate`: Rust from a spec.

use std::io;
use std::path::{Path, PathBuf};

use clap::Args;
use vmspec_codegen::output::{self, State};

use crate::outcome::Outcome;
use crate::screen::{self, GOOD, Screen};
use crate::spec;

/// Generate a Rust module from a spec
///
/// The module calls the crate `vmspec-runtime` and needs no other. A file that is up to date is left alone.
#[derive(Debug, Args)]
#[command(after_help = "Exit status: 0 when the module is there, 1 when the spec is wrong, \
    2 when a file cannot be read or written.")]
pub struct Generate {
    /// The spec
    #[arg(value_name = "SPEC")]
    spec: PathBuf,
    /// The folder for the module, made if missing
    #[arg(short, long, value_name = "DIR")]
    out: PathBuf,
}

impl Generate {
    /// Writes one file, named as the spec is.
    pub fn run(&self, screen: &mut Screen) -> io::Result<Outcome> {
        let Some(source) = spec::open(&self.spec) else {
            return Ok(Outcome::Failed);
        };
        let generated = match vmspec_codegen::generate(&source) {
            Ok(generated) => generated,
            Err(failure) => {
                screen.text(&spec::render(&failure))?;
                return Ok(Outcome::Refused);
            }
        };
        let path = self.out.join(module_name(&self.spec));
        match output::write(&path, &generated.rust) {
            Ok(state) => {
                let word = if state == State::Fresh { "up to date" } else { "written" };
                let lines = format!("({} lines)", generated.rust.lines().count());
                screen.verdict(&path, (GOOD, word), &lines)?;
                Ok(Outcome::Good)
            }
            Err(e) => {
                screen::complain(&format!("{}: {e}", path.display()));
                Ok(Outcome::Failed)
            }
        }
    }
}

/// `vhdx.rs` for `specs/vhdx.yaml`.
fn module_name(spec: &Path) -> PathBuf {
    Path::new(spec.file_stem().unwrap_or_default()).with_extension("rs")
}
