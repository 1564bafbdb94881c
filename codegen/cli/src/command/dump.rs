//! `vmspec dump`: what is in a file, as a tree, as JSON, byte by byte, or as a page.

use std::io::{self, Write};

use clap::Args;

use crate::command::page::Page;
use crate::dump::{self, Palette, Seen, Then, View};
use crate::inspect::{Inspect, Inspected};
use crate::outcome::Outcome;
use crate::refusal::Refusal;
use crate::replayed::{self, Replayed};
use crate::screen::{self, Screen};
use crate::stream::Carried;
use vmspec::Class;
use vmspec_codegen::interpret::{Reading, Wanted};

/// Most elements that are held of a list that is read one by one: without more said, in a page, in JSON, with `--all`.
const FIRST_ELEMENTS: u64 = 20;
const PAGE_ELEMENTS: u64 = 200;
const JSON_ELEMENTS: u64 = 1 << 16;
const ALL_ELEMENTS: u64 = 1 << 18;

/// Show what is in a file, field by field
///
/// Each line is a field: its name, its value, its offset and its size in bytes, then what it follows
/// from. What is wrong stands below the field it is about, and once more at the end. A file that is
/// refused is shown as far as it was read.
///
/// Of a list that is read one by one, elements that are not shown are not looked at; any of them can be shown with
/// --path, such as table[70000]. `verify` looks at all of them in a VHDX file.
///
/// A journal is shown as it lies in the file: its entries, which of them would be replayed, and what looks like an entry
/// and is none, and why. The tables of a VHDX file come behind that, read as if its log were replayed; nothing is
/// written. For a spec of your own, what lies in the file is all that is shown.
#[derive(Debug, Args)]
#[command(
    after_help = "Exit status: 0 when the file was read, 1 when it is refused or has nothing at PATH, 2 when it \
    cannot be opened or read."
)]
pub struct Dump {
    #[command(flatten)]
    inspect: Inspect,
    #[command(flatten)]
    carried: Carried,
    #[command(flatten)]
    form: Form,
    #[command(flatten)]
    page: Page,
    /// Leave nothing out: absent fields, long lists, long texts; with --hex also payload. Of a list that is read one by
    /// one, the first 262,144 elements
    #[arg(long, conflicts_with = "json")]
    all: bool,
    /// Go N levels deep
    #[arg(long, value_name = "N", conflicts_with = "hex")]
    depth: Option<usize>,
    /// Show this field with all that is in it, such as header.version or records[2]
    #[arg(long, value_name = "PATH")]
    path: Option<String>,
}

/// What the file is shown as.
#[derive(Debug, Args)]
struct Form {
    /// Write JSON, for programs such as jq
    ///
    /// Structs are objects and lists are arrays, under the names of the spec. A known enum value is
    /// its name, an unknown one {"unknown": n}; flags are an array of names; a switch is {"case":
    /// content}; bytes are hex digits; payload, zeros and padding are {"offset": n, "length": n};
    /// what is absent is null. A list that is read one by one is {"offset", "length", "count",
    /// "elements"} with the first 65,536 elements. A journal is {"offset", "length", "live", "active", "entries",
    /// "rejected"} and more, an entry {"index", "offset", "length", "turn", "value"}. Around it: "format", "value", "findings", "error", "end" and
    /// "behind", the number of bytes behind the end; where there is a journal "seen", what it was read from, and
    /// for a VHDX file "replayed", the same again of its tables.
    #[arg(long, conflicts_with = "hex")]
    json: bool,
    /// In JSON, give each struct its place as "@": [offset, length]
    #[arg(long, requires = "json")]
    places: bool,
    /// Show the bytes, each field from a row of its own on
    #[arg(long)]
    hex: bool,
}

impl Dump {
    /// Reads the file and shows it.
    pub fn run(&self, screen: &mut Screen) -> io::Result<Outcome> {
        match self.inspect.open_carried(&self.carried) {
            Ok(inspected) => self.show(&inspected, screen),
            Err(refusal) => refusal.report(&self.inspect.file, screen),
        }
    }

