//! Offsets as people write them: `512`, `0x200`, `64K`.

/// The number of bytes that `text` says: decimal or 0x hex, times 1024 for each step of K, M, G.
pub fn parse(text: &str) -> Result<u64, String> {
    let (digits, shift) = match text.as_bytes().last() {
        Some(b'K' | b'k') => (shorter(text), 10),
        Some(b'M' | b'm') => (shorter(text), 20),
        Some(b'G' | b'g') => (shorter(text), 30),
        _ => (text, 0),
    };
    let hex = digits.strip_prefix("0x").or_else(|| digits.strip_prefix("0X"));
    let (digits, radix) = hex.map_or((digits, 10), |hex| (hex, 16));
    if digits.is_empty() || !digits.chars().all(|c| c.is_digit(radix)) {
        return Err("a number of bytes, such as 512, 0x200, 64K, 1M or 2G".into());
    }
    let number = u64::from_str_radix(digits, radix).ok();
    number.and_then(|n| n.checked_mul(1 << shift)).ok_or_else(|| "larger than any file".into())
}

fn shorter(text: &str) -> &str {
    text.split_at(text.len().saturating_sub(1)).0
}

#[cfg(test)]
mod tests {
    use super::parse;

    #[test]
    fn every_notation_counts_bytes() {
        assert_eq!(parse("512"), Ok(512));
        assert_eq!(parse("0x200"), Ok(0x200));
        assert_eq!(parse("64K"), Ok(65_536));
        assert_eq!(parse("0x10k"), Ok(0x4000));
        assert_eq!(parse("3M"), Ok(3 << 20));
        assert_eq!(parse("2G"), Ok(2 << 30));
        assert_eq!(parse("0xffffffffffffffff"), Ok(u64::MAX));
    }

    #[test]
    fn anything_else_is_refused() {
        for text in ["", "K", "0x", "-1", "+1", "1.5K", "64KB", "0xG", "12é", "1T"] {
            assert!(parse(text).is_err(), "{text}");
        }
        assert!(parse("18446744073709551616").is_err());
        assert!(parse("17179869184G").is_err());
    }
}
