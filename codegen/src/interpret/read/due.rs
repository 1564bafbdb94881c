//! What is looked at once a field is there: pins, rules, state.

use super::known::number;
use super::{Reader, Result, Stop};
use crate::interpret::checksum;
use crate::interpret::datum::{Datum, guid_text};
use crate::interpret::eval::{Env, Frame, checksum_in};
use crate::interpret::remember::{self, Forgotten, Why};
use crate::interpret::trace::{Aspect, identity};
use crate::interpret::tree::{Node, Record, Value};
use crate::model::{
    Class, Content, ExprKind, Field, FieldId, Key, Pin, PinKind, Range, Remember, Role, Rule, Scalar, Struct,
};

/// What a rule is about: a field's name and node; nothing for a type.
pub(super) type About<'a> = Option<(&'a str, Option<&'a Node>)>;

impl<'m> Reader<'m> {
    /// Everything that is due once a field is there.
    pub(super) fn due(&mut self, frame: Frame<'_>, s: &'m Struct, id: FieldId, record: &mut Record) -> Result<()> {
        for (i, field) in s.fields.iter().enumerate() {
            match &field.role {
                Role::Pinned(pin) if pin_due(FieldId(i), pin) == Some(id) => {
                    let id = FieldId(i);
                    let same = self.check_pin(frame, (id, field, pin), record)?;
                    record.as_pinned.extend((pin.kept && same).then_some(id));
                }
                _ => {}
            }
        }
        self.valid(frame, s, id, record)?;
        self.require(frame, s, id, record)?;
        self.remember(frame, s, id, record)
    }

    fn valid(&self, frame: Frame<'_>, s: &'m Struct, after: FieldId, record: &Record) -> Result<()> {
        for (field, node) in s.fields.iter().zip(&record.fields) {
            if !node.is_present() {
                continue;
            }
            for rule in field.valid.iter().filter(|rule| rule.after == after) {
                self.check_rule(frame, rule, (Some((&field.name, Some(node))), record.start(node)), record)?;
            }
        }
        Ok(())
    }

    /// Rules over a whole type that can be looked at once a field is there.
    pub(super) fn require(&self, frame: Frame<'_>, s: &'m Struct, after: FieldId, record: &Record) -> Result<()> {
        let mut due = s.require.iter().filter(|rule| rule.after == after || s.fields.is_empty());
        due.try_for_each(|rule| self.check_rule(frame, rule, (None, frame.base), record))
    }

    /// A hard rule; one that cannot be worked out is broken.
    pub(super) fn check_rule(
        &self,
        frame: Frame<'_>,
        rule: &'m Rule,
        of: (About<'_>, u64),
        record: &Record,
    ) -> Result<()> {
        let (about, at) = of;
        let env = self.env_behind(frame, about, record);
        let held = env.holds(&rule.that) == Ok(true);
        self.saw(Aspect::Rule, rule, held);
        if held {
            return Ok(());
        }
        let found = about.and_then(|(_, node)| node).map_or_else(String::new, shown);
        let mut stop =
            self.stop(at, rule.class, rule.expected.clone(), found).sited(rule.site).say(rule.say.as_deref());
        stop.trouble.path = self.path_to(about.map_or(rule.label.as_deref().unwrap_or(""), |(name, _)| name));
        Err(stop)
    }

    /// In a rule about a field, `rest` is what is left behind that field.
    pub(super) fn env_behind<'e>(&self, frame: Frame<'e>, about: About<'_>, record: &'e Record) -> Env<'e>
    where
        'm: 'e,
    {
        let env = self.env(frame, record);
        let end = about.and_then(|(_, node)| node).map(|node| record.end(node));
        let more = end.map_or(0, |end| self.position.saturating_sub(end));
        Env { rest: env.rest.map(|rest| rest.saturating_add(more)), ..env }
    }

    fn check_pin(&mut self, frame: Frame<'_>, of: (FieldId, &'m Field, &'m Pin), record: &Record) -> Result<bool> {
        let (id, field, pin) = of;
        let Some(node) = record.fields.get(id.0).filter(|node| node.is_present()) else { return Ok(false) };
        let sum = self.sum_over_field(pin, record)?;
        let env = Env { checksum: sum, ..self.env(frame, record) };
        let compared = self.compare_pin(&env, (field, pin, node), node.at);
        self.or_mend(compared)
    }

