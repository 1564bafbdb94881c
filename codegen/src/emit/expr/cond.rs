//! Conditions. With something absent a comparison is false; with something that cannot be computed it is `None`.

use super::int::is_u64;
use super::{Env, Kind, Mode, Operand};
use crate::emit::names::ident;
use crate::model::{BinaryOp, EnumId, Expr, ExprKind, Function, UnaryOp};
use proc_macro2::TokenStream;
use quote::quote;

impl Env<'_> {
    pub(super) fn logic(&self, op: BinaryOp, left: &Expr, right: &Expr) -> Operand {
        let (a, b) = (self.emit(left), self.emit(right));
        if let Some(known) = settled(op, &a, &b).or_else(|| self.between(op, left, right)) {
            return known;
        }
        if a.mode == Mode::Plain && b.mode == Mode::Plain {
            let (a, b) = (a.atom(), b.atom());
            let tokens = if op == BinaryOp::And { quote!(#a && #b) } else { quote!(#a || #b) };
            return Operand::infix(tokens, Kind::Bool);
        }
        let option = |o: &Operand| match o.mode {
            Mode::Plain => {
                let tokens = &o.tokens;
                quote!(Some(#tokens))
            }
            _ => o.atom(),
        };
        let stop = op == BinaryOp::Or;
        let right = option(&b);
        let tokens = if a.mode == Mode::Plain {
            let a = &a.tokens;
            if stop {
                quote!(if #a { Some(true) } else { #right })
            } else {
                quote!(if #a { #right } else { Some(false) })
            }
        } else {
            let a = a.atom();
            {
                let goes_on = !stop;
                quote!(match #a { Some(#goes_on) => #right, other => other })
            }
        };
        Operand { infix: true, ..Operand::plain(tokens, Kind::Bool).with_mode(Mode::Tried) }
    }

    /// `x >= low and x < high` as a range.
    fn between(&self, op: BinaryOp, left: &Expr, right: &Expr) -> Option<Operand> {
        let (ExprKind::Binary(BinaryOp::AtLeast, a, low), ExprKind::Binary(BinaryOp::Less, b, high)) =
            (&left.kind, &right.kind)
        else {
            return None;
        };
        let (x, l, h) = (self.number(self.emit(a)), self.emit(low), self.emit(high));
        let constant = |o: &Operand| matches!(o.kind, Kind::Literal(_));
        if op != BinaryOp::And || a.text != b.text || x.mode != Mode::Plain || !constant(&l) || !constant(&h) {
            return None;
        }
        let (x, l, h) = self.range_of(&x, &l, &h);
        Some(Operand::plain(quote!((#l..#h).contains(&#x)), Kind::Bool))
    }

    pub(super) fn not(&self, of: &Expr) -> Operand {
        let inner = self.emit(of);
        if let Some(absent) = self.not_absent(of) {
            return absent;
        }
        if inner.mode != Mode::Plain {
            let inner = inner.atom();
            return Operand::plain(quote!(#inner.map(|it| !it)), Kind::Bool).with_mode(Mode::Tried);
        }
        match &of.kind {
            ExprKind::Unary(UnaryOp::Not, twice) => self.emit(twice),
            ExprKind::Call(Function::Present, of) if self.emit(of).mode != Mode::Plain => {
                let tokens = self.emit(of).atom();
                Operand::plain(quote!(#tokens.is_none()), Kind::Bool)
            }
            ExprKind::Binary(op, a, b) if !a.absent && !b.absent => match opposite(*op) {
                Some(op) if matches!(op, BinaryOp::And | BinaryOp::Or) => {
                    let (a, b) = (self.not(a).atom(), self.not(b).atom());
                    let tokens = if op == BinaryOp::And { quote!(#a && #b) } else { quote!(#a || #b) };
                    Operand::infix(tokens, Kind::Bool)
                }
                Some(op) => self.compare(op, a, b),
                None => negated(&inner),
            },
            _ => negated(&inner),
        }
    }

    /// `not` of a comparison whose left side may be absent: it holds then.
    fn not_absent(&self, of: &Expr) -> Option<Operand> {
        let ExprKind::Binary(op, left, right) = &of.kind else { return None };
        let op = opposite(*op).filter(|op| !matches!(op, BinaryOp::And | BinaryOp::Or))?;
        let (a, b) = (self.emit(left), self.emit(right));
        if a.mode != Mode::Absent || b.mode != Mode::Plain {
            return None;
        }
        let numbers = is_number(&a.kind) || is_number(&b.kind);
        let (a, b) = if numbers { (self.number(a), self.number(b)) } else { (a, b) };
        let inner = self.compare_plain(op, &renamed(&a, quote!(a)), &b).tokens;
        let a = a.atom();
        Some(Operand::plain(quote!(#a.is_none_or(|a| #inner)), Kind::Bool))
    }

    pub(super) fn compare(&self, op: BinaryOp, left: &Expr, right: &Expr) -> Operand {
        let a = self.emit(left);
        if let (Mode::Plain, Kind::Bool, ExprKind::Bool(wanted)) = (a.mode, &a.kind, &right.kind) {
            return if *wanted == (op == BinaryOp::Equal) { a } else { self.not(left) };
        }
        let b = match (&a.kind, &right.kind) {
            (Kind::Guid(mixed), ExprKind::Guid(_)) => self.guid(right, *mixed),
            _ => self.emit(right),
        };
        let a = match (&left.kind, &b.kind) {
            (ExprKind::Guid(_), Kind::Guid(mixed)) => self.guid(left, *mixed),
            _ => a,
        };
        if a.mode == Mode::Tried || b.mode == Mode::Tried {
            return self.compare_tried(op, a, b);
        }
        let numbers = is_number(&a.kind) || is_number(&b.kind);
        let (a, b) = if numbers { (self.number(a), self.number(b)) } else { (a, b) };
        match (a.mode, b.mode) {
            (Mode::Plain, Mode::Plain) => self.compare_plain(op, &a, &b),
            (Mode::Absent, Mode::Plain) => {
                let inner = self.compare_plain(op, &renamed(&a, quote!(a)), &b).tokens;
                let a = a.atom();
                Operand::plain(quote!(#a.is_some_and(|a| #inner)), Kind::Bool)
            }
            (Mode::Plain, _) => {
                let inner = self.compare_plain(op, &a, &renamed(&b, quote!(b))).tokens;
                let b = b.atom();
                Operand::plain(quote!(#b.is_some_and(|b| #inner)), Kind::Bool)
            }
            _ => {
                let inner = self.compare_plain(op, &renamed(&a, quote!(a)), &renamed(&b, quote!(b))).tokens;
                let (a, b) = (a.atom(), &b.tokens);
                Operand::plain(quote!(#a.zip(#b).is_some_and(|(a, b)| #inner)), Kind::Bool)
            }
        }
    }

    /// A comparison of which one side may not be computable: `Option<bool>`.
    fn compare_tried(&self, op: BinaryOp, a: Operand, b: Operand) -> Operand {
        let numbers = is_number(&a.kind) || is_number(&b.kind);
        let (a, b) = if numbers { (self.number(a), self.number(b)) } else { (a, b) };
        let wide = |o: &Operand| if numbers { self.tried(o) } else { some(o) };
        let (left, right) = (wide(&a), wide(&b));
        let op = operator(op);
        let tokens = quote!(expr::compare(#left, #right, |a, b| a #op b));
        Operand::plain(tokens, Kind::Bool).with_mode(Mode::Tried)
    }

    fn compare_plain(&self, op: BinaryOp, a: &Operand, b: &Operand) -> Operand {
        let operator = operator(op);
        let (left, right) = match (&a.kind, &b.kind) {
            (Kind::Literal(a), Kind::Literal(b)) => {
                let holds = known(op, *a, *b);
                return Operand::plain(quote!(#holds), Kind::Bool);
            }
            (Kind::Int(s, n), Kind::Literal(k)) if fits(*s, *n, *k) => (a.atom(), b.atom()),
            (Kind::Literal(k), Kind::Int(s, n)) if fits(*s, *n, *k) => (a.atom(), b.atom()),
            (Kind::Int(..) | Kind::Literal(_), _) if a.kind != b.kind => {
                let (signed, bits) = if is_u64(a) && is_u64(b) { (false, 64) } else { (true, 128) };
                (self.to(a, signed, bits), self.to(b, signed, bits))
            }
            _ => (a.atom(), b.atom()),
        };
        Operand::infix(quote!(#left #operator #right), Kind::Bool)
    }

    pub(super) fn starts(&self, left: &Expr, right: &Expr) -> Operand {
        let (a, b) = (self.emit(left), self.emit(right));
        let (a_atom, b_tokens) = (a.atom(), &b.tokens);
        let tokens = match (a.mode, b.mode) {
            (Mode::Plain, Mode::Plain) => quote!(#a_atom.starts_with(#b_tokens)),
            (_, Mode::Plain) => quote!(#a_atom.is_some_and(|a| a.starts_with(#b_tokens))),
            (Mode::Plain, _) => quote!(#b_tokens.is_some_and(|b| #a_atom.starts_with(b))),
            _ => quote!(#a_atom.zip(#b_tokens).is_some_and(|(a, b)| a.starts_with(b))),
        };
        Operand::plain(tokens, Kind::Bool)
    }

    pub(super) fn in_range(&self, value: &Expr, low: &Expr, high: &Expr) -> Operand {
        let (v, l, h) = (self.number(self.emit(value)), self.number(self.emit(low)), self.number(self.emit(high)));
        if v.mode == Mode::Plain && l.mode == Mode::Plain && h.mode == Mode::Plain {
            let (v, l, h) = self.range_of(&v, &l, &h);
            return Operand::plain(quote!((#l..=#h).contains(&#v)), Kind::Bool);
        }
        if v.mode == Mode::Absent && l.mode == Mode::Plain && h.mode == Mode::Plain {
            let (inner, l, h) = self.range_of(&renamed(&v, quote!(it)), &l, &h);
            let v = v.atom();
            return Operand::plain(quote!(#v.is_some_and(|it| (#l..=#h).contains(&#inner))), Kind::Bool);
        }
        let (v, l, h) = (self.tried(&v), self.tried(&l), self.tried(&h));
        Operand::plain(quote!(expr::in_range(#v, #l, #h)), Kind::Bool).with_mode(Mode::Tried)
    }

    /// A value and the ends of a range as the same type.
    fn range_of(&self, v: &Operand, l: &Operand, h: &Operand) -> (TokenStream, TokenStream, TokenStream) {
        let direct = |o: &Operand| match (&v.kind, &o.kind) {
            (Kind::Int(s, n), Kind::Literal(k)) => fits(*s, *n, *k),
            (a, b) => a == b,
        };
        if direct(l) && direct(h) {
            return (v.tokens.clone(), l.tokens.clone(), h.tokens.clone());
        }
        let narrow = is_u64(v) && is_u64(l) && is_u64(h);
        let (signed, bits) = if narrow { (false, 64) } else { (true, 128) };
        (self.to(v, signed, bits), self.to(l, signed, bits), self.to(h, signed, bits))
    }

    pub(super) fn in_group(&self, id: EnumId, group: usize, value: &Expr) -> Operand {
        let e = id.of(&self.ctx.format.enums);
        let name = e.groups.get(group).map_or("", |g| g.name.as_str());
        let method = crate::emit::enums::group_fn(name);
        let value = self.emit(value);
        let (atom, ty) = (value.atom(), ident(&e.rust));
        match value.mode {
            Mode::Plain => Operand::plain(quote!(#atom.#method()), Kind::Bool),
            Mode::Absent => Operand::plain(quote!(#atom.is_some_and(#ty::#method)), Kind::Bool),
            Mode::Tried => Operand::plain(quote!(#atom.map(#ty::#method)), Kind::Bool).with_mode(Mode::Tried),
        }
    }
}

fn negated(inner: &Operand) -> Operand {
    let inner = inner.atom();
    Operand::infix(quote!(!#inner), Kind::Bool)
}

/// The same operand under the name that a closure gives it.
fn renamed(operand: &Operand, name: TokenStream) -> Operand {
    Operand { tokens: name, mode: Mode::Plain, infix: false, kind: operand.kind.clone() }
}

fn some(operand: &Operand) -> TokenStream {
    let tokens = &operand.tokens;
    if operand.mode == Mode::Plain { quote!(Some(#tokens)) } else { quote!(#tokens) }
}

fn is_number(kind: &Kind) -> bool {
    matches!(kind, Kind::Int(..) | Kind::Literal(_))
}

fn fits(signed: bool, bits: u32, n: i128) -> bool {
    use crate::model::Range;
    if bits == 128 {
        return true;
    }
    if signed { Range::signed(bits).contains(n) } else { Range::unsigned(bits).contains(n) }
}

/// The operator that holds exactly when this one does not.
fn opposite(op: BinaryOp) -> Option<BinaryOp> {
    Some(match op {
        BinaryOp::Equal => BinaryOp::NotEqual,
        BinaryOp::NotEqual => BinaryOp::Equal,
        BinaryOp::Less => BinaryOp::AtLeast,
        BinaryOp::AtLeast => BinaryOp::Less,
        BinaryOp::Greater => BinaryOp::AtMost,
        BinaryOp::AtMost => BinaryOp::Greater,
        BinaryOp::And => BinaryOp::Or,
        BinaryOp::Or => BinaryOp::And,
        _ => return None,
    })
}

fn operator(op: BinaryOp) -> TokenStream {
    match op {
        BinaryOp::Equal => quote!(==),
        BinaryOp::NotEqual => quote!(!=),
        BinaryOp::Less => quote!(<),
        BinaryOp::AtMost => quote!(<=),
        BinaryOp::Greater => quote!(>),
        _ => quote!(>=),
    }
}

/// A comparison of two constants.
fn known(op: BinaryOp, a: i128, b: i128) -> bool {
    match op {
        BinaryOp::Equal => a == b,
        BinaryOp::NotEqual => a != b,
        BinaryOp::Less => a < b,
        BinaryOp::AtMost => a <= b,
        BinaryOp::Greater => a > b,
        _ => a >= b,
    }
}

/// `and` or `or` where one side is a constant.
fn settled(op: BinaryOp, a: &Operand, b: &Operand) -> Option<Operand> {
    let constant = |o: &Operand| match o.tokens.to_string().as_str() {
        "true" => Some(true),
        "false" => Some(false),
        _ => None,
    };
    let neutral = op == BinaryOp::And;
    match (constant(a), constant(b)) {
        (Some(v), _) if v == neutral => Some(b.clone()),
        (Some(_), _) => Some(a.clone()),
        (_, Some(v)) if v == neutral => Some(a.clone()),
        _ => None,
    }
}
