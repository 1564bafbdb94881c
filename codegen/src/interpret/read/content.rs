//! One value: a field, or an element of a list.

use super::{Reader, Result, Stop};
use crate::interpret::eval::{Env, Frame, Uncomputed, padding};
use crate::interpret::trace::Aspect;
use crate::interpret::tree::{Record, Value, number};
use crate::model::{Body, Class, Content, Expr, Field, Key, Length, Repr, Role, Scalar};

impl<'m> Reader<'m> {
    /// One value of a field.
    pub(super) fn content(
        &mut self,
        frame: Frame<'_>,
        (field, content): (&'m Field, &'m Content),
        record: &Record,
        index: u64,
    ) -> Result<Value> {
        let kept = matches!(field.role, Role::ImpliedKept);
        match content {
            Content::Scalar(scalar) => self.scalar(frame, field, *scalar, record),
            Content::Magic(bytes) => self.magic(field, bytes),
            Content::Bytes(length) => {
                let n = self.length(frame, field, length, record)?;
                self.held(n, field).map(Value::Bytes)
            }
            Content::Utf8(length) => self.utf8(frame, field, length, record),
            Content::Utf16(length) => self.utf16(frame, field, length, record),
            Content::Blob(Length::Told(told)) => self.told(frame, field, told, record),
            Content::Blob(length) => {
                let n = self.length(frame, field, length, record)?;
                self.blob(n)
            }
            Content::Zero(length) => {
                let n = self.length(frame, field, length, record)?;
                let room = self.check_room(n).is_ok();
                let zeros = if kept {
                    self.zeros_kept(n, most_kept(field, length, n))
                } else {
                    self.fixed_zeros(frame, field, length, n)
                };
                self.saw_zeros(field, room, &zeros);
                zeros
            }
            Content::Align(to) => self.align(frame, (field, to), kept, record),
            Content::CStr => self.cstr(field),
            Content::PStr(prefix) => self.pstr(frame, field, *prefix),
            Content::Lazy(list) => self.lazily(frame, (field, list), record),
            Content::Type { id, args } => {
                let env = Env { index, ..self.env(frame, record) };
                let args = env.arguments(*id, args).map_err(|e| self.uncomputed(e)(Uncomputed))?;
                self.value_of(*id, &args, frame.big)
            }
        }
    }

    /// A length; `rest` is all that is left.
    fn length(&self, frame: Frame<'_>, field: &Field, length: &'m Length, record: &Record) -> Result<u64> {
        match length {
            Length::Const(n) => Ok(*n),
            Length::Rest | Length::Told(_) => Ok(self.rest()),
            Length::Expr(e) => {
                let id = record.fields.len().saturating_sub(1);
                self.size_of(frame, (crate::model::FieldId(id), field), e, record)
            }
        }
    }

    fn held(&mut self, n: u64, field: &Field) -> Result<Vec<u8>> {
        self.saw_max(field, n, field.max);
        self.check_max(n, field.max)?;
        self.take(n)
    }

    fn scalar(&mut self, frame: Frame<'_>, field: &'m Field, scalar: Scalar, record: &Record) -> Result<Value> {
        let at = self.position;
        let bytes = self.take(scalar.size(&self.format.enums, &self.format.flags))?;
        let value = self.decode(scalar, &bytes, frame.big);
        let env = self.env(frame, record);
        match self.known(&env, field, scalar, &value) {
            Ok(()) => Ok(truth(scalar, value)),
            Err(trouble) => Err(self.refused(at, *trouble, field).with(value)),
        }
    }

    /// The value of a scalar's bytes, whatever it may be.
    pub(super) fn decode(&self, scalar: Scalar, bytes: &[u8], big: bool) -> Value {
        let unsigned = || u64::try_from(number(bytes, big, false)).unwrap_or(0);
        match scalar {
            Scalar::UInt(_) | Scalar::Bool => Value::Int(number(bytes, big, false)),
            Scalar::Int(_) => Value::Int(number(bytes, big, true)),
            Scalar::F32 => Value::F32(u32::try_from(unsigned()).unwrap_or(0)),
            Scalar::F64 => Value::F64(unsigned()),
            Scalar::Flags(_) => Value::Flags(unsigned()),
            Scalar::Guid | Scalar::Uuid => Value::Guid(bytes.first_chunk().copied().unwrap_or_default()),
            Scalar::Bytes(_) => Value::Bytes(bytes.to_vec()),
            Scalar::Enum(id) => Value::Enum(match self.format.enum_(id).repr {
                Repr::UInt(_) => Key::Int(number(bytes, big, false)),
                Repr::Int(_) => Key::Int(number(bytes, big, true)),
                Repr::Bytes(_) | Repr::Guid | Repr::Uuid => Key::Bytes(bytes.to_vec()),
            }),
        }
    }

    fn magic(&mut self, field: &Field, bytes: &[u8]) -> Result<Value> {
        let at = self.position;
        let found = self.take(u64::try_from(bytes.len()).unwrap_or(u64::MAX))?;
        self.saw(Aspect::Constant, field, found == bytes);
        if found == bytes || matches!(field.role, Role::ImpliedKept) {
            return Ok(Value::Bytes(found));
        }
        let expected = format!("\"{}\"", bytes.escape_ascii());
        let refused = self.shape(field, at, expected, shown(&found));
        self.or_mend(Err(refused.with(Value::Bytes(found.clone())))).map(|_| Value::Bytes(found))
    }

