//! Where fields lie: what follows the rest, elements of no bytes, windows of constant size, constant offsets.

use super::{At, Checker};
use crate::diagnostic::{Code, Diagnostic};
use crate::model::{Body, Field, Greed, Policy, Size, Struct, Type, TypeId, Until};
use crate::resolve::{constant, content_greed, field_greed, inner_size};
use crate::source::Span;

/// Reports fields that cannot lie where they are.
pub(super) fn check(c: &mut Checker<'_, '_>) {
    for (id, ty) in c.types() {
        if let Body::Struct(s) = &ty.body {
            after_rest(c, id);
            rest_of_place(c, id, s);
            offsets(c, id);
            own_window(c, id, ty, s);
        }
        for at in c.fields(id) {
            element(c, at);
            window(c, at);
            slack_in_case(c, at);
        }
    }
}

fn after_rest(c: &mut Checker<'_, '_>, id: TypeId) {
    let mut taken: Option<(At<'_, '_>, Greed)> = None;
    for at in c.fields(id).into_iter().filter(|at| at.field.aside.is_none()) {
        let greed = field_greed(c.format, at.field);
        if let Some((first, how)) = taken
            && !may_follow(first.field, how, at.field, greed)
        {
            let message = format!("`{}` follows `{}`, which takes all that is left", at.field.name, first.field.name);
            let message = if how == Greed::Maybe { message.replace("which takes", "which can take") } else { message };
            let d = Diagnostic::new(Code::AfterRest, message, at.name(), "nothing is left for it");
            let hint = format!("give `{}` a length or a `size`, or put it last", first.field.name);
            return c.report(d.also(first.name(), "takes the rest").hint(hint));
        }
        if taken.map_or(Greed::None, |(_, how)| how) < greed {
            taken = Some((at, greed));
        }
        endless_elements(c, at);
    }
}

/// What is read aside lies behind all fields, so none of them can take what is left.
fn rest_of_place(c: &mut Checker<'_, '_>, id: TypeId, s: &Struct) {
    let greedy = |at: &At<'_, '_>| at.field.aside.is_none() && field_greed(c.format, at.field) != Greed::None;
    let Some(first) = c.fields(id).into_iter().find(greedy).filter(|_| s.is_place) else { return };
    let message = format!("`{}` can take all that is left, and something is read aside behind it", first.field.name);
    let d = Diagnostic::new(Code::AfterRest, message, first.name(), "nothing is left to read aside");
    c.report(d.hint(format!("give `{}` a length or a `size`", first.field.name)));
}

/// Behind a field that only in some cases takes the rest, another one can take it, or nothing.
fn may_follow(first: &Field, how: Greed, field: &Field, greed: Greed) -> bool {
    let both_optional = first.presence.is_some() && field.presence.is_some();
    let empty = greed != Greed::None && inner_least(field) == 0;
    how == Greed::Maybe && (both_optional || empty)
}

fn inner_least(field: &Field) -> u64 {
    if field.presence.is_some() { 0 } else { field.size.least() }
}

/// A list whose every element takes all that is left has one element at most.
fn endless_elements(c: &mut Checker<'_, '_>, at: At<'_, '_>) {
    if at.field.repeat.is_some() && content_greed(c.format, &at.field.content) == Greed::Always {
        let message = format!("each element of `{}` takes all that is left", at.field.name);
        let d = Diagnostic::new(Code::AfterRest, message, at.name(), "nothing is left for a second element");
        c.report(d.hint("let the elements say their own length"));
    }
}

fn element(c: &mut Checker<'_, '_>, at: At<'_, '_>) {
    let Some(repeat) = &at.field.repeat else { return };
    let one = crate::resolve::content_size(c.format, &at.field.content);
    // A constant number of empty elements is odd, but ends; a number that is read could be anything.
    let none = matches!(&repeat.until, Until::Count(n) if constant(n) == Some(0));
    if one.least() > 0 || none {
        return;
    }
    let span = content_span(&at);
    let message = format!("an element of `{}` can have no bytes", at.field.name);
    let d = Diagnostic::new(Code::EmptyElement, message, span, "takes nothing from the input");
    c.report(d.hint("put something into it that is always there, such as its length"));
}

fn content_span(at: &At<'_, '_>) -> Span {
    match at.entry.content {
        crate::syntax::ast::Content::Type(written) => written.span,
        _ => at.name(),
    }
}

