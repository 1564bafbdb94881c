//! How a root is read in parts: which types are entered, and where their payload is. Only shapes are looked at here; what
//! a part needs of the parts before is the business of `kept`.

use crate::emit::ctx::Ctx;
use crate::emit::names::pascal;
use crate::emit::pins;
use crate::emit::rust_type::lent;
use crate::model::{
    Body, Case, Content, Expr, ExprKind, Field, FieldId, Label, Length, Place, Policy, Repeat, Role, Root, Step,
    Struct, TypeId, Union, Until,
};
use proc_macro2::Ident;
use quote::format_ident;
use std::collections::{BTreeMap, BTreeSet};

/// How a root is read in parts.
pub struct Plan<'c> {
    /// The root.
    pub root: TypeId,
    /// The types that are read in parts, the root first, each once.
    pub frames: Vec<Frame<'c>>,
    /// The fields that conditions of lists look at, of the elements that are read in parts.
    pub seen: BTreeMap<TypeId, BTreeSet<FieldId>>,
    /// Where a type holds one that is open around it: its states lie behind a box there.
    pub boxed: BTreeSet<(TypeId, TypeId)>,
}

/// A type that is read in parts.
pub struct Frame<'c> {
    /// The type.
    pub id: TypeId,
    /// Its parts.
    pub shape: Shape<'c>,
}

/// What a type that is read in parts is made of.
pub enum Shape<'c> {
    /// A struct: its parts in wire order, a run first.
    Struct(&'c Struct, Vec<Part<'c>>),
    /// A switch: the cases that are not read at once.
    Union(&'c Union, Vec<(&'c Case, Way<'c>)>),
}

/// A part of a struct.
pub enum Part<'c> {
    /// Fields that are read together.
    Run(Run),
    /// A field that is read in parts.
    Nested(FieldId, Nested<'c>),
}

/// Fields that are read together. The payload of the last is still to be read afterwards.
#[derive(Default)]
pub struct Run {
    /// The fields.
    pub fields: Vec<FieldId>,
    /// The field before whose payload may be pending.
    pub behind: Option<FieldId>,
    /// A blob behind them that takes all that is left.
    pub to_end: Option<FieldId>,
    /// What is handed out.
    pub event: Option<Given>,
    /// The field behind which that lies; none at the start of the type.
    pub after: Option<FieldId>,
}

/// What is handed out when some fields have been read.
pub enum Given {
    /// A value of the type.
    Whole,
    /// A struct of this name, with these fields.
    Fields(Ident),
    /// Only that it was reached.
    Mark(Ident),
}

/// A field that is read in parts: a list whose elements have payload, or a type that is.
pub struct Nested<'c> {
    /// The field, or the body of a case.
    pub field: &'c Field,
    /// Its type, or that of its elements.
    pub of: TypeId,
    /// Whether that is read in parts; else each element is read at once.
    pub framed: bool,
}

/// How a case is read that is not read at once.
pub enum Way<'c> {
    /// In parts.
    Nested(Nested<'c>),
    /// It is a blob that takes all that is left.
    ToEnd(Ident),
}

/// What is handed out where a case begins that is read in parts, and the parts of another case of the switch are of the same type: they do
/// not tell which it is.
#[must_use]
pub fn begun(ctx: &Ctx<'_>, union: TypeId, ways: &[(&Case, Way<'_>)], case: &Case) -> Option<Ident> {
    let of = |(other, way): &(&Case, Way<'_>)| match way {
        Way::Nested(nested) => Some((std::ptr::eq(*other, case), nested.of)),
        Way::ToEnd(_) => None,
    };
    let all: Vec<_> = ways.iter().filter_map(of).collect();
    let (_, own) = all.iter().find(|(is_own, _)| *is_own)?;
    let is_shared = all.iter().any(|(is_own, of)| !is_own && of == own);
    is_shared.then(|| format_ident!("{}{}", ctx.ty(union).rust, case.rust))
}

/// The plan of a root; none where its payload is elsewhere.
#[must_use]
pub fn plan<'c>(ctx: &Ctx<'c>, id: TypeId) -> Option<Plan<'c>> {
    let ty = ctx.ty(id);
    let root = ctx.format.root == id || ctx.format.roots.contains(&id);
    let aside = crate::emit::aside::first_aside(ctx, id).is_some();
    if !root || !ty.has_blob || aside || lent(&ty.params) {
        return None;
    }
    let mut plan = Plan { root: id, frames: Vec::new(), seen: BTreeMap::new(), boxed: BTreeSet::new() };
    plan.add(ctx, id, &mut Vec::new())?;
    let only_blob = ty.as_struct().is_some_and(|s| matches!(s.fields.as_slice(), [blob] if is_to_end(blob)));
    (!only_blob).then_some(plan)
}

