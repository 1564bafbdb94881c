//! What a picture of a struct shows, from top to bottom: runs of fields that lie at known distances, and bars for what has no
//! constant size.

use super::super::field::versions;
use super::super::kind::{built_in, bytes_text};
use super::super::markdown;
use super::super::offset::{Offset, hex};
use super::super::places::Places;
use super::super::size;
use super::sort::Sort;
use crate::model::{Content, Field, Policy, Scalar, Struct, Until};

/// A field, or bytes that none covers.
#[derive(Debug, Clone)]
pub struct Cell {
    /// From the start of its run, or of the struct where the run says so.
    pub at: u64,
    /// How many bytes.
    pub len: u64,
    /// What it is called.
    pub name: String,
    /// What it is.
    pub detail: String,
    /// What is told of it where a pointer rests on it.
    pub hint: String,
    /// What it is about.
    pub sort: Sort,
    /// Where it is described.
    pub link: Option<String>,
    /// Size of an element, where it is a list.
    pub step: Option<u64>,
}

/// Fields that lie at known distances from each other.
#[derive(Debug, Clone)]
pub struct Run {
    /// What is said in front of it.
    pub caption: String,
    /// Whether offsets are from the start of the struct.
    pub is_absolute: bool,
    /// Whether it need not be there.
    pub is_optional: bool,
    /// The fields.
    pub cells: Vec<Cell>,
}

/// Something of no constant size.
#[derive(Debug, Clone)]
pub struct Bar {
    /// What is said in front of it.
    pub caption: String,
    /// Where it starts.
    pub place: String,
    /// The field; its place and length mean nothing.
    pub cell: Cell,
}

/// A piece of a picture.
#[derive(Debug, Clone)]
pub enum Piece {
    /// Cells.
    Run(Run),
    /// A bar.
    Bar(Box<Bar>),
}

/// The pieces of a struct.
#[must_use]
pub fn pieces(places: &Places<'_>, s: &Struct, offsets: &[Offset]) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut last = "";
    for (field, offset) in s.fields.iter().zip(offsets) {
        let cell = cell(places, field, offset);
        match size::fixed(places.format, field) {
            Some(0) => continue,
            Some(_) if field.copies.is_none() && field.aside.is_none() => {
                fixed(&mut pieces, field, offset, cell, last);
            }
            _ => {
                let bar = bar(field, offset, cell, behind(&pieces, last));
                pieces.push(bar);
            }
        }
        last = &field.name;
    }
    pieces.extend(slack(s));
    pieces
}

/// A field of a constant size goes into the run in front of it, where its distance from that is known.
fn fixed(pieces: &mut Vec<Piece>, field: &Field, offset: &Offset, mut cell: Cell, last: &str) {
    let start = match offset {
        Offset::Constant(n) if field.presence.is_none() => Some(*n),
        _ => None,
    };
    let caption = caption(field, offset, last);
    if let Some(Piece::Run(run)) = pieces.last_mut() {
        let end = run.cells.last().map_or(0, |last| last.at.saturating_add(last.len));
        let is_same = match start {
            Some(at) => run.is_absolute && !run.is_optional && at >= end,
            None => !run.is_absolute && joins(run, field, offset, &caption),
        };
        if is_same {
            let at = start.unwrap_or(end);
            run.cells.extend((at > end).then(|| gap(end, at.saturating_sub(end))));
            cell.at = at;
            return run.cells.push(cell);
        }
    }
    cell.at = start.unwrap_or(0);
    let (is_absolute, is_optional) = (start.is_some(), field.presence.is_some());
    pieces.push(Piece::Run(Run { caption, is_absolute, is_optional, cells: vec![cell] }));
}

/// Whether a field that lies nowhere in particular follows the fields of a run.
fn joins(run: &Run, field: &Field, offset: &Offset, caption: &str) -> bool {
    match field.presence {
        Some(_) => run.is_optional && run.caption == caption,
        None => !run.is_optional && matches!(offset, Offset::Behind(..)),
    }
}

