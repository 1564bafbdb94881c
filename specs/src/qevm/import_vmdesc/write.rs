//! The text of the spec.

mod field;
mod scalar;

use super::names::field_names;
use super::shapes::{Field, Found, State, StateId, Subsections};
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;
use scalar::{comment, quoted};

/// Writes what was found, with a name for each layout.
pub(super) fn write(found: &Found, names: &[String], streams: usize) -> String {
    let mut spec = Spec { found, names, lines: Vec::new() };
    spec.head(streams);
    spec.cases();
    spec.lines.extend([String::new(), String::from("types:")]);
    let states = found.states.iter().zip(names).filter(|(it, _)| !it.merged);
    for (i, (state, name)) in states.enumerate() {
        if i > 0 {
            spec.lines.push(String::new());
        }
        spec.state(state, name);
    }
    if names.is_empty() {
        spec.lines.retain(|line| !line.ends_with(':') && !line.is_empty());
    }
    spec.lines.push(String::new());
    spec.lines.join("\n")
}

struct Spec<'a> {
    found: &'a Found,
    names: &'a [String],
    lines: Vec<String>,
}

/// What holds for every type.
const UNKNOWN: &str = "\
# A description has what was sent once. It does not tell, and somebody has to look up in QEMU:
# - the lowest version that is still read: `minimum` is the lowest that was seen
# - subsections that were not sent: one that comes is an error until it is added here
# - whether a count is always the same, or that of a field or of the machine
# - fields that are only there under conditions
# - what is in the bytes that a device writes by hand";

impl Spec<'_> {
    fn head(&mut self, streams: usize) {
        let from = if streams == 1 { String::from("a stream") } else { format!("{streams} streams") };
        self.lines.push(format!("# Devices of {from}, by their own descriptions."));
        self.lines.extend(UNKNOWN.lines().map(String::from));
        self.lines.extend(["spec: 1", "endian: be", "use: [../qevm.yaml]"].map(String::from));
    }

    fn cases(&mut self) {
        self.lines.extend(["", "extend:", "  device.body:"].map(String::from));
        for (label, ids) in &self.found.cases {
            let Some((newest, others)) = ids.split_last() else { continue };
            self.case(label, *newest, "");
            for id in others {
                self.case(label, *id, "# also seen: ");
            }
        }
    }

    fn case(&mut self, label: &str, id: StateId, mark: &str) {
        let Some(state) = self.found.states.get(id) else { return };
        let with = if state.name.is_empty() { "" } else { ", with: {version: version}" };
        let line = format!("    {mark}{}: {{type: {}{with}}}", quoted(label), self.name(id));
        self.lines.push(line);
    }

    fn name(&self, id: StateId) -> &str {
        self.names.get(id).map(String::as_str).unwrap_or_default()
    }

    fn state(&mut self, state: &State, name: &str) {
        self.lines.push(format!("  {name}:"));
        if state.name.is_empty() {
            self.lines.push(String::from("    # the device writes all of its state by hand"));
        } else {
            self.lines.push(format!("    vmstate: {}", quoted(&state.name)));
            self.lines.push(format!("    version: {{current: {}, minimum: {}}}", state.version, state.oldest));
        }
        self.fields(&state.fields, 4);
        self.subsections(&state.subsections, 4);
    }

    fn fields(&mut self, fields: &[Field], indent: usize) {
        let blanks = " ".repeat(indent);
        if fields.iter().all(field::takes_nothing) {
            self.lines.push(format!("{blanks}fields: []"));
            return;
        }
        self.lines.push(format!("{blanks}fields:"));
        for (field, name) in fields.iter().zip(field_names(fields)) {
            self.lines.push(format!("{blanks}  {}", field::line(field, &name, |id| self.name(id))));
        }
    }

    fn subsections(&mut self, subsections: &Subsections, indent: usize) {
        if subsections.0.is_empty() {
            return;
        }
        let blanks = " ".repeat(indent);
        self.lines.push(format!("{blanks}subsections:"));
        for (name, subsection) in &subsections.0 {
            self.lines.push(format!("{blanks}  {}:", quoted(name)));
            if subsection.differs {
                self.lines.push(format!("{blanks}    {}", comment("another stream has it with other fields")));
            }
            self.lines.push(format!("{blanks}    version: {}", subsection.version));
            self.fields(&subsection.fields, indent.saturating_add(4));
            self.subsections(&subsection.subsections, indent.saturating_add(4));
        }
    }
}
