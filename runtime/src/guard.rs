//! Guards: a reader decides by what follows, so a writer holds what it writes next against what the value says.

use crate::{Error, Found, Next, Output, Result, Rule, Sink};
use alloc::vec::Vec;

/// What a reader decides by what follows; nothing where that is not known yet.
pub type Decide = fn(&Next<'_>) -> Option<bool>;

/// Most bytes that a decision looks at: a tag, a length, and the longest text.
const FURTHEST: usize = 2 + 255;

/// The guards of a sink that are not decided yet.
#[derive(Debug, Default)]
pub(crate) struct Guards {
    /// The first of them, while nothing was written since and there is no other: most are decided by the very next bytes.
    next: Option<Guard>,
    open: Vec<Guard>,
    /// What was written since the first of them.
    seen: Vec<u8>,
    /// Position of the first byte of `seen`.
    start: u64,
    /// How many there have been.
    count: u64,
}

#[derive(Debug)]
struct Guard {
    /// Which one it is, for the window that it was set in.
    number: u64,
    at: u64,
    wanted: bool,
    rule: &'static Rule,
    decide: Decide,
}

impl Guard {
    /// What was decided is what the value says.
    fn held(&self, that: bool) -> Result<()> {
        if that == self.wanted { Ok(()) } else { Err(self.rule.fault(0, Found::Nothing).at(self.at)) }
    }
}

impl Guards {
    pub(crate) const NONE: Self = Self { next: None, open: Vec::new(), seen: Vec::new(), start: 0, count: 0 };

    #[inline]
    pub(crate) const fn is_empty(&self) -> bool {
        self.next.is_none() && self.open.is_empty()
    }

    #[inline]
    fn set(&mut self, at: u64, wanted: bool, rule: &'static Rule, decide: Decide) {
        let guard = Guard { number: self.count, at, wanted, rule, decide };
        self.count = self.count.saturating_add(1);
        if self.is_empty() {
            self.next = Some(guard);
        } else {
            self.hold_next();
            self.open.push(guard);
        }
    }

    /// Holds what is written against all guards.
    pub(crate) fn see(&mut self, bytes: &[u8]) -> Result<()> {
        let seen = bytes.get(..FURTHEST).unwrap_or(bytes);
        let decided = self.next.as_ref().and_then(|guard| (guard.decide)(&Next::new(seen, false)));
        if let Some(that) = decided {
            return self.next.take().map_or(Ok(()), |guard| guard.held(that));
        }
        self.hold_next();
        self.seen.extend_from_slice(seen);
        self.settle(0, false)?;
        self.forget();
        Ok(())
    }

    /// Puts the guard that stands alone to the others, of which there is none yet.
    fn hold_next(&mut self) {
        let Some(guard) = self.next.take() else { return };
        self.seen.clear();
        self.start = guard.at;
        self.open.push(guard);
    }

    /// Drops what lies before the first guard that is not decided.
    fn forget(&mut self) {
        let Some(first) = self.open.first() else { return };
        let gone = usize::try_from(first.at.saturating_sub(self.start)).unwrap_or(usize::MAX);
        if gone > FURTHEST {
            self.seen.drain(..gone.min(self.seen.len()));
            self.start = first.at;
        }
    }

    /// Decides what can be decided of the guards from a number on; all of them where nothing more follows.
    fn settle(&mut self, from: u64, ended: bool) -> Result<()> {
        self.hold_next();
        let mut open = core::mem::take(&mut self.open);
        let mut held = Ok(());
        open.retain(|guard| {
            let decided = if guard.number < from { None } else { self.decided(guard, ended) };
            if let (Some(that), Ok(())) = (decided, &held) {
                held = guard.held(that);
            }
            decided.is_none()
        });
        self.open = open;
        held
    }

    fn decided(&self, guard: &Guard, ended: bool) -> Option<bool> {
        let skip = usize::try_from(guard.at.saturating_sub(self.start)).unwrap_or(usize::MAX);
        (guard.decide)(&Next::new(self.seen.get(skip..).unwrap_or_default(), ended))
    }
}

impl<O: Output> Sink<O> {
    /// What follows must make a reader decide for `wanted`. It is looked at as it is written.
    #[inline]
    pub fn guard(&mut self, wanted: bool, rule: &'static Rule, decide: Decide) {
        self.guards.set(self.position(), wanted, rule, decide);
    }

    /// The start of a window: what [`Sink::end_window`] is given at its end.
    #[must_use]
    pub const fn start_window(&self) -> u64 {
        self.guards.count
    }

    /// The end of a window: a reader in it sees no further.
    ///
    /// # Errors
    /// That of a guard which was set in it and is broken.
    #[inline]
    pub fn end_window(&mut self, start: u64) -> Result<()> {
        if self.guards.is_empty() { Ok(()) } else { self.guards.settle(start, true) }
    }

    /// Shows a range of the source to the guards, before it is copied.
    #[cold]
    pub(crate) fn see_range(&mut self, offset: u64, length: u64) -> Result<()> {
        let mut b = [0; FURTHEST];
        let n = usize::try_from(length).unwrap_or(FURTHEST).min(FURTHEST);
        let part = b.get_mut(..n).unwrap_or_default();
        self.output.look(offset, part).map_err(|e| Error::io(offset, e))?;
        self.guards.see(part)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Blob, Class, VecOutput};
    use alloc::vec;

    static RULE: Rule = Rule::new("end", 7, Class::Invalid, "another byte");

    fn written(wanted: bool, parts: &[&[u8]]) -> Result<()> {
        let mut to = vec![];
        let mut sink = Sink::new(VecOutput(&mut to));
        sink.put(b"..")?;
        sink.guard(wanted, &RULE, |next| Some(next.peek::<2>()? == Some(*b"ab")));
        for part in parts {
            sink.put(part)?;
        }
        sink.finish().map(drop)
    }

    #[test]
    fn what_follows_is_held_against_the_value() {
        assert!(written(true, &[b"ab"]).is_ok());
        assert!(written(true, &[b"a", b"bc"]).is_ok());
        assert!(written(false, &[b"a", b"c"]).is_ok());
        assert!(written(false, &[b"a"]).is_ok());
        let e = written(false, &[b"a", b"bc"]).err().map(|e| (e.offset(), e.class()));
        assert_eq!(e, Some((Some(2), Class::Invalid)));
        assert!(written(true, &[b"a"]).is_err());
        assert!(written(true, &[]).is_err());
    }

    #[test]
    fn a_window_ends_what_is_seen() -> Result<()> {
        let mut to = vec![];
        let mut sink = Sink::new(VecOutput(&mut to));
        sink.guard(true, &RULE, |next| Some(next.peek::<2>()? == Some(*b"ab")));
        let start = sink.start_window();
        sink.put(b"a")?;
        sink.guard(false, &RULE, |next| Some(next.peek::<1>()? == Some(*b"b")));
        sink.end_window(start)?;
        sink.put(b"b")?;
        sink.finish().map(drop)
    }

    #[test]
    fn ranges_of_the_source_are_seen_too() -> Result<()> {
        let (mut source, mut to) = (std::io::Cursor::new(b"..ab".to_vec()), vec![]);
        let mut sink = Sink::new(crate::CopyOutput::new(&mut source, &mut to));
        sink.guard(true, &RULE, |next| Some(next.peek::<2>()? == Some(*b"ab")));
        sink.blob(&Blob::Range { offset: 2, length: 2 })?;
        sink.guard(false, &RULE, |next| Some(next.peek::<2>()? == Some(*b"ab")));
        assert!(sink.blob(&Blob::Range { offset: 2, length: 2 }).is_err());
        Ok(())
    }

    /// A guard on every byte: some are always open, and what is held of what was written does not grow with it.
    #[test]
    fn what_was_decided_is_forgotten() -> Result<()> {
        let follows = |sink: &mut Sink<VecOutput<'_>>, wanted: bool, byte: u8| {
            sink.guard(wanted, &RULE, |next| Some(next.peek::<2>()? == Some(*b"ab")));
            sink.put(&[byte])
        };
        let mut to = vec![];
        let mut sink = Sink::new(VecOutput(&mut to));
        for _ in 0..5000 {
            follows(&mut sink, false, b'a')?;
            assert!(sink.guards.seen.len() <= FURTHEST.saturating_mul(2));
        }
        follows(&mut sink, true, b'a')?;
        follows(&mut sink, false, b'b')?;
        follows(&mut sink, false, b'a')?;
        let e = sink.put(b"b").err().map(|e| e.offset());
        assert_eq!(e, Some(Some(5002)));
        Ok(())
    }
}
