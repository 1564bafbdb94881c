//! The expressions of a field or type, in one place for whoever looks for something in all of them.

use crate::model::{Body, Content, Expr, Field, Length, Order, Role, Struct, Type, Until};

/// All expressions of a field.
pub(crate) fn exprs(field: &Field) -> Vec<&Expr> {
    let mut out = early(field);
    out.extend(late(field));
    if let Content::Type { args, .. } = field.content.element() {
        out.extend(args);
    }
    out.extend(field.valid.iter().chain(&field.expect).map(|rule| &rule.that));
    out.extend(&field.unlike);
    out.extend(field.remember.iter().flat_map(|r| &r.values));
    out
}

/// The expressions that decide whether, where and how long a field is, and what it must be: a reader needs them before it.
pub(crate) fn early(field: &Field) -> Vec<&Expr> {
    let mut out: Vec<&Expr> = Vec::new();
    out.extend(field.presence.as_ref().map(|p| &p.that));
    out.extend(field.at.as_ref().map(|at| &at.offset));
    out.extend(field.aside.as_ref().map(|aside| &aside.offset));
    out.extend(field.window.as_ref().map(|w| &w.size));
    if let Some(repeat) = &field.repeat {
        out.extend(&repeat.max_count);
        if let Until::Count(e) = &repeat.until {
            out.push(e);
        }
    }
    match &field.content {
        Content::Bytes(Length::Expr(e))
        | Content::Utf8(Length::Expr(e))
        | Content::Utf16(Length::Expr(e))
        | Content::Blob(Length::Expr(e))
        | Content::Zero(Length::Expr(e))
        | Content::Align(e) => out.push(e),
        Content::Blob(Length::Told(told)) => out.extend(&told.args),
        Content::Lazy(lazy) => out.push(&lazy.count),
        _ => {}
    }
    if let Role::Pinned(pin) = &field.role {
        out.push(&pin.value);
    }
    out
}

/// The expressions about elements, or copies, that are there.
pub(crate) fn late(field: &Field) -> Vec<&Expr> {
    let Some(repeat) = &field.repeat else { return field.copies.iter().flat_map(|c| &c.newest).collect() };
    let mut out: Vec<&Expr> = repeat.unique.iter().chain(repeat.each.as_ref().map(|each| &each.condition)).collect();
    out.extend(repeat.disjoint.iter().flat_map(|(start, size)| [start, size]));
    if let Until::Until(e) | Until::While(e) = &repeat.until {
        out.push(e);
    }
    out
}

/// All expressions of a type, those of its fields included.
pub(crate) fn type_exprs(ty: &Type) -> Vec<&Expr> {
    let mut out: Vec<&Expr> = ty.version.iter().collect();
    match &ty.order {
        Order::Expr(e) | Order::Try { condition: e, .. } => out.push(e),
        Order::None | Order::Fixed(_) | Order::Context => {}
    }
    out.extend(super::fields(&ty.body).into_iter().flat_map(exprs));
    match &ty.body {
        Body::Struct(s) => out.extend(own_exprs(s)),
        Body::Union(u) => {
            out.extend(u.require.iter().map(|r| &r.that));
            out.extend(u.cases.iter().filter_map(|case| case.when.as_ref()));
        }
        Body::Bits(b) => {
            let parts = b.parts.iter().flat_map(|p| p.valid.iter().chain(&p.expect));
            out.extend(b.require.iter().chain(parts).map(|r| &r.that));
        }
    }
    out
}

fn own_exprs(s: &Struct) -> Vec<&Expr> {
    let mut out: Vec<&Expr> = s.require.iter().map(|r| &r.that).collect();
    out.extend(s.remember.iter().flat_map(|r| &r.values));
    out.extend(s.window.as_ref().map(|w| &w.size));
    out
}
