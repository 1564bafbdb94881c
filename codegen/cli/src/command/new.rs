//! `vmspec new`: a spec to go on from.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use clap::Args;
use vmspec_codegen::schema;
use vmspec_codegen::source::Source;

use crate::outcome::Outcome;
use crate::screen::{self, GOOD, Screen};
use crate::spec;

/// With `NAME` where the format's name stands, and `MAGIC` where its bytes do.
const STARTER: &str = include_str!("starter.yaml");

/// Write a first spec, with comments, to go on from
///
/// Where the folder has the schema of the language (`vmspec schema -o DIR/spec.schema.json`), the first line of the
/// spec names it, so that editors complete keys and say what they mean.
#[derive(Debug, Args)]
#[command(after_help = "Exit status: 0 when the spec is there, 1 when a format cannot be called so, \
    2 when there is such a file already, or it cannot be written.")]
pub struct New {
    /// The name of the format, which its file gets too: lower case letters, digits and `_`
    #[arg(value_name = "NAME")]
    name: String,
    /// The folder for the spec, made if missing
    #[arg(short, long, value_name = "DIR")]
    out: Option<PathBuf>,
}

impl New {
    /// Writes the spec, unless there is such a file.
    pub fn run(&self, screen: &mut Screen) -> io::Result<Outcome> {
        let file = format!("{}.yaml", self.name);
        let folder = self.out.as_deref().unwrap_or(Path::new(""));
        let text = format!("{}{}", modeline(folder), starter(&self.name));
        let source = Source::memory(&file, [(file.clone(), text.clone())].into());
        if let Err(failure) = vmspec_codegen::check(&source) {
            screen.text(&spec::render(&failure))?;
            return Ok(Outcome::Refused);
        }
        let path = folder.join(file);
        if let Err(e) = put(&path, &text) {
            screen::complain(&format!("{}: {e}", path.display()));
            return Ok(Outcome::Failed);
        }
        screen.verdict(&path, (GOOD, "written"), &format!("({} lines)", text.lines().count()))?;
        Ok(Outcome::Good)
    }
}

fn starter(name: &str) -> String {
    let magic = name.bytes().fold(String::new(), |hex, byte| format!("{hex}{byte:02x}"));
    STARTER.replace("NAME", name).replace("MAGIC", &magic)
}

/// The line that names the schema, where there is one.
fn modeline(folder: &Path) -> String {
    if folder.join(schema::FILE_NAME).is_file() {
        format!("# yaml-language-server: $schema={}\n", schema::FILE_NAME)
    } else {
        String::new()
    }
}

fn put(path: &Path, text: &str) -> io::Result<()> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    File::create_new(path)?.write_all(text.as_bytes())
}
