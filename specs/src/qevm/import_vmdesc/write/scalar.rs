//! Texts of streams as scalars and comments of YAML.

use alloc::format;
use alloc::string::String;

/// A text as a scalar, in quotes where it could mean anything else.
pub(super) fn quoted(text: &str) -> String {
    let plain = text.starts_with(|c: char| c.is_ascii_alphabetic())
        && text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-' | b'/'));
    let word = matches!(text, "true" | "false" | "null" | "True" | "False" | "Null" | "TRUE" | "FALSE" | "NULL");
    if plain && !word {
        return String::from(text);
    }
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            '"' | '\\' => out.extend(['\\', c]),
            ' '..='~' => out.push(c),
            _ => out.push_str(&escape(c)),
        }
    }
    out.push('"');
    out
}

fn escape(c: char) -> String {
    let number = u32::from(c);
    match number {
        // As short as it goes: a key of YAML has 1,024 characters, and a name of a stream 255 bytes.
        0..=0xff => format!("\\x{number:02x}"),
        0x100..=0xffff => format!("\\u{number:04x}"),
        _ => format!("\\U{number:08x}"),
    }
}

/// A text as a comment, on one line whatever is in it.
pub(super) fn comment(text: &str) -> String {
    let shown = |c: char| if matches!(c, ' '..='~') { c } else { '?' };
    format!("# {}", text.chars().map(shown).collect::<String>())
}

/// Whether people can read it in a spec, where invisible characters are refused.
pub(super) fn is_printable(text: &str) -> bool {
    !text.trim().is_empty() && text.chars().all(|c| matches!(c, ' '..='~'))
}

#[cfg(test)]
mod tests {
    use super::{comment, quoted};

    #[test]
    fn texts_mean_themselves() {
        for plain in ["timer", "cpu/poll_control_msr", "PCIDevice", "a-b"] {
            assert_eq!(quoted(plain), plain);
        }
        for other in ["", "pit channel", ".../ide", "a: b", "#", "null", "1", "-", "a[0]"] {
            assert_eq!(quoted(other), format!("\"{other}\""));
        }
        assert_eq!(quoted("a\"\\\n\u{202e}\u{1f600}"), r#""a\"\\\x0a\u202e\U0001f600""#);
        for worst in ["\u{7f}", "\u{80}", "\u{202e}", "\u{1f600}", "\""] {
            assert!(quoted(&worst.repeat(255 / worst.len())).len() < 1024, "{worst:?}");
        }
        assert_eq!(comment("a\nb: c"), "# a?b: c");
    }
}
