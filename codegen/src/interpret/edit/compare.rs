//! What is not as it was: values, and places.

use super::follow::origin;
use super::hops::{Hop, path_of, way};
use super::pairs::Pair;
use crate::interpret::bytes::Bytes;
use crate::interpret::look::Look;
use crate::interpret::tree::{Blob, Node, Value};
use crate::model::Format;
use std::io;

/// Most changes that are listed.
const MOST: usize = 1_000;

/// How much payload is compared at a time.
const CHUNK: u64 = 64 << 10;

/// How two trees differ.
#[derive(Debug)]
pub struct Comparison<'a> {
    /// Values that are not as they were, in the order of the bytes; at most 1,000.
    pub changes: Vec<Change<'a>>,
    /// How many there are beyond these.
    pub left_out: u64,
    /// What lies elsewhere in the file, in the order of the bytes.
    pub moves: Vec<Move>,
}

/// A value that is not as it was.
#[derive(Debug)]
pub struct Change<'a> {
    /// Its path.
    pub path: String,
    /// As it was.
    pub before: Look<'a>,
    /// As it is.
    pub after: Look<'a>,
    /// What it follows from, where it does.
    pub origin: Option<String>,
}

/// Neighbours that lie elsewhere, all by the same distance.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Move {
    /// The path of the first.
    pub first: String,
    /// The path of the last; none where everything behind the first has moved.
    pub last: Option<String>,
    /// By how many bytes; negative is towards the start.
    pub by: i128,
}

/// Compares a value with what it was. Payload that takes as many bytes as it did is not looked at.
#[must_use]
pub fn compare<'a>(format: &'a Format, before: &'a Node, after: &'a Node) -> Comparison<'a> {
    let comparison = Comparison { changes: Vec::new(), left_out: 0, moves: Vec::new() };
    let mut walk = Walk { format, after, hops: Vec::new(), run: None, comparison };
    walk.node(&Pair::root(format, before, after));
    walk.end_run(true);
    walk.comparison
}

/// A comparison under way.
struct Walk<'a> {
    format: &'a Format,
    after: &'a Node,
    hops: Vec<Hop>,
    /// The neighbours that have moved by the same distance so far.
    run: Option<Run>,
    comparison: Comparison<'a>,
}

struct Run {
    first: Vec<Hop>,
    last: Vec<Hop>,
    by: i128,
}

impl<'a> Walk<'a> {
    fn node(&mut self, pair: &Pair<'a>) {
        let inside = pair.inside();
        for (hop, child) in &inside {
            self.hops.push(*hop);
            self.node(child);
            self.hops.pop();
        }
        if inside.is_empty() {
            self.leaf(pair);
        }
    }

    fn leaf(&mut self, pair: &Pair<'a>) {
        self.place(pair);
        if let (Value::Packed(before), Value::Packed(after)) = (&pair.before.node.value, &pair.after.node.value) {
            let pairs = before.numbers().zip(after.numbers()).enumerate();
            for (i, _) in pairs.filter(|(_, (before, after))| before != after) {
                self.hops.push(Hop::Number(i));
                self.number(pair, i);
                self.hops.pop();
            }
        } else if !is_alike(&pair.before.node, &pair.after.node) {
            self.change(pair.before.clone(), pair.after.clone(), "");
        }
    }

    fn number(&mut self, pair: &Pair<'a>, i: usize) {
        if let (Some(before), Some(after)) = (pair.before.at(i), pair.after.at(i)) {
            let name = after.name();
            self.change(before, after, &name);
        }
    }

    fn change(&mut self, before: Look<'a>, after: Look<'a>, index: &str) {
        if self.comparison.changes.len() >= MOST {
            self.comparison.left_out = self.comparison.left_out.saturating_add(1);
            return;
        }
        let way = way(self.format, self.after, &self.hops);
        let path = way.last().map_or_else(String::new, |stop| format!("{}{index}", stop.path));
        let origin = if index.is_empty() { origin(&way) } else { None };
        self.comparison.changes.push(Change { path, before, after, origin });
    }