impl<'c> Plan<'c> {
    /// Adds a type that is read in parts, and those in it; `around` are those that hold it.
    fn add(&mut self, ctx: &Ctx<'c>, id: TypeId, around: &mut Vec<TypeId>) -> Option<()> {
        if self.frames.iter().any(|f| f.id == id) {
            return Some(());
        }
        let ty = ctx.ty(id);
        if ty.is_driven_outside() {
            return None;
        }
        let shape = match &ty.body {
            Body::Struct(s) => Shape::Struct(s, parts(ctx, id, s)?),
            Body::Union(union) => Shape::Union(union, ways(ctx, id, union)?),
            Body::Bits(_) => return None,
        };
        let nested: Vec<(Option<FieldId>, &'c Field, TypeId)> = shape.framed();
        self.frames.push(Frame { id, shape });
        around.push(id);
        for (holder, field, of) in nested {
            if around.contains(&of) {
                self.boxed.insert((id, of));
            }
            self.add(ctx, of, around)?;
            self.look((holder, of), field)?;
        }
        around.pop();
        Some(())
    }

    /// Notes what the condition of a list looks at in an element.
    fn look(&mut self, list: (Option<FieldId>, TypeId), field: &Field) -> Option<()> {
        let Some(Repeat { until: Until::Until(condition) | Until::While(condition), .. }) = &field.repeat else {
            return Some(());
        };
        let mut fields = BTreeSet::new();
        looked_at(condition, list, true, &mut fields)?;
        self.seen.entry(list.1).or_default().extend(fields);
        Some(())
    }

    /// The names of the types that are generated for it, each with the type that it is for.
    #[must_use]
    pub fn names(&self, ctx: &Ctx<'_>) -> Vec<(TypeId, String)> {
        let root = ["Event", "Reader"].map(|suffix| (self.root, format!("{}{suffix}", ctx.ty(self.root).rust)));
        let mut out = root.to_vec();
        for frame in &self.frames {
            out.push((frame.id, format!("{}Reading", ctx.ty(frame.id).rust)));
            let Shape::Struct(_, parts) = &frame.shape else { continue };
            let given = parts.iter().filter_map(|p| if let Part::Run(run) = p { run.event.as_ref() } else { None });
            out.extend(given.filter_map(|g| match g {
                Given::Fields(name) => Some((frame.id, name.to_string())),
                Given::Whole | Given::Mark(_) => None,
            }));
        }
        out
    }

    /// The fields of a type that conditions of lists look at.
    #[must_use]
    pub fn seen(&self, id: TypeId) -> Vec<FieldId> {
        self.seen.get(&id).into_iter().flatten().copied().collect()
    }
}

impl<'c> Shape<'c> {
    /// What is in it that is read in parts too.
    fn framed(&self) -> Vec<(Option<FieldId>, &'c Field, TypeId)> {
        let all: Vec<(Option<FieldId>, &Nested<'c>)> = match self {
            Self::Struct(_, parts) => {
                let nested = |p| if let &Part::Nested(id, ref n) = p { Some((Some(id), n)) } else { None };
                parts.iter().filter_map(nested).collect()
            }
            Self::Union(_, ways) => {
                ways.iter().filter_map(|(_, w)| if let Way::Nested(n) = w { Some((None, n)) } else { None }).collect()
            }
        };
        all.into_iter().filter(|(_, n)| n.framed).map(|(id, n)| (id, n.field, n.of)).collect()
    }
}

/// The fields of an element that a condition looks at; none where it looks at the element as a whole.
fn looked_at(e: &Expr, list: (Option<FieldId>, TypeId), own: bool, out: &mut BTreeSet<FieldId>) -> Option<()> {
    let mut each = |parts: &[&Expr]| parts.iter().try_for_each(|e| looked_at(e, list, own, out));
    match &e.kind {
        ExprKind::Place(Place { root: Root::It, steps }) if own => match steps.first() {
            Some(Step::Field(_, id)) => {
                out.insert(*id);
                Some(())
            }
            _ => None,
        },
        ExprKind::Place(Place { root: Root::Field(id), steps }) if Some(*id) == list.0 => {
            if let (Some(Step::Each), Some(Step::Field(_, id))) = (steps.first(), steps.get(1)) {
                out.insert(*id);
            }
            Some(())
        }
        ExprKind::SizeOf(_) => None,
        ExprKind::ToEnum(_, a)
        | ExprKind::Unary(_, a)
        | ExprKind::InGroup(_, _, a)
        | ExprKind::Call(_, a)
        | ExprKind::Row(_, a)
        | ExprKind::HasKey(_, a) => each(&[a]),
        ExprKind::Binary(_, a, b) => each(&[a, b]),
        ExprKind::InRange(a, b, c) | ExprKind::If(a, b, c) => each(&[a, b, c]),
        ExprKind::CountWhere(of, condition) => {
            each(&[of])?;
            let this =
                matches!(&of.kind, ExprKind::Place(p) if matches!(p.root, Root::Field(id) if Some(id) == list.0));
            looked_at(condition, list, this, out)
        }
        ExprKind::FirstWhere(of, condition, body) => {
            each(&[of])?;
            let this =
                matches!(&of.kind, ExprKind::Place(p) if matches!(p.root, Root::Field(id) if Some(id) == list.0));
            looked_at(condition, list, this, out)?;
            looked_at(body, list, this, out)
        }
        _ => Some(()),
    }
}

/// The parts of a struct.
fn parts<'c>(ctx: &Ctx<'c>, id: TypeId, s: &'c Struct) -> Option<Vec<Part<'c>>> {
    if s.window.is_some() || s.slack != Policy::None || !pins::over_this(s).is_empty() {
        return None;
    }
    let (mut parts, mut run) = (Vec::new(), Run::default());
    for (i, field) in s.fields.iter().enumerate() {
        let at = FieldId(i);
        if !has_blob(ctx, field) {
            if needs_end(ctx, field, &mut Vec::new()) {
                return None;
            }
            run.fields.push(at);
        } else if is_to_end(field) {
            run.to_end = Some(at);
            parts.push(Part::Run(std::mem::replace(&mut run, Run { behind: Some(at), ..Run::default() })));
        } else if payload_last(ctx, field) && !needs_end(ctx, field, &mut Vec::new()) {
            run.fields.push(at);
            parts.push(Part::Run(std::mem::replace(&mut run, Run { behind: Some(at), ..Run::default() })));
        } else {
            let nested = nested(ctx, field)?;
            if !run.is_idle() || parts.is_empty() {
                parts.push(Part::Run(std::mem::take(&mut run)));
            }
            parts.push(Part::Nested(at, nested));
        }
    }
    if !run.is_idle() {
        parts.push(Part::Run(run));
    }
    name_events(ctx, id, s, &mut parts)?;
    Some(parts)
}

impl Part<'_> {
    /// The field that is read in parts.
    fn field(&self) -> Option<FieldId> {
        if let Part::Nested(id, _) = self { Some(*id) } else { None }
    }
}

