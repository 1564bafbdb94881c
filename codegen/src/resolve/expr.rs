//! Typing of expressions.

use super::Resolver;
use super::functions::first_of;
use super::scope::{Named, Scope};
use crate::diagnostic::Code;
use crate::model::{Expr, ExprKind, Place, Range, Root, Step, Ty, TypeId, UnaryOp};
use crate::source::Span;
use crate::syntax::expr;

impl Resolver<'_> {
    /// A typed expression, unless something is wrong with it.
    pub(super) fn expr(&mut self, scope: &Scope, e: &expr::Expr) -> Option<Expr> {
        match &e.kind {
            expr::ExprKind::Int(n) => Some(self.int(e, i128::from(*n))),
            expr::ExprKind::Str(text) => Some(self.make(e, ExprKind::Str(bytes_of(text)), Ty::Bytes)),
            expr::ExprKind::Guid(bytes) => Some(self.make(e, ExprKind::Guid(*bytes), Ty::Guid { mixed: true })),
            expr::ExprKind::Name(name) => self.word(scope, name, e),
            expr::ExprKind::Member { .. } => match first_of(e) {
                Some(start) => self.first_path(scope, (start, e)),
                None => self.path(scope, e),
            },
            expr::ExprKind::Row { .. } => self.path(scope, e),
            expr::ExprKind::Call { .. } => self.call(scope, e),
            expr::ExprKind::If { condition, yes, no } => self.choice(scope, e, [condition, yes, no]),
            expr::ExprKind::Unary { op, of } => self.unary(scope, e, *op, of),
            expr::ExprKind::Binary { op, left, right } => self.binary(scope, e, *op, (left, right)),
            expr::ExprKind::In { negated, value, set } => {
                let inside = self.is_in(scope, e, (value, set))?;
                Some(unless(inside, *negated))
            }
            expr::ExprKind::InRange { negated, value, low, high } => {
                let (value, low) = (self.number(scope, value), self.number(scope, low));
                let (value, low, high) = (value?, low?, self.number(scope, high)?);
                let kind = ExprKind::InRange(Box::new(value), Box::new(low), Box::new(high));
                let inside = self.make(e, kind, Ty::Bool);
                Some(unless(inside, *negated))
            }
        }
    }

    /// An expression that is a condition.
    pub(super) fn condition(&mut self, scope: &Scope, e: &expr::Expr) -> Option<Expr> {
        let typed = self.expr(scope, e)?;
        if typed.ty == Ty::Bool {
            return Some(typed);
        }
        self.wrong(&typed, "a condition", e.span)
    }

    /// An expression that is a number; enums and flags are their wire value.
    pub(super) fn number(&mut self, scope: &Scope, e: &expr::Expr) -> Option<Expr> {
        let typed = self.expr(scope, e)?;
        match self.range_of(&typed.ty) {
            Some(_) => Some(typed),
            None => self.wrong(&typed, "a number", e.span),
        }
    }

    /// The numbers that a value can be, where it can stand for a number.
    pub(super) fn range_of(&self, ty: &Ty) -> Option<Range> {
        match ty {
            Ty::Int(range) => Some(*range),
            Ty::Enum(id) => match self.enum_(*id).repr {
                crate::model::Repr::UInt(bits) => Some(Range::unsigned(bits)),
                crate::model::Repr::Int(bits) => Some(Range::signed(bits)),
                _ => None,
            },
            Ty::Flags(id) => Some(Range::unsigned(self.flag_set(*id).bits)),
            _ => None,
        }
    }

    /// Reports that an expression is not what is needed.
    pub(super) fn wrong<T>(&mut self, found: &Expr, wanted: &str, span: Span) -> Option<T> {
        let message = format!("{wanted} is needed, and `{}` is {}", found.text, self.shown(&found.ty));
        self.error(Code::WrongType, &message, span, &format!("not {wanted}"));
        None
    }

    /// A type of an expression, for people.
    pub(super) fn shown(&self, ty: &Ty) -> String {
        match ty {
            Ty::Int(_) => "a number".into(),
            Ty::Float => "a floating-point number".into(),
            Ty::Bool => "a condition".into(),
            Ty::Enum(id) => format!("a value of `{}`", self.enum_(*id).name),
            Ty::Flags(id) => format!("flags of `{}`", self.flag_set(*id).name),
            Ty::Bytes => "bytes or text".into(),
            Ty::Utf16 => "UTF-16 text".into(),
            Ty::Opaque => "something of which only the size can be asked".into(),
            Ty::Guid { .. } => "a guid".into(),
            Ty::Order => "a byte order".into(),
            Ty::Place => "a place".into(),
            Ty::Type(id) => format!("a `{}`", self.draft(*id).name),
            Ty::List(_) => "a list".into(),
        }
    }

    fn word(&mut self, scope: &Scope, name: &str, e: &expr::Expr) -> Option<Expr> {
        match name {
            "true" | "false" => Some(self.make(e, ExprKind::Bool(name == "true"), Ty::Bool)),
            "le" | "be" => Some(self.make(e, ExprKind::Order(name == "be"), Ty::Order)),
            "rest" if scope.global => {
                self.error(Code::UnknownName, "there is no `rest` here", e.span, "only `it` and constants are known");
                None
            }
            "rest" => Some(self.make(e, ExprKind::Rest, Ty::Int(Range::unsigned(64)))),
            "index" if scope.index => Some(self.make(e, ExprKind::Index, Ty::Int(Range::unsigned(64)))),
            "index" => {
                self.error(
                    Code::UnknownName,
                    "there is no `index` here",
                    e.span,
                    "only arguments of list elements have one",
                );
                None
            }
            "this" => {
                self.error(Code::WrongType, "`this` stands for the whole value", e.span, "use `size(this)` or a field");
                None
            }
            _ => self.path(scope, e),
        }
    }

    pub(super) fn path(&mut self, scope: &Scope, e: &expr::Expr) -> Option<Expr> {
        if let Some(name) = this_member(e) {
            let named = expr::Expr { kind: expr::ExprKind::Name(name), span: e.span, text: e.text.clone() };
            return self.path(scope, &named);
        }
        match self.named(scope, e)? {
            Named::Value(mut value) => {
                value.text.clone_from(&e.text);
                Some(value)
            }
            Named::Chain(chain) => {
                let mut place = self.finish(scope, &chain, e.span);
                place.text.clone_from(&e.text);
                Some(place)
            }
        }
    }

    fn choice(&mut self, scope: &Scope, e: &expr::Expr, parts: [&expr::Expr; 3]) -> Option<Expr> {
        let [condition, yes, no] = parts;
        let condition = self.condition(scope, condition);
        let (yes, no) = (self.expr(scope, yes), self.expr(scope, no));
        let (condition, yes, no) = (condition?, yes?, no?);
        let ty = match (self.range_of(&yes.ty), self.range_of(&no.ty)) {
            (Some(a), Some(b)) => Ty::Int(a.union(b)),
            _ if yes.ty == no.ty => yes.ty.clone(),
            _ => return self.wrong(&no, &format!("the same as `{}`", yes.text), e.span),
        };
        let kind = ExprKind::If(Box::new(condition), Box::new(yes), Box::new(no));
        Some(self.make(e, kind, ty))
    }

    /// A number as written.
    pub(super) fn int(&self, e: &expr::Expr, n: i128) -> Expr {
        self.make(e, ExprKind::Int(n), Ty::Int(Range::of(n)))
    }

    /// An expression made of typed parts.
    pub(super) fn make(&self, e: &expr::Expr, kind: ExprKind, ty: Ty) -> Expr {
        let fallible = is_fallible(&kind);
        Expr { kind, ty, absent: false, fallible, text: e.text.clone(), site: self.site(e.span) }
    }
}

