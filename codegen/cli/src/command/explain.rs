//! `vmspec explain`: what the codes of errors mean.

use std::io;

use clap::Args;
use vmspec_codegen::catalogue::{Change, Example, Line};
use vmspec_codegen::diagnostic::{Code, Style, did_you_mean};

use crate::outcome::Outcome;
use crate::screen::{BAD, GOOD, HEAD, Screen};

/// Say what rule of the spec language a code stands for, with an example
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
            if i > 0 {
                screen.line("")?;
            }
            tell(*code, screen)?;
        }
        Ok(Outcome::Good)
    }
}

/// What a rule is, what is said where it is broken, and what puts that right.
fn tell(code: Code, screen: &mut Screen) -> io::Result<()> {
    let (name, title) = (code.as_str(), code.title());
    screen.line(format_args!("{HEAD}{name}: {title}{HEAD:#}\n{}", code.explain()))?;
    let example = Example::of(code);
    let style = if screen.is_colored() { Style::Color } else { Style::Plain };
    screen.line(format_args!("\n{HEAD}Such as{HEAD:#}\n"))?;
    if let Some(failure) = example.failure() {
        screen.line(failure.diagnostics.render_each(&failure.sources, style).join("\n\n"))?;
    }
    screen.line(format_args!("\n{HEAD}What puts it right{HEAD:#}\n"))?;
    example.lines().iter().try_for_each(|line| change(*line, screen))?;
    let legend = example.legend().join(" ");
    if legend.is_empty() { Ok(()) } else { screen.line(format_args!("\n{legend}")) }
}

/// A line of an example, behind a mark where only one of the two specs has it.
fn change(line: Line, screen: &mut Screen) -> io::Result<()> {
    let (mark, text) = (line.change.mark(), line.text);
    match line.change {
        Change::Neither => screen.line(format_args!("  {text}")),
        Change::Removed => screen.line(format_args!("{BAD}{mark} {text}{BAD:#}")),
        Change::Added => screen.line(format_args!("{GOOD}{mark} {text}{GOOD:#}")),
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
