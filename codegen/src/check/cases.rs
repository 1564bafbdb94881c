//! Cases of switches: names and texts.

use super::Checker;
use crate::diagnostic::{Code, Diagnostic};
use crate::model::{Body, FieldId, Label, Tag, TypeId, Union};
use crate::syntax::ast::Content;

/// Reports cases that can never be chosen, or that have no name.
pub(super) fn check(c: &mut Checker<'_, '_>) {
    for (id, ty) in c.types() {
        if let Body::Union(union) = &ty.body {
            endings(c, id, union);
            names(c, id, union);
        }
    }
}

/// A text belongs to the first ending that fits, so a longer one behind a shorter one gets nothing.
fn endings(c: &mut Checker<'_, '_>, id: TypeId, union: &Union) {
    for (i, case) in union.cases.iter().enumerate() {
        let Label::TextEnding(long) = &case.label else { continue };
        let covers = |label: &Label| match label {
            Label::TextEnding(short) => long == short || long.ends_with(&format!("/{short}")),
            _ => false,
        };
        let Some(first) = union.cases.iter().take(i).position(|other| other.when.is_none() && covers(&other.label)) else { continue };
        let (Some(first), Some(entry)) = (c.written.case_label(id, first), c.written.case_label(id, i)) else {
            continue;
        };
        let message = format!("`{}` is never reached", case.written);
        let d = Diagnostic::new(Code::OverlappingCases, message, entry, "this ending");
        c.report(d.also(first, "this one takes all of its texts").hint("put the longer ending first"));
    }
}

/// `true: u8` would be a variant called `True` that says nothing about what it is.
fn names(c: &mut Checker<'_, '_>, id: TypeId, union: &Union) {
    for (i, case) in union.cases.iter().enumerate() {
        let built_in = case.body.as_ref().is_some_and(|b| b.content.is_built_in());
        let Some(entry) = c.written.field(id, FieldId(i)) else { continue };
        // One is enough to say what all of them need.
        if union.tag != Tag::Bool || entry.is_named || !built_in || case.label == Label::Default {
            continue;
        }
        let span = match entry.content {
            Content::Type(written) => written.span,
            _ => entry.name.span,
        };
        let message = format!("the case `{}` has no name", case.written);
        let d = Diagnostic::new(Code::BadSwitch, message, span, "what would it be called?");
        return c.report(d.hint(format!("write `{}: {{NAME: {}}}`", case.written, c.sources.text(span))));
    }
}
