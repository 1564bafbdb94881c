//! Typing of operators.

use super::Resolver;
use super::expr::is_comparison;
use super::scope::Scope;
use crate::diagnostic::{Code, Diagnostic, did_you_mean};
use crate::model::{BinaryOp, EnumId, Expr, ExprKind, Range, Ty, UnaryOp};
use crate::syntax::expr;

impl Resolver<'_> {
    pub(super) fn unary(&mut self, scope: &Scope, e: &expr::Expr, op: UnaryOp, of: &expr::Expr) -> Option<Expr> {
        if op == UnaryOp::Not {
            let of = self.condition(scope, of)?;
            return Some(self.make(e, ExprKind::Unary(op, Box::new(of)), Ty::Bool));
        }
        if let Some(n) = self.fold(e) {
            return Some(self.int(e, n));
        }
        let of = self.number(scope, of)?;
        let range = self.range_of(&of.ty)?;
        let range = if op == UnaryOp::Negate { super::range::negate(range) } else { super::range::invert(range) };
        Some(self.make(e, ExprKind::Unary(op, Box::new(of)), Ty::Int(range)))
    }

    pub(super) fn binary(
        &mut self,
        scope: &Scope,
        e: &expr::Expr,
        op: BinaryOp,
        sides: (&expr::Expr, &expr::Expr),
    ) -> Option<Expr> {
        match op {
            BinaryOp::Or | BinaryOp::And => {
                let (left, right) = (self.condition(scope, sides.0), self.condition(scope, sides.1));
                Some(self.make(e, ExprKind::Binary(op, Box::new(left?), Box::new(right?)), Ty::Bool))
            }
            BinaryOp::Equal | BinaryOp::NotEqual => self.equality(scope, e, op, sides),
            BinaryOp::Has => self.is_in(scope, e, (sides.1, sides.0)),
            BinaryOp::Starts => self.starts(scope, e, sides),
            _ => self.arithmetic(scope, e, op, sides),
        }
    }

    fn arithmetic(
        &mut self,
        scope: &Scope,
        e: &expr::Expr,
        op: BinaryOp,
        sides: (&expr::Expr, &expr::Expr),
    ) -> Option<Expr> {
        if let Some(n) = self.fold(e) {
            return Some(self.int(e, n));
        }
        let (left, right) = (self.number(scope, sides.0), self.number(scope, sides.1));
        let (left, right) = (left?, right?);
        let (a, b) = (self.range_of(&left.ty)?, self.range_of(&right.ty)?);
        if is_comparison(op) {
            return Some(self.make(e, ExprKind::Binary(op, Box::new(left), Box::new(right)), Ty::Bool));
        }
        if matches!(op, BinaryOp::Divide | BinaryOp::Remainder) && b == Range::of(0) {
            self.error(Code::OutOfRange, "division by zero", sides.1.span, "always zero");
            return None;
        }
        if matches!(op, BinaryOp::ShiftLeft | BinaryOp::ShiftRight) && (b.min > 63 || b.max < 0) {
            self.error(Code::OutOfRange, "shifts are by 0 to 63 bits", sides.1.span, "never one of these");
            return None;
        }
        let (range, fallible) = super::range::binary(op, a, b);
        let mut out = self.make(e, ExprKind::Binary(op, Box::new(left), Box::new(right)), Ty::Int(range));
        out.fallible |= fallible;
        Some(out)
    }

    fn equality(
        &mut self,
        scope: &Scope,
        e: &expr::Expr,
        op: BinaryOp,
        sides: (&expr::Expr, &expr::Expr),
    ) -> Option<Expr> {
        let left = self.expr(scope, sides.0)?;
        let right = match (&left.ty, &sides.1.kind) {
            (Ty::Enum(id), expr::ExprKind::Name(name)) => self.enum_value(*id, name, sides.1)?,
            _ => self.expr(scope, sides.1)?,
        };
        let comparable = match (&left.ty, &right.ty) {
            (Ty::Guid { .. }, Ty::Guid { .. }) => true,
            (a, b) if a == b => !matches!(a, Ty::Utf16 | Ty::Opaque | Ty::Place | Ty::Type(_) | Ty::List(_)),
            (a, b) => self.range_of(a).is_some() && self.range_of(b).is_some(),
        };
        if !comparable {
            let message = format!("{} and {} cannot be compared", self.shown(&left.ty), self.shown(&right.ty));
            self.error(Code::WrongType, &message, e.span, "different things");
            return None;
        }
        Some(self.make(e, ExprKind::Binary(op, Box::new(left), Box::new(right)), Ty::Bool))
    }

    fn starts(&mut self, scope: &Scope, e: &expr::Expr, sides: (&expr::Expr, &expr::Expr)) -> Option<Expr> {
        let (left, right) = (self.expr(scope, sides.0), self.expr(scope, sides.1));
        let (left, right) = (left?, right?);
        for (side, e) in [(&left, sides.0), (&right, sides.1)] {
            if side.ty != Ty::Bytes {
                return self.wrong(side, "bytes or text", e.span);
            }
        }
        Some(self.make(e, ExprKind::Binary(BinaryOp::Starts, Box::new(left), Box::new(right)), Ty::Bool))
    }

    /// `value in set`: a group of an enum, a list, or what has keys in `state`.
    pub(super) fn is_in(&mut self, scope: &Scope, e: &expr::Expr, sides: (&expr::Expr, &expr::Expr)) -> Option<Expr> {
        if let Some(name) = super::state::state_name(sides.1) {
            return self.has_key(scope, e, (name, sides.0));
        }
        let value = self.expr(scope, sides.0)?;
        if let (Ty::Enum(id), expr::ExprKind::Name(name)) = (&value.ty, &sides.1.kind) {
            let id = *id;
            let Some(group) = self.enum_(id).groups.iter().position(|g| g.name == *name) else {
                let value_of = self.enum_(id).values.iter().any(|v| v.name == *name);
                let hint = value_of.then(|| "for one value write `==`".to_owned());
                let groups: Vec<_> = self.enum_(id).groups.iter().map(|g| g.name.clone()).collect();
                let hint = hint.or_else(|| did_you_mean(name, groups.iter().map(String::as_str)));
                return self.no_value(id, name, sides.1, hint);
            };
            return Some(self.make(e, ExprKind::InGroup(id, group, Box::new(value)), Ty::Bool));
        }
        if let Ty::Flags(id) = &value.ty {
            let example = self.flag_set(*id).flags.first().map_or_else(|| "bit".to_owned(), |f| f.name.clone());
            let message = format!("`{}` is flags, which are in no list or group", value.text);
            let d = Diagnostic::new(Code::WrongType, message, sides.0.span, "several bits at once");
            self.out.push(d.hint(format!("ask for one bit: `{}.{example}`", value.text)));
            return None;
        }
        let set = self.expr(scope, sides.1)?;
        let Ty::List(of) = &set.ty else { return self.wrong(&set, "a group or a list", sides.1.span) };
        let numbers = self.range_of(of).is_some() && self.range_of(&value.ty).is_some();
        if **of != value.ty && !numbers {
            return self.wrong(&value, "an element of the list", sides.0.span);
        }
        Some(self.make(e, ExprKind::Binary(BinaryOp::Has, Box::new(set), Box::new(value)), Ty::Bool))
    }

    fn enum_value(&mut self, id: EnumId, name: &str, e: &expr::Expr) -> Option<Expr> {
        if let Some(i) = self.enum_(id).values.iter().position(|v| v.name == name) {
            return Some(self.make(e, ExprKind::EnumValue(id, i), Ty::Enum(id)));
        }
        let names: Vec<_> = self.enum_(id).values.iter().map(|v| v.name.clone()).collect();
        let group = self.enum_(id).groups.iter().any(|g| g.name == name);
        let hint = group.then(|| "for a group write `in`".to_owned());
        let hint = hint.or_else(|| did_you_mean(name, names.iter().map(String::as_str)));
        self.no_value(id, name, e, hint)
    }

    fn no_value<T>(&mut self, id: EnumId, name: &str, e: &expr::Expr, hint: Option<String>) -> Option<T> {
        if self.is_lost(name) {
            return None;
        }
        let message = format!("`{}` has no `{name}`", self.enum_(id).name);
        let d = Diagnostic::new(Code::UnknownValue, message, e.span, "no value of this name");
        self.out.push(d.maybe_hint(hint));
        None
    }
}
