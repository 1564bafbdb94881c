//! Where results and complaints are printed, and in which colours.

use std::fmt::Display;
use std::io::{self, BufWriter, IsTerminal, StdoutLock, Write};
use std::path::Path;

use anstyle::{AnsiColor, Style};
use vmspec::format::Report;

/// Of good news.
pub const GOOD: Style = AnsiColor::Green.on_default().bold();
/// Of bad news.
pub const BAD: Style = AnsiColor::Red.on_default().bold();
/// Of what a line is about.
pub const HEAD: Style = Style::new().bold();

/// How much is printed at a time, where there is much.
const STEP: usize = 64 << 10;

/// Standard output. Colours go only where they are wanted.
pub struct Screen(anstream::AutoStream<StdoutLock<'static>>);

impl Screen {
    /// Takes standard output.
    pub fn new() -> Self {
        Self(anstream::stdout().lock())
    }

    /// Prints one line.
    pub fn line(&mut self, text: impl Display) -> io::Result<()> {
        writeln!(self.0, "{text}")
    }

    /// Prints text that ends its lines itself.
    pub fn text(&mut self, text: &str) -> io::Result<()> {
        self.0.write_all(text.as_bytes())
    }

    /// Whether what is printed should have colours.
    pub fn is_colored(&self) -> bool {
        self.0.current_choice() != anstream::ColorChoice::Never
    }

    /// For very many lines: they are printed in large pieces. Flush it at the end.
    pub fn buffered(&mut self) -> impl Write {
        BufWriter::with_capacity(STEP, &mut self.0)
    }

    /// Starts at the top of an empty terminal. A pipe or file goes on where it is.
    pub fn clear(&mut self) -> io::Result<()> {
        if io::stdout().is_terminal() { self.text("\x1b[2J\x1b[3J\x1b[H") } else { Ok(()) }
    }

    /// `FILE: verdict rest`, the verdict in its colour.
    pub fn verdict(&mut self, path: &Path, verdict: (Style, &str), rest: &str) -> io::Result<()> {
        let (style, word) = verdict;
        self.line(format_args!("{HEAD}{}{HEAD:#}: {style}{word}{style:#} {rest}", path.display()))
    }

    /// Lists findings, with something in front of each.
    pub fn findings(&mut self, place: &str, report: &Report) -> io::Result<()> {
        for finding in &report.findings {
            self.line(format_args!("  {place}{finding}"))?;
        }
        if report.left_out > 0 {
            self.line(format_args!("  and {} more", report.left_out))?;
        }
        Ok(())
    }

    /// `FILE: what is wrong with it`.
    pub fn refuse(&mut self, path: &Path, message: impl Display) -> io::Result<()> {
        self.line(format_args!("{HEAD}{}{HEAD:#}: {message}", path.display()))
    }
}

/// Standard output for what is no text for people: it is not looked through for colours to take out. Flush it at the end.
pub fn unchanged() -> impl Write {
    // The lock may be this thread's already, which can take it again.
    BufWriter::with_capacity(STEP, io::stdout().lock())
}

/// Prints an error on standard error. Where that is closed there is nobody left to tell.
pub fn complain(message: &str) {
    let _ = writeln!(anstream::stderr(), "{BAD}error{BAD:#}: {message}");
}

/// Prints text that ends its lines itself on standard error.
pub fn warn(text: &str) {
    let _ = anstream::stderr().write_all(text.as_bytes());
}
