//! Where the values of an input are, and what in the model they are.

use vmspec_codegen::interpret::{Node, Value, What};
use vmspec_codegen::model::{Body, Content, Field, FieldId, Format, Key, PartKind, Scalar, TypeId};

/// A single value of an input.
#[derive(Clone, Debug)]
pub struct Place {
    /// Offset.
    pub at: usize,
    /// Length.
    pub len: usize,
    /// The wire values that have a name, of an enum.
    pub keys: Vec<Key>,
    /// Whether it is text, with so many bytes of length in front.
    pub text: Option<u32>,
    /// Whether it may be any of many values: a number, bytes.
    pub plain: bool,
    /// The field that it is of.
    pub of: Option<(TypeId, FieldId)>,
}

/// The places of all single values, in their order; of those that hold many the first.
pub fn places(format: &Format, root: &Node) -> Vec<Place> {
    let mut out = Vec::new();
    walk(format, root, (None, None), &mut out);
    out.sort_by_key(|place| (place.at, place.len));
    out.dedup_by_key(|place| (place.at, place.len));
    out
}

/// The field around an element, with what it is in the model.
type Around<'f> = (Option<&'f Field>, Option<(TypeId, FieldId)>);

fn walk<'f>(format: &'f Format, node: &Node, (around, around_of): Around<'f>, out: &mut Vec<Place>) {
    let own = match node.what {
        What::Field(ty, id) => match &format.ty(ty).body {
            Body::Struct(s) => s.fields.get(id.0),
            _ => None,
        },
        What::Case(ty, id) => match &format.ty(ty).body {
            Body::Union(union) => union.cases.get(id.0).and_then(|case| case.body.as_deref()),
            _ => None,
        },
        What::Element(_) => around,
        _ => None,
    };
    let mut leaf = |keys, text| {
        if let (Ok(at), Ok(len)) = (usize::try_from(node.at), usize::try_from(node.len)) {
            out.push(Place { at, len, keys, text, plain: is_plain(&node.value), of: field_of(node, around_of) });
        }
    };
    match &node.value {
        Value::Record(record) => {
            for node in record.fields.iter().chain(&record.extras) {
                walk(format, node, (None, None), out);
            }
        }
        Value::List(nodes) => {
            let of = field_of(node, around_of);
            for node in nodes {
                walk(format, node, (own, of), out);
            }
        }
        Value::Case(_, Some(body)) => walk(format, body, (None, None), out),
        Value::Bits(_) => leaf(part_keys(format, node), None),
        Value::Absent | Value::Case(_, None) => {}
        _ if node.len > 0 => {
            let prefix = own.and_then(|field| if let Content::PStr(n) = field.content { Some(n) } else { None });
            leaf(own.map_or_else(Vec::new, |field| keys(format, field)), prefix);
        }
        _ => {}
    }
}

/// The field of a node; of an element that of its list.
fn field_of(node: &Node, around: Option<(TypeId, FieldId)>) -> Option<(TypeId, FieldId)> {
    match node.what {
        What::Field(ty, id) => Some((ty, id)),
        What::Element(_) => around,
        _ => None,
    }
}

fn is_plain(value: &Value) -> bool {
    matches!(
        value,
        Value::Int(_)
            | Value::F32(_)
            | Value::F64(_)
            | Value::Guid(_)
            | Value::Bytes(_)
            | Value::Utf16(_)
            | Value::Packed(_)
            | Value::Bits(_)
    )
}

fn keys(format: &Format, field: &Field) -> Vec<Key> {
    match field.content {
        Content::Scalar(Scalar::Enum(id)) => format.enum_(id).values.iter().map(|value| value.key.clone()).collect(),
        Content::Scalar(Scalar::Flags(id)) => {
            format.flags(id).flags.iter().map(|flag| Key::Int(1_i128 << flag.bit.min(63))).collect()
        }
        _ => Vec::new(),
    }
}

/// The values of the parts of an integer, where they lie in it.
fn part_keys(format: &Format, node: &Node) -> Vec<Key> {
    let Value::Bits(parts) = &node.value else { return Vec::new() };
    let mut out = Vec::new();
    for part in parts {
        let What::Field(ty, id) = part.what else { continue };
        let Body::Bits(bits) = &format.ty(ty).body else { continue };
        let Some(of) = bits.parts.get(id.0) else { continue };
        let most = if let PartKind::Enum(_) = of.kind { 1_i128 << of.width.min(6) } else { 2 };
        out.extend((0..most).map(|n| Key::Int(n << of.shift.min(63))));
    }
    out
}
