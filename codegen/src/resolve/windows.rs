//! When fields are, in which windows, and how often.

use super::Resolver;
use super::ahead::both;
use super::draft::Member;
use super::scope::{Scope, shape_ty};
use crate::diagnostic::Code;
use crate::model::{BinaryOp, Expr, ExprKind, Place, Policy, Presence, Range, Repeat, Root, Ty, Until, Window};
use crate::source::Spanned;
use crate::syntax::ast::Options;
use crate::syntax::expr;

/// When a field is there.
pub(super) fn presence(r: &mut Resolver<'_>, scope: &Scope, member: &Member<'_>) -> Option<Presence> {
    let o = member.options;
    super::choices::versions(r, o.since.as_ref(), o.before.as_ref());
    let mut parts = Vec::new();
    for (op, limit) in [(BinaryOp::AtLeast, &o.since), (BinaryOp::Less, &o.before)] {
        if let Some(limit) = limit {
            parts.push(version_limit(r, scope, op, limit)?);
        }
    }
    if let Some(e) = &o.if_ {
        parts.push(r.condition(&scope.looking_ahead(), e)?);
    }
    let that = parts.into_iter().reduce(both)?;
    Some(Presence { that, zero_when_absent: false })
}

fn version_limit(r: &mut Resolver<'_>, scope: &Scope, op: BinaryOp, limit: &Spanned<u64>) -> Option<Expr> {
    let Some(version) = r.version(scope.ty, scope.limit) else {
        if !r.faulty && !has_version(r, scope) {
            let label = "the type says no `version`";
            r.error(Code::SinceWithoutVersion, "there is no version to compare with", limit.span, label);
        }
        return None;
    };
    let site = r.site(limit.span);
    let n = i128::from(limit.value);
    let word = if op == BinaryOp::Less { "<" } else { ">=" };
    let text = format!("{} {word} {n}", version.text);
    let fallible = version.fallible;
    let of = |kind, ty, text: String, fallible| Expr { kind, ty, absent: false, fallible, text, site };
    let right = of(ExprKind::Int(n), Ty::Int(Range::of(n)), n.to_string(), false);
    Some(of(ExprKind::Binary(op, Box::new(version), Box::new(right)), Ty::Bool, text, fallible))
}

fn has_version(r: &Resolver<'_>, scope: &Scope) -> bool {
    let mut at = Some(scope.ty);
    while let Some(ty) = at {
        let draft = r.draft(ty);
        if draft.decl.is_some_and(|d| d.version.is_some()) {
            return true;
        }
        at = draft.outer.map(|o| o.ty);
    }
    false
}

/// The window a field fills.
pub(super) fn window(r: &mut Resolver<'_>, scope: &Scope, member: &Member<'_>) -> Option<Window> {
    let e = member.options.size.as_ref()?;
    let size = r.size_expr(scope, e)?;
    let slack = member.options.slack.as_ref().map_or(Policy::None, |s| s.value);
    let max = r.limit(member.options.max.as_ref());
    Some(Window { size, slack, max, held: false })
}

/// How a field repeats.
pub(super) fn repeat(r: &mut Resolver<'_>, scope: &Scope, member: &Member<'_>) -> Option<Repeat> {
    let o = member.options;
    if !member.is_list() || member.is_lazy() {
        return None;
    }
    let element = shape_ty(member.shape)?;
    // The elements so far are there while the list is read, so its conditions may name the list itself.
    let own = Scope { limit: scope.limit.saturating_add(1), ..scope.clone() };
    let it = own.with_it(Place { root: Root::It, steps: Vec::new() }, element);
    one_end(r, o);
    let each = match &o.each {
        Some(decl) => Some(super::each::each(r, scope, decl)?),
        None => None,
    };
    let until = until(r, (scope, &own, &it), member)?;
    let unique = o.unique.iter().filter_map(|e| r.comparable(&it, e)).collect();
    let disjoint = match &o.disjoint {
        Some(d) => r.number(&it, &d.start).zip(r.number(&it, &d.size)),
        None => None,
    };
    let max_count = o.max_count.as_ref().and_then(|e| r.number(scope, e));
    Some(Repeat { until, each, unique, disjoint, max_count })
}

/// Reports a list that says in two ways how it ends.
fn one_end(r: &mut Resolver<'_>, o: &Options) {
    let ends = [&o.count, &o.until, &o.while_].into_iter().flatten().map(|e| e.span);
    if let Some(second) = ends.chain(o.each.iter().map(|e| e.span)).nth(1) {
        let label = "`count`, `until`, `while` and `each` exclude each other";
        r.error(Code::OpenList, "a list ends in one way", second, label);
    }
}

/// How a list ends; the scopes are those in front of it, beside its elements, and beside one of them.
fn until(r: &mut Resolver<'_>, (scope, own, it): (&Scope, &Scope, &Scope), member: &Member<'_>) -> Option<Until> {
    let o = member.options;
    match (&o.count, &o.until, &o.while_, &o.each) {
        (Some(e), ..) if matches!(&e.kind, expr::ExprKind::Name(n) if n == "rest") => Some(Until::Rest),
        (Some(e), ..) => r.size_expr(scope, e).map(Until::Count),
        (_, Some(e), ..) => r.condition(&it.looking_ahead(), e).map(Until::Until),
        (_, _, Some(e), _) => r.condition(&own.looking_ahead(), e).map(Until::While),
        (.., Some(decl)) => r.size_expr(scope, &super::each::count(decl)).map(Until::Count),
        _ => None,
    }
}

impl Resolver<'_> {
    /// An expression whose values can be told apart.
    fn comparable(&mut self, scope: &Scope, e: &expr::Expr) -> Option<Expr> {
        let typed = self.expr(scope, e)?;
        match &typed.ty {
            Ty::Float | Ty::Opaque | Ty::Order | Ty::Place | Ty::Type(_) | Ty::List(_) => {
                self.wrong(&typed, "a number, an enum, flags, bytes, a text or a guid", e.span)
            }
            _ => Some(typed),
        }
    }

    /// A size, count or offset.
    pub(super) fn size_expr(&mut self, scope: &Scope, e: &expr::Expr) -> Option<Expr> {
        if self.fold(e).is_some_and(|n| n < 0 || n > i128::from(u64::MAX)) {
            return self.bad_size(e);
        }
        let typed = self.number(scope, e)?;
        if let Some(range) = self.range_of(&typed.ty)
            && range.max < 0
        {
            return self.bad_size(e);
        }
        Some(typed)
    }
}
