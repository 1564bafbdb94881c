//! Copies: each is read by itself, and then the one that counts once more, in the field's own place of the path.

use super::{Reader, Result, Step, Stop};
use crate::interpret::datum::Datum;
use crate::interpret::eval::{Frame, Uncomputed};
use crate::interpret::trace::Aspect;
use crate::interpret::tree::{Node, Record, Value, What};
use crate::interpret::trouble::Trouble;
use crate::model::{Class, Content, Copies, Field, FieldId, Policy, TypeId};

/// A field with copies, while it is read.
#[derive(Clone, Copy)]
struct Of<'m, 'f> {
    frame: Frame<'f>,
    id: FieldId,
    field: &'m Field,
    copies: &'m Copies,
    /// The type of a copy.
    ty: TypeId,
    /// Where the first copy starts.
    first: u64,
}

/// The bytes of a copy, with their place.
type Placed = (u64, Vec<u8>);

/// A copy: its bytes, and where it is valid its value and how new it is.
struct Copy {
    at: u64,
    bytes: Vec<u8>,
    read: Result<(Value, i128)>,
}

/// What was read of all copies.
struct Found {
    /// Where the one that counts starts.
    at: u64,
    value: Value,
    /// The others, and what lies between them.
    extras: Vec<Node>,
    result: Result<()>,
}

impl<'m> Reader<'m> {
    /// Reads all copies of a field. The one that counts becomes the value of the struct's last node, the others its extras.
    pub(super) fn copies(
        &mut self,
        frame: Frame<'_>,
        (id, field, copies): (FieldId, &'m Field, &'m Copies),
        record: &mut Record,
    ) -> Result<()> {
        let Content::Type { id: ty, args } = &field.content else { return Ok(()) };
        let of = Of { frame, id, field, copies, ty: *ty, first: self.position };
        let args = self.env(frame, record).arguments(*ty, args).map_err(|e| self.uncomputed(e)(Uncomputed))?;
        let found = self.all_copies(of, &args)?;
        if let Some(node) = record.fields.last_mut() {
            (node.at, node.len, node.value) = (found.at, copies.size, found.value);
        }
        record.extras.extend(found.extras);
        found.result
    }

