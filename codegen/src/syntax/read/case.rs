//! The cases of a switch.

use super::Reader;
use super::keys::{CASE, is_case_name};
use super::names::Named;
use crate::source::{Span, Spanned};
use crate::syntax::ast::{CaseDecl, Content, Options};
use crate::syntax::yaml::{Kind, Node};

impl Reader<'_> {
    /// `cases`: content by value.
    pub(super) fn cases(&mut self, node: &Node) -> Vec<CaseDecl> {
        let mut out = Vec::new();
        for (key, value) in self.entries(node, "a mapping from values to cases") {
            let label = key.scalar().map(|text| Spanned::new(text.to_owned(), key.span));
            let case = label.and_then(|label| self.case(label, value));
            out.extend(self.or_lost(key, case));
        }
        out
    }

    /// One case, or `default`.
    pub(super) fn case(&mut self, label: Spanned<String>, value: &Node) -> Option<CaseDecl> {
        let span = label.span.to(value.span);
        let named = name_in(value);
        let name = match named {
            Some((key, _)) => Some(self.name(key, Named::Other)?),
            None => None,
        };
        let (owner, inner) = named.map_or((label.span, value), |(key, inner)| (key.span, inner));
        let content = self.case_content(owner, inner);
        let (content, options) = match named {
            Some((key, _)) => self.or_lost(key, content)?,
            None => content?,
        };
        Some(CaseDecl { label, name, content, options, span })
    }

    fn case_content(&mut self, owner: Span, value: &Node) -> Option<(Content, Options)> {
        match &value.kind {
            Kind::Scalar { .. } => Some((self.bare_type(value, owner)?, Options::default())),
            Kind::Seq(_) => Some((Content::Fields(self.fields(value)), Options::default())),
            Kind::Map(_) => {
                let before = self.reported();
                let map = self.mapping(value, &CASE, owner)?;
                let options = self.options(&map);
                let whole = self.reported() == before;
                self.content(&map).filter(|_| whole).map(|content| (content, options))
            }
        }
    }
}

/// The name and content of a case written as `{name: type}`.
fn name_in(value: &Node) -> Option<(&Node, &Node)> {
    let Kind::Map(entries) = &value.kind else { return None };
    let [(key, inner)] = entries.as_slice() else { return None };
    key.scalar().is_some_and(is_case_name).then_some((key, inner))
}
