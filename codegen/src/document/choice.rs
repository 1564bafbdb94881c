//! What a page says of enums and flags.

use super::field::versions;
use super::markdown::{Table, blocks, code, heading, line, paragraphs, sources_line};
use super::places::{Places, anchor};
use super::rules;
use super::users::Used;
use crate::model::{Enum, EnumId, Flags, FlagsId, Group, Repr};

impl Places<'_> {
    /// An enum.
    #[must_use]
    pub fn enum_text(&self, id: EnumId) -> String {
        let e = self.format.enum_(id);
        let mut table = Table::new(["Value", "Name", "Versions", "Meaning"]);
        for value in &e.values {
            let versions = versions(value.since, value.before);
            table.row([code(&value.written), code(&value.name), versions, line(value.doc.as_deref())]);
        }
        let names: Vec<&str> = e.values.iter().map(|value| value.name.as_str()).collect();
        blocks([
            heading(2, &anchor("type", &e.name), &code(&e.name)),
            paragraphs(e.doc.as_deref()),
            enum_facts(e),
            table.text(),
            groups(&e.groups, &names),
            self.used_by(Used::Enum(id)),
            sources_line(&e.refs),
        ])
    }

    /// A set of flags.
    #[must_use]
    pub fn flags_text(&self, id: FlagsId) -> String {
        let f = self.format.flags(id);
        let mut table = Table::new(["Bit", "Mask", "Name", "Versions", "Meaning"]);
        for flag in &f.flags {
            let mask = 1_u64.checked_shl(flag.bit).unwrap_or(0);
            let versions = versions(flag.since, flag.before);
            table.row([
                flag.bit.to_string(),
                code(&format!("{mask:#x}")),
                code(&flag.name),
                versions,
                line(flag.doc.as_deref()),
            ]);
        }
        let names: Vec<&str> = f.flags.iter().map(|flag| flag.name.as_str()).collect();
        blocks([
            heading(2, &anchor("type", &f.name), &code(&f.name)),
            paragraphs(f.doc.as_deref()),
            flags_facts(f),
            table.text(),
            groups(&f.groups, &names),
            self.used_by(Used::Flags(id)),
            sources_line(&f.refs),
        ])
    }
}

/// What stands for values of an enum, as specs write it.
#[must_use]
pub fn repr(repr: Repr) -> String {
    match repr {
        Repr::UInt(n) => format!("u{n}"),
        Repr::Int(n) => format!("i{n}"),
        Repr::Bytes(n) => format!("bytes({n})"),
        Repr::Guid => "guid".to_owned(),
        Repr::Uuid => "uuid".to_owned(),
    }
}

fn enum_facts(e: &Enum) -> String {
    let unknown = rules::unknown_sentence("values", &e.unknown, e.class, e.say.as_deref());
    format!("Enum over {}; in Rust {}. {unknown}", code(&repr(e.repr)), code(&e.rust))
}

fn flags_facts(f: &Flags) -> String {
    let unknown = rules::unknown_sentence("bits", &f.unknown, f.class, f.say.as_deref());
    format!("Flags over {}; in Rust {}. {unknown}", code(&format!("u{}", f.bits)), code(&f.rust))
}

fn groups(groups: &[Group], names: &[&str]) -> String {
    let mut table = Table::new(["Group", "Members"]);
    for group in groups {
        let members: Vec<String> = group.members.iter().filter_map(|i| names.get(*i)).map(|name| code(name)).collect();
        table.row([code(&group.name), members.join(", ")]);
    }
    table.text()
}
