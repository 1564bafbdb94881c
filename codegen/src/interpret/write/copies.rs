//! Copies while a tree is written: the current one is worked out, the others stay as they are or are the same.

use super::output::Output;
use super::{Deriver, Result};
use crate::interpret::eval::Frame;
use crate::interpret::tree::{Node, Record, Value, What};
use crate::model::{Copies, Field, FieldId, Policy};

type Of<'m> = (FieldId, &'m Field, &'m Copies);

impl<'m> Deriver<'m> {
    /// Gives all copies of a field their places.
    pub(super) fn copies(&mut self, frame: Frame<'_>, of: Of<'m>, record: &mut Record) -> Result<()> {
        let (id, field, copies) = of;
        let (first, current) = (self.position, record.current_copy((frame.ty, id), copies));
        for (i, place) in copies.places().enumerate() {
            let gap = first.saturating_add(place).saturating_sub(self.position);
            self.extra(record, What::CopyGap(frame.ty, id, i), (Some(gap), copies.gap));
            if i == current {
                self.present(frame, (id, field), record)?;
            } else {
                self.extra(record, What::Copy(frame.ty, id, i), (None, Policy::Keep));
            }
        }
        Ok(())
    }
}

impl<'m> Output<'m, '_> {
    /// Writes all copies of a field that is there, and what lies between them.
    pub(super) fn copies(&mut self, frame: Frame<'_>, of: Of<'m>, (record, node): (&Record, &Node)) -> Result<()> {
        let (id, field, copies) = of;
        for i in 0..copies.at.len() {
            self.extra(record, What::CopyGap(frame.ty, id, i))?;
            let other = record.extras.iter().find(|extra| extra.what == What::Copy(frame.ty, id, i));
            match other.map(|other| (other, &other.value)) {
                None | Some((_, Value::Same)) => self.content(frame, (field, node), record)?,
                Some((_, Value::Refused(bytes, _))) => self.put(bytes)?,
                Some((other, _)) => self.content(frame, (field, other), record)?,
            }
        }
        Ok(())
    }
}
