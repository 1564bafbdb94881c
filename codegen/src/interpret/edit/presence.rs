//! Fields that need not be there: making them come and go. Whether the spec allows it is seen when the result is read
//! back.

use super::Given;
use super::hops::{Found, Hop, node_mut};
use crate::interpret::tree::{Blob, Node, Record, Value, What};
use crate::model::{Content, Field, FieldId, Format, Policy, Scalar, TypeId};

/// Whether a field is to go: `-`, or `none` where that means nothing else.
///
/// # Errors
/// It is always there.
pub fn is_to_leave(found: &Found<'_>, given: &Given) -> Result<bool, String> {
    let Given::Text(text) = given else { return Ok(false) };
    let field = found.way.iter().rev().find(|stop| !matches!(stop.look.node.what, What::Case(..)));
    let field = field.filter(|stop| matches!(stop.look.node.what, What::Field(..))).and_then(|stop| stop.look.field);
    let optional = field.is_some_and(|field| field.presence.is_some());
    let content = found.look().and_then(|look| look.field);
    match text.as_str() {
        "-" if optional => Ok(true),
        "none" => Ok(optional && content.is_some_and(|field| none_is_nothing(found, field))),
        "-" if content.is_none_or(|field| !is_text(field)) => Err(format!("`{}` is always there", found.path)),
        _ => Ok(false),
    }
}

/// Whether `none` has no meaning of its own: as a text, as no flags, as a name.
fn none_is_nothing(found: &Found<'_>, field: &Field) -> bool {
    let named = match (found.look(), &field.content) {
        (Some(look), Content::Scalar(Scalar::Enum(id))) => {
            look.format.enum_(*id).values.iter().any(|value| value.name == "none")
        }
        (_, Content::Scalar(Scalar::Flags(_))) => true,
        _ => false,
    };
    !named && !is_text(field)
}

fn is_text(field: &Field) -> bool {
    matches!(field.content, Content::CStr | Content::PStr(_) | Content::Utf8(_) | Content::Utf16(_))
}

/// The hops to the field around the body of a case.
#[must_use]
pub fn of_field(hops: &[Hop]) -> Vec<Hop> {
    let bodies = hops.iter().rev().take_while(|hop| **hop == Hop::Body).count();
    hops.iter().take(hops.len().saturating_sub(bodies)).copied().collect()
}

/// Gives a field that has come the gap and slack that its policies ask for, of no bytes yet.
pub fn come(format: &Format, root: &mut Node, hops: &[Hop]) {
    let Some((id, ty, record)) = holder(root, hops) else { return };
    let Some(field) = format.field(ty, id) else { return };
    let at = field.at.as_ref().map(|at| (What::Gap(ty, id), at.gap));
    let slack = field.window.as_ref().map(|window| (What::Slack(ty, id), window.slack));
    for (what, policy) in at.into_iter().chain(slack) {
        if let Some(value) = empty(policy) {
            record.extras.push(Node { what, at: 0, len: 0, value });
        }
    }
    for (i, copies) in field.copies.iter().flat_map(|copies| (1..copies.at.len()).map(move |i| (i, copies))) {
        record.extras.push(Node { what: What::Copy(ty, id, i), at: 0, len: copies.size, value: Value::Same });
    }
    // In the order of the bytes, which is that of the fields.
    record.extras.sort_by_key(|extra| rank(extra.what));
}

fn rank(what: What) -> (usize, u8) {
    match what {
        What::Gap(_, id) => (id.0, 0),
        What::Copy(_, id, _) | What::CopyGap(_, id, _) => (id.0, 1),
        What::Slack(_, id) => (id.0, 2),
        _ => (usize::MAX, 3),
    }
}

fn empty(policy: Policy) -> Option<Value> {
    match policy {
        Policy::None => None,
        Policy::Zero => Some(Value::Zeros(None)),
        Policy::Keep => Some(Value::Blob(Blob::Held(Vec::new()))),
    }
}

/// Takes the gap and slack of a field away that has gone.
pub fn leave(root: &mut Node, hops: &[Hop]) {
    let Some((id, ty, record)) = holder(root, hops) else { return };
    let own = |what: What| match what {
        What::Gap(of, field) | What::Slack(of, field) | What::Copy(of, field, _) | What::CopyGap(of, field, _) => {
            (of, field) == (ty, id)
        }
        _ => false,
    };
    record.extras.retain(|extra| !own(extra.what));
}

/// The struct around a field.
fn holder<'n>(root: &'n mut Node, hops: &[Hop]) -> Option<(FieldId, TypeId, &'n mut Record)> {
    let (Hop::Field(index), outer) = hops.split_last()? else { return None };
    let Value::Record(record) = &mut node_mut(root, outer)?.value else { return None };
    let What::Field(ty, id) = record.fields.get(*index)?.what else { return None };
    Some((id, ty, record))
}

/// A pinned field that may hold another value does not follow its pin any more once it was set.
pub fn unpin(root: &mut Node, hops: &[Hop]) {
    if let Some((id, _, record)) = holder(root, hops) {
        record.as_pinned.retain(|pinned| *pinned != id);
    }
}
