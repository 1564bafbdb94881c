//! Setting values in a tree that was read, from text as people write it.
//!
//! Only what can vary is set. What follows from it - lengths, offsets, checksums - is worked out when the tree is
//! derived, and rules are looked at when what was written is read back.

mod choice;
mod compare;
mod follow;
pub(super) mod hops;
mod input;
mod number;
pub(super) mod pairs;
mod presence;
mod text;
mod value;

pub use compare::{Change, Comparison, Move, compare, is_same, misread};

pub use input::set_input;

use super::bytes::Bytes;
use super::tree::{Node, Value, number_bytes};
use crate::model::Format;
use hops::{Hop, find, node_mut};

/// A value as it was given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Given {
    /// In words.
    Text(String),
    /// The bytes of a file, which are a range of the source.
    File {
        /// The file, as messages name it.
        name: String,
        /// Where its bytes are in the source.
        at: u64,
        /// How many there are.
        len: u64,
    },
}

/// What becomes of a node.
enum Plan {
    Hold((Value, u64)),
    Leave,
}

/// Sets what is at a path. The tree must be derived before it is written. Gives the path as errors print it.
///
/// # Errors
/// It cannot be set, or not to this: why, as a sentence. The tree is as it was.
pub fn set(format: &Format, root: &mut Node, path: &str, given: &Given, source: &dyn Bytes) -> Result<String, String> {
    let found = find(format, root, path).map_err(|not_found| not_found.to_string())?;
    if let Some(why) = follow::fixed(&found) {
        return Err(why);
    }
    let leave = presence::is_to_leave(&found, given)?;
    let plan = if leave { Plan::Leave } else { Plan::Hold(value::value(&found, given, source)?) };
    let hops = if leave { presence::of_field(&found.hops) } else { found.hops.clone() };
    let path = found.path;
    put(format, root, &hops, plan);
    presence::unpin(root, &hops);
    Ok(path)
}

fn put(format: &Format, root: &mut Node, hops: &[Hop], plan: Plan) {
    let Some(node) = node_mut(root, hops) else { return };
    let was_there = node.is_present();
    match (hops.last(), plan) {
        (Some(Hop::Number(i)), Plan::Hold((Value::Int(n), _))) => put_number(node, *i, n),
        (_, Plan::Hold((value, len))) => {
            node.value = value;
            node.len = len;
            if !was_there {
                presence::come(format, root, hops);
            }
        }
        (_, Plan::Leave) => {
            node.value = Value::Absent;
            node.len = 0;
            presence::leave(root, hops);
        }
    }
}

fn put_number(list: &mut Node, index: usize, n: i128) {
    let Value::Packed(packed) = &mut list.value else { return };
    let (step, big) = (packed.step(), packed.big);
    if let Some(place) = packed.bytes.chunks_exact_mut(step).nth(index) {
        place.copy_from_slice(&number_bytes(n, step, big));
    }
}

/// What is at a path, without what it lies in; nothing where it is absent.
///
/// # Errors
/// There is no such path.
pub fn value_at(format: &Format, root: &Node, path: &str) -> Result<Option<Node>, String> {
    let found = find(format, root, path).map_err(|not_found| not_found.to_string())?;
    let look = match (found.look(), found.hops.last()) {
        (Some(list), Some(Hop::Number(i))) => list.at(*i),
        (look, _) => look.cloned(),
    };
    Ok(look.map(|look| look.node.into_owned()).filter(Node::is_present))
}

/// When the field at a path is there, where it need not be.
#[must_use]
pub fn presence_at(format: &Format, root: &Node, path: &str) -> Option<String> {
    let found = find(format, root, path).ok()?;
    let field = found.way.iter().rev().find_map(|stop| stop.look.field)?;
    field.presence.as_ref().map(|presence| presence.that.text.clone())
}
