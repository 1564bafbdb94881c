//! Specs as trees that can be changed and written again.

use std::fmt::Write as _;

use vmspec_codegen::diagnostic::Diagnostics;
use vmspec_codegen::source::Sources;
use vmspec_codegen::syntax::yaml::{Kind, Node, parse};

use crate::formats::Failure;

/// One step into a tree: the key of a mapping or the index of a list.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Step {
    /// A key.
    Key(String),
    /// An index.
    Index(usize),
}

/// The tree of a file's text.
pub fn tree(name: &str, text: &str) -> Result<Node, Failure> {
    let mut sources = Sources::new();
    let file = sources.add(name, text);
    parse(file, text, &mut Diagnostics::new()).ok_or_else(|| format!("{name}: it is no YAML"))
}

/// What does not change what bytes may be.
pub const WORDS: [&str; 9] = ["doc", "refs", "say", "as", "was", "title", "examples", "format", "use"];

/// The tree as text, in one line.
pub fn text(node: &Node) -> String {
    let mut out = String::new();
    write(node, &mut out);
    out
}

fn write(node: &Node, out: &mut String) {
    match &node.kind {
        Kind::Scalar { text, plain: true } if text == "null" || text.is_empty() => out.push_str(text),
        Kind::Scalar { text, .. } => quoted(text, out),
        Kind::Seq(items) => {
            out.push('[');
            for item in items {
                write(item, out);
                out.push_str(", ");
            }
            out.push(']');
        }
        Kind::Map(entries) => {
            out.push('{');
            for (key, value) in entries {
                write(key, out);
                out.push_str(": ");
                write(value, out);
                out.push_str(", ");
            }
            out.push('}');
        }
    }
}

fn quoted(text: &str, out: &mut String) {
    out.push('"');
    for c in text.chars() {
        match c {
            '"' | '\\' => out.extend(['\\', c]),
            // Writing to a string cannot fail.
            c if c.is_control() => _ = write!(out, "\\x{:02x}", u32::from(c)),
            c => out.push(c),
        }
    }
    out.push('"');
}

/// The node at the end of a path.
pub fn at<'n>(node: &'n mut Node, path: &[Step]) -> Option<&'n mut Node> {
    let Some((step, rest)) = path.split_first() else { return Some(node) };
    let next = match (step, &mut node.kind) {
        (Step::Key(key), Kind::Map(entries)) => {
            entries.iter_mut().find(|(name, _)| name.scalar() == Some(key)).map(|(_, value)| value)
        }
        (Step::Index(i), Kind::Seq(items)) => items.get_mut(*i),
        _ => None,
    };
    at(next?, rest)
}

/// Drops the examples, which change nothing of what is read.
pub fn without_examples(mut node: Node) -> Node {
    if let Kind::Map(entries) = &mut node.kind {
        entries.retain(|(key, _)| key.scalar() != Some("examples"));
    }
    node
}

/// A path as people read it.
pub fn shown(path: &[Step]) -> String {
    let mut out = String::new();
    for step in path {
        match step {
            Step::Key(key) if out.is_empty() => out.push_str(key),
            Step::Key(key) => out.extend([".", key]),
            Step::Index(i) => out.extend(["[", &i.to_string(), "]"]),
        }
    }
    out
}