    /// The found value against the pinned one. One that is kept may be another, but the pin must have a value.
    fn compare_pin(&self, env: &Env<'_>, of: (&Field, &'m Pin, &Node), at: u64) -> Result<bool> {
        let (field, pin, node) = of;
        let pinned = env.eval(&pin.value).ok().filter(|value| fits(value, field, self));
        let same = pinned.as_ref().is_some_and(|pinned| pinned.same(&Datum::of(node, Some(field))));
        self.saw(Aspect::Pin, field, same);
        if same || pin.kept && pinned.is_some() {
            return Ok(same);
        }
        let plain = matches!(pin.value.kind, ExprKind::Int(_) | ExprKind::EnumValue(..) | ExprKind::Bool(_));
        let expected = if plain { pin.value.text.clone() } else { format!("`{}`", pin.value.text) };
        let class = field.class.unwrap_or(Class::Invalid);
        let mut stop = self.stop(at, class, expected, shown(node)).sited(field.site).say(field.say.as_deref());
        stop.trouble.path = self.path_to(&field.name);
        Err(stop)
    }

    fn sum_over_field(&self, pin: &Pin, record: &Record) -> Result<u64> {
        let Some((kind, Some(over), _)) = checksum_in(&pin.value) else { return Ok(0) };
        let Some(node) = record.fields.get(over.0) else { return Ok(0) };
        self.sum(kind, (node.at, record.with_slack(node)), None)
    }

    fn sum(&self, kind: crate::model::Checksum, range: (u64, u64), except: Option<(u64, u64)>) -> Result<u64> {
        checksum::over(kind, self.bytes, range, except).map_err(|e| {
            let mut stop = self.stop(range.0, Class::Truncated, "more input", "");
            stop.trouble.io = Some(e.to_string());
            stop
        })
    }

    /// Checksums over a whole value, once all of it is there.
    pub(super) fn whole_checksums(&mut self, frame: Frame<'_>, s: &'m Struct, record: &mut Record) -> Result<()> {
        for (i, field) in s.fields.iter().enumerate() {
            let (Role::Pinned(pin), Some(node)) = (&field.role, record.fields.get(i)) else { continue };
            let Some((kind, None, except)) = checksum_in(&pin.value) else { continue };
            let without = except.and_then(|id| record.fields.get(id.0)).map(|node| (node.at, node.len));
            let len = self.position.saturating_sub(frame.base);
            let sum = self.sum(kind, (frame.base, len), without)?;
            let env = Env { checksum: sum, ..self.env(frame, record) };
            let one_block = self.format.ty(frame.ty).size.fixed().is_some();
            let at = if one_block { node.at } else { frame.base };
            let compared = self.compare_pin(&env, (field, pin, node), at);
            let same = self.or_mend(compared)?;
            record.as_pinned.extend((pin.kept && same).then_some(FieldId(i)));
        }
        Ok(())
    }

    /// What a field remembers.
    fn remember(&self, frame: Frame<'_>, s: &'m Struct, id: FieldId, record: &Record) -> Result<()> {
        let (field, Some(node)) = (id.of(&s.fields), record.fields.get(id.0)) else { return Ok(()) };
        let result = remember::field(&self.env(frame, record), field, node);
        if node.is_present() {
            self.saw_remembered(&field.remember, result.as_ref().err());
        }
        result.map_err(|forgotten| self.not_remembered(&forgotten, (&field.name, node.at)))
    }

    /// What a type remembers.
    pub(super) fn remember_at_end(&self, frame: Frame<'_>, s: &'m Struct, record: &Record) -> Result<()> {
        let result = remember::all(&self.env(frame, record), &s.remember);
        self.saw_remembered(&s.remember, result.as_ref().err());
        result.map_err(|forgotten| self.not_remembered(&forgotten, ("", frame.base)))
    }

    /// All were remembered up to one that could not be.
    fn saw_remembered(&self, all: &[Remember], failed: Option<&Forgotten<'_>>) {
        let failed = failed.map(|forgotten| identity(forgotten.remember));
        let done = all.iter().take_while(|remember| Some(identity(*remember)) != failed);
        done.for_each(|remember| self.saw(Aspect::Remembered, remember, true));
        if let Some(remember) = all.iter().find(|remember| Some(identity(*remember)) == failed) {
            self.saw(Aspect::Remembered, remember, false);
        }
    }

    fn not_remembered(&self, forgotten: &Forgotten<'_>, (field, at): (&str, u64)) -> Stop {
        let (class, expected, found) = match &forgotten.why {
            Why::Unknown(text) => {
                let expected = format!("`{text}` to be known and to fit `{}`", forgotten.remember.text);
                (Class::Invalid, expected, String::new())
            }
            Why::Full(expected, wanted) => (Class::Limit, expected.clone(), number((*wanted).into())),
            Why::Different(expected, key) => (Class::Invalid, expected.clone(), shown_key(key)),
        };
        let mut stop = self.stop(at, class, expected, found).sited(forgotten.remember.site);
        stop.trouble.path = self.path_to(field);
        stop
    }
}

/// The field after which a pin can be looked at; nothing for one over the whole value.
fn pin_due(id: FieldId, pin: &Pin) -> Option<FieldId> {
    let whole = pin.kind == PinKind::Checksum && checksum_in(&pin.value).is_some_and(|(_, over, _)| over.is_none());
    if whole || crate::resolve::names_this(&pin.value) {
        return None;
    }
    crate::resolve::fields_of(&pin.value).into_iter().chain([id]).max()
}

/// Whether a pinned number fits its field.
fn fits(value: &Datum<'_>, field: &Field, reader: &Reader<'_>) -> bool {
    let Content::Scalar(scalar) = field.content else { return true };
    let range = match scalar {
        Scalar::UInt(n) => Range::unsigned(n.saturating_mul(8)),
        Scalar::Int(n) => Range::signed(n.saturating_mul(8)),
        Scalar::Flags(id) => Range::unsigned(reader.format.flags(id).bits),
        _ => return true,
    };
    value.number().is_some_and(|n| range.contains(n))
}

/// A value as errors show it.
pub(super) fn shown(node: &Node) -> String {
    match &node.value {
        Value::Int(n) | Value::Enum(Key::Int(n)) => number(*n),
        Value::Bool(b) => i128::from(*b).to_string(),
        Value::Enum(Key::Bytes(bytes)) | Value::Bytes(bytes) => super::content::shown(bytes),
        Value::Flags(bits) => number((*bits).into()),
        _ => String::new(),
    }
}

/// A key as errors show it.
fn shown_key(key: &Datum<'_>) -> String {
    match key {
        Datum::Bytes(bytes) => super::content::shown(bytes),
        Datum::Enum(Key::Bytes(bytes)) | Datum::Unnamed(Key::Bytes(bytes)) => super::content::shown(bytes),
        Datum::Guid(bytes) => guid_text(bytes, false),
        other => other.number().map(number).unwrap_or_default(),
    }
}
