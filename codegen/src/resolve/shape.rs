//! Drafts of all types: each field knows what it is; inline parts have become types of their own.

use super::draft::{Draft, DraftCase, DraftParam, Kind, Member, Outer, PartShape, Shape};
use super::{Resolver, choices};
use crate::diagnostic::{Code, Diagnostic, did_you_mean};
use crate::emit::names::{pascal, snake};
use crate::model::{CaseId, FieldId, ParamTy, Range, Repr, Scalar, Ty, TypeId};
use crate::source::{Span, Spanned};
use crate::syntax::ast::{CaseDecl, Content, FieldDecl, Options, SwitchDecl, TypeBody, TypeDecl, TypeExpr};
use crate::syntax::expr::ExprKind;
use std::collections::BTreeMap;

/// Most bytes of a `bytes(n)` that is an array in Rust.
const ARRAY: u64 = 4096;

/// Makes a draft of every type.
pub(super) fn resolve(r: &mut Resolver<'_>) {
    let files = r.files;
    let decls: Vec<&TypeDecl> = files.iter().flat_map(|f| &f.types).collect();
    for decl in decls.iter().copied() {
        if r.names.types.get(&decl.name.value) == Some(&TypeId(r.drafts.len())) {
            let draft = named(r, decl);
            r.drafts.push(draft);
        }
    }
    for id in 0..r.names.types.len() {
        let id = TypeId(id);
        if let Some(decl) = r.draft(id).decl {
            let kind = body(r, id, decl);
            r.draft_mut(id).kind = kind;
        }
    }
    rust_names(r);
    super::extend::check(r);
}

fn named<'a>(r: &mut Resolver<'a>, decl: &'a TypeDecl) -> Draft<'a> {
    let params = decl.params.iter().filter_map(|p| {
        let Some((ty, as_ty)) = r.param_ty(&p.kind) else {
            r.lose(&p.name.value);
            return None;
        };
        Some(DraftParam {
            name: p.name.value.clone(),
            rust: snake(&p.name.value),
            doc: super::text(p.doc.as_ref()),
            ty,
            as_ty,
            absent: false,
            captured: None,
        })
    });
    let params = params.collect();
    Draft {
        name: decl.name.value.clone(),
        rust: pascal(&decl.name.value),
        span: decl.name.span,
        decl: Some(decl),
        options: None,
        outer: None,
        kind: Kind::Struct(Vec::new()),
        tag: None,
        params,
    }
}

fn body<'a>(r: &mut Resolver<'a>, id: TypeId, decl: &'a TypeDecl) -> Kind<'a> {
    match &decl.body {
        TypeBody::Fields(fields) => members(r, id, fields),
        TypeBody::Bits { repr, fields } => {
            let bits = match choices::width(&repr.value.name, 'u') {
                Some(bits @ (8 | 16 | 32 | 64)) if repr.value.arg.is_none() => bits,
                _ => {
                    r.error(
                        Code::BitsContent,
                        "`bits` takes `u8`, `u16`, `u32` or `u64`",
                        repr.span,
                        "not one of these",
                    );
                    0
                }
            };
            let parts = fields.iter().enumerate().map(|(i, f)| Member::new(f, Some(FieldId(i)), part(r, f))).collect();
            names_twice(r, fields);
            Kind::Bits(bits, parts)
        }
    }
}

fn members<'a>(r: &mut Resolver<'a>, id: TypeId, fields: &'a [FieldDecl]) -> Kind<'a> {
    names_twice(r, fields);
    let mut out: Vec<Member<'a>> = Vec::new();
    let mut next = 0_usize;
    for field in fields {
        for key in &field.options.later {
            r.later_key(key);
        }
        let field_id = (!matches!(field.content, Content::Let { .. })).then_some(FieldId(next));
        next = next.saturating_add(usize::from(field_id.is_some()));
        let around = Around { ty: id, member: out.len(), name: &field.name };
        let shape = content(r, &around, &field.content, &field.options);
        out.push(Member::new(field, field_id, shape));
    }
    Kind::Struct(out)
}

