//! Bounded taking of bytes: what passes the end of a window is `invalid`, what passes the end of the input `truncated`.

use super::{Reader, Result, Stop};
use crate::interpret::tree::{Blob, Value};
use crate::model::Class;

/// Zeros are looked at so many bytes at a time.
const CHUNK: u64 = 4096;

impl Reader<'_> {
    /// Bytes left in the window; without one, in the input.
    pub(super) fn rest(&self) -> u64 {
        self.limit.unwrap_or_else(|| self.bytes.size()).saturating_sub(self.position)
    }

    /// Refuses what passes the end of the window or of the input.
    pub(super) fn check_room(&self, n: u64) -> Result<()> {
        if self.limit.is_some() && n > self.rest() {
            return Err(self.short(Class::Invalid, n, self.rest()));
        }
        let left = self.bytes.size().saturating_sub(self.position);
        if n > left { Err(self.short(Class::Truncated, n, left)) } else { Ok(()) }
    }

    fn short(&self, class: Class, need: u64, have: u64) -> Stop {
        let bytes = if need == 1 { "byte" } else { "bytes" };
        self.stop(self.position, class, format!("{need} {bytes}"), have.to_string())
    }

    /// Refuses what is larger than the spec's `max`.
    pub(super) fn check_max(&self, n: u64, max: Option<u64>) -> Result<()> {
        match max {
            Some(max) if n > max => {
                Err(self.stop(self.position, Class::Limit, format!("at most {max} bytes"), n.to_string()))
            }
            _ => Ok(()),
        }
    }

    /// The next `n` bytes, in memory.
    pub(super) fn take(&mut self, n: u64) -> Result<Vec<u8>> {
        self.check_room(n)?;
        let bytes = self.peek(self.position, n)?;
        self.position = self.position.saturating_add(n);
        Ok(bytes)
    }

    /// Bytes at a place that is known to be there.
    pub(super) fn peek(&self, at: u64, n: u64) -> Result<Vec<u8>> {
        let too_large = || self.stop(at, Class::Limit, "a size that fits in memory", n.to_string());
        let size = usize::try_from(n).map_err(|_| too_large())?;
        let mut bytes = Vec::new();
        bytes.try_reserve_exact(size).map_err(|_| too_large())?;
        bytes.resize(size, 0);
        if size == 0 {
            return Ok(bytes);
        }
        self.bytes.read_at(at, &mut bytes).map_err(|e| self.failed(at, &e))?;
        Ok(bytes)
    }

    fn failed(&self, at: u64, e: &std::io::Error) -> Stop {
        let mut stop = self.stop(at, Class::Truncated, "more input", "");
        stop.trouble.io = Some(e.to_string());
        stop
    }

    /// The next `n` bytes, passed over.
    pub(super) fn blob(&mut self, n: u64) -> Result<Value> {
        self.check_room(n)?;
        let at = self.position;
        self.position = self.position.saturating_add(n);
        Ok(Value::Blob(Blob::File(at)))
    }

    /// The next `n` bytes, which must be zero.
    pub(super) fn zeros(&mut self, n: u64) -> Result<Value> {
        self.check_window(n)?;
        let mut left = n;
        while left > 0 {
            let at = self.position;
            let chunk = self.take(left.min(CHUNK))?;
            let other = chunk.iter().zip(at..).find(|(byte, _)| **byte != 0);
            if let Some((byte, at)) = other {
                let refused = self.stop(at, Class::Invalid, "zero padding", byte.to_string());
                self.or_mend(Err(refused))?;
            }
            left = left.saturating_sub(CHUNK);
        }
        Ok(Value::Zeros(None))
    }

    /// The next `n` bytes, which should be zero; held if they are not, and then at most `max`.
    pub(super) fn zeros_kept(&mut self, n: u64, max: Option<u64>) -> Result<Value> {
        self.check_window(n)?;
        let start = self.position;
        let mut left = n;
        while left > 0 {
            let chunk = self.take(left.min(CHUNK))?;
            left = left.saturating_sub(CHUNK);
            if chunk.iter().any(|byte| *byte != 0) {
                self.check_max(n, max)?;
                self.take(left)?;
                return Ok(Value::Zeros(Some(self.peek(start, n)?)));
            }
        }
        Ok(Value::Zeros(None))
    }

    /// Refuses what passes the end of the window. The end of the input is met chunk by chunk.
    fn check_window(&self, n: u64) -> Result<()> {
        if self.limit.is_some() && n > self.rest() { self.check_room(n) } else { Ok(()) }
    }

    /// Text up to its NUL, which is taken too.
    pub(super) fn text(&mut self) -> Result<Vec<u8>> {
        let start = self.position;
        let end = self.limit.unwrap_or(u64::MAX).min(self.bytes.size());
        let mut text = Vec::new();
        while self.position < end {
            let step = end.saturating_sub(self.position).min(CHUNK);
            let chunk = self.peek(self.position, step)?;
            let nul = chunk.iter().zip(self.position..).find(|(byte, _)| **byte == 0);
            if let Some((_, nul)) = nul {
                let more = nul.saturating_sub(self.position);
                text.extend(chunk.into_iter().take(usize::try_from(more).unwrap_or(usize::MAX)));
                self.position = nul.saturating_add(1);
                return Ok(text);
            }
            text.extend(chunk);
            self.position = self.position.saturating_add(step);
        }
        let class = if self.limit == Some(self.position) { Class::Invalid } else { Class::Truncated };
        Err(self.stop(start, class, "text that ends in a NUL", ""))
    }

    /// Narrows to a window of `n` bytes from here; gives the one around it.
    pub(super) fn enter(&mut self, n: u64, max: Option<u64>) -> Result<Option<u64>> {
        self.check_max(n, max)?;
        self.check_room(n)?;
        Ok(self.limit.replace(self.position.saturating_add(n)))
    }
}
