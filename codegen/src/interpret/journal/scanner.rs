//! Looking through a ring for entries.

use super::place::fold_trouble;
use super::ring::Unrolled;
use super::sequence::{Link, active};
use super::{Placed, Ring, Scan, Why};
use crate::interpret::bytes::Bytes;
use crate::interpret::datum::Datum;
use crate::interpret::eval::{Env, Frame};
use crate::interpret::lazy::Wanted;
use crate::interpret::read::{Sparse, read_entry, read_head};
use crate::interpret::state::State;
use crate::interpret::tree::{Node, Record, Value, What};
use crate::interpret::trouble::Trouble;
use crate::interpret::{Reading, Start};
use crate::model::{Class, Format, Journal, TypeId};
use std::cell::RefCell;

/// How many times the ring's bytes are looked at for entries that overlap, where the format allows that.
const OVERLAP: u64 = 16;

/// Why the looking stopped.
type Result<T> = std::result::Result<T, Box<Trouble>>;

/// What a journal is looked through with.
#[derive(Clone, Copy)]
pub struct Looked<'a> {
    /// The model.
    pub format: &'a Format,
    /// The journal.
    pub journal: &'a Journal,
    /// The struct that holds it, and its type.
    pub holder: (TypeId, &'a Record),
    /// The file.
    pub bytes: &'a dyn Bytes,
}

/// Looks through a ring at an offset of the file, which is there as a whole.
pub(super) fn scan(looked: Looked<'_>, (at, size): (u64, u64)) -> Scan {
    let ring = Ring { at, size, stride: looked.journal.stride };
    let state = RefCell::new(State::new(looked.format));
    let mut scanner = Scanner { looked, ring, state: &state };
    let mut scan = Scan::new(ring, looked.journal.entry, scanner.is_live());
    if let Err(trouble) = scanner.look_through(&mut scan) {
        scan.entries.clear();
        scan.trouble = Some(trouble);
    }
    scan
}

/// A valid entry of a scan as a whole, with the elements of its lists that are wanted. Its places may lie behind the end of
/// the ring.
pub(super) fn entry(looked: Looked<'_>, ring: Ring, placed: Placed, sparse: Sparse<'_>) -> Reading {
    let at = ring.offset(placed.start);
    let bytes = Unrolled::new(looked.bytes, ring, at.saturating_add(placed.length));
    read_entry(looked.format, Start { ty: looked.journal.entry, at, big: false }, &bytes, sparse)
}

struct Scanner<'a> {
    looked: Looked<'a>,
    ring: Ring,
    state: &'a RefCell<State>,
}

/// A head of which nothing but itself has been looked at.
enum Head {
    Foreign,
    Possible(u64),
}

