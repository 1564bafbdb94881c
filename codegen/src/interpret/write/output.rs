//! From a tree to bytes.

use super::canvas::Canvas;
use super::{Result, trouble};
use crate::interpret::Start;
use crate::interpret::bytes::Bytes;
use crate::interpret::checksum::Sum;
use crate::interpret::datum::Datum;
use crate::interpret::eval::{Env, Frame};
use crate::interpret::lazy::Run;
use crate::interpret::remember;
use crate::interpret::state::State;
use crate::interpret::tree::{Blob, Node, Record, Value, What, number_bytes};
use crate::interpret::trouble::Trouble;
use crate::model::{Body, Checksum, Content, Field, FieldId, Format, Key, Repr, Scalar, Struct, TypeId};
use std::cell::RefCell;
use std::io::{self, Write};

/// How much is copied at a time.
const STEP: u64 = 64 << 10;

/// Writes a tree whose places and values are worked out. Blobs that are ranges are copied from `source`.
///
/// # Errors
/// Those of the writer and the source, and values that cannot be written.
pub fn write(format: &Format, start: Start, root: &Node, source: &dyn Bytes, to: &mut dyn Write) -> Result<()> {
    write_with(format, start, &[], root, (source, to))
}

/// The same for a type with params.
///
/// # Errors
/// Those of [`write()`].
pub fn write_with(
    format: &Format,
    start: Start,
    params: &[Datum<'_>],
    root: &Node,
    (source, to): (&dyn Bytes, &mut dyn Write),
) -> Result<()> {
    let state = RefCell::new(State::new(format));
    let mut output = Output::new(format, source, &state, to);
    output.value_of((start.ty, start.big), params, root)
}

/// A tree that is being written.
pub(super) struct Output<'m, 'w> {
    pub(super) format: &'m Format,
    source: &'m dyn Bytes,
    state: &'m RefCell<State>,
    to: &'w mut dyn Write,
    /// What waits until its place comes: what lies aside, of each struct around that something does.
    pub(super) places: Vec<Vec<(u64, Canvas)>>,
    /// What is drawn now that lies aside, the innermost last.
    pub(super) canvases: Vec<Canvas>,
}

impl<'m, 'w> Output<'m, 'w> {
    pub(super) fn new(
        format: &'m Format,
        source: &'m dyn Bytes,
        state: &'m RefCell<State>,
        to: &'w mut dyn Write,
    ) -> Self {
        Self { format, source, state, to, places: Vec::new(), canvases: Vec::new() }
    }

    pub(super) fn put(&mut self, bytes: &[u8]) -> Result<()> {
        match self.canvases.last_mut() {
            Some(canvas) => canvas.put(bytes),
            None => self.to.write_all(bytes).map_err(|e| failed(&e))?,
        }
        Ok(())
    }

    fn value_of(&mut self, (id, big): (TypeId, bool), params: &[Datum<'_>], node: &Node) -> Result<()> {
        let frame = Frame { ty: id, params, big, base: node.at, place: usize::MAX };
        let format = self.format;
        match (&format.ty(id).body, &node.value) {
            (Body::Struct(s), Value::Record(record)) => self.record(frame, s, record),
            (Body::Bits(bits), Value::Bits(parts)) => {
                let blank = Record::default();
                let big = Env::new(format, frame, &blank, self.state).order(big).unwrap_or(big);
                let whole =
                    parts.iter().zip(&bits.parts).fold(0, |all, (node, part)| all | part_bits(node) << part.shift);
                self.put(&number_bytes(whole, usize::try_from(bits.bytes).unwrap_or(8), big))
            }
            (Body::Union(union), Value::Case(id, Some(body))) => {
                let Some(field) = union.cases.get(id.0).and_then(|case| case.body.as_deref()) else { return Ok(()) };
                self.content(frame, (field, body), &Record::default())
            }
            _ => Ok(()),
        }
    }

    fn record(&mut self, frame: Frame<'_>, s: &'m Struct, record: &Record) -> Result<()> {
        let scope = remember::begin(self.format, frame, self.state);
        let result = self.fields(frame, s, (record, None));
        if let Some(id) = scope {
            self.state.borrow_mut().end(id);
        }
        result
    }

    /// The fields of a struct with their gaps and slacks; one of them as zeros where that is asked for.
    pub(super) fn fields(&mut self, frame: Frame<'_>, s: &'m Struct, of: (&Record, Option<FieldId>)) -> Result<()> {
        let (record, except) = of;
        let big = Env::new(self.format, frame, record, self.state).order(frame.big).unwrap_or(frame.big);
        let mut frame = Frame { big, ..frame };
        if s.is_place {
            frame.place = self.places.len();
            self.places.push(Vec::new());
        }
        for (i, field) in s.fields.iter().enumerate() {
            let id = FieldId(i);
            if except == Some(id) {
                self.zeros(record.fields.get(i).map_or(0, |node| node.len))?;
            } else {
                self.field(frame, (id, field), record)?;
            }
            if let Some(node) = record.fields.get(i) {
                // What has no value cannot have been read either: reading back refuses it.
                let _ = remember::field(&Env::new(self.format, frame, record, self.state), field, node);
            }
        }
        if s.is_place { self.close_place(frame, s, record) } else { self.extra(record, What::OwnSlack(frame.ty)) }?;
        let _ = remember::all(&Env::new(self.format, frame, record, self.state), &s.remember);
        Ok(())
    }

    /// A field with its gap and slack.
    pub(super) fn field(&mut self, frame: Frame<'_>, (id, field): (FieldId, &'m Field), record: &Record) -> Result<()> {
        if let Some(aside) = &field.aside {
            return self.aside(frame, (id, field, aside), record);
        }
        self.extra(record, What::Gap(frame.ty, id))?;
        self.filled(frame, (id, field), record)
    }

    /// A field with its slack.
    pub(super) fn filled(
        &mut self,
        frame: Frame<'_>,
        (id, field): (FieldId, &'m Field),
        record: &Record,
    ) -> Result<()> {
        if let Some(node) = record.fields.get(id.0).filter(|node| node.is_present()) {
            if let Some(copies) = &field.copies {
                return self.copies(frame, (id, field, copies), (record, node));
            }
            self.content(frame, (field, node), record)?;
        }
        self.extra(record, What::Slack(frame.ty, id))
    }

    pub(super) fn extra(&mut self, record: &Record, what: What) -> Result<()> {
        match record.extras.iter().find(|extra| extra.what == what) {
            Some(extra) => self.plain(extra),
            None => Ok(()),
        }
    }

    /// All of a field: one value, or the elements of a list.
    pub(super) fn content(
        &mut self,
        frame: Frame<'_>,
        (field, node): (&'m Field, &Node),
        record: &Record,
    ) -> Result<()> {
        match &node.value {
            Value::List(elements) => {
                let mut elements = elements.iter().zip(0_u64..);
                elements.try_for_each(|(element, i)| self.one(frame, (field, element, i), record))
            }
            Value::Lazy(list) => list.runs().into_iter().try_for_each(|run| match run {
                Run::Held(index, element) => self.one(frame, (field, element, index), record),
                Run::Copied(at, len) => self.copy(at, len),
            }),
            _ => self.one(frame, (field, node, 0), record),
        }
    }

    fn one(&mut self, frame: Frame<'_>, of: (&'m Field, &Node, u64), record: &Record) -> Result<()> {
        let (field, node, index) = of;
        match field.content.element() {
            Content::Type { id, args } => {
                let env = Env { index, ..Env::new(self.format, frame, record, self.state) };
                let args = env.arguments(*id, args);
                let args = args.map_err(|e| trouble(field.name.clone(), format!("`{}`", e.text), Some(e.site)))?;
                self.value_of((*id, frame.big), &args, node)
            }
            Content::Scalar(scalar) if field.repeat.is_none() || !matches!(node.value, Value::Packed(_)) => {
                let bytes = self.scalar(*scalar, &node.value, frame.big);
                self.put(&bytes)
            }
            Content::PStr(prefix) => {
                let n = i128::from(node.held_len());
                self.put(&number_bytes(n, usize::try_from(*prefix).unwrap_or(8), frame.big))?;
                self.plain(node)
            }
            Content::CStr => {
                self.plain(node)?;
                self.put(&[0])
            }
            Content::Utf16(_) => {
                let Value::Utf16(units) = &node.value else { return Ok(()) };
                let bytes: Vec<u8> = units.iter().flat_map(|unit| number_bytes((*unit).into(), 2, frame.big)).collect();
                self.put(&bytes)
            }
            _ => self.plain(node),
        }
    }

    fn scalar(&self, scalar: Scalar, value: &Value, big: bool) -> Vec<u8> {
        let size = scalar.size(&self.format.enums, &self.format.flags);
        let size = usize::try_from(size).unwrap_or(0);
        let n = match value {
            Value::Guid(bytes) => return bytes.to_vec(),
            Value::Bytes(bytes) | Value::Enum(Key::Bytes(bytes)) => return bytes.clone(),
            Value::Int(n) | Value::Enum(Key::Int(n)) => *n,
            Value::Bool(b) => (*b).into(),
            Value::Flags(bits) | Value::F64(bits) => (*bits).into(),
            Value::F32(bits) => (*bits).into(),
            _ => 0,
        };
        let of_bytes = matches!(scalar, Scalar::Enum(id) if matches!(self.format.enum_(id).repr, Repr::Bytes(_)));
        if of_bytes { vec![0; size] } else { number_bytes(n, size, big) }
    }

    /// Bytes that are as they are.
    pub(super) fn plain(&mut self, node: &Node) -> Result<()> {
        match &node.value {
            Value::Bytes(b) | Value::Text(b) | Value::Zeros(Some(b)) | Value::Blob(Blob::Held(b)) => self.put(b),
            Value::Packed(packed) => self.put(&packed.bytes),
            Value::Zeros(None) => self.zeros(node.len),
            Value::Blob(Blob::File(at)) => self.copy(*at, node.len),
            _ => Ok(()),
        }
    }

    pub(super) fn zeros(&mut self, n: u64) -> Result<()> {
        if let Some(canvas) = self.canvases.last_mut() {
            canvas.zeros(n);
            return Ok(());
        }
        self.in_steps(n, |_, chunk| {
            chunk.fill(0);
            Ok(())
        })
    }

    pub(super) fn copy(&mut self, at: u64, n: u64) -> Result<()> {
        if let Some(canvas) = self.canvases.last_mut() {
            canvas.copy(at, n);
            return Ok(());
        }
        let source = self.source;
        self.in_steps(n, |done, chunk| source.read_at(at.saturating_add(done), chunk))
    }

    /// Puts `n` bytes that `fill` makes, a chunk at a time.
    fn in_steps(&mut self, n: u64, mut fill: impl FnMut(u64, &mut [u8]) -> io::Result<()>) -> Result<()> {
        let mut chunk = vec![0; usize::try_from(n.min(STEP)).unwrap_or(0)];
        let mut done = 0;
        while done < n {
            let step = n.saturating_sub(done).min(STEP);
            chunk.truncate(usize::try_from(step).unwrap_or(0));
            fill(done, &mut chunk).map_err(|e| failed(&e))?;
            self.put(&chunk)?;
            done = done.saturating_add(step);
        }
        Ok(())
    }
}

fn failed(e: &io::Error) -> Box<Trouble> {
    let mut failed = trouble(String::new(), "", None);
    failed.io = Some(e.to_string());
    failed
}

/// The bits of a part, from the lowest.
fn part_bits(node: &Node) -> i128 {
    match &node.value {
        Value::Int(n) | Value::Enum(Key::Int(n)) => *n,
        Value::Bool(b) => (*b).into(),
        _ => 0,
    }
}

/// Bytes of which only a checksum is kept.
pub(super) struct Summed(Sum);

impl Summed {
    pub(super) fn new(kind: Checksum) -> Self {
        Self(Sum::new(kind))
    }

    pub(super) fn finish(&self) -> u64 {
        self.0.finish()
    }
}

impl Write for Summed {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        for byte in bytes {
            self.0.add(*byte);
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