fn window(c: &mut Checker<'_, '_>, at: At<'_, '_>) {
    let Some(window) = &at.field.window else { return };
    let (Some(size), Some(e)) = (constant(&window.size), at.entry.options.size.as_ref()) else { return };
    does_not_fit(c, &at.field.name, (size, window.slack), inner_size(c.format, at.field), e.span);
}

/// The content of a case is all that its case holds: nothing could say what lies behind it.
fn slack_in_case(c: &mut Checker<'_, '_>, at: At<'_, '_>) {
    let has_slack = at.field.window.as_ref().is_some_and(|window| window.slack != Policy::None);
    if !has_slack || !matches!(c.format.ty(at.ty).body, Body::Union(_)) {
        return;
    }
    let message = "the content of a case has no `slack`";
    let d = Diagnostic::new(Code::KeepUnnamed, message, at.name(), "all that the case holds");
    c.report(d.hint("make the case a list of one field, and give that field the `size` and the `slack`"));
}

fn own_window(c: &mut Checker<'_, '_>, id: TypeId, ty: &Type, s: &Struct) {
    let Some(window) = &s.window else { return };
    let Some(e) = c.written.decl(id).and_then(|d| d.size.as_ref()) else { return };
    if let Some(size) = constant(&window.size) {
        let fields = crate::resolve::struct_size(c.format, s);
        does_not_fit(c, &ty.name, (size, window.slack), fields, e.span);
    }
}

fn does_not_fit(c: &mut Checker<'_, '_>, name: &str, (size, slack): (u64, Policy), inner: Size, span: Span) {
    let need = inner.least();
    let exactly = inner.fixed().is_some();
    let (message, hint) = if need > size {
        let at_least = if exactly { "" } else { "at least " };
        (
            format!("`{name}` takes {at_least}{need} bytes, and its window has {size}"),
            format!("make it `size: {need}` or more"),
        )
    } else if exactly && need < size && slack == Policy::None {
        let message = format!("`{name}` takes {need} bytes, and its window has {size}");
        (message, "a window is used up; say with `slack` what becomes of the rest".to_owned())
    } else {
        return;
    };
    c.report(Diagnostic::new(Code::TooSmall, message, span, "does not fit").hint(hint));
}

/// Constant offsets are behind the fields before, and say what becomes of the bytes between.
fn offsets(c: &mut Checker<'_, '_>, id: TypeId) {
    let mut place = Size::Fixed(0);
    for at in c.fields(id).into_iter().filter(|at| at.field.aside.is_none()) {
        let start = at.field.at.as_ref().map(|a| (a.constant(), a.gap));
        if let Some((Some(offset), gap)) = start {
            offset_fits(c, at, place, (offset, gap));
        }
        let behind = match start {
            Some((Some(offset), _)) => Size::Fixed(offset.max(place.least())).then(at.field.size),
            Some((None, _)) => Size::AtLeast(place.least()).then(at.field.size),
            None => place.then(at.field.size),
        };
        place = if at.field.presence.is_some() { Size::AtLeast(place.least()) } else { behind };
    }
}

fn offset_fits(c: &mut Checker<'_, '_>, at: At<'_, '_>, place: Size, (offset, gap): (u64, Policy)) {
    let copies = at.entry.options.copies.as_ref().and_then(|copies| copies.at.first());
    let Some(e) = copies.or(at.entry.options.at.as_ref()) else { return };
    let ends = place.least();
    let d = if ends > offset {
        let at_least = if place.fixed().is_some() { "" } else { "at least " };
        let message = format!(
            "`{}` starts at {offset}, and the fields in front of it take {at_least}{ends} bytes",
            at.field.name
        );
        Diagnostic::new(Code::BadSize, message, e.span, "never backwards")
            .hint("fields stand in the order of their places")
    } else if place.fixed().is_some() && ends < offset && gap == Policy::None {
        let skipped = offset.saturating_sub(ends);
        let message = format!("`{}` starts {skipped} bytes behind the fields in front of it", at.field.name);
        let d = Diagnostic::new(Code::BadSize, message, e.span, "nothing says what becomes of the bytes between");
        d.hint("add `gap: zero` or `gap: keep`")
    } else {
        return;
    };
    c.report(d);
}
