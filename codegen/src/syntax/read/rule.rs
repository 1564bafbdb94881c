//! Rules: conditions with the class and the words of their failure.

use super::Reader;
use super::cursor::Mapping;
use super::keys::RULE;
use super::words::CLASSES;
use crate::source::Span;
use crate::syntax::ast::RuleDecl;
use crate::syntax::yaml::{Kind, Node};

impl Reader<'_> {
    /// One rule or a list of them.
    pub(super) fn rules_at(&mut self, map: &Mapping<'_>, key: &str) -> Vec<RuleDecl> {
        let Some((node, owner)) = map.get(key).zip(map.key_span(key)) else { return Vec::new() };
        match &node.kind {
            Kind::Seq(items) => items.iter().filter_map(|item| self.rule(item, owner)).collect(),
            Kind::Scalar { .. } | Kind::Map(_) => self.rule(node, owner).into_iter().collect(),
        }
    }

    fn rule(&mut self, node: &Node, owner: Span) -> Option<RuleDecl> {
        if !matches!(node.kind, Kind::Map(_)) {
            return Some(RuleDecl { that: self.expr(node)?, class: None, say: None });
        }
        let map = self.mapping(node, &RULE, owner)?;
        let (class, say) = (self.word_at(&map, "class", CLASSES), self.text_at(&map, "say"));
        Some(RuleDecl { that: self.expr_at(&map, "that")?, class, say })
    }
}
