//! Single values: texts, numbers, words of a closed set, expressions, types.

use super::Reader;
use super::cursor::Mapping;
use crate::diagnostic::{Code, Diagnostic, did_you_mean, excerpt, is_hidden};
use crate::source::Spanned;
use crate::syntax::ast::{EachDecl, TypeExpr};
use crate::syntax::expr::Expr;
use crate::syntax::parse_expr::{parse_each, parse_expr, parse_type};
use crate::syntax::yaml::{Kind, Node};

impl Reader<'_> {
    /// The text of a single value, whatever it is.
    pub(super) fn scalar<'n>(&mut self, node: &'n Node, expected: &str) -> Option<&'n str> {
        match &node.kind {
            Kind::Scalar { text, .. } if !node.is_absent() && !node.is_left_out() => Some(text),
            _ => {
                self.wrong_shape(node, expected, None);
                None
            }
        }
    }

    /// A text that people will see, without white space around it.
    pub(super) fn text(&mut self, node: &Node) -> Option<Spanned<String>> {
        let text = self.scalar(node, "a text")?.trim();
        if text.is_empty() {
            self.report(Diagnostic::new(Code::EmptyText, "the text is empty", node.span, "empty"));
            return None;
        }
        let hidden = [Code::HiddenCharacter, Code::ControlCharacter];
        if self.diagnostics.iter().any(|d| hidden.contains(&d.code) && node.span.contains(d.primary.span)) {
            return None;
        }
        if let Some(bad) = text.chars().find(|c| is_hidden(*c) && !matches!(c, '\n' | '\t')) {
            let message = format!("the text holds the invisible character U+{:04X}", u32::from(bad));
            self.report(Diagnostic::new(Code::BadText, message, node.span, "in this text"));
            return None;
        }
        Some(Spanned::new(text.to_owned(), node.span))
    }

    pub(super) fn text_at(&mut self, map: &Mapping<'_>, key: &str) -> Option<Spanned<String>> {
        map.get(key).and_then(|node| self.text(node))
    }

    /// One text or a list of them.
    pub(super) fn texts_at(&mut self, map: &Mapping<'_>, key: &str) -> Vec<Spanned<String>> {
        match map.get(key) {
            None => Vec::new(),
            Some(Node { kind: Kind::Seq(items), .. }) => items.iter().filter_map(|item| self.text(item)).collect(),
            Some(Node { kind: Kind::Map(_), span }) => {
                let message = "expected a text or a list of texts, found a mapping";
                self.report(Diagnostic::new(Code::WrongShape, message, *span, "a mapping"));
                Vec::new()
            }
            Some(node) => self.text(node).into_iter().collect(),
        }
    }

    /// A whole number.
    pub(super) fn integer(&mut self, node: &Node) -> Option<Spanned<u64>> {
        let text = self.scalar(node, "a whole number")?;
        match integer_value(text) {
            Ok(value) => Some(Spanned::new(value, node.span)),
            Err(hint) => {
                let message = format!("`{}` is not a whole number here", excerpt(text));
                self.report(Diagnostic::new(Code::BadInteger, message, node.span, "here").hint(hint));
                None
            }
        }
    }

    pub(super) fn integer_at(&mut self, map: &Mapping<'_>, key: &str) -> Option<Spanned<u64>> {
        map.get(key).and_then(|node| self.integer(node))
    }

    /// One of a few words.
    pub(super) fn word<T: Copy>(&mut self, node: &Node, words: &[(&'static str, T)]) -> Option<Spanned<T>> {
        let text = self.scalar(node, "a word")?;
        if let Some((_, value)) = words.iter().find(|(word, _)| *word == text) {
            return Some(Spanned::new(*value, node.span));
        }
        let names = || words.iter().map(|(word, _)| *word);
        let list = names().map(|word| format!("`{word}`")).collect::<Vec<_>>().join(", ");
        let message = format!("unknown word `{}`; allowed: {list}", excerpt(text));
        self.report(
            Diagnostic::new(Code::UnknownWord, message, node.span, "here").maybe_hint(did_you_mean(text, names())),
        );
        None
    }

    pub(super) fn word_at<T: Copy>(
        &mut self,
        map: &Mapping<'_>,
        key: &str,
        words: &[(&'static str, T)],
    ) -> Option<Spanned<T>> {
        map.get(key).and_then(|node| self.word(node, words))
    }

    /// An expression.
    pub(super) fn expr(&mut self, node: &Node) -> Option<Expr> {
        let text = self.scalar(node, "an expression")?;
        let parsed = parse_expr(text, &self.place(node));
        parsed.map_err(|diagnostic| self.report(diagnostic)).ok()
    }

    pub(super) fn expr_at(&mut self, map: &Mapping<'_>, key: &str) -> Option<Expr> {
        map.get(key).and_then(|node| self.expr(node))
    }

    /// `list where condition`.
    pub(super) fn each_at(&mut self, map: &Mapping<'_>) -> Option<EachDecl> {
        let node = map.get("each")?;
        let text = self.scalar(node, "`list where condition`")?;
        let parsed = parse_each(text, &self.place(node));
        parsed.map_err(|diagnostic| self.report(diagnostic)).ok()
    }

    /// One expression or a list of them.
    pub(super) fn exprs_at(&mut self, map: &Mapping<'_>, key: &str) -> Vec<Expr> {
        match map.get(key) {
            Some(Node { kind: Kind::Seq(items), .. }) => items.iter().filter_map(|item| self.expr(item)).collect(),
            Some(node) => self.expr(node).into_iter().collect(),
            None => Vec::new(),
        }
    }

    /// A type.
    pub(super) fn type_expr(&mut self, node: &Node) -> Option<Spanned<TypeExpr>> {
        let text = self.scalar(node, "a type")?;
        let parsed = parse_type(text, &self.place(node));
        parsed.map_err(|diagnostic| self.report(diagnostic)).ok()
    }

    pub(super) fn type_at(&mut self, map: &Mapping<'_>, key: &str) -> Option<Spanned<TypeExpr>> {
        map.get(key).and_then(|node| self.type_expr(node))
    }
}

/// The value of a decimal or `0x` number, or what to write instead.
fn integer_value(text: &str) -> Result<u64, &'static str> {
    let (digits, radix) = text.strip_prefix("0x").map_or((text, 10), |hex| (hex, 16));
    if digits.is_empty() || !digits.chars().all(|c| c.is_digit(radix)) {
        return Err(match text {
            _ if text.contains('_') => "numbers have no `_`",
            _ if text.ends_with(['K', 'M', 'G', 'T']) => "suffixes such as `K` are for expressions only",
            _ if text.starts_with('-') => "it cannot be negative",
            _ => "write decimal digits, or `0x` and hex digits",
        });
    }
    u64::from_str_radix(digits, radix).map_err(|_| "the largest number is 18446744073709551615")
}
