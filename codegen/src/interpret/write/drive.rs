//! Driven fields: what is measured, and what follows from it.

use super::{Deriver, Result};
use crate::interpret::eval::Frame;
use crate::interpret::tree::{Node, Packed, Record, Value, What};
use crate::model::{Body, CaseId, Content, Drive, Driver, Field, FieldId, Label, Range, Role, Root, Scalar, Step};
use crate::model::{Struct, TypeId};

/// What was measured.
enum Measured {
    /// A number of bytes or elements.
    Number(u64),
    /// A value of the tag.
    Tag(Value),
    /// Nothing that fixes the field: a default case, which goes with any other tag.
    Open,
    /// The driver is not there.
    Absent,
}

impl Deriver<'_> {
    /// The driven fields of a struct, and those of types in it that it drives.
    pub(super) fn drives(&mut self, frame: Frame<'_>, s: &Struct, record: &mut Record) -> Result<()> {
        for (i, field) in s.fields.iter().enumerate() {
            let Role::Driven(drives) = &field.role else { continue };
            if let Some(value) = self.driven(frame, (field, drives), record)? {
                self.put(record, &[i], value);
            }
        }
        for outside in &s.drives {
            let Some(field) = self.format.field(outside.of, outside.target) else { continue };
            if let Some(value) = self.driven(frame, (field, &outside.drives), record)? {
                self.put(record, &[outside.holder.0, outside.target.0], value);
            }
        }
        Ok(())
    }

    /// Sets a field of a struct, or of one in it.
    fn put(&mut self, record: &mut Record, path: &[usize], value: Value) {
        let Some((first, rest)) = path.split_first() else { return };
        let Some(node) = record.fields.get_mut(*first) else { return };
        if let (Value::Record(inner), false) = (&mut node.value, rest.is_empty()) {
            return self.put(inner, rest, value);
        }
        if node.value != value {
            node.value = value;
            self.changed = true;
        }
    }

    /// The value that follows from the first driver that is there; nothing where none fixes it.
    fn driven(&self, frame: Frame<'_>, of: (&Field, &[Drive]), record: &Record) -> Result<Option<Value>> {
        let (field, drives) = of;
        let mut absent = None;
        for drive in drives {
            match self.measure(frame, drive, record) {
                Measured::Tag(value) => return Ok(Some(value)),
                Measured::Number(n) => return self.solved(field, drive, n).map(Some),
                Measured::Open => {}
                Measured::Absent if drive.zero_when_absent => absent = Some(Value::Int(0)),
                Measured::Absent => absent = absent.or(Some(Value::Absent)),
            }
        }
        Ok(absent)
    }

    fn solved(&self, field: &Field, drive: &Drive, measured: u64) -> Result<Value> {
        let scaled = i128::from(measured).saturating_mul(drive.multiply);
        let exact = scaled.checked_rem(drive.divide) == Some(0);
        let n = scaled.checked_div(drive.divide).map(|n| n.saturating_add(drive.add));
        let range = match field.content {
            Content::Scalar(Scalar::UInt(bytes)) => Range::unsigned(bytes.saturating_mul(8)),
            _ => Range::unsigned(64),
        };
        if let Some(n) = n.filter(|n| exact && range.contains(*n)) {
            return Ok(Value::Int(n));
        }
        let mut trouble = self.refuse(&field.name, format!("{} to fit it", drive.text), field.site);
        trouble.found = measured.to_string();
        trouble.class = if exact { crate::model::Class::Limit } else { crate::model::Class::Invalid };
        Err(trouble)
    }

    fn measure(&self, frame: Frame<'_>, drive: &Drive, record: &Record) -> Measured {
        if drive.driver == Driver::TypeSize {
            return Measured::Number(self.position.saturating_sub(frame.base));
        }
        let Root::Field(first) = drive.from.root else { return Measured::Absent };
        let Some((node, holder, base)) = reach((record, frame.base), first, &drive.from.steps) else {
            return Measured::Absent;
        };
        if !node.is_present() {
            return Measured::Absent;
        }
        match drive.driver {
            Driver::Size => Measured::Number(holder.with_slack(node)),
            Driver::Count => Measured::Number(count(node)),
            Driver::Offset => Measured::Number(node.at.saturating_sub(base)),
            Driver::Tag => self.tag(node),
            Driver::TypeSize => Measured::Absent,
        }
    }

    fn tag(&self, node: &Node) -> Measured {
        let (Value::Case(id, _), What::Field(ty, field)) = (&node.value, node.what) else { return Measured::Open };
        let of = self.format.field(ty, field).and_then(Field::type_id);
        of.map_or(Measured::Open, |of| self.label(of, *id))
    }

    fn label(&self, ty: TypeId, id: CaseId) -> Measured {
        let Body::Union(union) = &self.format.ty(ty).body else { return Measured::Open };
        match union.cases.get(id.0).map(|case| (&case.label, union.tag)) {
            Some((Label::Enum(i), crate::model::Tag::Enum(id))) => {
                let value = self.format.enum_(id).values.get(*i);
                value.map_or(Measured::Open, |value| Measured::Tag(Value::Enum(value.key.clone())))
            }
            Some((Label::Bool(b), _)) => Measured::Tag(Value::Bool(*b)),
            Some((Label::Guid(wire), _)) => Measured::Tag(Value::Guid(*wire)),
            _ => Measured::Open,
        }
    }
}

/// The node at the end of a path, the struct that holds it, and where that starts.
fn reach<'n>((record, base): (&'n Record, u64), id: FieldId, steps: &[Step]) -> Option<(&'n Node, &'n Record, u64)> {
    let node = record.fields.get(id.0)?;
    let Some((step, rest)) = steps.split_first() else { return Some((node, record, base)) };
    match (step, &node.value) {
        (Step::Field(_, next), Value::Record(inner)) => reach((inner, node.at), *next, rest),
        _ => None,
    }
}

fn count(node: &Node) -> u64 {
    let n = match &node.value {
        Value::List(all) => all.len(),
        Value::Packed(packed) => Packed::count(packed),
        Value::Lazy(list) => list.len(),
        _ => 0,
    };
    u64::try_from(n).unwrap_or(u64::MAX)
}
