//! States as JSON, the way that QEMU's `analyze-migration.py -d state` prints them, so that both can be compared.
//!
//! That program shows numbers in hex as wide as they are, with the decimal behind negative ones, and everything else that it
//! does not take apart as bytes in hex: timers, buffers, lists. All that has one name is one list.

mod write;

use super::device_state::{Body, Inline, Leaf, Member, Value};
use alloc::collections::BTreeMap;
use alloc::string::String;
use alloc::vec::Vec;
use write::Writer;

/// The digits of the largest number that QEMU has a name for.
const MOST_DIGITS: usize = 16;

/// The sections of a stream as one JSON object. Each is added in turn.
///
/// ```
/// use vmspec::qevm::state_json::StateJson;
///
/// let mut state = StateJson::new();
/// state.ram("ram", 2, [("pc.ram", 0x10000)]);
/// assert_eq!(state.finish(), "\
/// {
///     \"ram (2)\": {
///         \"section sizes\": {
///             \"pc.ram\": \"0x0000000000010000\"
///         }
///     }
/// }");
/// ```
#[derive(Debug)]
pub struct StateJson {
    out: Writer,
}

impl Default for StateJson {
    fn default() -> Self {
        Self::new()
    }
}

impl StateJson {
    /// Without a section yet.
    #[must_use]
    pub fn new() -> Self {
        let mut out = Writer::default();
        out.open('{');
        Self { out }
    }

    /// Adds guest memory: its blocks with their lengths.
    pub fn ram<'n>(&mut self, idstr: &str, section_id: u32, blocks: impl IntoIterator<Item = (&'n str, u64)>) {
        self.section(idstr, section_id);
        self.out.open('{');
        self.out.key("section sizes");
        self.out.open('{');
        for (name, length) in blocks {
            self.out.key(name);
            self.out.text(format_args!("{length:#018x}"));
        }
        self.out.close('}');
        self.out.close('}');
    }

    /// Adds a device's state.
    pub fn device(&mut self, idstr: &str, section_id: u32, state: &Body<'_>) {
        self.section(idstr, section_id);
        self.body(state);
    }

    /// Adds a section that the program knows and shows nothing of, such as `spapr/htab`.
    pub fn unshown(&mut self, idstr: &str, section_id: u32) {
        self.section(idstr, section_id);
        self.out.text(format_args!(""));
    }

    /// The whole, without a line end.
    #[must_use]
    pub fn finish(mut self) -> String {
        self.out.close('}');
        self.out.finish()
    }

    fn section(&mut self, idstr: &str, section_id: u32) {
        let key = alloc::format!("{idstr} ({section_id})");
        self.out.key(&key);
    }

    fn body(&mut self, body: &Body<'_>) {
        self.out.open('{');
        for (name, entry) in entries(body) {
            self.out.key(name);
            match entry {
                Entry::Subsection(subsection) => self.body(subsection),
                Entry::Members(members) => self.members(&members),
            }
        }
        self.out.close('}');
    }

    /// All that has one name.
    fn members(&mut self, members: &[&Member<'_>]) {
        let count = members.iter().fold(0_usize, |n, it| n.saturating_add(it.count()));
        let elements = members.iter().flat_map(|it| (0..it.count()).map(move |index| (it, index)));
        if count != 1 {
            self.out.open('[');
        }
        for (member, index) in elements {
            if count != 1 {
                self.out.next();
            }
            self.element(member, index);
        }
        if count != 1 {
            self.out.close(']');
        }
    }

    fn element(&mut self, member: &Member<'_>, index: usize) {
        match &member.value {
            Value::Leaves(_) => self.leaf(member, index),
            Value::Texts(texts) => {
                let text = texts.get(index).map(|text| String::from_utf8_lossy(text));
                self.out.string(&text.unwrap_or_default());
            }
            Value::Structs(bodies) => bodies.get(index).into_iter().for_each(|body| self.body(body)),
            Value::Inline(values) => self.out.hex(values.get(index).map_or(&[], |Inline { bytes, .. }| *bytes)),
        }
    }

    fn leaf(&mut self, member: &Member<'_>, index: usize) {
        let Some(leaf) = member.leaf(index) else { return };
        let digits = usize::try_from(member.field.size).unwrap_or_default().saturating_mul(2).min(MOST_DIGITS);
        match leaf {
            Leaf::Bool(value) => self.out.bare(if value { "true" } else { "false" }),
            Leaf::Null => self.out.string("nullptr"),
            Leaf::Bytes(bytes) => self.out.hex(bytes),
            Leaf::Unsigned(value) => match below_zero(member, value) {
                Some(negative) => self.out.text(format_args!("0x{value:0digits$x} ({negative})")),
                None => self.out.text(format_args!("0x{value:0digits$x}")),
            },
            Leaf::Signed(value) if value < 0 => {
                let bits = value.cast_unsigned() & ones(member.field.size);
                self.out.text(format_args!("0x{bits:0digits$x} ({value})"));
            }
            Leaf::Signed(value) => self.out.text(format_args!("0x{value:0digits$x}")),
        }
    }
}

/// What the JSON has under one name.
enum Entry<'b, 'a> {
    Members(Vec<&'b Member<'a>>),
    Subsection(&'b Body<'a>),
}

/// The content of a body by name, in the order in which names come first. A subsection takes the place of what had its name.
fn entries<'b, 'a>(body: &'b Body<'a>) -> Vec<(&'b str, Entry<'b, 'a>)> {
    let mut entries: Vec<(&str, Entry<'b, 'a>)> = Vec::new();
    let mut places = BTreeMap::new();
    for member in &body.members {
        let name = &*member.field.name;
        let place = *places.entry(name).or_insert(entries.len());
        match entries.get_mut(place) {
            Some((_, Entry::Members(members))) => members.push(member),
            _ => entries.push((name, Entry::Members(alloc::vec![member]))),
        }
    }
    for subsection in &body.subsections {
        let name = &*subsection.vmsd.name;
        let place = *places.entry(name).or_insert(entries.len());
        match entries.get_mut(place) {
            Some((_, entry)) => *entry = Entry::Subsection(subsection),
            None => entries.push((name, Entry::Subsection(subsection))),
        }
    }
    entries
}

/// A number that the program takes for a signed one, though it is none: of the types that must be `equal`, only that of 32 bits
/// is shown as it is.
fn below_zero(member: &Member<'_>, value: u64) -> Option<i64> {
    let taken_for_signed = matches!(&*member.field.type_name, "uint8 equal" | "uint16 equal" | "int64 equal");
    let above = !ones(member.field.size);
    let signed = (value | above).cast_signed();
    let sign = value > ones(member.field.size) >> 1;
    (taken_for_signed && sign).then_some(signed)
}

/// All the bits of so many bytes.
fn ones(size: u64) -> u64 {
    let unused = 8_u64.saturating_sub(size).saturating_mul(8);
    u32::try_from(unused).ok().and_then(|unused| u64::MAX.checked_shr(unused)).unwrap_or_default()
}
