//! What can be wrong with an expression, each with a caret and, where it helps, what to write.

use super::{COMPARISONS, MAX_NESTING, Parser, Refused};
use crate::diagnostic::{Code, Diagnostic, excerpt};
use crate::syntax::lex::{Token, TokenKind};
use std::ops::Range;

impl Parser<'_> {
    pub(super) fn empty<T>(&self) -> Refused<T> {
        self.refuse(Code::EmptyExpression, "the expression is empty", 0..self.text.len(), None)
    }

    pub(super) fn text_first<T>(&self, range: Range<usize>) -> Refused<T> {
        let hint = "put the text on the right, such as `name == 'x'`, or in brackets";
        self.refuse(Code::TextFirst, "an expression cannot start with a text", range, Some(hint))
    }

    pub(super) fn too_deep<T>(&self, range: Range<usize>) -> Refused<T> {
        let message = format!("nested over {MAX_NESTING} levels");
        self.refuse(Code::NestedTooDeep, message, range, Some("name parts of it with `let`"))
    }

    pub(super) fn unclosed<T>(&self, open: usize) -> Refused<T> {
        self.refuse(Code::UnclosedBracket, "this bracket is not closed", open..open.saturating_add(1), Some("add `)`"))
    }

    pub(super) fn needs_brackets<T>(&self, word: &str) -> Refused<T> {
        let hint = if word == "if" { "write `(if c then a else b)`" } else { "write `(not c)`" };
        let message = format!("`{word}` inside an expression needs brackets");
        self.refuse(Code::NeedsBrackets, message, self.next_range(), Some(hint))
    }

    /// Something other than `expected` comes next.
    pub(super) fn unexpected<T>(&self, expected: &str) -> Refused<T> {
        match self.peek() {
            None => {
                let message = format!("the expression ends where {expected} is expected");
                self.refuse(Code::UnexpectedEnd, message, self.next_range(), None)
            }
            Some(token) => {
                let found = self.text.get(token.range.clone()).unwrap_or("");
                let message = format!("expected {expected}, found `{}`", excerpt(found));
                self.refuse(Code::UnexpectedWord, message, token.range.clone(), None)
            }
        }
    }

    pub(super) fn not_a_type<T>(&self) -> Refused<T> {
        let hint = "a type is a name with at most one argument, such as `u32` or `bytes(16)`";
        self.refuse(Code::BadType, format!("`{}` is not a type", excerpt(self.text)), self.next_range(), Some(hint))
    }

    pub(super) fn expect_word(&mut self, word: &str) -> Refused<()> {
        if self.word(word) { Ok(()) } else { self.unexpected(&format!("`{word}`")) }
    }

    pub(super) fn expect_end(&self) -> Refused<()> {
        let Some(Token { kind, range }) = self.peek() else { return Ok(()) };
        let written = self.text.get(range.clone()).unwrap_or("");
        let hint = match kind {
            TokenKind::Sign(")") => "there is no `(` for it",
            TokenKind::Sign("(") => "functions are called by one name: `sum(list.length)`",
            TokenKind::Sign("..") => "`low..high` stands behind `in` only",
            TokenKind::Word(word) if word == "where" || word == "except" => {
                "it stands inside the brackets of a function only"
            }
            TokenKind::Word(word) if word == "then" || word == "else" => "it needs an `if` in front",
            _ => "an operator is missing in front of it",
        };
        let message = format!("`{}` behind the end of the expression", excerpt(written));
        self.refuse(Code::LeftOver, message, range.clone(), Some(hint))
    }

    /// A comparison that started at the byte `start` is complete; another one must not follow.
    pub(super) fn refuse_chain(&self, start: usize) -> Refused<()> {
        let Some(Token { kind, range }) = self.peek() else { return Ok(()) };
        let chained = match kind {
            TokenKind::Sign(sign) => COMPARISONS.iter().any(|(s, _)| s == sign),
            TokenKind::Word(word) => word == "in" || COMPARISONS.iter().any(|(s, _)| s == word),
            TokenKind::Int(_) | TokenKind::Text(_) | TokenKind::Guid(_) => false,
        };
        if !chained {
            return Ok(());
        }
        let first = self.place.span(start..self.end());
        let hint = "write `a < b and b < c`, or `b in low..high`";
        let diagnostic =
            self.diagnostic(Code::ChainedComparison, "comparisons do not chain", range.clone(), Some(hint));
        Err(Box::new(diagnostic.also(first, "the first comparison")))
    }

    fn refuse<T>(&self, code: Code, message: impl Into<String>, range: Range<usize>, hint: Option<&str>) -> Refused<T> {
        Err(Box::new(self.diagnostic(code, message, range, hint)))
    }

    fn diagnostic(
        &self,
        code: Code,
        message: impl Into<String>,
        range: Range<usize>,
        hint: Option<&str>,
    ) -> Diagnostic {
        let diagnostic = Diagnostic::new(code, message, self.place.span(range), "here");
        diagnostic.maybe_hint(hint.map(str::to_owned))
    }

    /// The next token, or the end when there is none.
    pub(super) fn next_range(&self) -> Range<usize> {
        let end = self.text.trim_end().len();
        self.peek().map_or(end..end, |token| token.range.clone())
    }
}
