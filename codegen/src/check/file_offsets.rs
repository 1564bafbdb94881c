//! Fields at offsets of the file: these are held against what was counted, so they must lie in the one sequence that is.

use super::{At, Checker};
use crate::diagnostic::{Code, Diagnostic};
use crate::model::{AtFrom, Content, ExprKind, FieldId, TypeId};
use crate::resolve::{type_exprs, walk};
use crate::source::Span;
use std::collections::BTreeSet;

/// Reports what is read or written apart from the sequence, and has a field at an offset of the file.
pub(super) fn check(c: &mut Checker<'_, '_>) {
    for at in c.all_fields() {
        apart(c, at);
    }
    for (id, _) in c.types() {
        checksums(c, id);
    }
}

/// Whatever is read by itself does not know where it lies. Entries of journals and elements that are read one by one are of
/// constant size, so nothing in them lies at an offset.
fn apart(c: &mut Checker<'_, '_>, at: At<'_, '_>) {
    let field = at.field;
    let Content::Type { id, .. } = field.content else { return };
    let how = match (&field.aside, &field.copies) {
        (Some(_), _) => "is read",
        (_, Some(_)) => "has copies that are read",
        _ => return,
    };
    let Some(anchor) = anchor_in(c, id, None, &mut BTreeSet::new()) else { return };
    let message = format!("`{}` {how} apart from the sequence, and counts from the start of the file", field.name);
    let d = Diagnostic::new(Code::FilePlaceUnknown, message, at.name(), "where it lies in the file is not known");
    let d = d.also(anchor, "at an offset of the file");
    c.report(d.hint("count from the start of the type, or let it lie in the sequence"));
}

/// A checksum is computed by writing by itself what it is over.
fn checksums(c: &mut Checker<'_, '_>, id: TypeId) {
    let mut over = Vec::new();
    for e in type_exprs(c.format.ty(id)) {
        walk(e, &mut |e| {
            if let ExprKind::Checksum(_, of, _) = &e.kind {
                over.push((*of, e));
            }
        });
    }
    for (of, e) in over {
        let (Some(anchor), Some(ty)) = (anchor_in(c, id, of, &mut BTreeSet::new()), c.written.ty(id)) else { continue };
        let span = c.fields(id).iter().find_map(|at| c.text_span(at.entry.span, &e.text)).unwrap_or(ty);
        let message = "a checksum over something at an offset of the file";
        let d = Diagnostic::new(Code::FilePlaceUnknown, message, span, "written apart from the sequence");
        c.report(d.also(anchor, "at an offset of the file").hint("leave it out of the checksum"));
    }
}

/// The first field in a type, or in one field of it, that is at an offset of the file.
fn anchor_in(c: &Checker<'_, '_>, id: TypeId, field: Option<FieldId>, seen: &mut BTreeSet<TypeId>) -> Option<Span> {
    if !seen.insert(id) {
        return None;
    }
    let fields = c.fields(id).into_iter().filter(|at| field.is_none_or(|f| f == at.id));
    fields.into_iter().find_map(|at| match (&at.field.at, at.field.type_id()) {
        // Of one field a checksum is over its bytes alone, wherever they lie.
        (Some(place), _) if place.from == AtFrom::File && field.is_none() => Some(at.name()),
        (_, Some(id)) => anchor_in(c, id, None, seen),
        _ => None,
    })
}
