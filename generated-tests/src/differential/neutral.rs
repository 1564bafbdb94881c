//! The tree of the interpreter in the form that serde gives to generated types: members that are held, as they are called
//! there, and nothing that follows from others.
//!
//! The runtime's own kinds of values are shown by the runtime, as how a guid is spelled is not what is compared.

mod copies;
mod frame;
mod scalar;

use serde::ser::{Error, SerializeMap, SerializeSeq};
use serde::{Serialize, Serializer};
use vmspec_codegen::emit::names::{ident, snake};
use vmspec_codegen::interpret::{Node, Record, Trouble, Value, What};
use vmspec_codegen::model::{
    Bits, Body, Case, Class, Content, Expr, ExprKind, Field, FieldId, Format, Label, Length, Part, PartKind, Pin,
    Policy, Role, Scalar, Struct, Tag, TypeId, Union,
};

use copies::Placed;
use frame::{Frame, field};
use scalar::{Bytes, Digits, Zero};

/// A whole value.
pub struct Neutral<'a> {
    /// The model.
    pub format: &'a Format,
    /// Its type.
    pub ty: TypeId,
    /// The value.
    pub node: &'a Node,
    /// What is said of it.
    pub findings: &'a [Trouble],
    /// The bytes that it was read from.
    pub bytes: &'a [u8],
}

impl Serialize for Neutral<'_> {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        let frame = Frame {
            format: self.format,
            ty: self.ty,
            node: self.node,
            args: &[],
            findings: self.findings,
            bytes: self.bytes,
            outer: None,
        };
        Typed { frame, alone: true }.serialize(s)
    }
}

/// A value of a type. `alone`: with the fields that others fix, where nothing around it does.
struct Typed<'a> {
    frame: Frame<'a>,
    alone: bool,
}

impl Serialize for Typed<'_> {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        let ty = self.frame.format.ty(self.frame.ty);
        match (&ty.body, &self.frame.node.value) {
            (Body::Struct(of), Value::Record(_)) if self.alone && self.frame.is_driven_outside() => {
                let mut map = s.serialize_map(Some(2))?;
                map.serialize_entry(&snake(&ty.rust), &Typed { alone: false, ..*self })?;
                map.serialize_entry("driven", &Driven(self.frame, of))?;
                map.end()
            }
            (Body::Struct(of), Value::Record(record)) => members(&self.frame, of, record, s),
            (Body::Bits(bits), Value::Bits(_)) => parts(&self.frame, bits, s),
            (Body::Union(union), Value::Case(id, body)) => {
                let case = union.cases.get(id.0).ok_or_else(|| S::Error::custom("no such case"))?;
                Chosen { frame: &self.frame, union, case, body: body.as_deref() }.serialize(s)
            }
            (_, other) => Err(S::Error::custom(format!("{} is no {other:?}", ty.name))),
        }
    }
}

/// The fields that are fixed from outside.
struct Driven<'a>(Frame<'a>, &'a Struct);

impl Serialize for Driven<'_> {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        let mut map = s.serialize_map(None)?;
        for id in &self.1.outside {
            let one = id.of(&self.1.fields);
            let node = field(self.0.node, id.0).ok_or_else(|| S::Error::custom("a field is missing"))?;
            map.serialize_entry(&called(&one.rust), &Held { alone: true, ..Held::of(&self.0, one, node) })?;
        }
        map.end()
    }
}

/// A name in Rust as serde has it.
fn called(rust: &str) -> String {
    ident(rust).to_string().trim_start_matches("r#").to_owned()
}

fn members<S: Serializer>(frame: &Frame<'_>, of: &Struct, record: &Record, s: S) -> Result<S::Ok, S::Error> {
    let mut map = s.serialize_map(None)?;
    if frame.format.ty(frame.ty).holds_order() {
        let order = record.order.ok_or_else(|| S::Error::custom("no byte order"))?;
        map.serialize_entry("byte_order", if order { "big" } else { "little" })?;
    }
    for (i, one) in of.fields.iter().enumerate() {
        let id = FieldId(i);
        if let Some(at) = &one.at {
            let name = format!("{}_gap", one.rust);
            extra(&mut map, record, What::Gap(frame.ty, id), (at.gap, &at.offset), &name)?;
        }
        if one.is_held() {
            let node = record.fields.get(i).ok_or_else(|| S::Error::custom(format!("{} is missing", one.name)))?;
            let held = Held { alone: !frame.drives(i), member: true, ..Held::of(frame, one, node) };
            map.serialize_entry(&called(&one.rust), &held)?;
        }
        if let Some(window) = &one.window {
            let name = format!("{}_slack", one.rust);
            extra(&mut map, record, What::Slack(frame.ty, id), (window.slack, &window.size), &name)?;
        }
    }
    own_slack(frame, of, record, &mut map)?;
    map.end()
}

