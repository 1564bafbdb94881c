//! What is read aside, while the sequence stays where it is; and the bytes of a place that nothing covers.

use super::{Reader, Result};
use crate::interpret::coverage::Coverage;
use crate::interpret::eval::Frame;
use crate::interpret::trace::Aspect;
use crate::interpret::tree::{Node, Record, Value, What};
use crate::model::{Aside, Class, Content, Extent, Field, FieldId, Length, Policy, Struct};

/// A struct that something is read aside from.
#[derive(Debug)]
pub(super) struct Place {
    /// Absolute offset of its start.
    start: u64,
    /// Absolute offset of the end of the window that it lies in or has; none without one.
    limit: Option<u64>,
    /// What was read aside from it.
    asides: Vec<Range>,
    /// How many bytes that is; of the same range each time.
    taken: u64,
}

/// The bytes of something that was read aside.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Range {
    at: u64,
    len: u64,
    /// Whether nothing else can be the same bytes, as a part of the value stays in the file.
    alone: bool,
}

impl<'m> Reader<'m> {
    /// From here on a struct is a place. Gives its index.
    pub(super) fn open_place(&mut self) -> usize {
        let index = self.places.len();
        self.places.push(Place { start: self.position, limit: self.limit, asides: Vec::new(), taken: 0 });
        index
    }

    /// The window that a place has of its own is known.
    pub(super) fn limit_place(&mut self, index: usize) {
        let limit = self.limit;
        if let Some(place) = self.places.get_mut(index) {
            place.limit = limit;
        }
    }

    /// A field that is read aside, as the struct's last node. What takes no bytes may lie anywhere.
    pub(super) fn aside(
        &mut self,
        frame: Frame<'_>,
        of: (FieldId, &'m Field),
        aside: &'m Aside,
        record: &mut Record,
    ) -> Result<()> {
        let offset = self.size_of(frame, of, &aside.offset, record)?;
        let len = self.extent(frame, of, record)?;
        let index = frame.place_of(aside);
        let (here, limit) = (self.position, self.limit);
        let at = self.places.get(index).map_or(0, |place| place.start).saturating_add(offset);
        self.position = at;
        if len > 0 {
            self.enter_aside(index, (here, len), of.1)?;
        }
        self.position = here;
        self.check_range(frame, of, record)?;
        self.position = at;
        self.limit = Some(self.position.saturating_add(len));
        let result = self.placed(frame, of, record);
        if result.is_ok() {
            (self.position, self.limit) = (here, limit);
        }
        result
    }

    /// Whether there is room where a field points; the sequence has come to `here`.
    fn enter_aside(&mut self, index: usize, (here, len): (u64, u64), field: &Field) -> Result<()> {
        let (at, size) = (self.position, self.bytes.size());
        let Some(place) = self.places.get(index) else { return Ok(()) };
        self.saw(Aspect::Placed, field, at >= here);
        if at < here {
            let expected = format!("an offset at or after {here:#x}");
            return Err(self.stop(at, Class::Invalid, expected, format!("{at:#x}")));
        }
        let max = field.window.as_ref().and_then(|window| window.max).or(field.max);
        self.saw_max(field, len, max);
        self.check_max(len, max)?;
        let end = place.limit.unwrap_or(size);
        let left = end.saturating_sub(at);
        if len > left {
            let class = if place.limit.is_some() { Class::Invalid } else { Class::Truncated };
            return Err(self.stop(at, class, format!("{len} bytes"), left.to_string()));
        }
        let taken = place.taken.saturating_add(len);
        self.check_taken(taken, end.saturating_sub(place.start), at)?;
        if let Some(place) = self.places.get_mut(index) {
            place.taken = taken;
            place.asides.push(Range { at, len, alone: field.is_alone(self.format) });
        }
        Ok(())
    }

    /// All that is read aside from a place is no more than the place has.
    fn check_taken(&self, taken: u64, most: u64, at: u64) -> Result<()> {
        if taken <= most {
            return Ok(());
        }
        Err(self.stop(at, Class::Limit, format!("at most {most} bytes aside"), taken.to_string()))
    }

    /// How much of its window a range takes is worked out before that is gone to.
    fn check_range(&self, frame: Frame<'_>, of: (FieldId, &'m Field), record: &Record) -> Result<()> {
        let length = match &of.1.content {
            Content::Lazy(list) => &list.count,
            Content::Blob(Length::Expr(length)) => length,
            _ => return Ok(()),
        };
        self.size_of(frame, of, length, record).map(|_| ())
    }

