//! State: its cells, what is remembered in them, and how it is lent to the types that need it.

use super::scope::{Chain, Named, Scope};
use super::{Resolver, text};
use crate::diagnostic::{Code, Diagnostic, did_you_mean};
use crate::emit::names::{pascal, snake};
use crate::model::{self, Cell, CellKind, Expr, ExprKind, Param, ParamTy, Place, Remember, Root, ScopeId, Step, Ty};
use crate::source::Spanned;
use crate::syntax::ast::{ParamDecl, RememberDecl, RememberValues, StateDecl, StateHolds};
use crate::syntax::expr;

/// Where a name of `state` leads.
#[derive(Debug, Clone, Copy)]
pub(super) struct At {
    scope: ScopeId,
    cell: usize,
}

/// Builds the cells, in the scopes of the types that they are for.
pub(super) fn collect(r: &mut Resolver<'_>) {
    let files = r.files;
    for decl in files.iter().flat_map(|f| &f.state) {
        if r.cells.contains_key(&decl.name.value) {
            let first = files.iter().flat_map(|f| &f.state).find(|d| d.name.value == decl.name.value);
            let message = format!("`{}` is there twice", decl.name.value);
            r.out.extend(first.map(|first| super::names::twice(message, decl.name.span, first.name.span)));
        } else if r.add_cell(decl).is_none() {
            r.lose(&decl.name.value);
        }
    }
}

impl Resolver<'_> {
    fn add_cell(&mut self, decl: &StateDecl) -> Option<()> {
        let per = self.type_named(&decl.per)?;
        if !matches!(self.draft(per).kind, super::draft::Kind::Struct(_)) {
            let message = format!("`{}` is a number in parts, and none of them follows another", decl.per.value);
            self.error(Code::WrongType, &message, decl.per.span, "a type with fields is needed");
            return None;
        }
        let scope = self.scope_for(per);
        let kind = self.cell_kind(decl, &scope.of(&self.scopes).rust.clone())?;
        let site = self.site(decl.name.span);
        let (name, rust) = (decl.name.value.clone(), snake(&decl.name.value));
        let cells = &mut scope.of_mut(&mut self.scopes).cells;
        self.cells.insert(name.clone(), At { scope, cell: cells.len() });
        cells.push(Cell { name, rust, doc: text(decl.doc.as_ref()), site, kind });
        Some(())
    }

    fn scope_for(&mut self, per: model::TypeId) -> ScopeId {
        if let Some(i) = self.scopes.iter().position(|s| s.per == per) {
            return ScopeId(i);
        }
        let rust = format!("{}State", self.draft(per).rust);
        let local = format!("{}_state", snake(&self.draft(per).name));
        self.scopes.push(model::Scope { per, rust, local, cells: Vec::new() });
        ScopeId(self.scopes.len().saturating_sub(1))
    }

    fn cell_kind(&mut self, decl: &StateDecl, of: &str) -> Option<CellKind> {
        match &decl.holds {
            StateHolds::Cell(ty, init) => {
                let (ty, as_ty) = self.held_ty(ty)?;
                let init = match init {
                    Some(e) => Some(self.first_value(&as_ty, e)?),
                    None => None,
                };
                let param = param(&decl.name, ty, init.is_none());
                Some(CellKind::Value(Box::new(param), init.map(Box::new)))
            }
            StateHolds::Row(columns) => {
                let all: Vec<_> = columns.iter().map(|c| self.column(c)).collect();
                let row = format!("{of}{}", pascal(&decl.name.value));
                all.into_iter().collect::<Option<Vec<_>>>().map(|all| CellKind::Row(row, all))
            }
        }
    }

    fn column(&mut self, decl: &ParamDecl) -> Option<Param> {
        let (ty, _) = self.held_ty(&decl.kind)?;
        Some(Param { doc: text(decl.doc.as_ref()), ..param(&decl.name, ty, false) })
    }

    /// What can be remembered: everything that can be handed to a type, texts aside.
    fn held_ty(&mut self, kind: &Spanned<String>) -> Option<(ParamTy, Ty)> {
        if matches!(kind.value.as_str(), "text" | "place") {
            self.later_key(kind);
            return None;
        }
        self.param_ty(kind)
    }

    fn first_value(&mut self, ty: &Ty, e: &expr::Expr) -> Option<Expr> {
        if let Ty::Flags(_) = ty {
            self.error(Code::WrongType, "flags are absent before they are remembered", e.span, "leave `init` out");
            return None;
        }
        if super::given::is_input(e) {
            return self.input_start(ty, e);
        }
        let value = self.value_of(&Scope::constant(), ty, e)?;
        self.constant_start(value, e)
    }

    /// The cell that `state.NAME` stands for.
    pub(super) fn state_cell(&mut self, scope: &Scope, name: &Spanned<String>) -> Option<Named> {
        if scope.global {
            let message = format!("`state.{}` is not known here", name.value);
            self.error(Code::UnknownName, &message, name.span, "only `it` and constants are");
            return None;
        }
        let at = self.cell_named(name)?;
        let cell = self.cell(at)?;
        let ty = match &cell.kind {
            CellKind::Value(param, _) => super::scope::ty_of(&param.ty),
            CellKind::Row(..) => Ty::Opaque,
        };
        let place = Place { root: Root::State(at.scope), steps: vec![Step::Cell(at.cell)] };
        Some(Named::Chain(Chain::start(
            scope.ty,
            place,
            ty,
            (cell.is_absent_first(), &format!("state.{}", name.value)),
        )))
    }

    fn cell(&self, at: At) -> Option<&Cell> {
        at.scope.of(&self.scopes).cells.get(at.cell)
    }

    fn cell_named(&mut self, name: &Spanned<String>) -> Option<At> {
        if let Some(at) = self.cells.get(&name.value) {
            return Some(*at);
        }
        if self.is_lost(&name.value) {
            return None;
        }
        let hint = did_you_mean(&name.value, self.cells.keys().map(String::as_str));
        let message = format!("nothing called `{}` is remembered", name.value);
        let d = Diagnostic::new(Code::UnknownName, message, name.span, "not in `state`");
        self.out.push(d.maybe_hint(hint));
        None
    }

    /// The columns of the row that a place stands for.
    pub(super) fn columns_at(&self, place: &Place) -> Option<&[Param]> {
        let (Root::State(scope), [Step::Cell(cell)]) = (place.root, place.steps.as_slice()) else { return None };
        match &self.cell(At { scope, cell: *cell })?.kind {
            CellKind::Row(_, columns) => Some(columns),
            CellKind::Value(..) => None,
        }
    }

    /// `remember`.
    pub(super) fn remember(&mut self, scope: &Scope, decls: &[RememberDecl]) -> Vec<Remember> {
        decls.iter().filter_map(|d| self.remembered(scope, d)).collect()
    }

    fn remembered(&mut self, scope: &Scope, decl: &RememberDecl) -> Option<Remember> {
        let at = self.cell_named(&decl.name)?;
        let kind = self.cell(at)?.kind.clone();
        let values = match (&kind, &decl.values) {
            (CellKind::Value(param, _), RememberValues::One(e)) => {
                vec![self.value_of(scope, &super::scope::ty_of(&param.ty), e)?]
            }
            (CellKind::Row(_, columns), RememberValues::Row(given)) => {
                self.unknown_columns(columns, given);
                let all: Vec<_> = columns.iter().map(|c| self.column_value(scope, c, (decl, given))).collect();
                all.into_iter().collect::<Option<Vec<_>>>()?
            }
            (CellKind::Value(..), RememberValues::Row(_)) => return self.wrong_form(decl, "one value", "a cell"),
            (CellKind::Row(..), RememberValues::One(_)) => {
                return self.wrong_form(decl, "a value for each column", "a row");
            }
        };
        let (text, site) = (decl.name.value.clone(), self.site(decl.name.span));
        Some(Remember { scope: at.scope, cell: at.cell, values, text, site })
    }

    fn wrong_form<T>(&mut self, decl: &RememberDecl, wanted: &str, what: &str) -> Option<T> {
        let message = format!("`{}` is {what}, and {wanted} is needed", decl.name.value);
        self.error(Code::WrongType, &message, decl.name.span, "remembered here");
        None
    }

    fn unknown_columns(&mut self, columns: &[Param], given: &[(Spanned<String>, expr::Expr)]) {
        for (name, _) in given.iter().filter(|(n, _)| columns.iter().all(|c| c.name != n.value)) {
            let hint = did_you_mean(&name.value, columns.iter().map(|c| c.name.as_str()));
            let message = format!("the row has no column `{}`", name.value);
            let d = Diagnostic::new(Code::UnknownMember, message, name.span, "no column of this name");
            self.out.push(d.maybe_hint(hint));
        }
    }

    fn column_value(
        &mut self,
        scope: &Scope,
        column: &Param,
        (decl, given): (&RememberDecl, &[(Spanned<String>, expr::Expr)]),
    ) -> Option<Expr> {
        let Some((_, e)) = given.iter().find(|(n, _)| n.value == column.name) else {
            let message = format!("`{}` needs a value for `{}`", decl.name.value, column.name);
            self.error(Code::MissingArgument, &message, decl.name.span, &format!("add `{}: ...`", column.name));
            return None;
        };
        self.value_of(scope, &super::scope::ty_of(&column.ty), e)
    }
}

