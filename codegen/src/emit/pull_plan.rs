//! Which roots have a pull reader, and where their payload is.

use super::args;
use super::ctx::Ctx;
use super::expr::{Env, Side};
use super::pins;
use super::read_list;
use super::rules::fields_in;
use super::rules::uses;
use super::rust_type::{gap, local, slack};
use crate::model::{Body, Content, Field, FieldId, Length, Order, Policy, Repeat, Role, Struct, TypeId, Until};
use quote::quote;

/// How a root is read in parts.
pub struct Plan<'c> {
    /// The blob at the end, or the list whose elements have payload.
    pub payload: FieldId,
    /// The list.
    pub stream: Option<Stream<'c>>,
    /// The fields behind the list, a blob at the end left out.
    pub tail: Vec<(FieldId, &'c Field)>,
    /// Whether all that is left at the end is a blob.
    pub ends_in_blob: bool,
}

/// A list whose elements have payload.
pub struct Stream<'c> {
    /// Type of the elements.
    pub of: TypeId,
    /// How the list ends.
    pub repeat: &'c Repeat,
    /// The field that holds an element's payload, where more is read behind it.
    pub split: Option<(FieldId, &'c Struct)>,
}

impl Plan<'_> {
    /// Whether fields come before the payload.
    #[must_use]
    pub fn has_head(&self) -> bool {
        self.payload.0 > 0
    }

    /// Whether something follows the list.
    #[must_use]
    pub fn has_tail(&self) -> bool {
        self.stream.is_some() && (self.ends_in_blob || !self.tail.is_empty())
    }
}

/// The plan of a root; none where its payload is elsewhere, or where a part needs what another part gave away.
#[must_use]
pub fn plan<'c>(ctx: &Ctx<'c>, id: TypeId, s: &'c Struct) -> Option<Plan<'c>> {
    let ty = ctx.ty(id);
    let root = ctx.format.root == id || ctx.format.roots.contains(&id);
    let plain = ty.params.is_empty()
        && !ty.recursive
        && !ty.is_driven_outside()
        && s.window.is_none()
        && s.slack == Policy::None;
    let order = matches!(ty.order, Order::None | Order::Fixed(_) | Order::Context);
    if !(root && ty.has_blob && plain && order && s.require.is_empty() && pins::over_this(s).is_empty()) {
        return None;
    }
    let last = s.fields.last()?;
    let ends_in_blob = is_rest(last);
    let first = s.fields.iter().position(|f| has_blob(ctx, f))?;
    if first == 0 && ends_in_blob && s.fields.len() == 1 {
        return None;
    }
    if s.fields.len() == first.saturating_add(1) && ends_in_blob {
        return Some(Plan { payload: FieldId(first), stream: None, tail: Vec::new(), ends_in_blob });
    }
    let end = s.fields.len().saturating_sub(usize::from(ends_in_blob));
    let tail: Vec<_> = (first.saturating_add(1)..end).filter_map(|i| Some((FieldId(i), s.fields.get(i)?))).collect();
    let stream = stream(ctx, s.fields.get(first)?)?;
    let parts = Plan { payload: FieldId(first), stream: Some(stream), tail, ends_in_blob };
    (parts.tail.iter().all(|(_, f)| stands_alone(ctx, f)) && independent(ctx, id, s, &parts)).then_some(parts)
}

fn is_plain(field: &Field) -> bool {
    field.presence.is_none() && field.at.is_none() && field.window.is_none()
}

fn is_rest(field: &Field) -> bool {
    is_plain(field)
        && field.repeat.is_none()
        && field.valid.is_empty()
        && matches!(field.content, Content::Blob(Length::Rest))
}

fn has_blob(ctx: &Ctx<'_>, field: &Field) -> bool {
    matches!(field.content, Content::Blob(_)) || field.type_id().is_some_and(|id| ctx.ty(id).has_blob)
}

/// A field behind the list, which is read without what came before.
fn stands_alone(ctx: &Ctx<'_>, field: &Field) -> bool {
    let driven = field.is_driven() || matches!(&field.role, Role::Pinned(pin) if pin.kept);
    !driven && !has_blob(ctx, field) && gap(field).is_none() && slack(field).is_none() && field.at.is_none()
}