    /// Where it lies now. What only starts elsewhere and ends where it did is not behind what moves, but gives way to
    /// it.
    fn place(&mut self, pair: &Pair<'_>) {
        if !pair.takes_bytes() {
            return;
        }
        let end = i128::from(pair.after.node.end()).saturating_sub(pair.before.node.end().into());
        let by = if end == 0 { 0 } else { pair.moved() };
        if let Some(run) = self.run.as_mut().filter(|run| run.by == by) {
            run.last.clone_from(&self.hops);
            return;
        }
        self.end_run(false);
        self.run = (by != 0).then(|| Run { first: self.hops.clone(), last: self.hops.clone(), by });
    }

    fn end_run(&mut self, to_the_end: bool) {
        let Some(Run { first, last, by }) = self.run.take() else { return };
        let path = |hops: &[Hop]| path_of(self.format, self.after, hops);
        let last = (!to_the_end).then(|| path(&last));
        self.comparison.moves.push(Move { first: path(&first), last, by });
    }
}

/// The place where what was read back is not what was written: something lies elsewhere, or is another value. Where
/// the reason is that something comes, goes or is of another case, it is that place. That by itself follows from what
/// was set.
#[must_use]
pub fn misread(format: &Format, written: &Node, read: &Node) -> Option<String> {
    let Comparison { changes, moves, .. } = compare(format, written, read);
    let is_choice = |look: &Look<'_>| matches!(look.node.value, Value::Case(..) | Value::Absent);
    let (chosen, others): (Vec<_>, Vec<_>) =
        changes.into_iter().partition(|change| is_choice(&change.before) || is_choice(&change.after));
    if moves.is_empty() && others.is_empty() && written.len == read.len {
        return None;
    }
    let first = chosen.into_iter().chain(others).next().map(|change| change.path);
    Some(first.or(moves.into_iter().next().map(|moved| moved.first)).unwrap_or_default())
}

/// Whether two nodes hold the same, as far as can be told without looking at payload.
fn is_alike(a: &Node, b: &Node) -> bool {
    match (&a.value, &b.value) {
        (Value::Blob(_), Value::Blob(_)) | (Value::Zeros(None), Value::Zeros(None)) => a.len == b.len,
        (Value::Lazy(a), Value::Lazy(b)) => (a.count, a.step) == (b.count, b.step),
        // Structs and lists of nothing have nothing that could differ.
        (Value::Record(_), Value::Record(_)) | (Value::List(_), Value::List(_)) => true,
        (a, b) => a == b,
    }
}

/// Whether two nodes hold the same, payload included.
///
/// # Errors
/// Those of the sources.
pub fn is_same(a: (&Node, &dyn Bytes), b: (&Node, &dyn Bytes)) -> io::Result<bool> {
    match (&a.0.value, &b.0.value) {
        (Value::Blob(one), Value::Blob(other)) => {
            if a.0.len == b.0.len {
                is_same_payload((one, a.1), (other, b.1), a.0.len)
            } else {
                Ok(false)
            }
        }
        _ => Ok(is_alike(a.0, b.0)),
    }
}

fn is_same_payload(a: (&Blob, &dyn Bytes), b: (&Blob, &dyn Bytes), len: u64) -> io::Result<bool> {
    let mut done = 0;
    while done < len {
        let step = usize::try_from(len.saturating_sub(done).min(CHUNK)).unwrap_or(0);
        if piece(a, done, step)? != piece(b, done, step)? {
            return Ok(false);
        }
        done = done.saturating_add(CHUNK);
    }
    Ok(true)
}

fn piece((blob, source): (&Blob, &dyn Bytes), from: u64, len: usize) -> io::Result<Vec<u8>> {
    match blob {
        Blob::File(at) => {
            let mut chunk = vec![0; len];
            source.read_at(at.saturating_add(from), &mut chunk)?;
            Ok(chunk)
        }
        Blob::Held(bytes) => {
            let from = usize::try_from(from).unwrap_or(usize::MAX);
            Ok(bytes.iter().skip(from).take(len).copied().collect())
        }
    }
}
