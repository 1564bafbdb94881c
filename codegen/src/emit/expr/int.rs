//! Numbers: `u64` where everything fits, `i128` where not, `Option<i128>` where it can fail.

use super::{Env, Kind, Mode, Operand};
use crate::model::{BinaryOp, EnumId, Expr, ExprKind, Range, Repr, Ty, UnaryOp};
use proc_macro2::{Literal, TokenStream};
use quote::{format_ident, quote};

/// A number without a suffix, as written where it can be.
pub(super) fn literal(n: i128, written: &str) -> TokenStream {
    crate::emit::enum_repr::number(n, written)
}

impl Env<'_> {
    /// A number as `u64`. The flag says whether it is an `Option`, since it may not fit.
    #[must_use]
    pub fn u64(&self, e: &Expr) -> (TokenStream, bool) {
        let operand = self.number(self.emit(e));
        let fits = match &e.ty {
            Ty::Int(range) => range.is_u64(),
            _ => !matches!(operand.kind, Kind::Int(true, _)),
        };
        match operand.mode {
            Mode::Plain if fits => (self.to(&operand, false, 64), false),
            Mode::Plain => {
                let wide = self.to(&operand, true, 128);
                (quote!(u64::try_from(#wide).ok()), true)
            }
            _ => {
                let wide = self.tried(&operand);
                (quote!(#wide.and_then(|n| u64::try_from(n).ok())), true)
            }
        }
    }

    /// A number as `u64`, or as `i64` where it can be negative. The flag says whether it is an `Option`, since it may not be
    /// there or not fit.
    #[must_use]
    pub fn integer(&self, e: &Expr) -> (TokenStream, bool) {
        let operand = self.number(self.emit(e));
        let range = if let Ty::Int(range) = e.ty { range } else { Range::unsigned(64) };
        let signed = range.min < 0;
        let (ty, of) = (int_ty(signed, 64), if signed { Range::signed(64) } else { Range::unsigned(64) });
        if operand.mode != Mode::Plain {
            let wide = self.tried(&operand);
            return (quote!(#wide.and_then(|n| #ty::try_from(n).ok())), true);
        }
        let widens = matches!(operand.kind, Kind::Int(s, bits) if bits > 64 || s != signed && (s || bits == 64));
        let tokens = &operand.tokens;
        match (widens, of.contains(range.min) && of.contains(range.max)) {
            (false, _) => (self.to(&operand, signed, 64), false),
            (true, true) => (quote!(#ty::try_from(#tokens).unwrap_or(#ty::MAX)), false),
            (true, false) => (quote!(#ty::try_from(#tokens).ok()), true),
        }
    }

    /// Enums and flags as their wire numbers.
    pub(crate) fn number(&self, operand: Operand) -> Operand {
        let (kind, method) = match &operand.kind {
            Kind::Enum(id) => (repr_kind(id.of(&self.ctx.format.enums).repr), quote!(repr)),
            Kind::Flags(id) => (Kind::Int(false, id.of(&self.ctx.format.flags).bits), quote!(bits)),
            _ => return operand,
        };
        let atom = operand.atom();
        let tokens =
            if operand.mode == Mode::Plain { quote!(#atom.#method()) } else { quote!(#atom.map(|it| it.#method())) };
        Operand { tokens, kind, infix: false, ..operand }
    }

    /// A plain number as an integer of a type that holds it.
    #[must_use]
    pub fn to(&self, operand: &Operand, signed: bool, bits: u32) -> TokenStream {
        let tokens = &operand.tokens;
        let ty = int_ty(signed, bits);
        match &operand.kind {
            Kind::Literal(_) => {
                let text = format!("{tokens}_{ty}").replace(' ', "");
                text.parse().unwrap_or_else(|_| tokens.clone())
            }
            Kind::Int(s, b) if (*s, *b) == (signed, bits) => tokens.clone(),
            _ => quote!(#ty::from(#tokens)),
        }
    }

    /// A number as `Option<i128>`.
    pub(crate) fn tried(&self, operand: &Operand) -> TokenStream {
        let wide = Kind::Int(true, 128);
        match operand.mode {
            Mode::Plain => {
                let n = match &operand.kind {
                    Kind::Literal(_) => operand.tokens.clone(),
                    _ => self.to(operand, true, 128),
                };
                quote!(Some(#n))
            }
            _ if operand.kind == wide => operand.tokens.clone(),
            _ => {
                let atom = operand.atom();
                quote!(#atom.map(i128::from))
            }
        }
    }

    /// Two numbers as the same type, or as `Option<i128>`.
    pub(super) fn same_ints(&self, a: &Operand, b: &Operand, tried: bool) -> (TokenStream, TokenStream, Kind) {
        let (a, b) = (self.number(a.clone()), self.number(b.clone()));
        if tried {
            return (self.tried(&a), self.tried(&b), Kind::Int(true, 128));
        }
        let (signed, bits) = if is_u64(&a) && is_u64(&b) { (false, 64) } else { (true, 128) };
        (self.to(&a, signed, bits), self.to(&b, signed, bits), Kind::Int(signed, bits))
    }

    pub(super) fn unary(&self, e: &Expr, op: UnaryOp, of: &Expr) -> Operand {
        let of = self.number(self.emit(of));
        let wide = Kind::Int(true, 128);
        if e.fallible || of.mode != Mode::Plain {
            let of = self.tried(&of);
            let tokens = if op == UnaryOp::Negate { quote!(expr::sub(Some(0), #of)) } else { quote!(#of.map(|n| !n)) };
            return Operand::plain(tokens, wide).with_mode(Mode::Tried);
        }
        let of = self.to(&of, true, 128);
        match op {
            UnaryOp::Negate => Operand::plain(quote!(#of.saturating_neg()), wide),
            _ => Operand::infix(quote!(!#of), wide),
        }
    }

    pub(super) fn binary(&self, e: &Expr, op: BinaryOp, left: &Expr, right: &Expr) -> Operand {
        use BinaryOp as B;
        match op {
            B::And | B::Or => self.logic(op, left, right),
            B::Equal | B::NotEqual | B::Less | B::AtMost | B::Greater | B::AtLeast => self.compare(op, left, right),
            B::Has => self.has(left, right),
            B::Starts => self.starts(left, right),
            _ => self.arithmetic(e, op, left, right),
        }
    }

    fn arithmetic(&self, e: &Expr, op: BinaryOp, left: &Expr, right: &Expr) -> Operand {
        let (a, b) = (self.number(self.emit(left)), self.number(self.emit(right)));
        let plain = a.mode == Mode::Plain && b.mode == Mode::Plain && !e.fallible;
        let shift = matches!(op, BinaryOp::ShiftLeft | BinaryOp::ShiftRight);
        let constant = matches!(right.kind, ExprKind::Int(_));
        if !plain || shift && !constant {
            let (a, b, f) = (self.tried(&a), self.tried(&b), function(op));
            return Operand::plain(quote!(expr::#f(#a, #b)), Kind::Int(true, 128)).with_mode(Mode::Tried);
        }
        let narrow = is_u64(&a) && is_u64(&b) && matches!(&e.ty, Ty::Int(range) if range.is_u64());
        let (signed, bits) = if narrow { (false, 64) } else { (true, 128) };
        let a = Operand { tokens: self.to(&a, signed, bits), kind: Kind::Int(signed, bits), ..a };
        plain_arithmetic(op, &a, &self.right(&b, shift, (signed, bits)), Kind::Int(signed, bits))
    }

    /// The right operand: a literal needs no type.
    fn right(&self, b: &Operand, shift: bool, to: (bool, u32)) -> Operand {
        match b.kind {
            Kind::Literal(n) if shift => {
                Operand::plain(Literal::i128_unsuffixed(n).into_token_stream(), b.kind.clone())
            }
            Kind::Literal(_) => b.clone(),
            _ => Operand {
                tokens: self.to(b, to.0, to.1),
                kind: Kind::Int(to.0, to.1),
                infix: b.infix,
                mode: Mode::Plain,
            },
        }
    }

    pub(super) fn to_enum(&self, id: EnumId, of: &Expr) -> Operand {
        let of = self.number(self.emit(of));
        let e = id.of(&self.ctx.format.enums);
        let (name, ty) = (crate::emit::names::ident(&e.rust), crate::emit::enum_repr::ty(e.repr));
        let n = self.tried(&of);
        let tokens = if e.has_unknown {
            quote!(#n.and_then(|n| #ty::try_from(n).ok()).map(#name::from_repr_kept))
        } else {
            quote!(#n.and_then(|n| #ty::try_from(n).ok()).and_then(#name::from_repr))
        };
        Operand::plain(tokens, Kind::Enum(id)).with_mode(Mode::Tried)
    }
}

use quote::ToTokens;

/// An integer type.
pub(super) fn int_ty(signed: bool, bits: u32) -> proc_macro2::Ident {
    format_ident!("{}{bits}", if signed { "i" } else { "u" })
}

/// The kind of a wire number.
fn repr_kind(repr: Repr) -> Kind {
    let bits = u32::try_from(repr.size().saturating_mul(8)).unwrap_or(64);
    Kind::Int(matches!(repr, Repr::Int(_)), bits)
}

/// Whether an operand always fits `u64` without a check.
pub(super) fn is_u64(operand: &Operand) -> bool {
    match operand.kind {
        Kind::Int(signed, bits) => !signed && bits <= 64,
        Kind::Literal(n) => Range::unsigned(64).contains(n),
        _ => false,
    }
}

/// The checked function of an operator.
fn function(op: BinaryOp) -> proc_macro2::Ident {
    let name = match op {
        BinaryOp::Add => "add",
        BinaryOp::Subtract => "sub",
        BinaryOp::Multiply => "mul",
        BinaryOp::Divide => "div",
        BinaryOp::Remainder => "rem",
        BinaryOp::ShiftLeft => "shl",
        BinaryOp::ShiftRight => "shr",
        BinaryOp::BitAnd => "and",
        BinaryOp::BitXor => "xor",
        _ => "or",
    };
    format_ident!("{name}")
}

/// An operator on plain numbers whose result is known to fit.
fn plain_arithmetic(op: BinaryOp, a: &Operand, b: &Operand, kind: Kind) -> Operand {
    let constant = matches!(b.kind, Kind::Literal(_));
    let (left, right, bare) = (a.atom(), b.atom(), &b.tokens);
    let tokens = match op {
        BinaryOp::Add => return Operand::plain(quote!(#left.saturating_add(#bare)), kind),
        BinaryOp::Subtract => return Operand::plain(quote!(#left.saturating_sub(#bare)), kind),
        BinaryOp::Multiply => return Operand::plain(quote!(#left.saturating_mul(#bare)), kind),
        BinaryOp::Divide if !constant => return Operand::plain(quote!(#left.checked_div(#bare).unwrap_or(0)), kind),
        BinaryOp::Remainder if !constant => return Operand::plain(quote!(#left.checked_rem(#bare).unwrap_or(0)), kind),
        BinaryOp::Divide => quote!(#left / #right),
        BinaryOp::Remainder => quote!(#left % #right),
        BinaryOp::ShiftLeft => quote!(#left << #right),
        BinaryOp::ShiftRight => quote!(#left >> #right),
        BinaryOp::BitAnd => quote!(#left & #right),
        BinaryOp::BitXor => quote!(#left ^ #right),
        _ => quote!(#left | #right),
    };
    Operand::infix(tokens, kind)
}
