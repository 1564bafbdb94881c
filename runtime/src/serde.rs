//! How values that serde has no good default for are shown: text as text, bytes as hexadecimal.

use crate::{Blob, Copies, Guid, Kept, OtherCopy, Padding, Reserved, Text, Utf16, Uuid, Zeros};
use alloc::ffi::CString;
use alloc::vec::Vec;
use binrw::Endian;
use core::ffi::CStr;
use serde::ser::SerializeStruct;
use serde::{Serialize, Serializer};

/// `"little"` or `"big"`.
///
/// # Errors
/// Those of the serializer.
pub fn endian<S: Serializer>(order: &Endian, s: S) -> Result<S::Ok, S::Error> {
    s.serialize_str(match order {
        Endian::Little => "little",
        Endian::Big => "big",
    })
}

/// Text without its NUL; bytes that are not UTF-8 are escaped.
///
/// # Errors
/// Those of the serializer.
pub fn cstr<S: Serializer>(text: &CStr, s: S) -> Result<S::Ok, S::Error> {
    match text.to_str() {
        Ok(text) => s.serialize_str(text),
        Err(_) => s.collect_str(&text.to_bytes().escape_ascii()),
    }
}

/// The same for optional text.
///
/// # Errors
/// Those of the serializer.
#[allow(clippy::ref_option, reason = "serde asks for this signature")]
pub fn cstr_opt<S: Serializer>(text: &Option<CString>, s: S) -> Result<S::Ok, S::Error> {
    match text {
        Some(text) => s.serialize_some(&AsText(text)),
        None => s.serialize_none(),
    }
}

/// The same for a list of texts.
///
/// # Errors
/// Those of the serializer.
pub fn cstr_list<S: Serializer>(texts: &[CString], s: S) -> Result<S::Ok, S::Error> {
    s.collect_seq(texts.iter().map(|text| AsText(text)))
}

struct AsText<'a>(&'a CStr);

impl Serialize for AsText<'_> {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        cstr(self.0, s)
    }
}

/// Bytes as hexadecimal digits.
///
/// # Errors
/// Those of the serializer.
pub fn hex<S: Serializer, B: AsRef<[u8]> + ?Sized>(bytes: &B, s: S) -> Result<S::Ok, S::Error> {
    struct Hex<'a>(&'a [u8]);
    impl core::fmt::Display for Hex<'_> {
        fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
            self.0.iter().try_for_each(|b| write!(f, "{b:02x}"))
        }
    }
    s.collect_str(&Hex(bytes.as_ref()))
}

/// The same for optional bytes.
///
/// # Errors
/// Those of the serializer.
#[allow(clippy::ref_option, reason = "serde asks for this signature")]
pub fn hex_opt<S: Serializer, B: AsRef<[u8]>>(bytes: &Option<B>, s: S) -> Result<S::Ok, S::Error> {
    match bytes {
        Some(bytes) => s.serialize_some(&AsHex(bytes.as_ref())),
        None => s.serialize_none(),
    }
}

/// The same for a list.
///
/// # Errors
/// Those of the serializer.
pub fn hex_list<S: Serializer, B: AsRef<[u8]>>(list: &[B], s: S) -> Result<S::Ok, S::Error> {
    s.collect_seq(list.iter().map(|bytes| AsHex(bytes.as_ref())))
}

struct AsHex<'a>(&'a [u8]);

impl Serialize for AsHex<'_> {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        hex(self.0, s)
    }
}

impl<const N: usize> Serialize for Reserved<N> {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        hex(&self.0, s)
    }
}

/// The pinned value is none.
impl<T: Serialize> Serialize for Kept<T> {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        self.other().serialize(s)
    }
}

/// The current copy, which it is, and what stands in the other places.
impl<T: Serialize, const N: usize> Serialize for Copies<T, N> {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        let mut copies = s.serialize_struct("Copies", 3)?;
        copies.serialize_field("current", self.current())?;
        copies.serialize_field("index", &self.index())?;
        let others: Vec<_> = self.others().map(|(_, other)| other).collect();
        copies.serialize_field("others", &others)?;
        copies.end()
    }
}

/// The same bytes are none.
impl Serialize for OtherCopy {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Same => s.serialize_none(),
            Self::Valid(bytes) => s.serialize_newtype_variant("OtherCopy", 1, "valid", &AsHex(bytes)),
            Self::Invalid(bytes) => s.serialize_newtype_variant("OtherCopy", 2, "invalid", &AsHex(bytes)),
        }
    }
}

/// Zeros are none.
impl Serialize for Padding {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Zero => s.serialize_none(),
            Self::Other(bytes) => hex(bytes, s),
        }
    }
}

/// Zeros are their number.
impl Serialize for Zeros {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Zero(n) => s.serialize_u64(*n),
            Self::Other(bytes) => hex(bytes, s),
        }
    }
}

/// A range is its offset and length.
impl Serialize for Blob {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Bytes(bytes) => hex(bytes, s),
            Self::Range { offset, length } => {
                let mut range = s.serialize_struct("Range", 2)?;
                range.serialize_field("offset", offset)?;
                range.serialize_field("length", length)?;
                range.end()
            }
        }
    }
}

macro_rules! as_text {
    ($($t:ty)*) => { $(
        impl Serialize for $t {
            fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
                s.collect_str(self)
            }
        }
    )* };
}
as_text! { Text Utf16 Guid Uuid }
