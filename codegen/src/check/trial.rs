//! Byte order by trial: what the condition may look at.

use super::{At, Checker};
use crate::diagnostic::{Code, Diagnostic};
use crate::model::{Content, ExprKind, Field, FieldId, Length, Order, Step, TypeId};
use crate::source::Span;
use crate::syntax::ast::EndianDecl;

/// Reports conditions of trials that need more than fields at fixed offsets.
pub(super) fn check(c: &mut Checker<'_, '_>) {
    for (id, ty) in c.types() {
        if let Order::Try { condition, .. } = &ty.order {
            let span = place(c, id);
            let fields = crate::resolve::fields_of(condition);
            let leading = c.fields(id).iter().take_while(|at| is_fixed(at.field)).count();
            if let Some(bad) = fields.iter().find(|f| f.0 >= leading || !is_scalar(c, id, **f)) {
                variable(c, id, *bad, span);
            } else if fields.is_empty() {
                let d =
                    Diagnostic::new(Code::TrialField, "the condition names no field", span, "the same in either order");
                c.report(d.hint("compare a number at the start of the type, such as `version <= 3`"));
            } else if needs_more(condition) {
                c.error(
                    Code::TrialField,
                    "the condition asks for more than fields",
                    span,
                    "known only after the trial",
                );
            }
        }
    }
}

fn place(c: &Checker<'_, '_>, id: TypeId) -> Span {
    let decl = c.written.decl(id);
    let of_file = || decl.map_or(Span::new(crate::source::FileId(0), 0..0), |d| d.name.span);
    match decl.and_then(|d| d.endian.as_ref()) {
        Some(EndianDecl::Try { condition, .. }) => condition.span,
        _ => of_file(),
    }
}

/// Whether it is always there, right behind the field before, and of constant size.
fn is_fixed(field: &Field) -> bool {
    let content = matches!(field.content, Content::Scalar(_) | Content::Magic(_) | Content::Zero(Length::Const(_)));
    content && field.presence.is_none() && field.at.is_none() && field.repeat.is_none() && field.window.is_none()
}

fn is_scalar(c: &Checker<'_, '_>, id: TypeId, field: FieldId) -> bool {
    c.format.field(id, field).is_some_and(|f| matches!(f.content, Content::Scalar(_)))
}

fn needs_more(condition: &crate::model::Expr) -> bool {
    let mut found = false;
    crate::resolve::walk(condition, &mut |e| {
        found |= match &e.kind {
            ExprKind::Place(place) => !place.steps.is_empty() && !matches!(place.steps.as_slice(), [Step::Flag(..)]),
            ExprKind::Rest | ExprKind::Index | ExprKind::Checksum(..) => true,
            other => matches!(other, ExprKind::SizeOfThis | ExprKind::SizeOf(_) | ExprKind::OffsetOf(_)),
        };
    });
    found
}

fn variable(c: &mut Checker<'_, '_>, id: TypeId, field: FieldId, span: Span) {
    let Some(At { field, entry, .. }) = c.at(id, field) else { return };
    let span = c.text_span(span, &field.name).unwrap_or(span);
    let message = format!("`{}` cannot be looked at before the byte order is known", field.name);
    let label = "not a plain value at a fixed offset";
    let d = Diagnostic::new(Code::TrialField, message, span, label);
    let why = "only numbers, magic and padding of constant size, always there, may stand in front of it";
    c.report(d.also(entry.name.span, "declared here").hint(why));
}
