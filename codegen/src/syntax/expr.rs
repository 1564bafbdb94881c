//! Expressions as written.

use crate::source::{Span, Spanned};

/// An expression.
#[derive(Debug, Clone)]
pub struct Expr {
    /// What it is.
    pub kind: ExprKind,
    /// Where it stands.
    pub span: Span,
    /// Its text, white space as written.
    pub text: String,
}

/// The kinds of expression.
#[derive(Debug, Clone)]
pub enum ExprKind {
    /// `0x10`, `64K`
    Int(u64),
    /// `'text'`
    Str(String),
    /// `guid(00000000-0000-0000-0000-000000000000)`, the 32 digits in order of the text.
    Guid([u8; 16]),
    /// A name, `true`, `false`, `it`, `this`, `rest`, `index`, `file` included.
    Name(String),
    /// `of.name`
    Member {
        /// What is left of the dot.
        of: Box<Expr>,
        /// What is right of it.
        name: Spanned<String>,
    },
    /// `of.name(key)`: a row of a table.
    Row {
        /// What is left of the dot.
        of: Box<Expr>,
        /// The table.
        name: Spanned<String>,
        /// The key.
        key: Box<Expr>,
    },
    /// `function(arg)`, `function(arg where filter)`, `function(arg except field)`.
    Call {
        /// The function.
        function: Spanned<String>,
        /// Its argument.
        arg: Box<Expr>,
        /// `where`
        filter: Option<Box<Expr>>,
        /// `except`
        except: Option<Spanned<String>>,
    },
    /// `if condition then yes else no`
    If {
        /// The condition.
        condition: Box<Expr>,
        /// Its value when the condition holds.
        yes: Box<Expr>,
        /// Its value otherwise.
        no: Box<Expr>,
    },
    /// An operator with one operand.
    Unary {
        /// The operator.
        op: UnaryOp,
        /// The operand.
        of: Box<Expr>,
    },
    /// An operator with two operands.
    Binary {
        /// The operator.
        op: BinaryOp,
        /// Left operand.
        left: Box<Expr>,
        /// Right operand.
        right: Box<Expr>,
    },
    /// `value in set`, `value not in set`
    In {
        /// Whether it is `not in`.
        negated: bool,
        /// What is looked for.
        value: Box<Expr>,
        /// Where.
        set: Box<Expr>,
    },
    /// Whether a tag and a text follow that begins with `name` and is longer, its length in a byte between. Nobody can write it.
    Follows {
        /// The tag.
        tag: u8,
        /// What the text begins with.
        name: String,
    },
    /// `value in low..high`, both ends included, and `not in`.
    InRange {
        /// Whether it is `not in`.
        negated: bool,
        /// The value.
        value: Box<Expr>,
        /// The lowest.
        low: Box<Expr>,
        /// The highest.
        high: Box<Expr>,
    },
}

/// Operators with one operand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UnaryOp {
    /// `not`
    Not,
    /// `-`
    Negate,
    /// `~`
    Invert,
}

/// Operators with two operands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BinaryOp {
    /// `or`
    Or,
    /// `and`
    And,
    /// `==`
    Equal,
    /// `!=`
    NotEqual,
    /// `<`
    Less,
    /// `<=`
    AtMost,
    /// `>`
    Greater,
    /// `>=`
    AtLeast,
    /// `has`
    Has,
    /// `starts`
    Starts,
    /// `|`
    BitOr,
    /// `^`
    BitXor,
    /// `&`
    BitAnd,
    /// `<<`
    ShiftLeft,
    /// `>>`
    ShiftRight,
    /// `+`
    Add,
    /// `-`
    Subtract,
    /// `*`
    Multiply,
    /// `/`
    Divide,
    /// `%`
    Remainder,
}
