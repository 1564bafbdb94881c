//! A state that a spec describes, in the words of a stream's own description, so that both are shown and compared alike.

use vmspec::qevm::schema::{Content, Field, Run, Vmsd};
use vmspec_codegen::interpret::{Look, Value, What};
use vmspec_codegen::model::Scalar;

use super::{child, int, text};

/// What QEMU calls bytes.
const BYTES: &str = "buffer";

/// The description of one state, with the subsections that it has.
pub fn describe(state: &Look<'_>) -> Vmsd<'static> {
    let mut vmsd = Vmsd::default();
    for part in state.children() {
        match part.node.what {
            What::Field(..) if part.name() == "subsections" => vmsd.subsections.extend(subsections(&part)),
            What::Field(..) if part.node.is_present() && part.name() != "sentinel" => vmsd.fields.extend(fields(&part)),
            _ => {}
        }
    }
    vmsd
}

fn subsections(list: &Look<'_>) -> Vec<Vmsd<'static>> {
    let described = |subsection: Look<'_>| {
        let mut vmsd = describe(&child(&subsection, "state")?.innermost());
        vmsd.name = String::from_utf8(text(&child(&subsection, "name")?)?).ok()?.into();
        vmsd.version = u32::try_from(int(&child(&subsection, "version")?)?).ok()?;
        Some(vmsd)
    };
    list.children().into_iter().filter_map(described).collect()
}

/// A field. Elements that are states may be of different lengths, so each is an entry of its own; where there is none, QEMU
/// says nothing.
fn fields(part: &Look<'_>) -> Vec<Field<'static>> {
    if part.count() == Some(0) {
        return Vec::new();
    }
    if !part.at(0).is_some_and(|first| is_state(&first.innermost())) {
        return vec![part.count().map_or_else(|| one(part, part), |count| array(part, count))];
    }
    let elements = part.children().into_iter().zip(0..);
    elements.map(|(element, index)| one(part, &element).run(Run::Index(index))).collect()
}

/// Whether QEMU describes what is inside: all else that a spec has a type for, such as a timer, is bytes to it.
fn is_state(value: &Look<'_>) -> bool {
    matches!(value.node.value, Value::Record(_)) && child(value, "subsections").is_some()
}

fn array(part: &Look<'_>, count: usize) -> Field<'static> {
    let count = u64::try_from(count).unwrap_or(u64::MAX);
    let size = part.node.len.checked_div(count).unwrap_or_default();
    let type_name = part.at(0).map_or_else(|| BYTES.to_owned(), |first| kind(&first));
    Field::new(shown(part), type_name, size).run(Run::Array(count))
}

/// One value of a field.
fn one(part: &Look<'_>, value: &Look<'_>) -> Field<'static> {
    let inner = value.innermost();
    let length = value.node.len;
    if is_state(&inner) {
        let content = Content::Struct(Some(Box::new(describe(&inner))));
        Field::new(shown(part), "struct", length).content(content)
    } else {
        Field::new(shown(part), kind(value), length)
    }
}

/// What QEMU calls the type of a value with nothing inside.
fn kind(look: &Look<'_>) -> String {
    match look.scalar() {
        Some(Scalar::UInt(n)) => format!("uint{}", n.saturating_mul(8)),
        Some(Scalar::Int(n)) => format!("int{}", n.saturating_mul(8)),
        Some(Scalar::Bool) => "bool".to_owned(),
        _ => BYTES.to_owned(),
    }
}

/// The name in QEMU, where the spec says one.
fn shown(part: &Look<'_>) -> String {
    part.field.and_then(|field| field.shown.clone()).unwrap_or_else(|| part.name())
}
