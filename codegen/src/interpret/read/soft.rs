//! Findings: soft rules, and what was kept although the spec says otherwise. A field's own come before those of what it holds.

use super::due::{About, shown};
use super::{MOST_FINDINGS, Reader};
use crate::interpret::eval::{Env, Frame};
use crate::interpret::state::State;
use crate::interpret::trace::Aspect;
use crate::interpret::tree::{Node, Record, Value};
use crate::interpret::trouble::Trouble;
use crate::model::{Bits, Class, Content, Field, PartKind, Pin, Role, Rule, Struct};
use std::cell::RefCell;

impl<'m> Reader<'m> {
    /// The findings of a whole struct: `marks` say where those of what each field holds begin.
    pub(super) fn soft(
        &mut self,
        frame: Frame<'_>,
        s: &'m Struct,
        record: &Record,
        (marks, before): (&[usize], Option<State>),
    ) {
        let Some(first) = marks.first() else { return };
        let state = before.map(RefCell::new);
        let mut nested = self.findings.split_off(*first).into_iter();
        let ends = marks.iter().skip(1).copied().chain([first.saturating_add(nested.len())]);
        for (i, ((field, node), end)) in s.fields.iter().zip(&record.fields).zip(ends).enumerate() {
            let own = self.of_field(frame, (field, node), record, state.as_ref());
            for finding in own {
                self.note(finding);
            }
            let count = end.saturating_sub(marks.get(i).copied().unwrap_or(end));
            for finding in nested.by_ref().take(count) {
                self.note(finding);
            }
        }
    }

    /// The findings of parts of an integer.
    pub(super) fn soft_parts(&mut self, frame: Frame<'_>, bits: &'m Bits, record: &Record) {
        for (part, node) in bits.parts.iter().zip(&record.fields) {
            let env = self.env(frame, record);
            let mut out = self.broken(&env, &part.expect, (&part.name, node, node.at));
            if part.kind == PartKind::ZeroKept {
                self.saw(Aspect::Constant, part, matches!(node.value, Value::Int(0)));
            }
            let kept = part.kind == PartKind::ZeroKept && part.name != "_";
            if kept && !matches!(node.value, Value::Int(0)) {
                let stop = self.stop(node.at, Class::Note, "zero", shown(node));
                out.push(self.finding(*stop.sited(part.site).trouble, &part.name));
            }
            for finding in out {
                self.note(finding);
            }
        }
    }

    fn note(&mut self, finding: Trouble) {
        if self.findings.len() < MOST_FINDINGS {
            self.findings.push(finding);
        } else {
            self.left_out = self.left_out.saturating_add(1);
        }
    }

    fn of_field(
        &self,
        frame: Frame<'_>,
        of: (&'m Field, &Node),
        record: &Record,
        state: Option<&RefCell<State>>,
    ) -> Vec<Trouble> {
        let (field, node) = of;
        if !node.is_present() {
            return Vec::new();
        }
        let about: About<'_> = Some((&field.name, Some(node)));
        let env = self.env_behind(frame, about, record);
        let env = Env { state: state.unwrap_or(env.state), ..env };
        let mut out = self.broken(&env, &field.expect, (&field.name, node, record.start(node)));
        out.extend(self.refused_copies((field, node), record));
        if let Some(expected) = kept_instead_of(&env, field, node) {
            let stop = self.stop(node.at, Class::Note, expected, "");
            out.push(self.finding(*stop.sited(field.site).trouble, &field.name));
        }
        out
    }

    /// The soft rules of a field or part that do not hold.
    fn broken<'e>(&self, env: &Env<'e>, rules: &'e [Rule], of: (&str, &Node, u64)) -> Vec<Trouble> {
        let (name, node, at) = of;
        let broken = rules.iter().filter(|rule| {
            let held = env.holds(&rule.that);
            // One that cannot be worked out says nothing.
            if let Ok(held) = held {
                self.saw(Aspect::Soft, *rule, held);
            }
            held == Ok(false)
        });
        let finding = |rule: &Rule| {
            let stop = self.stop(at, rule.class, rule.expected.clone(), shown(node));
            self.finding(*stop.sited(rule.site).say(rule.say.as_deref()).trouble, name)
        };
        broken.map(finding).collect()
    }

    /// Copies that are not valid, each with why it is not.
    fn refused_copies(&self, (field, node): (&Field, &Node), record: &Record) -> Vec<Trouble> {
        let refused = record.copies(node).filter_map(|(i, copy)| match &copy.value {
            Value::Refused(_, why) => Some((i, copy.at, why.as_ref())),
            _ => None,
        });
        let finding = |(i, at, why): (usize, u64, &Trouble)| {
            let mut stop = self.stop(at, Class::Note, "a valid copy", "").sited(field.site);
            stop.trouble.say = Some(why.to_string());
            self.finding(*stop.trouble, &format!("{}.copies[{i}]", field.name))
        };
        refused.map(finding).collect()
    }

    fn finding(&self, mut trouble: Trouble, field: &str) -> Trouble {
        trouble.path = self.path_to(field);
        trouble
    }
}

/// What the spec asks for, where something else was kept.
fn kept_instead_of(env: &Env<'_>, field: &Field, node: &Node) -> Option<String> {
    match (&field.role, &field.content, &node.value) {
        (Role::ImpliedKept, Content::Magic(bytes), Value::Bytes(found)) if found != bytes => {
            Some(format!("\"{}\"", bytes.escape_ascii()))
        }
        (Role::ImpliedKept, _, Value::Zeros(Some(_))) => Some("zeros".to_owned()),
        (Role::Pinned(pin @ Pin { kept: true, .. }), ..) => {
            let found = crate::interpret::datum::Datum::of(node, Some(field));
            let pinned = env.eval(&pin.value).ok()?;
            (!pinned.same(&found)).then(|| pin.value.text.clone())
        }
        _ => None,
    }
}
