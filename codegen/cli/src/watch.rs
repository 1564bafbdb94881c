//! Waiting for files to change. Folders are watched, since editors save a file by putting another in its place.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{self, Receiver};
use std::time::Duration;

use notify::event::{AccessKind, AccessMode, EventKind};
use notify::{Event, RecommendedWatcher, RecursiveMode, Watcher};

/// A save is several events. After the last one it is quiet for so long.
const QUIET: Duration = Duration::from_millis(50);
/// Where it never gets quiet, so many events are waited for.
const PATIENCE: usize = 1000;

/// Watched folders.
pub struct Watch {
    watcher: RecommendedWatcher,
    events: Receiver<notify::Result<Event>>,
    folders: BTreeSet<PathBuf>,
}

impl Watch {
    /// Watches nothing yet.
    pub fn new() -> notify::Result<Self> {
        let (sender, events) = mpsc::channel();
        let watcher = notify::recommended_watcher(sender)?;
        Ok(Self { watcher, events, folders: BTreeSet::new() })
    }

    /// Watches these folders and no others, and says whether that is new. Each is watched anew, as it may be another one
    /// of the same name; of one that is not there, the next one above it is watched.
    pub fn over(&mut self, wanted: &BTreeSet<PathBuf>) -> notify::Result<bool> {
        let folders: BTreeSet<_> = wanted.iter().map(|folder| existing(folder)).collect();
        for gone in self.folders.difference(&folders) {
            // It may have been deleted, and its watch with it.
            let _ = self.watcher.unwatch(gone);
        }
        for folder in &folders {
            self.watcher.watch(folder, RecursiveMode::NonRecursive)?;
        }
        let is_new = folders != self.folders;
        self.folders = folders;
        Ok(is_new)
    }

    /// Waits until something in the folders has changed, and then until it is quiet again.
    pub fn wait(&self) -> notify::Result<()> {
        loop {
            let event = self.events.recv().map_err(|e| notify::Error::generic(&e.to_string()))?;
            if is_change(&event?) {
                break;
            }
        }
        for _ in 0..PATIENCE {
            if self.events.recv_timeout(QUIET).is_err() {
                break;
            }
        }
        Ok(())
    }
}

/// Reading is no change, or every look at the files would be the reason for the next.
fn is_change(event: &Event) -> bool {
    match event.kind {
        EventKind::Access(kind) => kind == AccessKind::Close(AccessMode::Write),
        _ => true,
    }
}

/// The folder, or the first one above it that is there.
fn existing(folder: &Path) -> PathBuf {
    let named = |path: &Path| if path == Path::new("") { PathBuf::from(".") } else { path.to_owned() };
    folder.ancestors().map(named).find(|path| path.is_dir()).unwrap_or_else(|| PathBuf::from("."))
}
