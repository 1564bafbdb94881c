//! Parts of a spec that nobody wrote: they stand where what they come from stands.

use crate::source::{Span, Spanned};
use crate::syntax::ast::{Content, EndianDecl, FieldDecl, Options, TypeBody, TypeDecl, TypeExpr};
use crate::syntax::expr::{BinaryOp, Expr, ExprKind, UnaryOp};

/// Builds at one place.
#[derive(Clone, Copy)]
pub(super) struct At(pub(super) Span);

impl At {
    pub(super) fn text(self, text: &str) -> Spanned<String> {
        Spanned::new(text.to_owned(), self.0)
    }

    fn expr(self, kind: ExprKind, text: String) -> Expr {
        Expr { kind, span: self.0, text }
    }

    pub(super) fn name(self, name: &str) -> Expr {
        self.expr(ExprKind::Name(name.to_owned()), name.to_owned())
    }

    pub(super) fn int(self, n: u64) -> Expr {
        self.expr(ExprKind::Int(n), n.to_string())
    }

    pub(super) fn binary(self, op: BinaryOp, word: &str, left: Expr, right: Expr) -> Expr {
        let text = format!("{} {word} {}", left.text, right.text);
        self.expr(ExprKind::Binary { op, left: Box::new(left), right: Box::new(right) }, text)
    }

    pub(super) fn not(self, of: Expr) -> Expr {
        let text = format!("not {}", of.text);
        self.expr(ExprKind::Unary { op: UnaryOp::Not, of: Box::new(of) }, text)
    }

    pub(super) fn call(self, function: &str, arg: Expr) -> Expr {
        let text = format!("{function}({})", arg.text);
        let function = self.text(function);
        self.expr(ExprKind::Call { function, arg: Box::new(arg), filter: None, except: None }, text)
    }

    /// `value in low..high`
    pub(super) fn within(self, value: Expr, low: u64, high: u64) -> Expr {
        let text = format!("{} in {low}..{high}", value.text);
        let [low, high] = [low, high].map(|n| Box::new(self.int(n)));
        self.expr(ExprKind::InRange { negated: false, value: Box::new(value), low, high }, text)
    }

    /// Whether a tag and a longer text that begins with `name` follow.
    pub(super) fn follows(self, tag: u8, name: &str) -> Expr {
        let text = format!("a subsection of {name} follows");
        self.expr(ExprKind::Follows { tag, name: name.to_owned() }, text)
    }

    /// A type without an argument.
    pub(super) fn of_type(self, name: &str) -> Content {
        self.type_with(name, None)
    }

    pub(super) fn type_with(self, name: &str, arg: Option<Expr>) -> Content {
        Content::Type(Spanned::new(TypeExpr { name: name.to_owned(), name_span: self.0, arg }, self.0))
    }

    pub(super) fn field(self, name: &str, content: Content, options: Options) -> FieldDecl {
        FieldDecl { name: self.text(name), content, options, span: self.0 }
    }

    /// A type of these fields and nothing more.
    pub(super) fn plain_type(self, name: String, endian: Option<EndianDecl>, fields: Vec<FieldDecl>) -> TypeDecl {
        TypeDecl {
            name: Spanned::new(name, self.0),
            params: Vec::new(),
            endian,
            version: None,
            size: None,
            slack: None,
            max: None,
            require: Vec::new(),
            remember: Vec::new(),
            body: TypeBody::Fields(fields),
            class: None,
            doc: None,
            refs: Vec::new(),
            was: Vec::new(),
            vmstate: None,
        }
    }

    /// A byte that is always the same.
    pub(super) fn byte(self, name: &str, byte: u64, if_: Option<Expr>) -> FieldDecl {
        let options = Options { value: Some(self.int(byte)), if_, ..Options::default() };
        self.field(name, self.of_type("u8"), options)
    }
}
