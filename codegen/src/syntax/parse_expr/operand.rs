//! Operands: numbers, names, calls, what is in brackets, and what follows a dot. Also how tokens are taken.

use super::{Parsed, Parser, Refused, WORDS};
use crate::source::Spanned;
use crate::syntax::expr::{BinaryOp, ExprKind};
use crate::syntax::lex::{Token, TokenKind};

impl Parser<'_> {
    pub(super) fn postfix(&mut self) -> Parsed {
        let start = self.start();
        let mut built = self.primary()?;
        while self.sign(".") {
            let name = self.name("a name")?;
            let of = built.expr;
            built = if self.sign("(") {
                let key = self.bracketed()?;
                let depth = built.depth.max(key.depth);
                self.build(start, depth, ExprKind::Row { of, name, key: key.expr })?
            } else {
                self.build(start, built.depth, ExprKind::Member { of, name })?
            };
        }
        Ok(built)
    }

    fn primary(&mut self) -> Parsed {
        let start = self.start();
        let Some(Token { kind, .. }) = self.peek().cloned() else { return self.unexpected("an operand") };
        let kind = match kind {
            TokenKind::Int(value) => ExprKind::Int(value),
            TokenKind::Text(text) => ExprKind::Str(text),
            TokenKind::Guid(bytes) => ExprKind::Guid(bytes),
            TokenKind::Sign("(") => {
                self.advance();
                return self.bracketed();
            }
            TokenKind::Word(word) if matches!(word.as_str(), "if" | "not") => return self.needs_brackets(&word),
            TokenKind::Word(word) if word == "true" || word == "false" => ExprKind::Name(word),
            TokenKind::Word(_) => return self.name_or_call(),
            TokenKind::Sign(_) => return self.unexpected("an operand"),
        };
        self.advance();
        self.build(start, 0, kind)
    }

    fn name_or_call(&mut self) -> Parsed {
        let start = self.start();
        let name = self.name("an operand")?;
        let open = self.start();
        if !self.sign("(") {
            return self.build(start, 0, ExprKind::Name(name.value));
        }
        if self.next_sign(")") {
            return self.unexpected("an argument");
        }
        let arg = self.expr()?;
        let mut depth = arg.depth;
        let mut filter = None;
        let mut except = None;
        if self.word("where") {
            let condition = self.expr()?;
            depth = depth.max(condition.depth);
            filter = Some(condition.expr);
        } else if self.word("except") {
            except = Some(self.name("the name of a field")?);
        }
        self.close(open)?;
        self.build(start, depth, ExprKind::Call { function: name, arg: arg.expr, filter, except })
    }

    /// What stands in brackets, of which the first has been taken.
    pub(super) fn bracketed(&mut self) -> Parsed {
        let open = self.end().saturating_sub(1);
        let built = self.expr()?;
        self.close(open)?;
        Ok(built)
    }

    fn close(&mut self, open: usize) -> Refused<()> {
        if self.sign(")") {
            return Ok(());
        }
        if self.peek().is_none() { self.unclosed(open) } else { self.unexpected("`)` or an operator") }
    }

    /// Takes a name, which is no word of the language.
    fn name(&mut self, expected: &str) -> Refused<Spanned<String>> {
        match self.peek().cloned() {
            Some(Token { kind: TokenKind::Word(word), range }) if !WORDS.contains(&word.as_str()) => {
                self.advance();
                Ok(Spanned::new(word, self.place.span(range)))
            }
            _ => self.unexpected(expected),
        }
    }

    /// Takes the next token if it is one of `operators`.
    pub(super) fn operator(&mut self, operators: &[(&str, BinaryOp)]) -> Option<BinaryOp> {
        let written = match &self.peek()?.kind {
            TokenKind::Sign(sign) => sign,
            TokenKind::Word(word) => word.as_str(),
            TokenKind::Int(_) | TokenKind::Text(_) | TokenKind::Guid(_) => return None,
        };
        let op = operators.iter().find(|(sign, _)| *sign == written).map(|(_, op)| *op)?;
        self.advance();
        Some(op)
    }

    /// Takes the next token if it is `sign`.
    pub(super) fn sign(&mut self, sign: &str) -> bool {
        let found = self.next_sign(sign);
        if found {
            self.advance();
        }
        found
    }

    /// Takes the next token if it is `word`.
    pub(super) fn word(&mut self, word: &str) -> bool {
        let found = self.next_word(word);
        if found {
            self.advance();
        }
        found
    }

    pub(super) fn next_word(&self, word: &str) -> bool {
        matches!(self.peek(), Some(Token { kind: TokenKind::Word(w), .. }) if w == word)
    }

    fn next_sign(&self, sign: &str) -> bool {
        matches!(self.peek(), Some(Token { kind: TokenKind::Sign(s), .. }) if *s == sign)
    }

    pub(super) fn peek(&self) -> Option<&Token> {
        self.tokens.get(self.at)
    }

    fn advance(&mut self) {
        self.at = self.at.saturating_add(1);
    }

    /// Where the next token starts, or the text ends.
    pub(super) fn start(&self) -> usize {
        self.peek().map_or(self.text.len(), |token| token.range.start)
    }

    /// Where the last token taken ends.
    pub(super) fn end(&self) -> usize {
        self.at.checked_sub(1).and_then(|last| self.tokens.get(last)).map_or(0, |token| token.range.end)
    }
}
