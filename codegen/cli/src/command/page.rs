//! `vmspec dump --html`: where the page goes.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use clap::Args;

use crate::dump::{self, Then, View};
use crate::refusal::Refusal;
use crate::screen::{self, GOOD, Screen};

/// Whether a page is made, and where it goes.
#[derive(Debug, Args)]
pub struct Page {
    /// Make a page for a browser: the fields beside the bytes, each leading to the other
    ///
    /// The page is one file that needs nothing else. Of payload and of long lists it has the two
    /// ends, so that it stays small however large FILE is.
    #[arg(long, conflicts_with_all = ["json", "hex", "all", "depth"])]
    pub html: bool,
    /// Write the page to this file, over what is there; without it, to standard output
    #[arg(short, long, value_name = "OUT", requires = "html")]
    out: Option<PathBuf>,
}

impl Page {
    /// Makes the page. Of one in a file it is said where it is, and why the value was refused if it was.
    pub fn write(
        &self,
        (view, then): (&View<'_>, Option<&Then<'_>>),
        file: &Path,
        screen: &mut Screen,
    ) -> io::Result<Result<(), Refusal>> {
        let called = file.file_name().unwrap_or(file.as_os_str()).to_string_lossy();
        let page = match dump::html::page(view, then, &called) {
            Ok(page) => page,
            Err(e) => return Ok(Err(Refusal::Io(e))),
        };
        let Some(out) = &self.out else {
            let mut to = screen::unchanged();
            to.write_all(page.as_bytes())?;
            return to.flush().map(Ok);
        };
        if let Err(refusal) = put(out, &page, file) {
            return Ok(Err(refusal));
        }
        screen.verdict(file, (GOOD, "shown"), &format!("in {}", out.display()))?;
        view.reading.error.as_ref().map_or(Ok(()), |error| screen.refuse(file, error))?;
        match then {
            Some(Then::Refused(why)) => screen.refuse(file, why),
            Some(Then::Shown(view)) => view.reading.error.as_ref().map_or(Ok(()), |error| screen.refuse(file, error)),
            None => Ok(()),
        }
        .map(Ok)
    }
}

fn put(out: &Path, page: &str, file: &Path) -> Result<(), Refusal> {
    if is_same(file, out) {
        let message = format!("{} is the file that is shown; the page has to go elsewhere", out.display());
        return Err(Refusal::Choice(message));
    }
    fs::write(out, page).map_err(|e| Refusal::Elsewhere(out.to_owned(), e))
}

/// Whether both lead to one file, by whatever path or link.
fn is_same(file: &Path, other: &Path) -> bool {
    matches!((file.canonicalize(), other.canonicalize()), (Ok(a), Ok(b)) if a == b)
}
