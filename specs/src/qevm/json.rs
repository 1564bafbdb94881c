//! JSON, taken apart from front to back. Keeps the order of members and every one of several with the same key, which the
//! description of a stream has. Each byte is looked at once, and nesting is bounded.

use crate::runtime::{Found, Result, len64};
use crate::{Class, Error};
use alloc::borrow::Cow;
use alloc::format;
use alloc::string::String;

/// How deep objects and arrays may lie in each other: forty vmstates, three levels each.
const MAX_DEPTH: u32 = 128;

/// What holds other values.
#[derive(Clone, Copy, Debug)]
pub(super) struct Group {
    first: u8,
    last: u8,
    has_keys: bool,
    name: &'static str,
    goes_on: &'static str,
}

pub(super) const OBJECT: Group =
    Group { first: b'{', last: b'}', has_keys: true, name: "an object", goes_on: "`,` or `}`" };
pub(super) const ARRAY: Group =
    Group { first: b'[', last: b']', has_keys: false, name: "an array", goes_on: "`,` or `]`" };

/// A reader of one JSON text.
#[derive(Debug)]
pub(super) struct Json<'a> {
    text: &'a str,
    at: usize,
    depth: u32,
}

impl<'a> Json<'a> {
    /// A reader at the start of `text`.
    pub(super) const fn new(text: &'a str) -> Self {
        Self { text, at: 0, depth: 0 }
    }

    /// Enters an object or an array.
    pub(super) fn open(&mut self, group: Group) -> Result<()> {
        self.expect(group.first, group.name)?;
        self.depth = self.depth.saturating_add(1);
        if self.depth > MAX_DEPTH {
            let expected = format!("JSON of at most {MAX_DEPTH} levels");
            return Err(Error::limit(expected, Found::Nothing).located(self.offset()));
        }
        Ok(())
    }

    /// Whether another member or element follows, of which `taken` were taken; else leaves the object or array.
    pub(super) fn more(&mut self, group: Group, taken: usize) -> Result<bool> {
        if self.eat(group.last) {
            self.depth = self.depth.saturating_sub(1);
            return Ok(false);
        }
        if taken > 0 {
            self.expect(b',', group.goes_on)?;
        }
        Ok(true)
    }

