//! The top level of a file.

use super::Reader;
use super::cursor::Mapping;
use super::keys::{CONST, FORMAT, TOP_LEVEL};
use super::names::{Named, is_name};
use crate::diagnostic::{Code, Diagnostic, excerpt};
use crate::source::{Span, Spanned};
use crate::syntax::ast::{ConstDecl, ExtendDecl, FormatDecl, SpecFile};
use crate::syntax::yaml::{Kind, Node};

impl Reader<'_> {
    pub(super) fn spec_file(&mut self, root: &Node) -> Option<SpecFile> {
        let start = Span::new(self.file, 0..0);
        let map = self.mapping(root, &TOP_LEVEL, start)?;
        self.check_version(&map);
        let later = map.later();
        let spec = SpecFile {
            file: self.file,
            format: map.get("format").and_then(|node| self.format(node, &map)),
            root: self.reference_at(&map, "root"),
            roots: self.roots(&map),
            endian: self.endian_at(&map),
            consts: self.consts(&map),
            enums: self.enums(&map),
            flags: self.all_flags(&map),
            types: self.types(&map),
            state: self.state(&map),
            inputs: self.inputs(&map),
            externs: self.externs(&map),
            examples: self.examples(&map),
            uses: map.get("use").map(|node| self.uses(node)).unwrap_or_default(),
            extends: self.extends(&map),
            lost: Vec::new(),
            later,
        };
        Some(SpecFile { lost: std::mem::take(&mut self.lost), ..spec })
    }

    fn check_version(&mut self, map: &Mapping<'_>) {
        let Some(version) = self.integer_at(map, "spec") else { return };
        if version.value != 1 {
            let message = format!("version {} of the language is not known", version.value);
            self.report(Diagnostic::new(Code::SpecVersion, message, version.span, "not known").hint("write `spec: 1`"));
        }
    }

    fn format(&mut self, node: &Node, top: &Mapping<'_>) -> Option<FormatDecl> {
        let map = self.mapping(node, &FORMAT, top.key_span("format")?)?;
        let (title, doc, refs) = (self.text_at(&map, "title"), self.text_at(&map, "doc"), self.texts_at(&map, "refs"));
        let id = self.name(map.get("id")?, Named::Other)?;
        Some(FormatDecl { id, title, doc, refs })
    }

    fn roots(&mut self, map: &Mapping<'_>) -> Vec<Spanned<String>> {
        let Some(node) = map.get("roots") else { return Vec::new() };
        let items = self.items(node, "a list of types");
        items.iter().filter_map(|item| self.reference(item)).collect()
    }

    fn uses(&mut self, node: &Node) -> Vec<Spanned<String>> {
        let items = self.items(node, "a list of files");
        items.iter().filter_map(|item| self.text(item)).collect()
    }

    fn consts(&mut self, map: &Mapping<'_>) -> Vec<ConstDecl> {
        let Some(node) = map.get("consts") else { return Vec::new() };
        let entries = self.entries(node, "a mapping from names to values");
        let mut out = Vec::new();
        for (key, value) in entries {
            let name = self.name(key, Named::Value);
            let decl = name.and_then(|name| self.constant(name, value));
            out.extend(self.or_lost(key, decl));
        }
        out
    }

    fn constant(&mut self, name: Spanned<String>, node: &Node) -> Option<ConstDecl> {
        if !matches!(node.kind, Kind::Map(_)) {
            return Some(ConstDecl { name, value: self.expr(node)?, doc: None, refs: Vec::new() });
        }
        let map = self.mapping(node, &CONST, name.span)?;
        let (doc, refs, _) = self.notes(&map);
        Some(ConstDecl { value: self.expr(map.get("value")?)?, name, doc, refs })
    }

    fn extends(&mut self, map: &Mapping<'_>) -> Vec<ExtendDecl> {
        let Some(node) = map.get("extend") else { return Vec::new() };
        let entries = self.entries(node, "a mapping from `type.field` to cases");
        let mut out = Vec::new();
        for (key, value) in entries {
            let target = self.target(key);
            let cases = self.cases(value);
            out.extend(target.map(|target| ExtendDecl { target, cases }));
        }
        out
    }

    fn target(&mut self, key: &Node) -> Option<Spanned<String>> {
        let text = self.scalar(key, "`type.field`")?;
        let complete = text.split_once('.').is_some_and(|(of, field)| is_name(of) && is_name(field));
        if !complete {
            let message = format!("`{}` is not `type.field`", excerpt(text));
            self.report(
                Diagnostic::new(Code::BadTarget, message, key.span, "here")
                    .hint("name a type and its open switch: `device.body`"),
            );
            return None;
        }
        Some(Spanned::new(text.to_owned(), key.span))
    }
}