/// The member for what lies behind the fields of a type.
fn own_slack<M: SerializeMap>(frame: &Frame<'_>, of: &Struct, record: &Record, map: &mut M) -> Result<(), M::Error> {
    let what = What::OwnSlack(frame.ty);
    match &of.window {
        Some(window) => extra(map, record, what, (window.slack, &window.size), "slack"),
        None => Extra::of(record, what, of.slack, false).map_or(Ok(()), |e| map.serialize_entry("slack", &e)),
    }
}

/// The member for a gap or slack, where it has one.
fn extra<M: SerializeMap>(
    map: &mut M,
    record: &Record,
    what: What,
    (policy, place): (Policy, &Expr),
    name: &str,
) -> Result<(), M::Error> {
    let constant = matches!(place.kind, ExprKind::Int(_));
    Extra::of(record, what, policy, constant).map_or(Ok(()), |e| map.serialize_entry(name, &e))
}

/// What a gap or slack holds, if it is there.
struct Extra<'a> {
    node: Option<&'a Node>,
    kept: bool,
}

impl<'a> Extra<'a> {
    fn of(record: &'a Record, what: What, policy: Policy, constant: bool) -> Option<Self> {
        let node = record.extras.iter().find(|node| node.what == what);
        match policy {
            Policy::Keep => Some(Self { node, kept: true }),
            Policy::Zero if !constant => Some(Self { node, kept: false }),
            _ => None,
        }
    }
}

impl Serialize for Extra<'_> {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        match (self.node, self.kept) {
            (Some(Node { value: Value::List(pieces), .. }), true) => s.collect_seq(pieces.iter().map(Piece)),
            // Only those behind everything are in the value.
            (Some(Node { value: Value::List(pieces), .. }), false) => {
                s.serialize_u64(pieces.last().map_or(0, |tail| tail.len))
            }
            (Some(node), true) => scalar::blob(node, s),
            (Some(node), false) => scalar::zeros(node, Zero::Count, s),
            (None, true) => vmspec_runtime::Blob::EMPTY.serialize(s),
            (None, false) => s.serialize_u64(0),
        }
    }
}

/// What is kept of a range that nothing covers.
struct Piece<'a>(&'a Node);

impl Serialize for Piece<'_> {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        scalar::blob(self.0, s)
    }
}

/// What a field, or the body of a case, holds.
struct Held<'a> {
    frame: &'a Frame<'a>,
    field: &'a Field,
    node: &'a Node,
    alone: bool,
    member: bool,
    element: bool,
}

impl<'a> Held<'a> {
    fn of(frame: &'a Frame<'a>, field: &'a Field, node: &'a Node) -> Self {
        Self { frame, field, node, alone: false, member: false, element: false }
    }

    /// How bytes are shown: serde is not told of digits for every member.
    fn digits(&self) -> Digits {
        let (optional, list) = (self.member && self.field.is_optional(), self.field.repeat.is_some());
        let pinned = matches!(&self.field.role, Role::Pinned(_));
        if optional && list || pinned && !list { Digits::List } else { Digits::Hex }
    }
}

impl Serialize for Held<'_> {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        match &self.node.value {
            Value::Absent => s.serialize_none(),
            Value::List(nodes) if !self.element => {
                let mut seq = s.serialize_seq(Some(nodes.len()))?;
                for node in nodes {
                    seq.serialize_element(&Self { node, element: true, ..*self })?;
                }
                seq.end()
            }
            Value::Packed(packed) => s.collect_seq(packed.numbers().map(Int)),
            _ => match (&self.field.role, &self.field.copies) {
                (_, Some(copies)) => Placed(self, copies).serialize(s),
                (Role::Pinned(pin), _) if pin.kept => self.kept(pin, s),
                _ => self.content(s),
            },
        }
    }
}

