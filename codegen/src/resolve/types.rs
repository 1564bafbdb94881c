//! Types in the model's form: bodies first, then params, since typing the bodies finds what inline types capture.

use super::draft::{Draft, Kind};
use super::scope::Scope;
use super::{Resolver, text, texts};
use crate::diagnostic::Code;
use crate::model::{
    Bits, Body, Content, Expr, ExprKind, Field, FieldId, Greed, Param, Policy, Range, Remember, Site, Size, Struct,
    Tag, Ty, Type, TypeId, Window,
};

/// Builds all types.
pub(super) fn resolve(r: &mut Resolver<'_>) -> Vec<Type> {
    for id in 0..r.drafts.len() {
        super::unions::tag(r, TypeId(id));
    }
    let mut types: Vec<Type> = Vec::new();
    for id in 0..r.drafts.len() {
        let built = build(r, TypeId(id));
        types.push(built);
    }
    for (id, ty) in types.iter_mut().enumerate() {
        ty.params = r.draft(TypeId(id)).params.iter().map(param).collect();
        captured_args(r, &mut ty.body);
    }
    types
}

fn build(r: &mut Resolver<'_>, id: TypeId) -> Type {
    let body = body(r, id);
    let order = super::order::order(r, id);
    let version = r.version(id, usize::MAX);
    let draft = r.draft(id);
    let (decl, options) = (draft.decl, draft.options);
    Type {
        name: draft.name.clone(),
        rust: draft.rust.clone(),
        doc: text(decl.map_or_else(|| options.and_then(|o| o.doc.as_ref()), |d| d.doc.as_ref())),
        refs: decl.map(|d| texts(&d.refs)).unwrap_or_default(),
        site: r.site(draft.span),
        outer: draft.outer.map(|o| o.ty),
        params: Vec::new(),
        order,
        version,
        body,
        size: Size::AtLeast(0),
        has_blob: false,
        greed: Greed::None,
        recursive: false,
    }
}

fn body(r: &mut Resolver<'_>, id: TypeId) -> Body {
    match &r.draft(id).kind {
        Kind::Union(_) => Body::Union(super::unions::union(r, id)),
        Kind::Bits(bits, members) => {
            let (bits, members) = (*bits, members.clone());
            let parts = super::bits::parts(r, id, bits, &members);
            let require = r.require(id);
            Body::Bits(Bits { bytes: bits / 8, parts, require })
        }
        Kind::Struct(members) => {
            let members = members.clone();
            let (mut fields, mut lets) = (Vec::new(), Vec::new());
            for (i, member) in members.iter().enumerate() {
                if member.id.is_none() {
                    lets.extend(super::lets::named(r, id, i, member));
                } else if let Some(field) = super::fields::field(r, id, i, member) {
                    fields.push(field);
                }
            }
            let (window, window_field) = own_window(r, id);
            let mut require = r.let_rules(id, &members);
            require.extend(r.require(id));
            let remember = own_remember(r, id);
            let slack = r.draft(id).decl.and_then(|d| d.slack.as_ref()).map_or(Policy::None, |s| s.value);
            Body::Struct(Struct {
                fields,
                lets,
                window,
                window_field,
                slack,
                is_place: false,
                require,
                remember,
                outside: Vec::new(),
                drives: Vec::new(),
            })
        }
    }
}

/// `remember` of a type, or of an inline body.
fn own_remember(r: &mut Resolver<'_>, id: TypeId) -> Vec<Remember> {
    let draft = r.draft(id);
    let decls = match (draft.decl, draft.options) {
        (Some(decl), _) => &decl.remember,
        (None, Some(options)) => &options.remember,
        (None, None) => return Vec::new(),
    };
    r.remember(&Scope::whole(id, None), decls)
}

