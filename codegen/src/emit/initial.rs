//! What a new value starts from: a constant for each `init`, and a whole value where every member has something to start
//! from.

use super::ctx::Ctx;
use super::names::{ident, shouty};
use super::rust_type::{self, gap, own_slack, slack};
use super::{docs, expr, pins};
use crate::model::{Content, Expr, Field, FlagsId, Order, Role, Scalar, Struct, TypeId};
use proc_macro2::{Ident, Literal, TokenStream};
use quote::{format_ident, quote};

/// The constants of a struct, and its starting value.
#[must_use]
pub fn emit(ctx: &Ctx<'_>, id: TypeId, s: &Struct) -> TokenStream {
    let constants = s.fields.iter().filter_map(|f| constant(ctx, id, f));
    let value = value(ctx, id, s);
    quote!(#(#constants)* #value)
}

fn constant(ctx: &Ctx<'_>, id: TypeId, f: &Field) -> Option<TokenStream> {
    let init = f.init.as_ref()?;
    let (name, (ty, value)) = (constant_name(f), written(ctx, id, f, init));
    let doc = docs::markdown_line(&format!("What `{}` starts from in a new value.", f.name));
    Some(quote!(#doc pub const #name: #ty = #value;))
}

fn constant_name(f: &Field) -> Ident {
    format_ident!("INITIAL_{}", shouty(&f.rust))
}

/// The type and the value of what a spec writes as `init`.
fn written(ctx: &Ctx<'_>, id: TypeId, f: &Field, init: &Expr) -> (TokenStream, TokenStream) {
    let env = expr::Env::new(ctx, id, expr::Side::Value);
    let (ty, value) = match &f.content {
        Content::Scalar(Scalar::Flags(of)) => flags(ctx, &env, *of, init),
        Content::Scalar(scalar) => {
            (rust_type::scalar(ctx, *scalar), pins::typed(&env, env.emit_for(init, *scalar), *scalar).0)
        }
        Content::Zero(_) => (quote!(u64), env.u64(init).0),
        _ => (quote!(&[u8]), env.emit(init).tokens),
    };
    // A constant is an array or a slice as it stands.
    let plain = value.to_string().replace(". as_slice ()", "").parse();
    (ty, plain.unwrap_or(value))
}

/// Flags as a constant. A number with bits that have no name is refused before, where they are not kept.
fn flags(ctx: &Ctx<'_>, env: &expr::Env<'_>, id: FlagsId, init: &Expr) -> (TokenStream, TokenStream) {
    let of = id.of(&ctx.format.flags);
    let (name, bits) = (ident(&of.rust), env.emit(init).tokens);
    let value = if of.has_unknown {
        quote!(#name::from_bits_kept(#bits))
    } else {
        quote!(match #name::from_bits(#bits) { Some(known) => known, None => #name::EMPTY })
    };
    (quote!(#name), value)
}

/// `initial`, for a struct of which the spec says what some field starts from.
fn value(ctx: &Ctx<'_>, id: TypeId, s: &Struct) -> Option<TokenStream> {
    s.fields.iter().any(|f| f.init.is_some()).then_some(())?;
    let order = match &ctx.ty(id).order {
        Order::Try { orders, .. } => Some(rust_type::order(orders.first().copied().unwrap_or_default())),
        _ => ctx.ty(id).holds_order().then(|| rust_type::order(false)),
    };
    let order = order.map(|order| quote!(byte_order: #order,));
    let held = s.fields.iter().map(|f| members(ctx, f)).collect::<Option<Vec<_>>>()?;
    let last = own_slack(s).map(empty);
    Some(quote! {
        /// What a new value starts from: what the spec says, and otherwise zero, empty or absent.
        #[must_use]
        pub fn initial() -> Self {
            Self { #order #(#held)* #last }
        }
    })
}

/// The members of a field: its gap, itself, its slack.
fn members(ctx: &Ctx<'_>, f: &Field) -> Option<TokenStream> {
    let (before, after) = (gap(f).map(empty), slack(f).map(empty));
    if !f.is_held() {
        return Some(quote!(#before #after));
    }
    let (name, start) = (ident(&f.rust), start(ctx, f)?);
    Some(quote!(#before #name: #start, #after))
}

fn empty((name, ty): (Ident, TokenStream)) -> TokenStream {
    quote!(#name: <#ty>::default(),)
}

/// What a member starts from, where there is something.
fn start(ctx: &Ctx<'_>, f: &Field) -> Option<TokenStream> {
    if f.is_optional() {
        return Some(quote!(None));
    }
    if matches!(f.role, Role::Pinned(_)) || matches!(f.content, Content::Magic(_)) {
        return None;
    }
    if f.repeat.is_some() {
        return Some(quote!(Vec::new()));
    }
    let kept = matches!(f.role, Role::ImpliedKept);
    let constant = f.init.is_some().then(|| constant_name(f));
    match (&f.content, constant) {
        (Content::Zero(_), Some(name)) if kept => Some(quote!(Zeros::Zero(Self::#name))),
        (Content::Scalar(_) | Content::Zero(_), Some(name)) => Some(quote!(Self::#name)),
        (Content::Scalar(scalar), None) => zero(*scalar),
        (Content::Bytes(_), Some(name)) => Some(quote!(Self::#name.to_vec())),
        (Content::Type { .. }, _) | (_, Some(_)) => None,
        _ => {
            let ty = rust_type::element(ctx, f, true);
            Some(quote!(<#ty>::default()))
        }
    }
}

fn zero(scalar: Scalar) -> Option<TokenStream> {
    match scalar {
        Scalar::UInt(_) | Scalar::Int(_) => Some(quote!(0)),
        Scalar::F32 | Scalar::F64 => Some(quote!(0.0)),
        Scalar::Bool => Some(quote!(false)),
        Scalar::Bytes(n) => {
            let n = Literal::usize_unsuffixed(n);
            Some(quote!([0; #n]))
        }
        Scalar::Enum(_) | Scalar::Flags(_) | Scalar::Guid | Scalar::Uuid => None,
    }
}
