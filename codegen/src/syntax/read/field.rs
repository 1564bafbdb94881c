//! Fields, and what a field or a case is.

use super::Reader;
use super::cursor::{Mapping, first_of, shape_of};
use super::keys::{CONTENTS, FIELD};
use super::names::Named;
use super::words::BOOLEANS;
use crate::diagnostic::{Code, Diagnostic, excerpt};
use crate::source::{Span, Spanned};
use crate::syntax::ast::{Content, FieldDecl, Options, SwitchDecl};
use crate::syntax::yaml::{Kind, Node};

impl Reader<'_> {
    /// The list of `fields`.
    pub(super) fn fields(&mut self, node: &Node) -> Vec<FieldDecl> {
        let items = self.items(node, "a list of fields");
        items.iter().filter_map(|item| self.field(item)).collect()
    }

    fn field(&mut self, node: &Node) -> Option<FieldDecl> {
        let (key, value) = self.name_and_value(node)?;
        let decl = self.named_field(key, value);
        self.or_lost(key, decl)
    }

    /// A field. One whose keys are wrong is left out as a whole: without them it would be another field.
    fn named_field(&mut self, key: &Node, value: &Node) -> Option<FieldDecl> {
        let name = self.name(key, Named::Field);
        let (content, options) = match &value.kind {
            Kind::Map(_) => {
                let before = self.reported();
                let map = self.mapping(value, &FIELD, key.span)?;
                let options = self.options(&map);
                let whole = self.reported() == before;
                (self.content(&map).filter(|_| whole), options)
            }
            Kind::Seq(_) => {
                self.wrong_shape(value, "a type or options", Some("a group of fields is written `{fields: [...]}`"));
                return None;
            }
            Kind::Scalar { .. } => (self.bare_type(value, key.span), Options::default()),
        };
        Some(FieldDecl { name: name?, content: content?, options, span: key.span.to(value.span) })
    }

    /// The one entry of a field.
    fn name_and_value<'n>(&mut self, node: &'n Node) -> Option<(&'n Node, &'n Node)> {
        if node.is_left_out() {
            return None;
        }
        let diagnostic = match &node.kind {
            Kind::Map(entries) => match entries.as_slice() {
                [(key, value)] => return Some((key, value)),
                [] => Diagnostic::new(Code::FieldShape, "a field without a name", node.span, "empty"),
                [(first, value), (second, _), ..] => several_entries(first, value, second),
            },
            Kind::Scalar { text, .. } => name_only(node, text),
            Kind::Seq(_) => {
                let message = format!("a field is `name: type`, found {}", shape_of(node));
                Diagnostic::new(Code::FieldShape, message, first_of(node), "no name")
            }
        };
        self.report(diagnostic);
        None
    }

    /// A field or case that is a type and nothing else.
    pub(super) fn bare_type(&mut self, value: &Node, owner: Span) -> Option<Content> {
        if value.is_absent() {
            let diagnostic = Diagnostic::new(Code::NoContent, "nothing is said about what it is", owner, "no type");
            self.report(diagnostic.hint("write its type behind the colon, or `[]` for a case without fields"));
            return None;
        }
        self.type_expr(value).map(Content::Type)
    }

    /// What a field or case is, by its keys.
    pub(super) fn content(&mut self, map: &Mapping<'_>) -> Option<Content> {
        let present: Vec<Spanned<String>> = CONTENTS.iter().filter_map(|key| map.key(key)).collect();
        // Beside `let`, `type` only says which enum the value is.
        let enum_of_let = map.has("let") && map.has("type");
        let mut counted = present.iter().filter(|key| !(enum_of_let && key.value == "type"));
        let (first, second) = (counted.next(), counted.next());
        if let (Some(first), Some(second)) = (first, second) {
            let message = format!("both `{}` and `{}`", first.value, second.value);
            let diagnostic = Diagnostic::new(Code::SeveralContents, message, second.span, "one too many");
            self.report(diagnostic.also(first.span, "already said here").hint("split it into two fields"));
            return None;
        }
        let before = self.reported();
        self.check_fit(map, first.map(|key| key.value.as_str()));
        let fits = self.reported() == before;
        let Some(first) = first else {
            self.no_content(map);
            return None;
        };
        self.content_of(map, first).filter(|_| fits)
    }

    fn content_of(&mut self, map: &Mapping<'_>, key: &Spanned<String>) -> Option<Content> {
        let value = map.get(&key.value)?;
        match key.value.as_str() {
            "let" => {
                let of = self.reference_at(map, "type");
                Some(Content::Let { value: self.expr(value)?, of })
            }
            "type" => self.type_expr(value).map(Content::Type),
            "magic" => self.magic(value).map(Content::Magic),
            "fields" => {
                let fields = self.fields(value);
                if std::ptr::eq(map.construct(), &raw const FIELD) {
                    self.refuse_empty(value, "a group of fields");
                }
                Some(Content::Fields(fields))
            }
            "switch" => self.switch(map, value).map(|decl| Content::Switch(Box::new(decl))),
            "journal" => self.journal(value, key.span).map(|decl| Content::Journal(Box::new(decl))),
            _ => self.reference(value).map(Content::Extern),
        }
    }

    fn switch(&mut self, map: &Mapping<'_>, on: &Node) -> Option<SwitchDecl> {
        let on = self.expr(on);
        let cases = map.get("cases").map(|node| self.cases(node)).unwrap_or_default();
        let default = map.get("default").zip(map.key("default")).and_then(|(node, key)| self.case(key, node));
        let open = map.get("open").and_then(|node| self.word(node, BOOLEANS)).is_some_and(|word| word.value);
        Some(SwitchDecl { on: on?, cases, default, open })
    }

    fn no_content(&mut self, map: &Mapping<'_>) {
        // A part of a switch has been reported already, and so has a merge key, which is left out.
        let merged = self.diagnostics.iter().any(|d| d.code == Code::MergeKey && d.primary.span.file == self.file);
        if map.has("cases") || map.has("default") || merged {
            return;
        }
        let message =
            format!("{} needs a `type`, `magic`, `fields`, `switch`, `let` or `extern`", map.construct().name);
        self.report(Diagnostic::new(Code::NoContent, message, map.owner, "what is it?"));
    }

    fn magic(&mut self, node: &Node) -> Option<Spanned<Vec<u8>>> {
        let text = self.scalar(node, "the characters of the magic")?;
        if text.is_empty() {
            self.report(Diagnostic::new(Code::EmptyText, "the magic is empty", node.span, "empty"));
            return None;
        }
        let bytes: Result<Vec<u8>, char> = text.chars().map(|c| u8::try_from(c).map_err(|_| c)).collect();
        match bytes {
            Ok(bytes) => Some(Spanned::new(bytes, node.span)),
            Err(c) => {
                let message = format!("`{}` (U+{:04X}) is not one byte", excerpt(&c.to_string()), u32::from(c));
                let hint = "write bytes as escapes in double quotes: `\"\\xff\"`";
                self.report(Diagnostic::new(Code::BadMagic, message, node.span, "in this magic").hint(hint));
                None
            }
        }
    }
}

/// A single value where a name and a type were expected.
fn name_only(node: &Node, text: &str) -> Diagnostic {
    let text = excerpt(text);
    let message = format!("a field is `name: type`, found `{text}`");
    let hint = match text.split_once(':') {
        Some((name, rest)) => format!("a space belongs behind the colon: `- {name}: {rest}`"),
        None => format!("write `- {text}: type`"),
    };
    Diagnostic::new(Code::FieldShape, message, node.span, "no type").hint(hint)
}

/// Two keys where one was expected. Most often the options stand below the name without being indented further.
fn several_entries(first: &Node, value: &Node, second: &Node) -> Diagnostic {
    let name = excerpt(first.scalar().unwrap_or(""));
    let hint = if value.is_absent() {
        format!("indent the options further than `{name}`, or write `- {name}: {{...}}`")
    } else {
        format!("start a field of its own with `- `, or write options as `- {name}: {{...}}`")
    };
    let diagnostic = Diagnostic::new(Code::FieldShape, "a field has one name", second.span, "a second key");
    diagnostic.also(first.span, "the field").hint(hint)
}
