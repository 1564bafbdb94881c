//! State: its struct, and the local or argument that leads to it.

use super::args::argument;
use super::ctx::Ctx;
use super::docs;
use super::expr::{Env, Side};
use super::names::ident;
use super::rules::uses;
use super::rust_type;
use crate::model::{Cell, CellKind, ExprKind, Param, ParamTy, Root, Scope, ScopeId, TypeId};
use crate::resolve::settled;
use proc_macro2::{Ident, TokenStream};
use quote::quote;

/// The state that starts afresh with every value of a type; nothing where there is none.
#[must_use]
pub fn emit(ctx: &Ctx<'_>, id: TypeId) -> TokenStream {
    let Some((_, scope)) = ctx.format.scope_of(id) else { return TokenStream::new() };
    let (name, per) = (ident(&scope.rust), ident(&ctx.ty(id).rust));
    let cells = scope.cells.iter().map(|cell| {
        let (name, of, doc) = (ident(&cell.rust), cell_ty(ctx, cell), cell_doc(cell));
        quote!(#doc pub #name: #of)
    });
    let first = scope.cells.iter().map(|cell| {
        let (name, value) = (ident(&cell.rust), first_value(ctx, id, cell));
        quote!(#name: #value)
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
    if cell.key().is_none() && cell.is_absent_first() {
        quote!(#doc #[doc = ""] #[doc = " `None` until it is remembered."])
    } else {
        doc
    }
}

/// The type of a cell.
fn cell_ty(ctx: &Ctx<'_>, cell: &Cell) -> TokenStream {
    let row = cell.row().map(ident);
    match &cell.kind {
        CellKind::Value(param, _) if is_text(param) => {
            quote!(vmspec_runtime::state::Held<vmspec_runtime::state::SharedText>)
        }
        CellKind::Value(param, _) => {
            let of = rust_type::param(ctx, param);
            quote!(core::cell::Cell<#of>)
        }
        CellKind::Row(..) if has_texts(cell) => quote!(vmspec_runtime::state::Held<#row>),
        CellKind::Row(..) => quote!(core::cell::Cell<Option<#row>>),
        CellKind::Set(key, _) => {
            let key = key_ty(ctx, key);
            quote!(vmspec_runtime::state::Set<#key>)
        }
        CellKind::Table(_) => {
            let key = cell.key().map(|key| key_ty(ctx, key));
            quote!(vmspec_runtime::state::Table<#key, #row>)
        }
    }
}

/// The type of a key: something that can be sorted.
fn key_ty(ctx: &Ctx<'_>, key: &Param) -> TokenStream {
    match &key.ty {
        ParamTy::Text => quote!(vmspec_runtime::state::TextKey),
        ParamTy::Enum(id) => super::enum_repr::ty(id.of(&ctx.format.enums).repr),
        ParamTy::Flags(id) => super::flags::ty(id.of(&ctx.format.flags)),
        _ => rust_type::param(ctx, key),
    }
}

/// Whether it is a text, which is shared and not copied.
#[must_use]
pub fn is_text(param: &Param) -> bool {
    param.ty == ParamTy::Text
}

/// Whether a row holds texts.
#[must_use]
pub fn has_texts(cell: &Cell) -> bool {
    cell.columns().iter().any(is_text)
}

/// Whether a cell starts from an input.
fn starts_from_inputs(ctx: &Ctx<'_>, id: TypeId) -> bool {
    let cells = ctx.format.scope_of(id).into_iter().flat_map(|(_, scope)| &scope.cells);
    let inits = cells.filter_map(|c| if let CellKind::Value(_, Some(init)) = &c.kind { Some(init) } else { None });
    inits.into_iter().any(|init| matches!(&init.kind, ExprKind::Place(place) if place.root == Root::Inputs))
}

/// What a cell is before anything was remembered.
fn first_value(ctx: &Ctx<'_>, id: TypeId, cell: &Cell) -> TokenStream {
    let max = cell.max().map(proc_macro2::Literal::u64_unsuffixed);
    match &cell.kind {
        CellKind::Value(param, _) if is_text(param) => quote!(vmspec_runtime::state::Held::default()),
        CellKind::Value(param, Some(init)) => {
            let init = argument(&Env::new(ctx, id, Side::Measure), init, param).0;
            quote!(core::cell::Cell::new(#init))
        }
        CellKind::Row(..) if has_texts(cell) => quote!(vmspec_runtime::state::Held::default()),
        CellKind::Value(_, None) | CellKind::Row(..) => quote!(core::cell::Cell::new(None)),
        CellKind::Set(..) => quote!(vmspec_runtime::state::Set::new(#max)),
        CellKind::Table(_) => quote!(vmspec_runtime::state::Table::new(#max)),
    }
}

/// The struct of a row.
fn row(ctx: &Ctx<'_>, cell: &Cell) -> TokenStream {
    let Some(name) = cell.row().map(ident) else { return TokenStream::new() };
    let columns = cell.columns().iter().map(|column| {
        let name = ident(&column.rust);
        let of =
            if is_text(column) { quote!(vmspec_runtime::state::SharedText) } else { rust_type::param(ctx, column) };
        let doc = docs::doc(column.doc.as_deref(), &format!("`{}`", column.name));
        quote!(#doc pub #name: #of)
    });
    let text = match cell.key() {
        Some(_) => format!("What `{}` holds under a key.", cell.name),
        None => format!("What `{}` holds, once it is remembered.", cell.name),
    };
    let (doc, copied) = (docs::markdown_line(&text), (!has_texts(cell)).then(|| quote!(Copy,)));
    quote! {
        #doc
        #[derive(Clone, #copied Debug, PartialEq)]
        pub struct #name { #(#columns),* }
    }
}

/// The statement with which the type that state is for starts it, and the local that it makes.
#[must_use]
pub fn start(ctx: &Ctx<'_>, id: TypeId) -> Option<(Ident, TokenStream)> {
    start_from(ctx, id, &quote!(args.inputs))
}

fn start_from(ctx: &Ctx<'_>, id: TypeId, inputs: &TokenStream) -> Option<(Ident, TokenStream)> {
    let (_, scope) = ctx.format.scope_of(id)?;
    let (name, of) = (ident(&scope.local), ident(&scope.rust));
    let first = if starts_from_inputs(ctx, id) { quote!(new(#inputs)) } else { quote!(default()) };
    Some((name.clone(), quote!(let #name = #of::#first;)))
}

/// The same for a writer, which knows what its own fields settle: what it measures goes by that. What is measured by state
/// is settled, so that a measure needs no inputs for it.
#[must_use]
pub fn start_settled(env: &Env<'_>) -> Option<(Ident, TokenStream)> {
    let (id, scope) = env.ctx.format.scope_of(env.ty)?;
    let inputs = if env.side == Side::Measure { quote!(Inputs::default()) } else { quote!(args.inputs) };
    let (name, start) = start_from(env.ctx, env.ty, &inputs)?;
    let env = &Env::new(env.ctx, env.ty, Side::Measure);
    let s = env.ctx.ty(env.ty).as_struct()?;
    let settled = (0..scope.cells.len()).filter(|cell| env.ctx.is_measured_by(id, *cell)).filter_map(|cell| {
        let field = settled(env.ctx.format, id, cell)?.of(&s.fields);
        let remember = field.remember.iter().find(|r| r.scope == id && r.cell == cell)?;
        Some(super::remember::settled(env, remember, field))
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
