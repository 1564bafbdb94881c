//! Lists: how many elements, when they end, what all of them together must be.

use super::{Reader, Result, Step, Stop};
use crate::interpret::datum::Datum;
use crate::interpret::eval::{Env, Frame, total_text};
use crate::interpret::trace::Aspect;
use crate::interpret::tree::{Node, Packed, Record, Value, What};
use crate::model::{Class, Content, Expr, ExprKind, Field, FieldId, Function, Repeat, Root, Scalar, Until};

/// A list of elements of variable size that must take more than so many bytes is held against the input at once.
const FAR: u64 = 1 << 20;

pub(super) type Of<'m> = (FieldId, &'m Field, &'m Repeat);

/// Running sums and counts over the list that is being read: their texts, what they sum up, how much that is.
type Totals<'m> = Vec<(Function, &'m Expr, i128)>;

impl<'m> Reader<'m> {
    /// Reads a list into the struct's last node.
    pub(super) fn list(&mut self, frame: Frame<'_>, of: Of<'m>, record: &mut Record) -> Result<()> {
        let (_, field, repeat) = of;
        let start = self.position;
        if let Some(node) = record.fields.last_mut() {
            node.value = Value::List(Vec::new());
        }
        if self.sparse.is_some_and(|(ty, _)| ty == frame.ty) {
            return self.sparsely(frame, of, record);
        }
        match &repeat.until {
            Until::Count(n) => self.counted(frame, of, n, record)?,
            Until::Rest => self.up_to_the_end(frame, of, record)?,
            Until::Until(condition) => self.until(frame, of, condition, record)?,
            Until::While(condition) => self.while_(frame, of, condition, record)?,
        }
        self.list_rules(frame, (field, repeat, start), record)
    }

    fn counted(&mut self, frame: Frame<'_>, of: Of<'m>, n: &'m Expr, record: &mut Record) -> Result<()> {
        let (id, field, _) = of;
        let count = self.size_of(frame, (id, field), n, record)?;
        self.check_count(frame, of, (count, self.position), record)?;
        let least = self.least(field);
        let total = count.saturating_mul(least.0);
        // Elements of variable size are refused where the list is cut off, unless it is far too long.
        if least.1 || total > FAR || self.limit.is_some() && total > self.rest() {
            self.check_room(total)?;
        }
        if let Content::Scalar(scalar @ (Scalar::UInt(_) | Scalar::Int(_))) = field.content {
            return self.packed(frame, scalar, total, record);
        }
        for i in 0..count {
            self.element(frame, of, usize::try_from(i).unwrap_or(usize::MAX), record)?;
        }
        Ok(())
    }

    /// The least size of an element, and whether that is the size of each.
    fn least(&self, field: &Field) -> (u64, bool) {
        let size = crate::resolve::content_size(self.format, &field.content);
        (size.least().max(1), size.fixed().is_some())
    }

    fn packed(&mut self, frame: Frame<'_>, scalar: Scalar, total: u64, record: &mut Record) -> Result<()> {
        let bytes = self.take(total)?;
        if let Some(node) = record.fields.last_mut() {
            node.value = Value::Packed(Packed { scalar, big: frame.big, bytes });
        }
        Ok(())
    }

    fn up_to_the_end(&mut self, frame: Frame<'_>, of: Of<'m>, record: &mut Record) -> Result<()> {
        let start = self.position;
        let mut count = 0;
        while self.rest() > 0 {
            self.element(frame, of, count, record)?;
            count = count.saturating_add(1);
            self.check_count(frame, of, (u64::try_from(count).unwrap_or(u64::MAX), start), record)?;
        }
        Ok(())
    }

    fn until(&mut self, frame: Frame<'_>, of: Of<'m>, condition: &'m Expr, record: &mut Record) -> Result<()> {
        let (start, mut totals) = (self.position, totals_in(condition, of.0));
        for count in 1_usize.. {
            self.element(frame, of, count.saturating_sub(1), record)?;
            self.add_up(frame, of.0, &mut totals, record);
            let last = self.ends(frame, of, (condition, &totals), record)?;
            self.check_count(frame, of, (u64::try_from(count).unwrap_or(u64::MAX), start), record)?;
            if last {
                break;
            }
        }
        Ok(())
    }

    fn while_(&mut self, frame: Frame<'_>, of: Of<'m>, condition: &'m Expr, record: &mut Record) -> Result<()> {
        let (start, mut totals) = (self.position, totals_in(condition, of.0));
        let mut count = 0_usize;
        while self.ends(frame, of, (condition, &totals), record)? {
            self.element(frame, of, count, record)?;
            count = count.saturating_add(1);
            self.add_up(frame, of.0, &mut totals, record);
            self.check_count(frame, of, (u64::try_from(count).unwrap_or(u64::MAX), start), record)?;
        }
        Ok(())
    }

    /// The condition of `until` or `while`; the last element, if there is one, is `it`.
    fn ends(&self, frame: Frame<'_>, of: Of<'m>, what: (&'m Expr, &Totals<'m>), record: &Record) -> Result<bool> {
        let (condition, totals) = what;
        let totals: Vec<_> = totals.iter().map(|(f, e, n)| (total_text(*f, e), *n)).collect();
        let last = elements(record).and_then(<[Node]>::last).map(|node| Datum::of(node, Some(of.1)));
        let env = Env { it: last.as_ref(), totals: &totals, ..self.env(frame, record) };
        let held = env.holds(condition).map_err(self.uncomputed(condition))?;
        let until = matches!(of.2.until, Until::Until(_));
        self.saw(Aspect::GoesOn, of.1, held != until);
        Ok(held)
    }

