//! From the parser's events to a tree, refusing what a spec may not use.

use super::refuse::{offset, too_deep};
use super::{Kind, MAX_DEPTH, MAX_NODES, Node};
use crate::diagnostic::{Code, Diagnostic, Diagnostics, excerpt};
use crate::source::{FileId, Span};
use granit_parser::{Event, ScalarStyle, StructureStyle};
use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

/// A tree in the making.
pub(super) struct Builder<'a> {
    file: FileId,
    text: &'a str,
    diagnostics: &'a mut Diagnostics,
    open: Vec<Open>,
    root: Option<Node>,
    nodes: usize,
}

/// A list or mapping whose end has not come yet.
struct Open {
    span: Span,
    style: StructureStyle,
    content: OpenContent,
}

enum OpenContent {
    Seq(Vec<Node>),
    Map { entries: Vec<(Node, Node)>, next: Next, seen: BTreeMap<String, Span> },
}

/// What comes next in a mapping.
enum Next {
    Key,
    /// The value of this key.
    ValueOf(Node),
    /// The value of a key that has been refused, which goes with it.
    Refused,
}

impl<'a> Builder<'a> {
    pub(super) fn new(file: FileId, text: &'a str, diagnostics: &'a mut Diagnostics) -> Self {
        Self { file, text, diagnostics, open: Vec::new(), root: None, nodes: 0 }
    }

    pub(super) fn into_parts(self) -> (Option<Node>, &'a mut Diagnostics, FileId) {
        (self.root, self.diagnostics, self.file)
    }

    pub(super) fn refuse(&mut self, diagnostic: Diagnostic) {
        self.diagnostics.push(diagnostic);
    }

    /// Takes one event; whether there is a point in going on.
    pub(super) fn event(&mut self, event: Event<'_>, at: granit_parser::Span) -> bool {
        let span = Span::new(self.file, offset(self.text, &at.start)..offset(self.text, &at.end));
        if let Event::Scalar(_, _, _, Some(_))
        | Event::SequenceStart(_, _, Some(_))
        | Event::MappingStart(_, _, Some(_)) = &event
        {
            self.tag(&at, span);
        }
        match event {
            Event::Scalar(text, style, ..) => {
                let plain = style == ScalarStyle::Plain;
                // The parser writes `~` for a value of which nothing is written.
                let text = if plain && span.is_empty() { String::new() } else { text.into_owned() };
                let span = self.without_end_of_line(span);
                return self.add(Node { span, kind: Kind::Scalar { text, plain } });
            }
            Event::Alias(_) | Event::UnresolvedAlias(_) => return self.alias(span),
            Event::SequenceStart(style, ..) => return self.start(span, style, OpenContent::Seq(Vec::new())),
            Event::MappingStart(style, ..) => {
                let content = OpenContent::Map { entries: Vec::new(), next: Next::Key, seen: BTreeMap::new() };
                return self.start(span, style, content);
            }
            Event::SequenceEnd | Event::MappingEnd => return self.end(span),
            Event::Anchor(_, name) => self.anchor(span, &name),
            Event::DocumentStart(..) if self.root.is_some() => return self.second_document(span),
            _ => {}
        }
        true
    }

    /// A block scalar reaches up to the next value; its last line break is not part of what is shown.
    fn without_end_of_line(&self, span: Span) -> Span {
        let range = span.range();
        let written = self.text.get(range.clone()).unwrap_or("").trim_end_matches(['\n', '\r', ' ']);
        Span::new(self.file, range.start..range.start.saturating_add(written.len()))
    }

    fn start(&mut self, span: Span, style: StructureStyle, content: OpenContent) -> bool {
        if self.open.len() >= MAX_DEPTH {
            self.refuse(too_deep(span));
            return false;
        }
        self.open.push(Open { span, style, content });
        true
    }

