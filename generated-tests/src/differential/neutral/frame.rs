//! What stands around a value: so that a place of the spec can be found in the tree.

use vmspec_codegen::interpret::{Node, Trouble, Value};
use vmspec_codegen::model::{Body, Expr, ExprKind, Format, Key, Place, Root, Step, TypeId};

/// A value of a type, with the values around it.
#[derive(Clone, Copy)]
pub struct Frame<'a> {
    /// The model.
    pub format: &'a Format,
    /// The type.
    pub ty: TypeId,
    /// The value.
    pub node: &'a Node,
    /// What its params are, as expressions over what is around it.
    pub args: &'a [Expr],
    /// What is said of the whole value.
    pub findings: &'a [Trouble],
    /// The bytes that it was read from.
    pub bytes: &'a [u8],
    /// What is around it.
    pub outer: Option<&'a Frame<'a>>,
}

impl<'a> Frame<'a> {
    /// A simple value: constants, and what lies somewhere in the tree. None for all else.
    pub fn value(&self, e: &'a Expr) -> Option<Value> {
        match &e.kind {
            ExprKind::Int(n) => Some(Value::Int(*n)),
            ExprKind::Bool(b) => Some(Value::Bool(*b)),
            ExprKind::Guid(bytes) => Some(Value::Guid(*bytes)),
            ExprKind::Str(bytes) => Some(Value::Bytes(bytes.clone())),
            ExprKind::EnumValue(id, i) => self.format.enum_(*id).values.get(*i).map(|v| Value::Enum(v.key.clone())),
            ExprKind::ToEnum(_, of) => match self.value(of)? {
                Value::Int(n) => Some(Value::Enum(Key::Int(n))),
                _ => None,
            },
            ExprKind::Place(place) => self.place(place),
            _ => None,
        }
    }

    fn place(&self, place: &'a Place) -> Option<Value> {
        let mut value = match place.root {
            Root::Field(id) => field(self.node, id.0)?.value.clone(),
            Root::Param(id) => self.outer?.value(self.args.get(id.0)?)?,
            Root::It | Root::Other | Root::State(_) | Root::Inputs | Root::Externs => return None,
        };
        for step in &place.steps {
            value = self.step(value, step)?;
        }
        Some(value)
    }

    fn step(&self, value: Value, step: &Step) -> Option<Value> {
        match (value, step) {
            (Value::Record(record), Step::Field(_, id)) => record.fields.into_iter().nth(id.0).map(|n| n.value),
            (Value::Bits(parts), Step::Field(_, id)) => parts.into_iter().nth(id.0).map(|n| n.value),
            (Value::Case(chosen, body), Step::Case(_, id)) if chosen == *id => body.map(|body| body.value),
            (Value::Absent, _) | (Value::Case(..), Step::Case(..)) => Some(Value::Absent),
            (Value::Flags(bits), Step::Flag(id, i)) => {
                let bit = self.format.flags(*id).flags.get(*i)?.bit;
                Some(Value::Bool(bits.checked_shr(bit)? & 1 == 1))
            }
            _ => None,
        }
    }

    /// What `since` and `before` compare with here.
    pub fn version(&self) -> Option<i128> {
        match self.value(self.format.ty(self.ty).version.as_ref()?)? {
            Value::Int(n) | Value::Enum(Key::Int(n)) => Some(n),
            _ => None,
        }
    }

    /// Whether the type is a struct that others fix fields of.
    pub fn is_driven_outside(&self) -> bool {
        self.format.ty(self.ty).is_driven_outside()
    }

    /// Whether this type fixes fields of what one of its fields holds.
    pub fn drives(&self, field: usize) -> bool {
        match &self.format.ty(self.ty).body {
            Body::Struct(s) => s.drives.iter().any(|drive| drive.holder.0 == field),
            _ => false,
        }
    }
}

/// A field of a struct, or a part of an integer.
pub fn field(node: &Node, index: usize) -> Option<&Node> {
    match &node.value {
        Value::Record(record) => record.fields.get(index),
        Value::Bits(parts) => parts.get(index),
        _ => None,
    }
}
