//! What a file that was written anew has other than the one it was made from, in lines for people.

use std::fmt::Write;

use vmspec_codegen::interpret::edit::{Change, Comparison, Move, compare};
use vmspec_codegen::interpret::room::{self, Window};
use vmspec_codegen::interpret::{Bytes, Look, Reading, Trouble, Value};
use vmspec_codegen::model::Format;

use crate::dump::Writer;

/// Most lines about one kind of change.
const MOST: usize = 20;
/// The room for a value in a line.
const ROOM: usize = 36;

/// Lines, each about one change.
type Lines = Vec<String>;

/// What was read, and from what.
pub type Read<'a> = (&'a Reading, &'a dyn Bytes);

/// A value as it was and as it is.
pub struct Changes<'a> {
    before: Read<'a>,
    after: Read<'a>,
    comparison: Comparison<'a>,
    windows: Vec<Window>,
    given: Vec<String>,
}

impl<'a> Changes<'a> {
    /// Compares two readings; each with its file.
    pub fn new(format: &'a Format, before: Read<'a>, after: Read<'a>) -> Self {
        let comparison = compare(format, &before.0.root, &after.0.root);
        let windows = room::windows(format, &before.0.root, &after.0.root);
        Self { before, after, comparison, windows, given: Vec::new() }
    }

    /// With the paths of values that were given: what they follow from is not told.
    pub fn given(mut self, paths: impl Iterator<Item = String>) -> Self {
        self.given.extend(paths);
        self
    }

    /// Whether the value at a path is another.
    pub fn has(&self, path: &str) -> bool {
        self.change(path).is_some()
    }

    fn change(&self, path: &str) -> Option<&Change<'a>> {
        self.comparison.changes.iter().find(|change| change.path == path)
    }

    /// The value at a path as it is now, where it is another than it was.
    pub fn now(&self, path: &str) -> Option<String> {
        self.change(path).map(|change| value(&change.after, self.after.1))
    }

    /// The values that are others, but for those that `told` says are told elsewhere.
    pub fn values(&self, told: impl Fn(&str) -> bool) -> Lines {
        let changes: Vec<_> = self.comparison.changes.iter().filter(|change| !told(&change.path)).collect();
        let mut out: Lines = changes.iter().take(MOST).map(|change| self.line(change)).collect();
        let more = changes.len().saturating_sub(MOST);
        out.extend(and_more(u64::try_from(more).unwrap_or(u64::MAX).saturating_add(self.comparison.left_out)));
        out
    }

    fn line(&self, change: &Change<'a>) -> String {
        let mut line = format!("{}: {}", name(&change.path), self.turn(change));
        let room_of = self
            .windows
            .iter()
            .find(|window| window.room.as_ref().is_some_and(|(path, was, is)| *path == change.path && was != is));
        // Writing to a string cannot fail.
        let origin = change.origin.as_ref().filter(|_| !self.given.contains(&change.path));
        let _ = match (origin, room_of) {
            (Some(origin), _) => write!(line, " ({origin})"),
            (None, Some(window)) if window.size.0 == window.size.1 => {
                write!(line, " ({} keeps its size)", quoted(&window.path))
            }
            (None, _) => Ok(()),
        };
        line
    }

    /// What it was and what it is; of long texts, where they differ.
    fn turn(&self, change: &Change<'a>) -> String {
        if let (Value::Text(was), Value::Text(is)) = (&change.before.node.value, &change.after.node.value)
            && is.len().min(was.len()) > ROOM
        {
            let alike = was.iter().zip(is).take_while(|(a, b)| a == b).count();
            return format!("{} bytes -> {} bytes, others from byte {alike} on", was.len(), is.len());
        }
        let shown =
            |look: &Look<'a>, bytes| if look.node.is_present() { value(look, bytes) } else { "absent".to_owned() };
        format!("{} -> {}", shown(&change.before, self.before.1), shown(&change.after, self.after.1))
    }

    /// The windows that have another size than before, but for those of values that are others themselves.
    pub fn sizes(&self) -> Lines {
        let resized = self.windows.iter().filter(|window| window.size.0 != window.size.1 && !self.has(&window.path));
        capped(resized.map(|window| {
            let (was, is) = window.size;
            let why = match &window.room {
                Some((path, was, 0)) if *was > 0 && is > window.size.0 => format!(", and `{path}` is used up"),
                _ => String::new(),
            };
            let verb = if is > was { "grew" } else { "shrank" };
            format!("{} {verb} from {was} to {is} bytes{why}", quoted(&window.path))
        }))
    }

    /// What lies elsewhere now.
    pub fn moves(&self) -> Lines {
        capped(self.comparison.moves.iter().map(|Move { first, last, by }| {
            let bytes = if by.unsigned_abs() == 1 { "byte" } else { "bytes" };
            let by = if *by > 0 { format!("+{by} {bytes}") } else { format!("{by} {bytes}") };
            match last {
                None => format!("everything from {} on moved by {by}", quoted(first)),
                Some(last) if last == first => format!("{} moved by {by}", quoted(first)),
                Some(last) => format!("{} to {} moved by {by}", quoted(first), quoted(last)),
            }
        }))
    }

    /// Findings that there were none of before.
    pub fn findings(&self) -> Lines {
        let is_new = |new: &&Trouble| !self.before.0.findings.iter().any(|old| is_same(old, new));
        let new = self.after.0.findings.iter().filter(is_new);
        capped(new.map(|finding| format!("new finding: {finding}")))
    }
}

/// Whether two findings are about the same, wherever that lies.
fn is_same(a: &Trouble, b: &Trouble) -> bool {
    (&a.path, a.class, &a.expected, &a.found, &a.say) == (&b.path, b.class, &b.expected, &b.found, &b.say)
}

fn name(path: &str) -> &str {
    if path.is_empty() { "the value" } else { path }
}

fn quoted(path: &str) -> String {
    if path.is_empty() { "the value".to_owned() } else { format!("`{path}`") }
}

/// As many lines as are worth reading, and how many more there are.
fn capped(lines: impl Iterator<Item = String>) -> Lines {
    let mut all: Lines = lines.collect();
    let more = all.len().saturating_sub(MOST);
    all.truncate(MOST);
    all.extend(and_more(u64::try_from(more).unwrap_or(u64::MAX)));
    all
}

fn and_more(n: u64) -> Option<String> {
    (n > 0).then(|| format!("and {n} more"))
}

fn value(look: &Look<'_>, bytes: &dyn Bytes) -> String {
    Writer { bytes, room: ROOM }.value(look)
}
