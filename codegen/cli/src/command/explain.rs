//! `vmspec explain`: what the codes of errors mean.

use std::io;

use clap::Args;
use vmspec_codegen::diagnostic::{Code, did_you_mean};

use crate::outcome::Outcome;
use crate::screen::{HEAD, Screen};

/// Say what rule of the spec language a code stands for, and what to do
#[derive(Debug, Args)]
pub struct Explain {
    /// Codes as they stand in errors, such as N002; all of them, a line each, when none is given
    #[arg(value_name = "CODE", value_parser = parse)]
    codes: Vec<Code>,
}

impl Explain {
    /// Prints what is known of each code.
    pub fn run(&self, screen: &mut Screen) -> io::Result<Outcome> {
        if self.codes.is_empty() {
            for code in Code::ALL {
                screen.line(format_args!("{HEAD}{code}{HEAD:#}  {}", code.title(), code = code.as_str()))?;
            }
        }
        for (i, code) in self.codes.iter().enumerate() {
            let between = if i == 0 { "" } else { "\n" };
            let (name, title) = (code.as_str(), code.title());
            screen.line(format_args!("{between}{HEAD}{name}: {title}{HEAD:#}\n{}", code.explain()))?;
        }
        Ok(Outcome::Good)
    }
}

/// A code by its name, in any case.
fn parse(text: &str) -> Result<Code, String> {
    let known = Code::ALL.iter().find(|code| code.as_str().eq_ignore_ascii_case(text));
    known.copied().ok_or_else(|| {
        let near = did_you_mean(text, Code::ALL.iter().map(|code| code.as_str()));
        near.map_or_else(|| "there is no such code".to_owned(), |near| format!("there is no such code; {near}"))
    })
}
