//! Structs: their fields in the order of the bytes, then what closes them.

use super::block::runs;
use super::{DEEPEST, Reader, Result, Step, Stop};
use crate::interpret::eval::{Frame, Uncomputed};
use crate::interpret::remember;
use crate::interpret::trace::Aspect;
use crate::interpret::tree::{Node, Record, Value, What};
use crate::model::{Class, FieldId, Order, Policy, Struct, Window};

impl<'m> Reader<'m> {
    /// A struct, with the state that is for it.
    pub(super) fn record(&mut self, frame: Frame<'_>, s: &'m Struct) -> Result<Value> {
        let scope = remember::begin(self.format, frame, self.state);
        let mut record = Record::default();
        let counted = self.count(s.fields.len());
        let result = counted.and_then(|()| self.nested(frame, s, &mut record));
        if let Some(id) = scope {
            self.state.borrow_mut().end(id);
        }
        match result {
            Ok(()) => Ok(Value::Record(record)),
            Err(stop) => Err(stop.with(Value::Record(record))),
        }
    }

    /// Types that can hold themselves do so only so deep.
    fn nested(&mut self, frame: Frame<'_>, s: &'m Struct, record: &mut Record) -> Result<()> {
        if !self.format.ty(frame.ty).recursive {
            return self.whole(frame, s, record);
        }
        if self.depth >= DEEPEST {
            let expected = format!("at most {DEEPEST} levels of nesting");
            return Err(self.stop(self.position, Class::Limit, expected, DEEPEST.to_string()));
        }
        self.depth = self.depth.saturating_add(1);
        let result = self.whole(frame, s, record);
        self.depth = self.depth.saturating_sub(1);
        result
    }

    fn whole(&mut self, frame: Frame<'_>, s: &'m Struct, record: &mut Record) -> Result<()> {
        let outer = self.limit;
        let before = (!self.format.scopes.is_empty()).then(|| self.state.borrow().as_it_is());
        let mut frame = Frame { big: self.own_order(frame)?, ..frame };
        if s.is_place {
            frame.place = self.open_place();
        }
        if s.window_field.is_none() {
            self.enter_own(frame, s, record)?;
        }
        let mut marks = Vec::new();
        for (n, (ids, size)) in runs(self.format, s).into_iter().enumerate() {
            if let Some(size) = size {
                self.check_room(size)?;
            }
            if n == 0 {
                frame.big = self.tried_order(frame, &ids, record)?;
            }
            for id in ids {
                marks.push(self.findings.len());
                self.member(frame, s, id, record)?;
            }
        }
        if s.fields.is_empty() {
            self.require(frame, s, FieldId(0), record)?;
        }
        if s.is_place { self.close_place(frame, s, record) } else { self.leave(frame, s, record) }?;
        self.limit = outer;
        record.version = self.version(frame, record);
        self.remember_at_end(frame, s, record)?;
        self.whole_checksums(frame, s, record)?;
        self.soft(frame, s, record, (&marks, before));
        Ok(())
    }

    fn version(&self, frame: Frame<'_>, record: &Record) -> Option<u64> {
        self.format.ty(frame.ty).version.as_ref().map(|_| self.env(frame, record).version())
    }

    /// A field, and everything that is looked at once it is there.
    fn member(&mut self, frame: Frame<'_>, s: &'m Struct, id: FieldId, record: &mut Record) -> Result<()> {
        let field = id.of(&s.fields);
        self.within(Step::Field(&field.name), |reader| reader.field(frame, id, field, record))
            .map_err(|stop| stop.sited(field.site))?;
        self.due(frame, s, id, record)?;
        if s.window_field == Some(id) { self.enter_own(frame, s, record) } else { Ok(()) }
    }

    pub(super) fn own_order(&self, frame: Frame<'_>) -> Result<bool> {
        let none = Record::default();
        let big = self.env(frame, &none).order(frame.big).map_err(|e| self.uncomputed(e)(Uncomputed))?;
        if matches!(self.format.ty(frame.ty).order, Order::Expr(_)) {
            self.saw(Aspect::Big, self.format.ty(frame.ty), big);
        }
        Ok(big)
    }

    fn tried_order(&self, frame: Frame<'_>, run: &[FieldId], record: &mut Record) -> Result<bool> {
        let Order::Try { orders, condition } = &self.format.ty(frame.ty).order else { return Ok(frame.big) };
        let big = self.find_order(frame, run, orders, condition)?;
        record.order = Some(big);
        self.saw(Aspect::Big, self.format.ty(frame.ty), big);
        Ok(big)
    }

    /// The window of the type itself: it starts with the type, also where its size is read in the middle.
    fn enter_own(&mut self, frame: Frame<'_>, s: &'m Struct, record: &Record) -> Result<()> {
        let Some(Window { size, max, .. }) = &s.window else { return Ok(()) };
        let n =
            self.env(frame, record).size(size).map_err(self.uncomputed(size)).map_err(|stop| at(stop, frame.base))?;
        self.saw_max(self.format.ty(frame.ty), n, *max);
        self.check_max(n, *max)?;
        let read = self.position.saturating_sub(frame.base);
        let Some(left) = n.checked_sub(read) else {
            let expected = format!("a size of at least {read} bytes");
            return Err(self.stop(frame.base, Class::Invalid, expected, n.to_string()));
        };
        self.enter(left, None)?;
        self.limit_place(frame.place);
        Ok(())
    }

    /// What lies behind the fields.
    fn leave(&mut self, frame: Frame<'_>, s: &Struct, record: &mut Record) -> Result<()> {
        let policy = s.window.as_ref().map_or(s.slack, |window| window.slack);
        if s.window.is_none() && policy == Policy::None {
            return Ok(());
        }
        self.saw_used_up(self.format.ty(frame.ty), policy);
        let extra = self.close(policy, What::OwnSlack(frame.ty))?;
        record.extras.extend(extra);
        Ok(())
    }

    /// Whether what has a most is no more than that.
    pub(super) fn saw_max<T>(&self, of: &T, n: u64, max: Option<u64>) {
        if let Some(max) = max {
            self.saw(Aspect::Max, of, n <= max);
        }
    }

    /// Whether a window is used up as far as it must be, at its end.
    pub(super) fn saw_used_up<T>(&self, of: &T, policy: Policy) {
        if self.observer.is_none() {
            return;
        }
        let left = self.rest();
        let held = match policy {
            Policy::None => left == 0,
            Policy::Keep => true,
            Policy::Zero => self.peek(self.position, left).is_ok_and(|rest| rest.iter().all(|byte| *byte == 0)),
        };
        self.saw(Aspect::UsedUp, of, held);
    }

    /// The end of a window.
    pub(super) fn close(&mut self, policy: Policy, what: What) -> Result<Option<Node>> {
        let (at, len) = (self.position, self.rest());
        let value = match policy {
            Policy::None if len == 0 => return Ok(None),
            Policy::None => {
                return Err(self.stop(at, Class::Invalid, "a window that is used up", len.to_string()));
            }
            Policy::Zero => self.zeros(len)?,
            Policy::Keep => self.blob(len)?,
        };
        Ok(Some(Node { what, at, len, value }))
    }
}

/// The error at another place.
fn at(mut stop: Stop, at: u64) -> Stop {
    stop.trouble.offset = Some(at);
    stop
}
