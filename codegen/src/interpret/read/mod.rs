//! Reading: from bytes to a tree, every rule as soon as what it names is there.

mod aside;
mod block;
mod choice;
mod content;
mod copies;
mod due;
mod entry;
mod field;
mod known;
mod lazy_list;
mod list;
mod record;
mod soft;
mod source;
mod told;

pub(super) use content::shown;
pub(super) use known::number;

pub use entry::{Sparse, read_entry, read_head};

use super::bytes::Bytes;
use super::datum::Datum;
use super::eval::{Env, Frame, Uncomputed};
use super::externs::{Externs, NoExterns};
use super::following::Following;
use super::lazy::Wanted;
use super::state::State;
use super::trace::{Aspect, Observer, Seen, identity};
use super::tree::{Node, Record, Value, What};
use super::trouble::Trouble;
use super::{Reading, Start};
use crate::model::{Body, Class, Expr, Format, Site, TypeId};
use std::cell::RefCell;

/// Most fields, parts and elements of one reading, about 1 GiB of nodes.
const MOST_NODES: u64 = 1 << 23;

/// Most findings that are held.
const MOST_FINDINGS: usize = 1_000;

/// How deep types may nest in themselves.
const DEEPEST: u8 = 64;

/// Why reading stopped, and what was read of the value until then.
#[derive(Debug)]
struct Stop {
    trouble: Box<Trouble>,
    partial: Option<Value>,
}

type Result<T> = std::result::Result<T, Stop>;

/// One step of the path to where the reading is.
#[derive(Debug, Clone, Copy)]
enum Step<'m> {
    Field(&'m str),
    Element(usize),
}

/// A reading under way.
struct Reader<'m> {
    format: &'m Format,
    bytes: &'m dyn Bytes,
    state: &'m RefCell<State>,
    /// Code by hand that tells lengths.
    externs: &'m dyn Externs,
    /// Absolute offset of the value's first byte.
    first: u64,
    /// Absolute offset of the next byte.
    position: u64,
    /// Absolute offset of the end of the window; none outside of one.
    limit: Option<u64>,
    /// The structs around that something is read aside from, the innermost last.
    places: Vec<aside::Place>,
    path: Vec<Step<'m>>,
    findings: Vec<Trouble>,
    left_out: u64,
    depth: u8,
    nodes: u64,
    /// What is held of lists that are read one by one.
    wanted: &'m Wanted,
    /// What a writer would mend, where the reading goes on over it.
    mended: Option<Vec<Trouble>>,
    /// How much there is to mend, listed or not.
    to_mend: u64,
    /// The type of which lists are held in part, that of an entry of a journal; and how much memory there is for that.
    sparse: Option<(TypeId, usize)>,
    /// Who is told what is asked on the way.
    observer: Option<&'m dyn Observer>,
}

/// Reads a value.
#[must_use]
pub fn read(format: &Format, start: Start, bytes: &dyn Bytes) -> Reading {
    read_with(format, start, &[], bytes)
}

/// Reads a value as [`read`] does, with the elements that are wanted of lists that are read one by one.
#[must_use]
pub fn read_wanted(format: &Format, start: Start, bytes: &dyn Bytes, wanted: &Wanted) -> Reading {
    let state = RefCell::new(State::new(format));
    Reader::new(format, (bytes, wanted), &state, start.at).read(start, &[]).0
}

