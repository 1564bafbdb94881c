//! Room in windows: zeros at the end of a window, or in the gap before a fixed offset, that give way when what is
//! before them grows, and that grow when it shrinks. So the window keeps its size, and nothing behind it moves.

use super::Start;
use super::bytes::Bytes;
use super::edit::hops::{Hop, node_at, node_mut, path_of};
use super::edit::pairs::Pair;
use super::look::Look;
use super::tree::{Blob, Node, Value, What};
use super::trouble::Trouble;
use super::write::derive_loosely;
use crate::model::{Content, Driver, Field, FieldId, Format, Length, Place, Role, Root, Step, TypeId};

/// How often windows are settled: those inside of others come first.
const MOST_PASSES: usize = 128;

/// The most room that is held in memory, where it is no range of the file and may be other than zeros.
const MOST_HELD: u64 = 64 << 20;

/// How much payload is looked at at a time.
const CHUNK: u64 = 64 << 10;

/// A window that is not as it was.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Window {
    /// Its path; empty for the value as a whole.
    pub path: String,
    /// Its size before and after.
    pub size: (u64, u64),
    /// Its room, and how much that was and is.
    pub room: Option<(String, u64, u64)>,
}

/// What keeps its size or place, and the zeros that can see to that.
struct Span {
    hops: Vec<Hop>,
    /// The size, or the offset of a field.
    size: (u64, u64),
    room: Option<Room>,
    /// Whether it is a window, not a fixed offset.
    is_window: bool,
}

/// Zeros that can give way.
struct Room {
    hops: Vec<Hop>,
    len: (u64, u64),
}

/// Derives a tree that was changed, so that windows keep the size that they had `before` as far as their room goes.
/// Room that was set itself stays as it is.
///
/// # Errors
/// Those of [`derive`](super::derive).
pub fn derive_in_room(
    format: &Format,
    start: Start,
    before: &Node,
    root: &mut Node,
    source: &dyn Bytes,
) -> Result<(), Box<Trouble>> {
    let mut misplaced = derive_loosely(format, start, root, source)?;
    let was_set = |room: &Room| room.len.0 != room.len.1;
    let rooms = spans(format, before, root).into_iter().filter_map(|span| span.room);
    let set: Vec<Vec<Hop>> = rooms.filter(was_set).map(|room| room.hops).collect();
    for _ in 0..MOST_PASSES {
        let changes = settle(spans(format, before, root), &set, root, source);
        if changes.is_empty() {
            break;
        }
        for Resize { room, len, .. } in changes {
            resize(root, &room, len);
        }
        misplaced = derive_loosely(format, start, root, source)?;
    }
    misplaced.map_or(Ok(()), Err)
}

/// Room that gives way to what is in a window.
struct Resize {
    window: Vec<Hop>,
    room: Vec<Hop>,
    len: u64,
}

/// What becomes of the room of these windows. One that holds another whose room changes has to wait for that.
fn settle(spans: Vec<Span>, set: &[Vec<Hop>], root: &Node, source: &dyn Bytes) -> Vec<Resize> {
    let mut out: Vec<Resize> = Vec::new();
    for Span { hops: window, size, room, .. } in spans {
        let waits = out.iter().any(|inner| inner.window.starts_with(&window));
        let Some(zeros) = room.filter(|zeros| !waits && !set.contains(&zeros.hops)) else { continue };
        let len = fitting(size, zeros.len.1);
        let gives = node_at(root, &zeros.hops).is_some_and(|node| can_be(node, len) && is_zero(node, source));
        if len != zeros.len.1 && gives {
            out.push(Resize { window, room: zeros.hops, len });
        }
    }
    out
}

/// The windows whose size or room is not as it was.
#[must_use]
pub fn windows(format: &Format, before: &Node, after: &Node) -> Vec<Window> {
    let shown = |room: Room| (path_of(format, after, &room.hops), room.len.0, room.len.1);
    let windows = spans(format, before, after).into_iter().filter(|span| span.is_window);
    windows
        .map(|span| Window { path: path_of(format, after, &span.hops), size: span.size, room: span.room.map(shown) })
        .collect()
}

/// How much room is left when the window is to be as large as it was.
fn fitting((was, is): (u64, u64), room: u64) -> u64 {
    if is >= was { room.saturating_sub(is.saturating_sub(was)) } else { room.saturating_add(was.saturating_sub(is)) }
}

