//! What an example holds, as YAML: one line for what is short, one for each entry otherwise.

use crate::syntax::yaml::{Kind, Node};

/// The longest line that a value is written in.
const WIDTH: usize = 96;
/// The longest single value that is shown whole.
const MOST: usize = 160;

/// The lines of a value.
#[must_use]
pub fn text(node: &Node) -> String {
    let mut lines = Vec::new();
    put(node, 0, &mut lines);
    lines.join("\n")
}

fn put(node: &Node, indent: usize, lines: &mut Vec<String>) {
    let pad = " ".repeat(indent);
    match &node.kind {
        Kind::Map(entries) if !entries.is_empty() => {
            for (key, value) in entries {
                entry(&format!("{pad}{}:", flow(key)), value, indent, lines);
            }
        }
        Kind::Seq(items) if !items.is_empty() => {
            for item in items {
                entry(&format!("{pad}-"), item, indent, lines);
            }
        }
        _ => lines.push(format!("{pad}{}", flow(node))),
    }
}

/// What stands behind a key or dash: on the same line, where it is short.
fn entry(head: &str, value: &Node, indent: usize, lines: &mut Vec<String>) {
    let one = format!("{head} {}", flow(value));
    if one.chars().count() <= WIDTH || matches!(value.kind, Kind::Scalar { .. }) {
        lines.push(one);
    } else {
        lines.push(head.to_owned());
        put(value, indent.saturating_add(2), lines);
    }
}

fn flow(node: &Node) -> String {
    match &node.kind {
        Kind::Scalar { text, plain: true } => cut(text),
        Kind::Scalar { text, .. } => format!("'{}'", cut(text).replace('\'', "''")),
        Kind::Seq(items) => format!("[{}]", items.iter().map(flow).collect::<Vec<_>>().join(", ")),
        Kind::Map(entries) => {
            let one = |(key, value): &(Node, Node)| format!("{}: {}", flow(key), flow(value));
            format!("{{{}}}", entries.iter().map(one).collect::<Vec<_>>().join(", "))
        }
    }
}

fn cut(text: &str) -> String {
    let shown: String = text.chars().take(MOST).map(|c| if c.is_control() { ' ' } else { c }).collect();
    let left = text.chars().count().saturating_sub(MOST);
    if left == 0 { shown } else { format!("{shown}... ({left} more characters)") }
}
