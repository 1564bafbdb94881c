//! The fields that hold bytes themselves, in the order of the bytes.

use std::borrow::Cow;
use std::io;

use vmspec_codegen::interpret::journal::{Ring, Scan};
use vmspec_codegen::interpret::{Blob, Look, Node, Value};
use vmspec_codegen::model::{Field, Type};

use super::scan;
use super::walk::{Elements, Inside, behind_cases, enter, inside};

/// A run of bytes that belongs to one field.
pub struct Span<'s, 'a> {
    /// The field.
    pub look: &'s Look<'a>,
    /// The path of what it lies in.
    pub around: &'s str,
    /// Its name there.
    pub name: &'s str,
}

/// What is done with each.
type Each<'e, 'a> = &'e mut dyn FnMut(Span<'_, 'a>) -> io::Result<()>;

/// Calls `each` for every field with bytes of its own below a node: single values, the integer of bits, and lists of plain
/// integers, or that are read one by one, as a whole. Of a journal what lies in no entry that is held is its own.
pub fn each<'a>(look: &Look<'a>, path: &mut String, each: Each<'_, 'a>) -> io::Result<()> {
    let is_journal = |field: &Field| field.journal.is_some();
    let moves = |ty: &Type| ty.as_struct().is_some_and(|s| s.is_place || s.fields.iter().any(is_journal));
    if !look.format.types.iter().any(moves) {
        return go(look, (path, 0), None, each);
    }
    // What lies aside comes in the tree where it is pointed to, and what comes round the end of a ring lies at its start.
    let mut all = Vec::new();
    go(look, (path, 0), None, &mut |Span { look, around, name }| {
        all.push((look.clone(), around.to_owned(), name.to_owned()));
        Ok(())
    })?;
    all.sort_by_key(|(look, ..)| look.node.at);
    // Bytes that stand for two values are shown as the first.
    let mut end = 0;
    all.retain(|(look, ..)| {
        let apart = look.node.at >= end;
        end = end.max(look.node.end());
        apart
    });
    all.iter().try_for_each(|(look, around, name)| each(Span { look, around, name }))
}

/// With the path comes how much of it is that of what the node lies in; `ring` is that of the entry around.
fn go<'a>(
    look: &Look<'a>,
    (path, around): (&mut String, usize),
    ring: Option<Ring>,
    each: Each<'_, 'a>,
) -> io::Result<()> {
    let Some(content) = behind_cases(look).1.filter(|content| content.node.len > 0) else { return Ok(()) };
    let below = match inside(&content) {
        Inside::Fields(fields) if !matches!(content.node.value, Value::Bits(_)) => fields,
        Inside::Elements(elements) if !matches!(content.node.value, Value::Lazy(_)) => {
            if let Some(found) = scan::of(&content) {
                return journal((look, found), &elements, (path, around), each);
            }
            return elements.iter().try_for_each(|element| enter_and_go(&element, path, ring, each));
        }
        _ => {
            let (around, name) = path.split_at_checked(around).unwrap_or((path, ""));
            let name = name.trim_start_matches('.');
            return pieces(look, ring).iter().try_for_each(|look| each(Span { look, around, name }));
        }
    };
    below.iter().try_for_each(|field| enter_and_go(field, path, ring, each))
}

fn enter_and_go<'a>(look: &Look<'a>, path: &mut String, ring: Option<Ring>, each: Each<'_, 'a>) -> io::Result<()> {
    let before = path.len();
    enter(path, look);
    let gone = go(look, (path, before), ring, each);
    path.truncate(before);
    gone
}

/// The entries of a journal, and what lies between them.
fn journal<'a>(
    (look, found): (&Look<'a>, &Scan),
    elements: &Elements<'a>,
    (path, around): (&mut String, usize),
    each: Each<'_, 'a>,
) -> io::Result<()> {
    let held: Vec<_> = elements.iter().collect();
    let mut ranges: Vec<_> = held.iter().flat_map(|entry| pieces(entry, Some(found.ring))).collect();
    ranges.sort_by_key(|piece| piece.node.at);
    let mut next = found.ring.at;
    for (at, end) in ranges.iter().map(|piece| (piece.node.at, piece.node.end())).chain([(found.ring.end(), 0)]) {
        if next < at {
            let (around, name) = path.split_at_checked(around).unwrap_or((path, ""));
            let look = part(look, next, at.saturating_sub(next), Value::Blob(Blob::File(next)));
            each(Span { look: &look, around, name: name.trim_start_matches('.') })?;
        }
        next = next.max(end);
    }
    held.iter().try_for_each(|entry| enter_and_go(entry, path, Some(found.ring), each))
}

/// A field; one that comes round the end of its ring in two parts.
fn pieces<'a>(look: &Look<'a>, ring: Option<Ring>) -> Vec<Look<'a>> {
    let (at, len, value) = (look.node.at, look.node.len, &look.node.value);
    let Some((ring, beyond)) = ring.map(|ring| (ring, ring.beyond(at, len))).filter(|(_, beyond)| *beyond > 0) else {
        return vec![look.clone()];
    };
    let first = part(look, at, len.saturating_sub(beyond), value.clone());
    vec![first, part(look, ring.at, beyond, value.clone())]
}

/// A part of a field.
fn part<'a>(look: &Look<'a>, at: u64, len: u64, value: Value) -> Look<'a> {
    let node = Cow::Owned(Node { what: look.node.what, at, len, value });
    Look { node, ..look.clone() }
}
