//! Names in expressions: own fields, fields around, params, constants; and what inline types capture of them.

use super::chain::Chain;
use super::draft::{Captured, DraftParam, Member, Shape};
use super::{Resolver, consts::Const};
use crate::diagnostic::{Code, Diagnostic, did_you_mean};
use crate::emit::names::snake;
use crate::model::{Expr, ExprKind, ParamId, ParamTy, Place, Range, Root, Step, Ty, TypeId};
use crate::source::{Span, Spanned};
use crate::syntax::expr;

/// What an expression can see.
#[derive(Debug, Clone)]
#[allow(clippy::struct_excessive_bools, reason = "each is a thing of its own that can be seen or not")]
pub(super) struct Scope {
    /// The type that the expression becomes part of.
    pub(super) ty: TypeId,
    /// The type where names are looked up first: `ty`, or one around it.
    pub(super) from: TypeId,
    /// Members of `from` from this one on are not there yet.
    pub(super) limit: usize,
    /// What `it` is.
    pub(super) it: Option<(Place, Ty)>,
    /// What `prev` is.
    pub(super) prev: Option<Ty>,
    /// What `partner(it)` is.
    pub(super) partner: Option<Ty>,
    /// Whether the size of the file is known.
    pub(super) file: bool,
    /// Whether what follows can be looked at.
    pub(super) ahead: bool,
    /// Whether `index` is known.
    pub(super) index: bool,
    /// Whether no field or param is seen: the expression belongs to no type.
    pub(super) global: bool,
    /// The `let`s that are being typed.
    pub(super) lets: Vec<(TypeId, usize)>,
}

impl Scope {
    /// Everything in front of a member.
    pub(super) fn before(ty: TypeId, member: usize) -> Self {
        Self {
            ty,
            from: ty,
            limit: member,
            it: None,
            prev: None,
            partner: None,
            file: false,
            ahead: false,
            index: false,
            global: false,
            lets: Vec::new(),
        }
    }

    /// All of a value, with `it`.
    pub(super) fn whole(ty: TypeId, it: Option<(Place, Ty)>) -> Self {
        Self { it, ..Self::before(ty, usize::MAX) }
    }

    /// The same where what follows can be looked at.
    pub(super) fn looking_ahead(&self) -> Self {
        Self { ahead: true, ..self.clone() }
    }

    /// Constants alone.
    pub(super) fn constant() -> Self {
        Self { global: true, ..Self::whole(TypeId(0), None) }
    }

    /// `it` and constants alone.
    pub(super) fn global(it: (Place, Ty)) -> Self {
        Self { global: true, ..Self::whole(TypeId(0), Some(it)) }
    }

    /// The same with another `it`.
    pub(super) fn with_it(&self, place: Place, ty: Ty) -> Self {
        Self { it: Some((place, ty)), ..self.clone() }
    }
}

/// What a name or path stands for.
pub(super) enum Named {
    /// Something in the value.
    Chain(Chain),
    /// A `let` or constant.
    Value(Expr),
}

impl<'a> Resolver<'a> {
    /// The place, `let` or constant that a name or a path of names stands for.
    pub(super) fn named(&mut self, scope: &Scope, e: &expr::Expr) -> Option<Named> {
        match &e.kind {
            expr::ExprKind::Name(name) => self.name(scope, name, e),
            expr::ExprKind::Member { of, name } if is_word(of, "state") => self.state_cell(scope, name),
            expr::ExprKind::Row { of, name, key } => self.state_row(scope, of, (name, key)),
            expr::ExprKind::Member { of, name } if is_word(of, "input") => self.input_named(scope, name),
            expr::ExprKind::Call { function, arg, .. } if function.value == "partner" => self.partner(scope, e, arg),
            expr::ExprKind::Member { of, name } => match self.named(scope, of)? {
                Named::Chain(chain) => self.member(scope, chain, name, e),
                Named::Value(value) => {
                    let message = format!("`{}` has no members", value.text);
                    self.error(Code::UnknownMember, &message, name.span, "not a field of anything");
                    None
                }
            },
            _ => {
                // What is wrong with the left side itself says more.
                let _ = self.expr(scope, e)?;
                self.error(Code::WrongType, "only names stand left of a dot", e.span, "not a name");
                None
            }
        }
    }

