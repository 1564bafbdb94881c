//! How JSON is laid out: a line for each key, lists of single values on one line, and no character that a terminal obeys.

use std::io::{self, Write};

use serde_json::ser::Formatter;

/// The layout, as far as it has been written.
#[derive(Debug, Default)]
pub struct Layout {
    /// For each open object and list, whether something in it stands on a line of its own.
    open: Vec<bool>,
    /// Whether the next value is an element of a list, and the first.
    element: Option<bool>,
}

impl Layout {
    fn open<W: ?Sized + Write>(&mut self, to: &mut W, bracket: &[u8]) -> io::Result<()> {
        if self.element.take().is_some() {
            if let Some(broken) = self.open.last_mut() {
                *broken = true;
            }
            self.line(to)?;
        }
        self.open.push(false);
        to.write_all(bracket)
    }

    fn close<W: ?Sized + Write>(&mut self, to: &mut W, bracket: &[u8]) -> io::Result<()> {
        if self.open.pop() == Some(true) {
            self.line(to)?;
        }
        to.write_all(bracket)
    }

    fn line<W: ?Sized + Write>(&self, to: &mut W) -> io::Result<()> {
        write!(to, "\n{:1$}", "", self.open.len().saturating_mul(2))
    }
}

impl Formatter for Layout {
    fn begin_array<W: ?Sized + Write>(&mut self, to: &mut W) -> io::Result<()> {
        self.open(to, b"[")
    }

    fn end_array<W: ?Sized + Write>(&mut self, to: &mut W) -> io::Result<()> {
        self.close(to, b"]")
    }

    fn begin_array_value<W: ?Sized + Write>(&mut self, to: &mut W, first: bool) -> io::Result<()> {
        self.element = Some(first);
        if first { Ok(()) } else { to.write_all(b",") }
    }

    fn end_array_value<W: ?Sized + Write>(&mut self, _: &mut W) -> io::Result<()> {
        self.element = None;
        Ok(())
    }

    fn begin_object<W: ?Sized + Write>(&mut self, to: &mut W) -> io::Result<()> {
        self.open(to, b"{")
    }

    fn end_object<W: ?Sized + Write>(&mut self, to: &mut W) -> io::Result<()> {
        self.close(to, b"}")
    }

    fn begin_object_key<W: ?Sized + Write>(&mut self, to: &mut W, first: bool) -> io::Result<()> {
        if let Some(broken) = self.open.last_mut() {
            *broken = true;
        }
        if !first {
            to.write_all(b",")?;
        }
        self.line(to)
    }

    fn begin_object_value<W: ?Sized + Write>(&mut self, to: &mut W) -> io::Result<()> {
        to.write_all(b": ")
    }

    fn write_string_fragment<W: ?Sized + Write>(&mut self, to: &mut W, fragment: &str) -> io::Result<()> {
        let mut rest = fragment;
        while let Some((at, c)) = rest.char_indices().find(|(_, c)| is_obeyed(*c)) {
            let (before, from) = rest.split_at(at);
            write!(to, "{before}\\u{:04x}", u32::from(c))?;
            rest = from.get(c.len_utf8()..).unwrap_or("");
        }
        to.write_all(rest.as_bytes())
    }
}

/// Control characters that JSON itself leaves alone.
fn is_obeyed(c: char) -> bool {
    matches!(c, '\u{7f}'..='\u{9f}')
}

#[cfg(test)]
mod tests {
    use super::Layout;
    use serde::Serialize;
    use serde_json::{Value, json};

    fn laid_out(value: &Value) -> String {
        let mut out = Vec::new();
        let mut serializer = serde_json::Serializer::with_formatter(&mut out, Layout::default());
        value.serialize(&mut serializer).unwrap_or_default();
        String::from_utf8(out).unwrap_or_default()
    }

    #[test]
    fn single_values_share_a_line() {
        let value = json!({"a": [1, 2, "x"], "b": [], "c": {}, "d": [{"e": 1}, [2, 3]]});
        let expected = "{\n  \"a\": [1,2,\"x\"],\n  \"b\": [],\n  \"c\": {},\n  \"d\": [\n    {\n      \"e\": 1\n    },\n    [2,3]\n  ]\n}";
        assert_eq!(laid_out(&value), expected);
        assert_eq!(serde_json::from_str::<Value>(expected).ok(), Some(value));
    }

    #[test]
    fn nothing_moves_the_cursor() {
        let value = json!("a\u{1b}[1m\u{7f}\u{9b}2m\u{e9}");
        let text = laid_out(&value);
        assert_eq!(text, "\"a\\u001b[1m\\u007f\\u009b2m\u{e9}\"");
        assert_eq!(serde_json::from_str::<Value>(&text).ok(), Some(value));
    }
}
