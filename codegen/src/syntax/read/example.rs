//! Examples: bytes, and what they must mean.

use super::Reader;
use super::cursor::Mapping;
use super::keys::{EXAMPLE, EXAMPLE_ERROR};
use super::names::Named;
use super::words::{CLASSES, ORDERS};
use crate::diagnostic::{Code, Diagnostic, excerpt};
use crate::source::Spanned;
use crate::syntax::ast::{ExampleBytes, ExampleDecl, ExampleResult};
use crate::syntax::lex::hex_digit;
use crate::syntax::yaml::Node;

impl Reader<'_> {
    pub(super) fn examples(&mut self, top: &Mapping<'_>) -> Vec<ExampleDecl> {
        let Some(node) = top.get("examples") else { return Vec::new() };
        let entries = self.entries(node, "a mapping from names to examples");
        entries.iter().filter_map(|(key, value)| self.example(key, value)).collect()
    }

    fn example(&mut self, key: &Node, value: &Node) -> Option<ExampleDecl> {
        let name = self.name(key, Named::Other);
        let map = self.mapping(value, &EXAMPLE, key.span)?;
        let of = self.reference_at(&map, "type");
        let endian = self.word_at(&map, "endian", ORDERS);
        let (with, inputs) = (self.arguments(&map, "with"), self.arguments(&map, "inputs"));
        let bytes = self.example_bytes(&map);
        let expected = self.expected(&map);
        Some(ExampleDecl {
            name: name?,
            of,
            endian,
            with,
            inputs,
            bytes: bytes?,
            expected: expected?,
            span: key.span.to(value.span),
        })
    }

    fn example_bytes(&mut self, map: &Mapping<'_>) -> Option<ExampleBytes> {
        self.one_of(map, "hex", "sample")?;
        match map.get("hex") {
            Some(node) => self.hex(node).map(ExampleBytes::Hex),
            None => self.text_at(map, "sample").map(ExampleBytes::Sample),
        }
    }

    fn expected(&mut self, map: &Mapping<'_>) -> Option<ExampleResult> {
        self.one_of(map, "value", "error")?;
        if let Some(value) = map.get("value") {
            return Some(ExampleResult::Value(value.clone()));
        }
        let inner = self.mapping(map.get("error")?, &EXAMPLE_ERROR, map.key_span("error")?)?;
        let path = inner.get("path").and_then(|node| self.path(node));
        let class = self.word_at(&inner, "class", CLASSES);
        Some(ExampleResult::Error { path: path?, class: class? })
    }

    /// The path of an error, `''` for the value as a whole.
    fn path(&mut self, node: &Node) -> Option<Spanned<String>> {
        match node.scalar() {
            Some("") if !node.is_absent() && !node.is_left_out() => Some(Spanned::new(String::new(), node.span)),
            _ => self.text(node),
        }
    }

    /// Exactly one of two keys must be there.
    fn one_of(&mut self, map: &Mapping<'_>, first: &str, second: &str) -> Option<()> {
        let message = match (map.has(first), map.has(second)) {
            (true, true) => format!("both `{first}` and `{second}`"),
            (false, false) => format!("neither `{first}` nor `{second}`"),
            _ => return Some(()),
        };
        let span = map.key_span(second).unwrap_or(map.owner);
        let diagnostic = Diagnostic::new(Code::OneOf, message, span, "exactly one is needed");
        let diagnostic = map.key_span(first).map_or(diagnostic.clone(), |at| diagnostic.also(at, "the other one"));
        self.report(diagnostic);
        None
    }

    fn hex(&mut self, node: &Node) -> Option<Spanned<Vec<u8>>> {
        let text = self.scalar(node, "hex digits")?;
        let digits: Vec<(usize, char)> = text.char_indices().filter(|(_, c)| !c.is_whitespace()).collect();
        let place = self.place(node);
        let mut bytes = Vec::new();
        for pair in digits.chunks(2) {
            let value = |c: &(usize, char)| u8::try_from(c.1).ok().and_then(hex_digit);
            let values: Vec<u8> = pair.iter().filter_map(value).collect();
            let &[high, low] = values.as_slice() else {
                let start = pair.first().map_or(0, |c| c.0);
                let end = pair.last().map_or(start, |c| c.0.saturating_add(c.1.len_utf8()));
                let written = excerpt(text.get(start..end).unwrap_or(""));
                let message = format!("`{written}` is not a pair of hex digits");
                self.report(Diagnostic::new(Code::BadHex, message, place.span(start..end), "here"));
                return None;
            };
            bytes.push(high.wrapping_shl(4) | low);
        }
        Some(Spanned::new(bytes, node.span))
    }
}