struct Int(i128);

impl Serialize for Int {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        scalar::int(self.0, s)
    }
}

impl Held<'_> {
    /// Nothing where it is as pinned. Whether it is, the tree does not say: a finding does, at its place and with the words of
    /// the pin.
    fn kept<S: Serializer>(&self, pin: &Pin, s: S) -> Result<S::Ok, S::Error> {
        let is_it = |finding: &&Trouble| {
            finding.class == Class::Note && finding.offset == Some(self.node.at) && finding.expected == pin.value.text
        };
        if self.frame.findings.iter().any(|finding| is_it(&finding)) { self.content(s) } else { s.serialize_none() }
    }

    fn content<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        let node = self.node;
        match (&self.field.content, &node.value) {
            (Content::Type { id, args }, _) => {
                let frame = Frame { ty: *id, node, args, outer: Some(self.frame), ..*self.frame };
                let frame = Typed { frame, alone: self.alone || !self.member };
                frame.serialize(s)
            }
            (Content::Scalar(scalar), value) => self.scalar(*scalar, value, s),
            (Content::Magic(magic), Value::Bytes(found)) if found == magic => s.serialize_none(),
            (Content::Magic(_), Value::Bytes(found)) => Bytes(found, Digits::List).serialize(s),
            (Content::Bytes(_), Value::Bytes(bytes)) => Bytes(bytes, self.digits()).serialize(s),
            (Content::CStr, Value::Text(text)) if self.digits() == Digits::List => s.collect_seq(text),
            (Content::CStr, Value::Text(text)) => scalar::c_text(text, s),
            (Content::PStr(_), Value::Text(text)) => scalar::text(text, s),
            (Content::Utf8(_), Value::Text(text)) => {
                s.serialize_str(std::str::from_utf8(text).map_err(S::Error::custom)?)
            }
            (Content::Utf16(_), Value::Utf16(units)) => scalar::utf16(units, s),
            (Content::Blob(_) | Content::Lazy(_), _) => scalar::blob(node, s),
            (Content::Zero(length), _) => scalar::zeros(node, self.zero(length), s),
            (Content::Align(_), _) => scalar::zeros(node, Zero::Padding, s),
            (content, other) => Err(S::Error::custom(format!("{content:?} is no {other:?}"))),
        }
    }

    fn zero(&self, length: &Length) -> Zero {
        match length {
            Length::Const(..=4096) => Zero::Reserved,
            Length::Rest if matches!(self.field.role, Role::ImpliedKept) => Zero::Zeros,
            Length::Rest => Zero::Count,
            _ => Zero::Padding,
        }
    }

    fn scalar<S: Serializer>(&self, scalar: Scalar, value: &Value, s: S) -> Result<S::Ok, S::Error> {
        match (scalar, value) {
            (Scalar::UInt(_) | Scalar::Int(_), Value::Int(n)) => scalar::int(*n, s),
            (Scalar::F32, Value::F32(bits)) => s.serialize_f32(f32::from_bits(*bits)),
            (Scalar::F64, Value::F64(bits)) => s.serialize_f64(f64::from_bits(*bits)),
            (Scalar::Bool, Value::Bool(b)) => s.serialize_bool(*b),
            (Scalar::Enum(id), Value::Enum(key)) => scalar::enum_value(self.frame, id, key, s),
            (Scalar::Flags(_), Value::Flags(bits)) => s.serialize_u64(*bits),
            (Scalar::Guid, Value::Guid(bytes)) => scalar::guid(*bytes, true, s),
            (Scalar::Uuid, Value::Guid(bytes)) => scalar::guid(*bytes, false, s),
            (Scalar::Bytes(_), Value::Bytes(bytes)) => Bytes(bytes, self.digits()).serialize(s),
            (scalar, other) => Err(S::Error::custom(format!("{scalar:?} is no {other:?}"))),
        }
    }
}