/// `size` of a type, and the field of its own that says it.
fn own_window(r: &mut Resolver<'_>, id: TypeId) -> (Option<Window>, Option<FieldId>) {
    let Some(decl) = r.draft(id).decl else { return (None, None) };
    let Some(size) = &decl.size else { return (None, None) };
    let max = r.limit(decl.max.as_ref());
    let slack = decl.slack.as_ref().map_or(Policy::None, |s| s.value);
    let Some(size) = r.number(&Scope::whole(id, None), size) else { return (None, None) };
    let own = super::rules::fields_of(&size).into_iter().max();
    (Some(Window { size, slack, max, held: false }), own)
}

fn param(draft: &super::draft::DraftParam) -> Param {
    Param {
        name: draft.name.clone(),
        rust: draft.rust.clone(),
        doc: draft.doc.clone(),
        ty: draft.ty.clone(),
        absent: draft.absent,
        captured: draft.captured.is_some(),
    }
}

/// Adds what inline types capture to the arguments they are given.
fn captured_args(r: &Resolver<'_>, body: &mut Body) {
    for (content, _) in contents(body) {
        if let Content::Type { id, args } = content {
            args.extend(r.draft(*id).captured_args(r));
        }
    }
}

/// What the fields of a type are, or the bodies of its cases, and where each stands.
pub(super) fn contents<'b>(body: &'b mut Body) -> Vec<(&'b mut Content, Site)> {
    let fields: Vec<&mut Field> = match body {
        Body::Struct(s) => s.fields.iter_mut().collect(),
        Body::Union(u) => u.cases.iter_mut().filter_map(|c| c.body.as_deref_mut()).collect(),
        Body::Bits(_) => Vec::new(),
    };
    let content = |f: &'b mut Field| match &mut f.content {
        Content::Lazy(lazy) => (&mut lazy.element, f.site),
        content => (content, f.site),
    };
    fields.into_iter().map(content).collect()
}

impl Draft<'_> {
    /// The places that stand for captured params in the type around.
    fn captured_args(&self, r: &Resolver<'_>) -> Vec<Expr> {
        let captured = self.params.iter().filter_map(|p| Some((p, p.captured.as_ref()?)));
        let arg = |(p, c): (&super::draft::DraftParam, &super::draft::Captured)| Expr {
            kind: ExprKind::Place(c.source.clone()),
            ty: p.as_ty.clone(),
            absent: p.absent,
            fallible: false,
            text: p.name.clone(),
            site: r.site(self.span),
        };
        captured.map(arg).collect()
    }
}

impl Resolver<'_> {
    /// What `since` and `before` compare with in a type: its own `version`, or that of the named type around.
    pub(super) fn version(&mut self, ty: TypeId, limit: usize) -> Option<Expr> {
        let (mut at, mut limit) = (ty, limit);
        loop {
            let draft = self.draft(at);
            if let Some(version) = draft.decl.and_then(|d| d.version.as_ref()) {
                let scope = Scope { from: at, limit, ..Scope::whole(ty, None) };
                return self.number(&scope, version);
            }
            let outer = draft.outer?;
            (at, limit) = (outer.ty, outer.member);
        }
    }

    /// A constant number of bytes or elements.
    pub(super) fn limit(&mut self, e: Option<&crate::syntax::expr::Expr>) -> Option<u64> {
        let e = e?;
        let limit = self.const_length(e);
        if limit.is_none() {
            self.error(Code::NotConstant, "a limit is a constant number", e.span, "made of numbers and constants");
        }
        limit
    }
}

/// Names of tags in params.
pub(super) fn tag_ty(tag: Tag) -> Ty {
    match tag {
        Tag::Enum(id) => Ty::Enum(id),
        Tag::Bool => Ty::Bool,
        Tag::Text => Ty::Bytes,
        Tag::Guid(mixed) => Ty::Guid { mixed },
    }
}

/// The range of an unsigned 64-bit number.
pub(super) fn any_size() -> Ty {
    Ty::Int(Range::unsigned(64))
}
