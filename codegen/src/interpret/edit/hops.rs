//! From a path such as `records[3].x` down the tree, so that what is there can be changed.

use crate::interpret::find::locate;
use crate::interpret::look::Look;
use crate::interpret::not_found::{NotFound, Why};
use crate::interpret::path::{Step, steps};
use crate::interpret::tree::{Node, Value};
use crate::model::Format;
use std::borrow::Cow;

/// One step down the tree.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Hop {
    /// A field of a struct.
    Field(usize),
    /// A gap or slack of a struct.
    Extra(usize),
    /// A part of an integer.
    Part(usize),
    /// An element of a list.
    Element(usize),
    /// An element of a list of plain integers: it is no node.
    Number(usize),
    /// The body of a case.
    Body,
}

/// A node on the way, with its path.
#[derive(Debug, Clone)]
pub struct Stop<'a> {
    /// The node.
    pub look: Look<'a>,
    /// Its path.
    pub path: String,
}

/// What a path leads to.
#[derive(Debug, Clone)]
pub struct Found<'a> {
    /// The steps down to it: of a switch, to what its case holds.
    pub hops: Vec<Hop>,
    /// The nodes on the way, the root first, itself last; of a plain integer in a list, the list.
    pub way: Vec<Stop<'a>>,
    /// Its path, as errors print it.
    pub path: String,
}

impl<'a> Found<'a> {
    /// Where the way has come to.
    pub fn look(&self) -> Option<&Look<'a>> {
        self.way.last().map(|stop| &stop.look)
    }
}

/// Finds what is at a path, also a field that is absent.
///
/// # Errors
/// There is nothing.
pub fn find<'a>(format: &'a Format, root: &'a Node, path: &str) -> Result<Found<'a>, NotFound> {
    let top = Look::root(format, root);
    let path = match locate(&top, path) {
        Ok((_, path)) => path,
        Err(NotFound { reached, why: Why::Absent, .. }) if locate(&top, holder(path)).is_ok() => reached,
        Err(not_found) => return Err(not_found),
    };
    let hops = hops(root, &top, &path);
    Ok(Found { way: way(format, root, &hops), hops, path })
}

/// The path without its last step.
fn holder(path: &str) -> &str {
    path.rfind(['.', '[']).and_then(|at| path.get(..at)).unwrap_or("")
}

/// The steps down a path that is known to lead somewhere.
fn hops(root: &Node, top: &Look<'_>, path: &str) -> Vec<Hop> {
    let (mut here, mut out) = (root, Vec::new());
    let mut look = top.clone();
    for step in steps(path).unwrap_or_default() {
        while let Value::Case(_, Some(body)) = &here.value {
            look = look.child(body);
            here = body;
            out.push(Hop::Body);
        }
        let Some(hop) = hop(here, &look, step) else { return out };
        out.push(hop);
        let Some(next) = below(here, hop) else { return out };
        look = look.child(next);
        here = next;
    }
    while let Value::Case(_, Some(body)) = &here.value {
        here = body;
        out.push(Hop::Body);
    }
    out
}

fn hop(node: &Node, look: &Look<'_>, step: Step<'_>) -> Option<Hop> {
    let named = |nodes: &[Node], name: &str| nodes.iter().position(|node| look.child(node).name() == name);
    match (&node.value, step) {
        (Value::Record(record), Step::Name(name)) => match named(&record.fields, name) {
            Some(i) => Some(Hop::Field(i)),
            None => named(&record.extras, name).map(Hop::Extra),
        },
        (Value::Bits(parts), Step::Name(name)) => named(parts, name).map(Hop::Part),
        (Value::List(_) | Value::Lazy(_), Step::Index(i, _)) => Some(Hop::Element(i)),
        (Value::Packed(_), Step::Index(i, _)) => Some(Hop::Number(i)),
        _ => None,
    }
}

/// The nodes on the way down hops, each with its path.
#[must_use]
pub fn way<'a>(format: &'a Format, root: &'a Node, hops: &[Hop]) -> Vec<Stop<'a>> {
    let mut out = vec![Stop { look: Look::root(format, root), path: String::new() }];
    for hop in hops {
        let Some(Stop { look, path }) = out.last() else { break };
        let Some(next) = borrowed(look).and_then(|node| below(node, *hop)) else { break };
        let look = look.child(next);
        let (mut path, name) = (path.clone(), look.name());
        if !path.is_empty() && !name.is_empty() && !name.starts_with('[') {
            path.push('.');
        }
        path.push_str(&name);
        out.push(Stop { look, path });
    }
    out
}

/// The path that hops make.
#[must_use]
pub fn path_of(format: &Format, root: &Node, hops: &[Hop]) -> String {
    way(format, root, hops).pop().map_or_else(String::new, |stop| stop.path)
}

fn below(node: &Node, hop: Hop) -> Option<&Node> {
    match (hop, &node.value) {
        (Hop::Field(i), Value::Record(record)) => record.fields.get(i),
        (Hop::Extra(i), Value::Record(record)) => record.extras.get(i),
        (Hop::Part(i), Value::Bits(parts)) => parts.get(i),
        (Hop::Element(i), Value::List(elements)) => elements.get(i),
        (Hop::Element(i), Value::Lazy(list)) => list.get(i),
        (Hop::Body, Value::Case(_, Some(body))) => Some(body),
        _ => None,
    }
}

/// The node at the end of hops, to look at.
pub fn node_at<'n>(root: &'n Node, hops: &[Hop]) -> Option<&'n Node> {
    hops.iter().try_fold(root, |node, hop| below(node, *hop))
}

/// The node at the end of hops; of an element of a packed list, the list.
pub fn node_mut<'n>(root: &'n mut Node, hops: &[Hop]) -> Option<&'n mut Node> {
    let mut here = root;
    for hop in hops.iter().filter(|hop| !matches!(hop, Hop::Number(_))) {
        here = match (hop, &mut here.value) {
            (Hop::Field(i), Value::Record(record)) => record.fields.get_mut(*i)?,
            (Hop::Extra(i), Value::Record(record)) => record.extras.get_mut(*i)?,
            (Hop::Part(i), Value::Bits(parts)) => parts.get_mut(*i)?,
            (Hop::Element(i), Value::List(elements)) => elements.get_mut(*i)?,
            (Hop::Element(i), Value::Lazy(list)) => list.held.get_mut(&u64::try_from(*i).ok()?)?,
            (Hop::Body, Value::Case(_, Some(body))) => body,
            _ => return None,
        };
    }
    Some(here)
}

/// The node in the tree. Only an element of a packed list is in none.
#[must_use]
pub fn borrowed<'a>(look: &Look<'a>) -> Option<&'a Node> {
    match look.node {
        Cow::Borrowed(node) => Some(node),
        Cow::Owned(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::holder;

    #[test]
    fn the_last_step_is_taken_away() {
        assert_eq!(["a.b[3].c", "a.b[3]", "a.b", "a", ""].map(holder), ["a.b[3]", "a.b", "a", "", ""]);
    }
}
