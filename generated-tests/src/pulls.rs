//! Pull readers: their events together are the value as it is read at once, and damaged bytes are refused at the same place.
//! Values are compared by what `{:#?}` shows of them, which has every member in the order of the bytes.

use std::fmt::Debug;
use std::io::{self, Read};
use std::sync::Arc;

use vmspec_runtime::{Class, Endian, PullReader, Wire};

use crate::damage::{SMALL, likely, put};
use crate::doors::{Failure, Verdict, pipe, printed};
use crate::read;

/// About so many bytes of a larger input are changed or cut off.
const PLACES: usize = 32;
/// So many values are tried there: all that is held is printed for each.
const VALUES: usize = 3;

/// Bytes as they come through a pipe: of few bytes 1 to 7 at a time, of many as many as are asked for.
#[derive(Clone, Debug)]
pub struct Pipe {
    bytes: Arc<[u8]>,
    at: usize,
    step: usize,
}

impl Pipe {
    /// A pipe that gives these bytes.
    #[must_use]
    pub fn new(bytes: &[u8]) -> Self {
        Self { bytes: bytes.into(), at: 0, step: 0 }
    }
}

impl Read for Pipe {
    fn read(&mut self, to: &mut [u8]) -> io::Result<usize> {
        self.step = if self.bytes.len() <= SMALL { self.step.wrapping_rem(7).saturating_add(1) } else { to.len() };
        let mut from = self.bytes.get(self.at..).unwrap_or_default().take(u64::try_from(self.step).unwrap_or(1));
        let n = from.read(to)?;
        self.at = self.at.saturating_add(n);
        Ok(n)
    }
}