    fn all_copies(&mut self, of: Of<'m, '_>, args: &[Datum<'_>]) -> Result<Found> {
        let (all, mut extras) = self.laid_out(of)?;
        let end = self.position;
        let all: Vec<Copy> = all.into_iter().enumerate().map(|(i, copy)| self.copy(of, i, copy, args)).collect();
        let chosen = self.choose(of, &all)?;
        let Some(current) = chosen.or(self.mended.is_some().then_some(0)) else { return Err(self.none_valid(all)) };
        let at = all.get(current).map_or(of.first, |copy| copy.at);
        let (value, result) = match self.value_at(of, at, args) {
            Ok(value) => (value, Ok(())),
            Err(mut stop) => (stop.partial.take().unwrap_or(Value::Absent), Err(stop)),
        };
        extras.extend(others(of, current, all));
        // As they lie, which is the order that a writer goes over them.
        extras.sort_by_key(|extra| extra.at);
        self.position = end;
        Ok(Found { at, value, extras, result })
    }

    /// The bytes of all copies, with their places, and what lies between them.
    fn laid_out(&mut self, of: Of<'m, '_>) -> Result<(Vec<Placed>, Vec<Node>)> {
        let (mut all, mut gaps) = (Vec::new(), Vec::new());
        for (i, place) in of.copies.places().enumerate() {
            let (here, at) = (self.position, of.first.saturating_add(place));
            let n = at.saturating_sub(here);
            let value = if of.copies.gap == Policy::Keep { self.zeros_kept(n, None)? } else { self.zeros(n)? };
            if n > 0 {
                gaps.push(Node { what: What::CopyGap(of.frame.ty, of.id, i), at: here, len: n, value });
            }
            let bytes = self.within_copy(i, |reader| reader.take(of.copies.size))?;
            all.push((at, bytes));
        }
        Ok((all, gaps))
    }

    fn within_copy<T>(&mut self, index: usize, read: impl FnOnce(&mut Self) -> Result<T>) -> Result<T> {
        self.within(Step::Field("copies"), |reader| reader.within(Step::Element(index), read))
    }

    /// A copy by itself: nothing is mended in it, and its findings do not count.
    fn copy(&mut self, of: Of<'m, '_>, index: usize, (at, bytes): Placed, args: &[Datum<'_>]) -> Copy {
        let (mended, findings) = (self.mended.take(), std::mem::take(&mut self.findings));
        let left_out = self.left_out;
        let read = self.within_copy(index, |reader| {
            let value = reader.value_at(of, at, args)?;
            let new = reader.newness(of, &value, at)?;
            Ok((value, new))
        });
        (self.mended, self.findings, self.left_out) = (mended, findings, left_out);
        self.saw(Aspect::Copy, of.field, read.is_ok());
        Copy { at, bytes, read }
    }

    /// A copy as a window of its own.
    fn value_at(&mut self, of: Of<'m, '_>, at: u64, args: &[Datum<'_>]) -> Result<Value> {
        let (outer, outside) = (self.limit, self.position);
        self.position = at;
        self.limit = Some(at.saturating_add(of.copies.size));
        let result = self.value_of(of.ty, args, of.frame.big);
        (self.limit, self.position) = (outer, outside);
        result
    }

    /// How new a copy is.
    fn newness(&self, of: Of<'m, '_>, value: &Value, at: u64) -> Result<i128> {
        let Some(newest) = &of.copies.newest else { return Ok(0) };
        let node = Node { what: What::Field(of.frame.ty, of.id), at, len: of.copies.size, value: value.clone() };
        let (it, blank) = (Datum::of(&node, Some(of.field)), Record::default());
        let n = self.env(of.frame, &blank).with_it(&it).eval(newest).ok().and_then(|n| n.number());
        n.ok_or_else(|| self.stop(at, Class::Invalid, "how new the copy is", ""))
    }

    /// Which copy counts. Without `newest` the first valid one; else the newest, and those that are as new are the same.
    fn choose(&self, of: Of<'m, '_>, all: &[Copy]) -> Result<Option<usize>> {
        let valid = || all.iter().enumerate().filter_map(|(i, copy)| Some((i, copy, copy.read.as_ref().ok()?.1)));
        let Some(most) = valid().map(|(.., new)| new).max() else { return Ok(None) };
        let Some((chosen, first, _)) = valid().find(|(.., new)| *new == most) else { return Ok(None) };
        let other = valid().find(|(_, copy, new)| *new == most && copy.bytes != first.bytes);
        let other = other.filter(|_| of.copies.newest.is_some());
        self.saw(Aspect::Newest, of.field, other.is_none());
        let Some((i, copy, _)) = other else { return Ok(Some(chosen)) };
        let expected = format!("the same bytes as copy {chosen}, which is as new");
        let mut stop = self.stop(copy.at, Class::Invalid, expected, "");
        stop.trouble.path = format!("{}.copies[{i}]", stop.trouble.path);
        Err(stop)
    }

    /// What is wrong where no copy is valid: what is wrong with the first. Its class is kept where all have it.
    fn none_valid(&self, all: Vec<Copy>) -> Stop {
        let count = all.len();
        let troubles: Vec<Box<Trouble>> = all.into_iter().filter_map(|copy| Some(copy.read.err()?.trouble)).collect();
        let same = troubles.windows(2).all(|pair| matches!(pair, [a, b] if a.class == b.class));
        let Some(mut first) = troubles.into_iter().next() else {
            return self.stop(self.position, Class::Invalid, "a valid copy", "");
        };
        first.class = if same { first.class } else { Class::Invalid };
        first.expected = format!("one of {count} copies to be valid: {}", first.expected);
        Stop { trouble: first, partial: None }
    }
}

/// What stands in the places of the copies that do not count.
fn others(of: Of<'_, '_>, current: usize, all: Vec<Copy>) -> Vec<Node> {
    let own = all.get(current).map(|copy| copy.bytes.clone()).unwrap_or_default();
    let other = |(i, copy): (usize, Copy)| {
        let value = match copy.read {
            Ok(_) if copy.bytes == own => Value::Same,
            Ok((value, _)) => value,
            Err(stop) => Value::Refused(copy.bytes, stop.trouble),
        };
        Node { what: What::Copy(of.frame.ty, of.id, i), at: copy.at, len: of.copies.size, value }
    };
    all.into_iter().enumerate().filter(|(i, _)| *i != current).map(other).collect()
}
