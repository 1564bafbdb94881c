//! Named values of structs: a function for each that the value, and its arguments, are enough for.

use super::ctx::Ctx;
use super::docs;
use super::expr::{Env, Mode, Operand, Side};
use super::names::ident;
use super::pins;
use super::rules::uses;
use super::rust_type;
use crate::model::{
    Expr, ExprKind, FieldId, Let, OutsideDrive, PinKind, Place, Range, Role, Root, Step, Struct, Ty, TypeId,
};
use crate::resolve::{fields_of, walk};
use proc_macro2::TokenStream;
use quote::{format_ident, quote};

/// Methods that values have, of their own or by a trait, and that are called in generated code or by its users.
const METHODS: &[&str] = &[
    "byte_len",
    "check",
    "check_driven",
    "check_into",
    "check_with",
    "clone",
    "eq",
    "find_order",
    "fits_order",
    "fmt",
    "from_bytes",
    "initial",
    "laid",
    "ne",
    "parse",
    "parse_with",
    "put_into",
    "read",
    "read_from",
    "takes_rest",
    "to_bytes",
    "to_owned",
    "wire_len",
    "write",
    "write_driven",
    "write_from",
    "write_from_with",
    "write_into",
    "write_to",
    "write_with",
];

/// Whether a struct may have another method of this name.
#[must_use]
pub fn is_taken(s: &Struct, rust: &str) -> bool {
    let before = ["count_of_", "each_of_", "element_of_", "offset_of_", "size_of_"];
    let behind = ["_driven", "_journal"];
    let of_field = |name: Option<&str>| name.is_some_and(|name| s.fields.iter().any(|f| f.rust == name));
    METHODS.contains(&rust)
        || before.iter().any(|part| of_field(rust.strip_prefix(part)))
        || behind.iter().any(|part| of_field(rust.strip_suffix(part)))
}

/// A function for each `let` of a struct that can be worked out.
#[must_use]
pub fn functions(ctx: &Ctx<'_>, id: TypeId, s: &Struct) -> TokenStream {
    let env = measuring(ctx, id);
    let all = s.lets.iter().filter_map(|named| function(&env, s, named));
    quote!(#(#all)*)
}

/// What is seen from a value as a whole: its fields, and the values of those that are pinned.
#[must_use]
pub fn measuring<'a>(ctx: &'a Ctx<'a>, id: TypeId) -> Env<'a> {
    let mut env = Env::new(ctx, id, Side::Measure);
    let Some(s) = ctx.ty(id).as_struct() else { return env };
    for (i, field) in s.fields.iter().enumerate() {
        let Some(pin) = pins::of(field).filter(|pin| !pin.kept && pin.kind != PinKind::Checksum) else { continue };
        if field.is_optional() || !sees(&env, s, &pin.value) {
            continue;
        }
        let place = Place { root: Root::Field(FieldId(i)), steps: Vec::new() };
        let value = env.emit(&pin.value);
        env = env.with_given([(place, value)]);
    }
    env
}

/// Whether an expression names nothing but what a value as a whole has at hand.
fn sees(env: &Env<'_>, s: &Struct, e: &Expr) -> bool {
    let mut all = true;
    walk(e, &mut |e| {
        all &= match &e.kind {
            ExprKind::Rest
            | ExprKind::Index
            | ExprKind::This
            | ExprKind::SizeOfFile
            | ExprKind::Checksum(..)
            | ExprKind::Ahead(_)
            | ExprKind::Row(..)
            | ExprKind::HasKey(..) => false,
            ExprKind::Place(place) => reaches(env, s, place),
            _ => true,
        }
    });
    all
}

fn reaches(env: &Env<'_>, s: &Struct, place: &Place) -> bool {
    let id = match place.root {
        Root::State(_) | Root::Inputs | Root::Externs => return false,
        Root::Field(id) => id,
        Root::Param(_) | Root::It | Root::Other => return true,
    };
    let driven = |d: &OutsideDrive| d.holder == id && place.steps.first() == Some(&Step::Field(d.of, d.target));
    match &id.of(&s.fields).role {
        Role::DrivenOutside => false,
        Role::Pinned(_) => env.given.contains_key(place),
        _ => !s.drives.iter().any(driven),
    }
}

fn function(env: &Env<'_>, s: &Struct, named: &Let) -> Option<TokenStream> {
    let ty = env.ctx.ty(env.ty);
    let seen = sees(env, s, &named.value) && fields_of(&named.value).iter().all(|id| !is_hidden(s, *id));
    let (of, value) = seen.then(|| value(env, &named.value))??;
    let used: Vec<_> = ty.params.iter().map(|p| ident(&p.rust)).filter(|name| uses(&value, name)).collect();
    let (args, name) = (format_ident!("{}Args", ty.rust), ident(&named.rust));
    let (param, bind) = if used.is_empty() {
        (None, None)
    } else {
        let all = rust_type::args(env.ctx, env.ty, &quote!('_));
        (Some(quote!(, args: #all)), Some(quote!(let #args { #(#used,)* .. } = args;)))
    };
    if !used.is_empty() && named.value.ty == Ty::Bytes {
        return None;
    }
    let mut doc = docs::doc_and(
        named.doc.as_deref(),
        &docs::code(&named.name),
        &format!("It is {}.", docs::code(&named.value.text)),
    );
    doc.extend(docs::refs(&named.refs));
    Some(quote!(#doc #[must_use] pub fn #name(&self #param) -> #of { #bind #value }))
}

/// Whether the size of a field is known only to whoever is around the value.
fn is_hidden(s: &Struct, id: FieldId) -> bool {
    matches!(id.of(&s.fields).role, Role::DrivenOutside)
}

/// The type of a value and its tokens; nothing for one that is no plain value.
fn value(env: &Env<'_>, e: &Expr) -> Option<(TokenStream, TokenStream)> {
    if let Ty::Int(range) = &e.ty {
        return Some(number(env, e, *range));
    }
    let operand = env.emit(e);
    let ty = match &e.ty {
        Ty::Bool => quote!(bool),
        Ty::Bytes => quote!(&[u8]),
        Ty::Enum(id) => rust_type::scalar(env.ctx, crate::model::Scalar::Enum(*id)),
        Ty::Flags(id) => rust_type::scalar(env.ctx, crate::model::Scalar::Flags(*id)),
        Ty::Guid { mixed: true } => quote!(Guid),
        Ty::Guid { mixed: false } => quote!(Uuid),
        _ => return None,
    };
    let Operand { tokens, mode, .. } = operand;
    Some(if mode == Mode::Plain { (ty, tokens) } else { (quote!(Option<#ty>), tokens) })
}

/// A number: `u64`, or `i64` where it can be negative.
fn number(env: &Env<'_>, e: &Expr, range: Range) -> (TokenStream, TokenStream) {
    let ty = if range.min < 0 { quote!(i64) } else { quote!(u64) };
    let (tokens, tried) = env.integer(e);
    if tried { (quote!(Option<#ty>), tokens) } else { (ty, tokens) }
}
