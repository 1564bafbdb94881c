//! Examples: tests that a spec carries.

use super::{EnumId, FlagsId, Site, TypeId};
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
    /// Arguments, one for each param of the type.
    pub with: Vec<Argument>,
    /// Inputs that are not what they are first, by index.
    pub inputs: Vec<(usize, Argument)>,
    /// The bytes.
    pub bytes: ExampleBytes,
    /// What they give.
    pub expected: ExampleResult,
    /// Where it stands.
    pub site: Site,
}

/// An argument.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Argument {
    /// A number that fits its param.
    Int(i128),
    /// A truth value.
    Bool(bool),
    /// A value of an enum, by index.
    Enum(EnumId, usize),
    /// Flags that all have a name.
    Flags(FlagsId, u64),
    /// A guid, its bytes in the order of its text; whether its param is in Microsoft's order.
    Guid(bool, [u8; 16]),
    /// Text.
    Text(Vec<u8>),
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
