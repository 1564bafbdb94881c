//! `copies`: constant offsets, and what says which copy is the newest.

use super::Resolver;
use super::draft::{Member, Shape};
use super::scope::Scope;
use crate::diagnostic::{Code, Diagnostic};
use crate::model::{At, AtFrom, Body, Copies, Expr, ExprKind, Format, Place, Policy, Range, Root, Size, Ty, TypeId};
use crate::syntax::ast::CopiesDecl;
use crate::syntax::expr;

/// Keys that say where and how often a field is, which `copies` does already, and what is for one value alone.
const UNFIT: &[&str] = &["count", "until", "while", "size", "at", "remember"];

/// Where the copies of a field are, and the place of the first.
pub(super) fn copies(r: &mut Resolver<'_>, ty: TypeId, member: &Member<'_>) -> Option<(At, Copies)> {
    let decl = member.options.copies.as_ref()?;
    let Shape::Type(id) = member.shape else {
        if member.shape != Shape::Poison {
            no_type(r, decl, &super::fields::written(member));
        }
        return None;
    };
    if refused(r, member, decl) {
        return None;
    }
    let gap = member.options.gap.as_ref().map_or_else(|| slack_around(r, ty), |gap| gap.value);
    let at = decl.at.iter().map(|e| offset(r, e)).collect::<Option<Vec<_>>>()?;
    let newest = match &decl.newest {
        Some(e) => Some(newest(r, id, e)?),
        None => None,
    };
    let (first, e) = (*at.first()?, decl.at.first()?);
    if at.len() < 2 {
        let d = Diagnostic::new(Code::BadSize, "one place is no copies", e.span, "there is no second one");
        r.out.push(d.hint("write `at` for a field at an offset"));
        return None;
    }
    let offset = r.make(e, ExprKind::Int(first.into()), Ty::Int(Range::of(first.into())));
    Some((At { offset, from: AtFrom::Type, gap }, Copies { at, gap, newest, size: 0 }))
}

fn no_type(r: &mut Resolver<'_>, decl: &CopiesDecl, written: &str) {
    let message = format!("`copies` has no meaning beside `{written}`");
    let d = Diagnostic::new(Code::DoesNotFit, message, decl.span, "does not fit");
    r.out.push(d.hint("make it a type of the spec: what has copies says by its rules which of them are valid"));
}

/// Whether the field has keys that cannot stand beside `copies`.
fn refused(r: &mut Resolver<'_>, member: &Member<'_>, decl: &CopiesDecl) -> bool {
    let o = member.options;
    let remember = !o.remember.is_empty();
    let given = [o.count.is_some(), o.until.is_some(), o.while_.is_some(), o.size.is_some(), o.at.is_some(), remember];
    let Some((key, _)) = UNFIT.iter().zip(given).find(|(_, given)| *given) else { return false };
    let message = format!("`copies` has no meaning beside `{key}`");
    let d = Diagnostic::new(Code::DoesNotFit, message, decl.span, "does not fit");
    r.out.push(d.hint("what has copies is one value of constant size, at the offsets that `copies` lists"));
    true
}

/// The `slack` of the type, or of the field around an inline one, in which the copies lie.
fn slack_around(r: &Resolver<'_>, ty: TypeId) -> Policy {
    let draft = r.draft(ty);
    let slack = draft.decl.map_or_else(|| draft.options.and_then(|o| o.slack.as_ref()), |decl| decl.slack.as_ref());
    slack.map_or(Policy::None, |slack| slack.value)
}

fn offset(r: &mut Resolver<'_>, e: &expr::Expr) -> Option<u64> {
    let Some(n) = r.fold(e) else {
        r.error(Code::NotConstant, "a copy lies at a constant offset", e.span, "made of numbers and constants");
        return None;
    };
    u64::try_from(n).ok().or_else(|| r.bad_size(e))
}

/// A number over the copy alone: it is asked of each copy before any of them is in the value.
fn newest(r: &mut Resolver<'_>, id: TypeId, e: &expr::Expr) -> Option<Expr> {
    let it = Place { root: Root::It, steps: Vec::new() };
    r.number(&Scope::global((it, Ty::Type(id))), e)
}

/// Sets the size of a copy, once the sizes of types are known.
pub(super) fn infer(format: &mut Format) {
    let sizes: Vec<Option<u64>> = (0..format.types.len()).map(|id| whole_size(format, TypeId(id))).collect();
    for ty in &mut format.types {
        let Body::Struct(s) = &mut ty.body else { continue };
        for field in &mut s.fields {
            let size = field.type_id().and_then(|id| *id.of(&sizes));
            if let (Some(copies), Some(size)) = (&mut field.copies, size) {
                copies.size = size;
                field.size = Size::Fixed(copies.span());
            }
        }
    }
}

/// The constant size of a type, that of its own window included.
pub(crate) fn whole_size(format: &Format, id: TypeId) -> Option<u64> {
    let ty = format.ty(id);
    let window = ty.as_struct().and_then(|s| s.window.as_ref());
    window.map_or(ty.size.fixed(), |window| super::constant(&window.size))
}