fn parts<S: Serializer>(frame: &Frame<'_>, bits: &Bits, s: S) -> Result<S::Ok, S::Error> {
    let mut map = s.serialize_map(None)?;
    let held = |part: &Part| part.kind != PartKind::Zero && part.name != "_";
    for (i, part) in bits.parts.iter().enumerate().filter(|(_, part)| held(part)) {
        let node = field(frame.node, i).ok_or_else(|| S::Error::custom("a part is missing"))?;
        map.serialize_entry(&called(&part.rust), &PartOf(frame, part, node))?;
    }
    map.end()
}

struct PartOf<'a>(&'a Frame<'a>, &'a Part, &'a Node);

impl Serialize for PartOf<'_> {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        match (self.1.kind, &self.2.value) {
            (PartKind::Bool, Value::Bool(b)) => s.serialize_bool(*b),
            (PartKind::Enum(id), Value::Enum(key)) => scalar::enum_value(self.0, id, key, s),
            (PartKind::UInt | PartKind::ZeroKept, Value::Int(n)) => scalar::int(*n, s),
            (kind, other) => Err(S::Error::custom(format!("{kind:?} is no {other:?}"))),
        }
    }
}

/// A case of a switch.
struct Chosen<'a> {
    frame: &'a Frame<'a>,
    union: &'a Union,
    case: &'a Case,
    body: Option<&'a Node>,
}

impl Chosen<'_> {
    /// As serde calls the variant.
    fn name(&self) -> String {
        let written = &self.case.written;
        if self.case.label == Label::Default || snake(&self.case.rust) == *written {
            return variant(&self.case.rust);
        }
        written.clone()
    }

    /// What the case holds, where that is a value at all.
    fn held(&self) -> Option<Held<'_>> {
        let field = self.case.body.as_deref().filter(|body| !matches!(body.role, Role::Implied))?;
        Some(Held::of(self.frame, field, self.body?))
    }
}

impl Serialize for Chosen<'_> {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        let (name, held) = (self.name(), self.held());
        let tagged = self.union.driven && self.case.label == Label::Default;
        if held.is_none() && !tagged {
            return s.serialize_str(&name);
        }
        let mut map = s.serialize_map(Some(1))?;
        match held {
            Some(held) if !tagged => map.serialize_entry(&name, &held)?,
            held => map.serialize_entry(&name, &Tagged { chosen: self, held })?,
        }
        map.end()
    }
}

/// What serde makes of a variant under `snake_case`.
fn variant(rust: &str) -> String {
    let name = ident(rust).to_string();
    let mut out = String::new();
    for c in name.trim_start_matches("r#").chars() {
        if c.is_ascii_uppercase() && !out.is_empty() {
            out.push('_');
        }
        out.push(c.to_ascii_lowercase());
    }
    out
}

/// A default case with the tag that chose it.
struct Tagged<'a> {
    chosen: &'a Chosen<'a>,
    held: Option<Held<'a>>,
}

impl Serialize for Tagged<'_> {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        let missing = || S::Error::custom("a switch without a tag");
        let (frame, arg) = (self.chosen.frame, self.chosen.frame.args.first().ok_or_else(missing)?);
        let name = arg.text.rsplit('.').next().unwrap_or("tag");
        let plain = name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_') && name != "value";
        let name = if plain { called(&snake(name)) } else { "tag".to_owned() };
        let tag = frame.outer.and_then(|outer| outer.value(arg)).ok_or_else(missing)?;
        let mut map = s.serialize_map(None)?;
        map.serialize_entry(&name, &TagOf(frame, self.chosen.union.tag, &tag))?;
        if let Some(held) = &self.held {
            map.serialize_entry("value", held)?;
        }
        map.end()
    }
}

struct TagOf<'a>(&'a Frame<'a>, Tag, &'a Value);

impl Serialize for TagOf<'_> {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        match (self.1, self.2) {
            // Its versions are those of the type that holds the tag.
            (Tag::Enum(id), Value::Enum(key)) => scalar::enum_value(self.0.outer.unwrap_or(self.0), id, key, s),
            (Tag::Guid(mixed), Value::Guid(bytes)) => scalar::guid(*bytes, mixed, s),
            (Tag::Bool, Value::Bool(b)) => s.serialize_bool(*b),
            (tag, other) => Err(S::Error::custom(format!("a tag {tag:?} is no {other:?}"))),
        }
    }
}
