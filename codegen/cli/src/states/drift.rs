//! Where the spec of a device and the description of it in a stream do not agree: QEMU has changed, or one of them is wrong.

use std::collections::BTreeMap;

use vmspec::qevm::device_state::{Body, InlineForm, Member, Value};

/// The values of a state with nothing inside: their names by where they start and end.
type Leaves<'a> = BTreeMap<(u64, u64), &'a str>;

/// The first difference between the values of a state as the spec has them and as the stream describes them, for people.
pub fn difference(spec: &Body<'_>, stream: &Body<'_>) -> Option<String> {
    if spec.bytes.len() != stream.bytes.len() {
        let (spec, stream) = (spec.bytes.len(), stream.bytes.len());
        return Some(format!("the spec has {spec} bytes, the description {stream}"));
    }
    let (ours, theirs) = (leaves(spec), leaves(stream));
    let other = theirs.iter().find(|(range, name)| !is_covered(**range, name, &ours))?;
    let ((start, end), name) = other;
    let length = end.saturating_sub(*start);
    let found = ours.range(..(*end, 0)).next_back().map_or("nothing", |(_, name)| name);
    Some(format!("at {start:#x} the description has `{name}` of {length} bytes, the spec has `{found}`"))
}

/// Whether the spec has the value under this name, or as several that make it up: a description does not say what is in some.
fn is_covered(range: (u64, u64), name: &str, ours: &Leaves<'_>) -> bool {
    if let Some(known) = ours.get(&range) {
        return *known == name || is_unused(name);
    }
    let inside: Vec<_> = ours.range((range.0, 0)..(range.1, 0)).map(|(range, _)| *range).collect();
    let joined = inside.windows(2).all(|pair| matches!(pair, [a, b] if a.1 == b.0));
    joined
        && inside.first().is_some_and(|first| first.0 == range.0)
        && inside.last().is_some_and(|last| last.1 == range.1)
}

fn is_unused(name: &str) -> bool {
    name.starts_with("unused")
}

fn leaves<'a>(body: &'a Body<'_>) -> Leaves<'a> {
    let mut all = Leaves::new();
    add(body, &mut all);
    all
}

fn add<'a>(body: &'a Body<'_>, all: &mut Leaves<'a>) {
    body.members.iter().for_each(|member| of_member(member, all));
    body.subsections.iter().for_each(|subsection| add(subsection, all));
}

fn of_member<'a>(member: &'a Member<'_>, all: &mut Leaves<'a>) {
    match &member.value {
        Value::Structs(bodies) => bodies.iter().for_each(|body| add(body, all)),
        Value::Inline(values) if values.iter().all(|value| matches!(value.form, InlineForm::One(_))) => {
            let bodies = values
                .iter()
                .filter_map(|value| if let InlineForm::One(body) = &value.form { Some(body) } else { None });
            bodies.for_each(|body| add(body, all));
        }
        Value::Leaves(_) | Value::Texts(_) | Value::Inline(_) => {
            let length = u64::try_from(member.bytes.len()).unwrap_or(u64::MAX);
            all.insert((member.offset, member.offset.saturating_add(length)), &member.field.name);
        }
    }
}
