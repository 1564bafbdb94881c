//! Expressions as Rust. What can fail or be absent is an `Option`; everything else is a plain value.

mod cond;
mod int;
mod list;
mod place;
mod state;

pub(crate) use place::{bytes_of, content_kind, is_copy};
pub(crate) use state::key_part;

use super::ctx::Ctx;
use crate::model::{Ahead, EnumId, Expr, ExprKind, FieldId, FlagsId, Place, Ty, TypeId};
use proc_macro2::{Delimiter, TokenStream, TokenTree};
use quote::quote;
use std::collections::BTreeMap;

/// From where an expression looks at the value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// While it is read: fields are locals.
    Read,
    /// From a whole value: fields are members of `self`, driven and pinned ones are locals.
    Value,
    /// From a whole value whose driven and pinned fields are asked for.
    Measure,
}

/// What an expression can see.
#[derive(Clone)]
pub struct Env<'a> {
    /// What all emitters share.
    pub ctx: &'a Ctx<'a>,
    /// The type it is part of.
    pub ty: TypeId,
    /// From where it looks.
    pub side: Side,
    /// The element that `it` is.
    pub it: Option<Operand>,
    /// The type of an element that is read in parts: what `it` has are locals, as [`Env::seen_local`] calls them.
    pub seen: Option<TypeId>,
    /// Optional fields that are known to be there: what they are called.
    pub present: BTreeMap<FieldId, TokenStream>,
    /// Running totals over a list that is being read, by the text of their expression.
    pub totals: BTreeMap<String, Operand>,
    /// The number of bytes left, seen from a whole value.
    pub rest: Option<TokenStream>,
    /// Places whose values are at hand under other names.
    pub given: BTreeMap<Place, Operand>,
    /// Parts of expressions that were worked out before, by what they are.
    pub known: BTreeMap<String, Operand>,
}

/// Whether an operand's tokens are an `Option`, and what `None` means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// A plain value.
    Plain,
    /// `None`: it is not there, and comparisons with it are false.
    Absent,
    /// `None`: it cannot be computed, and whatever needs it is invalid.
    Tried,
}

/// What an operand is in Rust.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Kind {
    /// An integer: signed or not, bits.
    Int(bool, u32),
    /// A number without a type of its own.
    Literal(i128),
    /// `f32`, `f64`
    Float,
    /// `bool`
    Bool,
    /// An enum.
    Enum(EnumId),
    /// Flags.
    Flags(FlagsId),
    /// `&[u8]`
    Bytes,
    /// `&[u16]`
    Units,
    /// `Guid` (`true`) or `Uuid`.
    Guid(bool),
    /// `Endian`
    Order,
    /// A value of a type; the tokens are a place, or a reference in an `Option`.
    Value(TypeId),
    /// A list: the tokens are a `Vec` or slice.
    List(Ty),
    /// An iterator over plain values of this kind.
    Iter(Box<Kind>),
    /// Something else.
    Opaque,
}

/// An expression in Rust.
#[derive(Debug, Clone)]
pub struct Operand {
    /// The tokens.
    pub tokens: TokenStream,
    /// What they give.
    pub kind: Kind,
    /// Whether they are an `Option`.
    pub mode: Mode,
    /// Whether they need brackets inside a larger expression.
    pub infix: bool,
}

impl Operand {
    /// A plain value that needs no brackets.
    #[must_use]
    pub fn plain(tokens: TokenStream, kind: Kind) -> Self {
        Self { tokens, kind, mode: Mode::Plain, infix: false }
    }

    /// A plain value that needs brackets inside a larger expression.
    #[must_use]
    pub fn infix(tokens: TokenStream, kind: Kind) -> Self {
        Self { infix: true, ..Self::plain(tokens, kind) }
    }