/// What stands in front of a run or bar: when it is there, and behind what.
fn caption(field: &Field, offset: &Offset, last: &str) -> String {
    let versions = versions(field.since, field.before);
    let condition = field.presence.as_ref().map(|presence| format!("if {}", presence.that.text));
    let place = match offset {
        Offset::Said(text, from) => Some(format!("at {text} {from}").trim_end().to_owned()),
        Offset::Behind(..) if condition.is_none() => Some(format!("behind {last}")),
        _ => None,
    };
    let versions = Some(versions).filter(|text| !text.is_empty()).map(|text| format!("version: {text}"));
    versions.into_iter().chain(condition).chain(place).collect::<Vec<_>>().join(" · ")
}

/// What is said of something that is always there, behind what need not be.
fn behind(pieces: &[Piece], last: &str) -> String {
    let is_told = match pieces.last() {
        Some(Piece::Run(run)) => run.is_optional,
        Some(Piece::Bar(bar)) => !bar.caption.is_empty(),
        None => false,
    };
    if is_told { format!("behind {last}") } else { String::new() }
}

fn bar(field: &Field, offset: &Offset, cell: Cell, behind: String) -> Piece {
    let place = match offset {
        Offset::Constant(n) => hex(*n),
        Offset::Copies(_) | Offset::Behind(..) | Offset::Said(..) => String::new(),
    };
    let copies = if let Offset::Copies(_) = offset { format!("copies at {}", offset.shown()) } else { String::new() };
    let about = if let Offset::Behind(..) = offset { String::new() } else { caption(field, offset, "") };
    let condition = field.presence.as_ref().map(|presence| format!("if {}", presence.that.text));
    let caption =
        if about.is_empty() { condition.unwrap_or(if copies.is_empty() { behind } else { copies }) } else { about };
    Piece::Bar(Box::new(Bar { caption, place, cell }))
}

fn cell(places: &Places<'_>, field: &Field, offset: &Offset) -> Cell {
    let detail = detail(places, field);
    let doc = markdown::sentence(field.doc.as_deref()).replace('`', "");
    let size = size::of_field(places.format, field).replace('`', "");
    let hint = format!("{}: {detail}, at {}, {size} bytes. {doc}", field.name, offset.shown());
    Cell {
        at: 0,
        len: size::fixed(places.format, field).unwrap_or(0),
        name: field.name.clone(),
        detail,
        hint: hint.trim_end().to_owned(),
        sort: Sort::of(field),
        link: places.field_target(field),
        step: field.repeat.as_ref().and_then(|_| crate::resolve::content_size(places.format, &field.content).fixed()),
    }
}

fn detail(places: &Places<'_>, field: &Field) -> String {
    if let Some(journal) = &field.journal {
        return format!("journal of {}", places.format.ty(journal.entry).name);
    }
    let one = match field.content.element() {
        Content::Type { id, .. } => places.format.ty(*id).name.clone(),
        Content::Scalar(Scalar::Enum(id)) => places.format.enum_(*id).name.clone(),
        Content::Scalar(Scalar::Flags(id)) => places.format.flags(*id).name.clone(),
        Content::Magic(bytes) => format!("“{}”", bytes_text(bytes)),
        other => built_in(other),
    };
    match (&field.content, field.repeat.as_ref().map(|repeat| &repeat.until)) {
        (Content::Lazy(list), _) => format!("{} × {one}", list.count.text),
        (_, Some(Until::Count(n))) => format!("{} × {one}", n.text),
        (_, Some(_)) => format!("list of {one}"),
        (_, None) => one,
    }
}

fn gap(at: u64, len: u64) -> Cell {
    let hint = format!("{len} bytes that no field covers");
    let (name, detail) = ("gap".to_owned(), format!("{len} bytes"));
    Cell { at, len, name, detail, hint, sort: Sort::Gap, link: None, step: None }
}

/// What may lie behind all fields.
fn slack(s: &Struct) -> Option<Piece> {
    let policy = s.window.as_ref().map_or(s.slack, |window| window.slack);
    let detail = match policy {
        Policy::None => return None,
        Policy::Zero => "zeros",
        Policy::Keep => "kept",
    };
    let cell = Cell { name: "slack".to_owned(), detail: detail.to_owned(), ..gap(0, 0) };
    let hint = format!("What lies behind the fields: {detail}");
    Some(Piece::Bar(Box::new(Bar { caption: String::new(), place: String::new(), cell: Cell { hint, ..cell } })))
}
