//! Lists whose elements are read one by one: the list is passed over, and only elements that are asked for are looked at.

use super::{Reader, Result, Step};
use crate::interpret::eval::Frame;
use crate::interpret::lazy::Lazy;
use crate::interpret::tree::{Node, Record, Value, What};
use crate::model::{self, Content, Field, FieldId};

type Of<'m> = (&'m Field, &'m model::Lazy);

impl<'m> Reader<'m> {
    /// So many elements of a constant size.
    pub(super) fn lazily(&mut self, frame: Frame<'_>, of: Of<'m>, record: &Record) -> Result<Value> {
        let (field, lazy) = of;
        let id = FieldId(record.fields.len().saturating_sub(1));
        let count = self.size_of(frame, (id, field), &lazy.count, record)?;
        let step = crate::resolve::content_size(self.format, &lazy.element).least().max(1);
        let mut list = Lazy { source: self.position, count, step, ..Lazy::default() };
        self.blob(list.size())?;
        let end = self.position;
        match self.elements(frame, of, &mut list, record) {
            Ok(()) => {
                self.position = end;
                Ok(Value::Lazy(list))
            }
            Err(failed) => Err(failed.with(Value::Lazy(list))),
        }
    }

    /// The elements that are held, and where all are looked at the others too.
    fn elements(&mut self, frame: Frame<'_>, of: Of<'m>, list: &mut Lazy, record: &Record) -> Result<()> {
        let wanted = self.wanted.of(&self.path_to(""), list.count);
        let of = (of.0, &of.1.element);
        if !self.wanted.checked {
            return wanted.iter().try_for_each(|i| self.looked_at(frame, of, (list, *i, true), record));
        }
        let mut next = wanted.iter().peekable();
        (0..list.count).try_for_each(|i| {
            let held = next.next_if_eq(&&i).is_some();
            self.looked_at(frame, of, (list, i, held), record)
        })
    }

    /// An element. One that is not held takes no memory behind it; one that a writer has to mend is.
    fn looked_at(
        &mut self,
        frame: Frame<'_>,
        of: (&'m Field, &'m Content),
        (list, index, held): (&mut Lazy, u64, bool),
        record: &Record,
    ) -> Result<()> {
        let (before, sound) = (self.nodes, self.to_mend);
        let (node, result) = self.single(frame, of, (list, index), record);
        if !held && result.is_ok() && self.to_mend == sound {
            self.nodes = before;
            return Ok(());
        }
        list.held.extend(node.map(|node| (index, node)));
        result
    }

    /// An element, or what was read of one that is refused.
    pub(super) fn single(
        &mut self,
        frame: Frame<'_>,
        of: (&'m Field, &'m Content),
        (list, index): (&Lazy, u64),
        record: &Record,
    ) -> (Option<Node>, Result<()>) {
        if let Err(stop) = self.count(1) {
            return (None, Err(stop));
        }
        let at = list.source.saturating_add(list.offset(index));
        self.position = at;
        let number = usize::try_from(index).unwrap_or(usize::MAX);
        let read = self.within(Step::Element(number), |reader| reader.content(frame, of, record, index));
        let (value, result) = match read {
            Ok(value) => (Some(value), Ok(())),
            Err(mut stop) => (stop.partial.take(), Err(stop)),
        };
        let len = self.position.saturating_sub(at);
        (value.map(|value| Node { what: What::Element(number), at, len, value }), result)
    }
}
