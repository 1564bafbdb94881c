//! Numbers as people write them: `-5`, `0x1f`, `64K`, `0.5`.

use crate::model::Range;

/// An integer: decimal, `0x` hex, `0o` octal or `0b` binary, times 1024 for each step of K, M, G, T.
#[must_use]
pub fn integer(text: &str) -> Option<i128> {
    let (negative, digits) = text.strip_prefix('-').map_or((false, text), |digits| (true, digits));
    let (digits, shift) = unit(digits);
    let (digits, radix) = radix(digits);
    // The parser of numbers takes a sign of its own.
    if !digits.starts_with(|c: char| c.is_digit(radix)) {
        return None;
    }
    let number = i128::from_str_radix(digits, radix).ok()?.checked_mul(1_i128 << shift)?;
    Some(if negative { number.saturating_neg() } else { number })
}

fn unit(text: &str) -> (&str, u32) {
    let shift = match text.as_bytes().last() {
        Some(b'K' | b'k') => 10,
        Some(b'M' | b'm') => 20,
        Some(b'G' | b'g') => 30,
        Some(b'T' | b't') => 40,
        _ => return (text, 0),
    };
    (text.split_at(text.len().saturating_sub(1)).0, shift)
}

fn radix(text: &str) -> (&str, u32) {
    let (prefix, digits) = text.split_at_checked(2).unwrap_or(("", text));
    match prefix {
        "0x" | "0X" => (digits, 16),
        "0o" | "0O" => (digits, 8),
        "0b" | "0B" => (digits, 2),
        _ => (text, 10),
    }
}

/// An integer in a range.
///
/// # Errors
/// What is taken instead, as the end of a sentence about the field.
pub fn integer_in(text: &str, range: Range) -> Result<i128, String> {
    let taken = format!("takes a number from {} to {}", range.min, range.max);
    match integer(text) {
        Some(n) if range.contains(n) => Ok(n),
        Some(n) => Err(format!("{taken}, and {n} is {}", if n < range.min { "less" } else { "more" })),
        None => Err(format!("{taken}, not `{}`", crate::diagnostic::excerpt(text))),
    }
}

/// A truth value.
///
/// # Errors
/// What is taken instead.
pub fn truth(text: &str) -> Result<bool, String> {
    match text {
        "true" | "1" => Ok(true),
        "false" | "0" => Ok(false),
        _ => Err(format!("takes true or false, not `{}`", crate::diagnostic::excerpt(text))),
    }
}

/// A floating-point number.
///
/// # Errors
/// What is taken instead.
pub fn float<T: std::str::FromStr>(text: &str) -> Result<T, String> {
    let bad = |_| format!("takes a number such as 0.5, 1e9, inf or nan, not `{}`", crate::diagnostic::excerpt(text));
    text.parse().map_err(bad)
}

#[cfg(test)]
mod tests {
    use super::{integer, integer_in};
    use crate::model::Range;

    #[test]
    fn integers_of_every_notation() {
        let all = ["7", "-7", "0x1F", "0o17", "0b101", "64K", "0x2k", "-1M", "3G", "1T", "00"].map(integer);
        let wanted = [7, -7, 31, 15, 5, 65_536, 2048, -(1 << 20), 3 << 30, 1 << 40, 0].map(Some);
        assert_eq!(all, wanted);
    }

    #[test]
    fn anything_else_is_no_integer() {
        for bad in ["", "-", "K", "0x", "0b2", "0o8", "+1", "--1", "0x-1", "0x+1", "1.5", "1KB", "é", "0é", "1 "] {
            assert_eq!(integer(bad), None, "{bad}");
        }
        assert_eq!(integer("99999999999999999999999999999999999999999T"), None);
    }

    #[test]
    fn ranges_say_which_side_was_left() {
        let byte = Range::unsigned(8);
        assert_eq!(integer_in("255", byte), Ok(255));
        assert_eq!(integer_in("0x100", byte), Err("takes a number from 0 to 255, and 256 is more".into()));
        assert_eq!(integer_in("-1", byte), Err("takes a number from 0 to 255, and -1 is less".into()));
        assert_eq!(integer_in("ten", byte), Err("takes a number from 0 to 255, not `ten`".into()));
        assert_eq!(integer_in("-0x80", Range::signed(8)), Ok(-128));
    }
}
