//! Which field holds a byte.

use vmspec_codegen::interpret::journal::Ring;
use vmspec_codegen::interpret::{Look, Value, What};
use vmspec_codegen::model::{Content, Field, Ty};

use super::scan;
use super::view::View;
use super::walk::{Elements, Inside, behind_cases, enter, inside};

/// A field on the way to a byte.
pub struct Around<'a> {
    /// The field.
    pub look: Look<'a>,
    /// Its path.
    pub path: String,
}

/// What is known of a byte.
pub enum Found<'a> {
    /// The fields around it, outermost first: the last holds it itself.
    In(Vec<Around<'a>>),
    /// It lies in the last of these, behind one field and before another.
    Between(Vec<Around<'a>>, Box<Sides<'a>>),
}

/// The fields on both sides of a byte.
pub struct Sides<'a> {
    /// The one before it.
    pub before: Option<Around<'a>>,
    /// The one behind it.
    pub behind: Option<Around<'a>>,
}

/// What is next on the way.
enum Step<'a> {
    Here,
    In(Look<'a>),
    Between(Box<[Option<Look<'a>>; 2]>),
}

/// Goes down from a field to the one in it that holds a byte. Lists of plain integers and the integer of bits are not
/// looked into.
pub fn find<'a>(top: &Look<'a>, path: &str, offset: u64) -> Found<'a> {
    let mut around = vec![Around { look: top.clone(), path: path.to_owned() }];
    let mut ring = None;
    loop {
        let Some(here) = around.last() else { return Found::In(around) };
        let below = |look: Look<'a>| {
            let mut path = here.path.clone();
            enter(&mut path, &look);
            Around { look, path }
        };
        let content = behind_cases(&here.look).1;
        let within = content.as_ref().and_then(scan::of).map(|scan| scan.ring);
        match content.map_or(Step::Here, |content| step(&content, Byte { offset, ring })) {
            Step::Here => return Found::In(around),
            Step::Between(sides) => {
                let [before, behind] = *sides;
                let sides = Sides { before: before.map(below), behind: behind.map(below) };
                return Found::Between(around, Box::new(sides));
            }
            Step::In(next) => {
                let next = below(next);
                around.push(next);
                ring = ring.or(within);
            }
        }
    }
}

/// A byte of the file, and the ring of the entry that it was found in. There what comes round the end lies at the start.
#[derive(Clone, Copy)]
struct Byte {
    offset: u64,
    ring: Option<Ring>,
}

impl Byte {
    /// Whether it is one of `n` from an offset on.
    fn is_in(self, at: u64, n: u64) -> bool {
        match self.ring {
            Some(ring) => ring.reaches(at, n, self.offset),
            None => at <= self.offset && self.offset < at.saturating_add(n),
        }
    }
}

fn step<'a>(content: &Look<'a>, byte: Byte) -> Step<'a> {
    let offset = byte.offset;
    match inside(content) {
        Inside::Fields(_) if matches!(content.node.value, Value::Bits(_)) => Step::Here,
        Inside::Fields(mut fields) => {
            let around = fields.iter().find(|field| covers(field, byte));
            if let Some(next) = around.or_else(|| fields.iter().find(|field| leads_to(field, byte))) {
                return Step::In(next.clone());
            }
            fields.retain(|field| field.node.len > 0);
            fields.sort_by_key(|field| field.node.at);
            among(fields.len(), &|i| fields.get(i).cloned(), offset)
        }
        Inside::Elements(elements) => among_elements(content, &elements, byte),
        Inside::Numbers(_) | Inside::Nothing => Step::Here,
    }
}

