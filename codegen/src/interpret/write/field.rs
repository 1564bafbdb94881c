//! One field in a round: its gap, its place, its length.

use super::{Deriver, Result};
use crate::interpret::eval::{Env, Frame, padding};
use crate::interpret::lazy::Lazy;
use crate::interpret::tree::{Blob, Node, Record, Value, What};
use crate::model::{AtFrom, Content, Expr, Field, FieldId, Length, Role, Window};

type Of<'m> = (FieldId, &'m Field);

impl<'m> Deriver<'m> {
    /// A field: what is not in the value is there when its condition holds, all else when the value has it.
    pub(super) fn field(&mut self, frame: Frame<'_>, of: Of<'m>, record: &mut Record) -> Result<()> {
        let (id, field) = of;
        if let Some(presence) = &field.presence
            && !field.is_held()
            && !field.is_driven()
        {
            let there = self.env(frame, record).holds(&presence.that) == Ok(true);
            self.appear(id, field, there, record);
        }
        let is_present = record.fields.get(id.0).is_some_and(Node::is_present);
        if !is_present {
            let at = self.position;
            if let Some(node) = record.fields.get_mut(id.0) {
                (node.at, node.len) = (at, 0);
            }
            return Ok(());
        }
        if let Some(aside) = &field.aside {
            return self.aside(frame, of, aside, record);
        }
        self.gap(frame, of, record);
        if let Some(copies) = &field.copies {
            return self.copies(frame, (id, field, copies), record);
        }
        self.filled(frame, of, record)
    }

    /// A field with its slack, from here on.
    pub(super) fn filled(&mut self, frame: Frame<'_>, of: Of<'m>, record: &mut Record) -> Result<()> {
        self.present(frame, of, record)?;
        self.slack(frame, of, record);
        Ok(())
    }

    /// A constant, padding or pinned field comes or goes with its condition.
    fn appear(&mut self, id: FieldId, field: &Field, there: bool, record: &mut Record) {
        let Some(node) = record.fields.get_mut(id.0) else { return };
        if node.is_present() == there {
            return;
        }
        self.changed = true;
        node.value = match (&field.content, there) {
            (_, false) => Value::Absent,
            (Content::Magic(bytes), true) => Value::Bytes(bytes.clone()),
            (Content::Zero(_) | Content::Align(_), true) => Value::Zeros(None),
            (_, true) => Value::Int(0),
        };
    }

    /// A gap of zeros before an offset that is constant, or of the file, is as long as it must be; any other is as long as it was.
    fn gap(&mut self, frame: Frame<'_>, (id, field): Of<'m>, record: &mut Record) {
        let Some(at) = &field.at else { return };
        let to = match at.from {
            AtFrom::Type => at.constant().map(|n| frame.base.saturating_add(n)),
            AtFrom::File => self.env(frame, record).size(&at.offset).ok().map(|n| self.first.saturating_add(n)),
        };
        let len = to.map(|to| to.saturating_sub(self.position));
        self.extra(record, What::Gap(frame.ty, id), (len, at.gap));
    }

    fn slack(&mut self, frame: Frame<'_>, (id, field): Of<'m>, record: &mut Record) {
        let Some(Window { size, slack, .. }) = &field.window else { return };
        let filled = record.fields.get(id.0).map_or(0, |node| node.len);
        let len = crate::resolve::constant(size).map(|n| n.saturating_sub(filled));
        self.extra(record, What::Slack(frame.ty, id), (len, *slack));
    }

    /// A field that is there. Its node is taken out of the struct meanwhile, so that what it holds can see the fields around it.
    pub(super) fn present(&mut self, frame: Frame<'_>, of: Of<'m>, record: &mut Record) -> Result<()> {
        let (id, field) = of;
        let at = self.position;
        let Some(slot) = record.fields.get_mut(id.0) else { return Ok(()) };
        let what = slot.what;
        let mut node = std::mem::replace(slot, Node::absent(what, at));
        let outer = self.limit;
        if field.window.is_some() {
            self.limit = Some(at.saturating_add(record.with_slack(&node)));
        }
        let result = self.content(frame, (field, &mut node), record);
        self.limit = outer;
        let len = self.position.saturating_sub(at);
        self.set(&mut node.at, at);
        self.set(&mut node.len, len);
        if let Some(slot) = record.fields.get_mut(id.0) {
            *slot = node;
        }
        result
    }

