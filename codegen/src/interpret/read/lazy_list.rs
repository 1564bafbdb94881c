//! Lists whose elements are read one by one: the list is passed over, and only elements that are asked for are looked at.

use super::list::Of;
use super::{Reader, Result, Step};
use crate::interpret::eval::Frame;
use crate::interpret::lazy::Lazy;
use crate::interpret::tree::{Node, Record, Value, What};
use std::collections::BTreeMap;

impl<'m> Reader<'m> {
    /// So many elements of a constant size, as the struct's last node.
    pub(super) fn lazily(
        &mut self,
        frame: Frame<'_>,
        of: Of<'m>,
        (count, step): (u64, u64),
        record: &mut Record,
    ) -> Result<()> {
        let list = Lazy { source: self.position, count, step, held: BTreeMap::new() };
        self.blob(list.size())?;
        let (start, end) = (list.source, self.position);
        if let Some(node) = record.fields.last_mut() {
            node.value = Value::Lazy(list);
        }
        let wanted = self.wanted.of(&self.path_to(""), count);
        let result = if self.wanted.checked {
            let mut next = wanted.iter().peekable();
            (0..count).try_for_each(|i| {
                let held = next.next_if_eq(&&i).is_some();
                self.position = start.saturating_add(i.saturating_mul(step));
                self.single(frame, of, (i, held), record)
            })
        } else {
            wanted.iter().try_for_each(|i| {
                self.position = start.saturating_add(i.saturating_mul(step));
                self.single(frame, of, (*i, true), record)
            })
        };
        if result.is_ok() {
            self.position = end;
        }
        result
    }

    /// An element. One that is not held takes no memory behind it.
    fn single(
        &mut self,
        frame: Frame<'_>,
        (_, field, _): Of<'m>,
        (index, held): (u64, bool),
        record: &mut Record,
    ) -> Result<()> {
        let before = self.nodes;
        self.count(1)?;
        let (at, number) = (self.position, usize::try_from(index).unwrap_or(usize::MAX));
        let read = self.within(Step::Element(number), |reader| reader.content(frame, field, record, index));
        let (value, result) = match read {
            Ok(value) => (Some(value), Ok(())),
            Err(mut stop) => (stop.partial.take(), Err(stop)),
        };
        if !held && result.is_ok() {
            self.nodes = before;
            return Ok(());
        }
        let len = self.position.saturating_sub(at);
        let node = value.map(|value| Node { what: What::Element(number), at, len, value });
        if let Some(Node { value: Value::Lazy(list), .. }) = record.fields.last_mut() {
            list.held.extend(node.map(|node| (index, node)));
        }
        result
    }
}
