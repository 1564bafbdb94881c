//! The nodes of a page: as many of a tree's as it has room for, from the root downwards.

use std::borrow::Cow;
use std::collections::{BTreeSet, VecDeque};
use std::ops::Range;

use vmspec_codegen::interpret::journal::Ring;
use vmspec_codegen::interpret::{Look, Packed, Value, What};

use super::super::marks::Marks;
use super::super::scan;
use super::super::value::{Writer, number, size};
use super::super::view::View;
use super::super::walk::{Elements, Inside, behind_cases, enter, inside};
use super::data::{Entry, Shape};
use super::kinds::Kinds;
use super::pick::{Ends, Picked, pick};

/// Most nodes of a page.
const NODES: usize = 20_000;
/// Of a list; the first of these is used with which all that is in the elements has room.
const ELEMENTS: [Ends; 3] = [Ends { first: 200, last: 50 }, Ends { first: 48, last: 16 }, Ends { first: 12, last: 4 }];
/// Of a list of plain integers, whose values can be seen among the bytes, at most.
const NUMBERS: Ends = Ends { first: 64, last: 16 };
/// Characters of a value on a line.
const LINE: usize = 120;
/// Most bytes of a text that are shown whole, and of all such texts.
const TEXT: usize = 64 << 10;
const TEXTS: usize = 1 << 20;

/// The nodes of a page.
pub struct Outline<'a> {
    pub nodes: Vec<Entry>,
    pub kinds: Kinds<'a>,
    writer: Writer<'a>,
    marks: Marks<'a>,
    waiting: VecDeque<Waiting<'a>>,
    /// How many bytes of text there is room for.
    texts: usize,
    /// How much of a list is shown.
    elements: Ends,
    /// Whether something was left out for want of room.
    is_full: bool,
}

/// A node whose children are not in the page yet.
struct Waiting<'a> {
    node: usize,
    path: String,
    look: Look<'a>,
    /// That of the entry of a journal that it lies in.
    ring: Option<Ring>,
}

impl<'a> Outline<'a> {
    /// The nodes of what is looked at.
    pub fn of(view: &View<'a>) -> Self {
        let [most, ends @ ..] = ELEMENTS.map(|ends| move || Self::with(view, ends));
        ends.into_iter().fold(most(), |outline, next| if outline.is_full { next() } else { outline })
    }

    /// With so much of each list. Nodes near the root come first, so that no list takes all the room.
    fn with(view: &View<'a>, elements: Ends) -> Self {
        let mut outline = Self {
            nodes: Vec::new(),
            kinds: Kinds::new(view.format),
            writer: view.writer(LINE),
            marks: Marks::new(view.reading, ""),
            waiting: VecDeque::new(),
            texts: TEXTS,
            elements,
            is_full: false,
        };
        outline.add(&view.top, 0, (&view.path, None));
        while let Some(next) = outline.waiting.pop_front() {
            outline.grow(&next);
        }
        outline
    }

    /// The innermost node that is on a path.
    pub fn innermost(&self, path: &str) -> usize {
        let mut here = 0;
        let mut left = path;
        while let Some((child, rest)) = self.step(here, left) {
            (here, left) = (child, rest);
        }
        here
    }

