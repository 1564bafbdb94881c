//! `vmspec check`: whether specs say something that can be generated.

use std::collections::BTreeSet;
use std::io;
use std::path::{Path, PathBuf};

use clap::Args;
use vmspec_codegen::source::Sources;
use vmspec_codegen::{Checked, Failure};

use crate::message::{self, MessageFormat};
use crate::outcome::Outcome;
use crate::screen::{self, GOOD, Screen};
use crate::spec;
use crate::watch::Watch;

/// Check specs without generating anything
#[derive(Debug, Args)]
#[command(after_help = "Exit status: 0 when every spec is right, 1 when one is not, \
    2 when one cannot be read.")]
pub struct Check {
    /// List the fields that others fix, and what fixes them
    #[arg(long)]
    driven: bool,
    /// How errors are told
    #[arg(long, value_name = "FORMAT", default_value = "human")]
    message_format: MessageFormat,
    /// The same as --message-format short
    #[arg(long, conflicts_with = "message_format")]
    short: bool,
    /// Check again whenever a spec changes, or a file that one uses; Ctrl-C ends it
    #[arg(long)]
    watch: bool,
    /// The specs to check
    #[arg(required = true, value_name = "SPEC")]
    specs: Vec<PathBuf>,
}

impl Check {
    /// Looks at every spec, also after one that fails.
    pub fn run(&self, screen: &mut Screen) -> io::Result<Outcome> {
        if !self.watch {
            return self.print(&self.look(), screen);
        }
        match self.keep_looking(screen) {
            Ok(never) => match never {},
            Err(Ended::Unwritten(e)) => Err(e),
            Err(Ended::Blind(e)) => {
                screen::complain(&format!("cannot watch for changes: {e}"));
                Ok(Outcome::Failed)
            }
        }
    }

    fn look(&self) -> Vec<Verdict> {
        self.specs.iter().map(|path| Verdict::on(path)).collect()
    }

    fn format(&self) -> MessageFormat {
        if self.short { MessageFormat::Short } else { self.message_format }
    }

    fn print(&self, verdicts: &[Verdict], screen: &mut Screen) -> io::Result<Outcome> {
        let mut worst = Outcome::Good;
        for (path, verdict) in self.specs.iter().zip(verdicts) {
            self.tell(path, verdict, screen)?;
            worst = worst.max(verdict.outcome());
        }
        Ok(worst)
    }

    fn tell(&self, path: &Path, verdict: &Verdict, screen: &mut Screen) -> io::Result<()> {
        let format = self.format();
        match verdict {
            Verdict::Good(checked) if format != MessageFormat::Json => self.report(path, checked, screen)?,
            Verdict::Good(_) => {}
            Verdict::Wrong(failure) => format.refuse(failure, screen)?,
            Verdict::Unreadable(words) => format.complain(path, words, screen)?,
        }
        if format == MessageFormat::Json {
            message::json(&self.record(path, verdict), screen)?;
        }
        Ok(())
    }

