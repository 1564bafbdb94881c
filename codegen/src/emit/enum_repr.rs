//! Wire values in Rust: their types, and literals as the spec wrote them.

pub mod versions;

use proc_macro2::{Literal, TokenStream};
use quote::{format_ident, quote};

use crate::model::{Key, Repr};

/// The Rust type that holds a wire value: the smallest integer, an array, `Guid` or `Uuid`.
#[must_use]
pub fn ty(repr: Repr) -> TokenStream {
    match repr {
        Repr::UInt(_) | Repr::Int(_) => {
            let sign = if matches!(repr, Repr::UInt(_)) { "u" } else { "i" };
            let name = format_ident!("{sign}{}", repr.size().saturating_mul(8));
            quote!(#name)
        }
        Repr::Bytes(n) => {
            let n = Literal::usize_unsuffixed(n);
            quote!([u8; #n])
        }
        Repr::Guid => quote!(Guid),
        Repr::Uuid => quote!(Uuid),
    }
}

/// The type as `from_repr` takes it: bytes by reference, all else by value.
#[must_use]
pub fn arg_ty(repr: Repr) -> TokenStream {
    let ty = ty(repr);
    if is_by_ref(repr) { quote!(&#ty) } else { ty }
}

/// Whether `from_repr` and `keeps` take it by reference.
#[must_use]
pub fn is_by_ref(repr: Repr) -> bool {
    matches!(repr, Repr::Bytes(_))
}

/// The greatest number that fits, where the Rust type holds greater ones too.
#[must_use]
pub fn max_of_bits(repr: Repr) -> Option<u64> {
    match repr {
        Repr::UInt(bits) if u64::from(bits) < repr.size().saturating_mul(8) => {
            1_u64.checked_shl(bits).map(|n| n.saturating_sub(1))
        }
        _ => None,
    }
}

/// A wire value of an enum: a number, `b".."` (a reference), or `Guid::from_u128(..)`.
#[must_use]
pub fn literal(repr: Repr, key: &Key, written: &str) -> TokenStream {
    match (repr, key) {
        (_, Key::Int(n)) => number(*n, written),
        (Repr::Guid, Key::Bytes(wire)) => {
            let digits = guid_digits(text_order(wire));
            quote!(Guid::from_u128(#digits))
        }
        (Repr::Uuid, Key::Bytes(wire)) => {
            let digits = guid_digits(big_endian(wire.iter()));
            quote!(Uuid::from_u128(#digits))
        }
        (_, Key::Bytes(bytes)) => {
            let bytes = Literal::byte_string(bytes);
            quote!(#bytes)
        }
    }
}

/// A number without a suffix, hexadecimal where it was written so, with its digits in groups.
#[must_use]
pub fn number(n: i128, written: &str) -> TokenStream {
    let sign = (n < 0).then(|| quote!(-));
    let written = written.trim().trim_start_matches('-').to_ascii_lowercase();
    let digits = written.strip_prefix("0x").map(|digits| digits.replace('_', ""));
    let text = match digits {
        Some(digits) if u128::from_str_radix(&digits, 16) == Ok(n.unsigned_abs()) => {
            format!("0x{}", grouped(&digits, 4))
        }
        _ => decimal(n.unsigned_abs()),
    };
    let literal = parsed(&text, n.unsigned_abs());
    quote!(#sign #literal)
}

/// A hexadecimal literal without a suffix, with its digits in groups.
#[must_use]
pub fn hex(n: u128) -> Literal {
    parsed(&format!("0x{}", grouped(&format!("{n:x}"), 4)), n)
}

/// All 32 digits of a guid.
fn guid_digits(n: u128) -> Literal {
    parsed(&format!("0x{}", grouped(&format!("{n:032x}"), 4)), n)
}

fn decimal(n: u128) -> String {
    let digits = n.to_string();
    if digits.len() > 4 { grouped(&digits, 3) } else { digits }
}

fn parsed(text: &str, n: u128) -> Literal {
    text.parse().unwrap_or_else(|_| Literal::u128_unsuffixed(n))
}

/// Digits with `_` between groups, counted from the right.
fn grouped(digits: &str, size: usize) -> String {
    let mut out = String::new();
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && digits.len().saturating_sub(i).is_multiple_of(size) {
            out.push('_');
        }
        out.push(digit);
    }
    out
}

/// The digits of a guid in Microsoft's order, as its text has them.
fn text_order(wire: &[u8]) -> u128 {
    let (a, rest) = wire.split_at_checked(4).unwrap_or((wire, &[]));
    let (b, rest) = rest.split_at_checked(2).unwrap_or((rest, &[]));
    let (c, rest) = rest.split_at_checked(2).unwrap_or((rest, &[]));
    big_endian(a.iter().rev().chain(b.iter().rev()).chain(c.iter().rev()).chain(rest))
}

fn big_endian<'a>(bytes: impl Iterator<Item = &'a u8>) -> u128 {
    bytes.fold(0, |n: u128, byte| (n << 8) | u128::from(*byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keeps_numbers_as_written() {
        assert_eq!(number(0x8000_0000, "0x80000000").to_string(), "0x8000_0000");
        assert_eq!(number(0x10, "0x10").to_string(), "0x10");
        assert_eq!(number(10, "0x0A").to_string(), "0x0a");
        assert_eq!(number(65536, "64K").to_string(), "65_536");
        assert_eq!(number(1024, "1K").to_string(), "1024");
        assert_eq!(number(7, "0x8").to_string(), "7");
        assert_eq!(number(-1, "-1").to_string(), "- 1");
    }

    #[test]
    fn chooses_the_smallest_type() {
        let text = |repr| ty(repr).to_string();
        assert_eq!(text(Repr::UInt(4)), "u8");
        assert_eq!(text(Repr::UInt(10)), "u16");
        assert_eq!(text(Repr::UInt(52)), "u64");
        assert_eq!(text(Repr::Int(16)), "i16");
        assert_eq!(arg_ty(Repr::Bytes(4)).to_string(), "& [u8 ; 4]");
        assert_eq!(max_of_bits(Repr::UInt(10)), Some(0x3ff));
        assert_eq!(max_of_bits(Repr::UInt(64)), None);
    }

    #[test]
    fn writes_guids_in_text_order() {
        let bytes: Vec<u8> = (0..16).collect();
        let text = |repr| literal(repr, &Key::Bytes(bytes.clone()), "").to_string().replace(' ', "");
        assert_eq!(text(Repr::Guid), "Guid::from_u128(0x0302_0100_0504_0706_0809_0a0b_0c0d_0e0f)");
        assert_eq!(text(Repr::Uuid), "Uuid::from_u128(0x0001_0203_0405_0607_0809_0a0b_0c0d_0e0f)");
    }
}
