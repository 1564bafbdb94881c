//! Two trees of the same value, before and after a change, side by side.

use super::hops::{Hop, borrowed};
use crate::interpret::look::Look;
use crate::interpret::tree::{Node, Record, Value, What};
use crate::model::Format;

/// A node as it was and as it is.
#[derive(Debug, Clone)]
pub struct Pair<'a> {
    /// As it was.
    pub before: Look<'a>,
    /// As it is.
    pub after: Look<'a>,
}

impl<'a> Pair<'a> {
    /// The values as a whole.
    #[must_use]
    pub fn root(format: &'a Format, before: &'a Node, after: &'a Node) -> Self {
        Self { before: Look::root(format, before), after: Look::root(format, after) }
    }

    /// What both have inside, in the order of the bytes. What one of them has not is left out, unless it is a field.
    #[must_use]
    pub fn inside(&self) -> Vec<(Hop, Self)> {
        let (Some(before), Some(after)) = (borrowed(&self.before), borrowed(&self.after)) else { return Vec::new() };
        match (&before.value, &after.value) {
            (Value::Record(before), Value::Record(after)) => self.in_record(before, after),
            (Value::Bits(before), Value::Bits(after)) => self.in_list(Hop::Part, before, after),
            (Value::List(before), Value::List(after)) => self.in_list(Hop::Element, before, after),
            (Value::Lazy(before), Value::Lazy(after)) => {
                let both = before.held.iter().filter_map(|(i, was)| Some((*i, was, after.held.get(i)?)));
                both.filter_map(|(i, was, is)| Some((Hop::Element(usize::try_from(i).ok()?), self.of(was, is))))
                    .collect()
            }
            (Value::Case(was, Some(before)), Value::Case(is, Some(after))) if was == is => {
                vec![(Hop::Body, self.of(before, after))]
            }
            _ => Vec::new(),
        }
    }

    fn in_list(&self, hop: impl Fn(usize) -> Hop, before: &'a [Node], after: &'a [Node]) -> Vec<(Hop, Self)> {
        let pairs = before.iter().zip(after).enumerate();
        pairs.map(|(i, (before, after))| (hop(i), self.of(before, after))).collect()
    }

    fn in_record(&self, before: &'a Record, after: &'a Record) -> Vec<(Hop, Self)> {
        let mut out = Vec::new();
        let extra = |what: What, out: &mut Vec<(Hop, Self)>| {
            let was = before.extras.iter().find(|extra| extra.what == what);
            let is = after.extras.iter().enumerate().find(|(_, extra)| extra.what == what);
            if let (Some(was), Some((i, is))) = (was, is) {
                out.push((Hop::Extra(i), self.of(was, is)));
            }
        };
        for (i, (was, is)) in before.fields.iter().zip(&after.fields).enumerate() {
            let What::Field(ty, id) = is.what else { continue };
            extra(What::Gap(ty, id), &mut out);
            out.push((Hop::Field(i), self.of(was, is)));
            extra(What::Slack(ty, id), &mut out);
        }
        if let Some(own) = after.extras.iter().find(|extra| matches!(extra.what, What::OwnSlack(_))) {
            extra(own.what, &mut out);
        }
        out
    }

    fn of(&self, before: &'a Node, after: &'a Node) -> Self {
        Self { before: self.before.child(before), after: self.after.child(after) }
    }

    /// By how many bytes its start has moved.
    #[must_use]
    pub fn moved(&self) -> i128 {
        i128::from(self.after.node.at).saturating_sub(self.before.node.at.into())
    }

    /// Whether both are there and take bytes.
    #[must_use]
    pub fn takes_bytes(&self) -> bool {
        self.before.node.len > 0 && self.after.node.len > 0
    }
}