    fn name(&mut self, scope: &Scope, name: &str, e: &expr::Expr) -> Option<Named> {
        if name == "it" {
            return self.it(scope, e);
        }
        if let Some(ty) = scope.prev.clone().filter(|_| name == "prev") {
            let place = Place { root: Root::Other, steps: Vec::new() };
            return Some(Named::Chain(Chain::start(scope.ty, place, ty, (false, name))));
        }
        if scope.global {
            return self.const_name(scope, name, e);
        }
        let (mut at, mut limit) = (scope.from, scope.limit);
        loop {
            let draft = self.draft(at);
            if let Some((i, member)) = draft.member(name) {
                if i >= limit {
                    let at = member.span;
                    return self.too_early(name, e.span, at);
                }
                let member = member.clone();
                return self.own(scope, at, i, &member, e);
            }
            if let Some(i) = draft.param(name) {
                return self.param(at, i);
            }
            match draft.outer {
                Some(outer) => (at, limit) = (outer.ty, outer.member),
                None => return self.const_name(scope, name, e),
            }
        }
    }

    fn it(&mut self, scope: &Scope, e: &expr::Expr) -> Option<Named> {
        let Some((place, ty)) = scope.it.clone() else {
            self.error(Code::UnknownName, "there is no `it` here", e.span, "only rules and list conditions have one");
            return None;
        };
        Some(Named::Chain(Chain::start(scope.ty, place, ty, (false, "it"))))
    }

    fn too_early(&mut self, name: &str, span: Span, member: Span) -> Option<Named> {
        let message = format!("`{name}` is not read yet");
        let d = Diagnostic::new(Code::UsedBeforeRead, message, span, "used here");
        self.out.push(d.also(member, "read here"));
        None
    }

    /// A member of a type, a `let` included.
    fn own(&mut self, scope: &Scope, owner: TypeId, i: usize, member: &Member<'a>, e: &expr::Expr) -> Option<Named> {
        let Some(id) = member.id else { return self.let_value(scope, owner, i, member).map(Named::Value) };
        let ty = self.member_ty(member, e.span)?;
        let place = Place { root: Root::Field(id), steps: Vec::new() };
        Some(Named::Chain(Chain::start(owner, place, ty, (member.is_optional(), &member.name.value))))
    }

    fn param(&mut self, owner: TypeId, i: usize) -> Option<Named> {
        let param = self.draft(owner).params.get(i)?;
        let place = Place { root: Root::Param(ParamId(i)), steps: Vec::new() };
        Some(Named::Chain(Chain::start(owner, place, param.as_ty.clone(), (param.absent, &param.name))))
    }

    fn const_name(&mut self, scope: &Scope, name: &str, e: &expr::Expr) -> Option<Named> {
        let Some(value) = self.consts.get(name).cloned() else {
            self.unknown_name(scope, name, e);
            return None;
        };
        let (kind, ty) = match value {
            Const::Int(n) => (ExprKind::Int(n), Ty::Int(Range::of(n))),
            Const::Guid(bytes) => (ExprKind::Guid(bytes), Ty::Guid { mixed: true }),
            Const::Bool(b) => (ExprKind::Bool(b), Ty::Bool),
            Const::Str(text) => (ExprKind::Str(text.into_bytes()), Ty::Bytes),
        };
        Some(Named::Value(self.make(e, kind, ty)))
    }

    fn unknown_name(&mut self, scope: &Scope, name: &str, e: &expr::Expr) {
        if self.names_all(name, e.span) {
            return;
        }
        if name == "prev" {
            let message = "there is no `prev` here";
            self.error(Code::UnknownName, message, e.span, "only `follows` of a journal has one");
            return;
        }
        if name == "file" {
            let key = Spanned::new(name.to_owned(), e.span);
            return self.later_key(&key);
        }
        if self.is_lost(name) {
            return;
        }
        let mut near: Vec<String> = self.consts.keys().cloned().collect();
        let mut at = Some(scope.from).filter(|_| !scope.global);
        while let Some(ty) = at {
            let draft = self.draft(ty);
            near.extend(draft.members().iter().map(|m| m.name.value.clone()));
            near.extend(draft.params.iter().filter(|p| p.captured.is_none()).map(|p| p.name.clone()));
            at = draft.outer.map(|o| o.ty);
        }
        let hint = did_you_mean(name, near.iter().map(String::as_str));
        let message = format!("unknown name `{name}`");
        let d = Diagnostic::new(Code::UnknownName, message, e.span, "no field, param or constant of this name");
        self.out.push(d.maybe_hint(hint));
    }

