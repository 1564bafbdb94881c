//! Layouts: whether a type's table is whole, and how it looks.

use std::fmt::Write;

use vmspec_runtime::{Field, Role, Wire};

/// The type's fields as a table. Fields at constant places must follow each other, so that the table leaves out none.
#[track_caller]
#[must_use]
pub fn layout<T: Wire>() -> String {
    let mut table = format!("{}\n", T::NAME);
    for field in T::LAYOUT {
        // Writing to a string cannot fail.
        let _ = writeln!(table, "{}", row(field).trim_end());
    }
    for pair in T::LAYOUT.windows(2) {
        let [field, next] = pair else { continue };
        let (Some(start), Some(end)) = (field.offset, end(field)) else { continue };
        // Parts of an integer lie in the same bytes.
        let follows = next.offset.is_none_or(|offset| offset == end || offset == start && next.size == field.size);
        assert!(follows, "`{}` ends at {end}, and `{}` does not start there:\n{table}", field.name, next.name);
    }
    table
}

fn end(field: &Field) -> Option<u64> {
    field.offset?.checked_add(field.size?)
}

fn row(field: &Field) -> String {
    let number = |n: Option<u64>| n.map_or("-".to_owned(), |n| n.to_string());
    let role = match field.role {
        Role::Held => "held",
        Role::Driven => "driven",
        Role::Pinned => "pinned",
    };
    let since = field.since.map(|v| format!(" since {v}"));
    let before = field.before.map(|v| format!(" before {v}"));
    let versions = [since, before].map(Option::unwrap_or_default).concat();
    let (offset, size) = (number(field.offset), number(field.size));
    format!("  {offset:>5} {size:>5}  {:20} {:24} {role:6}{versions}", field.name, field.kind)
}
