//! The words of expressions.

use super::place::Place;
use crate::diagnostic::{Code, Diagnostic, excerpt};
use std::ops::Range;

/// The longest expression.
pub(super) const MAX_BYTES: usize = 4096;

/// The operators and brackets, longer ones before those they start with.
const SIGNS: &[&str] =
    &["..", "==", "!=", "<=", ">=", "<<", ">>", "<", ">", "|", "^", "&", "+", "-", "*", "/", "%", "~", "(", ")", "."];

/// What other languages write, and what is written here.
const FOREIGN: &[(&str, &str)] = &[("&&", "and"), ("||", "or"), ("=", "=="), ("!", "not")];

/// What a token is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum TokenKind {
    /// A number.
    Int(u64),
    /// What stands between quotes.
    Text(String),
    /// `guid(...)`
    Guid([u8; 16]),
    /// A name or a word of the language.
    Word(String),
    /// One of [`SIGNS`].
    Sign(&'static str),
}

/// A token with its place in the text.
#[derive(Debug, Clone)]
pub(super) struct Token {
    pub(super) kind: TokenKind,
    pub(super) range: Range<usize>,
}

/// The tokens of `text`, or the first thing in it that is none.
pub(super) fn lex(text: &str, place: &Place) -> Result<Vec<Token>, Diagnostic> {
    if text.len() > MAX_BYTES {
        let message = format!("an expression of {} bytes; {MAX_BYTES} are allowed", text.len());
        return Err(Diagnostic::new(Code::TooLong, message, place.span(0..text.len()), "too long")
            .hint("name parts of it with `let`"));
    }
    let mut lexer = Lexer { text, place, at: 0 };
    let mut tokens = Vec::new();
    loop {
        lexer.skip_space();
        let start = lexer.at;
        let Some(first) = lexer.rest().chars().next() else { return Ok(tokens) };
        let kind = lexer.token(first)?;
        tokens.push(Token { kind, range: start..lexer.at });
    }
}

struct Lexer<'a> {
    text: &'a str,
    place: &'a Place,
    at: usize,
}

impl<'a> Lexer<'a> {
    fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or("")
    }

    fn skip(&mut self, bytes: usize) {
        self.at = self.at.saturating_add(bytes);
    }

    fn skip_space(&mut self) {
        let space = self.rest().bytes().take_while(u8::is_ascii_whitespace).count();
        self.skip(space);
    }

    fn take_while(&mut self, wanted: impl Fn(char) -> bool) -> &'a str {
        let rest = self.rest();
        let taken = rest.find(|c| !wanted(c)).map_or(rest, |end| rest.get(..end).unwrap_or(""));
        self.skip(taken.len());
        taken
    }

    fn error(&self, code: Code, message: impl Into<String>, bytes: usize) -> Diagnostic {
        let span = self.place.span(self.at..self.at.saturating_add(bytes));
        Diagnostic::new(code, message, span, "here")
    }

    fn token(&mut self, first: char) -> Result<TokenKind, Diagnostic> {
        match first {
            '0'..='9' => self.number(),
            'a'..='z' | 'A'..='Z' | '_' => self.word(),
            '\'' => self.quoted(),
            _ => self.sign(first),
        }
    }

    fn word(&mut self) -> Result<TokenKind, Diagnostic> {
        let word = self.take_while(is_word);
        if word == "guid" && self.rest().starts_with('(') { self.guid() } else { Ok(TokenKind::Word(word.to_owned())) }
    }

    fn guid(&mut self) -> Result<TokenKind, Diagnostic> {
        self.skip(1);
        let digits = self.rest().split(')').next().unwrap_or("");
        if digits.len() == self.rest().len() {
            return Err(self.error(Code::UnclosedBracket, "`guid(` without `)`", digits.len()));
        }
        let guid = guid_bytes(digits).ok_or_else(|| {
            let hint = "32 hex digits in groups of 8, 4, 4, 4 and 12";
            self.error(Code::BadGuid, format!("`{}` is not a guid", excerpt(digits)), digits.len()).hint(hint)
        })?;
        self.skip(digits.len().saturating_add(1));
        Ok(TokenKind::Guid(guid))
    }

    fn quoted(&mut self) -> Result<TokenKind, Diagnostic> {
        let inner = self.rest().get(1..).unwrap_or("");
        let Some(end) = inner.find('\'') else {
            let hint = "texts stand in single quotes and have no escapes";
            return Err(self.error(Code::UnterminatedText, "a text without an end", self.rest().len()).hint(hint));
        };
        self.skip(end.saturating_add(2));
        Ok(TokenKind::Text(inner.get(..end).unwrap_or("").to_owned()))
    }

    fn number(&mut self) -> Result<TokenKind, Diagnostic> {
        let start = self.at;
        let word = self.take_while(is_word);
        let fraction = self.rest().strip_prefix('.').is_some_and(|t| t.starts_with(|c: char| c.is_ascii_digit()));
        let value = if fraction {
            self.skip(1);
            self.take_while(is_word);
            Err((Code::BadNumber, "numbers are whole; smaller units such as bytes have no fractions".to_owned()))
        } else {
            number_value(word)
        };
        let end = self.at;
        value.map(TokenKind::Int).map_err(|(code, hint)| {
            let written = self.text.get(start..end).unwrap_or("");
            let what = if code == Code::NumberTooLarge { "is too large" } else { "is not a number" };
            Diagnostic::new(code, format!("`{}` {what}", excerpt(written)), self.place.span(start..end), "here")
                .hint(hint)
        })
    }

    fn sign(&mut self, first: char) -> Result<TokenKind, Diagnostic> {
        let rest = self.rest();
        let known = SIGNS.iter().find(|sign| rest.starts_with(**sign));
        let foreign = FOREIGN.iter().find(|(sign, _)| rest.starts_with(sign));
        if let Some((sign, ours)) = foreign.filter(|(sign, _)| known.is_none_or(|k| k.len() < sign.len())) {
            let diagnostic = self.error(Code::WrongOperator, format!("`{sign}` is not an operator"), sign.len());
            return Err(diagnostic.hint(format!("write `{ours}`")));
        }
        let sign = known.ok_or_else(|| self.stray(first))?;
        self.skip(sign.len());
        Ok(TokenKind::Sign(sign))
    }

    /// A character that starts nothing.
    fn stray(&self, c: char) -> Diagnostic {
        let hint = match c {
            ',' => "a function takes one argument; lists are written as YAML lists",
            '?' | ':' => "a choice is written `if c then a else b`",
            '[' | ']' => "an element is chosen with `first(list where condition)`",
            '{' | '}' => "mappings are written as YAML mappings, outside of the expression",
            '"' => {
                return self
                    .error(Code::UnexpectedCharacter, "`\"` in an expression", 1)
                    .hint("texts stand in single quotes");
            }
            '`' | '$' | '@' | '#' | ';' | '\\' => "",
            _ => "names are ASCII letters, digits and `_`",
        };
        let code = if matches!(c, ',' | '?' | ':' | '[' | ']' | '{' | '}') {
            Code::NotInLanguage
        } else {
            Code::UnexpectedCharacter
        };
        let message = format!("`{}` has no meaning in an expression", excerpt(&c.to_string()));
        self.error(code, message, c.len_utf8()).maybe_hint(Some(hint.to_owned()).filter(|h| !h.is_empty()))
    }
}