/// A condition, or for `not in` its opposite.
fn unless(inside: Expr, negated: bool) -> Expr {
    if !negated {
        return inside;
    }
    let (text, site, fallible) = (inside.text.clone(), inside.site, inside.fallible);
    let kind = ExprKind::Unary(UnaryOp::Not, Box::new(inside));
    Expr { kind, ty: Ty::Bool, absent: false, fallible, text, site }
}

/// `this.name`, with which a field called like a word of the language is meant.
fn this_member(e: &expr::Expr) -> Option<String> {
    let expr::ExprKind::Member { of, name } = &e.kind else { return None };
    let is_this = matches!(&of.kind, expr::ExprKind::Name(n) if n == "this");
    is_this.then(|| name.value.clone())
}

/// Characters of a text as bytes where they are U+00..U+FF, else as UTF-8.
fn bytes_of(text: &str) -> Vec<u8> {
    text.as_bytes().to_vec()
}

/// Whether evaluating can fail, from the parts alone.
fn is_fallible(kind: &ExprKind) -> bool {
    let needs = |e: &Expr| e.fallible || e.absent;
    match kind {
        ExprKind::Unary(UnaryOp::Not, a)
        | ExprKind::CountWhere(a, _)
        | ExprKind::InGroup(_, _, a)
        | ExprKind::Call(_, a) => a.fallible,
        ExprKind::FirstWhere(a, _, body) => a.fallible || body.fallible,
        ExprKind::Unary(_, a) => needs(a),
        ExprKind::Binary(op, a, b) if is_comparison(*op) => a.fallible || b.fallible,
        ExprKind::Binary(_, a, b) => needs(a) || needs(b),
        ExprKind::InRange(a, b, c) | ExprKind::If(a, b, c) => a.fallible || needs(b) || needs(c),
        ExprKind::ToEnum(..) => true,
        _ => false,
    }
}