fn among_elements<'a>(list: &Look<'a>, elements: &Elements<'a>, byte: Byte) -> Step<'a> {
    if matches!(list.node.value, Value::Lazy(_) | Value::Scan(_)) {
        let held = element_at(list, byte.offset).and_then(|index| elements.get(index));
        return held.map_or(Step::Here, Step::In);
    }
    if byte.ring.is_some() {
        return elements.iter().find(|element| covers(element, byte)).map_or(Step::Here, Step::In);
    }
    match among(elements.count(), &|i| elements.get(i), byte.offset) {
        Step::Between(sides) => {
            let aside = gives_place(list.field).then(|| elements.iter().find(|element| leads_to(element, byte)));
            aside.flatten().map_or(Step::Between(sides), Step::In)
        }
        found => found,
    }
}

/// Whether a byte is one of a field's. Slack of several pieces lies between other things.
fn covers(look: &Look<'_>, byte: Byte) -> bool {
    match (look.node.what, &look.node.value) {
        (What::OwnSlack(_), Value::List(_)) => look.children().iter().any(|piece| covers(piece, byte)),
        _ => byte.is_in(look.node.at, look.node.len),
    }
}

/// Whether something that is read aside from further out, by this or what is in it, has a byte.
fn leads_to(look: &Look<'_>, byte: Byte) -> bool {
    let is_aside = matches!(look.node.what, What::Field(..)) && look.field.is_some_and(|field| field.aside.is_some());
    if is_aside || !gives_place(look.field) {
        return is_aside && covers(look, byte);
    }
    let Some(content) = behind_cases(look).1 else { return false };
    match inside(&content) {
        Inside::Fields(fields) => fields.iter().any(|field| leads_to(field, byte)),
        Inside::Elements(elements) => elements.iter().any(|element| leads_to(&element, byte)),
        Inside::Numbers(_) | Inside::Nothing => false,
    }
}

/// Whether what a field holds is given a place to read from.
fn gives_place(field: Option<&Field>) -> bool {
    match field.map(|field| &field.content) {
        Some(Content::Type { args, .. }) => args.iter().any(|arg| arg.ty == Ty::Place),
        _ => false,
    }
}

/// The index of the element that has a byte, in a list that is read one by one; of the entry, in a journal.
fn element_at(list: &Look<'_>, offset: u64) -> Option<usize> {
    let of = match &list.node.value {
        Value::Lazy(of) => of,
        Value::Scan(scan) => return scan.entry_at(offset),
        _ => return None,
    };
    let from_start = match of.ring() {
        Some(ring) => ring.distance(of.source.saturating_sub(ring.at), offset)?,
        None => offset.checked_sub(list.node.at)?,
    };
    let index = from_start.checked_div(of.step)?;
    usize::try_from(index).ok().filter(|_| index < of.count)
}

/// Whether a byte is in none of the fields of the value, but in what is carried through in front of one or behind all.
pub fn is_between(view: &View<'_>, offset: u64) -> bool {
    let Found::In(around) = find(&view.top, &view.path, offset) else { return false };
    let below = around.get(1).map(|it| it.look.node.what);
    matches!(below, Some(What::OwnSlack(_) | What::Gap(..)))
}

/// The path of the element that has a byte, where it is one of a list that is read one by one, or of a journal, and is not
/// held.
pub fn lazy_element(view: &View<'_>, offset: u64) -> Option<String> {
    let Found::In(around) = find(&view.top, &view.path, offset) else { return None };
    let last = around.last()?;
    let index = element_at(&behind_cases(&last.look).1?, offset)?;
    Some(format!("{}[{index}]", last.path))
}

/// The one of several fields, in the order of their places, that holds the byte.
fn among<'a>(count: usize, get: &dyn Fn(usize) -> Option<Look<'a>>, offset: u64) -> Step<'a> {
    // How many start at the byte or before it.
    let (mut low, mut high) = (0, count);
    while low < high {
        let middle = low.midpoint(high);
        if get(middle).is_some_and(|look| look.node.at <= offset) {
            low = middle.saturating_add(1);
        } else {
            high = middle;
        }
    }
    let before = low.checked_sub(1).and_then(get);
    match before {
        Some(look) if offset < look.node.end() => Step::In(look),
        before => Step::Between(Box::new([before, get(low)])),
    }
}