fn is_word(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_'
}

/// The value of a number, or what is wrong with it and what to write.
fn number_value(word: &str) -> Result<u64, (Code, String)> {
    let bad = |hint: &str| Err((Code::BadNumber, hint.to_owned()));
    if word.contains('_') {
        return bad("numbers have no `_`");
    }
    if let Some(hex) = word.strip_prefix("0x") {
        if hex.is_empty() || !hex.bytes().all(|b| b.is_ascii_hexdigit()) {
            return bad("hexadecimal numbers are `0x` and hex digits, without a suffix");
        }
        return u64::from_str_radix(hex, 16).map_err(|_| too_large());
    }
    let digits = word.trim_end_matches(|c: char| !c.is_ascii_digit());
    if !digits.bytes().all(|b| b.is_ascii_digit()) {
        return bad("a name does not start with a digit; hexadecimal numbers start with `0x`");
    }
    let shift = match word.get(digits.len()..).unwrap_or("") {
        "" => 0_u32,
        "K" => 10,
        "M" => 20,
        "G" => 30,
        "T" => 40,
        "k" | "m" | "g" | "t" | "KB" | "MB" | "GB" | "TB" | "KiB" | "MiB" | "GiB" | "TiB" => {
            return bad("write one capital letter: K, M, G or T, each 1024 times the one before");
        }
        _ => return bad("a number ends in a digit, or in K, M, G or T"),
    };
    let value: u64 = digits.parse().map_err(|_| too_large())?;
    value.checked_mul(1_u64.checked_shl(shift).unwrap_or(0)).ok_or_else(too_large)
}

fn too_large() -> (Code, String) {
    (Code::NumberTooLarge, format!("the largest number is {}", u64::MAX))
}

/// The bytes of a guid in the order of its text.
pub(super) fn guid_bytes(text: &str) -> Option<[u8; 16]> {
    let groups: Vec<&str> = text.trim().split('-').collect();
    let lengths: Vec<usize> = groups.iter().map(|g| g.len()).collect();
    let digits: Vec<u8> = groups.concat().bytes().filter_map(hex_digit).collect();
    if lengths != [8, 4, 4, 4, 12] || digits.len() != 32 {
        return None;
    }
    let mut out = [0; 16];
    for (byte, pair) in out.iter_mut().zip(digits.chunks_exact(2)) {
        *byte = pair.iter().fold(0, |sum: u8, digit| sum.wrapping_shl(4) | digit);
    }
    Some(out)
}

/// The value of one hex digit.
pub(super) fn hex_digit(b: u8) -> Option<u8> {
    char::from(b).to_digit(16).and_then(|n| u8::try_from(n).ok())
}
