//! Byte orders of types.

use super::Resolver;
use super::scope::Scope;
use super::until_stable;
use crate::diagnostic::{Code, Diagnostic};
use crate::model::{Body, Content, Enum, Flags, Format, Order, Repr, Scalar, Ty, Type, TypeId};
use crate::source::Spanned;
use crate::syntax::ast::{self, EndianDecl};

/// The order of a type: its own; of an inline one, that around it; else that of its file.
pub(super) fn order(r: &mut Resolver<'_>, id: TypeId) -> Order {
    let draft = r.draft(id);
    if draft.outer.is_some() {
        return Order::Context;
    }
    let (own, span) = (draft.decl.and_then(|d| d.endian.as_ref()), draft.span);
    let of_file = r.file(span.file).and_then(|f| f.endian.as_ref());
    match own.or(of_file) {
        None => Order::Context,
        Some(EndianDecl::Fixed(order)) => Order::Fixed(order.value == ast::Order::Big),
        Some(EndianDecl::Expr(e)) => match r.expr(&Scope::before(id, 0), e) {
            Some(typed) if typed.ty == Ty::Order => Order::Expr(typed),
            Some(typed) => r.wrong(&typed, "`le` or `be`", e.span).unwrap_or(Order::Context),
            None => Order::Context,
        },
        Some(EndianDecl::Try { orders, span, .. }) if !is_choice(orders) => {
            let d =
                Diagnostic::new(Code::TrialField, "a trial is between `le` and `be`", *span, "not both of them, once");
            r.out.push(d.hint("write `{try: [le, be], where: ...}`, or the one order that there is"));
            Order::Context
        }
        Some(EndianDecl::Try { orders, condition, .. }) => match r.condition(&Scope::whole(id, None), condition) {
            Some(condition) => {
                Order::Try { orders: orders.iter().map(|o| o.value == ast::Order::Big).collect(), condition }
            }
            None => Order::Context,
        },
    }
}

/// Whether each order is there once.
fn is_choice(orders: &[Spanned<ast::Order>]) -> bool {
    matches!(orders, [a, b] if a.value != b.value)
}

/// Takes the order from types in which nothing has one: no number of several bytes, and no type that needs one.
pub(super) fn infer(format: &mut Format) {
    let mut needs = vec![false; format.types.len()];
    until_stable(format, || {
        let next: Vec<bool> = format.types.iter().map(|ty| type_needs(format, &needs, ty)).collect();
        let changed = next != needs;
        needs = next;
        changed
    });
    for (ty, needs) in format.types.iter_mut().zip(needs) {
        if matches!(ty.order, Order::Context) && !needs {
            ty.order = Order::None;
        }
    }
}

/// Whether a type takes its order from whatever holds it, and something in it has one.
fn type_needs(format: &Format, needs: &[bool], ty: &Type) -> bool {
    let inside = match &ty.body {
        Body::Bits(bits) => bits.bytes > 1,
        body => super::sizes::fields(body).iter().any(|f| content_needs(format, needs, &f.content)),
    };
    inside && matches!(ty.order, Order::Context)
}

fn content_needs(format: &Format, needs: &[bool], content: &Content) -> bool {
    match content {
        Content::Scalar(scalar) => scalar_needs(&format.enums, &format.flags, *scalar),
        Content::PStr(bytes) => *bytes > 1,
        Content::Utf16(_) => true,
        Content::Lazy(lazy) => content_needs(format, needs, &lazy.element),
        Content::Type { id, .. } => needs.get(id.0).copied().unwrap_or(false),
        _ => false,
    }
}

fn scalar_needs(enums: &[Enum], flags: &[Flags], scalar: Scalar) -> bool {
    match scalar {
        Scalar::UInt(bytes) | Scalar::Int(bytes) => bytes > 1,
        Scalar::F32 | Scalar::F64 => true,
        Scalar::Enum(id) => match id.of(enums).repr {
            Repr::UInt(bits) | Repr::Int(bits) => bits > 8,
            Repr::Bytes(_) | Repr::Guid | Repr::Uuid => false,
        },
        Scalar::Flags(id) => id.of(flags).bits > 8,
        Scalar::Bool | Scalar::Guid | Scalar::Uuid | Scalar::Bytes(_) => false,
    }
}
