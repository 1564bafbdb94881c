//! States of devices in a QEMU migration stream that was read: where they lie, and what they are made of.

pub mod described;
pub mod drift;

use vmspec::qevm::devices;
use vmspec::runtime::Text;
use vmspec_codegen::interpret::{Look, Value};
use vmspec_codegen::model::Label;

/// A section of a stream: as a whole, or the first of its parts.
pub struct Section<'a> {
    /// The device.
    pub idstr: Vec<u8>,
    /// Which of several of the same name.
    pub instance: u32,
    /// The version of its state.
    pub version: u32,
    /// Its number.
    pub id: u32,
    /// Its state.
    pub state: State<'a>,
}

/// What is known of a state.
pub enum State<'a> {
    /// Guest memory: its blocks, with their lengths.
    Memory(Vec<(String, u64)>),
    /// A state that a spec describes.
    Known(Look<'a>),
    /// Something of its own that a spec describes, and that is no state of a device.
    Other,
    /// A state that no spec describes: its place and length.
    Opaque(u64, u64),
}

impl Section<'_> {
    /// What tells of its state, which starts at `offset`, is asked this.
    pub fn wanted(&self, offset: u64) -> devices::State<'_> {
        let Self { idstr, instance, version, id, .. } = self;
        devices::State { offset, idstr, instance: *instance, version: *version, section_id: *id }
    }

    /// What the device is called.
    pub fn name(&self) -> String {
        String::from_utf8_lossy(&self.idstr).into_owned()
    }
}

/// The sections of a stream, in their order; those in packages too.
pub fn sections<'a>(stream: &Look<'a>) -> Vec<Section<'a>> {
    let mut found = Vec::new();
    let body = child(stream, "body").map(|body| body.innermost());
    let lists = body.iter().flat_map(|body| ["records", "devices"].map(|name| child(body, name)));
    lists.flatten().for_each(|list| add(&list, &mut found));
    found
}

fn add<'a>(list: &Look<'a>, found: &mut Vec<Section<'a>>) {
    for record in (0..list.count().unwrap_or_default()).filter_map(|i| list.at(i)) {
        let inner = child(&record, "body").map_or(record, |body| body.innermost());
        match child(&inner, "package") {
            Some(package) => add(&package, found),
            None => found.extend(section(&inner)),
        }
    }
}

fn section<'a>(record: &Look<'a>) -> Option<Section<'a>> {
    let number = |name: &str| u32::try_from(int(&child(record, name)?)?).ok();
    Some(Section {
        idstr: text(&child(record, "idstr")?)?,
        instance: number("instance")?,
        version: number("version")?,
        id: number("section_id").unwrap_or_default(),
        state: state(&child(&child(record, "state")?, "body")?),
    })
}

fn state<'a>(body: &Look<'a>) -> State<'a> {
    let inner = body.innermost();
    if body.case().is_some_and(|case| case.label == Label::Default) {
        return State::Opaque(inner.node.at, inner.node.len);
    }
    match (child(&inner, "subsections"), child(&inner, "records")) {
        (Some(_), _) => State::Known(inner),
        (None, Some(records)) => State::Memory(blocks(&records)),
        (None, None) => State::Other,
    }
}

/// The blocks that the first part of a memory section lists.
fn blocks(records: &Look<'_>) -> Vec<(String, u64)> {
    let all = (0..records.count().unwrap_or_default()).filter_map(|i| records.at(i));
    let list = all.into_iter().find_map(|record| child(&child(&record, "body")?.innermost(), "list"));
    let blocks = list.iter().flat_map(Look::children);
    let entry = |block: Look<'_>| {
        let name = Text(text(&child(&block, "name")?)?);
        Some((name.to_string(), u64::try_from(int(&child(&block, "length")?)?).ok()?))
    };
    blocks.filter_map(entry).collect()
}

/// What lies right below under this name.
pub fn child<'a>(look: &Look<'a>, name: &str) -> Option<Look<'a>> {
    look.children().into_iter().find(|child| child.name() == name && child.node.is_present())
}

/// The number that it is.
pub fn int(look: &Look<'_>) -> Option<i128> {
    if let Value::Int(n) = look.node.value { Some(n) } else { None }
}

/// The text that it is.
pub fn text(look: &Look<'_>) -> Option<Vec<u8>> {
    match &look.node.value {
        Value::Text(bytes) | Value::Bytes(bytes) => Some(bytes.clone()),
        _ => None,
    }
}
