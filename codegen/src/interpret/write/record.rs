//! Structs, parts of integers and cases: one round through their fields.

use super::canvas::sequence;
use super::{Deriver, Result};
use crate::interpret::eval::Frame;
use crate::interpret::remember;
use crate::interpret::tree::{Node, Record, Value, What};
use crate::model::{Body, CaseId, FieldId, PartKind, Policy, Struct};

impl<'m> Deriver<'m> {
    /// A struct, with the state that is for it.
    pub(super) fn record(&mut self, frame: Frame<'_>, record: &mut Record) -> Result<()> {
        let format = self.format;
        let Body::Struct(s) = &format.ty(frame.ty).body else { return Ok(()) };
        let scope = remember::begin(format, frame, self.state);
        let result = self.fields(frame, s, record);
        if let Some(id) = scope {
            self.state.borrow_mut().end(id);
        }
        result
    }

    fn fields(&mut self, frame: Frame<'_>, s: &'m Struct, record: &mut Record) -> Result<()> {
        let big = self.env(frame, record).order(frame.big);
        let big = big.map_err(|e| self.refuse("", format!("`{}`", e.text), self.format.ty(frame.ty).site))?;
        let (mut frame, outer) = (Frame { big, ..frame }, self.limit);
        if s.is_place {
            frame.place = self.open_place();
        }
        self.limit = own_end(frame, s, record).or(outer);
        for (i, field) in s.fields.iter().enumerate() {
            self.path.push(field.name.clone());
            self.field(frame, (FieldId(i), field), record)?;
            self.path.pop();
            if let Some(node) = record.fields.get(i) {
                // What cannot be worked out in this round is not remembered; if that stays so, reading back refuses it.
                let _ = remember::field(&self.env(frame, record), field, node);
            }
        }
        if s.is_place {
            self.close_place(frame, s, record);
        } else {
            self.own_slack(frame, s, record);
        }
        self.limit = outer;
        self.drives(frame, s, record)?;
        self.pins(frame, s, record)?;
        let _ = remember::all(&self.env(frame, record), &s.remember);
        Ok(())
    }

    /// Bytes behind the fields: as many as they were, or what a window of constant size leaves.
    fn own_slack(&mut self, frame: Frame<'_>, s: &Struct, record: &mut Record) {
        let read = self.position.saturating_sub(frame.base);
        let constant = s.window.as_ref().and_then(|window| crate::resolve::constant(&window.size));
        let policy = s.window.as_ref().map_or(s.slack, |window| window.slack);
        let what = What::OwnSlack(frame.ty);
        self.extra(record, what, (constant.map(|n| n.saturating_sub(read)), policy));
    }

    /// A gap or slack: of this length where that is known, and else as long as it was.
    pub(super) fn extra(&mut self, record: &mut Record, what: What, (len, policy): (Option<u64>, Policy)) {
        let known = len.filter(|_| policy == Policy::Zero);
        let found = record.extras.iter().position(|extra| extra.what == what);
        if let (None, Some(n)) = (found, known.filter(|n| *n > 0)) {
            record.extras.push(Node { what, at: self.position, len: n, value: Value::Zeros(None) });
            self.changed = true;
            self.position = self.position.saturating_add(n);
            return;
        }
        let Some(mut extra) = found.map(|i| record.extras.remove(i)) else { return };
        let len = known.unwrap_or_else(|| extra.held_len());
        let at = self.position;
        self.set(&mut extra.at, at);
        self.set(&mut extra.len, len);
        self.position = self.position.saturating_add(len);
        record.extras.push(extra);
    }

    /// Parts of an integer: those that are always zero are made so.
    pub(super) fn bits(&mut self, frame: Frame<'_>, parts: &mut [Node]) {
        let Body::Bits(bits) = &self.format.ty(frame.ty).body else { return };
        for (node, part) in parts.iter_mut().zip(&bits.parts) {
            if part.kind == PartKind::Zero {
                node.value = Value::Int(0);
            }
            let at = self.position;
            self.set(&mut node.at, at);
        }
        self.position = self.position.saturating_add(bits.bytes.into());
    }

    /// The body of a case.
    pub(super) fn case(&mut self, frame: Frame<'_>, id: CaseId, body: Option<&mut Node>) -> Result<()> {
        let Body::Union(union) = &self.format.ty(frame.ty).body else { return Ok(()) };
        let (Some(node), Some(field)) = (body, union.cases.get(id.0).and_then(|case| case.body.as_deref())) else {
            return Ok(());
        };
        let at = self.position;
        let alone = std::mem::replace(node, Node::absent(What::Case(frame.ty, id), at));
        let mut record = Record { fields: vec![alone], ..Record::default() };
        let result = self.present(frame, (FieldId(0), field), &mut record);
        if let Some(back) = record.fields.pop() {
            *node = Node { what: What::Case(frame.ty, id), ..back };
        }
        result
    }
}

/// Where a type's own window ended in the round before.
fn own_end(frame: Frame<'_>, s: &Struct, record: &Record) -> Option<u64> {
    s.window.as_ref()?;
    let slack = record.extras.iter().filter(|extra| matches!(extra.what, What::OwnSlack(_)));
    let len = sequence(frame, s, record).chain(slack).fold(0_u64, |len, node| len.saturating_add(node.len));
    Some(frame.base.saturating_add(len))
}