impl Run {
    /// Whether nothing is done in it.
    fn is_idle(&self) -> bool {
        self.fields.is_empty() && self.behind.is_none() && self.to_end.is_none()
    }

    /// What it hands out, under this name; whether that is the whole value, and whether it holds the byte order.
    fn given(&self, s: &Struct, name: Ident, (whole, order): (bool, bool)) -> Given {
        match (whole, order || self.is_held(s)) {
            (true, _) => Given::Whole,
            (_, true) => Given::Fields(name),
            _ => Given::Mark(name),
        }
    }

    /// Whether it has members.
    fn is_held(&self, s: &Struct) -> bool {
        self.fields.iter().any(|id| {
            let field = id.of(&s.fields);
            field.is_held()
                || crate::emit::rust_type::gap(field).is_some()
                || crate::emit::rust_type::slack(field).is_some()
        })
    }
}

/// Says what each run hands out; none where two would have the same name.
fn name_events(ctx: &Ctx<'_>, id: TypeId, s: &Struct, parts: &mut [Part<'_>]) -> Option<()> {
    let ty = ctx.ty(id);
    let spoken: Vec<bool> = parts.iter().enumerate().map(|(i, p)| speaks(p, s, i == 0 && ty.holds_order())).collect();
    let divided = |p: &Part<'_>| !matches!(p, Part::Run(Run { to_end: None, .. }));
    let whole = !parts.iter().any(divided) && spoken.iter().filter(|s| **s).count() == 1;
    let last = parts.iter().rposition(|p| matches!(p, Part::Nested(..))).unwrap_or(0);
    let last_spoken = spoken.iter().rposition(|s| *s);
    let (mut names, mut before) = (BTreeSet::new(), None);
    for (i, part) in parts.iter_mut().enumerate() {
        let Part::Run(run) = part else {
            before = part.field();
            continue;
        };
        if spoken.get(i) == Some(&true) {
            let name = match before {
                None => format_ident!("{}Head", ty.rust),
                Some(_) if i > last && last_spoken == Some(i) => format_ident!("{}Tail", ty.rust),
                Some(at) => format_ident!("{}Behind{}", ty.rust, pascal(&FieldId::of(at, &s.fields).rust)),
            };
            names.insert(name.clone()).then_some(())?;
            (run.event, run.after) = (Some(run.given(s, name, (whole, i == 0 && ty.holds_order()))), before);
        }
        before = run.to_end.or(run.fields.last().copied()).or(before);
    }
    Some(())
}