    /// The tokens, in brackets where they need them.
    #[must_use]
    pub fn atom(&self) -> TokenStream {
        let tokens = &self.tokens;
        if self.infix { quote!((#tokens)) } else { quote!(#tokens) }
    }

    /// The same as an `Option`.
    #[must_use]
    pub fn with_mode(self, mode: Mode) -> Self {
        Self { mode, ..self }
    }
}

impl<'a> Env<'a> {
    /// What an expression of a type sees.
    #[must_use]
    pub fn new(ctx: &'a Ctx<'a>, ty: TypeId, side: Side) -> Self {
        Self {
            ctx,
            ty,
            side,
            it: None,
            seen: None,
            present: BTreeMap::new(),
            totals: BTreeMap::new(),
            rest: None,
            given: BTreeMap::new(),
            known: BTreeMap::new(),
        }
    }

    /// The same with the element that `it` is.
    #[must_use]
    pub fn with_it(&self, it: Operand) -> Self {
        Self { it: Some(it), seen: None, ..self.clone() }
    }

    /// The same with an element that was read in parts as `it`.
    #[must_use]
    pub fn with_seen(&self, element: TypeId) -> Self {
        Self { it: None, seen: Some(element), ..self.clone() }
    }

    /// The same with an optional field that is known to be there.
    #[must_use]
    pub fn with_present(&self, field: FieldId, tokens: TokenStream) -> Self {
        let mut env = self.clone();
        env.present.insert(field, tokens);
        env
    }

    /// The same with values that are at hand under other names.
    #[must_use]
    pub fn with_given(&self, given: impl IntoIterator<Item = (Place, Operand)>) -> Self {
        let mut env = self.clone();
        env.given.extend(given);
        env
    }

    /// The same with the number of bytes left.
    #[must_use]
    pub fn with_rest(&self, rest: TokenStream) -> Self {
        Self { rest: Some(rest), ..self.clone() }
    }

    /// Any expression.
    #[must_use]
    pub fn emit(&self, e: &Expr) -> Operand {
        if let Some(total) = self.totals.get(&e.text) {
            return total.clone();
        }
        if let Some(known) = self.known_before(e) {
            return known.clone();
        }
        match &e.kind {
            ExprKind::Int(n) => Operand::plain(int::literal(*n, &e.text), Kind::Literal(*n)),
            ExprKind::Bool(b) => Operand::plain(quote!(#b), Kind::Bool),
            ExprKind::Str(bytes) => {
                let bytes = proc_macro2::Literal::byte_string(bytes);
                Operand::plain(quote!(#bytes.as_slice()), Kind::Bytes)
            }
            ExprKind::Guid(_) => self.guid(e, true),
            ExprKind::Order(big) => Operand::plain(super::rust_type::order(*big), Kind::Order),
            ExprKind::EnumValue(id, i) => {
                Operand::plain(super::rust_type::enum_value(self.ctx, *id, *i), Kind::Enum(*id))
            }
            ExprKind::Place(place) => self.place(place),
            ExprKind::Row(place, key) => self.row(place, key),
            ExprKind::HasKey(place, key) => self.has_key(place, key),
            ExprKind::Rest => {
                Operand::plain(self.rest.clone().unwrap_or_else(|| quote!(src.rest()?)), Kind::Int(false, 64))
            }
            ExprKind::This => Operand::plain(quote!(&place), Kind::Opaque),
            ExprKind::Ahead(ahead) => self.ahead(ahead),
            ExprKind::Index => Operand::plain(quote!(index), Kind::Int(false, 64)),
            ExprKind::ToEnum(id, of) => self.to_enum(*id, of),
            ExprKind::If(condition, yes, no) => self.choice(e, [condition, yes, no]),
            ExprKind::SizeOf(place) => self.size_of(place),
            ExprKind::SizeOfThis => self.size_of_this(),
            ExprKind::SizeOfFile => Operand::plain(quote!(length), Kind::Int(false, 64)),
            ExprKind::OffsetOf(field) => self.offset_of(*field),
            ExprKind::Checksum(..) => Operand::plain(quote!(checksum), Kind::Int(false, 64)),
            ExprKind::Call(function, of) => self.call(*function, of),
            ExprKind::CountWhere(list, condition) => self.count_where(list, condition),
            ExprKind::FirstWhere(list, condition, path) => self.first_where(list, condition, path),
            ExprKind::Unary(crate::model::UnaryOp::Not, of) => self.not(of),
            ExprKind::Unary(op, of) => self.unary(e, *op, of),
            ExprKind::Binary(op, left, right) => self.binary(e, *op, left, right),
            ExprKind::InRange(value, low, high) => self.in_range(value, low, high),
            ExprKind::InGroup(id, group, value) => self.in_group(*id, *group, value),
        }
    }

    /// What follows; `src` is the source that is read, or what a writer knows of it.
    fn ahead(&self, ahead: &Ahead) -> Operand {
        match ahead {
            Ahead::Int(bytes, signed) => {
                let bits = bytes.saturating_mul(8);
                let ty = quote::format_ident!("{}{bits}", if *signed { "i" } else { "u" });
                let big = self.ctx.format.fixed_order(self.ty).unwrap_or(true);
                let from = quote::format_ident!("from_{}_bytes", if big { "be" } else { "le" });
                Operand::plain(quote!(src.peek()?.map(#ty::#from)), Kind::Int(*signed, bits)).with_mode(Mode::Absent)
            }
            Ahead::Tagged(tag, name) => {
                let name = proc_macro2::Literal::byte_string(name);
                Operand::plain(quote!(src.follows(#tag, #name)?), Kind::Bool)
            }
        }
    }

    /// What was worked out before. Text says too little: a `let` stands for the same text in several values.
    fn known_before(&self, e: &Expr) -> Option<&Operand> {
        if self.known.is_empty() { None } else { self.known.get(&format!("{:?}", e.kind)) }
    }

    /// The same with a part of an expression that was worked out before.
    #[must_use]
    pub fn with_known(&self, e: &Expr, value: Operand) -> Self {
        let mut env = self.clone();
        env.known.insert(format!("{:?}", e.kind), value);
        env
    }

    /// A guid constant in the order that it is compared in.
    pub(crate) fn guid(&self, e: &Expr, mixed: bool) -> Operand {
        let ExprKind::Guid(bytes) = &e.kind else { return self.emit(e) };
        let digits = super::enum_repr::hex(u128::from_be_bytes(*bytes));
        let ty = if mixed { quote!(Guid) } else { quote!(Uuid) };
        Operand::plain(quote!(#ty::from_u128(#digits)), Kind::Guid(mixed))
    }

    /// A condition as a plain `bool`: one that cannot be computed does not hold.
    #[must_use]
    pub fn condition(&self, e: &Expr) -> TokenStream {
        let operand = self.emit(e);
        let atom = operand.atom();
        if operand.mode == Mode::Plain { operand.tokens } else { quote!(#atom == Some(true)) }
    }

    /// A condition of which only that it does not hold is of interest: one that cannot be computed holds.
    #[must_use]
    pub fn not_refused(&self, e: &Expr) -> TokenStream {
        let operand = self.emit(e);
        let atom = operand.atom();
        if operand.mode == Mode::Plain { operand.tokens } else { quote!(#atom != Some(false)) }
    }

    /// A condition that must not hold, as a plain `bool`.
    #[must_use]
    pub fn refused(&self, e: &Expr) -> TokenStream {
        let operand = self.not(e);
        let atom = operand.atom();
        if operand.mode == Mode::Plain { operand.tokens } else { quote!(#atom == Some(true)) }
    }

    fn choice(&self, e: &Expr, parts: [&Expr; 3]) -> Operand {
        let [condition, yes, no] = parts.map(|e| self.emit(e));
        if yes.kind == Kind::Bytes && (yes.mode != Mode::Plain || no.mode != Mode::Plain || self.borrows_shared(e)) {
            return chosen_text(&condition, &yes, &no);
        }
        let tried = condition.mode != Mode::Plain || yes.mode != Mode::Plain || no.mode != Mode::Plain || e.fallible;
        let is_int = matches!(e.ty, Ty::Int(_));
        let (a, b, kind) = if is_int { self.same_ints(&yes, &no, tried) } else { (yes.tokens, no.tokens, yes.kind) };
        let one_or_none = (literal_of(&a), literal_of(&b)) == (Some(1), Some(0));
        let tokens = match condition.mode {
            Mode::Plain if one_or_none && kind == Kind::Int(false, 64) => {
                let c = condition.tokens;
                return Operand::plain(quote!(u64::from(#c)), kind);
            }
            Mode::Plain => {
                let c = condition.tokens;
                if is_choice(&b) { quote!(if #c { #a } else #b) } else { quote!(if #c { #a } else { #b }) }
            }
            _ => {
                let c = condition.atom();
                quote!(match #c { Some(true) => #a, Some(false) => #b, None => None })
            }
        };
        let mode = if tried { Mode::Tried } else { Mode::Plain };
        Operand { tokens, kind, mode, infix: true }
    }

    /// An expression for a value of a scalar: a guid in the scalar's own order.
    #[must_use]
    pub fn emit_for(&self, e: &Expr, scalar: crate::model::Scalar) -> Operand {
        match (&e.kind, scalar) {
            (ExprKind::Guid(_), crate::model::Scalar::Uuid) => self.guid(e, false),
            _ => self.emit(e),
        }
    }

    /// A number as `i128`; what cannot be computed counts as 0.
    #[must_use]
    pub fn wide(&self, e: &Expr) -> TokenStream {
        let operand = self.number(self.emit(e));
        if operand.mode == Mode::Plain {
            return self.to(&operand, true, 128);
        }
        let tried = self.tried(&operand);
        quote!(#tried.unwrap_or(0))
    }

    /// Something as a key that can be sorted.
    #[must_use]
    pub fn key(&self, e: &Expr) -> TokenStream {
        let operand = self.emit(e);
        let tokens = operand.atom();
        let plain = operand.mode == Mode::Plain;
        let part = match &operand.kind {
            Kind::Enum(_) => quote!(repr()),
            Kind::Flags(_) => quote!(bits()),
            Kind::Guid(_) => quote!(0),
            _ => return tokens,
        };
        if plain { quote!(#tokens.#part) } else { quote!(#tokens.map(|it| it.#part)) }
    }
}

/// One of two texts, of which one may be absent, or may not outlive a block of its own.
fn chosen_text(condition: &Operand, yes: &Operand, no: &Operand) -> Operand {
    let option = |o: &Operand| {
        let tokens = &o.tokens;
        if o.mode == Mode::Plain { quote!(Some(#tokens)) } else { quote!(#tokens) }
    };
    let (condition, yes, no) = (option(condition), option(yes), option(no));
    Operand::plain(quote!(expr::choose(#condition, #yes, #no)), Kind::Bytes).with_mode(Mode::Tried)
}

/// The number that tokens are, if they are one, with or without its type.
fn literal_of(tokens: &TokenStream) -> Option<u64> {
    tokens.to_string().trim_end_matches("_u64").parse().ok()
}

/// Whether it is an `if` with its `else`, and nothing else.
fn is_choice(tokens: &TokenStream) -> bool {
    let all: Vec<_> = tokens.clone().into_iter().collect();
    let starts = matches!(all.first(), Some(TokenTree::Ident(word)) if word == "if");
    starts && matches!(all.last(), Some(TokenTree::Group(group)) if group.delimiter() == Delimiter::Brace)
}