    /// Follows a path by one name.
    fn member(&mut self, scope: &Scope, mut chain: Chain, name: &Spanned<String>, e: &expr::Expr) -> Option<Named> {
        if let Ty::List(of) = chain.ty.clone() {
            if chain.list.is_none() {
                chain.list = Some((chain.place.steps.len(), chain.ty.clone()));
            }
            chain.place.steps.push(Step::Each);
            chain.ty = *of;
        }
        let in_list = chain.list.is_some();
        chain.names.push(name.value.clone());
        if let Some(columns) = self.columns_at(&chain.place) {
            let Some(i) = columns.iter().position(|c| c.name == name.value) else {
                let names: Vec<_> = columns.iter().map(|c| c.name.clone()).collect();
                return self.unknown_member(name, &names);
            };
            chain.ty = columns.get(i).map(|c| ty_of(&c.ty))?;
            chain.place.steps.push(Step::Column(i));
            return Some(Named::Chain(chain));
        }
        let mut named = match chain.ty.clone() {
            Ty::Type(id) => self.type_member(scope, chain, id, name, e)?,
            Ty::Flags(id) => {
                let Some(i) = self.flag_set(id).flags.iter().position(|f| f.name == name.value) else {
                    let names: Vec<_> = self.flag_set(id).flags.iter().map(|f| f.name.clone()).collect();
                    return self.unknown_member(name, &names);
                };
                chain.place.steps.push(Step::Flag(id, i));
                chain.ty = Ty::Bool;
                Named::Chain(chain)
            }
            _ => return self.unknown_member(name, &[]),
        };
        if let Named::Chain(chain) = &mut named
            && in_list
        {
            chain.ty = Ty::List(Box::new(chain.ty.clone()));
        }
        Some(named)
    }

    fn type_member(
        &mut self,
        scope: &Scope,
        mut chain: Chain,
        id: TypeId,
        name: &Spanned<String>,
        e: &expr::Expr,
    ) -> Option<Named> {
        if !self.draft(id).cases().is_empty() {
            return self.case_member(chain, id, name).map(Named::Chain);
        }
        let found = self.draft(id).member(&name.value).map(|(i, m)| (i, m.clone()));
        let Some((i, member)) = found else {
            let names: Vec<_> = self.draft(id).members().iter().map(|m| m.name.value.clone()).collect();
            return self.unknown_member(name, &names);
        };
        let Some(field) = member.id else { return self.let_of(scope, &chain, id, i, &member) };
        chain.ty = self.member_ty(&member, e.span)?;
        chain.absent |= member.is_optional();
        chain.place.steps.push(Step::Field(id, field));
        Some(Named::Chain(chain))
    }

    /// A `let` of another value: its expression with that value's place in front of its own places.
    fn let_of(&mut self, scope: &Scope, chain: &Chain, id: TypeId, i: usize, member: &Member<'a>) -> Option<Named> {
        let inner = Scope { lets: scope.lets.clone(), ..Scope::before(id, i) };
        let value = self.let_value(&inner, id, i, member)?;
        let prefix = self.finish(scope, chain, member.span);
        let ExprKind::Place(prefix) = prefix.kind else { return None };
        Some(Named::Value(super::expr::behind(value, &prefix, id)))
    }

    fn case_member(&mut self, mut chain: Chain, id: TypeId, name: &Spanned<String>) -> Option<Chain> {
        let label = |c: &super::draft::DraftCase<'_>| c.decl.name.as_ref().unwrap_or(&c.decl.label).value.clone();
        let found = self.draft(id).cases().iter().find(|c| label(c) == name.value).cloned();
        let Some(case) = found else {
            let names: Vec<_> = self.draft(id).cases().iter().map(label).collect();
            let _: Option<()> = self.unknown_member(name, &names);
            return None;
        };
        chain.place.steps.push(Step::Case(id, case.id));
        chain.absent = true;
        chain.ty = match case.shape {
            Some(shape) => {
                let ty = shape_ty(shape)?;
                if super::draft::is_list(&case.decl.options) { Ty::List(Box::new(ty)) } else { ty }
            }
            None => Ty::Bool,
        };
        Some(chain)
    }

