//! Places as Rust: members, locals, accessors.

use super::{Env, Kind, Mode, Operand, Side};
use crate::emit::names::ident;
use crate::emit::rust_type::local;
use crate::model::{
    Body, Content, ExprKind, Field, FieldId, Length, ParamId, ParamTy, PartKind, Place, Role, Root, Scalar, Step, Ty,
    TypeId,
};
use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};

/// Where a path has got to.
pub(super) struct Reached {
    pub(super) tokens: TokenStream,
    pub(super) what: What,
    pub(super) optional: bool,
}

/// What a path has got to.
#[derive(Clone)]
pub(super) enum What {
    /// A field, or an element of it; the tokens are a member or local.
    Field(Box<Field>, bool),
    /// Something whose kind is all there is to know; the tokens are a plain value.
    Kind(Kind),
    /// A value of a type; whether as its `Wire` companion.
    Value(TypeId, bool),
}

impl Env<'_> {
    /// The value at a place.
    pub(crate) fn place(&self, place: &Place) -> Operand {
        if let Some(given) = self.given.get(place) {
            return given.clone();
        }
        let each = place.steps.iter().position(|s| *s == Step::Each);
        let (head, tail) = place.steps.split_at(each.unwrap_or(place.steps.len()));
        let reached = match (place.root, self.seen, head.split_first()) {
            (Root::State(id), ..) => self.cell(id, head),
            (Root::Inputs, ..) => self.input(head),
            (Root::It, Some(of), Some((Step::Field(_, id), steps))) => self.follow(self.seen_field(of, *id), steps),
            (root, ..) => self.follow(self.root(root, head), head),
        };
        match tail.split_first() {
            None => finish(reached),
            Some((_, steps)) => self.each(reached, steps),
        }
    }

    fn root(&self, root: Root, steps: &[Step]) -> Reached {
        match root {
            Root::Field(id) => self.own_field(id, steps),
            Root::Param(id) => self.param(id),
            Root::It | Root::Other => self.element(),
            Root::State(id) => self.cell(id, steps),
            Root::Inputs => self.input(steps),
            Root::Externs => Reached { tokens: quote!(args.externs), what: What::Kind(Kind::Opaque), optional: false },
        }
    }

    fn own_field(&self, id: FieldId, steps: &[Step]) -> Reached {
        let ty = self.ctx.ty(self.ty);
        if let Body::Bits(bits) = &ty.body {
            let part = id.of(&bits.parts);
            let name = ident(&part.rust);
            let tokens = if self.side == Side::Read { quote!(#name) } else { quote!(self.#name) };
            return Reached { tokens, what: What::Kind(part_kind(part.width, part.kind)), optional: false };
        }
        let Some(field) = self.ctx.format.field(self.ty, id).cloned() else {
            return Reached { tokens: TokenStream::new(), what: What::Kind(Kind::Opaque), optional: false };
        };
        if let Some(tokens) = self.present.get(&id) {
            return Reached { tokens: tokens.clone(), what: What::Field(Box::new(field), false), optional: false };
        }
        let optional = field.is_optional();
        let tokens = self.own_tokens(id, &field, steps);
        let computed = self.side == Side::Measure && matches!(field.role, Role::Driven(_));
        let what = if computed { What::Kind(driven_kind(&field)) } else { What::Field(Box::new(field), true) };
        Reached { tokens, what, optional }
    }

    fn own_tokens(&self, id: FieldId, field: &Field, steps: &[Step]) -> TokenStream {
        let (name, held) = (ident(&field.rust), local(&field.rust));
        let driver = self.ctx.is_driver_of(self.ty, id);
        if let (true, Some(Step::Field(of, target))) = (driver, steps.first())
            && self.ctx.ty(*of).as_struct().is_some_and(|s| s.outside.contains(target))
        {
            let companion = format_ident!("{}_driven", local(&field.rust));
            return quote!(#companion);
        }
        match (self.side, &field.role) {
            (Side::Read, _) => quote!(#held),
            (_, Role::Held | Role::ImpliedKept | Role::Implied) => quote!(self.#name),
            (_, Role::DrivenOutside) => quote!(driven.#name),
            (Side::Value, _) => quote!(#held),
            (Side::Measure, _) => quote!(self.#name()),
        }
    }

    /// A field of an element that was read in parts.
    fn seen_field(&self, of: TypeId, id: FieldId) -> Reached {
        let Some(field) = self.ctx.format.field(of, id).cloned() else {
            return Reached { tokens: TokenStream::new(), what: What::Kind(Kind::Opaque), optional: false };
        };
        let (tokens, optional) = (Self::seen_local(&field), field.is_optional());
        Reached { tokens: quote!(#tokens), what: What::Field(Box::new(field), true), optional }
    }

    /// What a field of an element that was read in parts is called.
    #[must_use]
    pub fn seen_local(field: &Field) -> Ident {
        format_ident!("it_{}", local(&field.rust))
    }

    fn param(&self, id: ParamId) -> Reached {
        let ty = self.ctx.ty(self.ty);
        let param = id.of(&ty.params);
        let name = ident(&param.rust);
        let tokens = if self.side == Side::Measure { quote!(#name) } else { quote!(args.#name) };
        let what = match &param.ty {
            ParamTy::Ref(Ty::Type(id)) => What::Value(*id, false),
            other => What::Kind(param_kind(other)),
        };
        Reached { tokens, what, optional: param.absent }
    }

    /// An input, or all of them.
    fn input(&self, steps: &[Step]) -> Reached {
        let all = if self.side == Side::Measure { quote!(inputs) } else { quote!(args.inputs) };
        let Some((Step::Input(i), steps)) = steps.split_first() else {
            return Reached { tokens: all, what: What::Kind(Kind::Opaque), optional: false };
        };
        let Some(input) = self.ctx.format.inputs.get(*i) else {
            return Reached { tokens: all, what: What::Kind(Kind::Opaque), optional: false };
        };
        let (name, what) = (ident(&input.param.rust), What::Kind(param_kind(&input.param.ty)));
        self.follow(Reached { tokens: quote!(#all.#name), what, optional: false }, steps)
    }

    fn element(&self) -> Reached {
        let it = self.it.clone().unwrap_or_else(|| Operand::plain(quote!(it), Kind::Opaque));
        let tokens = it.atom();
        let what = match it.kind {
            Kind::Value(id) => What::Value(id, self.ctx.ty(id).is_driven_outside()),
            kind => What::Kind(kind),
        };
        Reached { tokens, what, optional: false }
    }

    pub(super) fn follow(&self, reached: Reached, steps: &[Step]) -> Reached {
        steps.iter().fold(reached, |reached, step| self.step(reached, *step))
    }

    fn step(&self, from: Reached, step: Step) -> Reached {
        match step {
            Step::Field(ty, id) => self.step_member(from, ty, id),
            Step::Case(ty, id) => self.case(from, ty, id.0),
            Step::Flag(flags, i) => {
                let of = flags.of(&self.ctx.format.flags);
                let name = ident(&of.rust);
                let flag = of.flags.get(i).map(crate::emit::flags::flag_const);
                let from = finish(from);
                let atom = from.atom();
                let tokens = if from.mode == Mode::Plain {
                    quote!(#atom.contains(#name::#flag))
                } else {
                    quote!(#atom.map(|it| it.contains(#name::#flag)))
                };
                Reached { tokens, what: What::Kind(Kind::Bool), optional: from.mode != Mode::Plain }
            }
            Step::Each | Step::Cell(_) | Step::Column(_) | Step::Input(_) => from,
        }
    }

    /// Whether a place that was reached holds its value as a `Wire` companion.
    fn is_wired(&self, from: &Reached, ty: TypeId) -> bool {
        match &from.what {
            What::Value(_, wired) => *wired,
            _ => self.ctx.ty(ty).is_driven_outside() && !self.drives_whole(from, ty),
        }
    }

    fn drives_whole(&self, from: &Reached, ty: TypeId) -> bool {
        let What::Field(field, _) = &from.what else { return false };
        let Some(s) = self.ctx.ty(self.ty).as_struct() else { return false };
        s.drives.iter().any(|d| d.of == ty && d.holder.of(&s.fields).name == field.name)
    }

    fn step_member(&self, from: Reached, ty: TypeId, id: FieldId) -> Reached {
        let wired = self.is_wired(&from, ty);
        if let Body::Bits(bits) = &self.ctx.ty(ty).body {
            let part = id.of(&bits.parts);
            let name = ident(&part.rust);
            let tokens = through(&from, &quote!(#name), false, true);
            return Reached { tokens, what: What::Kind(part_kind(part.width, part.kind)), optional: from.optional };
        }
        let Some(field) = self.ctx.format.field(ty, id).cloned() else { return from };
        if let Some(reached) = self.pinned(&field) {
            return reached;
        }
        let copy = is_copy(&field);
        let name = ident(&field.rust);
        let inner = ident(&crate::emit::names::snake(&self.ctx.ty(ty).rust));
        let path = match &field.role {
            Role::DrivenOutside if wired => quote!(driven.#name),
            Role::DrivenOutside => quote!(#name),
            _ if !field.is_held() && wired => quote!(#inner.#name()),
            _ if !field.is_held() => quote!(#name()),
            _ if wired => quote!(#inner.#name),
            _ => quote!(#name),
        };
        let optional = field.is_optional();
        let tokens = through(&from, &path, optional, copy || !field.is_held());
        let what = if field.is_driven() && !matches!(field.role, Role::DrivenOutside) {
            What::Kind(driven_kind(&field))
        } else {
            What::Field(Box::new(field), !from.optional)
        };
        Reached { tokens, what, optional: optional || from.optional }
    }

    /// A field of another type whose value is a constant of the spec: nothing holds it, so it stands for itself.
    fn pinned(&self, field: &Field) -> Option<Reached> {
        let (Role::Pinned(pin), Content::Scalar(scalar)) = (&field.role, &field.content) else { return None };
        if pin.kept || field.is_optional() || !matches!(pin.value.kind, ExprKind::Int(_) | ExprKind::Bool(_)) {
            return None;
        }
        let value = self.emit_for(&pin.value, *scalar);
        Some(Reached { tokens: value.tokens, what: What::Kind(value.kind), optional: false })
    }

    fn case(&self, from: Reached, ty: TypeId, case: usize) -> Reached {
        let Body::Union(union) = &self.ctx.ty(ty).body else { return from };
        let Some(case) = union.cases.get(case) else { return from };
        let Some(body) = &case.body else {
            let method = crate::emit::union::is_case(case);
            let tokens = through(&from, &quote!(#method().then_some(true)), true, true);
            return Reached { tokens, what: What::Kind(Kind::Bool), optional: true };
        };
        let method = crate::emit::union::as_case(case);
        let base = &from.tokens;
        let tokens = if from.optional {
            let base = if matches!(&from.what, What::Field(_, true)) { quote!(#base.as_ref()) } else { quote!(#base) };
            quote!(#base.and_then(|it| it.#method()))
        } else {
            quote!(#base.#method())
        };
        let copied = if is_copy(body) { quote!(#tokens.copied()) } else { tokens };
        Reached { tokens: copied, what: What::Field(body.clone(), false), optional: true }
    }

    /// A value per element of a list.
    fn each(&self, reached: Reached, steps: &[Step]) -> Operand {
        let list = finish(reached);
        let atom = list.atom();
        let iter = if list.mode == Mode::Plain { quote!(#atom.iter()) } else { quote!(#atom.into_iter().flatten()) };
        let Kind::List(Ty::Type(id)) = list.kind else {
            return Operand::plain(quote!(#iter.copied()), Kind::Iter(Box::new(Kind::Opaque)));
        };
        let wired = self.ctx.ty(id).is_driven_outside();
        let start = Reached { tokens: quote!(it), what: What::Value(id, wired), optional: false };
        let end = finish(self.follow(start, steps));
        let (tokens, kind) = (end.tokens, Box::new(end.kind));
        let mapped = if end.mode == Mode::Plain {
            quote!(#iter.map(|it| #tokens))
        } else {
            quote!(#iter.filter_map(|it| #tokens))
        };
        Operand::plain(mapped, Kind::Iter(kind))
    }
}

/// A member of what was reached: plain, or through an `Option`.
fn through(from: &Reached, path: &TokenStream, optional: bool, copy: bool) -> TokenStream {
    let base = &from.tokens;
    if !from.optional {
        return quote!(#base.#path);
    }
    let base = if matches!(&from.what, What::Field(_, true)) { quote!(#base.as_ref()) } else { quote!(#base) };
    match (optional, copy) {
        (false, true) => quote!(#base.map(|it| it.#path)),
        (false, false) => quote!(#base.map(|it| &it.#path)),
        (true, true) => quote!(#base.and_then(|it| it.#path)),
        (true, false) => quote!(#base.and_then(|it| it.#path.as_ref())),
    }
}

/// The kind of an element.
pub(super) fn element_kind(ty: &Ty) -> Kind {
    match ty {
        Ty::Int(range) => {
            let signed = range.min < 0;
            let of = |bits: u32| {
                let r = if signed { crate::model::Range::signed(bits) } else { crate::model::Range::unsigned(bits) };
                r.contains(range.min) && r.contains(range.max)
            };
            Kind::Int(signed, [8, 16, 32, 64].into_iter().find(|b| of(*b)).unwrap_or(128))
        }
        Ty::Bool => Kind::Bool,
        Ty::Enum(id) => Kind::Enum(*id),
        Ty::Flags(id) => Kind::Flags(*id),
        Ty::Guid { mixed } => Kind::Guid(*mixed),
        Ty::Bytes => Kind::Bytes,
        Ty::Utf16 => Kind::Units,
        Ty::Type(id) => Kind::Value(*id),
        _ => Kind::Opaque,
    }
}

/// What a content is in an expression.
pub(crate) fn content_kind(content: &Content) -> Kind {
    match content {
        Content::Scalar(scalar) => scalar_kind(*scalar),
        Content::Bytes(_) | Content::Utf8(_) | Content::CStr | Content::PStr(_) => Kind::Bytes,
        Content::Utf16(_) => Kind::Units,
        Content::Type { id, .. } => Kind::Value(*id),
        Content::Magic(_) | Content::Blob(_) | Content::Zero(_) | Content::Align(_) | Content::Lazy(_) => Kind::Opaque,
    }
}

/// The element of a list in an expression.
fn element_ty(field: &Field) -> Ty {
    match content_kind(&field.content) {
        Kind::Value(id) => Ty::Type(id),
        Kind::Int(signed, bits) if signed => Ty::Int(crate::model::Range::signed(bits)),
        Kind::Int(_, bits) => Ty::Int(crate::model::Range::unsigned(bits)),
        Kind::Bool => Ty::Bool,
        Kind::Enum(id) => Ty::Enum(id),
        Kind::Flags(id) => Ty::Flags(id),
        Kind::Guid(mixed) => Ty::Guid { mixed },
        Kind::Bytes => Ty::Bytes,
        Kind::Units => Ty::Utf16,
        Kind::Float => Ty::Float,
        _ => Ty::Opaque,
    }
}

/// An element that a closure is handed behind `depth` references.
pub(crate) fn element_behind(ty: &Ty, name: TokenStream, depth: usize) -> Operand {
    let kind = element_kind(ty);
    match kind {
        Kind::Value(_) | Kind::Opaque => Operand::plain(name, kind),
        Kind::Bytes => Operand::plain(quote!(expr::bytes(#name)), kind),
        Kind::Units => Operand::plain(quote!(#name.0.as_slice()), kind),
        _ => {
            let stars = std::iter::repeat_n(quote!(*), depth);
            Operand::infix(quote!(#(#stars)* #name), kind)
        }
    }
}

/// What was reached as an operand.
pub(super) fn finish(reached: Reached) -> Operand {
    let mode = if reached.optional { Mode::Absent } else { Mode::Plain };
    let tokens = reached.tokens;
    match reached.what {
        What::Kind(kind) => Operand::plain(tokens, kind).with_mode(mode),
        What::Value(id, _) => Operand::plain(tokens, Kind::Value(id)).with_mode(mode),
        What::Field(field, member) => of_field(&field, tokens, mode, member),
    }
}

/// A field, or an element, as an operand.
fn of_field(field: &Field, tokens: TokenStream, mode: Mode, member: bool) -> Operand {
    if field.repeat.is_some() {
        let ty = element_ty(field);
        let tokens = match mode {
            Mode::Plain => tokens,
            _ if member => quote!(#tokens.as_deref()),
            _ => quote!(#tokens.map(|it| it.as_slice())),
        };
        return Operand::plain(tokens, Kind::List(ty)).with_mode(mode);
    }
    let kind = content_kind(&field.content);
    let tokens = match (&kind, mode) {
        (Kind::Bytes | Kind::Units, Mode::Plain) => bytes_of(&field.content, &tokens),
        (Kind::Bytes | Kind::Units, _) => {
            let inner = bytes_of(&field.content, &quote!(it));
            if member { quote!(#tokens.as_ref().map(|it| #inner)) } else { quote!(#tokens.map(|it| #inner)) }
        }
        (Kind::Value(_) | Kind::Opaque, Mode::Absent) if member => quote!(#tokens.as_ref()),
        _ => tokens,
    };
    Operand::plain(tokens, kind).with_mode(mode)
}

fn scalar_kind(scalar: Scalar) -> Kind {
    match scalar {
        Scalar::UInt(n) => Kind::Int(false, n.saturating_mul(8)),
        Scalar::Int(n) => Kind::Int(true, n.saturating_mul(8)),
        Scalar::F32 | Scalar::F64 => Kind::Float,
        Scalar::Bool => Kind::Bool,
        Scalar::Enum(id) => Kind::Enum(id),
        Scalar::Flags(id) => Kind::Flags(id),
        Scalar::Guid => Kind::Guid(true),
        Scalar::Uuid => Kind::Guid(false),
        Scalar::Bytes(_) => Kind::Bytes,
    }
}

/// What the accessor of a driven field gives.
fn driven_kind(field: &Field) -> Kind {
    match field.content {
        Content::Scalar(Scalar::UInt(_)) => Kind::Int(false, 64),
        Content::Scalar(scalar) => scalar_kind(scalar),
        _ => Kind::Opaque,
    }
}

fn part_kind(width: u32, kind: PartKind) -> Kind {
    match kind {
        PartKind::Bool => Kind::Bool,
        PartKind::Enum(id) => Kind::Enum(id),
        _ => Kind::Int(false, crate::emit::rust_type::bits_for(width)),
    }
}

pub(super) fn param_kind(ty: &ParamTy) -> Kind {
    match ty {
        ParamTy::UInt(n) => Kind::Int(false, n.saturating_mul(8)),
        ParamTy::Int(n) => Kind::Int(true, n.saturating_mul(8)),
        ParamTy::Bool => Kind::Bool,
        ParamTy::Enum(id) => Kind::Enum(*id),
        ParamTy::Flags(id) => Kind::Flags(*id),
        ParamTy::Guid(mixed) => Kind::Guid(*mixed),
        ParamTy::Text => Kind::Bytes,
        ParamTy::Ref(Ty::List(ty)) => Kind::List((**ty).clone()),
        ParamTy::Ref(Ty::Type(id)) => Kind::Value(*id),
        ParamTy::Ref(_) | ParamTy::Place | ParamTy::State(_) | ParamTy::Inputs | ParamTy::Externs => Kind::Opaque,
    }
}

/// Whether values of a field are copied, not borrowed.
pub(crate) fn is_copy(field: &Field) -> bool {
    field.repeat.is_none()
        && match &field.content {
            Content::Scalar(scalar) => !matches!(scalar, Scalar::Bytes(_)),
            Content::Zero(Length::Rest) => !matches!(field.role, Role::ImpliedKept),
            _ => false,
        }
}

/// A text or bytes as `&[u8]`, UTF-16 text as `&[u16]`.
pub(crate) fn bytes_of(content: &Content, tokens: &TokenStream) -> TokenStream {
    match content {
        Content::Utf8(_) | Content::CStr => quote!(#tokens.as_bytes()),
        Content::PStr(_) | Content::Utf16(_) => quote!(#tokens.0.as_slice()),
        _ => quote!(#tokens.as_slice()),
    }
}

impl Env<'_> {
    /// A scalar field of the value itself, not as bytes but as the member or local that it is.
    #[must_use]
    pub fn raw_place(&self, place: &Place, field: &Field) -> TokenStream {
        let Root::Field(id) = place.root else { return TokenStream::new() };
        self.own_tokens(id, field, &[])
    }

    /// The member or local of a field.
    #[must_use]
    pub fn member(&self, id: FieldId, field: &Field) -> TokenStream {
        self.own_tokens(id, field, &[])
    }
}