/// Reads a value of a type with params.
#[must_use]
pub fn read_with(format: &Format, start: Start, params: &[Datum<'_>], bytes: &dyn Bytes) -> Reading {
    read_asking(format, start, (params, &NoExterns, &Wanted::default()), bytes)
}

/// Reads a value as [`read_with`] does, with code by hand that tells lengths, and with what is wanted of lists that are read
/// one by one.
#[must_use]
pub fn read_asking(
    format: &Format,
    start: Start,
    (params, externs, wanted): (&[Datum<'_>], &dyn Externs, &Wanted),
    bytes: &dyn Bytes,
) -> Reading {
    let state = RefCell::new(State::new(format));
    let reader = Reader::new(format, (bytes, wanted), &state, start.at);
    Reader { externs, ..reader }.read(start, params).0
}

/// Reads a value as [`read_asking`] does, and tells `observer` what is asked on the way.
#[must_use]
pub fn read_watched(
    format: &Format,
    start: Start,
    (params, externs): (&[Datum<'_>], &dyn Externs),
    bytes: &dyn Bytes,
    observer: &dyn Observer,
) -> Reading {
    let (state, wanted) = (RefCell::new(State::new(format)), Wanted::default());
    let reader = Reader::new(format, (bytes, &wanted), &state, start.at);
    Reader { externs, observer: Some(observer), ..reader }.read(start, params).0
}

/// Reads a value as [`read`] does, but goes on over what a writer works out anyway: pinned values, checksums among them,
/// constant bytes and zeros that are not as they should be. They come beside the reading; at most 1,000 are listed. Elements
/// of lists that are read one by one are held where they are to be mended.
#[must_use]
pub fn read_to_mend(format: &Format, start: Start, bytes: &dyn Bytes) -> (Reading, Vec<Trouble>) {
    let (state, wanted) = (RefCell::new(State::new(format)), Wanted::checked([]));
    let mut reader = Reader::new(format, (bytes, &wanted), &state, start.at);
    reader.mended = Some(Vec::new());
    let (reading, mended) = reader.read(start, &[]);
    (reading, mended.unwrap_or_default())
}

impl<'m> Reader<'m> {
    /// Reads the value, and says what came of it.
    fn read(mut self, start: Start, params: &[Datum<'_>]) -> (Reading, Option<Vec<Trouble>>) {
        let result = self.value_of(start.ty, params, start.big);
        let (value, error) = match result {
            Ok(value) => (value, None),
            Err(stop) => (stop.partial.unwrap_or(Value::Absent), Some(*stop.trouble)),
        };
        let end = self.position;
        let root = Node { what: What::Root(start.ty), at: start.at, len: end.saturating_sub(start.at), value };
        (Reading { root, findings: self.findings, left_out: self.left_out, error, end }, self.mended)
    }

    /// What a writer would mend is noted where that is asked for, and is an error otherwise.
    fn or_mend(&mut self, result: Result<bool>) -> Result<bool> {
        match (result, &mut self.mended) {
            (Err(stop), Some(mended)) if stop.trouble.io.is_none() => {
                self.to_mend = self.to_mend.saturating_add(1);
                if mended.len() < MOST_FINDINGS {
                    mended.push(*stop.trouble);
                }
                Ok(false)
            }
            (result, _) => result,
        }
    }

    fn new(
        format: &'m Format,
        (bytes, wanted): (&'m dyn Bytes, &'m Wanted),
        state: &'m RefCell<State>,
        at: u64,
    ) -> Self {
        Self {
            format,
            bytes,
            state,
            externs: &NoExterns,
            first: at,
            position: at,
            limit: None,
            places: Vec::new(),
            wanted,
            path: Vec::new(),
            findings: Vec::new(),
            left_out: 0,
            depth: 0,
            nodes: 0,
            mended: None,
            to_mend: 0,
            sparse: None,
            observer: None,
        }
    }

    /// A value of a type, from here on.
    fn value_of(&mut self, id: TypeId, params: &[Datum<'_>], big: bool) -> Result<Value> {
        let frame = Frame { ty: id, params, big, base: self.position, place: usize::MAX };
        let format = self.format;
        match &format.ty(id).body {
            Body::Struct(s) => self.record(frame, s),
            Body::Bits(bits) => self.bits(frame, bits),
            Body::Union(union) => self.union(frame, union),
        }
    }

    /// What an expression sees.
    fn env<'e>(&self, frame: Frame<'e>, record: &'e Record) -> Env<'e>
    where
        'm: 'e,
    {
        let len = self.position.saturating_sub(frame.base);
        let left = self.limit.unwrap_or_else(|| self.bytes.size()).saturating_sub(self.position);
        let following = Some(Following { bytes: self.bytes, at: self.position, left });
        Env { rest: Some(self.rest()), len, following, ..Env::new(self.format, frame, record, self.state) }
    }

    /// Tells whoever watches what was asked of a thing of the model.
    fn saw<T>(&self, aspect: Aspect, of: &T, held: bool) {
        if let Some(observer) = self.observer {
            observer.saw(Seen { aspect, of: identity(of), held, at: self.position });
        }
    }

    /// Counts values before they take memory.
    fn count(&mut self, n: usize) -> Result<()> {
        self.nodes = self.nodes.saturating_add(u64::try_from(n).unwrap_or(u64::MAX));
        if self.nodes > MOST_NODES {
            let expected = format!("at most {MOST_NODES} values to look into");
            return Err(self.stop(self.position, Class::Limit, expected, ""));
        }
        Ok(())
    }

    /// With this step in the path of errors and findings.
    fn within<T>(&mut self, step: Step<'m>, read: impl FnOnce(&mut Self) -> Result<T>) -> Result<T> {
        self.path.push(step);
        let result = read(self);
        self.path.pop();
        result
    }

    /// The path to here, and to a field in it; an empty name adds nothing.
    fn path_to(&self, field: &str) -> String {
        let mut out = String::new();
        let own = (!field.is_empty()).then_some(Step::Field(field));
        for step in self.path.iter().copied().chain(own) {
            match step {
                Step::Field("") => {}
                Step::Field(name) if out.is_empty() => out.push_str(name),
                Step::Field(name) => out.extend([".", name]),
                Step::Element(i) => out.extend(["[", &i.to_string(), "]"]),
            }
        }
        out
    }

    /// An error about the value that is being read.
    fn stop(&self, at: u64, class: Class, expected: impl Into<String>, found: impl Into<String>) -> Stop {
        let (expected, found) = (expected.into(), found.into());
        let path = self.path_to("");
        let trouble = Trouble { path, offset: Some(at), class, io: None, expected, found, say: None, site: None };
        Stop { trouble: Box::new(trouble), partial: None }
    }

    /// An expression that has no value.
    fn uncomputed(&self, e: &Expr) -> impl Fn(Uncomputed) -> Stop + use<> {
        let (path, at) = (self.path_to(""), self.position);
        let (expected, site) = (format!("`{}`", e.text), e.site);
        move |Uncomputed| Stop {
            trouble: Box::new(Trouble {
                path: path.clone(),
                offset: Some(at),
                class: Class::Invalid,
                io: None,
                expected: expected.clone(),
                found: String::new(),
                say: None,
                site: Some(site),
            }),
            partial: None,
        }
    }
}

impl Stop {
    /// With the place in the spec, unless a deeper one is known.
    fn sited(mut self, site: Site) -> Self {
        self.trouble.site.get_or_insert(site);
        self
    }

    /// With the author's words, unless there are others.
    fn say(mut self, say: Option<&str>) -> Self {
        if self.trouble.say.is_none() {
            self.trouble.say = say.map(ToOwned::to_owned);
        }
        self
    }

    /// With what was read of the value.
    fn with(mut self, partial: Value) -> Self {
        self.partial = Some(partial);
        self
    }
}
