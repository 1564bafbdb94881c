//! `vmspec at`: what one byte of a file is.

use std::io::{self, Write};

use clap::Args;
use vmspec_codegen::interpret::Wanted;

use crate::dump::{self, Palette, View};
use crate::inspect::{Inspect, Inspected};
use crate::offset;
use crate::outcome::Outcome;
use crate::screen::Screen;

/// Say which field holds a byte of a file
///
/// Names the field and all that it lies in, outermost first, with offset and size; then its type, its
/// value, and what the spec says of it and where.
#[derive(Debug, Args)]
#[command(after_help = "Exit status: 0 when a field holds the byte, 1 when none does, 2 when the file \
    cannot be opened or read.")]
pub struct At {
    #[command(flatten)]
    inspect: Inspect,
    /// Where the byte is, from the start of the file (512, 0x200, 64K)
    #[arg(value_name = "OFFSET", value_parser = offset::parse)]
    byte: u64,
}

impl At {
    /// Reads the file and explains the byte.
    pub fn run(&self, screen: &mut Screen) -> io::Result<Outcome> {
        match self.inspect.open() {
            Ok(inspected) => self.show(&inspected, screen),
            Err(refusal) => refusal.report(&self.inspect.file, screen),
        }
    }

    fn show(&self, inspected: &Inspected, screen: &mut Screen) -> io::Result<Outcome> {
        let mut reading = inspected.read(&Wanted::default());
        let element = dump::lazy_element(&View::new(&inspected.format, &reading, &inspected.bytes), self.byte);
        if let Some(path) = element {
            reading = inspected.read(&Wanted { paths: vec![path], ..Wanted::default() });
        }
        let view = View::new(&inspected.format, &reading, &inspected.bytes);
        let palette = Palette::new(screen.is_colored());
        let mut out = screen.buffered();
        let found = dump::place::write(&view, self.byte, &palette, &mut out)?;
        out.flush()?;
        Ok(if found { Outcome::Good } else { Outcome::Refused })
    }
}
