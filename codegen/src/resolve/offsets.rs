//! Where fields start: `at`, and what it counts from.

use super::Resolver;
use super::draft::Member;
use super::scope::Scope;
use crate::diagnostic::{Code, Diagnostic};
use crate::model::{At, AtFrom, Expr, ORIGIN, ParamTy, Policy};
use crate::source::Spanned;
use crate::syntax::ast::Content;
use crate::syntax::expr;

/// Where a field starts.
pub(super) fn at(r: &mut Resolver<'_>, scope: &Scope, member: &Member<'_>) -> Option<At> {
    let (e, gap) = match member.content {
        Content::Journal(decl) => (&decl.at, own_slack(r, scope)),
        _ => (member.options.at.as_ref()?, Policy::None),
    };
    let gap = member.options.gap.as_ref().map_or(gap, |g| g.value);
    let (offset, from) = match member.options.from.as_ref() {
        None => (r.size_expr(scope, e)?, AtFrom::Type),
        Some(name) => from(r, scope, name, e)?,
    };
    Some(At { offset, from, gap })
}

/// The offset, and what it counts from.
fn from(r: &mut Resolver<'_>, scope: &Scope, name: &Spanned<String>, e: &expr::Expr) -> Option<(Expr, AtFrom)> {
    match name.value.as_str() {
        "type" => Some((r.size_expr(scope, e)?, AtFrom::Type)),
        "file" => {
            // By itself first: what is wrong with it is not about the origin.
            r.size_expr(scope, e)?;
            let offset = behind_origin(r, name, e)?;
            Some((r.size_expr(scope, &offset)?, AtFrom::File))
        }
        "window" => {
            r.later_key(name);
            None
        }
        _ => {
            super::asides::from_param(r, scope, name)?;
            r.later_key(name);
            None
        }
    }
}

/// An offset of the file as one from the first byte of the value, where the format has an input that says what is in front.
fn behind_origin(r: &mut Resolver<'_>, name: &Spanned<String>, e: &expr::Expr) -> Option<expr::Expr> {
    let Some((decl, input)) = r.inputs.iter().find(|(_, input)| input.name == ORIGIN) else { return Some(e.clone()) };
    if !matches!(input.ty, ParamTy::UInt(_)) {
        let message = format!("the input `{ORIGIN}` is no number of bytes");
        let d = Diagnostic::new(Code::WrongType, message, name.span, "says where in the file a value begins");
        let d = d.also(decl.name.span, "declared here").hint("make it a `u64`, or call it otherwise");
        r.out.push(d);
        return None;
    }
    let of = |kind, text: String| expr::Expr { kind, span: e.span, text };
    let word = of(expr::ExprKind::Name("input".to_owned()), "input".to_owned());
    let origin = expr::ExprKind::Member { of: Box::new(word), name: Spanned::new(ORIGIN.to_owned(), e.span) };
    let origin = of(origin, format!("input.{ORIGIN}"));
    let simple = !matches!(e.kind, expr::ExprKind::Binary { .. } | expr::ExprKind::If { .. });
    let offset = if simple { e.text.clone() } else { format!("({})", e.text) };
    let text = format!("{offset} - {}", origin.text);
    let (left, right) = (Box::new(e.clone()), Box::new(origin));
    Some(of(expr::ExprKind::Binary { op: expr::BinaryOp::Subtract, left, right }, text))
}

/// What a type does with bytes that no field of it covers.
fn own_slack(r: &Resolver<'_>, scope: &Scope) -> Policy {
    let slack = r.draft(scope.ty).decl.and_then(|d| d.slack.as_ref());
    slack.map_or(Policy::None, |s| s.value)
}