    /// The child that a path leads to, and what is left of the path. That of a copy starts like that of its field.
    fn step<'p>(&self, node: usize, path: &'p str) -> Option<(usize, &'p str)> {
        let (first, count) = self.nodes.get(node)?.children?;
        let children = (first..first.saturating_add(count)).filter_map(|i| {
            let name = self.name(self.nodes.get(i)?)?;
            let rest = path.strip_prefix('.').unwrap_or(path).strip_prefix(&name)?;
            (rest.is_empty() || rest.starts_with(['.', '['])).then_some((i, rest))
        });
        children.min_by_key(|(_, rest)| rest.len())
    }

    fn name(&self, node: &Entry) -> Option<String> {
        if node.shape == Shape::More {
            return None;
        }
        node.index.map_or_else(|| Some(self.kinds.all.get(node.kind)?.name.clone()), |i| Some(format!("[{i}]")))
    }

    /// Adds a node; `list` is the kind of the node above it.
    fn add(&mut self, look: &Look<'a>, list: usize, (path, ring): (&str, Option<Ring>)) {
        let kind = self.kinds.of(look, list);
        let (_, content) = behind_cases(look);
        let content = content.unwrap_or_else(|| look.clone());
        let mut entry = Entry {
            kind,
            at: look.node.at,
            len: look.node.len,
            shape: shape(&content.node.value),
            value: self.writer.value(look),
            text: self.text(&content.node.value),
            raw: raw(&content),
            lines: told(&content),
            round: round(look, ring),
            ..Entry::default()
        };
        if let What::Element(index) | What::Entry(_, index) = look.node.what {
            entry.index = Some(index);
        }
        let node = self.nodes.len();
        self.nodes.push(entry);
        if !matches!(inside(&content), Inside::Nothing) {
            let mut path = path.to_owned();
            if node > 0 {
                enter(&mut path, look);
            }
            let ring = scan::of(&content).map(|scan| scan.ring).or(ring);
            self.waiting.push_back(Waiting { node, path, look: content, ring });
        }
    }

    /// A text that is shown whole, while there is room.
    fn text(&mut self, value: &Value) -> Option<String> {
        let (text, len) = match value {
            Value::Text(bytes) => (String::from_utf8_lossy(bytes), bytes.len()),
            Value::Utf16(units) => (Cow::Owned(String::from_utf16_lossy(units)), units.len().saturating_mul(2)),
            _ => return None,
        };
        // A short text of one line is whole where its node stands.
        let needed = len > LINE || text.contains('\n');
        if !needed || len > TEXT || len > self.texts {
            return None;
        }
        self.texts = self.texts.saturating_sub(len);
        Some(visible(&text))
    }

    /// Adds the children of a node.
    fn grow(&mut self, of: &Waiting<'a>) {
        let first = self.nodes.len();
        let kind = self.nodes.get(of.node).map_or(0, |node| node.kind);
        match inside(&of.look) {
            Inside::Nothing => {}
            Inside::Fields(fields) => self.fields(&fields, kind, of),
            Inside::Elements(elements) => self.elements(&elements, kind, of),
            Inside::Numbers(packed) => self.numbers(packed, kind, of.look.node.at),
        }
        let count = self.nodes.len().saturating_sub(first);
        if let Some(node) = self.nodes.get_mut(of.node).filter(|_| count > 0) {
            node.children = Some((first, count));
        }
    }

    fn fields(&mut self, fields: &[Look<'a>], kind: usize, of: &Waiting<'a>) {
        if fields.len() > self.room() {
            let node = &of.look.node;
            self.is_full = true;
            return self.more(kind, fields.len(), node.at, node.end());
        }
        for field in fields {
            self.add(field, kind, (&of.path, of.ring));
        }
    }

    fn elements(&mut self, elements: &Elements<'a>, kind: usize, of: &Waiting<'a>) {
        let (path, ring) = (of.path.as_str(), of.ring);
        let ends = self.fitting(self.elements);
        let mut left_out: Option<Range<usize>> = None;
        for part in pick(elements.count(), ends, &self.marks.indices(path)) {
            let run = match part {
                Picked::One(index) => match elements.get(index) {
                    Some(element) => {
                        self.run(left_out.take(), elements, kind);
                        self.add(&element, kind, (path, ring));
                        continue;
                    }
                    None => index..index.saturating_add(1),
                },
                Picked::Run(run) => run,
            };
            left_out = Some(left_out.map_or(run.start, |before| before.start)..run.end);
        }
        self.run(left_out, elements, kind);
    }

    /// A node for elements that are left out.
    fn run(&mut self, run: Option<Range<usize>>, elements: &Elements<'a>, kind: usize) {
        let Some(run) = run else { return };
        let place = elements.place(run.start).zip(elements.place(run.end.saturating_sub(1)));
        let place = place.map_or((0, 0), |((first, _), (last, len))| (first, last.saturating_add(len)));
        self.more(kind, run.len(), place.0, place.1);
    }

    fn numbers(&mut self, packed: &Packed, kind: usize, at: u64) {
        let step = size(packed.step());
        let place = |index: usize| at.saturating_add(step.saturating_mul(size(index)));
        let element = self.kinds.number(kind);
        let Ends { first, last } = self.elements;
        let ends = self.fitting(Ends { first: NUMBERS.first.min(first), last: NUMBERS.last.min(last) });
        for part in pick(packed.count(), ends, &BTreeSet::new()) {
            match part {
                Picked::One(index) => self.nodes.push(Entry {
                    kind: element,
                    index: Some(index),
                    at: place(index),
                    len: step,
                    shape: Shape::Int,
                    value: packed.get(index).map(number).unwrap_or_default(),
                    ..Entry::default()
                }),
                Picked::Run(run) => self.more(kind, run.len(), place(run.start), place(run.end)),
            }
        }
    }

    /// A node for those that are left out.
    fn more(&mut self, kind: usize, count: usize, at: u64, end: u64) {
        let len = end.saturating_sub(at);
        self.nodes.push(Entry { kind, at, len, shape: Shape::More, count: size(count), ..Entry::default() });
    }

    /// How many elements of a list there is room for: none at all once the page is full.
    fn fitting(&mut self, ends: Ends) -> Ends {
        if self.room() > ends.first.saturating_add(ends.last) {
            return ends;
        }
        self.is_full = true;
        Ends { first: 0, last: 0 }
    }

    /// How many more nodes there is room for, if each that waits gets a node that says what is left out of it.
    fn room(&self) -> usize {
        NODES.saturating_sub(self.nodes.len()).saturating_sub(self.waiting.len())
    }
}

