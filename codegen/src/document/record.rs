//! What a page says of a struct, beside what it says of every type.

use super::markdown::{Table, blocks, code, line, sources};
use super::notes::policy;
use super::places::Places;
use super::{rules, size};
use crate::model::{Field, Struct, TypeId};

impl Places<'_> {
    /// The fields, what is worked out from them, and rules over them.
    #[must_use]
    pub fn struct_text(&self, id: TypeId, s: &Struct) -> String {
        let fields = self.field_table(id, s);
        let empty = if fields.is_empty() { "No fields.".to_owned() } else { String::new() };
        let journals = s.fields.iter().map(|field| self.journal(field));
        let journals: Vec<String> = journals.collect();
        let text = [window(s), fields, empty, lets(s), rules::list("require", &s.require), self.all_remembered(s)];
        blocks(text.into_iter().chain(journals))
    }

    fn all_remembered(&self, s: &Struct) -> String {
        let items: Vec<String> = s.remember.iter().map(|r| format!("- {}", self.remembered(r))).collect();
        items.join("\n")
    }

    /// What is known of a journal.
    fn journal(&self, field: &Field) -> String {
        let Some(journal) = &field.journal else { return String::new() };
        let mut table = Table::new(["What", "Is"]);
        let mut row = |key: &str, text: String| table.row([key.to_owned(), text]);
        row("entries", format!("{}, at multiples of {} bytes", self.type_link(journal.entry), journal.stride));
        row("lies at", code(&journal.at.text));
        row("size", code(&journal.size.text));
        row("to be replayed if", code(&journal.live.text));
        row("an entry belongs to it if", code(&journal.accept.text));
        row("and comes next if", code(&journal.follows.text));
        row("newest is the sequence with most", code(&journal.newest.text));
        row("it starts at", code(&journal.tail.text));
        for rule in rules::lines("require", &journal.require) {
            row("rule on the last entry", rule);
        }
        row("an element writes at", code(&journal.apply.at.text));
        if let Some(zeros) = &journal.apply.zeros {
            row("so many zeros", code(&zeros.text));
        }
        let bytes: Vec<String> = journal.apply.bytes.iter().map(|e| code(&e.text)).collect();
        if !bytes.is_empty() {
            row("these bytes", bytes.join(", "));
        }
        if let Some(grow) = &journal.grow {
            row("the file is then at least as long as", code(&grow.text));
        }
        blocks([format!("The journal {}:", code(&field.name)), table.text()])
    }
}

/// What is worked out from the fields.
fn lets(s: &Struct) -> String {
    let mut table = Table::new(["Worked out", "As", "Meaning", "Source"]);
    for item in &s.lets {
        let (name, value) = (code(&item.name), code(&item.value.text));
        table.row([name, value, line(item.doc.as_deref()), sources(&item.refs)]);
    }
    table.text()
}

/// The window of a type.
fn window(s: &Struct) -> String {
    let slack = s.window.as_ref().map_or(s.slack, |window| window.slack);
    let size = s.window.as_ref().map(|window| format!("It fills {} bytes.", code(&window.size.text)));
    let max = s.window.as_ref().and_then(|window| window.max).map(|n| format!("It takes {}.", size::at_most(n)));
    let slack = policy("behind the fields", slack).map(|text| format!("Its {text}."));
    size.into_iter().chain(max).chain(slack).collect::<Vec<_>>().join(" ")
}
