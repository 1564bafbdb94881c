//! Inputs and externs: what they are, where they are named, and how they get to the types that need them.

use super::chain::Chain;
use super::scope::{Named, Scope, ty_of};
use super::{Resolver, text};
use crate::diagnostic::{Code, Diagnostic, did_you_mean};
use crate::emit::names::snake;
use crate::model::{
    self, Body, CellKind, Content, Expr, ExprKind, Extern, ExternId, Format, Input, Length, Param, ParamTy, Place,
    Root, Step, Told, Ty, Type, TypeId,
};
use crate::source::{Span, Spanned};
use crate::syntax::ast::{ExternDecl, InputDecl, ParamDecl};
use crate::syntax::expr;
use std::collections::BTreeSet;

/// Types the inputs and what externs are asked with.
pub(super) fn collect(r: &mut Resolver<'_>) {
    let files = r.files;
    for decl in files.iter().flat_map(|f| &f.inputs) {
        let first = r.inputs.iter().find(|(known, _)| known.name.value == decl.name.value).map(|(d, _)| d.name.span);
        if let Some(param) = fresh(r, &decl.name, first).and_then(|()| r.input_param(decl)) {
            r.inputs.push((decl, param));
        }
    }
    for decl in files.iter().flat_map(|f| &f.externs) {
        let first = r.externs.iter().find(|(known, _)| known.name.value == decl.name.value).map(|(d, _)| d.name.span);
        if let Some(params) = fresh(r, &decl.name, first).and_then(|()| r.extern_params(decl)) {
            r.externs.push((decl, params));
        }
    }
}

/// Reports a name that is there twice.
fn fresh(r: &mut Resolver<'_>, name: &Spanned<String>, first: Option<Span>) -> Option<()> {
    let Some(first) = first else { return Some(()) };
    r.out.push(super::names::twice(format!("`{}` is there twice", name.value), name.span, first));
    None
}

/// Fills the inputs and externs of a format.
pub(super) fn finish(r: &mut Resolver<'_>, format: &mut Format) {
    for (decl, param) in std::mem::take(&mut r.inputs) {
        let label = format!("what `{}` starts from", param.name);
        let Some(init) = r.given(format, &param, &decl.init, (Code::WrongType, &label)) else { continue };
        format.inputs.push(Input { param, init, site: r.site(decl.name.span) });
    }
    for (decl, params) in std::mem::take(&mut r.externs) {
        let (name, doc) = (decl.name.value.clone(), text(decl.doc.as_ref()));
        format.externs.push(Extern { rust: snake(&name), name, doc, params, site: r.site(decl.name.span) });
    }
}

/// Makes inputs and externs params of the types that need them, and arguments of whatever holds such a type.
pub(super) fn hand_down(format: &mut Format) {
    let own = (0..format.types.len()).map(|id| used(format, TypeId(id))).collect();
    let needed = super::lending::reached(format, own, |_, _| true);
    for (ty, roots) in format.types.iter_mut().zip(&needed) {
        ty.params.extend(roots.iter().map(|root| param(*root)));
    }
    for ty in &mut format.types {
        for (content, site) in super::types::contents(&mut ty.body) {
            if let Content::Type { id, args } = content {
                args.extend(id.of(&needed).iter().map(|root| argument(*root, site)));
            }
        }
    }
}

/// Which of the two a type needs for itself.
fn used(format: &Format, id: TypeId) -> BTreeSet<Root> {
    let ty = format.ty(id);
    let cells = format.scope_of(id).into_iter().flat_map(|(_, scope)| &scope.cells);
    let inits = cells.filter_map(|c| if let CellKind::Value(_, Some(init)) = &c.kind { Some(&**init) } else { None });
    let journals = super::fields(&ty.body).into_iter().filter_map(|f| f.journal.as_deref());
    let journals = journals.flat_map(|j| [&j.live, &j.accept]);
    let mut out = BTreeSet::new();
    for e in super::exprs::type_exprs(ty).into_iter().chain(inits).chain(journals) {
        super::rules::walk(e, &mut |e| {
            if let ExprKind::Place(Place { root: Root::Inputs, .. }) = &e.kind {
                out.insert(Root::Inputs);
            }
        });
    }
    if asks(ty) {
        out.insert(Root::Externs);
    }
    out
}

