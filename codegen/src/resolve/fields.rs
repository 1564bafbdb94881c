//! Fields in the model's form.

use super::draft::{Member, Shape};
use super::rules::Owner;
use super::scope::{Scope, shape_ty};
use super::{Resolver, text, texts};
use crate::diagnostic::{Code, Diagnostic};
use crate::emit::names::snake;
use crate::model::{
    Content, Expr, ExprKind, Field, FieldId, Length, Pin, PinKind, Place, Remember, Role, Root, Size, Ty, TypeId,
};
use crate::syntax::ast::{self, Mismatch};
use crate::syntax::expr;

/// A field of a struct.
pub(super) fn field(r: &mut Resolver<'_>, id: TypeId, i: usize, member: &Member<'_>) -> Option<Field> {
    let scope = Scope::before(id, i);
    let it = member.id.and_then(|f| Some((place(f), r.quiet_ty(member)?)));
    let after = Scope::whole(id, it);
    let mut field = build(r, &scope, &after, member)?;
    let presence = super::windows::presence(r, &scope, member);
    field.presence = presence;
    field.at = super::offsets::at(r, &scope, member);
    if let Some((first, copies)) = super::copies::copies(r, id, member) {
        (field.at, field.copies) = (Some(first), Some(copies));
    }
    field.aside = super::asides::aside(r, &scope, member);
    field.journal = super::journal::journal(r, &scope, member).map(Box::new);
    Some(field)
}

/// The body of a case.
pub(super) fn case_body(r: &mut Resolver<'_>, id: TypeId, i: usize, member: &Member<'_>) -> Option<Field> {
    let scope = Scope::before(id, i);
    super::asides::refuse_in_case(r, member);
    build(r, &scope, &scope, member)
}

fn place(id: FieldId) -> Place {
    Place { root: Root::Field(id), steps: Vec::new() }
}

fn build(r: &mut Resolver<'_>, scope: &Scope, after: &Scope, member: &Member<'_>) -> Option<Field> {
    let id = member.id?;
    let o = member.options;
    let content = content(r, scope, member)?;
    let role = role(r, after, member, &content);
    let owner = Owner { id, options: o };
    Some(Field {
        name: member.name.value.clone(),
        rust: if member.name.value == "_" { format!("unnamed_{}", id.0) } else { snake(&member.name.value) },
        shown: text(o.as_.as_ref()),
        doc: text(o.doc.as_ref()),
        refs: texts(&o.refs),
        site: r.site(member.name.span),
        written: written(member),
        since: o.since.as_ref().map(|s| s.value),
        before: o.before.as_ref().map(|s| s.value),
        presence: None,
        at: None,
        copies: None,
        aside: None,
        window: super::windows::window(r, scope, member),
        repeat: super::windows::repeat(r, scope, member),
        content,
        role,
        valid: r.hard_rules(after, &o.valid, Some((owner.id, owner.options))),
        expect: r.soft_rules(after, &o.expect, id),
        remember: remember(r, after, member),
        max: r.limit(o.max.as_ref()),
        init: r.init(scope.ty, member),
        unknown: r.own_keep(o, member.shape),
        class: o.class.as_ref().map(|c| c.value),
        say: text(o.say.as_ref()),
        unlike: o.unlike.as_ref().and_then(|e| r.condition(&scope.looking_ahead(), e)),
        journal: None,
        boxed: false,
        size: Size::AtLeast(0),
    })
}

/// What a field remembers; of a list, with each element as `it`. An inline group does so itself.
fn remember(r: &mut Resolver<'_>, after: &Scope, member: &Member<'_>) -> Vec<Remember> {
    let decls = &member.options.remember;
    if decls.is_empty() || matches!(member.content, ast::Content::Fields(_)) {
        return Vec::new();
    }
    match shape_ty(member.shape).filter(|_| member.is_list()) {
        Some(element) => r.remember(&after.with_it(Place { root: Root::It, steps: Vec::new() }, element), decls),
        None => r.remember(after, decls),
    }
}

