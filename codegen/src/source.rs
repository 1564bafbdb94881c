//! Where specs come from, and places in them. The only file that reads files.

mod span;

pub use span::{FileId, Span, Spanned};

use std::collections::BTreeMap;
use std::fs;
use std::io::{self, Read};
use std::path::{Component, Path, PathBuf};

/// All files of a run, in the order in which they were read.
#[derive(Debug, Clone, Default)]
pub struct Sources {
    files: Vec<SourceText>,
}

#[derive(Debug, Clone)]
struct SourceText {
    path: String,
    text: String,
    /// Where each line starts.
    lines: Vec<usize>,
}

impl Sources {
    /// No files yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a file; `path` is what people are shown. Whoever adds files keeps them below 65,536.
    pub fn add(&mut self, path: impl Into<String>, text: impl Into<String>) -> FileId {
        let id = FileId(u16::try_from(self.files.len()).unwrap_or(u16::MAX));
        let text = text.into();
        let behind = text.match_indices('\n').map(|(at, _)| at.saturating_add(1));
        let lines = std::iter::once(0).chain(behind).collect();
        self.files.push(SourceText { path: path.into(), text, lines });
        id
    }

    /// How many files there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.files.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.files.is_empty()
    }

    /// Every file, in the order read.
    pub fn ids(&self) -> impl Iterator<Item = FileId> + '_ {
        (0..=u16::MAX).map(FileId).take(self.files.len())
    }

    /// The path of a file as shown to people.
    #[must_use]
    pub fn path(&self, file: FileId) -> &str {
        self.get(file).map_or("", |f| f.path.as_str())
    }

    /// All of a file's text.
    #[must_use]
    pub fn file_text(&self, file: FileId) -> &str {
        self.get(file).map_or("", |f| f.text.as_str())
    }

    /// The text at `span`, empty when there is none.
    #[must_use]
    pub fn text(&self, span: Span) -> &str {
        self.file_text(span.file).get(span.range()).unwrap_or("")
    }

    /// A line, counted from 1, without the white space around it.
    #[must_use]
    pub fn line_span(&self, file: FileId, line: u32) -> Span {
        let Some(of) = self.get(file) else { return Span::new(file, 0..0) };
        let index = usize::try_from(line).unwrap_or(usize::MAX);
        let start = of.lines.get(index.saturating_sub(1)).copied().unwrap_or(0);
        let rest = of.text.get(start..).unwrap_or("");
        let text = rest.lines().next().unwrap_or("");
        let indent = text.len().saturating_sub(text.trim_start().len());
        let start = start.saturating_add(indent);
        Span::new(file, start..start.saturating_add(text.trim().len()))
    }

    /// Line and column of the start of `span`, both counted from 1, the column in characters.
    #[must_use]
    pub fn line_col(&self, span: Span) -> (usize, usize) {
        let Some(file) = self.get(span.file) else { return (1, 1) };
        let at = span.range().start.min(file.text.len());
        let line = file.lines.partition_point(|start| *start <= at);
        let start = file.lines.get(line.saturating_sub(1)).copied().unwrap_or(0);
        let column = file.text.get(start..at).map_or(0, |before| before.chars().count());
        (line, column.saturating_add(1))
    }

    fn get(&self, file: FileId) -> Option<&SourceText> {
        self.files.get(usize::from(file.0))
    }
}

/// Where the files of a run come from.
#[derive(Debug, Clone)]
pub struct Source {
    main: String,
    place: Place,
}

#[derive(Debug, Clone)]
enum Place {
    /// Where the main file is, and the folder that no file lies outside of.
    Disk {
        main: PathBuf,
        root: PathBuf,
    },
    Memory(BTreeMap<String, Vec<u8>>),
}

/// One file of a source: two locations of the same file are equal in `key`.
#[derive(Debug, Clone)]
pub struct Location {
    /// What people are shown.
    pub shown: String,
    /// What tells files apart.
    pub key: PathBuf,
}

/// Why a file cannot be had.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    /// There is no such file.
    Missing,
    /// It lies outside of the folder of specs, or its path is not relative.
    Outside,
    /// It has more than [`Source::MAX_BYTES`] bytes.
    TooLarge,
    /// It is not UTF-8; the offset of the first bad byte.
    NotUtf8(usize),
    /// The system's words for why not.
    Unreadable(String),
}

impl Source {
    /// The longest file that is read.
    pub const MAX_BYTES: u64 = 4 << 20;

    /// The file `path` on disk; the files it uses lie in `root_folder` or below.
    pub fn file(path: impl AsRef<Path>, root_folder: impl Into<PathBuf>) -> Self {
        let (path, given) = (path.as_ref(), root_folder.into());
        // The folder of a bare file name is an empty path.
        let root = if given.as_os_str().is_empty() { PathBuf::from(".") } else { given };
        Self { main: path.display().to_string(), place: Place::Disk { main: path.to_owned(), root } }
    }

    /// The file that is called `path` in `folder`, and shown by that name alone; the files it uses lie beside it or below.
    pub fn in_folder(folder: impl AsRef<Path>, path: &str) -> Self {
        let main = folder.as_ref().join(path);
        let root = main.parent().map_or_else(PathBuf::new, Path::to_path_buf);
        Self { main: path.to_owned(), ..Self::file(main, root) }
    }