/// Where an inline part stands, and what it is called there.
struct Around<'n> {
    ty: TypeId,
    member: usize,
    name: &'n Spanned<String>,
}

fn content<'a>(r: &mut Resolver<'a>, around: &Around<'_>, content: &'a Content, options: &'a Options) -> Shape {
    match content {
        Content::Type(written) => r.shape_of(written),
        Content::Magic(_) => Shape::Magic,
        Content::Fields(fields) => Shape::Type(inline_struct(r, around, fields, options)),
        Content::Switch(switch) => Shape::Type(inline_union(r, around, switch, options)),
        Content::Let { .. } => Shape::Let,
        Content::Journal(_) | Content::Extern(_) => Shape::Blob,
    }
}

/// Adds an empty draft for an inline type.
fn inline<'a>(r: &mut Resolver<'a>, around: &Around<'_>, options: &'a Options) -> TypeId {
    let outer = r.draft(around.ty);
    let draft = Draft {
        name: format!("{}.{}", outer.name, around.name.value),
        rust: format!("{}{}", outer.rust, pascal(&around.name.value)),
        span: around.name.span,
        decl: None,
        options: Some(options),
        outer: Some(Outer { ty: around.ty, member: around.member }),
        kind: Kind::Struct(Vec::new()),
        tag: None,
        params: Vec::new(),
    };
    r.drafts.push(draft);
    TypeId(r.drafts.len().saturating_sub(1))
}

fn inline_struct<'a>(
    r: &mut Resolver<'a>,
    around: &Around<'_>,
    fields: &'a [FieldDecl],
    options: &'a Options,
) -> TypeId {
    let id = inline(r, around, options);
    let kind = members(r, id, fields);
    r.draft_mut(id).kind = kind;
    id
}

fn inline_union<'a>(r: &mut Resolver<'a>, around: &Around<'_>, switch: &'a SwitchDecl, options: &'a Options) -> TypeId {
    let id = inline(r, around, options);
    let path = r.draft(id).name.clone();
    let extended = r.extensions(&path);
    let mut cases = Vec::new();
    let all = switch.cases.iter().chain(extended).map(|c| (c, false));
    for (decl, default) in all.chain(switch.default.iter().map(|c| (c, true))) {
        let case = case(r, id, CaseId(cases.len()), decl, default);
        cases.push(case);
    }
    r.draft_mut(id).kind = Kind::Union(cases);
    id
}

fn case<'a>(r: &mut Resolver<'a>, union: TypeId, id: CaseId, decl: &'a CaseDecl, default: bool) -> DraftCase<'a> {
    for key in &decl.options.later {
        r.later_key(key);
    }
    let name = decl.name.as_ref().unwrap_or(&decl.label);
    let empty = matches!(&decl.content, Content::Fields(fields) if fields.is_empty());
    let plain = decl.options.require.is_empty() && decl.options.remember.is_empty();
    let around = Around { ty: union, member: id.0, name };
    let shape = (!empty || !plain).then(|| content(r, &around, &decl.content, &decl.options));
    DraftCase { decl, id, default, shape }
}

fn part(r: &mut Resolver<'_>, field: &FieldDecl) -> Shape {
    let Content::Type(written) = &field.content else {
        r.error(Code::BitsContent, "a part of `bits` is a type", field.span, "not a part of an integer");
        return Shape::Poison;
    };
    let name = written.value.name.as_str();
    let known = match (name, &written.value.arg) {
        ("bool", None) => Some((1, PartShape::Bool)),
        ("zero", Some(n)) => match n.kind {
            ExprKind::Int(n @ 1..=64) => Some((u32::try_from(n).unwrap_or(64), PartShape::Zero)),
            _ => None,
        },
        (name, None) => match choices::width(name, 'u') {
            Some(width) => Some((width, PartShape::UInt)),
            None => r.names.enums.get(name).copied().and_then(|id| match r.enum_(id).repr {
                Repr::UInt(width) => Some((width, PartShape::Enum(id))),
                _ => None,
            }),
        },
        _ => None,
    };
    if let Some((width, kind)) = known {
        return Shape::Part(width, kind);
    }
    if !r.is_lost(name) {
        let message = format!("`{name}` is no part of an integer");
        r.error(
            Code::BitsContent,
            &message,
            written.span,
            "`u1`..`u64`, `bool`, an enum of such a width, or `zero(n)`",
        );
    }
    Shape::Poison
}

