//! `vmspec dump`: what is in a file, as a tree, as JSON, byte by byte, or as a page.

use std::io::{self, Write};

use clap::Args;

use crate::command::page::Page;
use crate::dump::{self, Palette, View};
use crate::inspect::{Inspect, Inspected};
use crate::outcome::Outcome;
use crate::refusal::Refusal;
use crate::screen::{self, Screen};
use vmspec_codegen::interpret::Wanted;

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
/// Of a list that is read one by one, elements that are not shown are not looked at: `verify` does that. Any of them
/// can be shown with --path, such as table[70000].
#[derive(Debug, Args)]
#[command(
    after_help = "Exit status: 0 when the file was read, 1 when it is refused or has nothing at PATH, 2 when it \
    cannot be opened or read."
)]
pub struct Dump {
    #[command(flatten)]
    inspect: Inspect,
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
    /// "elements"} with the first 65,536 elements. Around it: "format", "value", "findings", "error", "end" and
    /// "behind", the number of bytes behind the end.
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
        match self.inspect.open() {
            Ok(inspected) => self.show(&inspected, screen),
            Err(refusal) => refusal.report(&self.inspect.file, screen),
        }
    }

    fn show(&self, inspected: &Inspected, screen: &mut Screen) -> io::Result<Outcome> {
        let reading = inspected.read(&self.wanted());
        let mut view = View::new(&inspected.format, &reading, &inspected.bytes);
        view.all = self.all;
        view.depth = self.depth.unwrap_or(usize::MAX);
        if let Some(path) = &self.path
            && let Err(not_found) = view.go_to(path)
        {
            return Refusal::from(not_found).report(&self.inspect.file, screen);
        }
        if !self.page.html {
            self.render(&view, screen)?;
        } else if let Err(refusal) = self.page.write(&view, &self.inspect.file, screen)? {
            return refusal.report(&self.inspect.file, screen);
        }
        Ok(reading.error.map_or(Outcome::Good, |error| match error.io {
            Some(_) => Outcome::Failed,
            None => Outcome::Refused,
        }))
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

    fn render(&self, view: &View<'_>, screen: &mut Screen) -> io::Result<()> {
        if self.form.json {
            let mut out = screen::unchanged();
            dump::json::write(view, self.form.places, &mut out)?;
            return out.flush();
        }
        let palette = Palette::new(screen.is_colored());
        let mut out = screen.buffered();
        if self.form.hex {
            dump::hex::write(view, &palette, &mut out)?;
        } else {
            dump::text::write(view, &palette, &mut out)?;
        }
        out.flush()
    }
}
