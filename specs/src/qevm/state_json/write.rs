//! JSON, four blanks for each level.

use alloc::string::String;
use core::fmt::{self, Write};

/// A text that grows.
#[derive(Debug, Default)]
pub(super) struct Writer {
    out: String,
    depth: usize,
    /// Whether the object or array that is open has something in it.
    filled: bool,
}

impl Writer {
    pub(super) fn finish(self) -> String {
        self.out
    }

    /// Starts an object or an array.
    pub(super) fn open(&mut self, bracket: char) {
        self.out.push(bracket);
        self.depth = self.depth.saturating_add(1);
        self.filled = false;
    }

    /// Ends it.
    pub(super) fn close(&mut self, bracket: char) {
        self.depth = self.depth.saturating_sub(1);
        if self.filled {
            self.line();
        }
        self.out.push(bracket);
        self.filled = true;
    }

    /// Starts a member.
    pub(super) fn key(&mut self, key: &str) {
        self.next();
        self.string(key);
        self.out.push_str(": ");
    }

    /// A text.
    pub(super) fn string(&mut self, text: &str) {
        self.out.push('"');
        for c in text.chars() {
            self.character(c);
        }
        self.out.push('"');
    }

    /// A text without anything to escape.
    pub(super) fn text(&mut self, text: fmt::Arguments<'_>) {
        self.format(format_args!("\"{text}\""));
    }

    /// Bytes in hex, with a blank between, as a text.
    pub(super) fn hex(&mut self, bytes: &[u8]) {
        self.out.push('"');
        for (i, byte) in bytes.iter().enumerate() {
            let blank = if i > 0 { " " } else { "" };
            self.format(format_args!("{blank}{byte:02x}"));
        }
        self.out.push('"');
    }

    /// A word of JSON.
    pub(super) fn bare(&mut self, word: &str) {
        self.out.push_str(word);
    }

    /// Starts an element, or the key of a member.
    pub(super) fn next(&mut self) {
        if self.filled {
            self.out.push(',');
        }
        self.line();
        self.filled = true;
    }

    fn line(&mut self) {
        self.out.push('\n');
        for _ in 0..self.depth {
            self.out.push_str("    ");
        }
    }

    fn character(&mut self, c: char) {
        match c {
            '"' => self.out.push_str("\\\""),
            '\\' => self.out.push_str("\\\\"),
            '\n' => self.out.push_str("\\n"),
            '\r' => self.out.push_str("\\r"),
            '\t' => self.out.push_str("\\t"),
            '\x08' => self.out.push_str("\\b"),
            '\x0c' => self.out.push_str("\\f"),
            ' '..='~' => self.out.push(c),
            _ => c.encode_utf16(&mut [0; 2]).iter().for_each(|unit| self.format(format_args!("\\u{unit:04x}"))),
        }
    }

    fn format(&mut self, text: fmt::Arguments<'_>) {
        // Writing to a string cannot fail.
        _ = self.out.write_fmt(text);
    }
}
