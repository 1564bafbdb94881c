//! A node together with what the model says of it: name, type, place in the spec, children.

use super::tree::{Node, Packed, Value, What};
use crate::model::{
    Body, Content, Enum, EnumId, EnumValue, Field, Flags, FlagsId, Format, Part, PartKind, Role, Scalar, Site, TypeId,
};
use crate::model::{Case, CaseId};
use std::borrow::Cow;

/// A node, looked at with its model.
#[derive(Debug, Clone)]
pub struct Look<'a> {
    /// The model.
    pub format: &'a Format,
    /// The node. That of an element of a packed list is made when it is looked at.
    pub node: Cow<'a, Node>,
    /// The field that says what it is: its own, or that of the list it is an element of, or the body of its case.
    pub field: Option<&'a Field>,
    /// The version that enums and flags of the struct around it are read in.
    pub version: Option<u64>,
    /// Of a field with copies, which of them it is.
    pub copy: Option<usize>,
    /// Of an entry of a journal, whether it is of the active sequence, and lies in one piece.
    pub turn: Option<Box<Turn>>,
}

/// What is to be said of an entry of a journal that its bytes do not say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Turn {
    /// Where it is of the active sequence, its turn in the replay, from 0.
    pub turn: Option<usize>,
    /// How many there are in that sequence.
    pub count: usize,
    /// Whether it comes round the end of the ring.
    pub comes_round: bool,
}

impl<'a> Look<'a> {
    /// At the value as a whole.
    #[must_use]
    pub fn root(format: &'a Format, node: &'a Node) -> Self {
        Self { format, node: Cow::Borrowed(node), field: None, version: None, copy: None, turn: None }
    }

    /// Its name in the spec, or `[index]`; `_` for a field without a name, empty for the root and the body of a case.
    #[must_use]
    pub fn name(&self) -> String {
        match self.node.what {
            What::Root(_) | What::Case(..) => String::new(),
            What::Field(ty, id) => match &self.format.ty(ty).body {
                Body::Struct(s) => id.of(&s.fields).name.clone(),
                Body::Bits(b) => id.of(&b.parts).name.clone(),
                Body::Union(_) => String::new(),
            },
            What::Element(i) | What::Entry(_, i) => format!("[{i}]"),
            What::Gap(ty, id) => format!("{}_gap", self.format.field(ty, id).map_or("", |f| &f.name)),
            What::Copy(ty, id, i) => format!("{}.copies[{i}]", self.format.field(ty, id).map_or("", |f| &f.name)),
            What::CopyGap(ty, id, i) => {
                format!("{}_gap{i}", self.format.field(ty, id).map_or("", |f| &f.name))
            }
            What::Slack(ty, id) => format!("{}_slack", self.format.field(ty, id).map_or("", |f| &f.name)),
            What::OwnSlack(_) => "slack".to_owned(),
        }
    }

