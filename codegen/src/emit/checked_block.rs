//! Blocks that hold blocks: whether every rule holds is asked first, and then the value is made of what is known to be right. A
//! value that is carried past rules that may still fail goes through memory once more, with each type that holds it. Which rule
//! is broken, and by what, is asked only of bytes that are refused.

use super::args;
use super::block;
use super::case_choice::{arm_pattern, choose, exhaustive, left_over};
use super::ctx::Ctx;
use super::decode::{self, from_bytes_args};
use super::expr::{Env, Side};
use super::names::ident;
use super::read::{self, Reader};
use super::rules::{ending_in, uses};
use super::rust_type::{self, local};
use super::scalar::{Block, Raise};
use super::segment::{self, Segment};
use super::structs::rename_unused;
use super::union::{holds_tag, tag_member};
use crate::model::{
    Body, Case, Content, Expr, ExprKind, Field, FieldId, Format, Order, Param, ParamTy, PinKind, Role, Root, Struct,
    Type, TypeId, Union,
};
use proc_macro2::{Ident, TokenStream, TokenTree};
use quote::quote;
use std::collections::BTreeSet;

/// The types that have `keep_rules` and `of_checked`: blocks that hold blocks, and what these hold.
#[must_use]
pub fn split(format: &Format) -> BTreeSet<TypeId> {
    let ids = (0..format.types.len()).map(TypeId);
    let heads =
        ids.filter(|id| matches!(id.of(&format.types).body, Body::Struct(_)) && held_by(format, *id).next().is_some());
    let mut out = BTreeSet::new();
    for head in heads {
        let mut all = BTreeSet::new();
        if collect(format, head, &mut all) {
            out.extend(all);
        }
    }
    out
}

/// Whether a type and all that it holds can be made of bytes that are known to be right.
fn collect(format: &Format, id: TypeId, all: &mut BTreeSet<TypeId>) -> bool {
    let ty = id.of(&format.types);
    ty.size.fixed().is_some() && is_simple(ty) && {
        all.insert(id);
        let told = held_by(format, id).all(|(of, args)| of.of(&format.types).params.iter().zip(args).all(is_told));
        told && held_by(format, id).all(|(of, _)| all.contains(&of) || collect(format, of, all))
    }
}

/// Whether an argument is there without failing, or has something that stands for it.
fn is_told((param, arg): (&Param, &Expr)) -> bool {
    let plain = matches!(&arg.kind, ExprKind::Place(place) if matches!(place.root, Root::Field(_) | Root::Param(_)));
    let number = matches!(param.ty, ParamTy::UInt(_) | ParamTy::Int(_) | ParamTy::Bool);
    !matches!(param.ty, ParamTy::State(_) | ParamTy::Place) && (plain || number)
}

/// Whether nothing but the fields themselves is needed to make a value.
fn is_simple(ty: &Type) -> bool {
    match &ty.body {
        Body::Union(_) => true,
        Body::Bits(_) => false,
        Body::Struct(s) => {
            let whole = s.window.is_none() && s.slack == crate::model::Policy::None && !s.is_place;
            let order = !matches!(ty.order, Order::Try { .. }) && !ty.is_driven_outside();
            whole && order && s.fields.iter().all(is_simple_field)
        }
    }
}

fn is_simple_field(field: &Field) -> bool {
    let kept = matches!(&field.role, Role::Pinned(pin) if pin.kept || pin.kind == PinKind::Checksum);
    let content =
        matches!(field.content, Content::Scalar(_) | Content::Magic(_) | Content::Zero(_) | Content::Type { .. });
    field.is_plain() && content && !kept && field.remember.is_empty() && field.journal.is_none()
}

/// The types that fields or cases of a type hold, with their arguments.
fn held_by(format: &Format, id: TypeId) -> impl Iterator<Item = (TypeId, &[Expr])> {
    let fields: Vec<&Field> = match &id.of(&format.types).body {
        Body::Struct(s) => s.fields.iter().collect(),
        Body::Union(union) => union.cases.iter().filter_map(|case| case.body.as_deref()).collect(),
        Body::Bits(_) => Vec::new(),
    };
    fields.into_iter().filter_map(|field| match &field.content {
        Content::Type { id, args } => Some((*id, args.as_slice())),
        _ => None,
    })
}

