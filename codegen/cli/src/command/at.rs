//! `vmspec at`: what one byte of a file is.

use std::io::{self, Write};

use clap::Args;
use vmspec_codegen::interpret::{Bytes, Reading, Wanted};

use crate::dump::{self, Palette, Seen, View};
use crate::inspect::{Inspect, Inspected};
use crate::offset;
use crate::outcome::Outcome;
use crate::screen::Screen;
use crate::stream::Carried;

/// Say which field holds a byte of a file
///
/// Names the field and all that it lies in, outermost first, with offset and size; then its type, its
/// value, and what the spec says of it and where. In the log of a VHDX file that is the entry and the descriptor; a
/// byte of its tables is explained as it is if the log is replayed, which is said then, and nothing is written.
#[derive(Debug, Args)]
#[command(after_help = "Exit status: 0 when a field holds the byte, 1 when none does, 2 when the file \
    cannot be opened or read.")]
pub struct At {
    #[command(flatten)]
    inspect: Inspect,
    #[command(flatten)]
    carried: Carried,
    /// Where the byte is, from the start of the file (512, 0x200, 64K)
    #[arg(value_name = "OFFSET", value_parser = offset::parse)]
    byte: u64,
}

impl At {
    /// Reads the file and explains the byte.
    pub fn run(&self, screen: &mut Screen) -> io::Result<Outcome> {
        match self.inspect.open_carried(&self.carried) {
            Ok(inspected) => self.show(&inspected, screen),
            Err(refusal) => refusal.report(&self.inspect.file, screen),
        }
    }

    fn show(&self, inspected: &Inspected, screen: &mut Screen) -> io::Result<Outcome> {
        let reading = self.read(&inspected.bytes, inspected, &|wanted| inspected.read_with_journals(wanted));
        let mut view = View::new(&inspected.format, &reading, &inspected.bytes);
        view.seen = inspected.has_journal().then_some(Seen::AsItLies);
        // What no field of the file as it lies there has may be one of its tables.
        let asked = dump::is_between(&view, self.byte) || self.byte >= view.top.node.end();
        let replayed = asked.then(|| inspected.replayed(&self.inspect.file)).flatten().and_then(Result::ok);
        let Some(replayed) = replayed else { return self.write(&view, screen) };
        let reading = self.read(&replayed.bytes, inspected, &|wanted| replayed.read(inspected, wanted));
        let mut tables = View::new(&inspected.format, &reading, &replayed.bytes);
        tables.seen = Some(replayed.seen.clone());
        let is_known = self.byte < tables.top.node.end() && !dump::is_between(&tables, self.byte);
        self.write(if is_known { &tables } else { &view }, screen)
    }

    /// Reads what holds the byte: of lists that are read one by one, and of journals, what it lies in.
    fn read(&self, bytes: &dyn Bytes, inspected: &Inspected, read: &dyn Fn(&Wanted) -> Reading) -> Reading {
        let mut wanted = Wanted::default();
        loop {
            let reading = read(&wanted);
            let element = dump::lazy_element(&View::new(&inspected.format, &reading, bytes), self.byte);
            match element.filter(|path| !wanted.paths.contains(path)) {
                Some(path) => wanted.paths.push(path),
                None => return reading,
            }
        }
    }

    fn write(&self, view: &View<'_>, screen: &mut Screen) -> io::Result<Outcome> {
        let palette = Palette::new(screen.is_colored());
        let mut out = screen.buffered();
        dump::text::heading(view, &palette, &mut out)?;
        let found = dump::place::write(view, self.byte, &palette, &mut out)?;
        out.flush()?;
        Ok(if found { Outcome::Good } else { Outcome::Refused })
    }
}
