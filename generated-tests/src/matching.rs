//! What a value holds, held against what is said about it. Says nothing about bytes that are not shown.

use serde_json::{Map, Value};

/// Whether `actual`, a value as serde shows it, is what `expected` says. Of a mapping only the keys that `expected` has
/// count. A single value may be given as text, as in YAML: `7`, `0x7`, `true`, `null`; bytes are hex text, also where
/// `actual` is a list of them, or a range of `source`.
///
/// # Errors
/// The place of the first difference, and both sides.
pub fn matches(expected: &Value, actual: &Value, source: &[u8]) -> Result<(), String> {
    let here = |e: Result<(), String>, step: String| e.map_err(|e| format!("{step}{e}"));
    match (expected, actual) {
        (Value::Object(wanted), Value::Object(found)) => {
            let entry = |(key, value): (&String, &Value)| {
                here(matches(value, found.get(key).unwrap_or(&Value::Null), source), format!(".{key}"))
            };
            wanted.iter().try_for_each(entry)
        }
        (Value::Array(wanted), Value::Array(found)) if wanted.len() == found.len() => {
            let element = |(i, (a, b)): (usize, (&Value, &Value))| here(matches(a, b, source), format!("[{i}]"));
            wanted.iter().zip(found).enumerate().try_for_each(element)
        }
        (Value::String(text), found) if text_matches(text, found, source) => Ok(()),
        (wanted, found) if wanted == found => Ok(()),
        (wanted, found) => Err(format!(": expected {wanted}, found {found}")),
    }
}

fn text_matches(text: &str, found: &Value, source: &[u8]) -> bool {
    match found {
        Value::Null => text == "null",
        Value::Bool(b) => text == if *b { "true" } else { "false" },
        Value::Number(n) => number_matches(text, n),
        Value::String(s) => s == text,
        Value::Array(list) => bytes(list).is_some_and(|bytes| hex_of(&bytes) == text),
        Value::Object(range) => blob(range, source).is_some_and(|bytes| hex_of(bytes) == text),
    }
}

/// Whole numbers exactly, others as what they are nearest to.
fn number_matches(text: &str, n: &serde_json::Number) -> bool {
    let whole = match text.strip_prefix("0x") {
        Some(digits) => i128::from_str_radix(digits, 16).ok(),
        None => text.parse::<i128>().ok(),
    };
    match (whole, n.as_i128()) {
        (Some(a), Some(b)) => a == b,
        _ => text.parse::<f64>().ok().map(f64::to_bits) == n.as_f64().map(f64::to_bits),
    }
}

fn bytes(list: &[Value]) -> Option<Vec<u8>> {
    list.iter().map(|b| b.as_u64().and_then(|b| u8::try_from(b).ok())).collect()
}

/// The bytes of a range of the source.
fn blob<'b>(range: &Map<String, Value>, source: &'b [u8]) -> Option<&'b [u8]> {
    let number = |key: &str| range.get(key)?.as_u64().and_then(|n| usize::try_from(n).ok());
    let (offset, length) = (number("offset")?, number("length")?);
    if range.len() == 2 { source.get(offset..offset.checked_add(length)?) } else { None }
}

/// The bytes as hex digits.
#[must_use]
pub fn hex_of(bytes: &[u8]) -> String {
    let digit = |n: u8| char::from_digit(u32::from(n), 16).unwrap_or('?');
    bytes.iter().flat_map(|b| [digit(b >> 4), digit(b & 0xf)]).collect()
}