/// A field's type as the spec writes it.
pub(super) fn written(member: &Member<'_>) -> String {
    match member.content {
        ast::Content::Type(t) => match &t.value.arg {
            Some(arg) => format!("{}({})", t.value.name, arg.text),
            None => t.value.name.clone(),
        },
        ast::Content::Magic(_) => "magic".into(),
        ast::Content::Fields(_) => "fields".into(),
        ast::Content::Switch(_) => "switch".into(),
        ast::Content::Let { .. } => "let".into(),
        ast::Content::Journal(_) => "journal".into(),
        ast::Content::Extern(_) => "extern".into(),
    }
}

fn content(r: &mut Resolver<'_>, scope: &Scope, member: &Member<'_>) -> Option<Content> {
    keys_that_fit(r, member);
    let content = one(r, scope, member)?;
    if member.is_lazy() { super::asides::lazy(r, scope, member, content) } else { Some(content) }
}

/// What the field is, or an element of it.
fn one(r: &mut Resolver<'_>, scope: &Scope, member: &Member<'_>) -> Option<Content> {
    let arg = match member.content {
        ast::Content::Type(t) => t.value.arg.as_ref(),
        ast::Content::Journal(decl) => Some(&decl.size),
        _ => None,
    };
    Some(match member.shape {
        Shape::Scalar(scalar) => Content::Scalar(scalar),
        Shape::Magic => match member.content {
            ast::Content::Magic(bytes) => Content::Magic(bytes.value.clone()),
            _ => return None,
        },
        Shape::Bytes => Content::Bytes(r.length(scope, arg?)?),
        Shape::Utf8 => Content::Utf8(r.length(scope, arg?)?),
        Shape::Utf16 => Content::Utf16(r.length(scope, arg?)?),
        Shape::Blob => match member.content {
            ast::Content::Extern(name) => Content::Blob(r.told(scope, name, &member.options.with)?),
            _ => Content::Blob(r.length(scope, arg?)?),
        },
        Shape::Zero => Content::Zero(r.length(scope, arg?)?),
        Shape::Align => Content::Align(r.alignment(scope, arg?)?),
        Shape::CStr => Content::CStr,
        Shape::PStr(bytes) => Content::PStr(bytes),
        Shape::Type(id) => Content::Type { id, args: r.args(scope, id, member)? },
        Shape::Part(..) | Shape::Let | Shape::Poison => return None,
    })
}

/// Whether what the field is takes arguments by name, or was reported.
fn takes_arguments(member: &Member<'_>) -> bool {
    matches!(member.shape, Shape::Type(_) | Shape::Poison) || matches!(member.content, ast::Content::Extern(_))
}

/// Reports keys that have no meaning beside what the field is.
fn keys_that_fit(r: &mut Resolver<'_>, member: &Member<'_>) {
    let o = member.options;
    if let Some((name, _)) = o.with.first().filter(|_| !takes_arguments(member)) {
        let message = format!("`{}` has no params", written(member));
        r.error(Code::UnknownParam, &message, name.span, "only types of the spec take arguments by name");
    }
    let fixed = matches!(member.shape, Shape::Scalar(_) | Shape::Align) && !member.is_list();
    let held = o.size.is_some() || !matches!(member.shape, Shape::Type(_));
    if let Some(max) = o.max.as_ref().filter(|_| o.size.is_none() && (fixed || !held)) {
        let message = format!("`max` has no meaning beside `{}`", written(member));
        let d = Diagnostic::new(Code::DoesNotFit, message, max.span, "does not fit");
        let hint = if fixed {
            "its size is known; a limit on a number is a `valid` rule"
        } else {
            "`max` limits a `size`, bytes or a text"
        };
        r.out.push(d.hint(hint));
    }
    let pinned = o.value.is_some() || matches!(member.shape, Shape::Magic | Shape::Zero | Shape::Align | Shape::Poison);
    if let Some(mismatch) = o.mismatch.as_ref().filter(|_| !pinned) {
        let message = format!("`mismatch` has no meaning beside `{}`", written(member));
        let d = Diagnostic::new(Code::DoesNotFit, message, mismatch.span, "there is nothing to match");
        r.out.push(d.hint("it goes with `value`, `magic`, `zero` and `align`"));
    }
}

