//! Places of what comes round the end of a ring: read behind it, they lie at its start.

use super::Ring;
use crate::interpret::tree::{Node, Value};
use crate::interpret::trouble::Trouble;

/// Brings a node and all that is in it to where it lies in the file.
pub(super) fn fold(node: &mut Node, ring: Ring) {
    node.at = ring.folded(node.at);
    match &mut node.value {
        Value::Record(record) => {
            record.fields.iter_mut().chain(&mut record.extras).for_each(|node| fold(node, ring));
        }
        Value::Bits(nodes) | Value::List(nodes) => nodes.iter_mut().for_each(|node| fold(node, ring)),
        Value::Case(_, Some(body)) => fold(body, ring),
        Value::Lazy(list) => {
            list.source = ring.folded(list.source);
            if let Some(of_entry) = &mut list.of_entry {
                of_entry.ring = Some(ring);
            }
            list.held.values_mut().for_each(|node| fold(node, ring));
        }
        _ => {}
    }
}

/// What is wrong, at the place where it lies.
pub(super) fn fold_trouble(mut trouble: Trouble, ring: Ring) -> Trouble {
    trouble.offset = trouble.offset.map(|at| ring.folded(at));
    trouble
}