fn param(name: &Spanned<String>, ty: ParamTy, absent: bool) -> Param {
    let (name, rust) = (name.value.clone(), snake(&name.value));
    Param { name, rust, doc: None, ty, absent, captured: false }
}

/// Makes the state that a type needs one of its params, and an argument of whatever holds such a type.
pub(super) fn lend(format: &mut model::Format) {
    let needed = super::lending::needed(format);
    for (ty, scopes) in format.types.iter_mut().zip(&needed) {
        ty.params.extend(scopes.iter().map(|id| lent(*id, id.of(&format.scopes))));
    }
    for ty in &mut format.types {
        for (content, site) in super::types::contents(&mut ty.body) {
            if let model::Content::Type { id, args } = content {
                let scopes = id.of(&needed).iter();
                args.extend(scopes.map(|scope| handed(*scope, scope.of(&format.scopes), site)));
            }
        }
    }
}

fn lent(id: ScopeId, scope: &model::Scope) -> Param {
    let (name, ty) = (scope.local.clone(), ParamTy::State(id));
    Param { rust: name.clone(), name, doc: None, ty, absent: false, captured: false }
}

/// The state as an argument.
fn handed(id: ScopeId, scope: &model::Scope, site: model::Site) -> Expr {
    let kind = ExprKind::Place(Place { root: Root::State(id), steps: Vec::new() });
    Expr { kind, ty: Ty::Opaque, absent: false, fallible: false, text: scope.local.clone(), site }
}