/// A list whose elements have their payload where it can be read as it comes.
fn stream<'c>(ctx: &Ctx<'c>, field: &'c Field) -> Option<Stream<'c>> {
    let repeat = field.repeat.as_ref()?;
    let Content::Type { id: of, args } = &field.content else { return None };
    let rules = !repeat.unique.is_empty() || repeat.disjoint.is_some() || !field.valid.is_empty();
    let bounded = repeat.max_count.is_some() && !matches!(repeat.until, Until::Count(_));
    if !is_plain(field) || !args.is_empty() || rules || bounded || matches!(repeat.until, Until::While(_)) {
        return None;
    }
    if ends_in_payload(ctx, *of) {
        return Some(Stream { of: *of, repeat, split: None });
    }
    let s = ctx.ty(*of).as_struct()?;
    let at = s.fields.iter().position(|f| has_blob(ctx, f))?;
    let behind = s.fields.get(at.saturating_add(1)..)?;
    let implied =
        behind.iter().all(|f| matches!(f.role, Role::Implied) && f.presence.is_none() && f.at.is_none() && constant(f));
    let whole = s.window.is_none() && s.slack == Policy::None && pins::over_this(s).is_empty();
    let early = s.fields.iter().flat_map(|f| &f.valid).chain(&s.require).all(|r| r.after.0 <= at);
    let split = implied && whole && early && !ctx.ty(*of).is_driven_outside() && !ctx.ty(*of).recursive;
    (split && payload_last(ctx, s.fields.get(at)?)).then_some(Stream { of: *of, repeat, split: Some((FieldId(at), s)) })
}

/// Whether what is between elements depends on no field.
fn constant(field: &Field) -> bool {
    match &field.content {
        Content::Align(e) | Content::Zero(Length::Expr(e)) => fields_in(e).is_empty(),
        _ => true,
    }
}

/// Whether nothing is read behind the payload of a type.
fn ends_in_payload(ctx: &Ctx<'_>, id: TypeId) -> bool {
    let ty = ctx.ty(id);
    if !ty.has_blob {
        return true;
    }
    match &ty.body {
        Body::Struct(s) => {
            let window = s.window.as_ref().is_none_or(|w| w.slack == Policy::None);
            let count = s.fields.iter().filter(|f| has_blob(ctx, f)).count();
            let last = s.fields.last().is_some_and(|f| has_blob(ctx, f) && payload_last(ctx, f));
            !ty.recursive && window && s.slack == Policy::None && count == 1 && last && pins::over_this(s).is_empty()
        }
        Body::Union(union) => {
            !ty.recursive && union.cases.iter().filter_map(|c| c.body.as_deref()).all(|f| payload_last(ctx, f))
        }
        Body::Bits(_) => true,
    }
}

fn payload_last(ctx: &Ctx<'_>, field: &Field) -> bool {
    if !has_blob(ctx, field) {
        return true;
    }
    let window = field.window.as_ref().is_none_or(|w| w.slack == Policy::None && !w.held);
    let inner = field.type_id().is_none_or(|id| ends_in_payload(ctx, id));
    field.repeat.is_none() && window && inner
}

/// Whether the list and what follows it need nothing that came before.
fn independent(ctx: &Ctx<'_>, id: TypeId, s: &Struct, plan: &Plan<'_>) -> bool {
    let env = Env::new(ctx, id, Side::Read);
    let mut needed = Vec::new();
    let Some(stream) = &plan.stream else { return true };
    if let Until::Until(condition) = &stream.repeat.until {
        let it = read_list::element_operand(plan.payload.of(&s.fields));
        needed.push(env.with_it(it).emit(condition).tokens);
    }
    let reader = super::read::Reader::new(ctx, id, s);
    for (at, field) in &plan.tail {
        needed.push(reader.due(*at, &|id| reader.raise(id)));
        needed.push(super::read_field::statement(&reader, *at, field));
        if let Content::Type { id: of, args } = &field.content {
            needed.push(args::build(&env, *of, args).1);
        }
    }
    needed.push(reader.due(plan.payload, &|id| reader.raise(id)));
    let all = quote!(#(#needed)*);
    let gone = s.fields.iter().take(plan.payload.0.saturating_add(1));
    !gone.map(|f| local(&f.rust)).any(|name| uses(&all, &name)) && !uses(&all, &quote::format_ident!("base"))
}
