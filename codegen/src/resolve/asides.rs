//! What is read aside: `via`, `from`, lists that are not held, and which structs are places.

use super::Resolver;
use super::draft::{Kind, Member};
use super::scope::Scope;
use crate::diagnostic::{Code, Diagnostic, did_you_mean};
use crate::model::{Aside, Body, Content, Expr, ExprKind, Format, From, Lazy, Place, Root, Ty};
use crate::source::Spanned;
use crate::syntax::ast::Options;
use crate::syntax::expr;

/// Where a field is read aside.
pub(super) fn aside(r: &mut Resolver<'_>, scope: &Scope, member: &Member<'_>) -> Option<Aside> {
    let e = member.options.via.as_ref()?;
    let offset = r.size_expr(scope, e);
    let from = from(r, scope, member.options);
    Some(Aside { offset: offset?, from: from? })
}

/// The place that `via` counts from.
fn from(r: &mut Resolver<'_>, scope: &Scope, options: &Options) -> Option<From> {
    let Some(name) = &options.from else { return Some(From::This) };
    match name.value.as_str() {
        "type" => Some(From::This),
        "window" => {
            r.later_key(name);
            None
        }
        "file" => from_file(r, scope, name),
        _ => from_param(r, scope, name),
    }
}

/// The file starts with a root, and only that knows where.
fn from_file(r: &mut Resolver<'_>, scope: &Scope, name: &Spanned<String>) -> Option<From> {
    let draft = r.draft(scope.ty);
    let is_root = r.files.first().is_some_and(|f| f.root.iter().chain(&f.roots).any(|root| root.value == draft.name));
    if is_root {
        return Some(From::This);
    }
    let message = format!("`{}` is no root, and does not know where the file starts", draft.name);
    let d = Diagnostic::new(Code::NotAPlace, message, name.span, "not known here");
    r.out.push(d.hint(
        "give it the file as a param: `params: {file_place: place}`, and in the root `with: {file_place: this}`",
    ));
    None
}

/// A param of this type, or of one around it.
pub(super) fn from_param(r: &mut Resolver<'_>, scope: &Scope, name: &Spanned<String>) -> Option<From> {
    let mut at = Some(scope.ty);
    let mut near = vec!["type".to_owned(), "file".to_owned()];
    let mut found = false;
    while let Some(ty) = at.filter(|_| !found) {
        let draft = r.draft(ty);
        found = draft.param(&name.value).is_some();
        near.extend(draft.params.iter().filter(|p| p.as_ty == Ty::Place).map(|p| p.name.clone()));
        at = draft.outer.map(|o| o.ty);
    }
    if !found {
        if !r.is_lost(&name.value) {
            let hint = did_you_mean(&name.value, near.iter().map(String::as_str));
            let message = format!("`{}` is no place", name.value);
            let d = Diagnostic::new(Code::NotAPlace, message, name.span, "`type`, `file`, or a param of type `place`");
            r.out.push(d.maybe_hint(hint));
        }
        return None;
    }
    let word = expr::Expr { kind: expr::ExprKind::Name(name.value.clone()), span: name.span, text: name.value.clone() };
    let typed = r.expr(&Scope { limit: 0, ..scope.clone() }, &word)?;
    match (&typed.kind, &typed.ty) {
        (ExprKind::Place(Place { root: Root::Param(id), .. }), Ty::Place) => Some(From::Param(*id)),
        _ => r.wrong(&typed, "a place", name.span),
    }
}

/// A case is there when it is chosen, where its switch is.
pub(super) fn refuse_in_case(r: &mut Resolver<'_>, member: &Member<'_>) {
    let via = member.options.via.as_ref().map(|e| ("via", e.span));
    let lazy = member.options.lazy.as_ref().filter(|lazy| lazy.value).map(|lazy| ("lazy", lazy.span));
    for (key, span) in via.into_iter().chain(lazy) {
        let message = format!("`{key}` has no meaning in a case");
        let d = Diagnostic::new(Code::DoesNotFit, message, span, "does not fit");
        r.out.push(d.hint("make the case a list of one field, and give that field the key"));
    }
}

impl Resolver<'_> {
    /// `this` as an argument: the struct that holds the field.
    pub(super) fn this_place(&mut self, scope: &Scope, e: &expr::Expr) -> Option<Expr> {
        if matches!(self.draft(scope.ty).kind, Kind::Struct(_)) {
            return Some(self.make(e, ExprKind::This, Ty::Place));
        }
        let d = Diagnostic::new(Code::NotAPlace, "`this` in a case is no place", e.span, "not a struct");
        self.out.push(d.hint("make the case a list of one field, and give that field the argument"));
        None
    }
}

/// A list of `element` that is not held.
pub(super) fn lazy(r: &mut Resolver<'_>, scope: &Scope, member: &Member<'_>, element: Content) -> Option<Content> {
    // A list that ends in another way has been reported already.
    let count = member.options.count.as_ref()?;
    if matches!(&count.kind, expr::ExprKind::Name(name) if name == "rest") {
        let message = format!("`{}` is lazy, and takes all that is left", member.name.value);
        let d = Diagnostic::new(Code::BadLazy, message, count.span, "no number of elements");
        r.out.push(d.hint("say how many elements there are"));
        return None;
    }
    let count = r.size_expr(scope, count)?;
    Some(Content::Lazy(Box::new(Lazy { count, element })))
}

/// Marks the structs that something is read aside from.
pub(super) fn places(format: &mut Format) {
    for ty in &mut format.types {
        let Body::Struct(s) = &mut ty.body else { continue };
        let own = |from: Option<From>| from == Some(From::This);
        s.is_place = s.fields.iter().any(|f| own(f.aside.as_ref().map(|a| a.from)) || gives_this(&f.content));
    }
}

/// Whether a content is given the struct that holds it as a place.
fn gives_this(content: &Content) -> bool {
    let Content::Type { args, .. } = content.element() else { return false };
    args.iter().any(|e: &Expr| matches!(e.kind, ExprKind::This))
}
