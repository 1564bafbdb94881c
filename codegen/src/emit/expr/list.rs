//! Lists, sizes and functions over them.

use super::{Env, Kind, Mode, Operand, Side};
use crate::model::{Expr, FieldId, Function, Place, Root};
use proc_macro2::TokenStream;
use quote::quote;

impl Env<'_> {
    pub(super) fn call(&self, function: Function, of: &Expr) -> Operand {
        let operand = self.emit(of);
        match function {
            Function::Count => count(&operand),
            Function::Sum => {
                let numbers = self.numbers(&operand);
                Operand::plain(quote!(expr::sum(#numbers)), Kind::Int(true, 128))
            }
            Function::MinOf | Function::MaxOf => {
                let numbers = self.numbers(&operand);
                let tokens = if function == Function::MinOf { quote!(#numbers.min()) } else { quote!(#numbers.max()) };
                Operand::plain(tokens, Kind::Int(true, 128)).with_mode(Mode::Absent)
            }
            Function::Present => {
                let tokens = operand.atom();
                let tokens = if operand.mode == Mode::Plain { quote!(true) } else { quote!(#tokens.is_some()) };
                Operand::plain(tokens, Kind::Bool)
            }
            Function::Known => known(&operand),
        }
    }

    /// An iterator over `i128`s.
    fn numbers(&self, operand: &Operand) -> TokenStream {
        let wide = |kind: &Kind, it: TokenStream| {
            let number = self.number(Operand::infix(it, kind.clone()));
            self.to(&number, true, 128)
        };
        let atom = operand.atom();
        match &operand.kind {
            Kind::Iter(kind) => {
                let n = wide(kind, quote!(n));
                match n.to_string().as_str() {
                    "n" => quote!(#atom),
                    "i128 :: from (n)" => quote!(#atom.map(i128::from)),
                    _ => quote!(#atom.map(|n| #n)),
                }
            }
            Kind::List(ty) => {
                let kind = super::place::element_kind(ty);
                let n = wide(&kind, quote!(*n));
                if operand.mode == Mode::Plain {
                    quote!(#atom.iter().map(|n| #n))
                } else {
                    quote!(#atom.into_iter().flatten().map(|n| #n))
                }
            }
            _ => quote!(core::iter::empty::<i128>()),
        }
    }

    pub(super) fn count_where(&self, list: &Expr, condition: &Expr) -> Operand {
        let list = self.emit(list);
        let Some(elements) = elements(&list) else { return Operand::plain(quote!(0), Kind::Int(false, 64)) };
        let condition = self.with_it(element(&list.kind, true)).condition(condition);
        Operand::plain(quote!(len64(#elements.filter(|it| #condition).count())), Kind::Int(false, 64))
    }

    /// `first(list where condition).path`
    pub(super) fn first_where(&self, list: &Expr, condition: &Expr, path: &Expr) -> Operand {
        let list = self.emit(list);
        let Some(elements) = elements(&list) else { return Operand::plain(quote!(None), Kind::Opaque) };
        let condition = self.with_it(element(&list.kind, true)).condition(condition);
        let found = self.with_it(element(&list.kind, false)).emit(path);
        let (tokens, kind) = (&found.tokens, found.kind.clone());
        let method = if found.mode == Mode::Plain { quote!(map) } else { quote!(and_then) };
        let mode = if found.mode == Mode::Tried { Mode::Tried } else { Mode::Absent };
        let mapped = match tokens.to_string().as_str() {
            "it" => TokenStream::new(),
            "(* it)" => quote!(.copied()),
            _ => quote!(.#method(|it| #tokens)),
        };
        Operand::plain(quote!(#elements.find(|it| #condition) #mapped), kind).with_mode(mode)
    }

    /// `list has value`
    pub(super) fn has(&self, list: &Expr, value: &Expr) -> Operand {
        let (list, value) = (self.emit(list), self.emit(value));
        let atom = list.atom();
        let iter = match (&list.kind, list.mode) {
            (Kind::Iter(_), _) => quote!(#atom),
            (_, Mode::Plain) => quote!(#atom.iter()),
            _ => quote!(#atom.into_iter().flatten()),
        };
        let it = match &list.kind {
            Kind::Iter(kind) => Operand::plain(quote!(it), (**kind).clone()),
            Kind::List(ty) => super::place::element_behind(ty, quote!(it), 1),
            other => Operand::plain(quote!(it), other.clone()),
        };
        let value = match value.mode {
            Mode::Plain => value,
            _ => return has_optional(&iter, &value),
        };
        let test = self.same_value(&it, &value);
        Operand::plain(quote!(#iter.any(|it| #test)), Kind::Bool)
    }

    fn same_value(&self, a: &Operand, b: &Operand) -> TokenStream {
        let (a, b) = (self.number(a.clone()), self.number(b.clone()));
        if a.kind == b.kind || matches!(b.kind, Kind::Literal(_)) {
            let (a, b) = (a.atom(), b.atom());
            return quote!(#a == #b);
        }
        if let (Kind::Int(..), Kind::Int(..)) = (&a.kind, &b.kind) {
            let (a, b) = (self.to(&a, true, 128), self.to(&b, true, 128));
            quote!(#a == #b)
        } else {
            let (a, b) = (a.atom(), b.atom());
            quote!(#a == #b)
        }
    }

    pub(super) fn size_of_this(&self) -> Operand {
        let tokens = match self.side {
            Side::Read => quote!(src.position().saturating_sub(base)),
            _ => crate::emit::measure::own_len(self),
        };
        Operand::plain(tokens, Kind::Int(false, 64))
    }

    pub(super) fn offset_of(&self, field: FieldId) -> Operand {
        sized(crate::emit::measure::offset(self, field))
    }

    pub(super) fn size_of(&self, place: &Place) -> Operand {
        let tokens = match (place.root, place.steps.is_empty()) {
            (Root::Field(field), true) => crate::emit::measure::field(self, field),
            _ => crate::emit::measure::place(self, place),
        };
        sized(tokens)
    }
}

/// An iterator over the elements of a list: references to those of a list that is held, else plain values.
fn elements(list: &Operand) -> Option<TokenStream> {
    let atom = list.atom();
    match (&list.kind, list.mode) {
        (Kind::Iter(_), _) => Some(quote!(#atom)),
        (Kind::List(_), Mode::Plain) => Some(quote!(#atom.iter())),
        (Kind::List(_), _) => Some(quote!(#atom.into_iter().flatten())),
        _ => None,
    }
}

/// What `it` is in a closure over such elements: one that filters has a reference to it.
fn element(list: &Kind, filters: bool) -> Operand {
    match list {
        Kind::List(ty) => super::place::element_behind(ty, quote!(it), if filters { 2 } else { 1 }),
        Kind::Iter(kind) if filters => Operand::infix(quote!(*it), (**kind).clone()),
        Kind::Iter(kind) => Operand::plain(quote!(it), (**kind).clone()),
        other => Operand::plain(quote!(it), other.clone()),
    }
}

/// A size or offset, which may be a constant.
fn sized(tokens: TokenStream) -> Operand {
    match tokens.to_string().parse::<i128>() {
        Ok(n) => Operand::plain(tokens, Kind::Literal(n)),
        Err(_) => Operand::plain(tokens, Kind::Int(false, 64)),
    }
}

/// Whether a value has a name.
fn known(operand: &Operand) -> Operand {
    let atom = operand.atom();
    let test = |it: TokenStream| {
        if let Kind::Flags(_) = operand.kind { quote!(#it.unknown_bits() == 0) } else { quote!(#it.is_known()) }
    };
    let infix = matches!(operand.kind, Kind::Flags(_));
    match operand.mode {
        Mode::Plain => Operand { infix, ..Operand::plain(test(atom), Kind::Bool) },
        Mode::Absent => {
            let inner = test(quote!(it));
            Operand::plain(quote!(#atom.is_some_and(|it| #inner)), Kind::Bool)
        }
        Mode::Tried => {
            let inner = test(quote!(it));
            Operand::plain(quote!(#atom.map(|it| #inner)), Kind::Bool).with_mode(Mode::Tried)
        }
    }
}

/// How many elements or bytes.
fn count(operand: &Operand) -> Operand {
    let atom = operand.atom();
    let tokens = match (&operand.kind, operand.mode) {
        (Kind::Iter(_), _) => quote!(len64(#atom.count())),
        (_, Mode::Plain) => quote!(len64(#atom.len())),
        _ => quote!(#atom.map_or(0, |it| len64(it.len()))),
    };
    Operand::plain(tokens, Kind::Int(false, 64))
}

/// Whether a list has a value that may be absent.
fn has_optional(iter: &TokenStream, value: &Operand) -> Operand {
    let value = value.atom();
    Operand::plain(quote!(#value.is_some_and(|value| #iter.any(|it| *it == value))), Kind::Bool)
}
