//! Pinned fields: worked out from what the rest of the tree is by now; checksums over its bytes.

use super::output::{Output, Summed};
use super::{Deriver, Result};
use crate::interpret::datum::{Datum, turned};
use crate::interpret::eval::{Env, Frame, checksum_in};
use crate::interpret::tree::{Record, Value};
use crate::model::{Content, Field, FieldId, Key, Pin, Range, Role, Scalar, Struct};

impl<'m> Deriver<'m> {
    /// The pinned fields of a struct. One that may hold another value follows its pin only if it did so when it was read.
    pub(super) fn pins(&mut self, frame: Frame<'_>, s: &'m Struct, record: &mut Record) -> Result<()> {
        for (i, field) in s.fields.iter().enumerate() {
            let Role::Pinned(pin) = &field.role else { continue };
            let follows = !pin.kept || record.as_pinned.contains(&FieldId(i));
            let is_present = record.fields.get(i).is_some_and(crate::interpret::Node::is_present);
            if !follows || !is_present {
                continue;
            }
            let checksum = self.sum(frame, (s, pin), record)?;
            let env = Env { checksum, ..self.env(frame, record) };
            let value = env.eval(&pin.value).ok().and_then(|value| typed(field, &value));
            let Some(value) = value else {
                return Err(self.refuse(&field.name, format!("`{}`", pin.value.text), field.site));
            };
            if let Some(node) = record.fields.get_mut(i).filter(|node| node.value != value) {
                node.value = value;
                self.changed = true;
            }
        }
        Ok(())
    }

    /// The checksum that a pin names, over the bytes as they would be written now.
    fn sum(&self, frame: Frame<'_>, (s, pin): (&'m Struct, &Pin), record: &Record) -> Result<u64> {
        let Some((kind, over, except)) = checksum_in(&pin.value) else { return Ok(0) };
        let mut summed = Summed::new(kind);
        let mut output = Output::new(self.format, self.source, self.state, &mut summed);
        match over {
            Some(id) => output.field(frame, (id, id.of(&s.fields)), record)?,
            None => output.fields(frame, s, (record, except))?,
        }
        Ok(summed.finish())
    }
}

/// A number, truth value, guid or bytes as the field holds it; nothing where it does not fit.
fn typed(field: &Field, value: &Datum<'_>) -> Option<Value> {
    let Content::Scalar(scalar) = field.content else { return None };
    match (scalar, value) {
        (Scalar::UInt(n), value) => int(Range::unsigned(n.saturating_mul(8)), value),
        (Scalar::Int(n), value) => int(Range::signed(n.saturating_mul(8)), value),
        (Scalar::Bool, Datum::Bool(b)) => Some(Value::Bool(*b)),
        (Scalar::Enum(_), Datum::Enum(key)) => Some(Value::Enum(key.clone())),
        (Scalar::Enum(_), Datum::Int(n)) => Some(Value::Enum(Key::Int(*n))),
        (Scalar::Flags(_), value) => value.number().and_then(|n| u64::try_from(n).ok()).map(Value::Flags),
        (Scalar::Guid, Datum::Guid(text)) => Some(Value::Guid(turned(*text))),
        (Scalar::Uuid, Datum::Guid(text)) => Some(Value::Guid(*text)),
        (Scalar::Bytes(n), Datum::Bytes(bytes)) if bytes.len() == n => Some(Value::Bytes(bytes.to_vec())),
        #[allow(clippy::cast_possible_truncation, clippy::as_conversions, reason = "it came from an f32")]
        (Scalar::F32, Datum::Float(n)) => Some(Value::F32((*n as f32).to_bits())),
        (Scalar::F64, Datum::Float(n)) => Some(Value::F64(n.to_bits())),
        _ => None,
    }
}

fn int(range: Range, value: &Datum<'_>) -> Option<Value> {
    value.number().filter(|n| range.contains(*n)).map(Value::Int)
}
