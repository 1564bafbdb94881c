//! What a page says of a switch.

use super::markdown::{Table, blocks, cell_lines, code, line, sources_line};
use super::places::Places;
use super::{rules, size};
use crate::model::{Case, Tag, TypeId, Union};

impl Places<'_> {
    /// The cases.
    #[must_use]
    pub fn union_text(&self, id: TypeId, union: &Union) -> String {
        let mut table = Table::new(["Case", "Size", "Type", "Meaning"]);
        for case in &union.cases {
            let body = case.body.as_deref();
            table.row([
                code(&case.written),
                body.map_or_else(|| "0".to_owned(), |body| size::of_field(self.format, body)),
                body.map_or_else(|| "nothing".to_owned(), |body| self.kind_of(body)),
                self.case_meaning(id, case),
            ]);
        }
        blocks([self.chosen(id, union), table.text(), rules::list("require", &union.require)])
    }

    fn case_meaning(&self, id: TypeId, case: &Case) -> String {
        let when = case.when.as_ref().map(|e| format!("**if** {}", code(&e.text)));
        let doc = case.doc.as_deref().or_else(|| case.body.as_ref().and_then(|body| body.doc.as_deref()));
        let notes = case.body.as_deref().map(|body| self.notes(id, body)).unwrap_or_default();
        let sources = case.body.as_ref().map(|body| sources_line(&body.refs));
        cell_lines(std::iter::once(line(doc)).chain(when).chain(notes).chain(sources))
    }

    /// What the switch is on.
    fn chosen(&self, id: TypeId, union: &Union) -> String {
        let what = match union.tag {
            Tag::Enum(of) => self.enum_link(of),
            Tag::Bool => code("bool"),
            Tag::Text => "a text".to_owned(),
            Tag::Guid(_) => "a guid".to_owned(),
        };
        let name = self.switched_on(id).map(|text| format!(" {}", code(&text))).unwrap_or_default();
        format!("One of these, chosen by{name}, {what}:")
    }

    /// The expression that a switch is on, where the type it is written in holds it.
    fn switched_on(&self, id: TypeId) -> Option<String> {
        let outer = self.format.ty(id).outer?;
        let bodies = crate::resolve::fields(&self.format.ty(outer).body);
        let holder = bodies.into_iter().find(|field| field.type_id() == Some(id))?;
        let crate::model::Content::Type { args, .. } = &holder.content else { return None };
        args.first().map(|e| e.text.clone())
    }
}
