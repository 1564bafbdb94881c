//! Examples: their types and arguments. Whether the expected value fits its type is for `check`.

use super::consts::Const;
use super::{Resolver, names};
use crate::diagnostic::{Code, Diagnostic, did_you_mean};
use crate::model::{
    Argument, EnumId, Example, ExampleBytes, ExampleResult, FlagsId, Format, Order, Param, ParamTy, Range, Type,
};
use crate::source::Span;
use crate::syntax::ast::{self, ExampleDecl};
use crate::syntax::expr::{Expr, ExprKind};

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
    let (with, inputs) = (arguments(r, format, ty, decl)?, inputs(r, format, decl)?);
    Some(Example {
        name: decl.name.value.clone(),
        of,
        big,
        with,
        inputs,
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

fn arguments(r: &mut Resolver<'_>, format: &Format, ty: &Type, decl: &ExampleDecl) -> Option<Vec<Argument>> {
    let mut complete = true;
    let own = || ty.params.iter().filter(|p| !p.ty.is_handed_down());
    for (name, _) in &decl.with {
        if own().all(|p| p.name != name.value) {
            let message = format!("`{}` has no param `{}`", ty.name, name.value);
            let hint = did_you_mean(&name.value, own().map(|p| p.name.as_str()));
            let d = Diagnostic::new(Code::BadExample, message, name.span, "no param of this name");
            r.out.push(d.maybe_hint(hint));
            return None;
        }
    }
    let mut with = Vec::new();
    for param in ty.params.iter().filter(|p| !p.ty.has_default()) {
        let given = decl.with.iter().find(|(n, _)| n.value == param.name);
        let label = format!("the argument for `{}`", param.name);
        let argument = given.and_then(|(_, e)| r.given(format, param, e, (Code::BadExample, &label)));
        if given.is_none() {
            let message = format!("`{}` needs an argument for `{}`", ty.name, param.name);
            let d = Diagnostic::new(Code::BadExample, message, decl.name.span, "without the argument");
            r.out.push(d.hint(format!("add `with: {{{}: ...}}`", param.name)));
        }
        complete &= argument.is_some();
        with.extend(argument);
    }
    complete.then_some(with)
}

/// The inputs that an example says.
fn inputs(r: &mut Resolver<'_>, format: &Format, decl: &ExampleDecl) -> Option<Vec<(usize, Argument)>> {
    let mut out = Vec::new();
    for (name, e) in &decl.inputs {
        let Some(i) = format.inputs.iter().position(|input| input.param.name == name.value) else {
            let hint = did_you_mean(&name.value, format.inputs.iter().map(|input| input.param.name.as_str()));
            let message = format!("there is no input `{}`", name.value);
            r.out.push(Diagnostic::new(Code::BadExample, message, name.span, "not in `inputs`").maybe_hint(hint));
            return None;
        };
        let label = format!("the input `{}`", name.value);
        let param = format.inputs.get(i).map(|input| input.param.clone())?;
        out.push((i, r.given(format, &param, e, (Code::BadExample, &label))?));
    }
    Some(out)
}

impl Resolver<'_> {
    /// A constant, as a param takes it; the code and label are for one that it does not take.
    pub(super) fn given(
        &mut self,
        format: &Format,
        param: &Param,
        e: &Expr,
        (code, label): (Code, &str),
    ) -> Option<Argument> {
        let value = self.constant(e);
        let out = match (&param.ty, value) {
            (ParamTy::UInt(bytes), Some(Const::Int(n))) => {
                return number(self, Range::unsigned(bytes.saturating_mul(8)), n, e);
            }
            (ParamTy::Int(bytes), Some(Const::Int(n))) => {
                return number(self, Range::signed(bytes.saturating_mul(8)), n, e);
            }
            (ParamTy::Flags(id), Some(Const::Int(n))) => return flags(self, format, *id, (n, e.span, code)),
            (ParamTy::Bool, Some(Const::Bool(b))) => Some(Argument::Bool(b)),
            (ParamTy::Guid(mixed), Some(Const::Guid(bytes))) => Some(Argument::Guid(*mixed, bytes)),
            (ParamTy::Text, Some(Const::Str(text))) => Some(Argument::Text(text.into_bytes())),
            (ParamTy::Enum(id), _) => enum_value(format, *id, e),
            (ParamTy::Flags(id), _) => flag(format, *id, e),
            _ => None,
        };
        if out.is_none() {
            let message = format!("`{}` is no {}", e.text, wanted(format, param));
            self.out.push(Diagnostic::new(code, message, e.span, label));
        }
        out
    }
}

fn wanted(format: &Format, param: &Param) -> String {
    match &param.ty {
        ParamTy::UInt(_) | ParamTy::Int(_) => "constant number".into(),
        ParamTy::Bool => "`true` or `false`".into(),
        ParamTy::Enum(id) => format!("value of `{}`", format.enum_(*id).name),
        ParamTy::Flags(id) => format!("number or bit of `{}`", format.flags(*id).name),
        ParamTy::Guid(_) => "guid".into(),
        ParamTy::Place => "place that an example could give".into(),
        ParamTy::Text | ParamTy::Ref(_) | ParamTy::State(_) | ParamTy::Inputs | ParamTy::Externs => "text".into(),
    }
}

fn number(r: &mut Resolver<'_>, range: Range, n: i128, e: &Expr) -> Option<Argument> {
    if range.contains(n) {
        return Some(Argument::Int(n));
    }
    let message = format!("`{}` is not in {} to {}", e.text, range.min, range.max);
    r.error(Code::OutOfRange, &message, e.span, "does not fit its param");
    None
}

fn enum_value(format: &Format, id: EnumId, e: &Expr) -> Option<Argument> {
    let ExprKind::Name(name) = &e.kind else { return None };
    let i = format.enum_(id).values.iter().position(|v| v.name == *name)?;
    Some(Argument::Enum(id, i))
}

fn flag(format: &Format, id: FlagsId, e: &Expr) -> Option<Argument> {
    let ExprKind::Name(name) = &e.kind else { return None };
    let flag = format.flags(id).flags.iter().find(|f| f.name == *name)?;
    Some(Argument::Flags(id, 1_u64.checked_shl(flag.bit).unwrap_or(0)))
}

/// Flags as a number: only those with names, since others cannot be made without reading them.
fn flags(r: &mut Resolver<'_>, format: &Format, id: FlagsId, (n, span, code): (i128, Span, Code)) -> Option<Argument> {
    let of = format.flags(id);
    let named = of.flags.iter().fold(0, |all, flag| all | 1_i128.checked_shl(flag.bit).unwrap_or(0));
    let left = n & !named;
    match u64::try_from(n) {
        Ok(bits) if left == 0 => Some(Argument::Flags(id, bits)),
        _ => {
            let message = format!("`{}` has no name for the bits {left:#x}", of.name);
            r.error(code, &message, span, "only bits with names can be given");
            None
        }
    }
}