    /// Adds the last element to each total.
    fn add_up(&self, frame: Frame<'_>, list: FieldId, totals: &mut Totals<'m>, record: &Record) {
        let Some(added) = elements(record).and_then(<[Node]>::last) else { return };
        // The total of a list of one element is what that element adds.
        let mut alone = Record::default();
        let what = What::Field(frame.ty, list);
        let value = Value::List(vec![added.clone()]);
        let absent = |i| Node::absent(What::Field(frame.ty, FieldId(i)), 0);
        alone.fields.extend((0..list.0).map(absent));
        alone.fields.push(Node { what, at: added.at, len: added.len, value });
        let env = self.env(frame, &alone);
        for (function, of, total) in totals {
            let Ok(value) = env.eval(of) else { continue };
            let one = match function {
                Function::Sum => value.elements().filter_map(|it| it.number()).fold(0, i128::saturating_add),
                _ => i128::try_from(value.count()).unwrap_or(i128::MAX),
            };
            *total = total.saturating_add(one);
        }
    }

    /// One more element. What was read of one that is refused is kept.
    fn element(&mut self, frame: Frame<'_>, of: Of<'m>, index: usize, record: &mut Record) -> Result<()> {
        let (_, field, _) = of;
        self.count(1)?;
        let at = self.position;
        let number = u64::try_from(index).unwrap_or(u64::MAX);
        let read =
            self.within(Step::Element(index), |reader| reader.content(frame, (field, &field.content), record, number));
        let (value, result) = match read {
            Ok(value) => (Some(value), Ok(())),
            Err(mut stop) => (stop.partial.take(), Err(stop)),
        };
        let node =
            value.map(|value| Node { what: What::Element(index), at, len: self.position.saturating_sub(at), value });
        if let Some(Node { value: Value::List(all), .. }) = record.fields.last_mut() {
            all.extend(node);
        }
        result
    }

    pub(super) fn check_count(&self, frame: Frame<'_>, of: Of<'m>, what: (u64, u64), record: &Record) -> Result<()> {
        let ((_, field, repeat), (count, start)) = (of, what);
        let Some(max) = &repeat.max_count else { return Ok(()) };
        let most = self.env(frame, record).size(max).map_err(self.uncomputed(max))?;
        self.saw(Aspect::MaxCount, field, count <= most);
        if count <= most {
            return Ok(());
        }
        let class = field.class.unwrap_or(Class::Limit);
        Err(self.stop(start, class, format!("at most {} elements", max.text), count.to_string()).sited(field.site))
    }

    /// `unique` and `disjoint`.
    fn list_rules(&self, frame: Frame<'_>, of: (&Field, &'m Repeat, u64), record: &Record) -> Result<()> {
        let (field, repeat, start) = of;
        let env = self.env(frame, record);
        let Some(node) = record.fields.last() else { return Ok(()) };
        let all: Vec<_> = match (repeat.unique.is_empty(), &repeat.disjoint) {
            (true, None) => return Ok(()),
            _ => Datum::of(node, Some(field)).elements().collect(),
        };
        let broken = |expected: String| -> Stop {
            let class = field.class.unwrap_or(Class::Invalid);
            self.stop(start, class, expected, "").sited(field.site).say(field.say.as_deref())
        };
        let unique = repeat.unique.is_empty() || are_unique(&env, &repeat.unique, &all);
        self.saw(Aspect::Unique, field, unique);
        if !unique {
            let texts: Vec<_> = repeat.unique.iter().map(|e| format!("`{}`", e.text)).collect();
            return Err(broken(format!("elements that differ in {}", texts.join(" or "))));
        }
        let disjoint = repeat.disjoint.as_ref().is_none_or(|of| are_disjoint(&env, of, &all));
        self.saw(Aspect::Disjoint, field, disjoint);
        if disjoint { Ok(()) } else { Err(broken("elements that do not overlap".to_owned())) }
    }
}

/// The elements of the list that is being read: the struct's last node.
fn elements(record: &Record) -> Option<&[Node]> {
    match &record.fields.last()?.value {
        Value::List(all) => Some(all),
        _ => None,
    }
}

/// The sums and counts over a list that a condition names.
fn totals_in(condition: &Expr, list: FieldId) -> Totals<'_> {
    let mut out: Totals<'_> = Vec::new();
    crate::resolve::walk(condition, &mut |e| {
        if let ExprKind::Call(function @ (Function::Sum | Function::Count), of) = &e.kind
            && let ExprKind::Place(place) = &of.kind
            && place.root == Root::Field(list)
        {
            out.push((*function, of, 0));
        }
    });
    out
}

fn are_unique(env: &Env<'_>, keys: &[Expr], all: &[Datum<'_>]) -> bool {
    let mut seen: Vec<Vec<String>> = all
        .iter()
        .map(|it| {
            keys.iter().map(|e| env.with_it(it).eval(e).map_or_else(|_| String::new(), |key| sortable(&key))).collect()
        })
        .collect();
    seen.sort_unstable();
    seen.windows(2).all(|pair| pair.first() != pair.last())
}

/// A key as text, the same for the same values only.
fn sortable(key: &Datum<'_>) -> String {
    key.number().map_or_else(|| format!("{:?}", key.detached()), |n| n.to_string())
}

fn are_disjoint(env: &Env<'_>, (start, size): &(Expr, Expr), all: &[Datum<'_>]) -> bool {
    let range = |it: &Datum<'_>| {
        let env = env.with_it(it);
        Some((env.int(start).ok()?, env.int(size).ok()?))
    };
    let mut ranges: Vec<_> = all.iter().filter_map(range).filter(|(_, size)| *size > 0).collect();
    ranges.sort_unstable();
    ranges.windows(2).all(|pair| match pair {
        [(start, size), (next, _)] => start.checked_add(*size).is_some_and(|end| end <= *next),
        _ => true,
    })
}