/// Whether a part is a run that hands out something; `order` says whether it holds the byte order.
fn speaks(part: &Part<'_>, s: &Struct, order: bool) -> bool {
    matches!(part, Part::Run(run) if order || run.is_held(s) || run.to_end.is_some())
}

/// How the cases of a switch are read that are not read at once.
fn ways<'c>(ctx: &Ctx<'c>, id: TypeId, union: &'c Union) -> Option<Vec<(&'c Case, Way<'c>)>> {
    let mut out = Vec::new();
    for case in &union.cases {
        let Some(body) = case.body.as_deref() else { continue };
        let at_once = payload_last(ctx, body) && !needs_end(ctx, body, &mut Vec::new());
        if at_once {
            continue;
        }
        let driven = union.driven && case.label == Label::Default;
        let way = if is_to_end(body) && !driven {
            Way::ToEnd(format_ident!("{}{}", ctx.ty(id).rust, case.rust))
        } else if !driven {
            Way::Nested(nested(ctx, body)?)
        } else {
            return None;
        };
        out.push((case, way));
    }
    Some(out)
}

/// A field that is read in parts, where it can be.
fn nested<'c>(ctx: &Ctx<'c>, field: &'c Field) -> Option<Nested<'c>> {
    let Content::Type { id: of, args } = &field.content else { return None };
    let rules = field.repeat.as_ref().is_some_and(|r| !r.unique.is_empty() || r.disjoint.is_some());
    // Bytes that are kept behind the content would be a member of what was handed out by then.
    let slack = crate::emit::rust_type::slack(field).is_some()
        || field.window.as_ref().is_some_and(|w| w.slack == Policy::Keep);
    if field.at.is_some() || slack || rules {
        return None;
    }
    let single = ends_in_payload(ctx, *of) && !type_needs_end(ctx, *of, &mut Vec::new());
    let framed = !(single && field.repeat.is_some());
    // Each step works arguments out anew.
    if framed && ctx.changes_argument(*of, args) {
        return None;
    }
    Some(Nested { field, of: *of, framed })
}

/// A blob that takes all that is left, and is always there.
fn is_to_end(field: &Field) -> bool {
    let plain = field.presence.is_none() && field.at.is_none() && field.window.is_none() && field.repeat.is_none();
    plain && matches!(field.content, Content::Blob(Length::Rest))
}

/// Whether there is payload in a field.
#[must_use]
pub fn has_blob(ctx: &Ctx<'_>, field: &Field) -> bool {
    matches!(field.content, Content::Blob(_)) || field.type_id().is_some_and(|id| ctx.ty(id).has_blob)
}

/// Whether reading a field asks where the input ends, which a plain reader cannot say.
fn needs_end(ctx: &Ctx<'_>, field: &Field, within: &mut Vec<TypeId>) -> bool {
    if field.window.is_some() {
        return false;
    }
    match &field.content {
        Content::Bytes(Length::Rest)
        | Content::Utf8(Length::Rest)
        | Content::Utf16(Length::Rest)
        | Content::Zero(Length::Rest)
        | Content::Blob(Length::Rest) => true,
        Content::Type { id, .. } => type_needs_end(ctx, *id, within),
        _ => false,
    }
}

fn type_needs_end(ctx: &Ctx<'_>, id: TypeId, within: &mut Vec<TypeId>) -> bool {
    let ty = ctx.ty(id);
    if within.contains(&id) || ty.as_struct().is_some_and(|s| s.window.is_some()) {
        return false;
    }
    if ty.as_struct().is_some_and(|s| s.slack != Policy::None) {
        return true;
    }
    within.push(id);
    crate::resolve::fields(&ty.body).iter().any(|f| needs_end(ctx, f, within))
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
    let checksum = matches!(&field.role, Role::Pinned(_));
    field.repeat.is_none() && window && inner && !checksum
}
