//! `marker`: elements become groups of their marker and what it stands for.

use super::build::At;
use crate::syntax::ast::{CaseDecl, Content, FieldDecl, MarkerDecl, Options, SubsectionDecl, TypeBody, TypeDecl};
use crate::syntax::expr::BinaryOp;

/// Whether a list has a marker that says whether it goes on.
pub(super) fn goes_on(options: &Options) -> bool {
    options.marker.as_ref().is_some_and(|marker| marker.more.is_some())
}

/// Lowers the markers of a type's fields.
pub(super) fn in_type(decl: &mut TypeDecl) {
    if let TypeBody::Fields(fields) = &mut decl.body {
        in_fields(fields);
    }
    for subsection in decl.vmstate.iter_mut().flat_map(|state| &mut state.subsections) {
        in_subsection(subsection);
    }
}

fn in_subsection(decl: &mut SubsectionDecl) {
    in_fields(&mut decl.fields);
    decl.subsections.iter_mut().for_each(in_subsection);
}

fn in_fields(fields: &mut Vec<FieldDecl>) {
    let written = std::mem::take(fields);
    for mut field in written {
        in_content(&mut field.content);
        match field.options.marker.clone() {
            Some(marker) => fields.extend(lowered(field, &marker)),
            None => fields.push(field),
        }
    }
}

/// Lowers the markers in a case.
pub(super) fn in_case(case: &mut CaseDecl) {
    in_content(&mut case.content);
}

fn in_content(content: &mut Content) {
    match content {
        Content::Fields(fields) => in_fields(fields),
        Content::Switch(switch) => switch.cases.iter_mut().chain(&mut switch.default).for_each(in_case),
        _ => {}
    }
}

/// The list of groups, and the byte that ends it.
fn lowered(field: FieldDecl, marker: &MarkerDecl) -> Vec<FieldDecl> {
    let at = At(marker.span);
    let (mut list, element) = divided(field.options, marker);
    let value = at.field("value", field.content, element);
    let group = match (marker.none.as_ref(), marker.some.as_ref()) {
        (Some(none), some) => may_be_none(at, value, none.value, some.map(|some| some.value)),
        (None, _) => vec![at.byte("more", marker.more.as_ref().map_or(1, |more| more.value), None), value],
    };
    let end = marker.end.as_ref().map(|end| end.value);
    if let Some(end) = end.filter(|_| list.count.is_none() && list.until.is_none() && list.while_.is_none()) {
        let next = at.call("peek", at.name("u8"));
        list.while_ = Some(at.binary(BinaryOp::NotEqual, "!=", next, at.int(end)));
    }
    let if_ = list.if_.clone();
    let mut out = vec![FieldDecl { content: Content::Fields(group), options: list, ..field }];
    let name = format!("{}_end", out.first().map_or("", |list| list.name.value.as_str()));
    out.extend(end.map(|end| at.byte(&name, end, if_)));
    out
}

/// A value that is there unless a byte stands in its place.
fn may_be_none(at: At, mut value: FieldDecl, none: u64, some: Option<u64>) -> Vec<FieldDecl> {
    let next = at.call("peek", at.name("u8"));
    let value = if let Some(some) = some {
        let that = at.binary(BinaryOp::Equal, "==", next, at.int(some));
        let group = Content::Fields(vec![at.byte("some", some, None), value]);
        at.field("value", group, Options { if_: Some(that), ..Options::default() })
    } else {
        value.options.if_ = Some(at.binary(BinaryOp::NotEqual, "!=", next, at.int(none)));
        value
    };
    let absent = at.not(at.call("present", at.name("value")));
    vec![value, at.byte("none", none, Some(absent))]
}

/// The keys about the list, and those about an element.
fn divided(mut options: Options, marker: &MarkerDecl) -> (Options, Options) {
    let element = Options {
        with: std::mem::take(&mut options.with),
        unknown: options.unknown.take(),
        mismatch: options.mismatch.take(),
        marker: marker.more.is_some().then(|| marker.clone()),
        ..Options::default()
    };
    options.marker = None;
    (options, element)
}
