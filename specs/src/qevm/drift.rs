//! Where the state of a device as its spec has it, and as the stream describes it, do not agree: QEMU has changed, or one of them is
//! wrong. Both read, so it is a note.

use super::device_state::{Body, Member, Value};
use super::devices::{Devices, State};
use crate::runtime::{Found, Rule, len64};
use crate::{Class, Error, Finding};
use alloc::collections::BTreeMap;
use alloc::format;
use alloc::string::String;

/// The device was written in another version than described.
static VERSION: Rule = Rule::new("", 0, Class::Note, "the version that the description of the device has");
/// The state cannot be taken apart by its description.
static CONTENT: Rule = Rule::new("", 0, Class::Note, "what the description has")
    .say("the spec reads this device, the description does not");
/// The state has another length by its description.
static LENGTH: Rule = Rule::new("", 0, Class::Note, "as many bytes as by the description")
    .say("the spec reads this device in another length");
/// A field is another one by its description.
static FIELD: Rule =
    Rule::new("", 0, Class::Note, "the field that the description has here").say("the spec has another one");

/// The values of a state with nothing inside: their names by where they start and end.
type Leaves<'a> = BTreeMap<(u64, u64), &'a str>;

/// The first difference between a state as its spec has it and as a description has it; none where the description has no such
/// device.
#[must_use]
pub fn finding(state: &State<'_>, spec: &Body<'_>, devices: &Devices<'_>) -> Option<Finding> {
    let path = path(state.idstr, state.section_id);
    let device = devices.named(state)?;
    if !device.state.name.is_empty() && device.state.version != state.version {
        return Some(Finding { path, offset: state.offset, rule: &VERSION, found: state.version.into() });
    }
    match devices.decode(device, spec.bytes, state.offset) {
        Ok(described) => difference(path, spec, &described),
        Err(error) => Some(unread(&path, state.offset, &error)),
    }
}

/// What a device is called in findings.
pub(super) fn path(idstr: &[u8], section_id: u32) -> String {
    format!("{} (section {section_id})", String::from_utf8_lossy(idstr).escape_debug())
}

fn unread(path: &str, start: u64, error: &Error) -> Finding {
    let within = error.path();
    let path = if within.is_empty() { path.into() } else { format!("{path}.{within}") };
    Finding { path, offset: error.offset().unwrap_or(start), rule: &CONTENT, found: error.found() }
}

fn difference(path: String, spec: &Body<'_>, described: &Body<'_>) -> Option<Finding> {
    if spec.bytes.len() != described.bytes.len() {
        let found = len64(spec.bytes.len()).into();
        return Some(Finding { path, offset: spec.offset, rule: &LENGTH, found });
    }
    let (ours, theirs) = (leaves(spec), leaves(described));
    let ((start, end), name) = theirs.iter().find(|(range, name)| !is_covered(**range, name, &ours))?;
    let found = ours.range(..(*end, 0)).next_back().map_or(Found::Nothing, |(_, name)| (**name).into());
    Some(Finding { path: format!("{path}.{name}"), offset: *start, rule: &FIELD, found })
}

/// Whether the spec has the value under this name, or as several that make it up: a description does not say what is in some.
fn is_covered(range: (u64, u64), name: &str, ours: &Leaves<'_>) -> bool {
    if let Some(known) = ours.get(&range) {
        return *known == name || name.starts_with("unused");
    }
    let mut reached = range.0;
    for (start, end) in ours.range((range.0, 0)..(range.1, 0)).map(|(range, _)| *range) {
        if start != reached {
            return false;
        }
        reached = end;
    }
    reached == range.1
}

fn leaves<'a>(body: &'a Body<'_>) -> Leaves<'a> {
    let mut all = Leaves::new();
    add(body, &mut all);
    all
}

/// How deep this goes is bounded as the state is.
fn add<'a>(body: &'a Body<'_>, all: &mut Leaves<'a>) {
    body.members.iter().for_each(|member| of_member(member, all));
    body.subsections.iter().for_each(|subsection| add(subsection, all));
}

fn of_member<'a>(member: &'a Member<'_>, all: &mut Leaves<'a>) {
    match &member.value {
        Value::Structs(bodies) => bodies.iter().for_each(|body| add(body, all)),
        Value::Leaves(_) | Value::Texts(_) | Value::Inline(_) => {
            let end = member.offset.saturating_add(len64(member.bytes.len()));
            all.insert((member.offset, end), &member.field.name);
        }
    }
}
