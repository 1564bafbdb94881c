//! Texts, bytes, payload and zeros.

use super::Given;
use super::number::integer_in;
use crate::diagnostic::excerpt;
use crate::interpret::bytes::Bytes;
use crate::interpret::tree::{Blob, Value};
use crate::model::{Length, Range};

/// Most bytes of a file that become a text or bytes; payload has no such limit.
const MOST: u64 = 64 << 20;

/// A value, and its length where that is not in the value.
pub type Sized = (Value, u64);

/// What was given, as bytes in memory. Of a file, all of it.
///
/// # Errors
/// Why not.
pub fn raw(given: &Given, source: &dyn Bytes) -> Result<Vec<u8>, String> {
    match given {
        Given::Text(text) => Ok(text.as_bytes().to_vec()),
        Given::File { name, len, .. } if *len > MOST => {
            Err(format!("takes at most {MOST} bytes, and {name} has {len}"))
        }
        Given::File { name, at, len } => {
            let mut bytes = vec![0; usize::try_from(*len).unwrap_or(0)];
            source.read_at(*at, &mut bytes).map_err(|e| format!("cannot be read from {name}: {e}"))?;
            Ok(bytes)
        }
    }
}

/// Bytes: hex digits, or a file as it is.
///
/// # Errors
/// What is taken instead, as the end of a sentence about the field.
pub fn bytes(given: &Given, source: &dyn Bytes) -> Result<Vec<u8>, String> {
    match given {
        Given::Text(text) => hex(text).ok_or_else(|| no_hex(text)),
        Given::File { .. } => raw(given, source),
    }
}

fn no_hex(text: &str) -> String {
    format!("takes hex digits such as 00ff, or @FILE, not `{}`", excerpt(text))
}

/// Hex digits in pairs, with or without `0x` and spaces.
#[must_use]
pub fn hex(text: &str) -> Option<Vec<u8>> {
    let text = text.strip_prefix("0x").unwrap_or(text);
    let digits: Option<Vec<u8>> = text.chars().filter(|c| *c != ' ').map(digit).collect();
    let pairs = digits.filter(|digits| digits.len() % 2 == 0)?;
    Some(pairs.chunks_exact(2).map(|pair| pair.iter().fold(0, |byte, digit| byte << 4 | digit)).collect())
}

fn digit(c: char) -> Option<u8> {
    c.to_digit(16).and_then(|n| u8::try_from(n).ok())
}

/// Bytes of a length that the spec fixes.
///
/// # Errors
/// They have another one.
pub fn exactly(bytes: Vec<u8>, n: u64) -> Result<Vec<u8>, String> {
    let len = size(bytes.len());
    if len == n { Ok(bytes) } else { Err(format!("takes {n} bytes, and these are {len}")) }
}

/// Payload: hex digits, or a file, which stays where it is.
///
/// # Errors
/// What is taken instead.
pub fn blob(given: &Given) -> Result<Sized, String> {
    match given {
        Given::Text(text) => {
            let bytes = hex(text).ok_or_else(|| no_hex(text))?;
            let len = size(bytes.len());
            Ok((Value::Blob(Blob::Held(bytes)), len))
        }
        Given::File { at, len, .. } => Ok((Value::Blob(Blob::File(*at)), *len)),
    }
}

/// Text in UTF-8. One that is too short for a fixed length is filled up with NULs.
///
/// # Errors
/// What is taken instead.
pub fn utf8(given: &Given, source: &dyn Bytes, length: &Length) -> Result<Vec<u8>, String> {
    let mut text = raw(given, source)?;
    if std::str::from_utf8(&text).is_err() {
        return Err(no_utf8(given));
    }
    if let Length::Const(n) = length {
        fill(&mut text, *n, 1)?;
    }
    Ok(text)
}

fn no_utf8(given: &Given) -> String {
    match given {
        Given::File { name, .. } => format!("takes text in UTF-8, and {name} is none"),
        Given::Text(_) => "takes text in UTF-8".to_owned(),
    }
}

/// Fills up with zeros to `n` bytes; each item has `step` of them.
fn fill<T: Default + Clone>(text: &mut Vec<T>, n: u64, step: u64) -> Result<(), String> {
    let len = size(text.len()).saturating_mul(step);
    if len > n {
        return Err(format!("takes {n} bytes, and these are {len}"));
    }
    let count = n.checked_div(step).unwrap_or(0);
    text.resize(usize::try_from(count).unwrap_or(text.len()), T::default());
    Ok(())
}

/// Text as UTF-16; it is given as UTF-8, in a file too.
///
/// # Errors
/// What is taken instead.
pub fn utf16(given: &Given, source: &dyn Bytes, length: &Length) -> Result<Vec<u16>, String> {
    let text = String::from_utf8(raw(given, source)?).map_err(|_| no_utf8(given))?;
    let mut units: Vec<u16> = text.encode_utf16().collect();
    if let Length::Const(n) = length {
        fill(&mut units, *n, 2)?;
    }
    Ok(units)
}

/// Text that a NUL ends.
///
/// # Errors
/// There is a NUL in it.
pub fn cstr(given: &Given, source: &dyn Bytes) -> Result<Vec<u8>, String> {
    let text = raw(given, source)?;
    match text.iter().position(|byte| *byte == 0) {
        None => Ok(text),
        Some(at) => Err(format!("takes text without a NUL, which would end it, and this has one at byte {at}")),
    }
}