/// Whether a field of a struct is of a type of its own.
#[must_use]
pub fn holds_block(s: &Struct) -> bool {
    s.fields.iter().any(|field| matches!(field.content, Content::Type { .. }))
}

/// `keep_rules` and `of_checked` of a struct.
#[must_use]
pub fn of_struct(ctx: &Ctx<'_>, id: TypeId, s: &Struct) -> TokenStream {
    if !ctx.is_split(id) {
        return TokenStream::new();
    }
    let (check, make) = (check(ctx, id, s), make(ctx, id, s));
    functions(ctx, id, &check, &make)
}

/// The same of a switch.
#[must_use]
pub fn of_union(ctx: &Ctx<'_>, id: TypeId, union: &Union) -> TokenStream {
    if !ctx.is_split(id) {
        return TokenStream::new();
    }
    let (check, make) = (check_case(ctx, id, union), make_case(ctx, id, union));
    functions(ctx, id, &check, &make)
}

fn functions(ctx: &Ctx<'_>, id: TypeId, check: &TokenStream, make: &TokenStream) -> TokenStream {
    let params = block::read_params(ctx, id);
    let (asked, given) = (rename_unused(&params, check), rename_unused(&params, make));
    quote! {
        /// Whether the bytes keep every rule: something where they do.
        #[inline]
        fn keep_rules(#asked) -> Option<()> { #check }
        /// The value of bytes that keep every rule.
        #[inline]
        fn of_checked(#given) -> Self { #make }
    }
}

/// What `from_bytes` does where there are these two.
#[must_use]
pub fn from_bytes(ctx: &Ctx<'_>, id: TypeId) -> TokenStream {
    let pass = from_bytes_args(ctx, id, &quote!(args));
    quote! {
        if Self::keep_rules(b #pass).is_some() {
            Ok(Self::of_checked(b #pass))
        } else {
            Err(Self::refused(b #pass))
        }
    }
}

/// `refused`, which finds the rule that is broken.
#[must_use]
pub fn refused(ctx: &Ctx<'_>, id: TypeId, body: &TokenStream) -> TokenStream {
    let params = rename_unused(&block::read_params(ctx, id), body);
    quote! {
        /// The rule that the bytes break.
        #[cold]
        #[inline(never)]
        fn refused(#params) -> Fault {
            let read = || -> Result<Self, Fault> { #body };
            Fault::of(read())
        }
    }
}

/// The fields of a struct that is one block, with their offsets.
fn fields(ctx: &Ctx<'_>, s: &Struct) -> Vec<(FieldId, u64)> {
    match segment::of(ctx, s).into_iter().next() {
        Some(Segment::Block(fields, _)) => fields,
        _ => Vec::new(),
    }
}

/// Field after field, each with the rules that are due; what it is only where a rule asks.
fn check(ctx: &Ctx<'_>, id: TypeId, s: &Struct) -> TokenStream {
    let reader = Reader::new(ctx, id, s);
    let block = Block { env: &reader.env, array: quote!(b), raise: Raise::Nothing };
    let mut after = quote!(Some(()));
    for (field, at) in fields(ctx, s).into_iter().rev() {
        let due = reader.due(field, &|id| (Raise::Nothing, reader.raise(id).1));
        let behind = quote!(#due #after);
        let (of, name) = (field.of(&s.fields), local(&field.of(&s.fields).rust));
        let statements = match (&of.content, uses(&behind, &name)) {
            (_, true) => decode::field(&block, field, at),
            (Content::Type { .. }, false) => decode::held_check(&block, of, at),
            (_, false) => without_value(decode::field(&block, field, at), &name),
        };
        after = quote!(#statements #behind);
    }
    read::prune(vec![read::order(&reader.env), after])
}

/// Statements that make a local that nobody needs, without it: what they refuse stays.
fn without_value(statements: TokenStream, name: &Ident) -> TokenStream {
    let mut left = statements;
    loop {
        let shorter = ending_in(&left, name);
        let Some((before, value)) = last(&shorter) else { return left };
        if shorter.to_string() == quote!(#left #name).to_string() {
            return left;
        }
        if value.to_string().contains('?') {
            return quote!(#before #value;);
        }
        left = before;
    }
}

/// Statements, and the expression behind the last of them.
fn last(all: &TokenStream) -> Option<(TokenStream, TokenStream)> {
    let all: Vec<TokenTree> = all.clone().into_iter().collect();
    let is_end = |t: &TokenTree| matches!(t, TokenTree::Punct(p) if p.as_char() == ';');
    let start = all.iter().rposition(is_end).map_or(0, |i| i.saturating_add(1));
    let (before, value) = all.split_at_checked(start)?;
    Some((before.iter().cloned().collect(), value.iter().cloned().collect()))
}

/// The members, and of all else what they need.
fn make(ctx: &Ctx<'_>, id: TypeId, s: &Struct) -> TokenStream {
    let reader = Reader::new(ctx, id, s);
    let block = Block { env: &reader.env, array: quote!(b), raise: Raise::Sure };
    let members = s.fields.iter().flat_map(read::members);
    let mut after = quote!(Self { #(#members),* });
    for (field, at) in fields(ctx, s).into_iter().rev() {
        let of = field.of(&s.fields);
        if of.is_held() || uses(&after, &local(&of.rust)) {
            let statements = decode::field(&block, field, at);
            after = quote!(#statements #after);
        }
    }
    read::prune(vec![read::order(&reader.env), after])
}

/// What a case of a block holds, and its arguments.
fn held(case: &Case) -> Option<(&Field, TypeId, &[Expr])> {
    let body = case.body.as_deref()?;
    match &body.content {
        Content::Type { id, args } => Some((body, *id, args)),
        _ => None,
    }
}

fn check_case(ctx: &Ctx<'_>, id: TypeId, union: &Union) -> TokenStream {
    let env = Env::new(ctx, id, Side::Read);
    let arms = union.tried().filter_map(|(_, case)| {
        let (body, of, with) = held(case)?;
        let (label, ty) = (arm_pattern(&env, union, case), rust_type::of_type(ctx, of, true));
        let (before, args) = args::build(&env, of, with);
        let before = decode::computed(&env, body, &before, (&Raise::Nothing, 0));
        let params = from_bytes_args(ctx, of, &args);
        Some(quote!(#label => { #before #ty::keep_rules(b #params) }))
    });
    let (arms, left) = (arms.collect::<Vec<_>>(), left_over(ctx, union));
    let other = (!exhaustive(ctx, union)).then(|| quote!(#left => None,));
    choose(&quote!(args.tag), union, &quote!(#(#arms)* #other))
}

/// A tag without a case does not come here: the last case stands for it.
fn make_case(ctx: &Ctx<'_>, id: TypeId, union: &Union) -> TokenStream {
    let env = Env::new(ctx, id, Side::Read);
    let cases: Vec<_> = union.tried().map(|(_, case)| case).collect();
    let arms = cases.iter().enumerate().filter_map(|(i, case)| {
        let last = i.saturating_add(1) == cases.len() && !exhaustive(ctx, union);
        let label = if last { quote!(_) } else { arm_pattern(&env, union, case) };
        let made = made(&env, union, case)?;
        Some(quote!(#label => #made,))
    });
    let arms: Vec<_> = arms.collect();
    choose(&quote!(args.tag), union, &quote!(#(#arms)*))
}

fn made(env: &Env<'_>, union: &Union, case: &Case) -> Option<TokenStream> {
    let (body, of, with) = held(case)?;
    let (name, ty) = (ident(&case.rust), rust_type::of_type(env.ctx, of, true));
    let (before, args) = args::build(env, of, with);
    let before = decode::computed(env, body, &before, (&Raise::Sure, 0));
    let params = from_bytes_args(env.ctx, of, &args);
    let (value, member) = (quote!(#ty::of_checked(b #params)), tag_member(env.ctx, env.ty));
    let made = if holds_tag(union, case) {
        quote!(Self::#name { #member: args.tag, value: #value })
    } else {
        quote!(Self::#name(#value))
    };
    Some(if before.is_empty() { made } else { quote!({ #before #made }) })
}
