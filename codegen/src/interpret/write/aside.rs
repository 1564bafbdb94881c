//! What lies aside, and the bytes between that nothing covers: where they go, and whether they fit together.

use super::{Deriver, Result};
use crate::interpret::coverage::Coverage;
use crate::interpret::eval::Frame;
use crate::interpret::tree::{Node, Record, Value, What};
use crate::model::{Aside, Field, FieldId, Policy, Struct};

/// A struct that something lies aside in.
pub(super) struct Place {
    /// Absolute offset of its start.
    start: u64,
    /// Where each lies that is aside in it, and how long it is.
    asides: Vec<(u64, u64)>,
}

impl<'m> Deriver<'m> {
    /// From here on a struct is a place. Gives its index.
    pub(super) fn open_place(&mut self) -> usize {
        self.places.push(Place { start: self.position, asides: Vec::new() });
        self.places.len().saturating_sub(1)
    }

    /// A field that lies aside: where its pointer says.
    pub(super) fn aside(
        &mut self,
        frame: Frame<'_>,
        of: (FieldId, &'m Field),
        aside: &'m Aside,
        record: &mut Record,
    ) -> Result<()> {
        let index = frame.place_of(aside);
        let offset = self.size(&self.env(frame, record), &aside.offset)?;
        let len = record.fields.get(of.0.0).map_or(0, |node| record.with_slack(node));
        let (here, outer) = (self.position, self.limit);
        let at = self.places.get(index).map_or(0, |place| place.start).saturating_add(offset);
        self.position = at;
        self.limit = Some(at.saturating_add(len));
        let result = self.filled(frame, of, record);
        let len = self.position.saturating_sub(at);
        if let Some(place) = self.places.get_mut(index).filter(|_| len > 0) {
            place.asides.push((at, len));
        }
        (self.position, self.limit) = (here, outer);
        result
    }

    /// The sequence of a place is through. What lies aside in it is behind that, and slack takes the bytes between.
    pub(super) fn close_place(&mut self, frame: Frame<'_>, s: &Struct, record: &mut Record) {
        let Some(Place { mut asides, .. }) = self.places.pop() else { return };
        asides.sort_unstable();
        asides.dedup();
        let start = self.position;
        let mut covered = Coverage::default();
        let apart = asides.iter().all(|(at, len)| *at >= start && covered.take(*at, *len));
        let last = asides.iter().map(|(at, len)| at.saturating_add(*len)).fold(start, u64::max);
        let holes = covered.left(start, last);
        self.position = last;
        let policy = s.window.as_ref().map_or(s.slack, |window| window.slack);
        let fits = match policy {
            Policy::None => holes.is_empty(),
            Policy::Zero => {
                let constant = s.window.as_ref().and_then(|window| crate::resolve::constant(&window.size));
                let end = constant.map(|n| frame.base.saturating_add(n));
                self.zeros(frame, record, &holes, end);
                true
            }
            Policy::Keep => self.pieces(frame, record, &holes),
        };
        if !apart {
            self.misplace(frame, "what is read aside to lie behind the fields, and apart");
        } else if !fits {
            self.misplace(frame, "what is read aside to lie where its slack leaves room");
        }
    }

    /// Each piece of slack goes into the next hole, which must be as large; one more comes last. Gives whether they fit.
    fn pieces(&mut self, frame: Frame<'_>, record: &mut Record, holes: &[(u64, u64)]) -> bool {
        let what = What::OwnSlack(frame.ty);
        let Some(i) = record.extras.iter().position(|extra| extra.what == what) else { return holes.is_empty() };
        let mut slack = record.extras.remove(i);
        let Value::List(pieces) = &mut slack.value else { return holes.is_empty() };
        let (mut fits, mut total) = (pieces.len() == holes.len() || pieces.len() == holes.len().saturating_add(1), 0);
        let mut first = None;
        for (i, piece) in pieces.iter_mut().enumerate() {
            let len = piece.held_len();
            let at = holes.get(i).map_or(self.position, |(at, _)| *at);
            fits = fits && holes.get(i).is_none_or(|(_, room)| *room == len);
            if holes.get(i).is_none() {
                self.position = at.saturating_add(len);
            }
            self.set(&mut piece.at, at);
            self.set(&mut piece.len, len);
            first = first.or(Some(at));
            total = u64::saturating_add(total, len);
        }
        self.set(&mut slack.at, first.unwrap_or(self.position));
        self.set(&mut slack.len, total);
        record.extras.push(slack);
        fits
    }

    /// Zeros go into the holes, and behind everything: as many as there were, or up to a known end.
    fn zeros(&mut self, frame: Frame<'_>, record: &mut Record, holes: &[(u64, u64)], end: Option<u64>) {
        let (what, last) = (What::OwnSlack(frame.ty), self.position);
        let Some(i) = record.extras.iter().position(|extra| extra.what == what) else { return };
        let mut slack = record.extras.remove(i);
        let behind = if let Value::List(before) = &slack.value { before.last().map_or(0, |tail| tail.len) } else { 0 };
        let behind = end.map_or(behind, |end| end.saturating_sub(last));
        let all = holes.iter().copied().chain([(last, behind)]).enumerate();
        let node = |(i, (at, len))| Node { what: What::Element(i), at, len, value: Value::Zeros(None) };
        let all: Vec<Node> = all.map(node).collect();
        let at = all.iter().find(|piece| piece.len > 0).map_or(last, |piece| piece.at);
        let len = all.iter().fold(0, |sum, piece| u64::saturating_add(sum, piece.len));
        let made = Node { what, at, len, value: Value::List(all) };
        self.set(&mut slack, made);
        record.extras.push(slack);
        self.position = last.saturating_add(behind);
    }

    /// Something does not lie as it must. It may still move: that counts once nothing changes any more.
    fn misplace(&mut self, frame: Frame<'_>, expected: &str) {
        if self.misplaced.is_none() {
            self.misplaced = Some(self.refuse("", expected, self.format.ty(frame.ty).site));
        }
    }
}
