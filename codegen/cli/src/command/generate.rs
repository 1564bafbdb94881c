//! `vmspec generate`: Rust from a spec.

use std::io;
use std::path::{Path, PathBuf};

use clap::Args;
use vmspec_codegen::output::{self, State};

use crate::message::MessageFormat;
use crate::outcome::Outcome;
use crate::screen::{GOOD, Screen};
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
    /// How errors of the spec are told
    #[arg(long, value_name = "FORMAT", default_value = "human")]
    message_format: MessageFormat,
}

impl Generate {
    /// Writes one file, named as the spec is.
    pub fn run(&self, screen: &mut Screen) -> io::Result<Outcome> {
        let source = match spec::from_file(&self.spec) {
            Ok(source) => source,
            Err(e) => {
                self.message_format.complain(&self.spec, &e.to_string(), screen)?;
                return Ok(Outcome::Failed);
            }
        };
        let generated = match vmspec_codegen::generate(&source) {
            Ok(generated) => generated,
            Err(failure) => {
                self.message_format.refuse(&failure, screen)?;
                return Ok(Outcome::Refused);
            }
        };
        let path = self.out.join(module_name(&self.spec));
        match output::write(&path, &generated.rust) {
            Ok(state) => {
                if self.message_format != MessageFormat::Json {
                    let word = if state == State::Fresh { "up to date" } else { "written" };
                    let lines = format!("({} lines)", generated.rust.lines().count());
                    screen.verdict(&path, (GOOD, word), &lines)?;
                }
                Ok(Outcome::Good)
            }
            Err(e) => {
                self.message_format.complain(&path, &e.to_string(), screen)?;
                Ok(Outcome::Failed)
            }
        }
    }
}

/// `vhdx.rs` for `specs/vhdx.yaml`.
fn module_name(spec: &Path) -> PathBuf {
    Path::new(spec.file_stem().unwrap_or_default()).with_extension("rs")
}