fn names_twice(r: &mut Resolver<'_>, fields: &[FieldDecl]) {
    let mut seen: BTreeMap<String, Span> = BTreeMap::new();
    for name in fields.iter().map(|f| &f.name).filter(|n| n.value != "_") {
        if let Some(first) = seen.insert(pascal(&name.value), name.span) {
            r.out.push(super::names::twice(format!("two fields are called `{}`", name.value), name.span, first));
        }
    }
}

/// Names of inline types must not meet those of named ones.
fn rust_names(r: &mut Resolver<'_>) {
    let mut seen: BTreeMap<String, Span> = BTreeMap::new();
    let choices = r.enums.iter().map(|e| e.rust.clone()).chain(r.flags.iter().map(|f| f.rust.clone()));
    let choices: Vec<_> = choices.collect();
    for id in 0..r.drafts.len() {
        let draft = r.draft(TypeId(id));
        let (rust, span, name) = (draft.rust.clone(), draft.span, draft.name.clone());
        if choices.contains(&rust) || seen.contains_key(&rust) {
            let first = seen.get(&rust).copied().unwrap_or(span);
            let message = format!("`{name}` gets the name `{rust}` in Rust, which is taken");
            let d = Diagnostic::new(Code::DuplicateName, message, span, "inline types are called by type and field");
            r.out.push(d.also(first, "taken here"));
        }
        seen.entry(rust).or_insert(span);
    }
}

