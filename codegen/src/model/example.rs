//! Examples: tests that a spec carries.

use super::{Site, TypeId};
use crate::syntax::yaml::{Kind, Node};
use std::fmt::Write;

/// An example.
#[derive(Debug, Clone)]
pub struct Example {
    /// Its name, unique in the format.
    pub name: String,
    /// The type it is of.
    pub of: TypeId,
    /// Byte order, for a type that takes it from the caller.
    pub big: bool,
    /// Arguments by the Rust name of their param, as Rust: `-5`, `true`, `Kind::Small`, `Flags::EMPTY.with(Flags::BIG)`,
    /// `Guid::from_u128(0x..)`, `b"text"`. Types of the format and of the runtime stand without a path.
    pub with: Vec<(String, String)>,
    /// The bytes.
    pub bytes: ExampleBytes,
    /// What they give.
    pub expected: ExampleResult,
    /// Where it stands.
    pub site: Site,
}

/// Where an example's bytes are.
#[derive(Debug, Clone)]
pub enum ExampleBytes {
    /// Here.
    Hex(Vec<u8>),
    /// In a file of the samples.
    Sample(String),
}

/// What an example's bytes give.
#[derive(Debug, Clone)]
pub enum ExampleResult {
    /// A value that holds this, as far as it is said.
    Value(Node),
    /// An error.
    Error {
        /// Its path, empty for the value as a whole.
        path: String,
        /// Its class.
        class: super::Class,
    },
}

impl Example {
    /// The expected value as JSON: single values are strings, as they are written; `null` without quotes is none.
    #[must_use]
    pub fn json(&self) -> Option<String> {
        match &self.expected {
            ExampleResult::Value(node) => Some(json(node)),
            ExampleResult::Error { .. } => None,
        }
    }

    /// Whether the expected value says something of `key`.
    #[must_use]
    pub fn says(&self, key: &str) -> bool {
        let ExampleResult::Value(Node { kind: Kind::Map(entries), .. }) = &self.expected else { return false };
        entries.iter().any(|(name, _)| name.scalar() == Some(key))
    }
}

fn json(node: &Node) -> String {
    match &node.kind {
        Kind::Scalar { text, plain: true } if text == "null" => text.clone(),
        Kind::Scalar { text, .. } => quoted(text),
        Kind::Seq(items) => format!("[{}]", items.iter().map(json).collect::<Vec<_>>().join(", ")),
        Kind::Map(entries) => {
            let entry = |(key, value): &(Node, Node)| format!("{}: {}", json(key), json(value));
            format!("{{{}}}", entries.iter().map(entry).collect::<Vec<_>>().join(", "))
        }
    }
}

fn quoted(text: &str) -> String {
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            '"' | '\\' => out.extend(['\\', c]),
            // Writing to a string cannot fail.
            c if c.is_control() => drop(write!(out, "\\u{:04x}", u32::from(c))),
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

#[cfg(test)]
mod tests {
    use super::quoted;

    #[test]
    fn text_is_json() {
        assert_eq!(quoted("a\"\\\n\u{e9}"), "\"a\\\"\\\\\\u000a\u{e9}\"");
    }
}