    /// Takes the key of a member.
    pub(super) fn key(&mut self) -> Result<Cow<'a, str>> {
        let key = self.string()?;
        self.expect(b':', "`:`")?;
        Ok(key)
    }

    /// Takes a text. It is borrowed unless it has escapes.
    pub(super) fn string(&mut self) -> Result<Cow<'a, str>> {
        self.expect(b'"', "a text")?;
        let plain = self.unescaped();
        if self.take(b'"') {
            return Ok(Cow::Borrowed(plain));
        }
        let mut text = String::from(plain);
        while !self.take(b'"') {
            if !self.take(b'\\') {
                return Err(self.wrong("`\"`"));
            }
            text.push(self.escape()?);
            text.push_str(self.unescaped());
        }
        Ok(Cow::Owned(text))
    }

    /// Takes a whole number.
    pub(super) fn integer(&mut self) -> Result<i64> {
        self.space();
        let at = self.at;
        let digits = self.scan(|b| b.is_ascii_digit() || b == b'-');
        digits.parse().map_err(|_| Error::new(Class::Invalid, "a whole number", digits).located(len64(at)))
    }

    /// Takes a value of any kind and forgets it.
    pub(super) fn skip(&mut self) -> Result<()> {
        self.space();
        match self.byte() {
            Some(b'{') => self.skip_group(OBJECT),
            Some(b'[') => self.skip_group(ARRAY),
            Some(b'"') => self.string().map(drop),
            _ => self.word(),
        }
    }

    fn skip_group(&mut self, group: Group) -> Result<()> {
        self.open(group)?;
        let mut taken = 0_usize;
        while self.more(group, taken)? {
            if group.has_keys {
                self.key()?;
            }
            self.skip()?;
            taken = taken.saturating_add(1);
        }
        Ok(())
    }

    /// Refuses anything but blanks behind the value.
    pub(super) fn end(&mut self) -> Result<()> {
        self.space();
        if self.at == self.text.len() { Ok(()) } else { Err(self.wrong("the end of the JSON text")) }
    }

    /// How many bytes were taken.
    pub(super) fn offset(&self) -> u64 {
        len64(self.at)
    }

    /// What stands here is not what should.
    #[cold]
    fn wrong(&self, expected: &'static str) -> Error {
        match self.rest().chars().next() {
            Some(c) => Error::new(Class::Invalid, expected, &*c.encode_utf8(&mut [0; 4])),
            None => Error::new(Class::Truncated, expected, Found::Nothing),
        }
        .located(self.offset())
    }

    fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn byte(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    /// Takes bytes, which must be ASCII or whole characters, as long as they are wanted.
    fn scan(&mut self, wanted: impl Fn(u8) -> bool) -> &'a str {
        let rest = self.rest();
        let length = rest.bytes().position(|b| !wanted(b)).unwrap_or(rest.len());
        self.at = self.at.saturating_add(length);
        rest.get(..length).unwrap_or_default()
    }

    fn space(&mut self) {
        self.scan(|b| matches!(b, b' ' | b'\t' | b'\n' | b'\r'));
    }

    /// Text up to the next quote, escape or control character.
    fn unescaped(&mut self) -> &'a str {
        self.scan(|b| b != b'"' && b != b'\\' && b >= b' ')
    }

    /// Takes this byte where it is the next.
    fn take(&mut self, byte: u8) -> bool {
        let there = self.byte() == Some(byte);
        self.at = self.at.saturating_add(there.into());
        there
    }

    /// Takes this byte where it is the next that is not blank.
    fn eat(&mut self, byte: u8) -> bool {
        self.space();
        self.take(byte)
    }

    fn expect(&mut self, byte: u8, expected: &'static str) -> Result<()> {
        if self.eat(byte) { Ok(()) } else { Err(self.wrong(expected)) }
    }

    /// Takes a number of any kind, or one of the words of JSON.
    fn word(&mut self) -> Result<()> {
        let at = self.at;
        let word = self.scan(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'+' | b'.'));
        let number = word.starts_with(|c: char| c == '-' || c.is_ascii_digit()) && word.parse::<f64>().is_ok();
        if number || matches!(word, "true" | "false" | "null") {
            return Ok(());
        }
        self.at = at;
        Err(self.wrong("a value"))
    }

    /// The character that the escape behind a backslash stands for.
    fn escape(&mut self) -> Result<char> {
        let Some(kind) = self.byte() else { return Err(self.wrong("an escape")) };
        let known = [(b'n', '\n'), (b't', '\t'), (b'r', '\r'), (b'b', '\x08'), (b'f', '\x0c')];
        let plain = matches!(kind, b'"' | b'\\' | b'/').then_some(char::from(kind));
        let short = plain.or_else(|| known.iter().find(|(k, _)| *k == kind).map(|(_, c)| *c));
        if short.is_none() && kind != b'u' {
            return Err(self.wrong("an escape"));
        }
        self.at = self.at.saturating_add(1);
        short.map_or_else(|| self.code_point(), Ok)
    }

    /// The character whose number follows in hex; one outside the first 65,536 is written as two.
    fn code_point(&mut self) -> Result<char> {
        let first = self.unit()?;
        let more = (0xd800..0xdc00).contains(&first) && self.rest().starts_with("\\u");
        let units = if more {
            self.at = self.at.saturating_add(2);
            [first, self.unit()?]
        } else {
            [first, 0]
        };
        let used = units.get(..if more { 2 } else { 1 }).unwrap_or_default();
        let lone = || Error::new(Class::Invalid, "a character", Found::Int(first.into())).located(self.offset());
        char::decode_utf16(used.iter().copied()).next().and_then(core::result::Result::ok).ok_or_else(lone)
    }

    fn unit(&mut self) -> Result<u16> {
        let digits = self.rest().get(..4).filter(|it| it.bytes().all(|b| b.is_ascii_hexdigit()));
        let unit = digits.and_then(|digits| u16::from_str_radix(digits, 16).ok());
        let unit = unit.ok_or_else(|| self.wrong("four hex digits"))?;
        self.at = self.at.saturating_add(4);
        Ok(unit)
    }
}
