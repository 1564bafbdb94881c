//! The text of the spec.

mod field;
mod scalar;

use super::cases::Case;
use super::names::field_names;
use super::shapes::{Field, Found, State, StateId, Subsections};
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;
use scalar::{comment, is_printable, quoted};

/// Writes what was found, with a name for each layout.
pub(super) fn write(found: &Found, names: &[String], cases: &[Case<'_>], streams: usize) -> String {
    let mut spec = Spec { names, lines: Vec::new() };
    spec.head(streams);
    spec.cases(cases);
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

/// Most bytes of a key: one of YAML ends within 1,024 characters (YAML 1.2.2, 7.4.2). That is enough for the longest idstr.
const KEY: usize = 1023;

/// The spec is one of its own, and can be used by the one that it adds to as well.
const HEAD: &str = "\
spec: 1
format: {id: qevm_imported, title: QEMU migration stream with imported devices}
endian: be
root: stream
use: [qevm.yaml]";

impl Spec<'_> {
    fn head(&mut self, streams: usize) {
        let from = if streams == 1 { String::from("a stream") } else { format!("{streams} streams") };
        self.lines.push(format!("# Devices of {from}, by their own descriptions."));
        self.lines.extend(UNKNOWN.lines().map(String::from));
        self.lines.extend(HEAD.lines().map(String::from));
    }

    fn cases(&mut self, cases: &[Case<'_>]) {
        let lines: Vec<String> = cases.iter().map(|case| self.case(case)).collect();
        self.lines.push(String::new());
        if cases.is_empty() || lines.iter().any(|line| !line.trim_start().starts_with('#')) {
            self.lines.extend(["extend:", "  device.body:"].map(String::from));
        }
        self.lines.extend(lines);
    }

    fn case(&self, case: &Case<'_>) -> String {
        let versions = match &case.versions {
            Some(of) if of.start() == of.end() => format!(", if: version == {}, with: {{version: version}}", of.end()),
            Some(of) => format!(", if: version in {}..{}, with: {{version: version}}", of.start(), of.end()),
            None => String::new(),
        };
        let body = format!("{{type: {}{versions}}}", self.name(case.id));
        let body = case.name.as_ref().map(|name| format!("{{{name}: {body}}}")).unwrap_or(body);
        let label = quoted(case.label);
        let mark = match case.is_left_out {
            true => "# also seen: ",
            false if label.len() > KEY => "# longer than a key may be, and than any name that is sent: ",
            false => "",
        };
        format!("    {mark}{label}: {body}")
    }

    fn name(&self, id: StateId) -> &str {
        self.names.get(id).map(String::as_str).unwrap_or_default()
    }

    fn state(&mut self, state: &State, name: &str) {
        self.lines.push(format!("  {name}:"));
        let by_hand = match &state.name {
            name if name.is_empty() => Some(String::from("# the device writes all of its state by hand")),
            name if !is_printable(name) => Some(comment(&format!("a vmstate that no spec can name: `{name}`"))),
            _ => None,
        };
        if let Some(why) = by_hand {
            self.lines.push(format!("    {why}"));
            return self.by_hand(state);
        }
        self.lines.push(format!("    vmstate: {}", quoted(&state.name)));
        self.lines.push(format!("    version: {{current: {}, minimum: {}}}", state.version, state.oldest));
        self.fields(&state.fields, 4);
        self.subsections(&state.subsections, 4);
    }

    /// What is no vmstate has fields, if only one of no bytes, and nothing behind them.
    fn by_hand(&mut self, state: &State) {
        if state.fields.iter().all(field::takes_nothing) {
            self.lines.push(String::from("    fields: [{nothing: zero(0)}]"));
        } else {
            self.fields(&state.fields, 4);
        }
        self.left_out(state.subsections.0.keys(), "of no vmstate", 4);
    }

    /// The language has subsections of a vmstate alone, with names that can be read. No QEMU describes others.
    fn left_out<'n>(&mut self, names: impl Iterator<Item = &'n String>, why: &str, indent: usize) {
        for name in names {
            let what = comment(&format!("a subsection {why}, not written here: `{name}`"));
            self.lines.push(format!("{}{what}", " ".repeat(indent)));
        }
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
        let blanks = " ".repeat(indent);
        let (written, others): (Vec<_>, Vec<_>) = subsections.0.iter().partition(|(name, _)| is_printable(name));
        self.left_out(others.into_iter().map(|(name, _)| name), "that no spec can name", indent);
        if written.is_empty() {
            return;
        }
        self.lines.push(format!("{blanks}subsections:"));
        for (name, subsection) in written {
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
