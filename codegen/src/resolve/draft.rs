//! Types while they are being resolved: what each field is, before any expression is typed.

use crate::model::{CaseId, Expr, FieldId, ParamTy, Place, Scalar, Tag, Ty, TypeId};
use crate::source::{Span, Spanned};
use crate::syntax::ast::{CaseDecl, Content, FieldDecl, Options, TypeDecl};

/// A type on its way into the model.
#[derive(Debug)]
pub(crate) struct Draft<'a> {
    /// Name in the spec, a path for an inline type.
    pub(super) name: String,
    /// Name in Rust.
    pub(super) rust: String,
    /// Where it stands.
    pub(super) span: Span,
    /// What was written, for a named type.
    pub(super) decl: Option<&'a TypeDecl>,
    /// The keys around an inline type.
    pub(super) options: Option<&'a Options>,
    /// The type and member around an inline type.
    pub(super) outer: Option<Outer>,
    /// What it is made of.
    pub(super) kind: Kind<'a>,
    /// Of a switch, what it is switched on.
    pub(super) tag: Option<(Expr, Tag)>,
    /// Params: explicit ones, the tag of a switch, then captured ones as they turn up.
    pub(super) params: Vec<DraftParam>,
}

/// Where an inline type stands.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Outer {
    /// The type around it.
    pub(super) ty: TypeId,
    /// Which member of it.
    pub(super) member: usize,
}

/// What a draft is made of.
#[derive(Debug)]
pub(crate) enum Kind<'a> {
    /// Fields in wire order.
    Struct(Vec<Member<'a>>),
    /// Parts of an integer of so many bits.
    Bits(u32, Vec<Member<'a>>),
    /// Cases.
    Union(Vec<DraftCase<'a>>),
}

/// A field, or a `let`.
#[derive(Debug, Clone)]
pub(crate) struct Member<'a> {
    /// Its name.
    pub(super) name: &'a Spanned<String>,
    /// Its id, unless it is a `let`.
    pub(super) id: Option<FieldId>,
    /// What was written.
    pub(super) content: &'a Content,
    /// The rest of its keys.
    pub(super) options: &'a Options,
    /// Its place.
    pub(super) span: Span,
    /// What it is, a list aside.
    pub(super) shape: Shape,
}

/// What a member is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Shape {
    /// A scalar.
    Scalar(Scalar),
    /// A part of an integer: width, and the enum.
    Part(u32, PartShape),
    /// Constant bytes.
    Magic,
    /// `bytes`, not of a small constant length.
    Bytes,
    /// `utf8`
    Utf8,
    /// `utf16`
    Utf16,
    /// `blob`
    Blob,
    /// `zero`
    Zero,
    /// `align`
    Align,
    /// `cstr`
    CStr,
    /// `pstr`, length in so many bytes.
    PStr(u32),
    /// A type, named or inline.
    Type(TypeId),
    /// A named value.
    Let,
    /// Something reported already.
    Poison,
}

/// What a part of an integer is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum PartShape {
    /// A number.
    UInt,
    /// `bool`
    Bool,
    /// An enum.
    Enum(crate::model::EnumId),
    /// `zero`
    Zero,
}

/// A case.
#[derive(Debug, Clone)]
pub(crate) struct DraftCase<'a> {
    /// What was written.
    pub(super) decl: &'a CaseDecl,
    /// Its id.
    pub(super) id: CaseId,
    /// Whether it is the default.
    pub(super) default: bool,
    /// What it is; `None` without fields.
    pub(super) shape: Option<Shape>,
}

/// A param.
#[derive(Debug, Clone)]
pub(crate) struct DraftParam {
    /// Its name in the spec.
    pub(super) name: String,
    /// Its name in Rust.
    pub(super) rust: String,
    /// `doc`.
    pub(super) doc: Option<String>,
    /// Its type.
    pub(super) ty: ParamTy,
    /// As the type of an expression.
    pub(super) as_ty: Ty,
    /// Whether it can be absent.
    pub(super) absent: bool,
    /// What it is where nobody says.
    pub(super) default: Option<crate::syntax::expr::Expr>,
    /// Of a captured one: what it stands for in the type around, and where that was found.
    pub(super) captured: Option<Captured>,
}

/// What a captured param stands for.
#[derive(Debug, Clone)]
pub(crate) struct Captured {
    /// The place in the type directly around.
    pub(super) source: Place,
    /// The type in which the name was found.
    pub(super) owner: TypeId,
    /// The place there.
    pub(super) place: Place,
}

impl<'a> Draft<'a> {
    /// The members, none for a switch.
    pub(super) fn members(&self) -> &[Member<'a>] {
        match &self.kind {
            Kind::Struct(members) | Kind::Bits(_, members) => members,
            Kind::Union(_) => &[],
        }
    }

    /// A member by name.
    pub(super) fn member(&self, name: &str) -> Option<(usize, &Member<'a>)> {
        self.members().iter().enumerate().find(|(_, m)| m.name.value == name && name != "_")
    }

    /// A param by name; captured ones have no name that can be written.
    pub(super) fn param(&self, name: &str) -> Option<usize> {
        self.params.iter().position(|p| p.name == name && p.captured.is_none())
    }

    /// The cases, none for others.
    pub(super) fn cases(&self) -> &[DraftCase<'a>] {
        match &self.kind {
            Kind::Union(cases) => cases,
            _ => &[],
        }
    }
}

impl Member<'_> {
    /// Whether it is a list.
    pub(super) fn is_list(&self) -> bool {
        is_list(self.options)
    }

    /// Whether it is a list whose elements are not held.
    pub(super) fn is_lazy(&self) -> bool {
        self.options.lazy.as_ref().is_some_and(|lazy| lazy.value)
    }

    /// Whether it may be absent.
    pub(super) fn is_optional(&self) -> bool {
        self.options.if_.is_some() || self.options.since.is_some() || self.options.before.is_some()
    }
}

/// Whether these keys make a list.
pub(super) fn is_list(options: &Options) -> bool {
    options.count.is_some() || options.until.is_some() || options.while_.is_some() || options.each.is_some()
}

impl<'a> Member<'a> {
    /// A member before it is known what it is.
    pub(super) fn new(field: &'a FieldDecl, id: Option<FieldId>, shape: Shape) -> Self {
        Self { name: &field.name, id, content: &field.content, options: &field.options, span: field.span, shape }
    }
}