impl Resolver<'_> {
    /// The scalar, built-in or own type of this name.
    fn shape_of(&mut self, written: &Spanned<TypeExpr>) -> Shape {
        let name = written.value.name.as_str();
        if let Some(shape) = self.own_type(name) {
            if let Shape::Scalar(Scalar::Enum(id)) = shape
                && let Repr::UInt(bits) = self.enum_(id).repr
                && !matches!(bits, 8 | 16 | 32 | 64)
            {
                let message = format!("`{name}` has {bits} bits, which are no whole bytes");
                let d = Diagnostic::new(Code::BadArgument, message, written.value.name_span, "not a field of its own");
                self.out.push(d.hint("only a part of `bits` has such a width; in a field of its own its `repr` is `u8`, `u16`, `u32` or `u64`"));
                return Shape::Poison;
            }
            if let Some(arg) = &written.value.arg {
                let message = format!("`{name}` takes no argument in brackets");
                self.error(Code::BadArgument, &message, arg.span, "arguments of a type are written under `with`");
            }
            return shape;
        }
        if let Some(shape) = self.plain(written) {
            return shape;
        }
        if self.is_lost(name) {
            return Shape::Poison;
        }
        let hint = match choices::width(name, 'u') {
            Some(_) => Some("numbers of such a width are parts of `bits`".to_owned()),
            None => did_you_mean(name, self.names.of_fields()),
        };
        let message = format!("unknown type `{name}`");
        let d = Diagnostic::new(Code::UnknownType, message, written.value.name_span, "no type of this name");
        self.out.push(d.maybe_hint(hint));
        Shape::Poison
    }

    fn own_type(&self, name: &str) -> Option<Shape> {
        if let Some(id) = self.names.types.get(name) {
            return Some(Shape::Type(*id));
        }
        if let Some(id) = self.names.enums.get(name) {
            return Some(Shape::Scalar(Scalar::Enum(*id)));
        }
        self.names.flags.get(name).map(|id| Shape::Scalar(Scalar::Flags(*id)))
    }

    /// A built-in type; complains about its argument.
    fn plain(&mut self, written: &Spanned<TypeExpr>) -> Option<Shape> {
        let TypeExpr { name, arg, .. } = &written.value;
        let takes = matches!(name.as_str(), "bytes" | "blob" | "zero" | "utf8" | "utf16" | "pstr" | "align");
        let shape = self.built_in(name, arg.as_ref())?;
        if takes != arg.is_some() {
            let message =
                if takes { format!("`{name}` needs an argument") } else { format!("`{name}` takes no argument") };
            let label = if takes { "such as `(16)`" } else { "remove the brackets" };
            self.error(Code::BadArgument, &message, written.span, label);
            return Some(Shape::Poison);
        }
        Some(shape)
    }

    fn built_in(&mut self, name: &str, arg: Option<&crate::syntax::expr::Expr>) -> Option<Shape> {
        let bytes = |bits: u32| bits / 8;
        Some(match name {
            "u8" | "u16" | "u32" | "u64" => Shape::Scalar(Scalar::UInt(bytes(choices::width(name, 'u')?))),
            "i8" | "i16" | "i32" | "i64" => Shape::Scalar(Scalar::Int(bytes(choices::width(name, 'i')?))),
            "f32" => Shape::Scalar(Scalar::F32),
            "f64" => Shape::Scalar(Scalar::F64),
            "bool" => Shape::Scalar(Scalar::Bool),
            "guid" => Shape::Scalar(Scalar::Guid),
            "uuid" => Shape::Scalar(Scalar::Uuid),
            "bytes" => match arg.and_then(|a| self.const_length(a)) {
                Some(n @ 1..=ARRAY) => Shape::Scalar(Scalar::Bytes(usize::try_from(n).unwrap_or(0))),
                _ => Shape::Bytes,
            },
            "blob" => Shape::Blob,
            "zero" => Shape::Zero,
            "utf8" => Shape::Utf8,
            "utf16" => Shape::Utf16,
            "cstr" => Shape::CStr,
            "pstr" => Shape::PStr(self.prefix(arg)),
            "align" => Shape::Align,
            _ => return None,
        })
    }

    /// The length field of a `pstr`, in bytes.
    fn prefix(&mut self, arg: Option<&crate::syntax::expr::Expr>) -> u32 {
        let Some(arg) = arg else { return 1 };
        match &arg.kind {
            ExprKind::Name(n) if n == "u8" => 1,
            ExprKind::Name(n) if n == "u16" => 2,
            ExprKind::Name(n) if n == "u32" => 4,
            _ => {
                self.error(Code::BadArgument, "`pstr` takes `u8`, `u16` or `u32`", arg.span, "the type of the length");
                1
            }
        }
    }

    /// The model's type of a param, and its type in expressions.
    pub(super) fn param_ty(&mut self, kind: &Spanned<String>) -> Option<(ParamTy, Ty)> {
        let name = kind.value.as_str();
        let int = |ty: ParamTy, range: Range| Some((ty, Ty::Int(range)));
        match name {
            "u8" | "u16" | "u32" | "u64" => {
                let bits = choices::width(name, 'u')?;
                int(ParamTy::UInt(bits / 8), Range::unsigned(bits))
            }
            "i8" | "i16" | "i32" | "i64" => {
                let bits = choices::width(name, 'i')?;
                int(ParamTy::Int(bits / 8), Range::signed(bits))
            }
            "bool" => Some((ParamTy::Bool, Ty::Bool)),
            "text" => Some((ParamTy::Text, Ty::Bytes)),
            "guid" => Some((ParamTy::Guid(true), Ty::Guid { mixed: true })),
            "uuid" => Some((ParamTy::Guid(false), Ty::Guid { mixed: false })),
            "place" => Some((ParamTy::Place, Ty::Place)),
            _ => self.own_param_ty(kind),
        }
    }

    fn own_param_ty(&mut self, kind: &Spanned<String>) -> Option<(ParamTy, Ty)> {
        if let Some(id) = self.names.enums.get(&kind.value) {
            return Some((ParamTy::Enum(*id), Ty::Enum(*id)));
        }
        if let Some(id) = self.names.flags.get(&kind.value) {
            return Some((ParamTy::Flags(*id), Ty::Flags(*id)));
        }
        if self.is_lost(&kind.value) {
            return None;
        }
        let message = format!("`{}` is no type for a param", kind.value);
        self.error(
            Code::BadParamType,
            &message,
            kind.span,
            "an integer, `bool`, an enum, flags, a guid, `text` or `place`",
        );
        None
    }
}