/// The bytes, every beginning of them, and the bytes with any one changed: a pull reader hands out what the whole value holds,
/// or refuses them at the same place for the same reason.
#[track_caller]
pub fn pulls<T, P>(bytes: &[u8], order: Endian, args: &T::Args<'_>, new: impl Fn(Pipe) -> P)
where
    T: Debug + Wire,
    P: PullReader<Event: Debug>,
{
    pulls_alike::<T, P>(bytes, order, args, &new);
    let (step, values) = if bytes.len() <= SMALL { (1, usize::MAX) } else { ((bytes.len() / PLACES).max(1), VALUES) };
    for end in (0..bytes.len()).step_by(step) {
        pulls_alike::<T, P>(bytes.get(..end).unwrap_or_default(), order, args, &new);
    }
    let mut changed = bytes.to_vec();
    for at in (0..bytes.len()).step_by(step) {
        let Some(original) = changed.get(at).copied() else { continue };
        for value in likely(original).into_iter().take(values) {
            put(&mut changed, at, value);
            pulls_alike::<T, P>(&changed, order, args, &new);
        }
        put(&mut changed, at, original);
    }
}

/// The same of these bytes alone.
#[track_caller]
pub fn pulls_alike<T, P>(bytes: &[u8], order: Endian, args: &T::Args<'_>, new: &impl Fn(Pipe) -> P)
where
    T: Debug + Wire,
    P: PullReader<Event: Debug>,
{
    let whole = read::<T>(bytes, order, args);
    // Read ahead by a few bytes or not at all, as it comes.
    let passed = pull(new(Pipe::new(bytes)).buffered(bytes.len() % 9), false);
    let pulled = pull(new(Pipe::new(bytes)).buffered(bytes.len() % 7), true);
    match (&whole, &passed, &pulled) {
        (Ok((value, _)), Ok(parts), Ok(with_payload)) => {
            let value = Parts::of(&format!("{value:#?}"), bytes);
            assert_eq!(parts.leaves, value.leaves, "the events are not the value: {}", printed(bytes));
            assert_eq!(with_payload.leaves, value.leaves, "reading the payload changes events: {}", printed(bytes));
            assert!(with_payload.payload == value.payload, "other payload: {}", printed(bytes));
        }
        (Err(e), Err(passed), Err(pulled)) => {
            assert_eq!(
                passed.class,
                pulled.class,
                "{passed}, but {pulled} when the payload is read: {}",
                printed(bytes)
            );
            let piped = pipe::<T>(bytes, order, args);
            assert!(is_same(passed, e, &piped), "{passed}, but at once {e}: {}", printed(bytes));
        }
        _ => panic!("at once {whole:?}, in parts {passed:?}, with payload {pulled:?}: {}", printed(bytes)),
    }
}

/// Whether a failure is that of the whole value, read through a pipe too: a slice knows how long it is, and what is cut off
/// before anything else is wrong with it. Payload that is cut off is noticed when it is passed over, in the field that holds it
/// and not in the one behind; in a window, a slice says so of the window.
fn is_same<T>(found: &Failure, whole: &Failure, piped: &Verdict<T>) -> bool {
    let Err(piped) = piped else { return false };
    let expected = if piped.class == Class::NeedsSource { whole } else { piped };
    let around = whole.path.starts_with(&found.path) || found.path.starts_with(&whole.path);
    let place = found.path == expected.path || found.class == Class::Truncated && around;
    place && (found.class, found.offset) == (expected.class, expected.offset)
}

/// What a value or events hold, in the order of the bytes.
#[derive(Debug, Default)]
struct Parts {
    leaves: Vec<String>,
    payload: Vec<u8>,
}

/// All that a reader hands out, and the payload where that is read.
fn pull<P: PullReader<Event: Debug>>(mut reader: P, payload: bool) -> Result<Parts, Failure> {
    let mut all = Parts::default();
    loop {
        match reader.next_event() {
            Ok(Some(event)) => all.leaves.extend(Parts::of(&format!("{event:#?}"), &[]).leaves),
            Ok(None) => break,
            Err(e) => {
                assert!(matches!(reader.next_event(), Ok(None)), "a reader goes on after {e}");
                assert!(matches!(reader.read_pending(&mut [0]), Ok(0)), "there is payload after {e}");
                return Err(e.into());
            }
        }
        let mut piece = [0; 5000];
        loop {
            match if payload { reader.read_pending(&mut piece) } else { Ok(0) } {
                Ok(0) => break,
                Ok(n) => all.payload.extend_from_slice(piece.get(..n).unwrap_or_default()),
                Err(e) if e.kind() == io::ErrorKind::UnexpectedEof => break,
                Err(e) => panic!("{e}"),
            }
        }
    }
    assert!(matches!(reader.next_event(), Ok(None)), "there is something behind the end");
    Ok(all)
}

impl Parts {
    /// Of a value as `{:#?}` shows it: a line for each number, text or name, and of payload its place in `bytes`. What lies in
    /// gaps and slack is passed over, and so is no payload.
    fn of(text: &str, bytes: &[u8]) -> Self {
        let mut parts = Self::default();
        let mut lines = text.lines().map(|l| l.trim().trim_end_matches(','));
        if !text.contains('\n') {
            return parts;
        }
        while let Some(line) = lines.next() {
            let (name, value) = labelled(line);
            if value == "Range {" {
                let [offset, length] = [lines.next(), lines.next()].map(|l| l.map_or("", |l| labelled(l).1));
                let [offset, length] = [offset, length].map(|n| n.parse().unwrap_or(usize::MAX));
                if !(name.ends_with("_gap") || name.ends_with("_slack") || name == "slack") {
                    parts
                        .payload
                        .extend_from_slice(bytes.get(offset..offset.saturating_add(length)).unwrap_or_default());
                }
            } else if !value.ends_with(['{', '(', '['])
                && !value.starts_with(['}', ')', ']'])
                && !["None", "[]"].contains(&value)
            {
                parts.leaves.push(value.to_owned());
            }
        }
        parts
    }
}

/// The name in front of a value, and the value.
fn labelled(line: &str) -> (&str, &str) {
    match line.split_once(": ") {
        Some((name, value)) if name.chars().all(|c| c.is_ascii_alphanumeric() || "_#".contains(c)) => (name, value),
        _ => ("", line),
    }
}
