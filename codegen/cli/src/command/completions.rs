//! `vmspec completions`: what a shell needs to complete the words of the command line.

use std::io::{self, Write};

use clap::{Args, CommandFactory};
use clap_complete::Shell;

use crate::args::Cli;
use crate::outcome::Outcome;
use crate::screen;

/// Print what a shell needs to complete commands and options
#[derive(Debug, Args)]
#[command(after_help = "Where shells look for it:\n\
    \n  bash        ~/.local/share/bash-completion/completions/vmspec\
    \n  zsh         _vmspec in a folder of $fpath\
    \n  fish        ~/.config/fish/completions/vmspec.fish\
    \n  elvish      a line `eval (vmspec completions elvish | slurp)` in rc.elv\
    \n  powershell  a line `vmspec completions powershell | Out-String | Invoke-Expression` in $PROFILE")]
pub struct Completions {
    /// The shell
    #[arg(value_name = "SHELL")]
    shell: Shell,
}

impl Completions {
    /// Prints the script, which is for no reader's eyes and so has no colours.
    pub fn run(&self) -> io::Result<Outcome> {
        let mut script = Vec::new();
        clap_complete::generate(self.shell, &mut Cli::command(), "vmspec", &mut script);
        let mut out = screen::unchanged();
        out.write_all(&script)?;
        out.flush()?;
        Ok(Outcome::Good)
    }
}
