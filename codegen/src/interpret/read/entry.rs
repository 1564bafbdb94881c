//! Entries of journals: the head of one by itself, and the whole of one, of whose lists only what is wanted is held.

use super::list::Of;
use super::{Reader, Result, Step};
use crate::interpret::bytes::Bytes;
use crate::interpret::datum::Datum;
use crate::interpret::eval::{Frame, Totals};
use crate::interpret::lazy::{Lazy, OfEntry, Wanted};
use crate::interpret::state::State;
use crate::interpret::tree::{Node, Record, Value};
use crate::interpret::trouble::Trouble;
use crate::interpret::{Reading, Start};
use crate::model::{Field, FieldId, Format, Struct, TypeId, Until};
use std::cell::RefCell;

/// The head of an entry that starts at an offset: its fields, with the rules that name no other.
///
/// # Errors
/// What is wrong with it.
pub fn read_head(format: &Format, ty: TypeId, at: u64, bytes: &dyn Bytes) -> std::result::Result<Record, Box<Trouble>> {
    let (state, wanted) = (RefCell::new(State::new(format)), Wanted::default());
    let mut reader = Reader::new(format, (bytes, &wanted), &state, at);
    let mut record = Record::default();
    let Some(s) = format.ty(ty).as_struct() else { return Ok(record) };
    let frame = Frame { ty, params: &[], big: false, base: at, place: usize::MAX };
    reader.head(frame, s, &mut record).map_err(|stop| stop.trouble).map(|()| record)
}

/// What is held of the lists of an entry.
#[derive(Debug, Clone, Copy)]
pub struct Sparse<'a> {
    /// Which elements.
    pub wanted: &'a Wanted,
    /// The path of the entry in a value: that of errors as well.
    pub path: &'a str,
    /// As much memory as they may take.
    pub room: usize,
}

/// An entry as a whole. Elements of its lists that are not held are looked at as well.
#[must_use]
pub fn read_entry(format: &Format, start: Start, bytes: &dyn Bytes, sparse: Sparse<'_>) -> Reading {
    let state = RefCell::new(State::new(format));
    let mut reader = Reader::new(format, (bytes, sparse.wanted), &state, start.at);
    reader.sparse = Some((start.ty, sparse.room));
    reader.path.push(Step::Field(sparse.path));
    reader.read(start, &[]).0
}

impl<'m> Reader<'m> {
    fn head(&mut self, frame: Frame<'_>, s: &'m Struct, record: &mut Record) -> Result<()> {
        let frame = Frame { big: self.own_order(frame)?, ..frame };
        for (i, field) in s.fields.iter().enumerate().take(crate::resolve::head_fields(s)) {
            let id = FieldId(i);
            self.within(Step::Field(&field.name), |reader| reader.field(frame, id, field, record))
                .map_err(|stop| stop.sited(field.site))?;
            self.due(frame, s, id, record)?;
        }
        Ok(())
    }

    /// Reads a list of an entry into the struct's last node.
    pub(super) fn sparsely(&mut self, frame: Frame<'_>, of: Of<'m>, record: &mut Record) -> Result<()> {
        let (id, field, repeat) = of;
        let step = crate::resolve::exact_size(self.format, &field.content).unwrap_or(1).max(1);
        let count = match &repeat.until {
            Until::Count(n) => self.size_of(frame, (id, field), n, record)?,
            _ => self.rest().div_ceil(step),
        };
        self.check_count(frame, of, (count, self.position), record)?;
        self.check_room(count.saturating_mul(step))?;
        let mut list = Lazy { source: self.position, count, step, ..Lazy::default() };
        let result = self.summed_up(frame, (id, field), &mut list, record);
        if let Some(node) = record.fields.last_mut() {
            node.value = Value::Lazy(list);
        }
        result
    }

    /// Whether there is still room for an element; it is taken then.
    fn has_room(&mut self, node: &Node) -> bool {
        let Some((_, room)) = &mut self.sparse else { return false };
        let left = room.checked_sub(node.weight());
        *room = left.unwrap_or(0);
        left.is_some()
    }

    /// All elements, one after the other.
    fn summed_up(
        &mut self,
        frame: Frame<'_>,
        (id, field): (FieldId, &'m Field),
        list: &mut Lazy,
        record: &Record,
    ) -> Result<()> {
        let wanted = self.wanted.of(&self.path_to(""), list.count);
        let (mut next, mut totals) = (wanted.iter().peekable(), Totals::of(self.format, frame.ty, id));
        for i in 0..list.count {
            let before = self.nodes;
            let (node, result) = self.single(frame, (field, &field.content), (list, i), record);
            if let (Some(node), Ok(())) = (&node, &result) {
                totals.add(&self.env(frame, record), &Datum::of(node, Some(field)));
            }
            let held = next.next_if_eq(&&i).is_some() && node.as_ref().is_some_and(|node| self.has_room(node));
            if held {
                list.held.extend(node.map(|node| (i, node)));
            } else {
                self.nodes = before;
            }
            result?;
        }
        list.of_entry = Some(Box::new(OfEntry { totals: totals.finish(), ring: None }));
        Ok(())
    }
}
