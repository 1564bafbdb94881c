//! Text that a format does not promise to be valid: its bytes or units are kept as they are.

use alloc::string::String;
use alloc::vec::Vec;
use binrw::Endian;
use core::fmt::{self, Write};

/// Text of any encoding, most often ASCII or UTF-8. Shown as text, with escapes for what is not.
#[derive(Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Text(pub Vec<u8>);

impl Text {
    /// The text, if it is UTF-8.
    #[must_use]
    pub fn to_str(&self) -> Option<&str> {
        core::str::from_utf8(&self.0).ok()
    }
}

impl AsRef<[u8]> for Text {
    fn as_ref(&self) -> &[u8] {
        &self.0
    }
}

impl From<&str> for Text {
    fn from(text: &str) -> Self {
        Self(text.as_bytes().to_vec())
    }
}

impl From<String> for Text {
    fn from(text: String) -> Self {
        Self(text.into_bytes())
    }
}

impl From<&[u8]> for Text {
    fn from(bytes: &[u8]) -> Self {
        Self(bytes.to_vec())
    }
}

impl From<Vec<u8>> for Text {
    fn from(bytes: Vec<u8>) -> Self {
        Self(bytes)
    }
}

/// Control characters and the backslash are escaped as in Rust, bytes that are not UTF-8 as `\xNN`: two different texts
/// never look the same.
impl fmt::Display for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for chunk in self.0.utf8_chunks() {
            chunk.valid().chars().try_for_each(|c| write_char(f, c))?;
            chunk.invalid().iter().try_for_each(|b| write!(f, "\\x{b:02x}"))?;
        }
        Ok(())
    }
}

impl fmt::Debug for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "\"{self}\"")
    }
}

fn write_char(f: &mut fmt::Formatter<'_>, c: char) -> fmt::Result {
    match c {
        '\'' => f.write_char(c),
        _ => write!(f, "{}", c.escape_debug()),
    }
}

/// UTF-16, with unpaired surrogates kept.
#[derive(Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Utf16(pub Vec<u16>);

impl Utf16 {
    /// The text of these bytes; none when a byte is left over.
    #[must_use]
    pub fn from_bytes(b: &[u8], order: Endian) -> Option<Self> {
        let (units, []) = b.as_chunks::<2>() else {
            return None;
        };
        let unit = |b: &[u8; 2]| match order {
            Endian::Little => u16::from_le_bytes(*b),
            Endian::Big => u16::from_be_bytes(*b),
        };
        Some(Self(units.iter().map(unit).collect()))
    }

    /// The bytes on the wire.
    #[must_use]
    pub fn to_bytes(&self, order: Endian) -> Vec<u8> {
        let bytes = |unit: &u16| match order {
            Endian::Little => unit.to_le_bytes(),
            Endian::Big => unit.to_be_bytes(),
        };
        self.0.iter().flat_map(bytes).collect()
    }

    /// Length on the wire in bytes.
    #[must_use]
    pub fn wire_len(&self) -> u64 {
        crate::len64(self.0.len()).saturating_mul(2)
    }
}

impl From<&str> for Utf16 {
    fn from(text: &str) -> Self {
        Self(text.encode_utf16().collect())
    }
}

/// Unpaired surrogates show as U+FFFD.
impl fmt::Display for Utf16 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let chars = char::decode_utf16(self.0.iter().copied());
        chars.map(|c| c.unwrap_or(char::REPLACEMENT_CHARACTER)).try_for_each(|c| f.write_char(c))
    }
}

/// As `str` does, with unpaired surrogates as `\u{d800}`.
impl fmt::Debug for Utf16 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_char('"')?;
        for c in char::decode_utf16(self.0.iter().copied()) {
            match c {
                Ok(c) => write_char(f, c)?,
                Err(e) => write!(f, "\\u{{{:x}}}", e.unpaired_surrogate())?,
            }
        }
        f.write_char('"')
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::format;
    use std::string::ToString;
    use std::vec;

    #[test]
    fn text_shows_what_it_can() {
        let text = Text(b"ide0 \xc3\xa9\xff\n\\".to_vec());
        assert_eq!(text.to_string(), "ide0 \u{e9}\\xff\\n\\\\");
        assert_eq!(format!("{text:?}"), "\"ide0 \u{e9}\\xff\\n\\\\\"");
        assert_eq!((text.to_str(), Text::from("a").to_str()), (None, Some("a")));
    }

    #[test]
    fn utf16_in_both_orders() {
        let text = Utf16::from("a\u{1f600}");
        let big = text.to_bytes(Endian::Big);
        assert_eq!(big, [0, b'a', 0xd8, 0x3d, 0xde, 0]);
        assert_eq!(Utf16::from_bytes(&big, Endian::Big), Some(text.clone()));
        let little = text.to_bytes(Endian::Little);
        assert_eq!(Utf16::from_bytes(&little, Endian::Little), Some(text.clone()));
        assert_eq!((text.wire_len(), text.to_string().as_str()), (6, "a\u{1f600}"));
    }

    #[test]
    fn utf16_keeps_unpaired_units_and_refuses_a_byte() {
        let text = Utf16(vec![0xd800, 0x41]);
        assert_eq!(text.to_string(), "\u{fffd}A");
        assert_eq!(format!("{text:?}"), "\"\\u{d800}A\"");
        let b = text.to_bytes(Endian::Little);
        assert_eq!(Utf16::from_bytes(&b, Endian::Little), Some(text));
        assert_eq!(Utf16::from_bytes(&[1, 2, 3], Endian::Little), None);
        assert_eq!(Utf16::from_bytes(&[], Endian::Big), Some(Utf16::default()));
    }
}
