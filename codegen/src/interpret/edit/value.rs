//! From what was given to the value of a node, by what the model says it is.

use super::hops::{Found, Hop};
use super::text::{self, Sized};
use super::{Given, choice, number};
use crate::interpret::bytes::Bytes;
use crate::interpret::datum::turned;
use crate::interpret::look::Look;
use crate::interpret::tree::Value;
use crate::model::{Content, Enum, Field, Keep, Length, Part, PartKind, Range, Scalar};

/// The value that was given.
///
/// # Errors
/// What is taken instead, as a sentence.
pub fn value(found: &Found<'_>, given: &Given, source: &dyn Bytes) -> Result<Sized, String> {
    let look = found.look().ok_or_else(String::new)?;
    let parsed = match (found.hops.last(), &look.node.value) {
        (Some(Hop::Number(_)), Value::Packed(packed)) => {
            of_integer(packed.scalar.range(), given).map(|n| (Value::Int(n), 0))
        }
        _ => of_look(look, &found.path, given, source),
    };
    parsed.map_err(|said| format!("`{}` {said}", found.path))
}

fn of_look(look: &Look<'_>, path: &str, given: &Given, source: &dyn Bytes) -> Result<Sized, String> {
    if let Some(part) = look.part() {
        return of_part(look, part, given).map(|value| (value, 0));
    }
    match &look.node.value {
        Value::Zeros(_) if look.is_extra() || look.field.is_none() => return text::zeros(given),
        Value::Blob(_) if look.is_extra() || look.field.is_none() => return text::blob(given),
        Value::List(_) | Value::Packed(_) | Value::Lazy(_) => {
            return Err(format!("is a list: set its elements, such as `{path}[0]`"));
        }
        Value::Record(_) | Value::Bits(_) => return Err(format!("has fields: {}", which(look, path))),
        Value::Case(..) => return Err("is a switch whose case has nothing inside".to_owned()),
        _ => {}
    }
    let Some(field) = look.field else { return Err("cannot be set".to_owned()) };
    let is_list = field.repeat.is_some() || matches!(field.content, Content::Lazy(_));
    if is_list && !look.node.is_present() {
        return Err("is a list that is not there, and elements are not added".to_owned());
    }
    of_content(look, field, given, source)
}

/// Which fields to set instead.
fn which(look: &Look<'_>, path: &str) -> String {
    let dot = if path.is_empty() { "" } else { "." };
    let named = look.children().into_iter().map(|child| child.name()).find(|name| !matches!(name.as_str(), "" | "_"));
    named.map_or_else(
        || "none can be set".to_owned(),
        |name| format!("set them one by one, such as `{path}{dot}{name}`"),
    )
}

fn of_content(look: &Look<'_>, field: &Field, given: &Given, source: &dyn Bytes) -> Result<Sized, String> {
    let held = |value| (value, 0);
    match field.content.element() {
        Content::Scalar(scalar) => of_scalar(look, *scalar, given, source).map(held),
        Content::Magic(bytes) => text::magic(given, source, bytes.len()).map(Value::Bytes).map(held),
        Content::Bytes(length) => {
            let bytes = text::bytes(given, source)?;
            constant(length).map_or(Ok(bytes.clone()), |n| text::exactly(bytes, n)).map(Value::Bytes).map(held)
        }
        Content::Utf8(length) => text::utf8(given, source, length).map(Value::Text).map(held),
        Content::Utf16(length) => text::utf16(given, source, length).map(Value::Utf16).map(held),
        Content::Blob(_) => text::blob(given),
        Content::Zero(Length::Rest) => text::zeros(given),
        Content::Zero(length) => text::padding(given, source, constant(length)),
        Content::Align(_) => text::padding(given, source, Some(look.node.len)),
        Content::CStr => text::cstr(given, source).map(Value::Text).map(held),
        Content::PStr(prefix) => text::pstr(given, source, *prefix).map(Value::Text).map(held),
        Content::Type { .. } | Content::Lazy(_) => {
            Err("is not there, and has fields: it cannot be added with one value".to_owned())
        }
    }
}

fn constant(length: &Length) -> Option<u64> {
    match length {
        Length::Const(n) => Some(*n),
        _ => None,
    }
}

fn of_scalar(look: &Look<'_>, scalar: Scalar, given: &Given, source: &dyn Bytes) -> Result<Value, String> {
    if let Scalar::Bytes(n) = scalar {
        let n = u64::try_from(n).unwrap_or(u64::MAX);
        return text::exactly(text::bytes(given, source)?, n).map(Value::Bytes);
    }
    let text = words(given)?;
    match scalar {
        Scalar::UInt(_) | Scalar::Int(_) | Scalar::Bytes(_) => of_integer(scalar.range(), given).map(Value::Int),
        Scalar::F32 => number::float::<f32>(text).map(|x| Value::F32(x.to_bits())),
        Scalar::F64 => number::float::<f64>(text).map(|x| Value::F64(x.to_bits())),
        Scalar::Bool => number::truth(text).map(Value::Bool),
        Scalar::Enum(id) => {
            let of = look.format.enum_(id);
            choice::key(of, keep(look.field.and_then(|field| field.unknown.as_ref()), of), text).map(Value::Enum)
        }
        Scalar::Flags(id) => choice::bits(look.format.flags(id), text).map(Value::Flags),
        Scalar::Guid => choice::guid(text).map(|bytes| Value::Guid(turned(bytes))),
        Scalar::Uuid => choice::guid(text).map(Value::Guid),
    }
}

fn of_integer(range: Option<Range>, given: &Given) -> Result<i128, String> {
    number::integer_in(words(given)?, range.unwrap_or(Range::unsigned(64)))
}

fn of_part(look: &Look<'_>, part: &Part, given: &Given) -> Result<Value, String> {
    let text = words(given)?;
    match part.kind {
        PartKind::Bool => number::truth(text).map(Value::Bool),
        PartKind::Enum(id) => {
            let of = look.format.enum_(id);
            choice::key(of, keep(part.unknown.as_ref(), of), text).map(Value::Enum)
        }
        PartKind::UInt | PartKind::Zero | PartKind::ZeroKept => {
            number::integer_in(text, Range::unsigned(part.width)).map(Value::Int)
        }
    }
}

fn keep<'m>(own: Option<&'m Keep>, of: &'m Enum) -> &'m Keep {
    own.unwrap_or(&of.unknown)
}

fn words(given: &Given) -> Result<&str, String> {
    match given {
        Given::Text(text) => Ok(text),
        Given::File { .. } => Err("takes no file: only texts, bytes and payload do".to_owned()),
    }
}
