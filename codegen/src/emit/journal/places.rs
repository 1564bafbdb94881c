//! Values of list elements, decoded from where they lie: what an expression about `it` or its partner needs, and no more.

use crate::emit::decode;
use crate::emit::expr::{Env, Mode, Operand, Side, content_kind};
use crate::emit::names::ident;
use crate::emit::scalar::{Block, Raise};
use crate::emit::case_choice::label_pattern;
use crate::model::{
    Body, CaseId, Content, Expr, ExprKind, Field, FieldId, Label, Place, Root, Step, Tag, TypeId, Union,
};
use crate::resolve::{exact_offset, exact_size};
use proc_macro2::{Ident, Literal, TokenStream};
use quote::{format_ident, quote};
use std::collections::BTreeSet;

/// The bytes that elements are decoded from.
pub enum From {
    /// The element, as an array: the tokens are a reference.
    Element(TokenStream),
    /// The entry `src`; the elements that `it` and the other one are start there.
    Entry(TokenStream, TokenStream),
}

/// Decoded values: the statements that make them, and what places stand for.
#[derive(Default)]
pub struct Decoded {
    /// The statements.
    pub statements: TokenStream,
    /// Places and their values.
    pub given: Vec<(Place, Operand)>,
}

/// Where a place leads: its offset in the element, and what must be chosen for it to be there.
pub struct Spot<'a> {
    /// Bytes from the start of the element.
    pub at: u64,
    /// What lies there.
    pub field: &'a Field,
    /// The type that it is part of.
    pub of: TypeId,
    /// Steps behind it: a flag, a part of an integer.
    pub rest: Vec<Step>,
    /// Cases, each with the place of what it is chosen by.
    pub cases: Vec<(Place, TypeId, CaseId)>,
}

/// The places in expressions that start from an element.
#[must_use]
pub fn in_exprs<'e>(all: impl IntoIterator<Item = &'e Expr>) -> BTreeSet<Place> {
    let mut out = BTreeSet::new();
    for e in all {
        crate::resolve::walk(e, &mut |e| {
            if let ExprKind::Place(place @ Place { root: Root::It | Root::Other, .. }) = &e.kind {
                out.insert(place.clone());
            }
        });
    }
    out
}

/// Where a place leads in the element of a list.
#[must_use]
pub fn spot<'a>(env: &Env<'a>, list: &'a Field, place: &Place) -> Option<Spot<'a>> {
    let format = env.ctx.format;
    let mut spot = Spot { at: 0, field: list, of: env.ty, rest: Vec::new(), cases: Vec::new() };
    for (i, step) in place.steps.iter().enumerate() {
        match step {
            Step::Field(ty, id) if matches!(format.ty(*ty).body, Body::Struct(_)) => {
                spot.at = spot.at.checked_add(exact_offset(format, *ty, *id)?)?;
                (spot.field, spot.of) = (format.field(*ty, *id)?, *ty);
            }
            Step::Case(ty, id) => {
                let before = place.steps.get(..i.saturating_sub(1)).unwrap_or(&[]);
                let chosen = tag(spot.field, (place.root, before, spot.of))?;
                spot.cases.push((chosen, *ty, *id));
                let Body::Union(union) = &format.ty(*ty).body else { return None };
                (spot.field, spot.of) = (id.of(&union.cases).body.as_deref()?, *ty);
            }
            Step::Field(..) | Step::Flag(..) => {
                spot.rest = place.steps.get(i..).unwrap_or(&[]).to_vec();
                return Some(spot);
            }
            Step::Each | Step::Cell(_) | Step::Column(_) | Step::Input(_) => return None,
        }
    }
    Some(spot)
}

/// The place of what a switch is on: a field beside it.
fn tag(switch: &Field, (root, before, of): (Root, &[Step], TypeId)) -> Option<Place> {
    let Content::Type { args, .. } = &switch.content else { return None };
    let ExprKind::Place(Place { root: Root::Field(id), steps }) = &args.first()?.kind else { return None };
    let steps = before.iter().chain([&Step::Field(of, *id)]).chain(steps).copied().collect();
    Some(Place { root, steps })
}

/// Decodes what places name.
#[must_use]
pub fn decoded(env: &Env<'_>, lists: (&Field, Option<&Field>), places: &BTreeSet<Place>, from: &From) -> Decoded {
    let mut out = Decoded::default();
    for place in places {
        one(env, lists, place, (from, &mut out));
    }
    out
}