    /// The part of a bits type, where it is one.
    #[must_use]
    pub fn part(&self) -> Option<&'a Part> {
        let What::Field(ty, id) = self.node.what else { return None };
        match &self.format.ty(ty).body {
            Body::Bits(b) => b.parts.get(id.0),
            _ => None,
        }
    }

    /// The type, where it is one of the spec: a struct, bits or a switch.
    #[must_use]
    pub fn type_id(&self) -> Option<TypeId> {
        if let What::Root(ty) | What::Entry(ty, _) = self.node.what {
            return Some(ty);
        }
        if self.is_list() || self.is_extra() {
            return None;
        }
        match self.field?.content.element() {
            Content::Type { id, .. } => Some(*id),
            _ => None,
        }
    }

    /// The scalar, where it is one.
    #[must_use]
    pub fn scalar(&self) -> Option<Scalar> {
        match self.field?.content.element() {
            Content::Scalar(scalar) if !self.is_list() && !self.is_extra() => Some(*scalar),
            _ => None,
        }
    }

    /// The enum that it is a value of.
    #[must_use]
    pub fn enum_id(&self) -> Option<EnumId> {
        match (self.part().map(|part| part.kind), self.scalar()) {
            (Some(PartKind::Enum(id)), _) | (_, Some(Scalar::Enum(id))) => Some(id),
            _ => None,
        }
    }

    /// The enum that it is a value of.
    #[must_use]
    pub fn enum_(&self) -> Option<&'a Enum> {
        self.enum_id().map(|id| self.format.enum_(id))
    }

    /// The value with a name that it is, where its enum has one in its version.
    #[must_use]
    pub fn named(&self) -> Option<&'a EnumValue> {
        let (Value::Enum(key), Some(e)) = (&self.node.value, self.enum_()) else { return None };
        e.named(key, self.version.filter(|_| e.versioned))
    }

    /// The flags type that it is a value of.
    #[must_use]
    pub fn flags_id(&self) -> Option<FlagsId> {
        match self.scalar() {
            Some(Scalar::Flags(id)) => Some(id),
            _ => None,
        }
    }

    /// The flags type that it is a value of.
    #[must_use]
    pub fn flags(&self) -> Option<&'a Flags> {
        self.flags_id().map(|id| self.format.flags(id))
    }

    /// The case that was chosen, where it is a switch.
    #[must_use]
    pub fn case(&self) -> Option<&'a Case> {
        let Value::Case(id, _) = self.node.value else { return None };
        self.type_id().and_then(|ty| case_of(self.format, ty, id))
    }

    /// Whether it is a list, and not an element of one.
    #[must_use]
    pub fn is_list(&self) -> bool {
        matches!(self.node.value, Value::List(_) | Value::Packed(_) | Value::Lazy(_) | Value::Scan(_))
    }

    /// Whether it is a gap or slack.
    #[must_use]
    pub fn is_extra(&self) -> bool {
        matches!(self.node.what, What::Gap(..) | What::Slack(..) | What::OwnSlack(_) | What::CopyGap(..))
    }

    /// Whether the value holds it: it is not driven by others, pinned, constant or padding.
    #[must_use]
    pub fn is_held(&self) -> bool {
        match self.node.what {
            What::Field(..) => self.part().is_some() || self.field.is_some_and(Field::is_held),
            What::Root(_) | What::Element(_) | What::Case(..) | What::Entry(..) => true,
            What::Copy(..) | What::CopyGap(..) => false,
            What::Gap(..) | What::Slack(..) | What::OwnSlack(_) => !matches!(self.node.value, Value::Zeros(_)),
        }
    }

    /// Whether others fix it: a length, a count, an offset, a tag.
    #[must_use]
    pub fn is_driven(&self) -> bool {
        matches!(self.node.what, What::Field(..)) && self.field.is_some_and(Field::is_driven)
    }

    /// Whether it has a pinned value.
    #[must_use]
    pub fn is_pinned(&self) -> bool {
        let pinned = |f: &Field| matches!(f.role, Role::Pinned(_));
        matches!(self.node.what, What::Field(..)) && self.field.is_some_and(pinned)
    }

    /// As its type is written in the spec.
    #[must_use]
    pub fn written(&self) -> String {
        if let Some(part) = self.part() {
            return part.written.clone();
        }
        match self.node.what {
            What::Root(ty) | What::Entry(ty, _) => self.format.ty(ty).name.clone(),
            What::Gap(..) | What::CopyGap(..) => "gap".to_owned(),
            What::Slack(..) | What::OwnSlack(_) => "slack".to_owned(),
            What::Element(_) if self.field.is_none() => "slack".to_owned(),
            _ => self.field.map_or_else(String::new, |f| f.written.clone()),
        }
    }

    /// `doc` of its field, or of its type.
    #[must_use]
    pub fn doc(&self) -> Option<&'a str> {
        let own = match self.part() {
            Some(part) => part.doc.as_deref(),
            None if self.is_extra() => return None,
            None => self.field.and_then(|f| f.doc.as_deref()),
        };
        own.or_else(|| self.type_id().and_then(|ty| self.format.ty(ty).doc.as_deref()))
    }

    /// Where the spec describes it.
    #[must_use]
    pub fn site(&self) -> Site {
        match (self.part(), self.field, self.node.what) {
            (Some(part), ..) => part.site,
            (_, _, What::OwnSlack(ty) | What::Root(ty) | What::Entry(ty, _)) => self.format.ty(ty).site,
            (_, Some(field), _) => field.site,
            (..) => Site { file: 0, line: 0 },
        }
    }

    /// What it is made of, in the order of the bytes: fields with their gaps and slacks, parts, elements. The body of a case
    /// gives its own children where it has any, and else itself.
    #[must_use]
    pub fn children(&self) -> Vec<Self> {
        match &self.node {
            Cow::Borrowed(node) => self.children_of(node),
            // Made from an element of a packed list: a number has no children.
            Cow::Owned(_) => Vec::new(),
        }
    }

    fn children_of(&self, node: &'a Node) -> Vec<Self> {
        match &node.value {
            Value::Record(record) => {
                let mut all: Vec<&'a Node> = record.fields.iter().chain(&record.extras).collect();
                // Stable: what is absent or empty stays where the model has it.
                all.sort_by_key(|node| (rank(node), node.at));
                all.into_iter().map(|node| self.child(node)).collect()
            }
            Value::Bits(parts) => parts.iter().map(|node| self.child(node)).collect(),
            Value::List(elements) => elements.iter().map(|node| self.child(node)).collect(),
            Value::Packed(packed) => (0..packed.count()).filter_map(|i| self.element(packed, i)).collect(),
            Value::Lazy(list) => list.held.values().map(|node| self.child(node)).collect(),
            Value::Scan(scan) => scan.held.values().map(|node| self.child(node)).collect(),
            Value::Case(_, Some(body)) => {
                let body = self.child(body);
                let inner = body.children();
                if inner.is_empty() && !matches!(body.node.value, Value::Record(_)) { vec![body] } else { inner }
            }
            _ => Vec::new(),
        }
    }

    /// A node right below this one.
    #[must_use]
    pub fn child(&self, node: &'a Node) -> Self {
        let field = match node.what {
            What::Field(ty, id)
            | What::Gap(ty, id)
            | What::Slack(ty, id)
            | What::Copy(ty, id, _)
            | What::CopyGap(ty, id, _) => self.format.field(ty, id),
            What::Element(_) => self.field,
            What::Case(ty, id) => case_of(self.format, ty, id).and_then(|case| case.body.as_deref()),
            What::Root(_) | What::OwnSlack(_) | What::Entry(..) => None,
        };
        let version = self.node.record().map_or(self.version, |record| record.version);
        let (copy, turn) = (self.copy_of(node, field), self.turn_of(node));
        Self { format: self.format, node: Cow::Borrowed(node), field, version, copy, turn }
    }

    /// Whether an entry of this journal is of the active sequence.
    fn turn_of(&self, node: &Node) -> Option<Box<Turn>> {
        let (Value::Scan(scan), What::Entry(_, index)) = (&self.node.value, node.what) else { return None };
        let it = scan.entries.get(index)?;
        let comes_round = scan.ring.beyond(scan.ring.offset(it.start), it.length) > 0;
        Some(Box::new(Turn { turn: it.turn, count: scan.active.len(), comes_round }))
    }

    /// Which copy of a field with copies a node right below this one is.
    fn copy_of(&self, node: &Node, field: Option<&Field>) -> Option<usize> {
        let copies = field?.copies.as_ref().filter(|_| node.is_present())?;
        match node.what {
            What::Field(ty, id) => Some(self.node.record()?.current_copy((ty, id), copies)),
            _ => None,
        }
    }

    /// The body of the case that was chosen, where it is a switch and the case has one.
    #[must_use]
    pub fn body(&self) -> Option<Self> {
        match &self.node {
            Cow::Borrowed(Node { value: Value::Case(_, Some(body)), .. }) => Some(self.child(body)),
            _ => None,
        }
    }

    /// What the chosen cases come down to; itself, where it is no switch.
    #[must_use]
    pub fn innermost(&self) -> Self {
        let mut look = self.clone();
        while let Some(body) = look.body() {
            look = body;
        }
        look
    }

    /// How many elements it has, where it is a list.
    #[must_use]
    pub fn count(&self) -> Option<usize> {
        match &self.node.value {
            Value::List(elements) => Some(elements.len()),
            Value::Packed(packed) => Some(packed.count()),
            Value::Lazy(list) => Some(list.len()),
            Value::Scan(scan) => Some(scan.entries.len()),
            _ => None,
        }
    }

    /// An element, where it is a list; the others are not looked at. Of a list that is read one by one, those that are held.
    #[must_use]
    pub fn at(&self, index: usize) -> Option<Self> {
        match &self.node {
            Cow::Borrowed(Node { value: Value::List(elements), .. }) => {
                elements.get(index).map(|node| self.child(node))
            }
            Cow::Borrowed(Node { value: Value::Packed(packed), .. }) => self.element(packed, index),
            Cow::Borrowed(Node { value: Value::Lazy(list), .. }) => list.get(index).map(|node| self.child(node)),
            Cow::Borrowed(Node { value: Value::Scan(scan), .. }) => scan.held.get(&index).map(|node| self.child(node)),
            _ => None,
        }
    }

    /// An element of a packed list.
    fn element(&self, packed: &Packed, index: usize) -> Option<Self> {
        let value = Value::Int(packed.get(index)?);
        let len = u64::try_from(packed.step()).unwrap_or(1);
        let at = self.node.at.saturating_add(len.saturating_mul(u64::try_from(index).unwrap_or(u64::MAX)));
        let node = Node { what: What::Element(index), at, len, value };
        let (node, field) = (Cow::Owned(node), self.field);
        Some(Self { format: self.format, node, field, version: self.version, copy: None, turn: None })
    }
}

fn case_of(format: &Format, ty: TypeId, id: CaseId) -> Option<&Case> {
    match &format.ty(ty).body {
        Body::Union(union) => union.cases.get(id.0),
        _ => None,
    }
}

/// The place among the fields of a struct: a gap comes before its field, slack behind it.
fn rank(node: &Node) -> (usize, u8) {
    match node.what {
        What::Gap(_, id) => (id.0, 0),
        What::Field(_, id) | What::Copy(_, id, _) | What::CopyGap(_, id, _) => (id.0, 1),
        What::Slack(_, id) => (id.0, 2),
        _ => (usize::MAX, 3),
    }
}
