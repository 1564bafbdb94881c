//! `remember`: the statements that fill the state, alike while a value is read, written and looked over.

use super::args::argument;
use super::ctx::RuleEntry;
use super::expr::{Env, Side};
use super::names::ident;
use super::rules::{self, elements, uses};
use super::rust_type::local;
use super::scalar::{Raise, rule_name};
use super::state::{has_texts, is_text};
use crate::model::{Cell, CellKind, Class, Expr, Field, FieldId, Param, Remember, Struct};
use proc_macro2::{Ident, Literal, TokenStream};
use quote::{format_ident, quote};

/// What a field remembers, once it is there.
#[must_use]
pub fn after_field(env: &Env<'_>, id: FieldId, field: &Field, (raise, at): (&Raise, u64)) -> TokenStream {
    let of = About { name: &field.name, rust: &field.rust, raise, at };
    if field.remember.is_empty() {
        return TokenStream::new();
    }
    rules::present(env, id, field, |env| {
        if field.repeat.is_none() {
            return all(env, &field.remember, of);
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
        let body = all(&inner, &field.remember, of);
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

/// What a field settles before anything is measured by it.
#[must_use]
pub fn settled(env: &Env<'_>, remember: &Remember, field: &Field) -> TokenStream {
    one(env, remember, About { name: &field.name, rust: &field.rust, raise: &Raise::Finding, at: 0 })
}

/// What a type remembers, once all of it is there.
#[must_use]
pub fn at_end(env: &Env<'_>, s: &Struct, raise: &Raise) -> TokenStream {
    all(env, &s.remember, About { name: "", rust: "", raise, at: 0 })
}

fn all(env: &Env<'_>, remember: &[Remember], of: About<'_>) -> TokenStream {
    let all = remember.iter().map(|r| one(env, r, of));
    quote!(#(#all)*)
}

/// What something is remembered of: the name of a field in the spec and in Rust, how a failure leaves the function, and how
/// far behind the place that is counted from.
#[derive(Clone, Copy)]
struct About<'a> {
    name: &'a str,
    rust: &'a str,
    raise: &'a Raise,
    at: u64,
}

fn one(env: &Env<'_>, remember: &Remember, of: About<'_>) -> TokenStream {
    let (scope, state) = env.state(remember.scope);
    let Some(cell) = scope.cells.get(remember.cell) else { return TokenStream::new() };
    let (name, what) = (ident(&cell.rust), What { env, remember, of });
    let state = quote!(#state.#name);
    let given = cell.params().iter().zip(&remember.values);
    match &cell.kind {
        CellKind::Value(param, init) if is_text(param) => {
            let value: TokenStream = given.map(|(param, e)| what.value(param, e)).collect();
            if init.is_some() { quote!(#state.set(Some(#value));) } else { quote!(#state.set(#value);) }
        }
        CellKind::Value(..) => {
            let value: TokenStream = given.map(|(param, e)| what.value(param, e)).collect();
            quote!(#state.set(#value);)
        }
        CellKind::Row(row, _) if !has_texts(cell) => {
            let row = ident(row);
            let columns = given.map(|(column, e)| member(&ident(&column.rust), &what.value(column, e)));
            quote!(#state.set(Some(#row { #(#columns),* }));)
        }
        CellKind::Row(row, columns) => {
            let (locals, same, new) = (what.locals(cell), same(columns), new_row(row, columns));
            quote!({ #locals #state.remember(|row| #same, || #new); })
        }
        CellKind::Set(..) => {
            let (locals, key, full) = (what.locals(cell), key(cell), what.full(cell));
            let at = Literal::u64_unsuffixed(of.at);
            let check = what.kept(&quote!(#state.remember(#key)), &quote!(|wanted| #full.fault(#at, wanted)));
            quote!({ #locals #check })
        }
        CellKind::Table(table) => {
            let (locals, key) = (what.locals(cell), key(cell));
            let (same, new) = (same(cell.columns()), new_row(&table.row, cell.columns()));
            let (full, other, shown) = (what.full(cell), what.other(cell), shown(cell));
            let at = Literal::u64_unsuffixed(of.at);
            let check = what.kept(
                &quote!(#state.remember(#key, |row| #same, || #new)),
                &quote!(|why| why.fault([&#full, &#other], #at, #shown)),
            );
            quote!({ #locals #check })
        }
    }
}

/// One entry of `remember`, and what it is about.
#[derive(Clone, Copy)]
struct What<'a> {
    env: &'a Env<'a>,
    remember: &'a Remember,
    of: About<'a>,
}

impl What<'_> {
    /// A value as its cell has it; a text as a slice.
    fn value(self, param: &Param, e: &Expr) -> TokenStream {
        let (value, fallible) = argument(self.env, e, param);
        if !fallible {
            return value;
        }
        match self.env.shared_text(e).filter(|_| is_text(param)) {
            Some((shared, _)) => {
                let shared = self.computed(&shared, &e.text);
                quote!(&*#shared)
            }
            None => self.computed(&value, &e.text),
        }
    }

    /// Statements that make what is remembered locals: a text as a slice, or shared where it lies in the state.
    fn locals(self, cell: &Cell) -> TokenStream {
        let given = cell.params().iter().zip(&self.remember.values);
        let (names, values): (Vec<_>, Vec<_>) =
            given.map(|(param, e)| (local(&param.rust), self.owned(param, e))).unzip();
        if let ([name], [value]) = (names.as_slice(), values.as_slice()) {
            quote!(let #name = #value;)
        } else {
            quote!(let (#(#names),*) = (#(#values),*);)
        }
    }

    fn owned(self, param: &Param, e: &Expr) -> TokenStream {
        match self.env.shared_text(e).filter(|_| is_text(param)) {
            Some((shared, true)) => self.computed(&shared, &e.text),
            Some((shared, false)) => shared,
            None => self.value(param, e),
        }
    }

    /// A value that is an `Option`, since it may not be there or not fit.
    fn computed(self, value: &TokenStream, text: &str) -> TokenStream {
        let expected = format!("`{text}` to be known and to fit `{}`", self.remember.text);
        let (rule, at) = (self.rule("REMEMBER", Class::Invalid, &expected), Literal::u64_unsuffixed(self.of.at));
        self.of.raise.wrap(&quote!(#value.ok_or_else(|| #rule.fault(#at, Found::Nothing))))
    }

    /// The statement that remembers a key, which can be refused.
    fn kept(self, result: &TokenStream, fault: &TokenStream) -> TokenStream {
        if let Raise::Finding = self.of.raise {
            return quote!(if #result.is_err() { return; });
        }
        let checked = self.of.raise.wrap(&quote!(#result.map_err(#fault)));
        quote!(#checked;)
    }

    /// The rule that there are not too many keys.
    fn full(self, cell: &Cell) -> TokenStream {
        self.rule("REMEMBER_MAX", Class::Limit, &crate::resolve::at_most(cell))
    }

    /// The rule that a key has only one row.
    fn other(self, cell: &Cell) -> TokenStream {
        self.rule("REMEMBER_ROW", Class::Invalid, &crate::resolve::same_row(cell))
    }

    fn rule(self, about: &str, class: Class, expected: &str) -> TokenStream {
        let ctx = self.env.ctx;
        ctx.rule(&RuleEntry {
            name: rule_name(ctx.ty(self.env.ty), self.of.rust, about),
            field: self.of.name,
            site: self.remember.site,
            class,
            expected,
            say: None,
        })
    }
}

fn member(name: &Ident, value: &TokenStream) -> TokenStream {
    if *name == value.to_string() { quote!(#name) } else { quote!(#name: #value) }
}

/// The local of a key, as it is looked up.
fn key(cell: &Cell) -> TokenStream {
    let Some(key) = cell.key() else { return TokenStream::new() };
    let (name, part) = (local(&key.rust), super::expr::key_part(&key.ty));
    if is_text(key) { quote!(&#name[..]) } else { quote!(&#name #part) }
}

/// The same as errors show it.
fn shown(cell: &Cell) -> TokenStream {
    let Some(key) = cell.key() else { return TokenStream::new() };
    let (name, part) = (local(&key.rust), super::expr::key_part(&key.ty));
    if is_text(key) { quote!(&#name[..]) } else { quote!(#name #part) }
}

/// Whether a row that is there is the one that the locals make.
fn same(columns: &[Param]) -> TokenStream {
    let all = columns.iter().map(|column| {
        let (name, local) = (ident(&column.rust), local(&column.rust));
        if is_text(column) { quote!(row.#name[..] == #local[..]) } else { quote!(row.#name == #local) }
    });
    quote!(#(#all)&&*)
}

/// A row of the locals.
fn new_row(row: &str, columns: &[Param]) -> TokenStream {
    let row = ident(row);
    let all = columns.iter().map(|column| {
        let (name, local) = (ident(&column.rust), local(&column.rust));
        let value = if is_text(column) { quote!(#local[..].into()) } else { quote!(#local) };
        member(&name, &value)
    });
    quote!(#row { #(#all),* })
}

/// The same while findings are collected: a value that cannot be computed is for hard rules to report.
#[must_use]
pub fn for_findings(env: &Env<'_>, id: FieldId, field: &Field) -> TokenStream {
    if env.ctx.finds_by_state() { after_field(env, id, field, (&Raise::Finding, 0)) } else { TokenStream::new() }
}

/// What a type remembers while findings are collected.
#[must_use]
pub fn at_end_of_findings(env: &Env<'_>, s: &Struct) -> TokenStream {
    if env.ctx.finds_by_state() { at_end(env, s, &Raise::Finding) } else { TokenStream::new() }
}