    /// The text called `name` among `texts`, which use each other by name.
    pub fn memory(name: impl Into<String>, texts: BTreeMap<String, String>) -> Self {
        Self::bytes(name, texts.into_iter().map(|(name, text)| (name, text.into_bytes())).collect())
    }

    /// The file called `name` among `files`, which use each other by name and need not be text.
    pub fn bytes(name: impl Into<String>, files: BTreeMap<String, Vec<u8>>) -> Self {
        Self { main: name.into(), place: Place::Memory(files) }
    }

    /// Where the main file is.
    ///
    /// # Errors
    /// When there is no such file.
    pub fn main(&self) -> Result<Location, Refusal> {
        let shown = self.main.clone();
        let key = match &self.place {
            Place::Disk { main, .. } => main.canonicalize().map_err(|e| refusal(&e))?,
            Place::Memory(_) => PathBuf::from(&shown),
        };
        Ok(Location { shown, key })
    }

    /// The main file's path as shown to people.
    #[must_use]
    pub fn shown(&self) -> &str {
        &self.main
    }

    /// Where the file is that `from` calls `path`.
    ///
    /// # Errors
    /// When it is missing or lies outside.
    pub fn used(&self, from: &Location, path: &str) -> Result<Location, Refusal> {
        let shown = beside(Path::new(&from.shown), path).ok_or(Refusal::Outside)?;
        let beside_key = beside(&from.key, path).ok_or(Refusal::Outside)?;
        let key = match &self.place {
            Place::Disk { root, .. } => inside(root, &from.key, &beside_key, path)?,
            Place::Memory(_) if beside_key.starts_with("..") => return Err(Refusal::Outside),
            Place::Memory(files) if has(files, &beside_key) => beside_key,
            Place::Memory(_) => return Err(Refusal::Missing),
        };
        Ok(Location { shown: slashed(&shown), key })
    }

    /// The text of the file at `location`.
    ///
    /// # Errors
    /// When it cannot be read, is too large or not UTF-8.
    pub fn read(&self, location: &Location) -> Result<String, Refusal> {
        match &self.place {
            Place::Disk { .. } => read_file(&location.key),
            Place::Memory(files) => match files.get(&slashed(&location.key)) {
                Some(bytes) => text(bytes.clone()),
                None if has(files, &location.key) => Err(no_file()),
                None => Err(Refusal::Missing),
            },
        }
    }
}

/// Whether there is such a file, or such a folder.
fn has(files: &BTreeMap<String, Vec<u8>>, path: &Path) -> bool {
    files.keys().any(|name| Path::new(name).starts_with(path))
}

/// A folder, or what else holds no bytes of its own.
fn no_file() -> Refusal {
    Refusal::Unreadable("it is not a plain file".to_owned())
}

/// The text in a file of these bytes.
fn text(bytes: Vec<u8>) -> Result<String, Refusal> {
    if u64::try_from(bytes.len()).is_ok_and(|n| n > Source::MAX_BYTES) {
        return Err(Refusal::TooLarge);
    }
    String::from_utf8(bytes).map_err(|e| Refusal::NotUtf8(e.utf8_error().valid_up_to()))
}

/// `path` seen from the folder of the file `from`, with `.` and `..` worked out; none for an absolute path.
fn beside(from: &Path, path: &str) -> Option<PathBuf> {
    let mut out = from.parent().map(Path::to_path_buf).unwrap_or_default();
    for part in Path::new(path).components() {
        match part {
            Component::Normal(name) => out.push(name),
            Component::CurDir => {}
            Component::ParentDir if matches!(out.components().next_back(), Some(Component::Normal(_))) => {
                out.pop();
            }
            Component::ParentDir => out.push(".."),
            Component::RootDir | Component::Prefix(_) => return None,
        }
    }
    Some(out)
}

/// The one true path of a used file, if it lies in `root`. Both what is written and what links lead to are looked at.
fn inside(root: &Path, from: &Path, beside_key: &Path, path: &str) -> Result<PathBuf, Refusal> {
    let root = root.canonicalize().map_err(|e| refusal(&e))?;
    if !beside_key.starts_with(&root) {
        return Err(Refusal::Outside);
    }
    let folder = from.parent().unwrap_or(&root);
    let real = folder.join(path).canonicalize().map_err(|e| refusal(&e))?;
    if real.starts_with(&root) { Ok(real) } else { Err(Refusal::Outside) }
}

fn read_file(path: &Path) -> Result<String, Refusal> {
    // A pipe or device would block or never end, so only plain files are opened.
    if !fs::metadata(path).map_err(|e| refusal(&e))?.is_file() {
        return Err(no_file());
    }
    let mut bytes = Vec::new();
    let file = fs::File::open(path).map_err(|e| refusal(&e))?;
    file.take(Source::MAX_BYTES.saturating_add(1)).read_to_end(&mut bytes).map_err(|e| refusal(&e))?;
    text(bytes)
}

fn refusal(error: &io::Error) -> Refusal {
    match error.kind() {
        io::ErrorKind::NotFound => Refusal::Missing,
        _ => Refusal::Unreadable(error.to_string()),
    }
}

fn slashed(path: &Path) -> String {
    path.iter().map(|part| part.to_string_lossy()).collect::<Vec<_>>().join("/").replace("//", "/")
}
