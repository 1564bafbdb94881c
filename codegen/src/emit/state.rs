//! State: its struct, the local or argument that leads to it, and what is remembered in it.

use super::args::argument;
use super::ctx::{Ctx, RuleEntry};
use super::docs;
use super::expr::{Env, Side};
use super::names::ident;
use super::rules::{self, elements, uses};
use super::rust_type;
use super::scalar::{Raise, rule_name};
use crate::model::{
    Cell, CellKind, Class, ExprKind, Field, FieldId, Param, Remember, Root, Scope, ScopeId, Struct, TypeId,
};
use crate::resolve::settled;
use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};

/// The state that starts afresh with every value of a type; nothing where there is none.
#[must_use]
pub fn emit(ctx: &Ctx<'_>, id: TypeId) -> TokenStream {
    let Some((_, scope)) = ctx.format.scope_of(id) else { return TokenStream::new() };
    let (name, per) = (ident(&scope.rust), ident(&ctx.ty(id).rust));
    let cells = scope.cells.iter().map(|cell| {
        let (name, of, doc) = (ident(&cell.rust), cell_ty(ctx, cell), cell_doc(cell));
        quote!(#doc pub #name: core::cell::Cell<#of>)
    });
    let first = scope.cells.iter().map(|cell| {
        let (name, value) = (ident(&cell.rust), first_value(ctx, id, cell));
        quote!(#name: core::cell::Cell::new(#value))
    });
    let first = quote!(Self { #(#first),* });
    let made = if starts_from_inputs(ctx, id) {
        quote!(impl #name {
            /// Before anything was remembered.
            #[must_use]
            pub fn new(inputs: Inputs) -> Self { #first }
        })
    } else {
        quote!(impl Default for #name { fn default() -> Self { #first } })
    };
    let rows = scope.cells.iter().map(|cell| row(ctx, cell));
    let doc = format!(" What the parts of one [`{per}`] tell those behind them. Reading and writing fill it alike.");
    quote! {
        #[doc = #doc]
        #[derive(Clone, Debug, PartialEq)]
        pub struct #name { #(#cells),* }
        #made
        #(#rows)*
    }
}

fn cell_doc(cell: &Cell) -> TokenStream {
    let doc = docs::doc(cell.doc.as_deref(), &format!("`{}`", cell.name));
    if cell.is_absent_first() { quote!(#doc #[doc = ""] #[doc = " `None` until it is remembered."]) } else { doc }
}

/// What a cell holds.
fn cell_ty(ctx: &Ctx<'_>, cell: &Cell) -> TokenStream {
    match &cell.kind {
        CellKind::Value(param, _) => rust_type::param(ctx, param),
        CellKind::Row(row, _) => {
            let row = ident(row);
            quote!(Option<#row>)
        }
    }
}

/// Whether a cell starts from an input.
fn starts_from_inputs(ctx: &Ctx<'_>, id: TypeId) -> bool {
    let cells = ctx.format.scope_of(id).into_iter().flat_map(|(_, scope)| &scope.cells);
    let inits = cells.filter_map(|c| if let CellKind::Value(_, Some(init)) = &c.kind { Some(init) } else { None });
    inits.into_iter().any(|init| matches!(&init.kind, ExprKind::Place(place) if place.root == Root::Inputs))
}

/// What a cell holds before anything was remembered.
fn first_value(ctx: &Ctx<'_>, id: TypeId, cell: &Cell) -> TokenStream {
    match &cell.kind {
        CellKind::Value(param, Some(init)) => argument(&Env::new(ctx, id, Side::Measure), init, param).0,
        CellKind::Value(_, None) | CellKind::Row(..) => quote!(None),
    }
}

/// The struct of a row.
fn row(ctx: &Ctx<'_>, cell: &Cell) -> TokenStream {
    let CellKind::Row(name, columns) = &cell.kind else { return TokenStream::new() };
    let name = ident(name);
    let columns = columns.iter().map(|column| {
        let (name, of) = (ident(&column.rust), rust_type::param(ctx, column));
        let doc = docs::doc(column.doc.as_deref(), &format!("`{}`", column.name));
        quote!(#doc pub #name: #of)
    });
    let doc = docs::markdown_line(&format!("What `{}` holds, once it is remembered.", cell.name));
    quote! {
        #doc
        #[derive(Clone, Copy, Debug, PartialEq)]
        pub struct #name { #(#columns),* }
    }
}

/// The statement with which the type that state is for starts it, and the local that it makes.
#[must_use]
pub fn start(ctx: &Ctx<'_>, id: TypeId) -> Option<(Ident, TokenStream)> {
    let (_, scope) = ctx.format.scope_of(id)?;
    let (name, of) = (ident(&scope.local), ident(&scope.rust));
    let first = if starts_from_inputs(ctx, id) { quote!(new(args.inputs)) } else { quote!(default()) };
    Some((name.clone(), quote!(let #name = #of::#first;)))
}

/// The same for a writer, which knows what its own fields settle: what it measures goes by that.
#[must_use]
pub fn start_settled(env: &Env<'_>) -> Option<(Ident, TokenStream)> {
    let (id, scope) = env.ctx.format.scope_of(env.ty)?;
    let (name, start) = start(env.ctx, env.ty)?;
    let s = env.ctx.ty(env.ty).as_struct()?;
    let settled = (0..scope.cells.len()).filter(|cell| env.ctx.is_measured_by(id, *cell)).filter_map(|cell| {
        let field = settled(env.ctx.format, id, cell)?.of(&s.fields);
        let remember = field.remember.iter().find(|r| r.scope == id && r.cell == cell)?;
        Some(one(env, remember, (&field.name, &field.rust), &Raise::Finding))
    });
    Some((name, quote!(#start #(#settled)*)))
}

/// What is measured by state, with the state that the type itself starts.
#[must_use]
pub fn before_measuring(ctx: &Ctx<'_>, id: TypeId, len: TokenStream) -> TokenStream {
    match start_settled(&Env::new(ctx, id, Side::Measure)).filter(|(name, _)| uses(&len, name)) {
        Some((_, start)) => quote!(#start #len),
        None => len,
    }
}

impl Env<'_> {
    /// The state: the type's own local, or what it was lent.
    pub(crate) fn state(&self, id: ScopeId) -> (&Scope, TokenStream) {
        let scope = id.of(&self.ctx.format.scopes);
        let name = ident(&scope.local);
        let own = scope.per == self.ty || self.side == Side::Measure;
        if own { (scope, quote!(#name)) } else { (scope, quote!(args.#name)) }
    }

    /// The state as an argument.
    pub(crate) fn lent_state(&self, id: ScopeId) -> TokenStream {
        let (scope, tokens) = self.state(id);
        if scope.per == self.ty { quote!(&#tokens) } else { tokens }
    }
}

/// What a field remembers, once it is there.
#[must_use]
pub fn after_field(env: &Env<'_>, id: FieldId, field: &Field, raise: &Raise) -> TokenStream {
    if field.remember.is_empty() {
        return TokenStream::new();
    }
    rules::present(env, id, field, |env| {
        if field.repeat.is_none() {
            return all(env, &field.remember, (&field.name, &field.rust), raise);
        }
        let list = match (env.present.get(&id), env.side) {
            (Some(list), _) => list.clone(),
            (None, Side::Read) => {
                let list = env.member(id, field);
                quote!(&#list)
            }
            (None, _) => elements(&env.member(id, field)),
        };
        let inner = env.with_it(super::read_list::element_operand(field));
        let body = all(&inner, &field.remember, (&field.name, &field.rust), raise);
        let pattern = match (uses(&body, &format_ident!("it")), super::expr::is_copy(&single(field))) {
            (false, _) => quote!(_),
            (true, true) => quote!(&it),
            (true, false) => quote!(it),
        };
        quote!(for #pattern in #list { #body })
    })
}

fn single(field: &Field) -> Field {
    Field { repeat: None, ..field.clone() }
}

/// What a type remembers, once all of it is there.
#[must_use]
pub fn at_end(env: &Env<'_>, s: &Struct, raise: &Raise) -> TokenStream {
    all(env, &s.remember, ("", ""), raise)
}

fn all(env: &Env<'_>, remember: &[Remember], field: (&str, &str), raise: &Raise) -> TokenStream {
    let all = remember.iter().map(|r| one(env, r, field, raise));
    quote!(#(#all)*)
}

fn one(env: &Env<'_>, remember: &Remember, field: (&str, &str), raise: &Raise) -> TokenStream {
    let (scope, state) = env.state(remember.scope);
    let Some(cell) = scope.cells.get(remember.cell) else { return TokenStream::new() };
    let name = ident(&cell.rust);
    let values: Vec<TokenStream> = cell
        .params()
        .iter()
        .zip(&remember.values)
        .map(|(param, e)| {
            let (value, fallible) = argument(env, e, param);
            if fallible { computed(env, (remember, &value), (field, &e.text), raise) } else { value }
        })
        .collect();
    let value = match &cell.kind {
        CellKind::Value(..) => quote!(#(#values)*),
        CellKind::Row(row, columns) => {
            let row = ident(row);
            let columns = columns.iter().zip(&values).map(|(column, value)| member(column, value));
            quote!(Some(#row { #(#columns),* }))
        }
    };
    quote!(#state.#name.set(#value);)
}

fn member(column: &Param, value: &TokenStream) -> TokenStream {
    let name = ident(&column.rust);
    if name == value.to_string() { quote!(#name) } else { quote!(#name: #value) }
}

/// A value that is an `Option`, since it may not be there or not fit.
fn computed(
    env: &Env<'_>,
    (remember, value): (&Remember, &TokenStream),
    ((field, rust), text): ((&str, &str), &str),
    raise: &Raise,
) -> TokenStream {
    let rule = env.ctx.rule(&RuleEntry {
        name: rule_name(env.ctx.ty(env.ty), rust, "REMEMBER"),
        field,
        site: remember.site,
        class: Class::Invalid,
        expected: &format!("`{text}` to be known and to fit `{}`", remember.text),
        say: None,
    });
    raise.wrap(&quote!(#value.ok_or_else(|| #rule.fault(0, Found::Nothing))))
}

/// The same while findings are collected: a value that cannot be computed is for hard rules to report.
#[must_use]
pub fn for_findings(env: &Env<'_>, id: FieldId, field: &Field) -> TokenStream {
    if env.ctx.finds_by_state() { after_field(env, id, field, &Raise::Finding) } else { TokenStream::new() }
}

/// What a type remembers while findings are collected.
#[must_use]
pub fn at_end_of_findings(env: &Env<'_>, s: &Struct) -> TokenStream {
    if env.ctx.finds_by_state() { at_end(env, s, &Raise::Finding) } else { TokenStream::new() }
}
