//! The table of the fields of a struct.

use super::markdown::{Table, cell_lines, code, line, sources_line};
use super::offset::{Offset, offsets};
use super::places::Places;
use super::size;
use crate::model::{Field, Struct, TypeId};

impl Places<'_> {
    /// A row for each field.
    #[must_use]
    pub fn field_table(&self, ty: TypeId, s: &Struct) -> String {
        let mut table = Table::new(["Offset", "Size", "Name", "Type", "Versions", "Meaning"]);
        for (field, offset) in s.fields.iter().zip(offsets(self.format, s)) {
            table.row([
                place(&offset),
                size::of_field(self.format, field),
                code(&field.name),
                self.kind_of(field),
                versions(field.since, field.before),
                self.meaning(ty, field),
            ]);
        }
        table.text()
    }

    fn meaning(&self, ty: TypeId, field: &Field) -> String {
        let doc = line(field.doc.as_deref());
        cell_lines(std::iter::once(doc).chain(self.notes(ty, field)).chain([sources_line(&field.refs)]))
    }
}

/// In which versions something is there.
#[must_use]
pub fn versions(since: Option<u64>, before: Option<u64>) -> String {
    match (since, before) {
        (None, None) => String::new(),
        (Some(since), None) => format!("since {since}"),
        (None, Some(before)) => format!("before {before}"),
        (Some(since), Some(before)) if before == since.saturating_add(1) => format!("{since} only"),
        (Some(since), Some(before)) => format!("{since} to {}", before.saturating_sub(1)),
    }
}

fn place(offset: &Offset) -> String {
    match offset {
        Offset::Said(text, from) => format!("{} {from}", code(text)).trim_end().to_owned(),
        other => code(&other.shown()),
    }
}
