//! Journals: what an entry must be like to be looked at where it lies, and what may be asked of it.

use super::{At, Checker};
use crate::diagnostic::{Code, Diagnostic};
use crate::emit::ctx::Ctx;
use crate::emit::expr::{Env, Side};
use crate::emit::journal::{element, head, holder, places};
use crate::emit::segment::block_size;
use crate::model::{
    Content, Expr, ExprKind, Field, FieldId, Function, Journal, Order, Place, Role, Root, Step, Struct, Type, Until,
};
use crate::resolve::{exact_size, head_fields, type_exprs, walk};
use crate::source::Span;
use crate::syntax::ast;

/// The largest element of a list: one that comes round the ring's end is put together on the stack.
const MOST_ELEMENT: u64 = 64 << 10;

/// Reports journals that cannot be looked through.
pub(super) fn check(c: &mut Checker<'_, '_>) {
    let mut fields = c.all_fields();
    fields.retain(|at| at.field.journal.is_some());
    if fields.is_empty() {
        return;
    }
    let ctx = Ctx::new(c.format);
    for at in fields {
        let (Some(journal), ast::Content::Journal(decl)) = (&at.field.journal, at.entry.content) else { continue };
        let before = c.out.len();
        in_type(c, &ctx, at, journal);
        let entry = Of { journal, decl, entry: c.format.ty(journal.entry) };
        shape(c, &ctx, &entry);
        // What is asked of an entry can only be told once it is one.
        if c.out.len() == before {
            asked(c, &ctx, &entry);
        }
    }
}

/// A journal, as it is written and what its entry is.
struct Of<'c> {
    journal: &'c Journal,
    decl: &'c ast::JournalDecl,
    entry: &'c Type,
}

/// The type that holds a journal.
fn in_type(c: &mut Checker<'_, '_>, ctx: &Ctx<'_>, at: At<'_, '_>, journal: &Journal) {
    let ty = c.format.ty(at.ty);
    if !ty.params.is_empty() || ty.is_driven_outside() {
        let message = format!("`{}` must be told what is around it, and holds a journal", ty.name);
        let d = Diagnostic::new(Code::JournalHolder, message, at.name(), "who looks for it has the value alone");
        c.report(d.hint("move the journal into the type that has what it needs"));
        return;
    }
    let env = Env::new(ctx, at.ty, Side::Measure);
    let ast::Content::Journal(decl) = at.entry.content else { return };
    if let Some(name) = holder::is_held(&env, &journal.accept) {
        let message = format!("`{name}` is no single value, and `accept` asks for it");
        let span = c.text_span(decl.accept.span, &name).unwrap_or(decl.accept.span);
        c.error(Code::JournalValue, message, span, "not a number, an enum, flags, a truth value or a guid");
    }
}

/// What the type of an entry is made of.
fn shape(c: &mut Checker<'_, '_>, ctx: &Ctx<'_>, of: &Of<'_>) {
    let (id, name) = (of.journal.entry, of.decl.entry.span);
    let Some(s) = of.entry.as_struct() else { return };
    let wrong = if !of.entry.params.is_empty() || of.entry.is_driven_outside() {
        Some(("must be told what is around it", "leave its params out: what it must agree with is said by `accept`"))
    } else if !matches!(of.entry.order, Order::None | Order::Fixed(_)) {
        Some(("has no byte order of its own", "give it, or the file, `endian: le` or `be`"))
    } else if s.window.is_none() || s.window_field.is_none_or(|field| field.0 >= head_fields(s)) {
        Some(("does not say its length", "give the type a `size` that is one of its own fields, in front of its lists"))
    } else if ctx.format.scope_of(id).is_some() || !s.remember.is_empty() {
        Some(("has state", "entries are looked at one by one"))
    } else {
        None
    };
    if let Some((what, hint)) = wrong {
        let message = format!("`{}` is no entry of a journal: it {what}", of.entry.name);
        c.report(Diagnostic::new(Code::EntryShape, message, name, "the entry").hint(hint));
        return;
    }
    let size: u64 = s.fields.iter().take(head_fields(s)).filter_map(|f| f.size.fixed()).sum();
    if size > of.journal.stride {
        let message =
            format!("the fields in front of the lists of `{}` take {size} bytes, more than a stride", of.entry.name);
        c.error(Code::EntryShape, message, name, "its head is not in one stride");
    }
    for (i, field) in s.fields.iter().enumerate() {
        let why = if i < head_fields(s) { of_head(ctx, field) } else { of_tail(ctx, (s, i), field) };
        if let (Some(why), Some(entry)) = (why, c.written.field(id, FieldId(i))) {
            let message = format!("`{}` of an entry of a journal {why}", field.name);
            let d = Diagnostic::new(Code::EntryShape, message, entry.name.span, "cannot be looked at where it lies");
            c.report(d.also(name, "the entry of this journal"));
        }
    }
}

