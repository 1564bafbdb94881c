//! Fields of a block: statements that make their locals from an array.

use super::args;
use super::expr::Env;
use super::names::ident;
use super::rust_type::{local, of_type};
use super::scalar::{Block, Raise, rule_name};
use crate::emit::ctx::RuleEntry;
use crate::model::{Class, Content, Field, FieldId, Role};
use proc_macro2::{Literal, TokenStream};
use quote::{format_ident, quote};

/// Statements for a field at an offset of the block.
#[must_use]
pub fn field(block: &Block<'_>, id: FieldId, at: u64) -> TokenStream {
    let ctx = block.env.ctx;
    let Some(field) = ctx.format.field(block.env.ty, id) else { return TokenStream::new() };
    let name = local(&field.rust);
    match &field.content {
        Content::Scalar(scalar) => block.decode(field, *scalar, at, &name),
        Content::Magic(bytes) => magic(block, field, bytes, at),
        Content::Zero(_) => zero(block, field, at),
        Content::Type { id: of, args } => held(block, id, field, (*of, args), at),
        _ => TokenStream::new(),
    }
}

/// Statements for constant bytes in an array of their own.
#[must_use]
pub fn standing(block: &Block<'_>, field: &Field) -> TokenStream {
    match &field.content {
        Content::Magic(bytes) => magic(block, field, bytes, 0),
        _ => TokenStream::new(),
    }
}

/// A rule that the shape of a field itself sets.
#[must_use]
pub fn shape_rule(block: &Block<'_>, field: &Field, expected: &str) -> TokenStream {
    shape(block.env, field, expected)
}

fn shape(env: &Env<'_>, field: &Field, expected: &str) -> TokenStream {
    let ty = env.ctx.ty(env.ty);
    env.ctx.rule(&RuleEntry {
        name: rule_name(ty, &field.rust, ""),
        field: &field.name,
        site: field.site,
        class: field.class.unwrap_or(Class::Invalid),
        expected,
        say: field.say.as_deref(),
    })
}

/// Constant bytes for people.
#[must_use]
pub fn shown(bytes: &[u8]) -> String {
    format!("\"{}\"", bytes.escape_ascii())
}