fn resize(root: &mut Node, hops: &[Hop], len: u64) {
    let Some(node) = node_mut(root, hops) else { return };
    let grows = len > node.len;
    match &mut node.value {
        Value::Blob(Blob::Held(bytes)) => bytes.resize(usize::try_from(len).unwrap_or(bytes.len()), 0),
        Value::Blob(blob) if grows => *blob = Blob::Held(vec![0; usize::try_from(len).unwrap_or(0)]),
        _ => {}
    }
    node.len = len;
}

/// Whether a node can be made so long.
fn can_be(node: &Node, len: u64) -> bool {
    len <= node.len || len <= MOST_HELD || !matches!(node.value, Value::Blob(_))
}

/// Whether a node holds nothing but zeros. Where anything may be held and nothing is, there is no room.
fn is_zero(node: &Node, source: &dyn Bytes) -> bool {
    match &node.value {
        Value::Blob(_) if node.len == 0 => false,
        Value::Zeros(found) => found.is_none(),
        Value::Blob(Blob::Held(bytes)) => bytes.iter().all(|byte| *byte == 0),
        Value::Blob(Blob::File(at)) => is_zero_at(source, *at, node.len),
        _ => false,
    }
}

fn is_zero_at(source: &dyn Bytes, at: u64, len: u64) -> bool {
    let mut done = 0;
    let mut chunk = vec![0; usize::try_from(len.min(CHUNK)).unwrap_or(0)];
    while done < len {
        chunk.truncate(usize::try_from(len.saturating_sub(done)).unwrap_or(usize::MAX));
        if source.read_at(at.saturating_add(done), &mut chunk).is_err() || chunk.iter().any(|byte| *byte != 0) {
            return false;
        }
        done = done.saturating_add(u64::try_from(chunk.len()).unwrap_or(u64::MAX));
    }
    true
}

/// The windows and fixed offsets that are not as they were, or whose room is not; those inside of others first.
fn spans(format: &Format, before: &Node, after: &Node) -> Vec<Span> {
    let mut walk = Walk { out: Vec::new(), hops: Vec::new() };
    walk.node(&Pair::root(format, before, after));
    walk.out
}

struct Walk {
    out: Vec<Span>,
    hops: Vec<Hop>,
}

impl Walk {
    fn node(&mut self, pair: &Pair<'_>) {
        let inside = pair.inside();
        for (i, (hop, child)) in inside.iter().enumerate() {
            self.hops.push(*hop);
            self.node(child);
            self.hops.pop();
            let extra = |i: Option<usize>| i.and_then(|i| inside.get(i)).filter(|(_, pair)| is_extra(pair));
            self.field((*hop, child), (pair, extra(i.checked_sub(1)), extra(i.checked_add(1))));
        }
        self.own_window(pair);
    }

    /// The window of a field, and its place where that is fixed.
    fn field(&mut self, (hop, pair): (Hop, &Pair<'_>), around: (&Pair<'_>, Extra<'_, '_>, Extra<'_, '_>)) {
        let (holder, gap, slack) = around;
        let (What::Field(ty, id), Some(field)) = (pair.after.node.what, pair.after.field) else { return };
        if !pair.before.node.is_present() || !pair.after.node.is_present() {
            return;
        }
        let gap = gap.filter(|(_, gap)| gap.after.node.what == What::Gap(ty, id));
        let slack = slack.filter(|(_, slack)| slack.after.node.what == What::Slack(ty, id));
        if field.window.is_some() {
            let size = |look: &Look<'_>, slack: Option<u64>| look.node.len.saturating_add(slack.unwrap_or(0));
            let was = size(&pair.before, slack.map(|(_, slack)| slack.before.node.len));
            let is = size(&pair.after, slack.map(|(_, slack)| slack.after.node.len));
            let room = match slack {
                Some((at, slack)) => Some(self.room(*at, slack)),
                None => self.at_the_end(hop, pair),
            };
            self.note(hop, (was, is), room, true);
        }
        if field.at.is_some() && !drives_offset(pair.after.format, ty, id) {
            let offset = |look: &Look<'_>, base: &Look<'_>| look.node.at.saturating_sub(base.node.at);
            let size = (offset(&pair.before, &holder.before), offset(&pair.after, &holder.after));
            let room = gap.map(|(at, gap)| self.room(*at, gap));
            self.note(hop, size, room, false);
        }
    }

