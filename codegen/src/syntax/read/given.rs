//! `inputs` and `externs`.

use super::Reader;
use super::cursor::Mapping;
use super::keys::{EXTERN, INPUT};
use super::names::Named;
use super::words::GIVES;
use crate::syntax::ast::{ExternDecl, InputDecl};
use crate::syntax::yaml::Node;

impl Reader<'_> {
    pub(super) fn inputs(&mut self, top: &Mapping<'_>) -> Vec<InputDecl> {
        let Some(node) = top.get("inputs") else { return Vec::new() };
        let mut out = Vec::new();
        for (key, value) in self.entries(node, "a mapping from names to inputs") {
            let decl = self.input(key, value);
            out.extend(self.or_lost(key, decl));
        }
        out
    }

    fn input(&mut self, key: &Node, value: &Node) -> Option<InputDecl> {
        let name = self.name(key, Named::Value);
        let map = self.mapping(value, &INPUT, key.span)?;
        let (kind, init) = (self.reference_at(&map, "type"), self.expr_at(&map, "init"));
        let doc = self.text_at(&map, "doc");
        Some(InputDecl { name: name?, kind: kind?, init: init?, doc })
    }

    pub(super) fn externs(&mut self, top: &Mapping<'_>) -> Vec<ExternDecl> {
        let Some(node) = top.get("externs") else { return Vec::new() };
        let mut out = Vec::new();
        for (key, value) in self.entries(node, "a mapping from names to externs") {
            let decl = self.extern_decl(key, value);
            out.extend(self.or_lost(key, decl));
        }
        out
    }

    fn extern_decl(&mut self, key: &Node, value: &Node) -> Option<ExternDecl> {
        let name = self.name(key, Named::Value);
        let map = self.mapping(value, &EXTERN, key.span)?;
        let (args, gives) = (self.params(&map, "args"), self.word_at(&map, "gives", GIVES));
        let doc = self.text_at(&map, "doc");
        gives?;
        Some(ExternDecl { name: name?, args, doc })
    }
}
