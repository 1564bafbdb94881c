//! A field as a line of the spec.

use super::scalar::{comment, is_printable, quoted};
use crate::qevm::import_vmdesc::leaf::{self, Written};
use crate::qevm::import_vmdesc::shapes::{Field, Kind, StateId};
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

/// The byte that stands for a null pointer, in the words of the language.
const NULL: &str = "0x30";
/// The bytes in front of each element of a list, and behind the last.
const MARKER: &str = "{more: 1, end: 0}";

/// What a field is in the spec: its content with options, and what people should know.
#[derive(Default)]
struct Line {
    content: String,
    /// Whether the content is a type with nothing besides, so that it can stand alone.
    is_plain: bool,
    notes: Vec<String>,
}

/// Whether there is nothing to write of a field.
pub(super) fn takes_nothing(field: &Field) -> bool {
    field.shape.count == Some(0) || matches!(&field.shape.kind, Kind::Leaf(_, 0))
}

/// The line of a field.
pub(super) fn line<'n>(field: &Field, name: &str, name_of: impl Fn(StateId) -> &'n str) -> String {
    if takes_nothing(field) {
        return comment(&format!("`{}` has no bytes", field.name));
    }
    let Line { mut content, is_plain, mut notes } = line_of(field, &name_of);
    let mut options = Vec::new();
    if let Some((before, since)) = field.since {
        options.push(format!(", since: {since}"));
        if since.saturating_sub(before) > 1 {
            notes.push(format!("or an earlier version behind {before}"));
        }
    }
    if field.name != name {
        if is_printable(&field.name) {
            options.push(format!(", as: {}", quoted(&field.name)));
        } else {
            notes.push(format!("called `{}`", field.name));
        }
    }
    if !field.was.is_empty() {
        let was: Vec<_> = field.was.iter().filter(|it| is_printable(it)).map(|it| quoted(it)).collect();
        options.push(format!(", was: [{}]", was.join(", ")));
    }
    if !is_plain || !options.is_empty() {
        let key = if is_plain { "type: " } else { "" };
        content = format!("{{{key}{content}{}}}", options.concat());
    }
    let space = if notes.is_empty() { "" } else { "  " };
    let notes = if notes.is_empty() { String::new() } else { comment(&notes.join("; ")) };
    format!("- {name}: {content}{space}{notes}")
}

fn line_of<'n>(field: &Field, name_of: &impl Fn(StateId) -> &'n str) -> Line {
    let count = field.shape.count;
    match &field.shape.kind {
        Kind::Leaf(type_name, size) => leaf_line(leaf::written(type_name, *size), count),
        Kind::Null => {
            let null = with("u8", &format!(", value: {NULL}"), None);
            noted(several("null", null, count), "a null pointer")
        }
        Kind::Nullable(id) => {
            let options = format!(", marker: {{none: {NULL}}}");
            noted(with(name_of(*id), &options, count), "pointers, of which some are null")
        }
        Kind::State(id) => with(name_of(*id), "", count),
        Kind::Versioned(id, version) => with(name_of(*id), &format!(", with: {{version: {version}}}"), count),
        Kind::Temporary(id) => noted(with(name_of(*id), "", count), "made up for the stream"),
        Kind::List(Some(id)) => list(name_of(*id), count),
        Kind::List(None) => {
            let end = several("end", with("u8", ", value: 0", None), count);
            noted(end, "the end of an empty list; what an element is was not seen")
        }
        Kind::Tree(Some((key, value))) => tree(key.map_or("u64", name_of), name_of(*value), count),
        Kind::Tree(None) => {
            let empty = several("empty", with("zero(5)", "", None), count);
            noted(empty, "an empty tree; what a node is was not seen")
        }
        Kind::Mixed(id) => noted(list(name_of(*id), count), "the elements differ, this is the first"),
    }
}

/// Elements with markers.
fn list(type_: &str, count: Option<u64>) -> Line {
    several("list", with(type_, &format!(", marker: {MARKER}"), None), count)
}

/// Nodes with markers, and their number in front.
fn tree(key: &str, value: &str, count: Option<u64>) -> Line {
    let node = format!("fields: [{{key: {key}}}, {{content: {value}}}]");
    let count = count.map(|count| format!("count: {count}, ")).unwrap_or_default();
    let nodes = format!("{{nodes: {{count: count, marker: {MARKER}, {node}}}}}");
    Line { content: format!("{count}fields: [{{count: u32}}, {nodes}]"), is_plain: false, notes: Vec::new() }
}

/// Several of what is no single type in the language: each gets a struct of its own.
fn several(name: &str, one: Line, count: Option<u64>) -> Line {
    let Some(count) = count else { return one };
    let content = if one.is_plain { one.content } else { format!("{{{}}}", one.content) };
    let content = format!("count: {count}, fields: [{{{name}: {content}}}]");
    Line { content, is_plain: false, notes: one.notes }
}

fn leaf_line(written: Written, count: Option<u64>) -> Line {
    let Written { type_, options, count: each, note } = written;
    let count = match (count, each) {
        (Some(a), Some(b)) => Some(a.saturating_mul(b)),
        (a, b) => a.or(b),
    };
    let mut line = match count {
        Some(count) if type_ == "u8" && options.is_empty() => leaf_line(leaf::written("buffer", count), None),
        Some(_) if type_.starts_with("zero") => several("unused", with(&type_, &options, None), count),
        _ => with(&type_, &options, count),
    };
    line.notes.extend(note);
    line
}

fn with(type_: &str, options: &str, count: Option<u64>) -> Line {
    let is_plain = options.is_empty() && count.is_none();
    let count = count.map(|count| format!(", count: {count}")).unwrap_or_default();
    let content = if is_plain { String::from(type_) } else { format!("type: {type_}{count}{options}") };
    Line { content, is_plain, notes: Vec::new() }
}

fn noted(mut line: Line, note: &str) -> Line {
    line.notes.push(String::from(note));
    line
}