/// Whether an operator compares, so that something absent makes it false.
pub(super) fn is_comparison(op: crate::model::BinaryOp) -> bool {
    use crate::model::BinaryOp as B;
    let compares =
        [B::Equal, B::NotEqual, B::Less, B::AtMost, B::Greater, B::AtLeast, B::Has, B::Starts, B::And, B::Or];
    compares.contains(&op)
}

/// The expression as seen from further out: a value of type `ty` at `prefix` holds what its places name.
pub(super) fn behind(mut e: Expr, prefix: &Place, ty: TypeId) -> Expr {
    each_place(&mut e.kind, &mut |place| {
        // State and inputs are the same for a value and for what it holds.
        if matches!(place.root, Root::State(_) | Root::Inputs) {
            return;
        }
        let mut steps = prefix.steps.clone();
        if let Root::Field(id) = place.root {
            steps.push(Step::Field(ty, id));
        }
        steps.append(&mut place.steps);
        *place = Place { root: prefix.root, steps };
    });
    e
}

/// Changes every place of an expression.
pub(super) fn each_place(kind: &mut ExprKind, change: &mut dyn FnMut(&mut Place)) {
    match kind {
        ExprKind::Place(place) | ExprKind::SizeOf(place) => change(place),
        ExprKind::ToEnum(_, a)
        | ExprKind::Unary(_, a)
        | ExprKind::InGroup(_, _, a)
        | ExprKind::Call(_, a)
        | ExprKind::Row(_, a)
        | ExprKind::HasKey(_, a)
        | ExprKind::CountWhere(a, _)
        | ExprKind::FirstWhere(a, ..) => each_place(&mut a.kind, change),
        ExprKind::Binary(_, a, b) => [a, b].into_iter().for_each(|e| each_place(&mut e.kind, change)),
        ExprKind::InRange(a, b, c) | ExprKind::If(a, b, c) => {
            for e in [a, b, c] {
                each_place(&mut e.kind, change);
            }
        }
        _ => {}
    }
}
