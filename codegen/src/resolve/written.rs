//! What was written, by the ids of the model: places for whoever reports something about a finished model.

use super::draft::{Draft, Outer};
use crate::model::{FieldId, TypeId};
use crate::source::{Span, Spanned};
use crate::syntax::ast::{Content, Options, TypeDecl};
use std::collections::BTreeMap;

/// Where the parts of a format are written.
#[derive(Debug)]
pub struct Written<'a> {
    pub(super) drafts: Vec<Draft<'a>>,
    /// Where each constant is named.
    pub(super) consts: BTreeMap<&'a str, Span>,
    /// Where each enum and flags type is named.
    pub(super) choices: Vec<Span>,
}

/// How a field, a `let`, a part or a case is written.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Entry<'a> {
    /// Its name; of a case without one, its label.
    pub(crate) name: &'a Spanned<String>,
    /// What it is.
    pub(crate) content: &'a Content,
    /// The rest of its keys.
    pub(crate) options: &'a Options,
    /// All of it.
    pub(crate) span: Span,
    /// Of a case, whether it has a name of its own.
    pub(crate) is_named: bool,
}

impl<'a> Written<'a> {
    /// The declaration of a named type.
    pub(crate) fn decl(&self, id: TypeId) -> Option<&'a TypeDecl> {
        self.draft(id)?.decl
    }

    /// Where a type is named; of an inline one, where it starts.
    pub(crate) fn ty(&self, id: TypeId) -> Option<Span> {
        self.draft(id).map(|d| d.span)
    }

    /// The type around an inline one, and which of its entries that is.
    pub(crate) fn outer(&self, id: TypeId) -> Option<(TypeId, usize)> {
        let Outer { ty, member } = self.draft(id)?.outer?;
        Some((ty, member))
    }

    /// A field of a struct, a part of `bits`, or a case of a switch (by its number).
    pub(crate) fn field(&self, id: TypeId, field: FieldId) -> Option<Entry<'a>> {
        let draft = self.draft(id)?;
        if let Some(case) = draft.cases().get(field.0) {
            return Some(case_entry(case));
        }
        // Each `let` in front of a field moves it on by one.
        let member = draft.members().iter().skip(field.0).find(|m| m.id == Some(field))?;
        Some(member_entry(member))
    }

    /// Where the label of a case stands.
    pub(crate) fn case_label(&self, id: TypeId, case: usize) -> Option<Span> {
        self.draft(id)?.cases().get(case).map(|c| c.decl.label.span)
    }

    /// All entries of a type, each `let` in its place.
    pub(crate) fn entries(&self, id: TypeId) -> Vec<Entry<'a>> {
        let Some(draft) = self.draft(id) else { return Vec::new() };
        let members = draft.members().iter().map(member_entry);
        members.chain(draft.cases().iter().map(case_entry)).collect()
    }

    /// Where a constant is named.
    pub(crate) fn constant(&self, name: &str) -> Option<Span> {
        self.consts.get(name).copied()
    }

    /// Where enums and flags are named, in the order of the model, enums first.
    pub(crate) fn choices(&self) -> &[Span] {
        &self.choices
    }

    fn draft(&self, id: TypeId) -> Option<&Draft<'a>> {
        self.drafts.get(id.0)
    }
}

fn member_entry<'a>(member: &super::draft::Member<'a>) -> Entry<'a> {
    Entry { name: member.name, content: member.content, options: member.options, span: member.span, is_named: true }
}

fn case_entry<'a>(case: &super::draft::DraftCase<'a>) -> Entry<'a> {
    let decl = case.decl;
    Entry {
        name: decl.name.as_ref().unwrap_or(&decl.label),
        content: &decl.content,
        options: &decl.options,
        span: decl.span,
        is_named: decl.name.is_some(),
    }
}
