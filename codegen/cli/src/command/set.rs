//! `vmspec set`: a file with some of its values changed, and all that follows from them.

use std::io;
use std::path::PathBuf;

use clap::Args;
use vmspec_codegen::diagnostic::excerpt;
use vmspec_codegen::interpret::edit::{self, Given};
use vmspec_codegen::interpret::room::derive_in_room;
use vmspec_codegen::interpret::{
    Bytes, Node, Reading, Start, Trouble, Value, Wanted, derive, read_to_mend, read_wanted,
};
use vmspec_codegen::model::Format;

use crate::dump::shown_site;
use crate::edit::{Changes, Joined, Output, Written};
use crate::inspect::{Inspect, Inspected};
use crate::outcome::Outcome;
use crate::refusal::Refusal;
use crate::screen::{GOOD, Screen};

/// Write a file with some values changed, and with all that follows from them
///
/// Lengths, counts, offsets, padding and checksums are worked out again; everything else is copied as it is. The
/// result is read back, and kept only if it is accepted and each value reads as it was set. What else has changed is
/// listed.
///
/// A value that grows takes zeros that end the window around it, and one that shrinks leaves more of them. So the
/// window keeps its size, and nothing behind it moves, as long as there are enough.
#[derive(Debug, Args)]
#[command(after_help = "Exit status: 0 when the result was written, 1 when a value cannot be set, or the file or \
    the result is refused, 2 when the command line is wrong or a file cannot be opened, read or written.")]
pub struct Set {
    #[command(flatten)]
    inspect: Inspect,
    /// The values, such as header.version=2 or area.xml=@new.xml
    ///
    /// Numbers are decimal, 0x, 0o or 0b, also with K, M, G or T behind. Enum values are names or numbers. Flags are
    /// names and numbers with | between, or none. Bytes are hex digits, zeros their number. Texts are as they stand;
    /// one that is too short for a fixed length is filled up with NULs. @FILE is what is in FILE, for texts, bytes and
    /// payload; @@ is a text that begins with @. A field that need not be there is taken out with -, and comes back
    /// when it is given a value.
    #[arg(required = true, value_name = "PATH=VALUE", value_parser = assignment)]
    values: Vec<(String, String)>,
    #[command(flatten)]
    output: Output,
    /// Let windows grow and shrink with what is in them, and leave their zeros as many as they are
    #[arg(long)]
    grow: bool,
}

fn assignment(text: &str) -> Result<(String, String), String> {
    let pair = text.split_once('=').filter(|(path, _)| !path.is_empty());
    let (path, value) = pair.ok_or("a path, then = and a value, such as header.version=2")?;
    Ok((path.to_owned(), value.to_owned()))
}

/// A value that was set, as it must read back; nothing where it was taken out.
struct Assigned {
    path: String,
    value: Option<Node>,
}

impl Set {
    /// Writes the result, and says what it has other than the file.
    pub fn run(&self, screen: &mut Screen) -> io::Result<Outcome> {
        match self.set() {
            Ok(lines) => {
                let (head, rest) = lines.split_first().map_or(("", &[][..]), |(head, rest)| (head.as_str(), rest));
                screen.verdict(self.output.name(&self.inspect.file), (GOOD, "written"), head)?;
                rest.iter().try_for_each(|line| screen.line(format_args!("  {line}")))?;
                Ok(Outcome::Good)
            }
            Err(refusal) => refusal.report(&self.inspect.file, screen),
        }
    }

    fn set(&self) -> Result<Vec<String>, Refusal> {
        let Inspected { format, start, bytes, .. } = self.inspect.open()?;
        self.output.check(&self.inspect.file)?;
        let checked = Wanted::checked(self.values.iter().map(|(path, _)| path.clone()));
        let before = read_wanted(&format, start, &bytes, &checked);
        if let Some(error) = &before.error {
            let mendable = read_to_mend(&format, start, &bytes).0.error.is_none();
            return Err(refused(error, mendable));
        }
        let mut source = Joined::new(bytes);
        let mut root = before.root.clone();
        let wanted = self.apply(&format, &mut root, &mut source)?;
        self.derive((&format, start), &before.root, &mut root, &source)?;
        let file = &self.inspect.file;
        let written = self.output.write(file, (&format, start, &root, before.end), (&source, &checked))?;
        check(&format, (&root, &wanted), &source, &written)?;
        let lines = report(&format, (&before, &source), &written, &wanted);
        written.keep(file)?;
        Ok(lines)
    }

    /// Works out what follows from the values.
    fn derive(
        &self,
        (format, start): (&Format, Start),
        before: &Node,
        root: &mut Node,
        source: &Joined,
    ) -> Result<(), Refusal> {
        let derived = if self.grow {
            derive(format, start, root, source)
        } else {
            derive_in_room(format, start, before, root, source)
        };
        derived.map_err(|trouble| cannot(format, &trouble))
    }

