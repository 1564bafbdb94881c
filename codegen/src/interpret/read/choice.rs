//! Switches and parts of integers.

use super::known::{names, number as shown};
use super::{Reader, Result, Stop};
use crate::interpret::datum::{Datum, turned};
use crate::interpret::eval::Frame;
use crate::interpret::trace::Aspect;
use crate::interpret::tree::{Node, Record, Value, What, number};
use crate::model::{Bits, Case, CaseId, Class, Field, FieldId, Key, Label, Part, PartKind, Rule, Tag, Union};

impl<'m> Reader<'m> {
    /// A switch: the case that the tag, its first argument, chooses.
    pub(super) fn union(&mut self, frame: Frame<'_>, union: &'m Union) -> Result<Value> {
        let none = Record::default();
        let at = self.position;
        if let Some(size) = self.format.ty(frame.ty).size.fixed() {
            self.check_room(size)?;
        }
        for rule in &union.require {
            self.check_rule(frame, rule, (None, at), &none)?;
        }
        let tag = frame.params.first().cloned().unwrap_or(Datum::Absent);
        let chosen = self.chosen(frame, union, &tag);
        self.saw(Aspect::Choice, self.format.ty(frame.ty), chosen.is_some());
        let Some((id, case)) = chosen else {
            let stop = self.stop(at, Class::Unsupported, "a value that has a case", "");
            return Err(stop.sited(self.format.ty(frame.ty).site));
        };
        let Some(body) = &case.body else { return Ok(Value::Case(id, None)) };
        let (inner, result) = self.body(frame, id, body);
        let value = Value::Case(id, Some(Box::new(inner)));
        match result {
            Ok(()) => Ok(value),
            Err(stop) => Err(stop.with(value)),
        }
    }

    /// The body of a case is read as a field is, and adds no step to the path.
    fn body(&mut self, frame: Frame<'_>, id: CaseId, body: &'m Field) -> (Node, Result<()>) {
        let at = self.position;
        let mut record = Record::default();
        let result = self.field(frame, FieldId(0), body, &mut record);
        let value = record.fields.pop().map_or(Value::Absent, |node| node.value);
        let len = self.position.saturating_sub(at);
        (Node { what: What::Case(frame.ty, id), at, len, value }, result)
    }

    /// The first case that the tag fits; one whose condition fails is passed over.
    fn chosen(&self, frame: Frame<'_>, union: &'m Union, tag: &Datum<'_>) -> Option<(CaseId, &'m Case)> {
        let none = Record::default();
        let env = self.env(frame, &none);
        let holds = |case: &'m Case| {
            let held = case.when.as_ref().is_none_or(|that| env.holds(that) == Ok(true));
            self.saw(Aspect::Case, case, held);
            held
        };
        union.tried().find(|(_, case)| self.fits(union.tag, &case.label, tag) && holds(case))
    }

    fn fits(&self, of: Tag, label: &Label, tag: &Datum<'_>) -> bool {
        match (label, tag) {
            (Label::Default, _) => true,
            (Label::Enum(i), Datum::Enum(key)) => match of {
                Tag::Enum(id) => self.format.enum_(id).values.get(*i).is_some_and(|value| value.key == *key),
                _ => false,
            },
            (Label::Bool(wanted), Datum::Bool(b)) => wanted == b,
            (Label::Text(wanted), Datum::Bytes(text)) => wanted.as_bytes() == &**text,
            (Label::TextEnding(wanted), Datum::Bytes(text)) => text.ends_with(format!("/{wanted}").as_bytes()),
            (Label::Guid(wire), Datum::Guid(text)) => {
                *wire == if of == Tag::Guid(true) { turned(*text) } else { *text }
            }
            _ => false,
        }
    }

    /// Parts of an integer, least significant first.
    pub(super) fn bits(&mut self, frame: Frame<'_>, bits: &'m Bits) -> Result<Value> {
        let at = self.position;
        self.count(bits.parts.len())?;
        let big = self.own_order(frame)?;
        let whole = number(&self.take(bits.bytes.into())?, big, false);
        let mut record = Record::default();
        let result = self.parts(frame, (bits, whole, at), &mut record);
        if result.is_ok() {
            self.soft_parts(frame, bits, &record);
        }
        let value = Value::Bits(record.fields);
        result.map_err(|stop| stop.with(value.clone())).map(|()| value.clone())
    }

    fn parts(&mut self, frame: Frame<'_>, of: (&'m Bits, i128, u64), record: &mut Record) -> Result<()> {
        let (bits, whole, at) = of;
        for (i, part) in bits.parts.iter().enumerate() {
            let id = FieldId(i);
            let mask = 1_i128.checked_shl(part.width).unwrap_or(0).saturating_sub(1);
            let cut = whole >> part.shift & mask;
            let value = match part.kind {
                PartKind::UInt | PartKind::Zero | PartKind::ZeroKept => Value::Int(cut),
                PartKind::Bool => Value::Bool(cut != 0),
                PartKind::Enum(_) => Value::Enum(Key::Int(cut)),
            };
            record.fields.push(Node { what: What::Field(frame.ty, id), at, len: bits.bytes.into(), value });
            self.known_part(frame, part, (cut, at), record)?;
            self.rules_of_parts(frame, bits, (id, at), record)?;
        }
        Ok(())
    }

    fn known_part(&self, frame: Frame<'_>, part: &Part, (cut, at): (i128, u64), record: &Record) -> Result<()> {
        let refuse = |class: Class, expected: String, say: Option<&str>| -> Stop {
            let mut stop = self.stop(at, part.class.unwrap_or(class), expected, shown(cut));
            stop.trouble.path = self.path_to(&part.name);
            stop.sited(part.site).say(part.say.as_deref()).say(say)
        };
        match part.kind {
            PartKind::Zero => {
                self.saw(Aspect::Constant, part, cut == 0);
                if cut == 0 { Ok(()) } else { Err(refuse(Class::Invalid, zero_bits(part), None)) }
            }
            PartKind::Enum(id) => {
                let e = self.format.enum_(id);
                let keep = part.unknown.as_ref().unwrap_or(&e.unknown);
                let env = self.env(frame, record);
                let named = self.named(part, (e, None), &Key::Int(cut));
                if named || self.kept(part, &env, keep, &Datum::Int(cut)) {
                    return Ok(());
                }
                Err(refuse(e.class, names(e), e.say.as_deref()))
            }
            _ => Ok(()),
        }
    }

    fn rules_of_parts(&self, frame: Frame<'_>, bits: &'m Bits, of: (FieldId, u64), record: &Record) -> Result<()> {
        let (after, at) = of;
        for part in &bits.parts {
            for rule in part.valid.iter().filter(|rule| rule.after == after) {
                self.check_rule(frame, rule, (Some((&part.name, None)), at), record)?;
            }
        }
        let due = |rule: &&Rule| rule.after == after;
        bits.require.iter().filter(due).try_for_each(|rule| self.check_rule(frame, rule, (None, at), record))
    }
}

fn zero_bits(part: &Part) -> String {
    let last = part.shift.saturating_add(part.width).saturating_sub(1);
    if part.width == 1 { format!("zero bit {}", part.shift) } else { format!("zero bits {} to {last}", part.shift) }
}
