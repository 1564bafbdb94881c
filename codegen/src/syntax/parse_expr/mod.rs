//! Expressions and types from text, by recursive descent: one function per rule of the grammar.

mod error;
mod operand;

use super::ast::{EachDecl, TypeExpr};
use super::expr::{BinaryOp, Expr, ExprKind, UnaryOp};
use super::lex::{Token, TokenKind, lex};
use super::place::Place;
use crate::diagnostic::{Code, Diagnostic};
use crate::source::Spanned;

/// How deep expressions nest: the depth of every tree that comes out, and of the recursion that makes it.
pub const MAX_NESTING: usize = 64;

/// The words that are never names.
pub const WORDS: &[&str] =
    &["if", "then", "else", "and", "or", "not", "in", "has", "starts", "where", "except", "true", "false"];

/// `or` and `and`, the looser one first.
const JUNCTIONS: &[&[(&str, BinaryOp)]] = &[&[("or", BinaryOp::Or)], &[("and", BinaryOp::And)]];

/// Operators on bits and numbers, one line per rule of the grammar, loosest first; all of them go from left to right.
const LEVELS: &[&[(&str, BinaryOp)]] = &[
    &[("|", BinaryOp::BitOr)],
    &[("^", BinaryOp::BitXor)],
    &[("&", BinaryOp::BitAnd)],
    &[("<<", BinaryOp::ShiftLeft), (">>", BinaryOp::ShiftRight)],
    &[("+", BinaryOp::Add), ("-", BinaryOp::Subtract)],
    &[("*", BinaryOp::Multiply), ("/", BinaryOp::Divide), ("%", BinaryOp::Remainder)],
];

/// The comparisons; they do not chain.
const COMPARISONS: &[(&str, BinaryOp)] = &[
    ("==", BinaryOp::Equal),
    ("!=", BinaryOp::NotEqual),
    ("<", BinaryOp::Less),
    ("<=", BinaryOp::AtMost),
    (">", BinaryOp::Greater),
    (">=", BinaryOp::AtLeast),
    ("has", BinaryOp::Has),
    ("starts", BinaryOp::Starts),
];

/// Parses the expression `text`, which stands at `place`.
///
/// # Errors
/// The first thing that is wrong with it.
pub fn parse_expr(text: &str, place: &Place) -> Result<Expr, Diagnostic> {
    whole_expr(text, place).map_err(|error| *error)
}

fn whole_expr(text: &str, place: &Place) -> Refused<Expr> {
    let mut parser = Parser::new(text, place)?;
    match parser.tokens.first() {
        None => return parser.empty(),
        Some(Token { kind: TokenKind::Text(_), range }) => return parser.text_first(range.clone()),
        Some(_) => {}
    }
    let built = parser.expr()?;
    parser.expect_end()?;
    Ok(*built.expr)
}

/// Parses `list where condition`, which stands at `place`.
///
/// # Errors
/// The first thing that is wrong with it.
pub fn parse_each(text: &str, place: &Place) -> Result<EachDecl, Diagnostic> {
    whole_each(text, place).map_err(|error| *error)
}

fn whole_each(text: &str, place: &Place) -> Refused<EachDecl> {
    let mut parser = Parser::new(text, place)?;
    if parser.tokens.is_empty() {
        return parser.empty();
    }
    let list = parser.expr()?;
    parser.expect_word("where")?;
    let filter = parser.expr()?;
    parser.expect_end()?;
    Ok(EachDecl { list: *list.expr, filter: *filter.expr, span: place.span(0..text.len()), text: text.to_owned() })
}

/// Parses the type `text`, which stands at `place`.
///
/// # Errors
/// The first thing that is wrong with it.
pub fn parse_type(text: &str, place: &Place) -> Result<Spanned<TypeExpr>, Diagnostic> {
    whole_type(text, place).map_err(|error| *error)
}

fn whole_type(text: &str, place: &Place) -> Refused<Spanned<TypeExpr>> {
    if let Some(at) = text.find('[') {
        let diagnostic =
            Diagnostic::new(Code::BadType, "a type has no square brackets", place.span(at..text.len()), "here");
        return Err(Box::new(diagnostic.hint("say how many there are with `count`: `{type: u32, count: 4}`")));
    }
    let mut parser = Parser::new(text, place)?;
    let Some(Token { kind: TokenKind::Word(name), range }) = parser.tokens.first().cloned() else {
        return parser.not_a_type();
    };
    parser.at = 1;
    let arg = if parser.sign("(") { Some(*parser.bracketed()?.expr) } else { None };
    if parser.peek().is_some() {
        return parser.not_a_type();
    }
    let span = place.span(range.start..parser.end());
    Ok(Spanned::new(TypeExpr { name, name_span: place.span(range), arg }, span))
}

/// An expression with the depth of its tree. Both this and the errors are boxed: the rules call each other up to 64 times over,
/// and what they hand on takes room on the stack each time.
struct Built {
    expr: Box<Expr>,
    depth: usize,
}

type Refused<T> = Result<T, Box<Diagnostic>>;
type Parsed = Refused<Built>;

struct Parser<'a> {
    text: &'a str,
    place: &'a Place,
    tokens: Vec<Token>,
    /// The next token.
    at: usize,
    /// How many rules are being read inside each other.
    level: usize,
}

