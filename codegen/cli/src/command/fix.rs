//! `vmspec fix`: a file with everything put right that follows from the rest of it.

use std::io;

use clap::Args;
use vmspec_codegen::interpret::edit;
use vmspec_codegen::interpret::{Bytes, Reading, Trouble, Wanted, derive, read_to_mend};
use vmspec_codegen::model::Format;

use crate::edit::{Changes, Joined, Output, Written};
use crate::inspect::{Inspect, Inspected};
use crate::outcome::Outcome;
use crate::refusal::Refusal;
use crate::screen::{GOOD, Screen};

/// Most lines about what was wrong.
const MOST: usize = 20;

/// Write a file with its checksums, constants and reserved zeros put right
///
/// All that follows from the rest of the file is worked out again: checksums, pinned values, magics, and zeros that
/// are not zero. The rest is copied as it is. The result is read back, and kept only if it is accepted. Where nothing
/// is wrong, nothing is written. A length or an offset that is wrong cannot be put right, as the rest is found by it.
#[derive(Debug, Args)]
#[command(
    after_help = "Exit status: 0 when the result was written or nothing is wrong, 1 when the file cannot be put \
    right, 2 when the command line is wrong or a file cannot be opened, read or written."
)]
pub struct Fix {
    #[command(flatten)]
    inspect: Inspect,
    #[command(flatten)]
    output: Output,
}

impl Fix {
    /// Writes the result, and says what was wrong.
    pub fn run(&self, screen: &mut Screen) -> io::Result<Outcome> {
        let file = &self.inspect.file;
        match self.fix() {
            Ok(Fixed::Sound(id)) => screen.verdict(file, (GOOD, "nothing to fix"), &format!("({id})"))?,
            Ok(Fixed::Written(lines)) => {
                let (head, rest) = lines.split_first().map_or(("", &[][..]), |(head, rest)| (head.as_str(), rest));
                screen.verdict(self.output.name(file), (GOOD, "fixed"), head)?;
                rest.iter().try_for_each(|line| screen.line(format_args!("  {line}")))?;
            }
            Err(refusal) => return refusal.report(file, screen),
        }
        Ok(Outcome::Good)
    }

    fn fix(&self) -> Result<Fixed, Refusal> {
        let Inspected { format, start, bytes, .. } = self.inspect.open()?;
        self.output.check(&self.inspect.file)?;
        let (before, mended) = read_to_mend(&format, start, &bytes);
        if let Some(error) = &before.error {
            return Err(beyond(error, "this"));
        }
        if mended.is_empty() {
            return Ok(Fixed::Sound(format.id));
        }
        let source = Joined::new(bytes);
        let mut root = before.root.clone();
        derive(&format, start, &mut root, &source).map_err(|trouble| beyond(&trouble, "this"))?;
        let file = &self.inspect.file;
        let written = self.output.write(file, (&format, start, &root, before.end), (&source, &Wanted::checked([])))?;
        if let Some(error) = &written.reading.error {
            return Err(beyond(error, "what is left"));
        }
        if let Some(path) = edit::misread(&format, &root, &written.reading.root) {
            let message = format!("nothing was written, as `{path}` would then be read as something else");
            return Err(Refusal::Unknown(message));
        }
        let lines = report(&format, (&before, &source), &written, &mended);
        written.keep(file)?;
        Ok(Fixed::Written(lines))
    }
}

enum Fixed {
    /// Nothing is wrong with a file of this format.
    Sound(String),
    /// The lines that say what was.
    Written(Vec<String>),
}

fn beyond(trouble: &Trouble, what: &str) -> Refusal {
    match &trouble.io {
        Some(_) => trouble.clone().into(),
        None => Refusal::Unknown(format!("nothing was written, as {what} cannot be put right: {trouble}")),
    }
}

/// The head line without its verdict, then what was wrong with what it is now, then what else is another.
fn report(format: &Format, before: (&Reading, &Joined), written: &Written, mended: &[Trouble]) -> Vec<String> {
    let changes = Changes::new(format, (before.0, before.1), (&written.reading, &written.bytes));
    let mut lines = vec![format!("({}, {} bytes)", format.id, written.bytes.size())];
    lines.extend(mended.iter().take(MOST).map(|trouble| {
        let now = changes.now(&trouble.path).map_or_else(String::new, |now| format!("; now {now}"));
        format!("{trouble}{now}")
    }));
    let more = mended.len().saturating_sub(MOST);
    lines.extend((more > 0).then(|| format!("and {more} more")));
    lines.extend(changes.values(|path| mended.iter().any(|trouble| trouble.path == path)));
    lines.extend(changes.sizes());
    lines.extend(changes.moves());
    lines.extend(changes.findings());
    lines
}
