//! Identifiers of 16 bytes: in Microsoft's mixed byte order, and plain.

use core::fmt;
use core::str::FromStr;

/// A GUID as Microsoft puts it on the wire: the first three groups of the text are little-endian.
#[derive(Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Guid(pub [u8; 16]);

/// A UUID with the bytes in the order of the text.
#[derive(Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Uuid(pub [u8; 16]);

impl Guid {
    /// All zero.
    pub const NIL: Self = Self([0; 16]);

    /// The GUID whose text, read as one hexadecimal number, is `text`.
    #[must_use]
    pub const fn from_u128(text: u128) -> Self {
        Self(mixed(text.to_be_bytes()))
    }

    /// The text as one hexadecimal number.
    #[must_use]
    pub const fn to_u128(self) -> u128 {
        u128::from_be_bytes(mixed(self.0))
    }
}

impl Uuid {
    /// All zero.
    pub const NIL: Self = Self([0; 16]);

    /// The UUID whose text, read as one hexadecimal number, is `text`.
    #[must_use]
    pub const fn from_u128(text: u128) -> Self {
        Self(text.to_be_bytes())
    }

    /// The text as one hexadecimal number.
    #[must_use]
    pub const fn to_u128(self) -> u128 {
        u128::from_be_bytes(self.0)
    }
}

/// Turns text order into mixed order and back: the first three groups are reversed.
const fn mixed(b: [u8; 16]) -> [u8; 16] {
    let [a0, a1, a2, a3, b0, b1, c0, c1, rest @ ..] = b;
    let [d0, d1, d2, d3, d4, d5, d6, d7] = rest;
    [a3, a2, a1, a0, b1, b0, c1, c0, d0, d1, d2, d3, d4, d5, d6, d7]
}

/// Text that is not of the form `8-4-4-4-12`, in hexadecimal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ParseGuidError;

impl fmt::Display for ParseGuidError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("expected hexadecimal digits in groups of 8-4-4-4-12")
    }
}

impl core::error::Error for ParseGuidError {}

fn show(f: &mut fmt::Formatter<'_>, text: u128) -> fmt::Result {
    for (i, byte) in text.to_be_bytes().into_iter().enumerate() {
        if matches!(i, 4 | 6 | 8 | 10) {
            f.write_str("-")?;
        }
        write!(f, "{byte:02x}")?;
    }
    Ok(())
}

fn parse(text: &str) -> Result<u128, ParseGuidError> {
    let mut number = 0_u128;
    let mut length = 0_usize;
    for (i, c) in text.char_indices() {
        if matches!(i, 8 | 13 | 18 | 23) {
            if c != '-' {
                return Err(ParseGuidError);
            }
        } else {
            let digit = c.to_digit(16).ok_or(ParseGuidError)?;
            number = (number << 4) | u128::from(digit);
        }
        length = i.saturating_add(1);
    }
    if length == 36 { Ok(number) } else { Err(ParseGuidError) }
}

macro_rules! as_text {
    ($($t:ident)*) => { $(
        impl fmt::Display for $t {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                show(f, self.to_u128())
            }
        }

        impl fmt::Debug for $t {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                show(f, self.to_u128())
            }
        }

        impl FromStr for $t {
            type Err = ParseGuidError;

            fn from_str(text: &str) -> Result<Self, ParseGuidError> {
                parse(text).map(Self::from_u128)
            }
        }
    )* };
}
as_text! { Guid Uuid }

#[cfg(test)]
mod tests {
    use super::*;
    use std::format;
    use std::string::ToString;

    const BAT: &str = "2dc27766-f623-4200-9d64-115e9bfd4a08";

    #[test]
    fn mixed_on_the_wire() {
        const GUID: Guid = Guid::from_u128(0x2dc2_7766_f623_4200_9d64_115e_9bfd_4a08);
        assert_eq!(
            GUID.0,
            [0x66, 0x77, 0xc2, 0x2d, 0x23, 0xf6, 0x00, 0x42, 0x9d, 0x64, 0x11, 0x5e, 0x9b, 0xfd, 0x4a, 0x08]
        );
        assert_eq!((GUID.to_string().as_str(), BAT.parse()), (BAT, Ok(GUID)));
        assert_eq!(format!("{GUID:?}"), BAT);
    }

    #[test]
    fn plain_on_the_wire() {
        let uuid: Uuid = BAT.to_uppercase().parse().unwrap_or_default();
        assert_eq!(uuid.0.first_chunk(), Some(&[0x2d, 0xc2, 0x77, 0x66]));
        assert_eq!(uuid.to_string(), BAT);
        assert_eq!((Uuid::NIL, Guid::NIL), (Uuid::default(), Guid::default()));
    }

    #[test]
    fn other_text_is_refused() {
        let long = format!("{BAT}0");
        let cut = BAT.get(..35).unwrap_or_default();
        for text in [
            "",
            "-",
            cut,
            &long,
            "2dc27766-f623-4200-9d64-115e9bfd4a0g",
            "2dc27766xf623-4200-9d64-115e9bfd4a08",
            "2dc27766-f623-4200-9d64-115e9bfd4a\u{e9}",
            "{2dc27766-f623-4200-9d64-115e9bfd4a08}",
        ] {
            assert_eq!(text.parse::<Guid>(), Err(ParseGuidError), "{text}");
        }
    }
}