impl<'a> Parser<'a> {
    fn new(text: &'a str, place: &'a Place) -> Refused<Self> {
        Ok(Self { text, place, tokens: lex(text, place)?, at: 0, level: 0 })
    }

    fn expr(&mut self) -> Parsed {
        self.enter()?;
        let built = if self.next_word("if") { self.choice()? } else { self.junction(0)? };
        self.leave();
        Ok(built)
    }

    fn choice(&mut self) -> Parsed {
        let start = self.start();
        self.word("if");
        let condition = self.expr()?;
        self.expect_word("then")?;
        let yes = self.expr()?;
        self.expect_word("else")?;
        let no = self.expr()?;
        let depth = condition.depth.max(yes.depth).max(no.depth);
        self.build(start, depth, ExprKind::If { condition: condition.expr, yes: yes.expr, no: no.expr })
    }

    /// Operands with `or` and `and` between them, the operators being those of `JUNCTIONS` from `loosest` on.
    fn junction(&mut self, loosest: usize) -> Parsed {
        let start = self.start();
        let mut left = self.negation()?;
        while let Some((level, op)) = self.operator_of(JUNCTIONS, loosest) {
            let right = self.junction(level.saturating_add(1))?;
            left = self.binary(start, op, left, right)?;
        }
        Ok(left)
    }

    fn negation(&mut self) -> Parsed {
        let start = self.start();
        if !self.word("not") {
            return self.comparison();
        }
        self.enter()?;
        let of = self.negation()?;
        self.leave();
        self.unary_node(start, UnaryOp::Not, of)
    }

    fn comparison(&mut self) -> Parsed {
        let start = self.start();
        let left = self.bits(0)?;
        let built = if let Some(op) = self.operator(COMPARISONS) {
            let right = self.bits(0)?;
            self.binary(start, op, left, right)?
        } else if let Some(negated) = self.membership() {
            self.set_test(start, negated, left)?
        } else {
            return Ok(left);
        };
        self.refuse_chain(start)?;
        Ok(built)
    }

    /// Takes `in` or `not in`; whether there is a `not`.
    fn membership(&mut self) -> Option<bool> {
        if self.word("in") {
            return Some(false);
        }
        let following = self.tokens.get(self.at.saturating_add(1)).map(|token| &token.kind);
        let both = self.next_word("not") && matches!(following, Some(TokenKind::Word(word)) if word == "in");
        (both && self.word("not") && self.word("in")).then_some(true)
    }

    fn set_test(&mut self, start: usize, negated: bool, value: Built) -> Parsed {
        let set = self.bits(0)?;
        let depth = value.depth.max(set.depth);
        let value = value.expr;
        if !self.sign("..") {
            return self.build(start, depth, ExprKind::In { negated, value, set: set.expr });
        }
        let high = self.bits(0)?;
        let depth = depth.max(high.depth);
        self.build(start, depth, ExprKind::InRange { negated, value, low: set.expr, high: high.expr })
    }

    /// Operands with operators on bits and numbers between them, those of `LEVELS` from `loosest` on.
    fn bits(&mut self, loosest: usize) -> Parsed {
        let start = self.start();
        let mut left = self.unary()?;
        while let Some((level, op)) = self.operator_of(LEVELS, loosest) {
            let right = self.bits(level.saturating_add(1))?;
            left = self.binary(start, op, left, right)?;
        }
        Ok(left)
    }

    /// Takes the next token if it is an operator of one of `levels` from `loosest` on; which level it is.
    fn operator_of(&mut self, levels: &[&[(&str, BinaryOp)]], loosest: usize) -> Option<(usize, BinaryOp)> {
        let mut tighter = levels.iter().enumerate().skip(loosest);
        tighter.find_map(|(level, operators)| self.operator(operators).map(|op| (level, op)))
    }

    fn unary(&mut self) -> Parsed {
        let start = self.start();
        let op = match () {
            () if self.sign("-") => UnaryOp::Negate,
            () if self.sign("~") => UnaryOp::Invert,
            () => return self.postfix(),
        };
        self.enter()?;
        let of = self.unary()?;
        self.leave();
        self.unary_node(start, op, of)
    }

    fn unary_node(&self, start: usize, op: UnaryOp, of: Built) -> Parsed {
        self.build(start, of.depth, ExprKind::Unary { op, of: of.expr })
    }

    fn binary(&self, start: usize, op: BinaryOp, left: Built, right: Built) -> Parsed {
        let depth = left.depth.max(right.depth);
        self.build(start, depth, ExprKind::Binary { op, left: left.expr, right: right.expr })
    }

    /// Makes the expression that starts at the byte `start`, ends with the last token taken, and holds others up to `depth` deep.
    fn build(&self, start: usize, depth: usize, kind: ExprKind) -> Parsed {
        let range = start..self.end();
        let depth = depth.saturating_add(1);
        if depth > MAX_NESTING {
            return self.too_deep(range);
        }
        let text = self.text.get(range.clone()).unwrap_or("").to_owned();
        Ok(Built { expr: Box::new(Expr { kind, span: self.place.span(range), text }), depth })
    }

    fn enter(&mut self) -> Refused<()> {
        self.level = self.level.saturating_add(1);
        if self.level > MAX_NESTING { self.too_deep(self.next_range()) } else { Ok(()) }
    }

    fn leave(&mut self) {
        self.level = self.level.saturating_sub(1);
    }
}
