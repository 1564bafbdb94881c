//! State that is settled: remembered once, by the type that it is for, before anything in it looks it up. What it is follows from
//! the value, so that a writer can measure by it.

use crate::model::{
    CellKind, Content, Expr, ExprKind, Field, FieldId, Format, Length, ParamTy, Remember, Role, ScopeId,
};

/// What settles a cell: the field of the scope's own type that remembers it.
pub(crate) fn settled(format: &Format, scope: ScopeId, cell: usize) -> Option<FieldId> {
    let is_it = |r: &&Remember| r.scope == scope && r.cell == cell;
    let of = scope.of(&format.scopes);
    let per = of.per;
    matches!(of.cells.get(cell)?.kind, CellKind::Value(..)).then_some(())?;
    let fields = &format.ty(per).as_struct()?.fields;
    let everywhere = format.types.iter().map(|ty| {
        let own = ty.as_struct().map_or(0, |s| s.remember.iter().filter(is_it).count());
        let of_fields = super::fields(&ty.body).into_iter().flat_map(|f| &f.remember).filter(is_it).count();
        own.saturating_add(of_fields)
    });
    let found = fields.iter().position(|f| f.remember.iter().any(|r| is_it(&r)))?;
    let field = fields.get(found)?;
    let plain = is_plain(field) && field.remember.iter().filter(is_it).all(|r| r.values.iter().all(is_place));
    let first = fields.iter().take(found).all(|f| !is_lent(format, f, scope));
    (everywhere.sum::<usize>() == 1 && plain && first).then_some(FieldId(found))
}

/// What decides about a field that is not in the value itself: whether it is there, and the size of zeros and alignments.
pub(crate) fn measured_by(field: &Field) -> impl Iterator<Item = &Expr> {
    let presence = field.presence.as_ref().map(|p| &p.that).filter(|_| !field.is_held() && !field.is_driven());
    let size = match &field.content {
        Content::Zero(Length::Expr(e)) | Content::Align(e) => Some(e),
        _ => None,
    };
    presence.into_iter().chain(size)
}

/// Whether a field is a single value that is always there.
fn is_plain(field: &Field) -> bool {
    let scalar = matches!(field.content, Content::Scalar(_)) && matches!(field.role, Role::Held | Role::Driven(_));
    scalar && field.presence.is_none() && field.repeat.is_none()
}

fn is_place(e: &Expr) -> bool {
    matches!(e.kind, ExprKind::Place(_)) && !e.absent && !e.fallible
}

fn is_lent(format: &Format, field: &Field, scope: ScopeId) -> bool {
    let of = field.type_id().map(|id| format.ty(id));
    of.is_some_and(|ty| ty.params.iter().any(|p| p.ty == ParamTy::State(scope)))
}
