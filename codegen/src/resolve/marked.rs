//! Entries of journals, in a finished model: how many of their fields are the head, and whether no stride of a valid entry but
//! its first can look like a head, as far as that shows in the spec.

use super::{constant, exact_size};
use crate::model::{Content, Field, Format, Journal, Keep, Key, Length, Repr, Role, Scalar, Struct};

/// How many fields of an entry its head has: those of constant size in front of the first list or padding.
pub(crate) fn head_fields(s: &Struct) -> usize {
    let is_tail = |f: &Field| f.repeat.is_some() || f.size.fixed().is_none();
    s.fields.iter().position(is_tail).unwrap_or(s.fields.len())
}

/// The bytes that every entry begins with.
pub(crate) fn mark(s: &Struct) -> Option<&[u8]> {
    match s.fields.first().map(|f| (&f.content, &f.role)) {
        Some((Content::Magic(bytes), Role::Implied)) => Some(bytes),
        _ => None,
    }
}

/// Whether every stride of an entry begins with something other than its magic: with an element that has another magic, or
/// with zeros. Lists have to be laid out so that strides begin where elements do.
pub(crate) fn is_marked(format: &Format, journal: &Journal) -> bool {
    let stride = journal.stride;
    let Some(s) = format.ty(journal.entry).as_struct() else { return false };
    let Some(Content::Magic(mark)) = s.fields.first().map(|f| &f.content) else { return false };
    let head: u64 = s.fields.iter().take(head_fields(s)).filter_map(|f| f.size.fixed()).sum();
    let slack = s.window.as_ref().is_some_and(|w| w.slack != crate::model::Policy::None);
    if head > stride || slack || mark.first() == Some(&0) {
        return false;
    }
    // Offsets are known modulo this: what is in front of a list is a multiple of it, and of the rest.
    let mut place = Place { at: head, modulo: 0 };
    s.fields.iter().skip(head_fields(s)).all(|field| step(format, (stride, mark), field, &mut place))
}

/// An offset: exactly `at`, or `at` and any multiple of `modulo`.
struct Place {
    at: u64,
    modulo: u64,
}

fn step(format: &Format, (stride, mark): (u64, &[u8]), field: &Field, place: &mut Place) -> bool {
    if field.repeat.is_none() {
        return pad(stride, field, place);
    }
    let Some(size) = exact_size(format, &field.content).filter(|n| *n > 0) else { return false };
    // Each stride that begins in the list begins where an element does.
    let aligned = [stride, place.at, place.modulo].iter().all(|n| n.is_multiple_of(size));
    *place = Place { at: 0, modulo: size };
    aligned && begins(format, field).is_some_and(|all| all.iter().all(|bytes| differs(bytes, mark)))
}

fn pad(stride: u64, field: &Field, place: &mut Place) -> bool {
    let kept = matches!(field.role, Role::ImpliedKept);
    match &field.content {
        Content::Align(to) => {
            let Some(to) = constant(to).filter(|to| *to > 0) else { return false };
            *place = Place { at: 0, modulo: to };
            // Padding up to the next stride ends where that begins.
            !kept || stride.is_multiple_of(to)
        }
        Content::Zero(Length::Const(n)) if !kept => {
            place.at = place.at.saturating_add(*n);
            true
        }
        _ => false,
    }
}

/// Everything that an element can begin with, where that is fixed.
fn begins(format: &Format, field: &Field) -> Option<Vec<Vec<u8>>> {
    match (&field.content, &field.role) {
        (Content::Magic(bytes), Role::Implied) => Some(vec![bytes.clone()]),
        (Content::Scalar(Scalar::Enum(id)), _) => {
            let e = id.of(&format.enums);
            let known = matches!(field.unknown.as_ref().unwrap_or(&e.unknown), Keep::Never);
            let bytes = e.values.iter().map(|v| match (&v.key, e.repr) {
                (Key::Bytes(bytes), Repr::Bytes(_)) => Some(bytes.clone()),
                _ => None,
            });
            bytes.collect::<Option<Vec<_>>>().filter(|_| known)
        }
        (Content::Type { id, .. }, _) => begins(format, format.ty(*id).as_struct()?.fields.first()?),
        _ => None,
    }
}

fn differs(bytes: &[u8], mark: &[u8]) -> bool {
    bytes.iter().zip(mark).any(|(a, b)| a != b)
}