/// Text behind its length, which has so many bytes.
///
/// # Errors
/// It is too long for that.
pub fn pstr(given: &Given, source: &dyn Bytes, prefix: u32) -> Result<Vec<u8>, String> {
    let (text, most) = (raw(given, source)?, Range::unsigned(prefix.saturating_mul(8)).max);
    let len = i128::from(size(text.len()));
    if len <= most { Ok(text) } else { Err(format!("takes at most {most} bytes, and these are {len}")) }
}

/// Constant bytes that may be others: as text or in hex.
///
/// # Errors
/// They have another length.
pub fn magic(given: &Given, source: &dyn Bytes, n: usize) -> Result<Vec<u8>, String> {
    let bytes = raw(given, source)?;
    if bytes.len() == n {
        return Ok(bytes);
    }
    let Given::Text(text) = given else { return exactly(bytes, size(n)) };
    match hex(text) {
        Some(bytes) if bytes.len() == n => Ok(bytes),
        _ => Err(format!("takes {n} bytes, as characters or in hex, not `{}`", excerpt(text))),
    }
}

/// A number of zeros, of up to 1 TiB.
///
/// # Errors
/// What is taken instead.
pub fn zeros(given: &Given) -> Result<Sized, String> {
    let Given::Text(text) = given else { return Err("takes a number of zero bytes".to_owned()) };
    let n =
        integer_in(text, Range::unsigned(40)).map_err(|said| said.replacen("a number", "a number of zero bytes", 1))?;
    Ok((Value::Zeros(None), u64::try_from(n).unwrap_or(0)))
}

/// Bytes where zeros should be.
///
/// # Errors
/// What is taken instead.
pub fn padding(given: &Given, source: &dyn Bytes, n: Option<u64>) -> Result<Sized, String> {
    let found = bytes(given, source)?;
    let found = n.map_or(Ok(found.clone()), |n| exactly(found, n))?;
    let len = size(found.len());
    Ok((Value::Zeros(Some(found).filter(|found| found.iter().any(|byte| *byte != 0))), len))
}

/// A length in memory as a number.
fn size(n: usize) -> u64 {
    u64::try_from(n).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::{bytes, cstr, hex, magic, padding, pstr, utf8, utf16, zeros};
    use crate::interpret::edit::Given;
    use crate::interpret::tree::Value;
    use crate::model::Length;

    const NONE: &dyn crate::interpret::Bytes = &b"".as_slice();

    fn text(text: &str) -> Given {
        Given::Text(text.to_owned())
    }

    #[test]
    fn hex_in_pairs() {
        assert_eq!(hex("00fF"), Some(vec![0, 0xff]));
        assert_eq!(hex("0x00 ff"), Some(vec![0, 0xff]));
        assert_eq!((hex(""), hex("0"), hex("0g"), hex("é")), (Some(vec![]), None, None, None));
    }

    #[test]
    fn texts_of_a_fixed_length_are_filled_up() {
        assert_eq!(utf8(&text("ab"), NONE, &Length::Const(4)), Ok(b"ab\0\0".to_vec()));
        assert_eq!(utf8(&text("abcde"), NONE, &Length::Const(4)), Err("takes 4 bytes, and these are 5".into()));
        assert_eq!(utf16(&text("a"), NONE, &Length::Const(4)), Ok(vec![0x61, 0]));
        assert_eq!(utf16(&text("\u{1f600}"), NONE, &Length::Rest), Ok(vec![0xd83d, 0xde00]));
    }

    #[test]
    fn texts_say_what_does_not_fit() {
        let said = cstr(&text("a\0b"), NONE);
        assert_eq!(said, Err("takes text without a NUL, which would end it, and this has one at byte 1".into()));
        let said = pstr(&text(&"a".repeat(256)), NONE, 1);
        assert_eq!(said, Err("takes at most 255 bytes, and these are 256".into()));
        assert_eq!(pstr(&text("a"), NONE, 1), Ok(b"a".to_vec()));
        assert_eq!(magic(&text("ab"), NONE, 2), Ok(b"ab".to_vec()));
        assert_eq!(magic(&text("0xffff"), NONE, 2), Ok(vec![0xff, 0xff]));
        assert!(magic(&text("abc"), NONE, 2).is_err());
    }

    #[test]
    fn a_file_is_taken_as_it_is() {
        let file = |at, len| Given::File { name: "x".into(), at, len };
        let source: &dyn crate::interpret::Bytes = &b"..00ff\xff".as_slice();
        assert_eq!(bytes(&file(2, 4), source), Ok(b"00ff".to_vec()));
        assert_eq!(utf8(&file(2, 5), source, &Length::Rest), Err("takes text in UTF-8, and x is none".into()));
        assert!(bytes(&file(4, 9), source).is_err_and(|said| said.starts_with("cannot be read from x: ")));
    }

    #[test]
    fn zeros_are_counted_and_padding_is_held() {
        assert!(matches!(zeros(&text("64K")), Ok((Value::Zeros(None), 65_536))));
        assert!(zeros(&text("-1")).is_err_and(|said| said.contains("number of zero bytes from 0")));
        assert!(matches!(padding(&text("0000"), NONE, Some(2)), Ok((Value::Zeros(None), 2))));
        assert!(matches!(padding(&text("0001"), NONE, Some(2)), Ok((Value::Zeros(Some(_)), 2))));
        assert!(padding(&text("00"), NONE, Some(2)).is_err());
    }
}
