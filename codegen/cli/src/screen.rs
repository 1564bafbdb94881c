//! Where results and complaints are printed, and in which colours.

use std::fmt::Display;
use std::io::{self, IsTerminal, StdoutLock, Write};
use std::path::Path;

use anstyle::{AnsiColor, Style};

/// Of good news.
pub const GOOD: Style = AnsiColor::Green.on_default().bold();
/// Of bad news.
pub const BAD: Style = AnsiColor::Red.on_default().bold();
/// Of what a line is about.
pub const HEAD: Style = Style::new().bold();

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

    /// Starts at the top of an empty terminal. A pipe or file goes on where it is.
    pub fn clear(&mut self) -> io::Result<()> {
        if io::stdout().is_terminal() { self.text("\x1b[2J\x1b[3J\x1b[H") } else { Ok(()) }
    }

    /// `FILE: verdict rest`, the verdict in its colour.
    pub fn verdict(&mut self, path: &Path, verdict: (Style, &str), rest: &str) -> io::Result<()> {
        let (style, word) = verdict;
        self.line(format_args!("{HEAD}{}{HEAD:#}: {style}{word}{style:#} {rest}", path.display()))
    }

    /// `FILE: what is wrong with it`.
    pub fn refuse(&mut self, path: &Path, message: impl Display) -> io::Result<()> {
        self.line(format_args!("{HEAD}{}{HEAD:#}: {message}", path.display()))
    }
}

/// Prints an error on standard error. Where that is closed there is nobody left to tell.
pub fn complain(message: &str) {
    let _ = writeln!(anstream::stderr(), "{BAD}error{BAD:#}: {message}");
}

/// Prints text that ends its lines itself on standard error.
pub fn warn(text: &str) {
    let _ = anstream::stderr().write_all(text.as_bytes());
}