fn shape(value: &Value) -> Shape {
    match value {
        Value::Absent => Shape::Absent,
        Value::Int(_) => Shape::Int,
        Value::F32(_) | Value::F64(_) => Shape::Float,
        Value::Bool(_) => Shape::Bool,
        Value::Enum(_) => Shape::Enum,
        Value::Flags(_) => Shape::Flags,
        Value::Guid(_) => Shape::Guid,
        Value::Bytes(_) | Value::Same | Value::Refused(..) => Shape::Bytes,
        Value::Text(_) | Value::Utf16(_) => Shape::Text,
        Value::Blob(_) => Shape::Blob,
        Value::Zeros(_) => Shape::Zeros,
        Value::Record(_) => Shape::Record,
        Value::Bits(_) => Shape::Bits,
        Value::Case(..) => Shape::Case,
        Value::List(_) | Value::Packed(_) | Value::Lazy(_) | Value::Scan(_) => Shape::List,
    }
}

/// What is to be said of a journal beside its entries.
fn told(look: &Look<'_>) -> Vec<String> {
    let (before, behind) = scan::lines(look);
    before.into_iter().chain(behind).collect()
}

/// What comes round the end of its ring: where that lies, and how much it is.
fn round(look: &Look<'_>, ring: Option<Ring>) -> Option<(u64, u64)> {
    let ring = ring?;
    Some((ring.at, ring.beyond(look.node.at, look.node.len))).filter(|(_, n)| *n > 0)
}

/// What finds the value among those that the spec names: the index of an enum value, the bits of flags.
fn raw(look: &Look<'_>) -> Option<String> {
    match &look.node.value {
        Value::Flags(bits) => Some(bits.to_string()),
        Value::Enum(_) => {
            let named = look.named()?;
            let index = look.enum_()?.values.iter().position(|value| std::ptr::eq(value, named));
            index.map(|index| index.to_string())
        }
        _ => None,
    }
}

/// The text with what cannot be seen escaped, lines and tabs aside. Marks of direction could make it look like another.
fn visible(text: &str) -> String {
    let escaped = |c: char| match c {
        '\n' | '\t' | '"' | '\'' | '\\' => c.to_string(),
        c => c.escape_debug().to_string(),
    };
    text.chars().map(escaped).collect()
}
