//! `vmspec check`: whether specs say something that can be generated.

use std::io;
use std::path::{Path, PathBuf};

use clap::Args;
use vmspec_codegen::Checked;

use crate::outcome::Outcome;
use crate::screen::{GOOD, Screen};
use crate::spec;

/// Check specs without generating anything
#[derive(Debug, Args)]
#[command(after_help = "Exit status: 0 when every spec is right, 1 when one is not, \
    2 when one cannot be read.")]
pub struct Check {
    /// List the fields that others fix, and what fixes them
    #[arg(long)]
    driven: bool,
    /// One line for each error, as editors like them
    #[arg(long)]
    short: bool,
    /// The specs to check
    #[arg(required = true, value_name = "SPEC")]
    specs: Vec<PathBuf>,
}

impl Check {
    /// Looks at every spec, also after one that fails.
    pub fn run(&self, screen: &mut Screen) -> io::Result<Outcome> {
        let mut worst = Outcome::Good;
        for path in &self.specs {
            worst = worst.max(self.check(path, screen)?);
        }
        Ok(worst)
    }

    fn check(&self, path: &Path, screen: &mut Screen) -> io::Result<Outcome> {
        let Some(source) = spec::open(path) else {
            return Ok(Outcome::Failed);
        };
        match vmspec_codegen::check(&source) {
            Ok(checked) => self.report(path, &checked, screen),
            Err(failure) if self.short => screen.text(&failure.render_short()).map(|()| Outcome::Refused),
            Err(failure) => screen.text(&spec::render(&failure)).map(|()| Outcome::Refused),
        }
    }

    fn report(&self, path: &Path, checked: &Checked, screen: &mut Screen) -> io::Result<Outcome> {
        screen.verdict(path, (GOOD, "ok"), &format!("({})", checked.id))?;
        if self.driven {
            for driven in &checked.driven {
                screen.line(format_args!("  line {}: {} is the {}", driven.line, driven.field, driven.by))?;
            }
        }
        Ok(Outcome::Good)
    }
}