fn one(env: &Env<'_>, lists: (&Field, Option<&Field>), place: &Place, (from, out): (&From, &mut Decoded)) {
    if out.given.iter().any(|(known, _)| known == place) {
        return;
    }
    let list = if place.root == Root::Other { lists.1 } else { Some(lists.0) };
    let Some(spot) = list.and_then(|list| spot(env, list, place)) else { return };
    for (tag, ..) in &spot.cases {
        one(env, lists, tag, (from, &mut *out));
    }
    let name = format_ident!("{}", called(env, place));
    let Some(value) = value(env, &spot, (place.root, from), &name) else { return };
    let (rest, kind) = (Place { root: Root::It, steps: spot.rest.clone() }, content_kind(&spot.field.content));
    let shown = if kind == crate::emit::expr::Kind::Bytes { quote!(#name.as_slice()) } else { quote!(#name) };
    if spot.cases.is_empty() {
        let operand = env.with_it(Operand::plain(shown, kind)).place(&rest);
        out.statements.extend(value);
        out.given.push((place.clone(), operand));
        return;
    }
    let chosen = chosen(env, &spot, &out.given);
    let inner = env.with_it(Operand::plain(shown, kind)).place(&rest);
    let tokens = &inner.tokens;
    out.statements.extend(quote!(let #name = if #chosen { #value Some(#tokens) } else { None };));
    out.given.push((place.clone(), Operand::plain(quote!(#name), inner.kind).with_mode(Mode::Absent)));
}

/// The condition that all cases of a place are chosen.
#[must_use]
pub fn chosen(env: &Env<'_>, spot: &Spot<'_>, given: &[(Place, Operand)]) -> TokenStream {
    let all = spot.cases.iter().filter_map(|(tag, ty, case)| {
        let tag = given.iter().find(|(place, _)| place == tag).map(|(_, operand)| operand)?;
        let Body::Union(union) = &env.ctx.ty(*ty).body else { return None };
        Some(is_chosen(env, (union, *case), tag))
    });
    quote!(#(#all)&&*)
}

fn is_chosen(env: &Env<'_>, (union, case): (&Union, CaseId), tag: &Operand) -> TokenStream {
    let (case, atom) = (case.of(&union.cases), tag.atom());
    let plain = tag.mode == Mode::Plain;
    match (&case.label, union.tag) {
        (Label::Default, _) => {
            let named = union.cases.iter().filter(|c| c.label != Label::Default);
            let named = named.map(|c| label_pattern(env.ctx, union, c));
            if plain {
                quote!(!matches!(#atom, #(#named)|*))
            } else {
                quote!(#atom.is_some_and(|it| !matches!(it, #(#named)|*)))
            }
        }
        (Label::Bool(true), Tag::Bool) if plain => quote!(#atom),
        (Label::Bool(false), Tag::Bool) if plain => quote!(!#atom),
        _ => {
            let value = label_pattern(env.ctx, union, case);
            if plain { quote!(#atom == #value) } else { quote!(#atom == Some(#value)) }
        }
    }
}

/// Statements that make a local of what lies at a spot.
fn value(env: &Env<'_>, spot: &Spot<'_>, (root, from): (Root, &From), name: &Ident) -> Option<TokenStream> {
    let n = Literal::u64_unsuffixed(exact_size(env.ctx.format, &spot.field.content)?);
    let (array, at, read) = match from {
        From::Element(bytes) => (bytes.clone(), spot.at, TokenStream::new()),
        From::Entry(it, other) => {
            let start = if root == Root::Other { other } else { it };
            let at = Literal::u64_unsuffixed(spot.at);
            let place = if spot.at == 0 { quote!(#start) } else { quote!(#start.saturating_add(#at)) };
            (quote!(&block), 0, quote!(let block: [u8; #n] = src.block(#place)?;))
        }
    };
    let own = Env::new(env.ctx, spot.of, Side::Read);
    let block = Block { env: &own, array, raise: Raise::At(quote!(base)) };
    let plain = Field { repeat: None, ..spot.field.clone() };
    match &spot.field.content {
        Content::Scalar(scalar) => {
            let decoded = block.decode(&plain, *scalar, at, name);
            Some(quote!(#read #decoded))
        }
        Content::Type { id, .. }
            if matches!(env.ctx.ty(*id).body, Body::Bits(_)) && env.ctx.ty(*id).params.is_empty() =>
        {
            let (ty, off, array) = (ident(&env.ctx.ty(*id).rust), Literal::u64_unsuffixed(at), &block.array);
            let more = decode::from_bytes_args(env.ctx, *id, &quote!(()));
            let made = block.raise.wrap(&quote!(#ty::from_bytes(get::<#off, #n, _>(#array) #more)));
            Some(quote!(#read let #name = #made;))
        }
        _ => None,
    }
}

/// What the local of a place is called.
fn called(env: &Env<'_>, place: &Place) -> String {
    let mut parts = vec![if place.root == Root::Other { "partner" } else { "it" }.to_owned()];
    for step in &place.steps {
        match step {
            Step::Field(ty, id) => match &env.ctx.ty(*ty).body {
                Body::Bits(bits) => parts.push(id.of(&bits.parts).rust.clone()),
                _ => parts.extend(env.ctx.format.field(*ty, *id).map(|f| f.rust.clone())),
            },
            Step::Case(ty, id) => {
                if let Body::Union(union) = &env.ctx.ty(*ty).body {
                    parts.push(crate::emit::names::snake(&id.of(&union.cases).rust));
                }
            }
            Step::Flag(flags, i) => {
                let of = flags.of(&env.ctx.format.flags);
                parts.extend(of.flags.get(*i).map(|f| f.rust.to_lowercase()));
            }
            Step::Each | Step::Cell(_) | Step::Column(_) | Step::Input(_) => {}
        }
    }
    parts.join("_")
}

/// Whether what lies at a place can be decoded.
#[must_use]
pub fn is_known(env: &Env<'_>, list: &Field, place: &Place) -> bool {
    let Some(spot) = spot(env, list, place) else { return false };
    let decoded = match &spot.field.content {
        Content::Scalar(_) => true,
        Content::Type { id, .. } => matches!(env.ctx.ty(*id).body, Body::Bits(_)) && env.ctx.ty(*id).params.is_empty(),
        _ => false,
    };
    decoded && spot.cases.iter().all(|(tag, ..)| is_known(env, list, tag))
}

/// The list of an entry's fields behind its head.
#[must_use]
pub fn list(fields: &[Field], id: FieldId) -> Option<&Field> {
    fields.get(id.0)
}
