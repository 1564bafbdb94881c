//! Examples: their types and arguments. Whether the expected value fits its type is for `check`.

use super::consts::Const;
use super::{Resolver, names};
use crate::diagnostic::{Code, Diagnostic, did_you_mean};
use crate::emit::flags::flag_const;
use crate::emit::names::ident;
use crate::model::{Enum, Example, ExampleBytes, ExampleResult, Flags, Format, Order, Param, ParamTy, Range, Type};
use crate::source::Span;
use crate::syntax::ast::{self, ExampleDecl};
use crate::syntax::expr::{Expr, ExprKind};
use std::fmt::Write;

/// Fills the examples of a format.
pub(super) fn resolve(r: &mut Resolver<'_>, format: &mut Format) {
    let files = r.files;
    let mut seen = std::collections::BTreeMap::new();
    for decl in files.iter().flat_map(|f| &f.examples) {
        if let Some(first) = seen.insert(decl.name.value.as_str(), decl.name.span) {
            let message = format!("two examples are called `{}`", decl.name.value);
            r.out.push(names::twice(message, decl.name.span, first));
            continue;
        }
        if let Some(example) = example(r, format, decl) {
            format.examples.push(example);
        }
    }
}

fn example(r: &mut Resolver<'_>, format: &Format, decl: &ExampleDecl) -> Option<Example> {
    let of = match &decl.of {
        Some(name) => r.type_named(name)?,
        None => format.root,
    };
    let ty = format.ty(of);
    let big = order(r, ty, decl)?;
    let with = arguments(r, format, ty, decl)?;
    Some(Example {
        name: decl.name.value.clone(),
        of,
        big,
        with,
        bytes: match &decl.bytes {
            ast::ExampleBytes::Hex(bytes) => ExampleBytes::Hex(bytes.value.clone()),
            ast::ExampleBytes::Sample(path) => ExampleBytes::Sample(path.value.clone()),
        },
        expected: match &decl.expected {
            ast::ExampleResult::Value(node) => ExampleResult::Value(node.clone()),
            ast::ExampleResult::Error { path, class } => {
                ExampleResult::Error { path: path.value.clone(), class: class.value }
            }
        },
        site: r.site(decl.name.span),
    })
}

/// The byte order to read in; little where the type does not ask for one.
fn order(r: &mut Resolver<'_>, ty: &Type, decl: &ExampleDecl) -> Option<bool> {
    match (&decl.endian, matches!(ty.order, Order::Context)) {
        (Some(order), true) => Some(order.value == ast::Order::Big),
        (None, false) => Some(false),
        (None, true) => {
            let message = format!("`{}` takes its byte order from the caller", ty.name);
            let d = Diagnostic::new(Code::BadExample, message, decl.name.span, "no byte order is given");
            r.out.push(d.hint("add `endian: le` or `endian: be`"));
            None
        }
        (Some(order), false) => {
            let message = match &ty.order {
                Order::None => format!("nothing in `{}` has a byte order", ty.name),
                _ => format!("`{}` has a byte order of its own", ty.name),
            };
            let d = Diagnostic::new(Code::BadExample, message, order.span, "changes nothing");
            r.out.push(d.hint("remove `endian`"));
            None
        }
    }
}

fn arguments(r: &mut Resolver<'_>, format: &Format, ty: &Type, decl: &ExampleDecl) -> Option<Vec<(String, String)>> {
    let mut complete = true;
    for (name, _) in &decl.with {
        if ty.params.iter().all(|p| p.name != name.value) {
            let message = format!("`{}` has no param `{}`", ty.name, name.value);
            let hint = did_you_mean(&name.value, ty.params.iter().map(|p| p.name.as_str()));
            let d = Diagnostic::new(Code::BadExample, message, name.span, "no param of this name");
            r.out.push(d.maybe_hint(hint));
            return None;
        }
    }
    let mut with = Vec::new();
    for param in &ty.params {
        let given = decl.with.iter().find(|(n, _)| n.value == param.name);
        let literal = given.and_then(|(_, e)| literal(r, format, param, e));
        if given.is_none() {
            let message = format!("`{}` needs an argument for `{}`", ty.name, param.name);
            let d = Diagnostic::new(Code::BadExample, message, decl.name.span, "without the argument");
            r.out.push(d.hint(format!("add `with: {{{}: ...}}`", param.name)));
        }
        complete &= literal.is_some();
        with.extend(literal.map(|literal| (param.rust.clone(), literal)));
    }
    complete.then_some(with)
}

