//! The value that broke a rule, small enough to copy.

use crate::{Guid, Text, Uuid};
use core::fmt;

/// The offending value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Found {
    /// Nothing to show.
    Nothing,
    /// An integer of any width and sign.
    Int(i128),
    /// The first bytes of a byte field or text, and how many it has in all.
    Bytes([u8; 16], usize),
    /// An identifier in Microsoft's mixed order.
    Guid(Guid),
    /// An identifier in plain order.
    Uuid(Uuid),
}

impl fmt::Display for Found {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Nothing => f.write_str("something else"),
            Self::Int(n) if *n > 9 => write!(f, "{n} ({n:#x})"),
            Self::Int(n) => write!(f, "{n}"),
            Self::Guid(id) => write!(f, "{id}"),
            Self::Uuid(id) => write!(f, "{id}"),
            Self::Bytes(first, length) => {
                let shown = first.get(..*length).unwrap_or(first);
                let more = if *length > first.len() { "..." } else { "" };
                write!(f, "\"{}\"{more}", shown.escape_ascii())
            }
        }
    }
}

impl From<&[u8]> for Found {
    fn from(bytes: &[u8]) -> Self {
        let mut first = [0; 16];
        for (to, from) in first.iter_mut().zip(bytes) {
            *to = *from;
        }
        Self::Bytes(first, bytes.len())
    }
}

impl<const N: usize> From<&[u8; N]> for Found {
    fn from(bytes: &[u8; N]) -> Self {
        Self::from(bytes.as_slice())
    }
}

impl<const N: usize> From<[u8; N]> for Found {
    fn from(bytes: [u8; N]) -> Self {
        Self::from(bytes.as_slice())
    }
}

impl From<&str> for Found {
    fn from(text: &str) -> Self {
        Self::from(text.as_bytes())
    }
}

impl From<&core::ffi::CStr> for Found {
    fn from(text: &core::ffi::CStr) -> Self {
        Self::from(text.to_bytes())
    }
}

impl From<&Text> for Found {
    fn from(text: &Text) -> Self {
        Self::from(text.as_ref())
    }
}

impl From<Guid> for Found {
    fn from(id: Guid) -> Self {
        Self::Guid(id)
    }
}

impl From<Uuid> for Found {
    fn from(id: Uuid) -> Self {
        Self::Uuid(id)
    }
}

impl From<usize> for Found {
    fn from(n: usize) -> Self {
        Self::from(crate::len64(n))
    }
}

macro_rules! integers {
    ($($t:ty)*) => { $(
        impl From<$t> for Found {
            #[inline]
            fn from(n: $t) -> Self {
                Self::Int(i128::from(n))
            }
        }
    )* };
}
integers! { u8 u16 u32 u64 i8 i16 i32 i64 i128 bool }

#[cfg(test)]
mod tests {
    use super::*;
    use std::string::ToString;

    #[test]
    fn integers_of_both_signs() {
        assert_eq!(Found::from(7_u8).to_string(), "7");
        assert_eq!(Found::from(u64::MAX).to_string(), "18446744073709551615 (0xffffffffffffffff)");
        assert_eq!(Found::from(-3_i64).to_string(), "-3");
        assert_eq!(Found::from(true).to_string(), "1");
    }

    #[test]
    fn identifiers_as_text() {
        let text = "2dc27766-f623-4200-9d64-115e9bfd4a08";
        let guid: Guid = text.parse().unwrap_or_default();
        assert_eq!(Found::from(guid).to_string(), text);
        let uuid: Uuid = text.parse().unwrap_or_default();
        assert_eq!(Found::from(uuid).to_string(), text);
        assert_eq!(Found::from(&Text::from("ide")).to_string(), "\"ide\"");
    }

    #[test]
    fn bytes_of_any_length() {
        assert_eq!(Found::from(b"ab\0").to_string(), "\"ab\\x00\"");
        assert_eq!(Found::from("0123456789abcdef").to_string(), "\"0123456789abcdef\"");
        assert_eq!(Found::from("0123456789abcdefg").to_string(), "\"0123456789abcdef\"...");
        assert_eq!(Found::from("").to_string(), "\"\"");
    }
}
