//! Versions of enums and flags: who reads a value must know the version.

use super::Checker;
use crate::diagnostic::{Code, Diagnostic};
use crate::model::{Body, Content, ExprKind, Field, FieldId, PartKind, Scalar, TypeId};
use crate::source::Span;

/// Reports versioned enums and flags in types that have no version.
pub(super) fn check(c: &mut Checker<'_, '_>) {
    for (id, ty) in c.types().filter(|(_, ty)| ty.version.is_none()) {
        for at in c.fields(id) {
            if let Some(name) = versioned(c, &at.field.content).or_else(|| named(c, at.field)) {
                missing(c, id, name, at.name());
            }
        }
        if let Body::Bits(bits) = &ty.body {
            for (i, part) in bits.parts.iter().enumerate() {
                let PartKind::Enum(of) = part.kind else { continue };
                if c.format.enum_(of).versioned
                    && let Some(entry) = c.written.field(id, FieldId(i))
                {
                    missing(c, id, &c.format.enum_(of).name, entry.name.span);
                }
            }
        }
    }
}

fn versioned<'c>(c: &Checker<'c, '_>, content: &Content) -> Option<&'c str> {
    match content {
        Content::Scalar(Scalar::Enum(id)) => Some(c.format.enum_(*id)).filter(|e| e.versioned).map(|e| e.name.as_str()),
        Content::Scalar(Scalar::Flags(id)) => {
            Some(c.format.flags(*id)).filter(|f| f.versioned).map(|f| f.name.as_str())
        }
        _ => None,
    }
}

/// A versioned enum that an expression makes of a number.
fn named<'c>(c: &Checker<'c, '_>, field: &Field) -> Option<&'c str> {
    let format = c.format;
    let mut found = None;
    for e in super::exprs(field) {
        crate::resolve::walk(e, &mut |e| {
            if let ExprKind::ToEnum(id, _) = &e.kind
                && format.enum_(*id).versioned
            {
                found = Some(format.enum_(*id).name.as_str());
            }
        });
    }
    found
}

fn missing(c: &mut Checker<'_, '_>, ty: TypeId, name: &str, span: Span) {
    let message = format!("`{name}` differs between versions, and `{}` has no version", c.format.ty(ty).name);
    let d = Diagnostic::new(Code::SinceWithoutVersion, message, span, "which of its values are known here?");
    c.report(d.hint("add `version: ...` to the type"));
}
