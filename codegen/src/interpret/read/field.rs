//! A field: whether it is there, where it starts, the window it fills, what it holds.

use super::{Reader, Result};
use crate::interpret::eval::{Frame, Uncomputed, exact};
use crate::interpret::trace::Aspect;
use crate::interpret::tree::{Node, Record, Value, What};
use crate::model::{At, AtFrom, Class, Driver, Expr, Field, FieldId, Policy, Role, Window};

impl<'m> Reader<'m> {
    /// Reads a field and puts it into the struct, with its gap and slack; after an error, what was read of it.
    pub(super) fn field(&mut self, frame: Frame<'_>, id: FieldId, field: &'m Field, record: &mut Record) -> Result<()> {
        if let Some(presence) = &field.presence {
            let that = &presence.that;
            let there = self.env(frame, record).holds(that).map_err(self.uncomputed(that))?;
            self.saw(Aspect::Present, field, there);
            if !there {
                record.fields.push(Node::absent(What::Field(frame.ty, id), self.position));
                return Ok(());
            }
        }
        if let Some(unlike) = &field.unlike {
            let follows = self.env(frame, record).holds(unlike).map_err(self.uncomputed(unlike))?;
            self.saw(Aspect::Unlike, field, !follows);
            if follows {
                let expected = format!("bytes of which none says that {}", unlike.text);
                return Err(self.stop(self.position, Class::Invalid, expected, "").sited(field.site));
            }
        }
        if let Some(aside) = &field.aside {
            return self.aside(frame, (id, field), aside, record);
        }
        if let Some(place) = &field.at {
            let gap = self.gap(frame, (id, field, place), record)?;
            record.extras.extend(gap);
        }
        self.placed(frame, (id, field), record)
    }

    /// A field from here on.
    pub(super) fn placed(&mut self, frame: Frame<'_>, of: (FieldId, &'m Field), record: &mut Record) -> Result<()> {
        let at = self.position;
        let what = What::Field(frame.ty, of.0);
        record.fields.push(Node::absent(what, at));
        if let Some(copies) = &of.1.copies {
            return self.copies(frame, (of.0, of.1, copies), record);
        }
        let result = self.windowed(frame, of, record);
        let slack = record.fields.last().map_or(0, |node| record.slack(node));
        if let Some(node) = record.fields.last_mut() {
            node.len = self.position.saturating_sub(at).saturating_sub(slack);
        }
        result
    }

    /// The bytes between the field before and one at an offset.
    fn gap(&mut self, frame: Frame<'_>, of: (FieldId, &'m Field, &'m At), record: &Record) -> Result<Option<Node>> {
        let (id, field, At { offset, from, gap }) = of;
        let to = self.size_of(frame, (id, field), offset, record)?;
        let start = if *from == AtFrom::File { self.first } else { frame.base };
        let (to, here) = (start.saturating_add(to), self.position);
        let misplaced = |what: &str| self.stop(here, Class::Invalid, format!("{what} {here:#x}"), to.to_string());
        self.saw(Aspect::Placed, field, to == here || to > here && *gap != Policy::None);
        let Some(n) = to.checked_sub(here) else { return Err(misplaced("an offset at or after")) };
        let value = match gap {
            Policy::None if n == 0 => return Ok(None),
            Policy::None => return Err(misplaced("an offset of")),
            Policy::Zero => self.zeros(n)?,
            Policy::Keep => self.blob(n)?,
        };
        Ok(Some(Node { what: What::Gap(frame.ty, id), at: here, len: n, value }))
    }

    /// The content, in its window where it has one. The struct's last node is the field's.
    fn windowed(&mut self, frame: Frame<'_>, of: (FieldId, &'m Field), record: &mut Record) -> Result<()> {
        let (id, field) = of;
        let Some(Window { size, max, slack, .. }) = &field.window else { return self.fill(frame, of, record) };
        let n = self.size_of(frame, of, size, record)?;
        self.saw_max(field, n, *max);
        let outer = self.enter(n, *max)?;
        let result = self.fill(frame, of, record).and_then(|()| {
            self.saw_used_up(field, *slack);
            let extra = self.close(*slack, What::Slack(frame.ty, id))?;
            record.extras.extend(extra);
            Ok(())
        });
        self.limit = outer;
        result.map_err(|stop| stop.sited(field.site))
    }

    /// Sets the value of the struct's last node.
    fn fill(&mut self, frame: Frame<'_>, of: (FieldId, &'m Field), record: &mut Record) -> Result<()> {
        let (id, field) = of;
        if let Some(repeat) = &field.repeat {
            return self.list(frame, (id, field, repeat), record);
        }
        let (value, result) = match self.content(frame, (field, &field.content), record, 0) {
            Ok(value) => (value, Ok(())),
            Err(mut stop) => (stop.partial.take().unwrap_or(Value::Absent), Err(stop)),
        };
        if let Some(node) = record.fields.last_mut() {
            node.value = value;
        }
        result
    }

    /// A size, count or offset. A quotient that others are worked out from must leave nothing over: a writer could not make
    /// it again.
    pub(super) fn size_of(
        &self,
        frame: Frame<'_>,
        (id, field): (FieldId, &Field),
        e: &'m Expr,
        record: &Record,
    ) -> Result<u64> {
        let env = self.env(frame, record);
        let n = if self.is_driver(frame, (id, field)) { exact(&env, e) } else { env.size(e) };
        n.map_err(|Uncomputed| self.uncomputed(e)(Uncomputed))
    }

    /// Whether the size, count or offset of a field fixes another one.
    fn is_driver(&self, frame: Frame<'_>, (id, _): (FieldId, &Field)) -> bool {
        let Some(s) = self.format.ty(frame.ty).as_struct() else { return false };
        let own = s.fields.iter().filter_map(|f| if let Role::Driven(drives) = &f.role { Some(drives) } else { None });
        let outside = s.drives.iter().map(|drive| &drive.drives);
        own.chain(outside).flatten().any(|drive| {
            let from = drive.from.root == crate::model::Root::Field(id) && drive.from.steps.is_empty();
            from && matches!(drive.driver, Driver::Size | Driver::Count | Driver::Offset)
        })
    }
}
