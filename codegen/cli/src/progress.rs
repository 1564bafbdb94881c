//! A progress bar for long work, on a terminal only.

use std::io::{self, IsTerminal, Read, Seek, SeekFrom};
use std::path::Path;
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// Work that takes less shows no bar.
const PATIENCE: Duration = Duration::from_millis(500);
const LOOK: &str = "{msg} {wide_bar} {bytes} of {total_bytes}, {bytes_per_sec}, {eta} left";

/// How far into a file the work has come.
pub struct Progress {
    bar: ProgressBar,
    started: Instant,
    shown: bool,
}

impl Progress {
    /// For a file of `length` bytes. In a pipe it stays invisible.
    pub fn new(path: &Path, length: u64) -> Self {
        let style = ProgressStyle::with_template(LOOK);
        let bar = ProgressBar::with_draw_target(Some(length), ProgressDrawTarget::hidden())
            .with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()))
            .with_message(path.display().to_string());
        Self { bar, started: Instant::now(), shown: !io::stderr().is_terminal() }
    }

    /// Says how far the work has come.
    pub fn reach(&mut self, position: u64) {
        if !self.shown && self.started.elapsed() > PATIENCE {
            self.bar.set_draw_target(ProgressDrawTarget::stderr());
            self.shown = true;
        }
        if position > self.bar.position() {
            self.bar.set_position(position);
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
    }
}

/// A reader that says how far it has come.
pub struct Watched<R> {
    inner: R,
    position: u64,
    progress: Progress,
}

impl<R> Watched<R> {
    /// Watches a reader that stands at its start.
    pub fn new(inner: R, progress: Progress) -> Self {
        Self { inner, position: 0, progress }
    }
}

impl<R: Read> Read for Watched<R> {
    fn read(&mut self, to: &mut [u8]) -> io::Result<usize> {
        let got = self.inner.read(to)?;
        let step = u64::try_from(got).unwrap_or(u64::MAX);
        self.position = self.position.saturating_add(step);
        self.progress.reach(self.position);
        Ok(got)
    }
}

/// Looking for the end is no progress, so only reads count.
impl<R: Seek> Seek for Watched<R> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.position = self.inner.seek(to)?;
        Ok(self.position)
    }

    fn stream_position(&mut self) -> io::Result<u64> {
        Ok(self.position)
    }
}