fn magic(block: &Block<'_>, field: &Field, bytes: &[u8], at: u64) -> TokenStream {
    let (off, n) = (Literal::u64_unsuffixed(at), Literal::usize_unsuffixed(bytes.len()));
    let (expected, array, name) = (Literal::byte_string(bytes), &block.array, local(&field.rust));
    let found = quote!(get::<#off, #n, _>(#array));
    if matches!(field.role, Role::ImpliedKept) {
        return quote!(let #name = Kept::read(*#found, #expected););
    }
    let rule = shape_rule(block, field, &shown(bytes));
    let check = block.raise.check(&rule, &quote!(#name == #expected), (&off, &quote!(#name)));
    quote!(let #name = #found; #check)
}

fn zero(block: &Block<'_>, field: &Field, at: u64) -> TokenStream {
    let size = field.size.fixed().unwrap_or(0);
    let (off, n) = (Literal::u64_unsuffixed(at), Literal::u64_unsuffixed(size));
    let (array, name) = (&block.array, local(&field.rust));
    let found = quote!(get::<#off, #n, _>(#array));
    if matches!(field.role, Role::ImpliedKept) {
        return quote!(let #name = Reserved(*#found););
    }
    let rule = shape_rule(block, field, "zeros");
    let check = block.raise.check(&rule, &quote!(*#name == [0; #n]), (&off, &quote!(#name)));
    quote!(let #name = #found; #check)
}

/// Statements that check a field at an offset of the block whose value nobody needs.
#[must_use]
pub fn checked(block: &Block<'_>, id: FieldId, at: u64) -> TokenStream {
    match block.env.ctx.format.field(block.env.ty, id) {
        Some(field @ Field { content: Content::Type { id: of, args }, .. }) => {
            let (before, value) = held_value(block, field, (*of, args), at, false);
            quote!(#before #value;)
        }
        _ => field(block, id, at),
    }
}

/// Statements that check what a held type of fixed size reads, without making it.
#[must_use]
pub fn held_check(block: &Block<'_>, field: &Field, at: u64) -> TokenStream {
    let Content::Type { id, args } = &field.content else { return TokenStream::new() };
    let (before, checked) = held_value(block, field, (*id, args), at, true);
    quote!(#before #checked;)
}

/// A held type of fixed size.
fn held(block: &Block<'_>, id: FieldId, field: &Field, of: (TypeIdOf, &[crate::model::Expr]), at: u64) -> TokenStream {
    let ctx = block.env.ctx;
    let (name, ty) = (local(&field.rust), of_type(ctx, of.0, true));
    let (before, value) = held_value(block, field, of, at, false);
    let (of, _) = of;
    if ctx.is_driver_of(block.env.ty, id) {
        let inner = ident(&super::names::snake(&ctx.ty(of).rust));
        let companion = format_ident!("{name}_driven");
        let binding = if inner == name { quote!(#name) } else { quote!(#inner: #name) };
        return quote!(#before let #ty { #binding, driven: #companion } = #value;);
    }
    quote!(#before let #name = #value;)
}

/// The expression that reads a held type of fixed size, and the statements that it needs.
fn held_value(
    block: &Block<'_>,
    field: &Field,
    of: (TypeIdOf, &[crate::model::Expr]),
    at: u64,
    only_checked: bool,
) -> (TokenStream, TokenStream) {
    let ctx = block.env.ctx;
    let (of, args) = of;
    let size = ctx.ty(of).size.fixed().unwrap_or(0);
    let (off, n) = (Literal::u64_unsuffixed(at), Literal::u64_unsuffixed(size));
    let (array, ty) = (&block.array, of_type(ctx, of, true));
    let (before, args) = args::build(block.env, of, args);
    let before = computed(block.env, field, &before, (&block.raise, at));
    let (params, label) = (from_bytes_args(ctx, of, &args), &field.name);
    let bytes = quote!(get::<#off, #n, _>(#array) #params);
    let value = match (&block.raise, only_checked) {
        (Raise::Sure, _) => quote!(#ty::of_checked(#bytes)),
        (Raise::Nothing, true) => quote!(#ty::keep_rules(#bytes)?),
        (Raise::Nothing, false) => quote!({ #ty::keep_rules(#bytes)?; #ty::of_checked(#bytes) }),
        (raise, _) => raise.wrap(&quote!(#ty::from_bytes(#bytes).map_err(|f| f.within(#label, #off)))),
    };
    (before, value)
}

type TypeIdOf = crate::model::TypeId;

/// Statements that make the arguments of a field that starts so many bytes behind what errors are counted from.
#[must_use]
pub fn computed(env: &Env<'_>, field: &Field, before: &[TokenStream], (raise, at): (&Raise, u64)) -> TokenStream {
    let off = Literal::u64_unsuffixed(at);
    let all = before.iter().map(|b| {
        if matches!(raise, Raise::Sure) {
            return quote!(#b.unwrap_or_default());
        }
        let rule = shape(env, field, "arguments that can be computed");
        raise.wrap(&quote!(#b.map_err(|_| #rule.fault(#off, Found::Nothing))))
    });
    quote!(#(#all;)*)
}

/// What makes a value of the bytes of a block: `from_bytes` itself, or that with what it takes beside them.
#[must_use]
pub fn decoder(ctx: &super::ctx::Ctx<'_>, id: TypeIdOf) -> TokenStream {
    let pass = from_bytes_args(ctx, id, &quote!(args));
    if pass.is_empty() { quote!(Self::from_bytes) } else { quote!(|b| Self::from_bytes(b #pass)) }
}

/// What `from_bytes` and `to_bytes` take beside the bytes or the value: the order, the arguments.
#[must_use]
pub fn from_bytes_args(ctx: &super::ctx::Ctx<'_>, id: TypeIdOf, args: &TokenStream) -> TokenStream {
    let ty = ctx.ty(id);
    let order = (!ty.has_own_order()).then(|| quote!(, order));
    let args = (!ty.params.is_empty()).then(|| quote!(, #args));
    quote!(#order #args)
}