    /// All of a field: one value, or the elements of a list.
    fn content(&mut self, frame: Frame<'_>, (field, node): (&'m Field, &mut Node), record: &Record) -> Result<()> {
        match &mut node.value {
            Value::Lazy(list) => return self.lazily(frame, (field, list), record),
            _ if field.repeat.is_none() => return self.one(frame, (field, node, 0), record),
            Value::Packed(packed) => {
                packed.big = frame.big;
                self.position = self.position.saturating_add(u64::try_from(packed.bytes.len()).unwrap_or(u64::MAX));
            }
            Value::List(elements) => {
                for (element, i) in elements.iter_mut().zip(0..) {
                    self.element(frame, (field, element, i), record)?;
                }
            }
            _ => {}
        }
        Ok(())
    }

    /// A list of which only some elements are held: each has its place whatever the others are.
    fn lazily(&mut self, frame: Frame<'_>, (field, list): (&'m Field, &mut Lazy), record: &Record) -> Result<()> {
        let start = self.position;
        let (step, size) = (list.step, list.size());
        for (i, element) in &mut list.held {
            self.position = start.saturating_add(i.saturating_mul(step));
            self.element(frame, (field, element, *i), record)?;
        }
        self.position = start.saturating_add(size);
        Ok(())
    }

    /// An element of a list.
    fn element(&mut self, frame: Frame<'_>, of: (&'m Field, &mut Node, u64), record: &Record) -> Result<()> {
        let (field, element, index) = of;
        let at = self.position;
        self.path.push(format!("[{index}]"));
        self.one(frame, (field, element, index), record)?;
        self.path.pop();
        let len = self.position.saturating_sub(at);
        self.set(&mut element.what, What::Element(usize::try_from(index).unwrap_or(usize::MAX)));
        self.set(&mut element.at, at);
        self.set(&mut element.len, len);
        Ok(())
    }

    /// One value.
    fn one(&mut self, frame: Frame<'_>, of: (&'m Field, &mut Node, u64), record: &Record) -> Result<()> {
        let (field, node, index) = of;
        if let Content::Type { id, args } = field.content.element() {
            let env = Env { index, ..self.env(frame, record) };
            let args = env.arguments(*id, args).map_err(|e| self.refuse("", format!("`{}`", e.text), e.site))?;
            return self.value_of((*id, frame.big), &args, &mut node.value);
        }
        if matches!(field.role, Role::Implied) {
            node.value = implied(field, &node.value);
        }
        let len = self.plain_len(frame, (field, node), record)?;
        self.position = self.position.saturating_add(len);
        Ok(())
    }

    /// The length of a value that holds no others.
    fn plain_len(&self, frame: Frame<'_>, (field, node): (&'m Field, &Node), record: &Record) -> Result<u64> {
        let env = self.env(frame, record);
        Ok(match field.content.element() {
            Content::Scalar(scalar) => scalar.size(&self.format.enums, &self.format.flags),
            Content::Zero(Length::Const(n)) => *n,
            Content::Zero(Length::Expr(e)) => self.size(&env, e)?,
            Content::Align(to) => self.padding(frame, &env, to)?,
            Content::CStr => node.held_len().saturating_add(1),
            Content::PStr(prefix) => node.held_len().saturating_add((*prefix).into()),
            _ => node.held_len(),
        })
    }

    fn padding<'e>(&self, frame: Frame<'_>, env: &Env<'e>, to: &'e Expr) -> Result<u64> {
        let to = self.size(env, to)?;
        Ok(padding(self.position.saturating_sub(frame.base), to))
    }
}

/// What a field is that has no value to hold.
fn implied(field: &Field, found: &Value) -> Value {
    match &field.content {
        Content::Magic(bytes) => Value::Bytes(bytes.clone()),
        Content::Zero(_) | Content::Align(_) => Value::Zeros(None),
        _ => found.clone(),
    }
}

impl Node {
    /// The length of what it holds: of texts without their end or prefix.
    pub(super) fn held_len(&self) -> u64 {
        let len = |n: usize| u64::try_from(n).unwrap_or(u64::MAX);
        match &self.value {
            Value::Bytes(b) | Value::Text(b) | Value::Zeros(Some(b)) | Value::Blob(Blob::Held(b)) => len(b.len()),
            Value::Utf16(units) => len(units.len()).saturating_mul(2),
            Value::Absent => 0,
            _ => self.len,
        }
    }
}
