//! Bytes that wait to be written: those of what lies aside, until all before them has been.

use super::output::Output;
use super::{Result, trouble};
use crate::interpret::eval::Frame;
use crate::interpret::tree::{Node, Record, Value, What};
use crate::model::{Aside, Field, FieldId, Struct};

/// Bytes in the order in which they are to be written. Payload is the range that it is copied from.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Canvas {
    pieces: Vec<Piece>,
}

/// A run of bytes.
#[derive(Debug, PartialEq, Eq)]
enum Piece {
    /// These.
    Held(Vec<u8>),
    /// A range of the source: offset and length.
    Copied(u64, u64),
    /// So many zeros.
    Zeros(u64),
}

impl Canvas {
    /// Adds bytes.
    pub(super) fn put(&mut self, bytes: &[u8]) {
        match self.pieces.last_mut() {
            Some(Piece::Held(held)) => held.extend_from_slice(bytes),
            _ if bytes.is_empty() => {}
            _ => self.pieces.push(Piece::Held(bytes.to_vec())),
        }
    }

    /// Adds a range of the source.
    pub(super) fn copy(&mut self, at: u64, len: u64) {
        if len > 0 {
            self.pieces.push(Piece::Copied(at, len));
        }
    }

    /// Adds zeros.
    pub(super) fn zeros(&mut self, n: u64) {
        if n > 0 {
            self.pieces.push(Piece::Zeros(n));
        }
    }

    fn len(&self) -> u64 {
        self.pieces.iter().map(Piece::len).fold(0, u64::saturating_add)
    }
}

impl Piece {
    fn len(&self) -> u64 {
        match self {
            Self::Held(bytes) => u64::try_from(bytes.len()).unwrap_or(u64::MAX),
            Self::Copied(_, len) | Self::Zeros(len) => *len,
        }
    }
}

impl<'m> Output<'m, '_> {
    /// A field that lies aside is drawn, and waits for its place. What takes no bytes lies nowhere.
    pub(super) fn aside(
        &mut self,
        frame: Frame<'_>,
        (id, field, aside): (FieldId, &'m Field, &'m Aside),
        record: &Record,
    ) -> Result<()> {
        let Some(node) = record.fields.get(id.0).filter(|node| node.is_present()) else { return Ok(()) };
        self.canvases.push(Canvas::default());
        let result = self.filled(frame, (id, field), record);
        let canvas = self.canvases.pop().unwrap_or_default();
        if let Some(place) = self.places.get_mut(frame.place_of(aside)).filter(|_| canvas.len() > 0) {
            place.push((node.at, canvas));
        }
        result
    }

    /// The sequence of a place is written: what lies aside in it follows, with the slack between.
    pub(super) fn close_place(&mut self, frame: Frame<'_>, s: &Struct, record: &Record) -> Result<()> {
        let mut all = self.places.pop().unwrap_or_default();
        let slack = record.extras.iter().find(|extra| extra.what == What::OwnSlack(frame.ty));
        for piece in slack.into_iter().flat_map(pieces) {
            self.canvases.push(Canvas::default());
            let result = self.plain(piece);
            all.extend(self.canvases.pop().map(|canvas| (piece.at, canvas)));
            result?;
        }
        // Stable: of what is the same twice, one is written.
        all.sort_by_key(|(at, _)| *at);
        all.dedup_by(|a, b| a == b);
        let mut next = sequence(frame, s, record).map(Node::end).fold(frame.base, u64::max);
        for (at, canvas) in all {
            if at < next {
                let site = Some(self.format.ty(frame.ty).site);
                return Err(trouble(String::new(), "the same bytes wherever the same place is read aside", site));
            }
            self.zeros(at.saturating_sub(next))?;
            next = at.saturating_add(canvas.len());
            self.draw(canvas)?;
        }
        Ok(())
    }

    fn draw(&mut self, canvas: Canvas) -> Result<()> {
        canvas.pieces.into_iter().try_for_each(|piece| match piece {
            Piece::Held(bytes) => self.put(&bytes),
            Piece::Copied(at, len) => self.copy(at, len),
            Piece::Zeros(n) => self.zeros(n),
        })
    }
}

/// What of a struct lies in its sequence.
pub(super) fn sequence<'r>(
    frame: Frame<'_>,
    s: &'r Struct,
    record: &'r Record,
) -> impl Iterator<Item = &'r Node> + use<'r> {
    let ty = frame.ty;
    let in_row = |id: FieldId| s.fields.get(id.0).is_some_and(|field| field.aside.is_none());
    record.fields.iter().chain(&record.extras).filter(move |node| match node.what {
        What::Field(of, id)
        | What::Gap(of, id)
        | What::Slack(of, id)
        | What::Copy(of, id, _)
        | What::CopyGap(of, id, _) => of == ty && in_row(id),
        _ => false,
    })
}

/// Slack, range by range.
fn pieces(slack: &Node) -> Vec<&Node> {
    match &slack.value {
        Value::List(pieces) => pieces.iter().collect(),
        _ => vec![slack],
    }
}