    /// The verdict for programs.
    fn record<'v>(&self, path: &Path, verdict: &'v Verdict) -> message::Verdict<'v> {
        match verdict {
            Verdict::Good(checked) => message::Verdict::good(path, checked, self.driven),
            Verdict::Wrong(failure) => {
                let left_out = failure.diagnostics.left_out();
                message::Verdict::bad(path, failure.diagnostics.len().saturating_add(left_out), left_out)
            }
            Verdict::Unreadable(_) => message::Verdict::bad(path, 1, 0),
        }
    }

    fn report(&self, path: &Path, checked: &Checked, screen: &mut Screen) -> io::Result<()> {
        screen.verdict(path, (GOOD, "ok"), &format!("({})", checked.id))?;
        if self.driven {
            for driven in &checked.driven {
                screen.line(format_args!("  line {}: {} is the {}", driven.line, driven.field, driven.by))?;
            }
        }
        Ok(())
    }

    /// All that there is to say now, between two lines that editors know the beginning and the end by.
    fn print_round(&self, verdicts: &[Verdict], screen: &mut Screen) -> io::Result<()> {
        let format = self.format();
        screen.clear()?;
        if format == MessageFormat::Short {
            screen.line("Checking.")?;
        }
        self.print(verdicts, screen)?;
        match format {
            MessageFormat::Json => message::json(&message::Waiting::now(), screen),
            MessageFormat::Human | MessageFormat::Short => screen.line("Checked; waiting for a change."),
        }
    }

    /// Prints the verdicts of now, and anew with every change.
    fn keep_looking(&self, screen: &mut Screen) -> Result<std::convert::Infallible, Ended> {
        let mut watch = Watch::new()?;
        let mut printed = None;
        loop {
            let mut verdicts = self.look();
            // What changed before a folder was watched is seen by looking again.
            while watch.over(&self.folders(&verdicts))? {
                verdicts = self.look();
            }
            let seen: Vec<_> = verdicts.iter().flat_map(Verdict::seen).collect();
            if printed.as_ref() != Some(&seen) {
                self.print_round(&verdicts, screen).map_err(Ended::Unwritten)?;
                printed = Some(seen);
            }
            watch.wait()?;
        }
    }

    /// Where the files are that the verdicts are about: by their names, and where links to them lead.
    fn folders(&self, verdicts: &[Verdict]) -> BTreeSet<PathBuf> {
        let used = verdicts.iter().flat_map(Verdict::paths);
        let paths = self.specs.iter().cloned().chain(used);
        let real = |path: PathBuf| [path.canonicalize().ok(), Some(path)];
        let folder = |path: PathBuf| path.parent().map(Path::to_owned);
        paths.flat_map(real).flatten().filter_map(folder).collect()
    }
}

/// Why watching ended.
enum Ended {
    /// Standard output fails.
    Unwritten(io::Error),
    /// Changes cannot be seen.
    Blind(notify::Error),
}

impl From<notify::Error> for Ended {
    fn from(e: notify::Error) -> Self {
        Self::Blind(e)
    }
}

/// What there is to say of a spec.
enum Verdict {
    Good(Box<Checked>),
    Wrong(Box<Failure>),
    /// It could not be opened.
    Unreadable(String),
}

impl Verdict {
    fn on(path: &Path) -> Self {
        let source = match spec::from_file(path) {
            Ok(source) => source,
            Err(e) => return Self::Unreadable(e.to_string()),
        };
        match vmspec_codegen::check(&source) {
            Ok(checked) => Self::Good(Box::new(checked)),
            Err(failure) => Self::Wrong(Box::new(failure)),
        }
    }

    fn outcome(&self) -> Outcome {
        match self {
            Self::Good(_) => Outcome::Good,
            Self::Wrong(_) => Outcome::Refused,
            Self::Unreadable(_) => Outcome::Failed,
        }
    }

    /// The files that were read.
    fn sources(&self) -> Option<&Sources> {
        match self {
            Self::Good(checked) => Some(&checked.sources),
            Self::Wrong(failure) => Some(&failure.sources),
            Self::Unreadable(_) => None,
        }
    }

    /// The files that were read, and those that should have been: they may come.
    fn paths(&self) -> Vec<PathBuf> {
        let read = self.sources().into_iter().flat_map(|sources| sources.ids().map(|id| sources.path(id)));
        let missing = match self {
            Self::Wrong(failure) => failure.missing(),
            _ => Vec::new(),
        };
        read.map(PathBuf::from).chain(missing).collect()
    }

    /// What it was made from: the same again gives the same verdict.
    fn seen(&self) -> Vec<String> {
        let mut seen: Vec<_> = match self {
            Self::Unreadable(words) => vec![words.clone()],
            Self::Wrong(failure) => vec![failure.render_short()],
            Self::Good(_) => Vec::new(),
        };
        let texts = self.sources().into_iter().flat_map(|sources| sources.ids().map(|id| sources.file_text(id)));
        seen.extend(texts.map(str::to_owned));
        seen
    }
}