    /// A rule that what a field is sets.
    fn shape(&self, field: &Field, at: u64, expected: impl Into<String>, found: impl Into<String>) -> Stop {
        let class = field.class.unwrap_or(Class::Invalid);
        self.stop(at, class, expected, found).sited(field.site).say(field.say.as_deref())
    }

    /// Zeros of a constant length are one value, others and those that are the body of a case are looked at byte by byte.
    fn fixed_zeros(&mut self, frame: Frame<'_>, field: &Field, length: &Length, n: u64) -> Result<Value> {
        let at = self.position;
        let in_case = matches!(self.format.ty(frame.ty).body, Body::Union(_));
        let in_run = !in_case && super::block::size_in_run(self.format, field).is_some();
        if !matches!(length, Length::Const(_)) || !in_run {
            return self.zeros(n);
        }
        let found = self.take(n)?;
        if found.iter().all(|byte| *byte == 0) {
            return Ok(Value::Zeros(None));
        }
        let refused = self.shape(field, at, "zeros", shown(&found));
        self.or_mend(Err(refused.with(Value::Zeros(Some(found.clone()))))).map(|_| Value::Zeros(Some(found)))
    }

    /// Whether zeros that there is room for are zeros.
    fn saw_zeros(&self, field: &Field, room: bool, zeros: &Result<Value>) {
        if room {
            self.saw(Aspect::Constant, field, matches!(zeros, Ok(Value::Zeros(None))));
        }
    }

    fn align(&mut self, frame: Frame<'_>, of: (&Field, &'m Expr), kept: bool, record: &Record) -> Result<Value> {
        let (field, to) = of;
        let to = self.env(frame, record).size(to).map_err(self.uncomputed(to))?;
        let n = padding(self.position.saturating_sub(frame.base), to);
        let room = self.check_room(n).is_ok();
        let zeros = if kept { self.zeros_kept(n, Some(n)) } else { self.zeros(n) };
        self.saw_zeros(field, room, &zeros);
        zeros
    }

    fn utf8(&mut self, frame: Frame<'_>, field: &'m Field, length: &'m Length, record: &Record) -> Result<Value> {
        let n = self.length(frame, field, length, record)?;
        let at = self.position;
        let bytes = self.held(n, field)?;
        let sound = std::str::from_utf8(&bytes).is_ok();
        self.saw(Aspect::Text, field, sound);
        if sound {
            return Ok(Value::Text(bytes));
        }
        Err(self.shape(field, at, "text in UTF-8", "").with(Value::Text(bytes)))
    }

    fn utf16(&mut self, frame: Frame<'_>, field: &'m Field, length: &'m Length, record: &Record) -> Result<Value> {
        let n = self.length(frame, field, length, record)?;
        let at = self.position;
        let bytes = self.held(n, field)?;
        self.saw(Aspect::Text, field, n.is_multiple_of(2));
        if n.is_multiple_of(2) {
            let unit = |pair: &[u8]| u16::try_from(number(pair, frame.big, false)).unwrap_or(0);
            return Ok(Value::Utf16(bytes.chunks_exact(2).map(unit).collect()));
        }
        Err(self.shape(field, at, "an even number of bytes", n.to_string()))
    }

    fn cstr(&mut self, field: &Field) -> Result<Value> {
        let at = self.position;
        let text = self.text();
        self.saw(Aspect::Text, field, text.is_ok());
        let text = text?;
        self.saw_max(field, u64::try_from(text.len()).unwrap_or(u64::MAX), field.max);
        match field.max {
            Some(max) if u64::try_from(text.len()).unwrap_or(u64::MAX) > max => {
                let class = field.class.unwrap_or(Class::Limit);
                let stop = self.stop(at, class, format!("at most {max} bytes"), text.len().to_string());
                Err(stop.sited(field.site))
            }
            _ => Ok(Value::Text(text)),
        }
    }

    fn pstr(&mut self, frame: Frame<'_>, field: &Field, prefix: u32) -> Result<Value> {
        let length = number(&self.take(prefix.into())?, frame.big, false);
        self.held(u64::try_from(length).unwrap_or(u64::MAX), field).map(Value::Text)
    }

    /// What is known to be wrong with a scalar, at its place.
    fn refused(&self, at: u64, mut trouble: crate::interpret::Trouble, field: &Field) -> Stop {
        trouble.path = self.path_to("");
        trouble.offset = Some(at);
        Stop { trouble: Box::new(trouble), partial: None }.sited(field.site)
    }
}

/// Most bytes of padding that are held.
fn most_kept(field: &Field, length: &Length, n: u64) -> Option<u64> {
    match length {
        Length::Const(_) => field.max.or(Some(n)),
        Length::Rest | Length::Told(_) => field.max.or(field.window.as_ref().and_then(|window| window.max)),
        Length::Expr(_) => field.max,
    }
}

/// A byte that was found to be 0 or 1, as a truth value.
fn truth(scalar: Scalar, value: Value) -> Value {
    match (scalar, value) {
        (Scalar::Bool, Value::Int(n)) => Value::Bool(n != 0),
        (_, value) => value,
    }
}

/// The first bytes of a value, as errors show them.
pub(in crate::interpret) fn shown(bytes: &[u8]) -> String {
    let first = bytes.get(..16).unwrap_or(bytes);
    let more = if bytes.len() > first.len() { "..." } else { "" };
    format!("\"{}\"{more}", first.escape_ascii())
}