fn role(r: &mut Resolver<'_>, after: &Scope, member: &Member<'_>, content: &Content) -> Role {
    let keep = member.options.mismatch.as_ref().is_some_and(|m| m.value == Mismatch::Keep);
    if keep && member.name.value == "_" {
        r.error(Code::KeepUnnamed, "`_` cannot be kept", member.name.span, "give it a name");
    }
    if let Some(value) = &member.options.value {
        return match pin(r, after, member, value) {
            Some(value) => Role::Pinned(Pin { kind: pin_kind(&value), kept: keep, value }),
            None => Role::Implied,
        };
    }
    let implied =
        matches!(content, Content::Magic(_) | Content::Align(_) | Content::Zero(Length::Const(_) | Length::Expr(_)));
    match (implied, keep) {
        (true, true) => Role::ImpliedKept,
        (true, false) => Role::Implied,
        (false, true) if matches!(content, Content::Zero(Length::Rest)) => Role::ImpliedKept,
        (false, _) => Role::Held,
    }
}

fn pin(r: &mut Resolver<'_>, after: &Scope, member: &Member<'_>, value: &expr::Expr) -> Option<Expr> {
    if !matches!(member.shape, Shape::Scalar(_)) {
        r.error(
            Code::WrongType,
            "only numbers, enums, flags, truth values and guids are pinned",
            value.span,
            "for constant bytes use `magic`",
        );
        return None;
    }
    let ty = shape_ty(member.shape)?;
    r.value_of(after, &ty, value)
}

fn pin_kind(value: &Expr) -> PinKind {
    let mut checksum = false;
    super::rules::walk(value, &mut |e| checksum |= matches!(e.kind, ExprKind::Checksum(..)));
    if checksum { PinKind::Checksum } else { PinKind::Plain }
}