fn asks(ty: &Type) -> bool {
    let fields = super::fields(&ty.body);
    !matches!(ty.body, Body::Bits(_)) && fields.iter().any(|f| matches!(f.content, Content::Blob(Length::Told(_))))
}

fn name_of(root: Root) -> &'static str {
    if root == Root::Inputs { "inputs" } else { "externs" }
}

fn param(root: Root) -> Param {
    let (name, ty) = (name_of(root).to_owned(), if root == Root::Inputs { ParamTy::Inputs } else { ParamTy::Externs });
    Param { rust: name.clone(), name, doc: None, ty, absent: false, captured: false }
}

fn argument(root: Root, site: model::Site) -> Expr {
    let kind = ExprKind::Place(Place { root, steps: Vec::new() });
    Expr { kind, ty: Ty::Opaque, absent: false, fallible: false, text: name_of(root).to_owned(), site }
}

impl Resolver<'_> {
    fn input_param(&mut self, decl: &InputDecl) -> Option<Param> {
        let ty = self.plain_ty(&decl.kind, &["text", "place"]);
        if ty.is_none() {
            self.lose(&decl.name.value);
        }
        Some(Param { doc: text(decl.doc.as_ref()), ..named(&decl.name, ty?) })
    }

    fn extern_params(&mut self, decl: &ExternDecl) -> Option<Vec<Param>> {
        let of = |p: &ParamDecl| {
            let ty = self.plain_ty(&p.kind, &["place"])?;
            Some(Param { doc: text(p.doc.as_ref()), ..named(&p.name, ty) })
        };
        let all: Vec<_> = decl.args.iter().map(of).collect();
        let all: Option<Vec<_>> = all.into_iter().collect();
        if all.is_none() {
            self.lose(&decl.name.value);
        }
        all
    }

    /// The type of something that a caller gives, or is given.
    fn plain_ty(&mut self, kind: &Spanned<String>, refused: &[&str]) -> Option<ParamTy> {
        if refused.contains(&kind.value.as_str()) {
            let message = format!("`{}` is no type for this", kind.value);
            let label = match refused {
                ["place"] => "an integer, `bool`, an enum, flags, a guid or `text`",
                _ => "an integer, `bool`, an enum, flags or a guid",
            };
            self.error(Code::BadParamType, &message, kind.span, label);
            return None;
        }
        self.param_ty(kind).map(|(ty, _)| ty)
    }

    /// The input that `input.NAME` stands for.
    pub(super) fn input_named(&mut self, scope: &Scope, name: &Spanned<String>) -> Option<Named> {
        if scope.global {
            let message = format!("`input.{}` is not known here", name.value);
            self.error(Code::UnknownName, &message, name.span, "only `it` and constants are");
            return None;
        }
        let Some(i) = self.inputs.iter().position(|(_, p)| p.name == name.value) else {
            let names: Vec<_> = self.inputs.iter().map(|(_, p)| p.name.clone()).collect();
            return self.not_given(name, &names, "input");
        };
        let ty = self.inputs.get(i).map(|(_, p)| ty_of(&p.ty))?;
        let place = Place { root: Root::Inputs, steps: vec![Step::Input(i)] };
        Some(Named::Chain(Chain::start(scope.ty, place, ty, (false, &format!("input.{}", name.value)))))
    }

    /// The input that a cell starts from, if the cell can hold all that it can be.
    pub(super) fn input_start(&mut self, of: &Ty, e: &expr::Expr) -> Option<Expr> {
        let value = self.value_of(&Scope::whole(TypeId(0), None), of, e)?;
        let fits = match (of, &value.ty) {
            (Ty::Int(cell), Ty::Int(input)) => cell.union(*input) == *cell,
            (cell, input) => cell == input,
        };
        if !fits {
            let message = format!("`{}` can be more than the cell holds", e.text);
            self.error(Code::OutOfRange, &message, e.span, "the input has a larger type");
            return None;
        }
        Some(value)
    }

    /// Reports `state` and `input` by themselves; whether it is one of them.
    pub(super) fn names_all(&mut self, name: &str, span: Span) -> bool {
        let (is, one) = match name {
            "state" => ("remembered", "its cells"),
            "input" => ("given beside the bytes", "the inputs"),
            _ => return false,
        };
        let d = Diagnostic::new(Code::WrongType, format!("`{name}` is all that is {is}"), span, "not one value");
        self.out.push(d.hint(format!("name one of {one}: `{name}.NAME`")));
        true
    }

    fn not_given<T>(&mut self, name: &Spanned<String>, names: &[String], what: &str) -> Option<T> {
        if self.is_lost(&name.value) {
            return None;
        }
        let hint = did_you_mean(&name.value, names.iter().map(String::as_str));
        let message = format!("there is no {what} `{}`", name.value);
        let d = Diagnostic::new(Code::UnknownName, message, name.span, format!("not in `{what}s`"));
        self.out.push(d.maybe_hint(hint));
        None
    }

    /// A length that an extern tells, with its arguments.
    pub(super) fn told(
        &mut self,
        scope: &Scope,
        name: &Spanned<String>,
        with: &[(Spanned<String>, expr::Expr)],
    ) -> Option<Length> {
        let Some(by) = self.externs.iter().position(|(d, _)| d.name.value == name.value) else {
            let names: Vec<_> = self.externs.iter().map(|(d, _)| d.name.value.clone()).collect();
            return self.not_given(name, &names, "extern");
        };
        let params = self.externs.get(by).map(|(_, params)| params.clone()).unwrap_or_default();
        let unknown: Vec<_> = with.iter().filter(|(n, _)| params.iter().all(|p| p.name != n.value)).collect();
        for (given, _) in &unknown {
            let hint = did_you_mean(&given.value, params.iter().map(|p| p.name.as_str()));
            let message = format!("`{}` has no argument `{}`", name.value, given.value);
            let d = Diagnostic::new(Code::UnknownParam, message, given.span, "no argument of this name");
            self.out.push(d.maybe_hint(hint));
        }
        if !unknown.is_empty() {
            return None;
        }
        let args: Vec<_> = params.iter().map(|p| self.asked_with(scope, name, p, with)).collect();
        let args = args.into_iter().collect::<Option<Vec<_>>>()?;
        Some(Length::Told(Box::new(Told { by: ExternId(by), args })))
    }

    fn asked_with(
        &mut self,
        scope: &Scope,
        name: &Spanned<String>,
        param: &Param,
        with: &[(Spanned<String>, expr::Expr)],
    ) -> Option<Expr> {
        let Some((_, e)) = with.iter().find(|(n, _)| n.value == param.name) else {
            let message = format!("`{}` needs an argument for `{}`", name.value, param.name);
            self.error(Code::MissingArgument, &message, name.span, &format!("add `with: {{{}: ...}}`", param.name));
            return None;
        };
        self.value_of(scope, &ty_of(&param.ty), e)
    }
}

/// Whether an expression is an input and nothing more.
pub(super) fn is_input(e: &expr::Expr) -> bool {
    matches!(&e.kind, expr::ExprKind::Member { of, .. } if super::scope::is_word(of, "input"))
}

fn named(name: &Spanned<String>, ty: ParamTy) -> Param {
    Param { name: name.value.clone(), rust: snake(&name.value), doc: None, ty, absent: false, captured: false }
}
