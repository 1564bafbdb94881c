//! Texts and bytes as people read them. Two different ones never look the same.

use std::fmt::{self, Write};

/// What is written, and whether all of it is.
#[derive(Debug, PartialEq, Eq)]
pub struct Excerpt {
    /// As much as there is room for.
    pub text: String,
    /// Whether that is all.
    pub whole: bool,
}

/// The longest escape of one character: `\u{10ffff}`.
const ESCAPE: usize = 10;

/// Text in quotes, in at most `room` characters or a few more. Quotes, backslashes and all that cannot be seen are escaped; a
/// byte that is no UTF-8 is `\xff`.
pub fn text(bytes: &[u8], room: usize) -> Excerpt {
    // More is not shown; the tail that is cut off must not cut a character in two.
    let most = room.saturating_mul(4).saturating_add(ESCAPE);
    let mut quoted = Quoted::new(room);
    for chunk in bytes.get(..most).unwrap_or(bytes).utf8_chunks() {
        let valid = chunk.valid().chars().all(|c| quoted.char(c));
        if !valid || !chunk.invalid().iter().all(|b| quoted.escape(format_args!("\\x{b:02x}"))) {
            return quoted.end(false);
        }
    }
    quoted.end(bytes.len() <= most)
}

/// UTF-16 in quotes, in the same way; a unit without its partner is `\ud800`.
pub fn utf16(units: &[u16], room: usize) -> Excerpt {
    let mut quoted = Quoted::new(room);
    for unit in char::decode_utf16(units.iter().copied()) {
        let fits = match unit {
            Ok(c) => quoted.char(c),
            Err(e) => quoted.escape(format_args!("\\u{:04x}", e.unpaired_surrogate())),
        };
        if !fits {
            return quoted.end(false);
        }
    }
    quoted.end(true)
}

/// Bytes as pairs of hex digits.
pub fn hex(bytes: &[u8], room: usize) -> Excerpt {
    let fitting = room.saturating_add(1).checked_div(3).unwrap_or(0).max(1);
    let shown = bytes.get(..fitting).unwrap_or(bytes);
    let pairs: Vec<String> = shown.iter().map(|b| format!("{b:02x}")).collect();
    Excerpt { text: pairs.join(" "), whole: shown.len() == bytes.len() }
}

/// Bytes as hex digits without anything between.
pub struct Digits<'a>(pub &'a [u8]);

impl fmt::Display for Digits<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|b| write!(f, "{b:02x}"))
    }
}

/// A text between quotes, growing.
struct Quoted {
    text: String,
    /// How many characters there is room for.
    room: usize,
}

impl Quoted {
    fn new(room: usize) -> Self {
        Self { text: "\"".to_owned(), room: room.saturating_sub(2) }
    }

    fn char(&mut self, c: char) -> bool {
        match c {
            '"' | '\\' => self.escape(format_args!("\\{c}")),
            '\'' => self.escape(format_args!("'")),
            c => self.escape(format_args!("{}", c.escape_debug())),
        }
    }

    /// Adds it if there is room.
    fn escape(&mut self, what: fmt::Arguments<'_>) -> bool {
        let before = self.text.len();
        // Writing to a string cannot fail.
        let _ = self.text.write_fmt(what);
        let count = self.text.get(before..).map_or(0, |added| added.chars().count());
        let fits = count <= self.room;
        if fits {
            self.room = self.room.saturating_sub(count);
        } else {
            self.text.truncate(before);
        }
        fits
    }

    fn end(mut self, whole: bool) -> Excerpt {
        self.text.push('"');
        Excerpt { text: self.text, whole }
    }
}

#[cfg(test)]
mod tests {
    use super::{Digits, Excerpt, hex, text, utf16};

    fn whole(text: &str) -> Excerpt {
        Excerpt { text: text.to_owned(), whole: true }
    }

    #[test]
    fn what_cannot_be_seen_is_escaped() {
        assert_eq!(text(b"a\"b\\c'd\n\0\x1b[1m", 99), whole(r#""a\"b\\c'd\n\0\u{1b}[1m""#));
        assert_eq!(
            text("\u{e9}\u{202e}\u{9b}\u{a0}\u{301}".as_bytes(), 99),
            whole(r#""é\u{202e}\u{9b}\u{a0}\u{301}""#)
        );
    }

    #[test]
    fn bytes_that_are_no_text_differ_from_text_that_looks_so() {
        assert_eq!(text(b"\xff\xc3", 99), whole(r#""\xff\xc3""#));
        assert_eq!(text(br"\xff", 99), whole(r#""\\xff""#));
        assert_eq!(utf16(&[0x61, 0xd800, 0x62], 99), whole(r#""a\ud800b""#));
        assert_eq!(utf16(&[0xd83d, 0xde00], 99), whole("\"\u{1f600}\""));
    }

    #[test]
    fn what_is_long_is_cut_between_characters() {
        assert_eq!(text(b"abcdef", 6), Excerpt { text: "\"abcd\"".to_owned(), whole: false });
        assert_eq!(text(b"abcd", 6), whole("\"abcd\""));
        assert_eq!(text(b"abc\n", 6), Excerpt { text: "\"abc\"".to_owned(), whole: false });
        assert_eq!(text(&[0; 1000], 8).text, "\"\\0\\0\\0\"");
        assert_eq!(hex(&[1, 0xab, 3], 5), Excerpt { text: "01 ab".to_owned(), whole: false });
        assert_eq!(hex(&[1, 0xab], 5), whole("01 ab"));
        assert_eq!(Digits(&[0, 0xff]).to_string(), "00ff");
    }
}
