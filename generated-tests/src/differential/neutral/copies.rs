//! Copies: the one that counts, which it is, and what stands in the places of the others.

use serde::ser::{Error, SerializeMap};
use serde::{Serialize, Serializer};
use vmspec_codegen::interpret::{Node, Value, What};
use vmspec_codegen::model::Copies;

use super::Held;
use super::scalar::{Bytes, Digits};

/// A field with copies that is there.
pub struct Placed<'a>(pub &'a Held<'a>, pub &'a Copies);

impl Serialize for Placed<'_> {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        let Self(held, copies) = self;
        let (What::Field(ty, id), Some(record)) = (held.node.what, held.frame.node.record()) else {
            return Err(S::Error::custom("copies of no field"));
        };
        let others: Vec<_> = record.copies(held.node).map(|(_, node)| Other(node, held.frame.bytes)).collect();
        let mut map = s.serialize_map(Some(3))?;
        map.serialize_entry("current", &Current(held))?;
        map.serialize_entry("index", &record.current_copy((ty, id), copies))?;
        map.serialize_entry("others", &others)?;
        map.end()
    }
}

/// The value of the copy that counts.
struct Current<'a>(&'a Held<'a>);

impl Serialize for Current<'_> {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        self.0.content(s)
    }
}

/// What stands in the place of another copy: its bytes, unless they are the same.
struct Other<'a>(&'a Node, &'a [u8]);

impl Serialize for Other<'_> {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        let Self(node, bytes) = self;
        let (Ok(at), Ok(end)) = (usize::try_from(node.at), usize::try_from(node.end())) else {
            return Err(S::Error::custom("a copy beyond the file"));
        };
        let bytes = Bytes(bytes.get(at..end).unwrap_or_default(), Digits::Hex);
        match node.value {
            Value::Same => s.serialize_none(),
            Value::Refused(..) => s.serialize_newtype_variant("OtherCopy", 2, "invalid", &bytes),
            _ => s.serialize_newtype_variant("OtherCopy", 1, "valid", &bytes),
        }
    }
}