/// What is wrong with a field of the head.
fn of_head(ctx: &Ctx<'_>, field: &Field) -> Option<&'static str> {
    let driven = field.type_id().is_some_and(|id| ctx.ty(id).is_driven_outside());
    let of_block = block_size(ctx, field).is_some();
    match () {
        () if field.presence.is_some() || field.at.is_some() => Some("need not be there, or lies somewhere else"),
        () if !field.remember.is_empty() => Some("remembers something"),
        () if driven => Some("is of a type that is driven from outside"),
        () if !of_block => Some("is neither of a constant size nor a list nor padding"),
        () => None,
    }
}

/// What is wrong with a list or padding.
fn of_tail(ctx: &Ctx<'_>, (s, i): (&Struct, usize), field: &Field) -> Option<&'static str> {
    if field.presence.is_some() || field.at.is_some() || field.window.is_some() {
        return Some("need not be there, lies somewhere else or has a window");
    }
    let Some(repeat) = &field.repeat else {
        let is_pad = matches!(field.content, Content::Zero(_) | Content::Align(_));
        return (!is_pad).then_some("is neither a list nor padding, and stands behind a list or padding");
    };
    let last = s.fields.len().saturating_sub(1) == i;
    let size = exact_size(ctx.format, &field.content).filter(|n| (1..=MOST_ELEMENT).contains(n));
    let checked = field.type_id().is_none_or(|id| element::can_check(ctx, id) && !ctx.ty(id).is_driven_outside());
    match &repeat.until {
        Until::Until(_) | Until::While(_) => Some("has no count"),
        Until::Rest if !last => Some("takes the rest, and something follows"),
        _ if !repeat.unique.is_empty() || repeat.disjoint.is_some() => Some("has a rule over pairs of its elements"),
        _ if !field.remember.is_empty() => Some("remembers something"),
        _ if size.is_none() => Some("has elements that are not all of the same size, or over 64 KiB"),
        _ if !checked => Some("has elements that must be told what is around them by reference, or have state"),
        _ => None,
    }
}

/// What is asked of an entry and of its elements.
fn asked(c: &mut Checker<'_, '_>, ctx: &Ctx<'_>, of: &Of<'_>) {
    let (j, decl) = (of.journal, of.decl);
    let about =
        [(&j.accept, &decl.accept), (&j.follows, &decl.follows), (&j.newest, &decl.newest), (&j.tail, &decl.tail)];
    let require = j.require.iter().map(|rule| &rule.that).zip(decl.require.iter().map(|rule| &rule.that));
    let grow = j.grow.as_ref().zip(decl.grow.as_ref());
    for (e, written) in about.into_iter().chain(require).chain(grow) {
        if let Some(text) = not_in_head(of, e) {
            refuse(
                c,
                written.span,
                (&text, "is not in the head of an entry", "the fields of constant size in front of its lists"),
            );
        }
    }
    in_entry(c, ctx, of);
    applied(c, ctx, of);
}

fn refuse(c: &mut Checker<'_, '_>, within: Span, (text, what, label): (&str, &str, &str)) {
    let span = c.text_span(within, text).unwrap_or(within);
    c.error(Code::JournalValue, format!("`{text}` {what}"), span, label);
}

/// The first part of an expression that an entry's head does not answer.
fn not_in_head(of: &Of<'_>, e: &Expr) -> Option<String> {
    let s = of.entry.as_struct()?;
    let is_known = |id: FieldId| id.0 < head_fields(s) && s.fields.get(id.0).is_some_and(head::is_member);
    first(e, |e| match &e.kind {
        ExprKind::Place(Place { root: Root::It | Root::Other, steps }) => match steps.first() {
            Some(Step::Field(_, id)) => !is_known(*id) || steps.contains(&Step::Each),
            _ => true,
        },
        ExprKind::Place(Place { root: Root::State(_) | Root::Param(_), .. })
        | ExprKind::Row(..)
        | ExprKind::HasKey(..) => true,
        ExprKind::Place(place) => place.steps.contains(&Step::Each),
        _ => is_measured(e),
    })
}

/// Whether an expression is about more than single values.
fn is_measured(e: &Expr) -> bool {
    match &e.kind {
        ExprKind::SizeOf(_)
        | ExprKind::SizeOfThis
        | ExprKind::OffsetOf(_)
        | ExprKind::Checksum(..)
        | ExprKind::Rest
        | ExprKind::Index
        | ExprKind::CountWhere(..)
        | ExprKind::FirstWhere(..) => true,
        ExprKind::Call(function, _) => !matches!(function, Function::Present | Function::Known),
        _ => false,
    }
}

/// The text of the first part of an expression for which something holds.
fn first(e: &Expr, holds: impl Fn(&Expr) -> bool) -> Option<String> {
    let mut found = None;
    walk(e, &mut |e| {
        if found.is_none() && holds(e) {
            found = Some(e.text.clone());
        }
    });
    found
}

/// The expressions of the entry's own type: lists are counted and summed up, and nothing else.
fn in_entry(c: &mut Checker<'_, '_>, ctx: &Ctx<'_>, of: &Of<'_>) {
    let Some(s) = of.entry.as_struct() else { return };
    let Some(span) = c.written.ty(of.journal.entry) else { return };
    let env = Env::new(ctx, of.journal.entry, Side::Read);
    for e in type_exprs(of.entry) {
        let odd = first(e, |e| match &e.kind {
            ExprKind::FirstWhere(..) => true,
            ExprKind::Checksum(_, over, except) => over.is_some() || !is_own_checksum(s, *except),
            ExprKind::SizeOf(Place { root: Root::Field(id), .. }) | ExprKind::OffsetOf(id) => {
                id.0 >= head_fields(s) && s.fields.get(id.0).is_some_and(|f| f.repeat.is_none())
            }
            _ => !is_summed(&env, s, e),
        });
        if let Some(text) = odd {
            let message = format!("`{text}` cannot be told of an entry where it lies");
            let d = Diagnostic::new(Code::JournalValue, message, span, "the entry of a journal");
            c.report(d.hint(
                "its lists can be counted and summed up; a checksum is over `this` but for the field that holds it",
            ));
        }
    }
}

/// Whether a checksum leaves out the field that holds it.
fn is_own_checksum(s: &Struct, except: Option<FieldId>) -> bool {
    let holds = |f: &Field| matches!(&f.role, Role::Pinned(pin) if !pin.kept);
    except.is_some_and(|id| id.0 < head_fields(s) && s.fields.get(id.0).is_some_and(holds))
}

/// Whether an expression names lists only to count them or sum them up.
fn is_summed(env: &Env<'_>, s: &Struct, e: &Expr) -> bool {
    let list_of = |e: &Expr| match &e.kind {
        ExprKind::Place(Place { root: Root::Field(id), steps }) => s.fields.get(id.0).map(|f| (f, steps.clone())),
        _ => None,
    };
    let known = |field: &Field, steps: &[Step]| {
        let inside = steps.split_first().map_or(&[][..], |(_, rest)| rest);
        places::is_known(env, field, &Place { root: Root::It, steps: inside.to_vec() })
    };
    match &e.kind {
        ExprKind::CountWhere(list, condition) => list_of(list).is_some_and(|(field, steps)| {
            steps.is_empty() && places::in_exprs([&**condition]).iter().all(|place| places::is_known(env, field, place))
        }),
        ExprKind::Call(Function::Sum | Function::MinOf | Function::MaxOf, list) => {
            list_of(list).is_none_or(|(field, steps)| field.repeat.is_none() || known(field, &steps))
        }
        ExprKind::Binary(crate::model::BinaryOp::Has, list, _) => list_of(list).is_none(),
        _ => true,
    }
}

/// What entries do.
fn applied(c: &mut Checker<'_, '_>, ctx: &Ctx<'_>, of: &Of<'_>) {
    let (apply, decl) = (&of.journal.apply, &of.decl.apply);
    let Some(s) = of.entry.as_struct() else { return };
    let env = Env::new(ctx, of.journal.entry, Side::Read);
    let list = |root: Root| if root == Root::Other { apply.partners } else { Some(apply.list) };
    let field = |root: Root| list(root).and_then(|id| s.fields.get(id.0));
    let numbers = [(&apply.at, &decl.at)].into_iter().chain(apply.zeros.as_ref().zip(decl.zeros.as_ref()));
    for (e, written) in numbers {
        let odd = first(e, |e| match &e.kind {
            ExprKind::Place(place) => field(place.root).is_none_or(|f| !places::is_known(&env, f, place)),
            _ => is_measured(e),
        });
        if let Some(text) = odd {
            refuse(
                c,
                written.span,
                (&text, "cannot be told of an element where it lies", "no single value at a constant place"),
            );
        }
    }
    for (e, written) in apply.bytes.iter().zip(&decl.bytes) {
        let ExprKind::Place(place) = &e.kind else { continue };
        let there = field(place.root).and_then(|f| places::spot(&env, f, place)).is_some_and(|spot| {
            let plain = Field { repeat: None, ..spot.field.clone() };
            spot.rest.is_empty() && exact_size(ctx.format, &plain.content).is_some()
        });
        if !there {
            refuse(c, written.span, (&e.text, "has no constant place and length in its element", "which bytes?"));
        }
    }
    if let Some((zeros, written)) = apply.zeros.as_ref().zip(decl.zeros.as_ref())
        && let (true, false) = (!apply.bytes.is_empty(), is_optional(zeros))
    {
        let message = "`bytes` that are never written";
        let d = Diagnostic::new(Code::JournalValue, message, written.span, "always there, so that zeros are written");
        c.report(d.hint("remove one of `zeros` and `bytes`"));
    }
}

/// Whether an expression can be absent.
fn is_optional(e: &Expr) -> bool {
    first(e, |e| e.absent).is_some()
}
