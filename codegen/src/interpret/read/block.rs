//! Runs of fields of fixed size, which are taken as one: when the input ends in a run, that is the error, whatever its first
//! fields hold. And byte order by trial, which looks at the first run.

use super::{Reader, Result};
use crate::interpret::eval::Frame;
use crate::interpret::tree::{Node, Record, Value, What};
use crate::model::{Content, Expr, Field, FieldId, Format, Length, MOST_IN_BLOCK, Scalar, Struct};

/// Most zeros that can be part of a run.
const MOST_ZEROS: u64 = 4096;

/// The fields of a struct in the runs in which they are taken, each with its size; none for a field that stands alone.
pub(super) fn runs(format: &Format, s: &Struct) -> Vec<(Vec<FieldId>, Option<u64>)> {
    let mut out: Vec<(Vec<FieldId>, Option<u64>)> = Vec::new();
    let mut open = false;
    for (i, field) in s.fields.iter().enumerate() {
        let id = FieldId(i);
        let size = size_in_run(format, field);
        match (out.last_mut(), size) {
            (Some((ids, Some(total))), Some(size)) if open && total.saturating_add(size) <= MOST_IN_BLOCK => {
                ids.push(id);
                *total = total.saturating_add(size);
            }
            _ => out.push((vec![id], size)),
        }
        open = size.is_some() && s.window_field != Some(id);
    }
    for (ids, size) in &mut out {
        // A type between fields of other kinds is read by itself.
        if let [id] = ids.as_slice()
            && id.of(&s.fields).type_id().is_some()
            && s.fields.len() > 1
        {
            *size = None;
        }
    }
    out
}

pub(super) fn size_in_run(format: &Format, field: &Field) -> Option<u64> {
    let fits = match &field.content {
        Content::Scalar(_) | Content::Magic(_) => true,
        Content::Zero(Length::Const(n)) => *n <= MOST_ZEROS,
        Content::Type { id, .. } => format.ty(*id).size.fixed().is_some(),
        _ => false,
    };
    field.size.fixed().filter(|n| field.is_plain() && fits && *n <= MOST_IN_BLOCK)
}

impl Reader<'_> {
    /// The first order in which the condition holds; the first of all where it holds in none.
    pub(super) fn find_order(
        &self,
        frame: Frame<'_>,
        run: &[FieldId],
        orders: &[bool],
        condition: &Expr,
    ) -> Result<bool> {
        for big in orders {
            let frame = Frame { big: *big, ..frame };
            let record = Record { fields: self.plain_fields(frame, run)?, ..Record::default() };
            let env = self.env(frame, &record);
            if !self.names_unknown(frame, &record, condition) && env.holds(condition) == Ok(true) {
                return Ok(*big);
            }
        }
        Ok(orders.first().copied().unwrap_or(false))
    }

    /// The scalars of the first run in this order, without any check.
    fn plain_fields(&self, frame: Frame<'_>, run: &[FieldId]) -> Result<Vec<Node>> {
        let mut at = self.position;
        let mut out = Vec::new();
        for id in run {
            let Some(field) = self.format.field(frame.ty, *id) else { break };
            let len = field.size.fixed().unwrap_or(0);
            let value = match field.content {
                Content::Scalar(scalar) => self.decode(scalar, &self.peek(at, len)?, frame.big),
                _ => Value::Absent,
            };
            out.push(Node { what: What::Field(frame.ty, *id), at, len, value });
            at = at.saturating_add(len);
        }
        Ok(out)
    }

    /// Whether the condition names a value that an enum without unknown values does not have.
    fn names_unknown(&self, frame: Frame<'_>, record: &Record, condition: &Expr) -> bool {
        crate::resolve::fields_of(condition).into_iter().any(|id| {
            let (Some(node), Some(field)) = (record.fields.get(id.0), self.format.field(frame.ty, id)) else {
                return false;
            };
            let (Value::Enum(key), Content::Scalar(Scalar::Enum(e))) = (&node.value, &field.content) else {
                return false;
            };
            let e = self.format.enum_(*e);
            !e.has_unknown && !e.values.iter().any(|value| value.key == *key)
        })
    }
}