impl Scanner<'_> {
    fn is_live(&self) -> bool {
        self.env(None, None).holds(&self.looked.journal.live) == Ok(true)
    }

    fn look_through(&mut self, scan: &mut Scan) -> Result<()> {
        if self.ring.size == 0 || !self.ring.size.is_multiple_of(self.ring.stride) {
            let expected = format!("a journal of one or more times {} bytes", self.ring.stride);
            return Err(trouble(Class::Invalid, expected, self.ring.size, self.ring.at));
        }
        let mut heads = self.heads(scan)?;
        if crate::resolve::is_marked(self.looked.format, self.looked.journal) {
            heads = self.uncovered(&heads, scan);
        }
        scan.entries = self.valid(heads, scan)?;
        scan.active = active(&self.links(&scan.entries)?);
        for (turn, index) in scan.active.iter().enumerate() {
            if let Some(entry) = scan.entries.get_mut(*index) {
                entry.turn = Some(turn);
            }
        }
        Ok(())
    }

    /// What starts at each stride, is accepted and could be as long as it says.
    fn heads(&self, scan: &mut Scan) -> Result<Vec<Placed>> {
        let mut heads = Vec::new();
        for index in 0..self.ring.strides() {
            let start = index.saturating_mul(self.ring.stride);
            if !self.is_head(start)? {
                continue;
            }
            scan.heads = scan.heads.saturating_add(1);
            match self.head(start).and_then(|head| self.possible(&head, start)) {
                Ok(Head::Possible(length)) => heads.push(Placed { start, length, turn: None }),
                Ok(Head::Foreign) => {
                    scan.foreign = scan.foreign.saturating_add(1);
                    scan.reject(start, Why::Foreign);
                }
                Err(why) if why.io.is_some() => return Err(why),
                Err(why) => scan.reject(start, Why::Wrong(why)),
            }
        }
        Ok(heads)
    }

    /// Whether a stride begins as an entry does.
    fn is_head(&self, start: u64) -> Result<bool> {
        let s = self.looked.format.ty(self.looked.journal.entry).as_struct();
        let Some(mark) = s.and_then(crate::resolve::mark) else { return Ok(true) };
        let (mut found, at) = (vec![0; mark.len()], self.ring.offset(start));
        self.looked.bytes.read_at(at, &mut found).map_err(|e| failed(&e, at))?;
        Ok(found == mark)
    }

    fn head(&self, start: u64) -> Result<Node> {
        let (entry, at) = (self.looked.journal.entry, self.ring.offset(start));
        let record = read_head(self.looked.format, entry, at, self.looked.bytes)?;
        Ok(Node { what: What::Root(entry), at, len: 0, value: Value::Record(record) })
    }

    fn possible(&self, head: &Node, start: u64) -> Result<Head> {
        let it = Datum::Node(head, None);
        if self.env(Some(&it), None).holds(&self.looked.journal.accept) != Ok(true) {
            return Ok(Head::Foreign);
        }
        let (length, ring) = (self.length(head), self.ring);
        if length > 0 && length <= ring.size && length.is_multiple_of(ring.stride) {
            return Ok(Head::Possible(length));
        }
        let (stride, strides) = (ring.stride, ring.strides());
        let expected = format!("an entry of {stride} bytes, or of that up to {strides} times");
        Err(trouble(Class::Invalid, expected, length, ring.offset(start)))
    }

    /// How long an entry says it is; 0 where that has no value.
    fn length(&self, head: &Node) -> u64 {
        let ty = self.looked.journal.entry;
        let window = self.looked.format.ty(ty).as_struct().and_then(|s| s.window.as_ref());
        let (Some(window), Some(record)) = (window, head.record()) else { return 0 };
        let frame = Frame { ty, params: &[], big: false, base: head.at, place: usize::MAX };
        Env::new(self.looked.format, frame, record, self.state).size(&window.size).unwrap_or(0)
    }

    /// The heads whose entry covers no other one.
    fn uncovered(&self, heads: &[Placed], scan: &mut Scan) -> Vec<Placed> {
        let next = heads.iter().cycle().skip(1);
        let mut left = Vec::new();
        for (head, next) in heads.iter().zip(next) {
            let room = self.ring.distance(head.start, self.ring.offset(next.start)).filter(|n| *n > 0);
            if head.length <= room.unwrap_or(self.ring.size) {
                left.push(*head);
                continue;
            }
            let expected = "an entry that ends before the next one starts";
            let why = trouble(Class::Invalid, expected, head.length, self.ring.offset(head.start));
            scan.reject(head.start, Why::Wrong(why));
        }
        left
    }

    /// Those that are entries as a whole.
    fn valid(&self, heads: Vec<Placed>, scan: &mut Scan) -> Result<Vec<Placed>> {
        let mut work = self.ring.size.saturating_mul(OVERLAP);
        let (wanted, mut valid) = (Wanted::default(), Vec::new());
        let sparse = Sparse { wanted: &wanted, path: "", room: 0 };
        for head in heads {
            let Some(left) = work.checked_sub(head.length) else {
                let expected = "entries that together are at most sixteen times as long as the journal";
                return Err(trouble(Class::Limit, expected, head.length, self.ring.offset(head.start)));
            };
            work = left;
            match entry(self.looked, self.ring, head, sparse).error {
                None => valid.push(head),
                Some(why) if why.io.is_some() => return Err(Box::new(why)),
                Some(why) => scan.reject(head.start, Why::Wrong(Box::new(fold_trouble(why, self.ring)))),
            }
        }
        Ok(valid)
    }

    /// What is known of valid entries, and of the one that comes behind each.
    fn links(&self, entries: &[Placed]) -> Result<Vec<Link>> {
        let journal = self.looked.journal;
        let link = |placed: &Placed| {
            let head = self.head(placed.start)?;
            let it = Datum::Node(&head, None);
            let env = self.env(Some(&it), None);
            let newest = env.int(&journal.newest).unwrap_or(i128::MIN);
            let tail = env.size(&journal.tail).unwrap_or(u64::MAX);
            Ok(Link { start: placed.start, next: self.next(entries, placed, &it)?, newest, tail })
        };
        entries.iter().map(link).collect()
    }

    /// The index of the entry that starts where one ends, if it follows that.
    fn next(&self, entries: &[Placed], placed: &Placed, prev: &Datum<'_>) -> Result<Option<usize>> {
        let behind = self.ring.after(placed.start, placed.length);
        let Ok(index) = entries.binary_search_by_key(&behind, |it| it.start) else { return Ok(None) };
        let head = self.head(behind)?;
        let it = Datum::Node(&head, None);
        let follows = self.env(Some(&it), Some(prev)).holds(&self.looked.journal.follows) == Ok(true);
        Ok(follows.then_some(index))
    }

    /// What an expression of the journal sees, about one entry or two.
    fn env<'e>(&'e self, it: Option<&'e Datum<'e>>, other: Option<&'e Datum<'e>>) -> Env<'e> {
        let (ty, record) = self.looked.holder;
        let frame = Frame { ty, params: &[], big: false, base: 0, place: usize::MAX };
        Env { it, other, ..Env::new(self.looked.format, frame, record, self.state) }
    }
}

/// What is wrong with an entry or the ring.
fn trouble(class: Class, expected: impl Into<String>, found: u64, at: u64) -> Box<Trouble> {
    let (expected, found) = (expected.into(), found.to_string());
    let path = String::new();
    Box::new(Trouble { path, offset: Some(at), class, io: None, expected, found, say: None, site: None })
}

/// The system failed.
fn failed(e: &std::io::Error, at: u64) -> Box<Trouble> {
    let mut trouble = trouble(Class::Truncated, "more input", 0, at);
    trouble.io = Some(e.to_string());
    trouble
}
