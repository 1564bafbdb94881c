//! State: what there is of it, how it is looked up, and how it is lent to the types that need it.

use super::chain::Chain;
use super::scope::{Named, Scope, is_word};
use super::{Resolver, text};
use crate::diagnostic::{Code, Diagnostic, did_you_mean};
use crate::emit::names::{pascal, snake};
use crate::model::{self, Cell, CellKind, Expr, ExprKind, Param, ParamTy, Place, Root, ScopeId, Step, Table, Ty};
use crate::source::Spanned;
use crate::syntax::ast::{ParamDecl, StateDecl, StateHolds};
use crate::syntax::expr;

/// Where a name of `state` leads.
#[derive(Debug, Clone, Copy)]
pub(super) struct At {
    pub(super) scope: ScopeId,
    pub(super) cell: usize,
}

/// What the key of a row is called where it is remembered.
const KEY: &str = "key";

/// A set or table, and the key that is looked up in it.
pub(super) type KeyOf<'e> = (&'e Spanned<String>, &'e expr::Expr);

impl At {
    fn place(self) -> Place {
        Place { root: Root::State(self.scope), steps: vec![Step::Cell(self.cell)] }
    }
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
                let row = format!("{of}{}", pascal(&decl.name.value));
                self.columns(columns).map(|all| CellKind::Row(row, all))
            }
            StateHolds::Set(key, max) => {
                let (key, max) = (self.key(key), self.limit(Some(max)));
                Some(CellKind::Set(Box::new(key?), max?))
            }
            StateHolds::Table(key, columns, max) => {
                let (key, max) = (self.key(key), self.limit(Some(max)));
                let columns = self.table_columns(columns);
                let (row, params) = (format!("{of}{}", pascal(&decl.name.value)), [vec![key?], columns?].concat());
                Some(CellKind::Table(Table { row, params, max: max? }))
            }
        }
    }

    fn key(&mut self, kind: &Spanned<String>) -> Option<Param> {
        let (ty, _) = self.held_ty(kind)?;
        Some(param(&Spanned::new(KEY.to_owned(), kind.span), ty, false))
    }

    fn columns(&mut self, columns: &[ParamDecl]) -> Option<Vec<Param>> {
        let all: Vec<_> = columns.iter().map(|c| self.column(c)).collect();
        all.into_iter().collect()
    }

    /// The columns of a table, none of which has the name that stands for the key where a row is remembered.
    fn table_columns(&mut self, columns: &[ParamDecl]) -> Option<Vec<Param>> {
        let taken = columns.iter().find(|c| c.name.value == KEY);
        if let Some(column) = taken {
            let message = "a column of a table cannot be called `key`";
            let d = Diagnostic::new(Code::ReservedName, message, column.name.span, "the key itself is called so");
            self.out.push(d.hint("rename it; the key needs no column"));
            return None;
        }
        self.columns(columns)
    }

    fn column(&mut self, decl: &ParamDecl) -> Option<Param> {
        let (ty, _) = self.held_ty(&decl.kind)?;
        Some(Param { doc: text(decl.doc.as_ref()), ..param(&decl.name, ty, false) })
    }

    /// What can be remembered: everything that can be handed to a type, places aside.
    fn held_ty(&mut self, kind: &Spanned<String>) -> Option<(ParamTy, Ty)> {
        if kind.value == "place" {
            let message = "a place cannot be remembered";
            self.error(Code::BadParamType, message, kind.span, "gone when the type that it is ends");
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

    /// The cell or row that `state.NAME` stands for.
    pub(super) fn state_cell(&mut self, scope: &Scope, name: &Spanned<String>) -> Option<Named> {
        let at = self.state_named(scope, name)?;
        let cell = self.cell(at)?;
        let ty = match &cell.kind {
            CellKind::Value(param, _) => super::scope::ty_of(&param.ty),
            CellKind::Row(..) => Ty::Opaque,
            CellKind::Set(..) | CellKind::Table(..) => return self.needs_key(at, name),
        };
        let absent = cell.is_absent_first();
        Some(Named::Chain(Chain::start(scope.ty, at.place(), ty, (absent, &format!("state.{}", name.value)))))
    }

    /// What `state` has of a name, where an expression sees state at all.
    fn state_named(&mut self, scope: &Scope, name: &Spanned<String>) -> Option<At> {
        if scope.global {
            let message = format!("`state.{}` is not known here", name.value);
            self.error(Code::UnknownName, &message, name.span, "only `it` and constants are");
            return None;
        }
        self.cell_named(name)
    }

    fn needs_key<T>(&mut self, at: At, name: &Spanned<String>) -> Option<T> {
        let (of, is_table) = (&name.value, self.cell(at)?.row().is_some());
        let message = format!("`state.{of}` is {}, and no value", if is_table { "a table" } else { "a set" });
        let rows = if is_table { format!(", `state.{of}(KEY).COLUMN`") } else { String::new() };
        let d = Diagnostic::new(Code::WrongType, message, name.span, "its keys are asked for");
        self.out.push(d.hint(format!("write `KEY in state.{of}`{rows}")));
        None
    }

    /// The row that `of.NAME(key)` stands for.
    pub(super) fn state_row(&mut self, scope: &Scope, of: &expr::Expr, row: KeyOf<'_>) -> Option<Named> {
        let (name, key) = row;
        if !is_word(of, "state") {
            let message = format!("`{}` is no part of `state`", of.text);
            let d = Diagnostic::new(Code::WrongType, message, of.span, "only tables of `state` have rows");
            self.out.push(d.hint("functions stand in front: `count(list)`"));
            return None;
        }
        let at = self.state_named(scope, name)?;
        let cell = self.cell(at)?;
        let (Some(param), true) = (cell.key().cloned(), cell.row().is_some()) else {
            let what = if cell.key().is_some() { "a set, and has no rows" } else { "no table, and has no keys" };
            let hint = if cell.key().is_some() { "write `KEY in state.NAME`" } else { "write `state.NAME` alone" };
            let message = format!("`state.{}` is {what}", name.value);
            let d = Diagnostic::new(Code::WrongType, message, name.span, "looked up by a key here");
            self.out.push(d.hint(hint.replace("NAME", &name.value)));
            return None;
        };
        let key = self.value_of(scope, &super::scope::ty_of(&param.ty), key)?;
        let chain = Chain::start(scope.ty, at.place(), Ty::Opaque, (true, &format!("state.{}", name.value)));
        Some(Named::Chain(chain.with_key(key)))
    }

    /// `value in state.NAME`
    pub(super) fn has_key(&mut self, scope: &Scope, e: &expr::Expr, of: KeyOf<'_>) -> Option<Expr> {
        let (name, value) = of;
        let at = self.state_named(scope, name)?;
        let cell = self.cell(at)?;
        let Some(key) = cell.key().cloned() else {
            let column = if cell.row().is_some() { ".COLUMN" } else { "" };
            let message = format!("`state.{}` has no keys", name.value);
            let d = Diagnostic::new(Code::WrongType, message, name.span, "neither a set nor a table");
            self.out.push(d.hint(format!("compare it: `state.{}{column} == {}`", name.value, value.text)));
            return None;
        };
        let value = self.value_of(scope, &super::scope::ty_of(&key.ty), value)?;
        Some(self.make(e, ExprKind::HasKey(at.place(), Box::new(value)), Ty::Bool))
    }

    pub(super) fn cell(&self, at: At) -> Option<&Cell> {
        at.scope.of(&self.scopes).cells.get(at.cell)
    }

    pub(super) fn cell_named(&mut self, name: &Spanned<String>) -> Option<At> {
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
        let cell = self.cell(At { scope, cell: *cell })?;
        cell.row().map(|_| cell.columns())
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

/// The name in `state.NAME`.
pub(super) fn state_name(e: &expr::Expr) -> Option<&Spanned<String>> {
    if let expr::ExprKind::Member { of, name } = &e.kind { is_word(of, "state").then_some(name) } else { None }
}
