//! Enums, flags and guids, from their names or from what is on the wire.

use super::number::{integer, integer_in};
use super::text::hex;
use crate::diagnostic::{did_you_mean, excerpt};
use crate::interpret::datum::turned;
use crate::model::{Enum, Flags, Keep, Key, Range, Repr};

/// Most names that a message lists.
const LISTED: usize = 24;

/// A value of an enum: its name, or what stands for it on the wire. Whether a value without a name is kept is left to
/// whoever reads it; one that can never be is refused at once.
///
/// # Errors
/// What is taken instead, as the end of a sentence about the field.
pub fn key(of: &Enum, keep: &Keep, text: &str) -> Result<Key, String> {
    let named = of.values.iter().find(|value| value.name == text);
    if let Some(value) = named.or_else(|| of.values.iter().find(|value| value.written == text)) {
        return Ok(value.key.clone());
    }
    let key = wire(of.repr, text)?.ok_or_else(|| no_name(of, keep, text))?;
    let known = of.values.iter().any(|value| value.key == key);
    if known || !matches!(keep, Keep::Never) { Ok(key) } else { Err(no_name(of, keep, text)) }
}

/// What is on the wire, from its own notation; nothing where it is not written in it.
fn wire(repr: Repr, text: &str) -> Result<Option<Key>, String> {
    let number = |range: Range| match integer(text) {
        Some(_) => integer_in(text, range).map(|n| Some(Key::Int(n))),
        None => Ok(None),
    };
    match repr {
        Repr::UInt(bits) => number(Range::unsigned(bits)),
        Repr::Int(bits) => number(Range::signed(bits)),
        Repr::Bytes(n) => {
            let bytes = text.strip_prefix("0x").and_then(hex);
            Ok(bytes.filter(|bytes| bytes.len() == n).map(Key::Bytes))
        }
        Repr::Guid => Ok(guid_bytes(text).map(|bytes| Key::Bytes(turned(bytes).to_vec()))),
        Repr::Uuid => Ok(guid_bytes(text).map(|bytes| Key::Bytes(bytes.to_vec()))),
    }
}

fn no_name(of: &Enum, keep: &Keep, text: &str) -> String {
    let names: Vec<&str> = of.values.iter().map(|value| value.name.as_str()).collect();
    let other = match (keep, of.repr) {
        (Keep::Never, _) => "",
        (_, Repr::UInt(_) | Repr::Int(_)) => " or a number",
        (_, Repr::Bytes(_)) => " or bytes such as 0x4142",
        (_, Repr::Guid | Repr::Uuid) => " or a guid",
    };
    not_among(text, &names, other)
}

/// The names that there are, or the one that may be meant.
fn not_among(text: &str, names: &[&str], other: &str) -> String {
    let bad = excerpt(text);
    let hint = did_you_mean(text, names.iter().copied()).map_or_else(String::new, |hint| format!("; {hint}"));
    if names.len() > LISTED {
        return format!("takes one of {} names{other}, not `{bad}`{hint}", names.len());
    }
    let listed = match names.split_last() {
        Some((last, names)) if other.is_empty() && !names.is_empty() => format!("{} or {last}", names.join(", ")),
        _ => names.join(", "),
    };
    format!("takes {listed}{other}, not `{bad}`{hint}")
}

/// Flags: names and numbers with `|` between, or `none`.
///
/// # Errors
/// What is taken instead.
pub fn bits(of: &Flags, text: &str) -> Result<u64, String> {
    if text == "none" && of.flags.iter().all(|flag| flag.name != "none") {
        return Ok(0);
    }
    text.split('|').map(str::trim).try_fold(0, |all, one| Ok(all | bit(of, one)?))
}

fn bit(of: &Flags, text: &str) -> Result<u64, String> {
    if let Some(flag) = of.flags.iter().find(|flag| flag.name == text) {
        return Ok(1_u64.checked_shl(flag.bit).unwrap_or(0));
    }
    if integer(text).is_none() {
        let names: Vec<&str> = of.flags.iter().map(|flag| flag.name.as_str()).collect();
        return Err(not_among(text, &names, ", several of them with | between, or a number"));
    }
    let n = integer_in(text, Range::unsigned(of.bits))?;
    Ok(u64::try_from(n).unwrap_or(0))
}

/// A guid's 16 bytes in the order of its text.
///
/// # Errors
/// What is taken instead.
pub fn guid(text: &str) -> Result<[u8; 16], String> {
    let example = "2dc27766-f623-4200-9d64-115e9bfd4a08";
    guid_bytes(text).ok_or_else(|| format!("takes a guid such as {example}, not `{}`", excerpt(text)))
}

fn guid_bytes(text: &str) -> Option<[u8; 16]> {
    let text = text.strip_prefix('{').and_then(|text| text.strip_suffix('}')).unwrap_or(text);
    let groups: Vec<_> = text.split('-').map(str::len).collect();
    let bytes = hex(&text.replace('-', ""))?;
    if groups == [8, 4, 4, 4, 12] { bytes.try_into().ok() } else { None }
}

#[cfg(test)]
mod tests {
    use super::guid;

    #[test]
    fn guids_with_and_without_braces() {
        let plain = guid("00010203-0405-0607-0809-0a0b0c0d0e0F");
        assert_eq!(plain, Ok([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15]));
        assert_eq!(guid("{00010203-0405-0607-0809-0a0b0c0d0e0f}"), plain);
        for bad in ["", "{}", "000102030405060708090a0b0c0d0e0f", "00010203-0405-0607-0809-0a0b0c0d0e0g"] {
            assert!(guid(bad).is_err(), "{bad}");
        }
    }
}