    /// How many bytes a field takes that is read aside.
    fn extent(&self, frame: Frame<'_>, of: (FieldId, &'m Field), record: &Record) -> Result<u64> {
        Ok(match of.1.extent(self.format) {
            Some(Extent::Const(n)) => n,
            Some(Extent::Expr(e)) => self.size_of(frame, of, e, record)?,
            Some(Extent::Elements(e, step)) => self.size_of(frame, of, e, record)?.saturating_mul(step),
            None => self.rest(),
        })
    }

    /// The sequence of a place is through: nothing lies in the way of anything else, and the bytes between are its slack.
    pub(super) fn close_place(&mut self, frame: Frame<'_>, s: &Struct, record: &mut Record) -> Result<()> {
        let Some(mut place) = self.places.pop() else { return Ok(()) };
        place.asides.sort_unstable();
        let start = self.position;
        let covered = self.cover(start, &place.asides);
        self.saw(Aspect::Placed, s, covered.is_ok());
        let covered = covered?;
        let last = place.asides.iter().map(Range::end).fold(start, u64::max);
        let policy = s.window.as_ref().map_or(s.slack, |window| window.slack);
        let open = s.window.is_none() && policy == Policy::None;
        let end = if open { last } else { last.max(self.limit.unwrap_or_else(|| self.bytes.size())) };
        let (what, left) = (What::OwnSlack(frame.ty), covered.left(start, end));
        let value = match policy {
            Policy::None => return self.used_up((&place, last, end), &left),
            // Those behind everything are told from those between by being the last, also where there are none.
            Policy::Zero if last == end => self.pieces(policy, &[left.as_slice(), &[(end, 0)]].concat())?,
            Policy::Zero | Policy::Keep => self.pieces(policy, &left)?,
        };
        let len = left.iter().fold(0, |sum, (_, len)| u64::saturating_add(sum, *len));
        let at = left.first().map_or(last, |(at, _)| *at);
        record.extras.push(Node { what, at, len, value });
        self.position = end;
        self.check_taken(place.taken, end.saturating_sub(place.start), place.start)
    }

    /// Nothing is left between what is read aside, nor, in a window, behind it.
    fn used_up(&mut self, (place, last, end): (&Place, u64, u64), left: &[(u64, u64)]) -> Result<()> {
        if let Some((at, len)) = left.first().filter(|(at, _)| *at < last) {
            return Err(self.stop(*at, Class::Invalid, "no bytes between what lies aside", len.to_string()));
        }
        self.position = last;
        self.check_taken(place.taken, last.saturating_sub(place.start), place.start)?;
        if last < end {
            let over = end.saturating_sub(last);
            return Err(self.stop(last, Class::Invalid, "a window that is used up", over.to_string()));
        }
        Ok(())
    }

    /// The bytes that are read aside. They lie behind the sequence, and apart from each other or on the same bytes.
    fn cover(&self, start: u64, sorted: &[Range]) -> Result<Coverage> {
        let mut covered = Coverage::default();
        let mut before: Option<Range> = None;
        for range in sorted {
            let twice = before.filter(|before| (before.at, before.len) == (range.at, range.len));
            let free = match twice {
                Some(before) => !before.alone && !range.alone,
                None => covered.take(range.at, range.len),
            };
            if range.at < start || !free {
                let expected = "bytes that nothing else takes";
                return Err(self.stop(range.at, Class::Invalid, expected, ""));
            }
            before = Some(*range);
        }
        Ok(covered)
    }

    /// What nothing covers, a node for each range.
    fn pieces(&mut self, policy: Policy, left: &[(u64, u64)]) -> Result<Value> {
        let mut all = Vec::new();
        for (i, (at, len)) in left.iter().enumerate() {
            self.position = *at;
            let value = if policy == Policy::Keep { self.blob(*len)? } else { self.zeros(*len)? };
            all.push(Node { what: What::Element(i), at: *at, len: *len, value });
        }
        Ok(Value::List(all))
    }
}

impl Range {
    fn end(&self) -> u64 {
        self.at.saturating_add(self.len)
    }
}