    fn end(&mut self, span: Span) -> bool {
        let Some(open) = self.open.pop() else { return true };
        let last = match &open.content {
            OpenContent::Seq(items) => items.last(),
            OpenContent::Map { entries, .. } => entries.last().map(|(_, value)| value),
        };
        // The end of a block is found at the next value only, behind comments that are no part of it.
        let end = match open.style {
            StructureStyle::Flow => span,
            StructureStyle::Block => last.map_or(open.span, |node| node.span),
        };
        let kind = match open.content {
            OpenContent::Seq(items) => Kind::Seq(items),
            OpenContent::Map { entries, .. } => Kind::Map(entries),
        };
        self.add(Node { span: open.span.to(end), kind })
    }

    fn add(&mut self, node: Node) -> bool {
        self.nodes = self.nodes.saturating_add(1);
        if self.nodes > MAX_NODES {
            let message = format!("more than {MAX_NODES} values");
            self.refuse(Diagnostic::new(Code::TooManyNodes, message, node.span, "one too many"));
            return false;
        }
        match self.open.last_mut() {
            None => self.root = Some(node),
            Some(Open { content: OpenContent::Seq(items), .. }) => items.push(node),
            Some(Open { content: OpenContent::Map { entries, next, seen }, .. }) => {
                match std::mem::replace(next, Next::Key) {
                    Next::ValueOf(key) => entries.push((key, node)),
                    Next::Refused => {}
                    Next::Key => match accepted_key(&node, seen) {
                        Ok(()) => *next = Next::ValueOf(node),
                        Err(diagnostic) => {
                            *next = Next::Refused;
                            self.diagnostics.extend(diagnostic);
                        }
                    },
                }
            }
        }
        true
    }

    fn alias(&mut self, span: Span) -> bool {
        let diagnostic = Diagnostic::new(Code::Alias, "aliases are not allowed in a spec", span, "an alias");
        self.refuse(diagnostic.hint("write the value out, or give it a type of its own"));
        self.add(Node { span, kind: Kind::Scalar { text: String::new(), plain: true } })
    }

    fn anchor(&mut self, span: Span, name: &str) {
        let message = format!("anchor `{}`: anchors are not allowed in a spec", excerpt(name));
        let diagnostic = Diagnostic::new(Code::Anchor, message, span, "an anchor");
        self.refuse(diagnostic.hint("remove it; a text that starts with `&` needs quotes"));
    }

    fn tag(&mut self, at: &granit_parser::Span, node: Span) {
        let place = at
            .tag_span()
            .map_or(node, |tag| Span::new(self.file, offset(self.text, &tag.start)..offset(self.text, &tag.end)));
        let diagnostic = Diagnostic::new(Code::Tag, "tags are not allowed in a spec", place, "a tag");
        self.refuse(diagnostic.hint("remove it; a text that starts with `!` needs quotes"));
    }

    fn second_document(&mut self, span: Span) -> bool {
        let diagnostic =
            Diagnostic::new(Code::SecondDocument, "a spec file holds one document", span, "the second starts here");
        self.refuse(diagnostic.hint("move it to a file of its own"));
        false
    }
}

/// Whether a mapping may have this key; a key that stands for an alias is left out without another word.
fn accepted_key(node: &Node, seen: &mut BTreeMap<String, Span>) -> Result<(), Option<Diagnostic>> {
    let Kind::Scalar { text, plain } = &node.kind else {
        return Err(Some(Diagnostic::new(
            Code::KeyNotText,
            "a key must be plain text",
            node.span,
            "not a single value",
        )));
    };
    if node.is_left_out() {
        return Err(None);
    }
    if *plain && text == "<<" {
        let diagnostic =
            Diagnostic::new(Code::MergeKey, "merge keys are not allowed in a spec", node.span, "a merge key");
        return Err(Some(diagnostic.hint("write the keys out")));
    }
    match seen.entry(text.clone()) {
        Entry::Vacant(free) => {
            free.insert(node.span);
            Ok(())
        }
        Entry::Occupied(first) => {
            let message = format!("duplicate key `{}`", excerpt(text));
            let diagnostic = Diagnostic::new(Code::DuplicateKey, message, node.span, "given again");
            Err(Some(diagnostic.also(*first.get(), "first given here")))
        }
    }
}