impl Resolver<'_> {
    /// The type of a member in expressions, without complaint.
    fn quiet_ty(&mut self, member: &Member<'_>) -> Option<Ty> {
        match member.shape {
            Shape::Magic => None,
            _ => self.member_ty(member, member.span),
        }
    }

    /// An expression for a value of a type; a bare name beside an enum is one of its values.
    pub(super) fn value_of(&mut self, scope: &Scope, ty: &Ty, e: &expr::Expr) -> Option<Expr> {
        if *ty == Ty::Place && matches!(&e.kind, expr::ExprKind::Name(name) if name == "this") {
            return self.this_place(scope, e);
        }
        if let (Ty::Enum(id), expr::ExprKind::Name(name)) = (ty, &e.kind)
            && let Some(i) = self.enum_(*id).values.iter().position(|v| v.name == *name)
        {
            return Some(self.make(e, ExprKind::EnumValue(*id, i), ty.clone()));
        }
        let typed = self.expr(scope, e)?;
        if let (Ty::Int(wanted), Ty::Int(found)) = (ty, &typed.ty)
            && (found.max < wanted.min || found.min > wanted.max)
        {
            let message = format!("`{}` is never in {} to {}", e.text, wanted.min, wanted.max);
            self.error(Code::OutOfRange, &message, e.span, "out of range");
            return None;
        }
        let numbers = self.range_of(ty).is_some() && self.range_of(&typed.ty).is_some();
        let guids = matches!((ty, &typed.ty), (Ty::Guid { .. }, Ty::Guid { .. }));
        if *ty == typed.ty || numbers || guids {
            return Some(typed);
        }
        let wanted = self.shown(ty);
        self.wrong(&typed, &wanted, e.span)
    }

    /// The length of bytes or text.
    fn length(&mut self, scope: &Scope, e: &expr::Expr) -> Option<Length> {
        if matches!(&e.kind, expr::ExprKind::Name(n) if n == "rest") {
            return Some(Length::Rest);
        }
        if let Some(n) = self.fold(e) {
            return match u64::try_from(n) {
                Ok(n) => Some(Length::Const(n)),
                Err(_) => self.bad_size(e),
            };
        }
        self.number(scope, e).map(Length::Expr)
    }

    fn alignment(&mut self, scope: &Scope, e: &expr::Expr) -> Option<Expr> {
        if self.fold(e).is_some_and(|n| n < 1) {
            return self.bad_size(e);
        }
        self.number(scope, e)
    }

    pub(super) fn bad_size<T>(&mut self, e: &expr::Expr) -> Option<T> {
        let message = format!("`{}` is no size", e.text);
        self.error(Code::BadSize, &message, e.span, "a positive number of bytes is needed");
        None
    }

    /// Arguments for a type's params; what it captures follows later.
    fn args(&mut self, scope: &Scope, id: TypeId, member: &Member<'_>) -> Option<Vec<Expr>> {
        if let Some(tag) = super::unions::tag_arg(self, id) {
            return Some(vec![tag]);
        }
        let params = self.draft(id).params.clone();
        let own: Vec<_> = params.into_iter().filter(|p| p.captured.is_none()).collect();
        let o = member.options;
        let mut whole = true;
        for (name, _) in &o.with {
            if own.iter().all(|p| p.name != name.value) {
                whole = false;
                if self.is_lost(&name.value) {
                    continue;
                }
                let hint = crate::diagnostic::did_you_mean(&name.value, own.iter().map(|p| p.name.as_str()));
                let message = format!("`{}` has no param `{}`", self.draft(id).name, name.value);
                let d = Diagnostic::new(Code::UnknownParam, message, name.span, "no param of this name");
                self.out.push(d.maybe_hint(hint));
            }
        }
        // A misspelt argument is not a missing one.
        if !whole {
            return None;
        }
        let element = Scope { index: member.is_list(), ..scope.clone() };
        let args = own.iter().map(|p| self.arg(&element, id, p, member));
        args.collect::<Vec<_>>().into_iter().collect()
    }

    fn arg(&mut self, scope: &Scope, id: TypeId, p: &super::draft::DraftParam, member: &Member<'_>) -> Option<Expr> {
        let given = member.options.with.iter().find(|(n, _)| n.value == p.name).map(|(_, e)| e);
        let Some(e) = given.or(p.default.as_ref()) else {
            let message = format!("`{}` needs an argument for `{}`", self.draft(id).name, p.name);
            let span = match member.content {
                ast::Content::Type(t) => t.span,
                _ => member.span,
            };
            self.error(Code::MissingArgument, &message, span, &format!("add `with: {{{}: ...}}`", p.name));
            return None;
        };
        self.value_of(scope, &p.as_ty, e)
    }

    /// What a builder starts from.
    fn init(&mut self, ty: TypeId, member: &Member<'_>) -> Option<Expr> {
        let e = member.options.init.as_ref()?;
        let of = match member.shape {
            Shape::Zero => super::types::any_size(),
            _ => self.quiet_ty(member)?,
        };
        let typed = self.value_of(&Scope::before(ty, 0), &of, e)?;
        self.constant_start(typed, e)
    }

    /// A value that something starts from, if it is always the same.
    pub(super) fn constant_start(&mut self, typed: Expr, e: &expr::Expr) -> Option<Expr> {
        let constant =
            matches!(typed.kind, ExprKind::Int(_) | ExprKind::Bool(_) | ExprKind::EnumValue(..) | ExprKind::Str(_));
        if !constant {
            self.error(Code::NotConstant, "a builder starts from a constant", e.span, "made of numbers and constants");
            return None;
        }
        Some(typed)
    }
}