    fn unknown_member<T>(&mut self, name: &Spanned<String>, names: &[String]) -> Option<T> {
        if self.is_lost(&name.value) {
            return None;
        }
        let hint = did_you_mean(&name.value, names.iter().map(String::as_str));
        let message = format!("unknown member `{}`", name.value);
        let d =
            Diagnostic::new(Code::UnknownMember, message, name.span, "what is left of the dot has none of this name");
        self.out.push(d.maybe_hint(hint));
        None
    }

    /// What a member gives in an expression.
    pub(super) fn member_ty(&mut self, member: &Member<'_>, used: Span) -> Option<Ty> {
        if matches!(member.shape, Shape::Magic) {
            let message = format!("`{}` holds no value", member.name.value);
            self.error(Code::UnknownMember, &message, used, "always the same bytes");
            return None;
        }
        if member.is_lazy() {
            return Some(Ty::Opaque);
        }
        let ty = shape_ty(member.shape)?;
        Some(if member.is_list() { Ty::List(Box::new(ty)) } else { ty })
    }

    /// The expression of a path, captured where it starts further out.
    pub(super) fn finish(&mut self, scope: &Scope, chain: &Chain, span: Span) -> Expr {
        let (ty, absent) = (chain.ty.clone(), chain.absent);
        let text = chain.names.join(".");
        let site = self.site(span);
        let place = self.capture(scope.ty, chain);
        let kind = match &chain.key {
            Some(key) => ExprKind::Row(place, key.clone()),
            None => ExprKind::Place(place),
        };
        Expr { kind, ty, absent, fallible: false, text, site }
    }

    fn capture(&mut self, ty: TypeId, chain: &Chain) -> Place {
        if ty == chain.owner || matches!(chain.place.root, Root::It | Root::Other | Root::State(_) | Root::Inputs) {
            return chain.place.clone();
        }
        let (cut, list_ty) = match &chain.list {
            Some((cut, ty)) => (*cut, ty.clone()),
            None => (chain.place.steps.len(), chain.ty.clone()),
        };
        let (head, tail) = chain.place.steps.split_at(cut.min(chain.place.steps.len()));
        let head = Place { root: chain.place.root, steps: head.to_vec() };
        let names = chain.names.get(..cut.saturating_add(1)).unwrap_or(&chain.names);
        let found = Found { owner: chain.owner, place: head, ty: list_ty, absent: chain.absent, name: names.join(".") };
        let root = self.captured(ty, &found);
        Place { root: Root::Param(root), steps: tail.to_vec() }
    }

    /// The param of `ty` that stands for a place further out; made where it is not there yet, in each type between.
    fn captured(&mut self, ty: TypeId, found: &Found) -> ParamId {
        let same =
            |p: &DraftParam| p.captured.as_ref().is_some_and(|c| c.owner == found.owner && c.place == found.place);
        if let Some(i) = self.draft(ty).params.iter().position(same) {
            return ParamId(i);
        }
        let source = match self.draft(ty).outer {
            Some(outer) if outer.ty != found.owner => {
                Place { root: Root::Param(self.captured(outer.ty, found)), steps: Vec::new() }
            }
            _ => found.place.clone(),
        };
        let rust = self.free_param(ty, &snake(&found.name.replace('.', "_")));
        let draft = self.draft_mut(ty);
        draft.params.push(DraftParam {
            name: found.name.clone(),
            rust,
            doc: None,
            ty: param_of(&found.ty),
            as_ty: found.ty.clone(),
            absent: found.absent,
            default: None,
            captured: Some(Captured { source, owner: found.owner, place: found.place.clone() }),
        });
        ParamId(draft.params.len().saturating_sub(1))
    }