    /// Sets all values in the tree.
    fn apply(&self, format: &Format, root: &mut Node, source: &mut Joined) -> Result<Vec<Assigned>, Refusal> {
        let mut wanted: Vec<Assigned> = Vec::new();
        for (path, value) in &self.values {
            let given = given(value, source)?;
            let path = edit::set(format, root, path, &given, source).map_err(Refusal::Unknown)?;
            if wanted.iter().any(|other| other.path == path) {
                return Err(Refusal::Choice(format!("`{path}` is set twice")));
            }
            let value = edit::value_at(format, root, &path).map_err(Refusal::Unknown)?;
            wanted.push(Assigned { path, value });
        }
        Ok(wanted)
    }
}

/// What was given: text, or a file whose bytes are placed behind the source.
fn given(value: &str, source: &mut Joined) -> Result<Given, Refusal> {
    match value.strip_prefix('@') {
        None => Ok(Given::Text(value.to_owned())),
        Some(text) if text.starts_with('@') => Ok(Given::Text(text.to_owned())),
        Some(name) => {
            let path = PathBuf::from(name);
            let (at, len) = source.add(&path).map_err(|e| Refusal::Elsewhere(path, e))?;
            Ok(Given::File { name: excerpt(name), at, len })
        }
    }
}

/// The file itself is not sound.
fn refused(error: &Trouble, mendable: bool) -> Refusal {
    match (&error.io, mendable) {
        (None, true) => Refusal::Unknown(format!("{error}; `vmspec fix` can put that right")),
        _ => error.clone().into(),
    }
}

/// The values do not go together with the rest.
fn cannot(format: &Format, trouble: &Trouble) -> Refusal {
    if trouble.io.is_some() {
        return trouble.clone().into();
    }
    let site = trouble.site.and_then(|site| shown_site(format, site));
    let rule = site.map_or_else(String::new, |site| format!("; the rule is in {site}"));
    Refusal::Unknown(format!("nothing was written, as the result would be refused: {trouble}{rule}"))
}

/// The result is accepted, and something in it is not what it was: it has no room, or what was set says that it is not
/// there.
fn unlike(format: &Format, root: &Node, path: &str) -> Refusal {
    let presence = edit::presence_at(format, root, path);
    let hint =
        presence.map_or_else(String::new, |when| format!("; it is there when `{when}`, and goes with `{path}=-`"));
    let place = if path.is_empty() { "the end".to_owned() } else { format!("`{path}`") };
    Refusal::Unknown(format!("nothing was written, as with these values {place} would be read as something else{hint}"))
}

/// Whether the result is accepted, each value reads back as it was set, and everything else is where it should be.
fn check(format: &Format, of: (&Node, &[Assigned]), source: &Joined, written: &Written) -> Result<(), Refusal> {
    let ((root, wanted), read) = (of, &written.reading);
    if let Some(error) = &read.error {
        return Err(cannot(format, error));
    }
    for wanted in wanted {
        if !reads_back(format, wanted, source, written)? {
            let message = format!("nothing was written, as `{}` would not read back as it was set", wanted.path);
            return Err(Refusal::Unknown(message));
        }
    }
    match edit::misread(format, root, &read.root) {
        Some(path) => Err(unlike(format, root, &path)),
        None => Ok(()),
    }
}

fn reads_back(format: &Format, wanted: &Assigned, source: &Joined, written: &Written) -> io::Result<bool> {
    let found = edit::value_at(format, &written.reading.root, &wanted.path);
    match (&wanted.value, &found) {
        (Some(wanted), Ok(Some(found))) => edit::is_same((wanted, source), (found, &written.bytes)),
        (wanted, found) => Ok(wanted.is_none() && matches!(found, Ok(None))),
    }
}

/// The head line without its verdict, then a line for each change.
fn report(format: &Format, before: (&Reading, &Joined), written: &Written, wanted: &[Assigned]) -> Vec<String> {
    let changes = Changes::new(format, (before.0, before.1), (&written.reading, &written.bytes))
        .given(wanted.iter().map(|wanted| wanted.path.clone()));
    let mut lines = vec![format!("({}, {} bytes)", format.id, written.bytes.size())];
    lines.extend(changes.values(|_| false));
    let same = wanted.iter().filter(|wanted| !changes.has(&wanted.path));
    lines.extend(same.map(|wanted| match &wanted.value {
        Some(Node { value: Value::Blob(_), len, .. }) => format!("{}: {len} bytes, as given", wanted.path),
        _ => format!("{}: as it was", wanted.path),
    }));
    lines.extend(changes.sizes());
    lines.extend(changes.moves());
    lines.extend(changes.findings());
    lines
}

#[cfg(test)]
mod tests {
    use super::assignment;

    #[test]
    fn the_first_equals_sign_counts() {
        assert_eq!(assignment("a.b=c=d"), Ok(("a.b".into(), "c=d".into())));
        assert_eq!(assignment("a="), Ok(("a".into(), String::new())));
        assert!(assignment("a").is_err() && assignment("=a").is_err());
    }
}