/// An example's argument as Rust.
fn literal(r: &mut Resolver<'_>, format: &Format, param: &Param, e: &Expr) -> Option<String> {
    let value = r.constant(e);
    let out = match (&param.ty, value) {
        (ParamTy::UInt(bytes), Some(Const::Int(n))) => {
            return number(r, Range::unsigned(bytes.saturating_mul(8)), n, e);
        }
        (ParamTy::Int(bytes), Some(Const::Int(n))) => return number(r, Range::signed(bytes.saturating_mul(8)), n, e),
        (ParamTy::Flags(id), Some(Const::Int(n))) => return flags(r, format.flags(*id), n, e.span),
        (ParamTy::Bool, Some(Const::Bool(b))) => Some(b.to_string()),
        (ParamTy::Guid(mixed), Some(Const::Guid(bytes))) => Some(guid(*mixed, bytes)),
        (ParamTy::Text, Some(Const::Str(text))) => Some(byte_string(text.as_bytes())),
        (ParamTy::Enum(id), _) => enum_value(format.enum_(*id), e),
        (ParamTy::Flags(id), _) => flag(format.flags(*id), e),
        _ => None,
    };
    if out.is_none() {
        let message = format!("`{}` is no {}", e.text, wanted(format, param));
        let label = format!("the argument for `{}`", param.name);
        r.out.push(Diagnostic::new(Code::BadExample, message, e.span, label));
    }
    out
}

fn wanted(format: &Format, param: &Param) -> String {
    match &param.ty {
        ParamTy::UInt(_) | ParamTy::Int(_) => "constant number".into(),
        ParamTy::Bool => "`true` or `false`".into(),
        ParamTy::Enum(id) => format!("value of `{}`", format.enum_(*id).name),
        ParamTy::Flags(id) => format!("number or bit of `{}`", format.flags(*id).name),
        ParamTy::Guid(_) => "guid".into(),
        ParamTy::Text | ParamTy::Ref(_) | ParamTy::State(_) => "text".into(),
    }
}

fn number(r: &mut Resolver<'_>, range: Range, n: i128, e: &Expr) -> Option<String> {
    if range.contains(n) {
        return Some(n.to_string());
    }
    let message = format!("`{}` is not in {} to {}", e.text, range.min, range.max);
    r.error(Code::OutOfRange, &message, e.span, "does not fit its param");
    None
}

fn enum_value(of: &Enum, e: &Expr) -> Option<String> {
    let ExprKind::Name(name) = &e.kind else { return None };
    let value = of.values.iter().find(|v| v.name == *name)?;
    Some(format!("{}::{}", ident(&of.rust), ident(&value.rust)))
}

fn flag(of: &Flags, e: &Expr) -> Option<String> {
    let ExprKind::Name(name) = &e.kind else { return None };
    let flag = of.flags.iter().find(|f| f.name == *name)?;
    let of = ident(&of.rust);
    Some(format!("{of}::EMPTY.with({of}::{})", flag_const(flag)))
}

/// Flags as a number: only those with names, since others cannot be made without reading them.
fn flags(r: &mut Resolver<'_>, of: &Flags, n: i128, span: Span) -> Option<String> {
    let name = ident(&of.rust);
    let mut out = format!("{name}::EMPTY");
    let mut left = n;
    for flag in &of.flags {
        let mask = 1_i128.checked_shl(flag.bit).unwrap_or(0);
        if left & mask != 0 {
            left ^= mask;
            // Writing to a string cannot fail.
            let _ = write!(out, ".with({name}::{})", flag_const(flag));
        }
    }
    if left == 0 {
        return Some(out);
    }
    let message = format!("`{}` has no name for the bits {left:#x}", of.name);
    r.error(Code::BadExample, &message, span, "only bits with names can be given");
    None
}

fn guid(mixed: bool, text: [u8; 16]) -> String {
    let name = if mixed { "Guid" } else { "Uuid" };
    format!("{name}::from_u128({:#034x})", u128::from_be_bytes(text))
}

fn byte_string(bytes: &[u8]) -> String {
    format!("b\"{}\"", bytes.escape_ascii())
}

#[cfg(test)]
mod tests {
    use super::{byte_string, guid};

    #[test]
    fn arguments_are_rust() {
        assert_eq!(byte_string(b"a\"\\\n\xff"), r#"b"a\"\\\n\xff""#);
        assert_eq!(guid(false, [1; 16]), "Uuid::from_u128(0x01010101010101010101010101010101)");
    }
}