    fn free_param(&self, ty: TypeId, wish: &str) -> String {
        let taken = |name: &str| self.draft(ty).params.iter().any(|p| p.rust == name);
        let numbered = (2_usize..).map(|n| format!("{wish}_{n}"));
        let mut names = std::iter::once(wish.to_owned()).chain(numbered);
        names.find(|name| !taken(name)).unwrap_or_default()
    }
}

/// What a shape gives in an expression; nothing for what was reported already.
pub(super) fn shape_ty(shape: Shape) -> Option<Ty> {
    use super::draft::PartShape;
    use crate::model::Scalar;
    Some(match shape {
        Shape::Scalar(Scalar::Enum(id)) | Shape::Part(_, PartShape::Enum(id)) => Ty::Enum(id),
        Shape::Scalar(Scalar::Flags(id)) => Ty::Flags(id),
        Shape::Scalar(Scalar::Bool) | Shape::Part(_, PartShape::Bool) => Ty::Bool,
        Shape::Scalar(Scalar::Guid) => Ty::Guid { mixed: true },
        Shape::Scalar(Scalar::Uuid) => Ty::Guid { mixed: false },
        Shape::Scalar(Scalar::F32 | Scalar::F64) => Ty::Float,
        Shape::Scalar(scalar @ (Scalar::UInt(_) | Scalar::Int(_))) => Ty::Int(scalar.range()?),
        Shape::Scalar(Scalar::Bytes(_)) | Shape::Bytes | Shape::Utf8 | Shape::CStr | Shape::PStr(_) => Ty::Bytes,
        Shape::Part(width, _) => Ty::Int(Range::unsigned(width)),
        Shape::Type(id) => Ty::Type(id),
        Shape::Utf16 => Ty::Utf16,
        Shape::Magic | Shape::Blob | Shape::Zero | Shape::Align => Ty::Opaque,
        Shape::Let | Shape::Poison => return None,
    })
}

/// What was found further out.
struct Found {
    owner: TypeId,
    place: Place,
    ty: Ty,
    absent: bool,
    name: String,
}

/// How something is handed to an inline type.
fn param_of(ty: &Ty) -> ParamTy {
    match ty {
        Ty::Int(range) => {
            let widths: [(u32, u32); 4] = [(1, 8), (2, 16), (4, 32), (8, 64)];
            let unsigned = widths.iter().find(|(_, bits)| fits(*range, Range::unsigned(*bits)));
            let signed = widths.iter().find(|(_, bits)| fits(*range, Range::signed(*bits)));
            let unsigned = unsigned.map(|(bytes, _)| ParamTy::UInt(*bytes));
            unsigned.or(signed.map(|(bytes, _)| ParamTy::Int(*bytes))).unwrap_or(ParamTy::UInt(8))
        }
        Ty::Bool => ParamTy::Bool,
        Ty::Enum(id) => ParamTy::Enum(*id),
        Ty::Flags(id) => ParamTy::Flags(*id),
        Ty::Bytes => ParamTy::Text,
        Ty::Guid { mixed } => ParamTy::Guid(*mixed),
        Ty::Place => ParamTy::Place,
        other => ParamTy::Ref(other.clone()),
    }
}

/// What a param is in an expression.
pub(super) fn ty_of(ty: &ParamTy) -> Ty {
    match ty {
        ParamTy::UInt(bytes) => Ty::Int(Range::unsigned(bytes.saturating_mul(8))),
        ParamTy::Int(bytes) => Ty::Int(Range::signed(bytes.saturating_mul(8))),
        ParamTy::Bool => Ty::Bool,
        ParamTy::Enum(id) => Ty::Enum(*id),
        ParamTy::Flags(id) => Ty::Flags(*id),
        ParamTy::Guid(mixed) => Ty::Guid { mixed: *mixed },
        ParamTy::Text => Ty::Bytes,
        ParamTy::Ref(ty) => ty.clone(),
        ParamTy::Place => Ty::Place,
        ParamTy::State(_) | ParamTy::Inputs | ParamTy::Externs => Ty::Opaque,
    }
}

/// Whether an expression is this word.
pub(super) fn is_word(e: &expr::Expr, word: &str) -> bool {
    matches!(&e.kind, expr::ExprKind::Name(name) if name == word)
}

fn fits(inner: Range, outer: Range) -> bool {
    outer.contains(inner.min) && outer.contains(inner.max)
}
