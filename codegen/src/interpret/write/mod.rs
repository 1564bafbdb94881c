//! Writing: every place, driven field, tag and pin of a tree worked out again, then the bytes.
//!
//! Rules are not looked at here. Whoever writes reads the result back: what a reader refuses is refused.

mod aside;
mod canvas;
mod copies;
mod drive;
mod field;
mod output;
mod pin;
mod record;

pub use output::{write, write_with};

use super::Start;
use super::bytes::Bytes;
use super::datum::Datum;
use super::eval::{Env, Frame};
use super::state::State;
use super::tree::{Node, Record, Value};
use super::trouble::Trouble;
use crate::model::{Class, Expr, Format, Site, TypeId};
use std::cell::RefCell;

/// How often values are worked out until none changes: lengths, what follows from them, checksums over that.
const MOST_ROUNDS: usize = 16;

type Result<T> = std::result::Result<T, Box<Trouble>>;

/// A tree whose places and values are worked out.
struct Deriver<'m> {
    format: &'m Format,
    source: &'m dyn Bytes,
    state: &'m RefCell<State>,
    /// Absolute offset of the value's first byte.
    first: u64,
    /// Absolute offset of the next byte.
    position: u64,
    /// Absolute offset of the end of the window, as it was in the round before.
    limit: Option<u64>,
    /// Whether anything is another than it was before this round.
    changed: bool,
    path: Vec<String>,
    /// The structs around that something lies aside in, the innermost last.
    places: Vec<aside::Place>,
    /// What does not lie as it must in this round.
    misplaced: Option<Box<Trouble>>,
}

/// Gives every node its place anew, and works out every driven field, tag and pin again.
///
/// # Errors
/// When a value does not fit its field, and when some need each other in a circle.
pub fn derive(format: &Format, start: Start, root: &mut Node, source: &dyn Bytes) -> Result<()> {
    derive_with(format, start, &[], root, source)
}

/// The same for a type with params.
///
/// # Errors
/// Those of [`derive()`].
pub fn derive_with(
    format: &Format,
    start: Start,
    params: &[Datum<'_>],
    root: &mut Node,
    source: &dyn Bytes,
) -> Result<()> {
    derived(format, start, params, root, source)?.map_or(Ok(()), Err)
}

/// The same, where what lies aside may still be in the way of other things: what does not lie as it must is given.
///
/// # Errors
/// Other ones of [`derive()`].
pub fn derive_loosely(
    format: &Format,
    start: Start,
    root: &mut Node,
    source: &dyn Bytes,
) -> Result<Option<Box<Trouble>>> {
    derived(format, start, &[], root, source)
}

fn derived(
    format: &Format,
    start: Start,
    params: &[Datum<'_>],
    root: &mut Node,
    source: &dyn Bytes,
) -> Result<Option<Box<Trouble>>> {
    for _ in 0..MOST_ROUNDS {
        let state = RefCell::new(State::new(format));
        let (first, position, limit, path) = (start.at, start.at, None, Vec::new());
        let (places, misplaced) = (Vec::new(), None);
        let mut round =
            Deriver { format, source, state: &state, first, position, limit, changed: false, path, places, misplaced };
        round.value_of((start.ty, start.big), params, &mut root.value)?;
        root.at = start.at;
        root.len = round.position.saturating_sub(start.at);
        if !round.changed {
            return Ok(round.misplaced);
        }
    }
    Err(trouble(String::new(), "values that can be worked out", None))
}

fn trouble(path: String, expected: impl Into<String>, site: Option<Site>) -> Box<Trouble> {
    let (expected, found) = (expected.into(), String::new());
    Box::new(Trouble { path, offset: None, class: Class::Invalid, io: None, expected, found, say: None, site })
}

impl<'m> Deriver<'m> {
    /// What an expression sees.
    fn env<'e>(&self, frame: Frame<'e>, record: &'e Record) -> Env<'e>
    where
        'm: 'e,
    {
        let len = self.position.saturating_sub(frame.base);
        let rest = self.limit.map(|limit| limit.saturating_sub(self.position));
        Env { rest, len, ..Env::new(self.format, frame, record, self.state) }
    }

    fn refuse(&self, field: &str, expected: impl Into<String>, site: Site) -> Box<Trouble> {
        let own = (!field.is_empty()).then(|| field.to_owned());
        let path = self.path.iter().cloned().chain(own).collect::<Vec<_>>().join(".").replace(".[", "[");
        trouble(path, expected, Some(site))
    }

    /// A size, count or number that a writer needs before it can go on.
    fn size<'e>(&self, env: &Env<'e>, e: &'e Expr) -> Result<u64> {
        env.size(e).map_err(|_| self.refuse("", format!("`{}`", e.text), e.site))
    }

    fn value_of(&mut self, (id, big): (TypeId, bool), params: &[Datum<'_>], value: &mut Value) -> Result<()> {
        let frame = Frame { ty: id, params, big, base: self.position, place: usize::MAX };
        match value {
            Value::Record(record) => return self.record(frame, record),
            Value::Bits(parts) => self.bits(frame, parts),
            Value::Case(id, body) => return self.case(frame, *id, body.as_deref_mut()),
            _ => {}
        }
        Ok(())
    }

    /// Sets a number of the tree, and notes whether it is another.
    fn set<T: PartialEq>(&mut self, to: &mut T, from: T) {
        if *to != from {
            *to = from;
            self.changed = true;
        }
    }
}