    /// The window that a type has of its own.
    fn own_window(&mut self, pair: &Pair<'_>) {
        let of = pair.after.type_id().and_then(|ty| pair.after.format.ty(ty).as_struct());
        if of.is_none_or(|s| s.window.is_none()) || !pair.before.node.is_present() || !pair.after.node.is_present() {
            return;
        }
        let mut hops = self.hops.clone();
        let room = end_of(pair, &mut hops).map(|len| Room { hops, len });
        self.push(self.hops.clone(), (pair.before.node.len, pair.after.node.len), room, true);
    }

    /// The room at the end of what fills a window.
    fn at_the_end(&self, hop: Hop, pair: &Pair<'_>) -> Option<Room> {
        let mut hops = [self.hops.as_slice(), &[hop]].concat();
        end_of(pair, &mut hops).map(|len| Room { hops, len })
    }

    fn room(&self, hop: Hop, pair: &Pair<'_>) -> Room {
        Room { hops: [self.hops.as_slice(), &[hop]].concat(), len: lengths(pair) }
    }

    fn note(&mut self, hop: Hop, size: (u64, u64), room: Option<Room>, is_window: bool) {
        self.push([self.hops.as_slice(), &[hop]].concat(), size, room, is_window);
    }

    fn push(&mut self, hops: Vec<Hop>, size: (u64, u64), room: Option<Room>, is_window: bool) {
        if size.0 != size.1 || room.as_ref().is_some_and(|room| room.len.0 != room.len.1) {
            self.out.push(Span { hops, size, room, is_window });
        }
    }
}

/// A neighbour of a field that is a gap or slack.
type Extra<'p, 'a> = Option<&'p (Hop, Pair<'a>)>;

fn is_extra(pair: &Pair<'_>) -> bool {
    pair.after.is_extra()
}

fn lengths(pair: &Pair<'_>) -> (u64, u64) {
    (pair.before.node.len, pair.after.node.len)
}

/// Goes down to the zeros that take the rest at the end of a node, or to the slack of its type; their length before
/// and after.
fn end_of(pair: &Pair<'_>, hops: &mut Vec<Hop>) -> Option<(u64, u64)> {
    if takes_rest(&pair.after) {
        return Some(lengths(pair));
    }
    for (hop, child) in pair.inside().into_iter().rev() {
        let own_slack = matches!(child.after.node.what, What::OwnSlack(_));
        let empty = child.after.node.len == 0 && !own_slack && !takes_rest(&child.after);
        if empty || is_aside(&child.after) {
            continue;
        }
        hops.push(hop);
        if own_slack {
            return Some(lengths(&child));
        }
        // What has a window of its own has room of its own.
        return if has_window(&child.after) || child.after.is_extra() { None } else { end_of(&child, hops) };
    }
    None
}

/// What lies aside is not the end of what points to it.
fn is_aside(look: &Look<'_>) -> bool {
    matches!(look.node.what, What::Field(..)) && look.field.is_some_and(|field| field.aside.is_some())
}

fn takes_rest(look: &Look<'_>) -> bool {
    let zeros = |field: &Field| matches!(field.content, Content::Zero(Length::Rest)) && field.window.is_none();
    !look.is_extra() && look.field.is_some_and(zeros) && matches!(look.node.value, Value::Zeros(_))
}

fn has_window(look: &Look<'_>) -> bool {
    let own = look.type_id().and_then(|ty| look.format.ty(ty).as_struct()).is_some_and(|s| s.window.is_some());
    let is_field = matches!(look.node.what, What::Field(..) | What::Case(..));
    own || is_field && look.field.is_some_and(|field| field.window.is_some())
}

/// Whether the offset of a field follows from where the field is, so that it may move.
fn drives_offset(format: &Format, ty: TypeId, id: FieldId) -> bool {
    format.types.iter().enumerate().any(|(i, owner)| {
        let Some(s) = owner.as_struct() else { return false };
        let own = s.fields.iter().filter_map(|f| if let Role::Driven(drives) = &f.role { Some(drives) } else { None });
        let all = own.chain(s.drives.iter().map(|outside| &outside.drives)).flatten();
        all.filter(|drive| drive.driver == Driver::Offset).any(|drive| names(&drive.from, TypeId(i), (ty, id)))
    })
}

/// Whether a place, seen from a type, is this field.
fn names(place: &Place, from: TypeId, (ty, id): (TypeId, FieldId)) -> bool {
    match place.steps.last() {
        Some(step) => *step == Step::Field(ty, id),
        None => from == ty && place.root == Root::Field(id),
    }
}