    fn show(&self, inspected: &Inspected, screen: &mut Screen) -> io::Result<Outcome> {
        let replayed = || inspected.replayed(&self.inspect.file);
        if let Some(replayed) = replayed::is_of_tables(inspected).then(replayed).flatten() {
            return match replayed {
                Ok(replayed) => {
                    let reading = replayed.read(inspected, &self.wanted());
                    self.put(self.replayed(inspected, &replayed, &reading), None, screen)
                }
                Err(e) => Refusal::from(e).report(&self.inspect.file, screen),
            };
        }
        let reading = inspected.read_with_journals(&self.wanted());
        let mut view = self.view(View::new(&inspected.format, &reading, &inspected.bytes));
        view.seen = inspected.has_journal().then_some(Seen::AsItLies);
        match reading.error.is_none().then(replayed).flatten() {
            None => self.put(view, None, screen),
            Some(Err(e)) if e.class() == Class::Io => Refusal::from(e).report(&self.inspect.file, screen),
            Some(Err(e)) => self.put(view, Some(Then::Refused(e)), screen),
            Some(Ok(replayed)) => {
                let reading = replayed.read(inspected, &self.wanted());
                let then = self.replayed(inspected, &replayed, &reading);
                self.put(view, Some(Then::Shown(Box::new(then))), screen)
            }
        }
    }

    /// What was read through the log.
    fn replayed<'a>(&self, inspected: &'a Inspected, replayed: &'a Replayed, reading: &'a Reading) -> View<'a> {
        let mut view = self.view(View::new(&inspected.format, reading, &replayed.bytes));
        view.seen = Some(replayed.seen.clone());
        view
    }

    fn view<'a>(&self, mut view: View<'a>) -> View<'a> {
        view.all = self.all;
        view.depth = self.depth.unwrap_or(usize::MAX);
        view
    }

    /// Shows what is asked for; of two, what is at a path is looked for in the first one first.
    fn put<'a>(&self, mut view: View<'a>, mut then: Option<Then<'a>>, screen: &mut Screen) -> io::Result<Outcome> {
        if let Some(path) = &self.path {
            match (view.go_to(path), then.take()) {
                (Ok(()), _) => {}
                (Err(not_found), Some(Then::Shown(mut other))) => match other.go_to(path) {
                    Ok(()) => view = *other,
                    Err(_) => return Refusal::from(not_found).report(&self.inspect.file, screen),
                },
                (Err(not_found), _) => return Refusal::from(not_found).report(&self.inspect.file, screen),
            }
        }
        if !self.page.html {
            self.render(&view, then.as_ref(), screen)?;
        } else if let Err(refusal) = self.page.write((&view, then.as_ref()), &self.inspect.file, screen)? {
            return refusal.report(&self.inspect.file, screen);
        }
        let behind = match &then {
            None => Outcome::Good,
            Some(Then::Shown(view)) => outcome(view),
            Some(Then::Refused(_)) => Outcome::Refused,
        };
        Ok(outcome(&view).max(behind))
    }

    /// How much of lists that are read one by one is shown: as much as of others, as far as there is memory for it.
    fn wanted(&self) -> Wanted {
        let first = match (self.form.json, self.all) {
            (true, _) => JSON_ELEMENTS,
            (false, true) => ALL_ELEMENTS,
            (false, false) if self.page.html => PAGE_ELEMENTS,
            (false, false) => FIRST_ELEMENTS,
        };
        Wanted { first, paths: self.path.iter().cloned().collect(), checked: false }
    }

    fn render(&self, view: &View<'_>, then: Option<&Then<'_>>, screen: &mut Screen) -> io::Result<()> {
        if self.form.json {
            let mut out = screen::unchanged();
            dump::json::write(view, then, self.form.places, &mut out)?;
            return out.flush();
        }
        let palette = Palette::new(screen.is_colored());
        let mut out = screen.buffered();
        self.write(view, &palette, &mut out)?;
        match then {
            None => {}
            Some(Then::Shown(view)) => {
                writeln!(out)?;
                self.write(view, &palette, &mut out)?;
            }
            Some(Then::Refused(why)) => {
                let style = palette.error;
                writeln!(out, "\n{style}the log cannot be replayed, so there are no tables to show{style:#}: {why}")?;
            }
        }
        out.flush()
    }

    fn write(&self, view: &View<'_>, palette: &Palette, out: &mut dyn Write) -> io::Result<()> {
        if self.form.hex { dump::hex::write(view, palette, out) } else { dump::text::write(view, palette, out) }
    }
}

fn outcome(view: &View<'_>) -> Outcome {
    view.reading.error.as_ref().map_or(Outcome::Good, |error| match error.io {
        Some(_) => Outcome::Failed,
        None => Outcome::Refused,
    })
}
