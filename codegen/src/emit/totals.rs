//! Running totals: sums and counts over a list that is still growing, so that no element is looked at twice.

use super::expr::{Env, Kind, Mode, Operand};
use crate::model::{Expr, ExprKind, Field, Function, Place, Root, Step};
use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};

/// The totals that a condition needs.
pub struct Totals<'a> {
    env: &'a Env<'a>,
    totals: Vec<Total>,
}

struct Total {
    name: Ident,
    text: String,
    what: What,
}

enum What {
    /// Elements so far.
    Count,
    /// Elements so far for which a condition holds.
    CountWhere(Expr),
    /// A function of a number of each element: the place in the element.
    Over(Function, Vec<Step>),
}

impl<'a> Totals<'a> {
    /// The totals over a field of its own that a condition names.
    #[must_use]
    pub fn of(env: &'a Env<'a>, field: &Field, condition: &Expr) -> Self {
        Self::called("total", env, field, &[condition])
    }

    /// The totals over a field of its own that several expressions name, each called by this word and a number.
    #[must_use]
    pub fn called(word: &str, env: &'a Env<'a>, field: &Field, all: &[&Expr]) -> Self {
        let mut totals: Vec<Total> = Vec::new();
        for e in all {
            crate::resolve::walk(e, &mut |e| {
                let Some(what) = total(env, field, e) else { return };
                if !totals.iter().any(|t| t.text == e.text) {
                    totals.push(Total { name: format_ident!("{word}_{}", totals.len()), text: e.text.clone(), what });
                }
            });
        }
        Self { env, totals }
    }

    /// What an expression about an element needs to know of it, as if it were `it`.
    #[must_use]
    pub fn of_elements(&self) -> Vec<Place> {
        let mut out = Vec::new();
        for total in &self.totals {
            match &total.what {
                What::Count => {}
                What::CountWhere(condition) => crate::resolve::walk(condition, &mut |e| {
                    if let ExprKind::Place(place @ Place { root: Root::It, .. }) = &e.kind {
                        out.push(place.clone());
                    }
                }),
                What::Over(_, steps) => out.push(Place { root: Root::It, steps: steps.clone() }),
            }
        }
        out
    }

    /// Statements before the first element.
    #[must_use]
    pub fn start(&self) -> TokenStream {
        let all = self.totals.iter().map(|t| {
            let name = &t.name;
            match &t.what {
                What::Count | What::CountWhere(_) => quote!(let mut #name = 0_u64;),
                What::Over(Function::Sum, _) => quote!(let mut #name = 0_i128;),
                What::Over(..) => quote!(let mut #name: Option<i128> = None;),
            }
        });
        quote!(#(#all)*)
    }

    /// The totals as members of a struct: name, type, and what they are before the first element.
    #[must_use]
    pub fn members(&self) -> Vec<(Ident, TokenStream, TokenStream)> {
        let all = self.totals.iter().map(|t| {
            let (of, start) = match &t.what {
                What::Count | What::CountWhere(_) => (quote!(u64), quote!(0)),
                What::Over(Function::Sum, _) => (quote!(i128), quote!(0)),
                What::Over(..) => (quote!(Option<i128>), quote!(None)),
            };
            (t.name.clone(), of, start)
        });
        all.collect()
    }

    /// Statements after each element, which is `it`.
    #[must_use]
    pub fn step(&self, it: &Operand) -> TokenStream {
        self.step_in(&self.env.with_it(it.clone()))
    }

    /// Statements after each element, as an expression that knows `it` sees it.
    #[must_use]
    pub fn step_in(&self, env: &Env<'_>) -> TokenStream {
        let all = self.totals.iter().map(|t| {
            let name = &t.name;
            match &t.what {
                What::Count => quote!(#name = #name.saturating_add(1);),
                What::CountWhere(condition) => {
                    let condition = env.condition(condition);
                    quote!(#name = #name.saturating_add(u64::from(#condition));)
                }
                What::Over(function, steps) => over(env, name, *function, steps),
            }
        });
        quote!(#(#all)*)
    }

    /// What the condition sees: totals in place of the functions.
    #[must_use]
    pub fn env(&self, env: &Env<'a>) -> Env<'a> {
        let mut env = env.clone();
        for t in &self.totals {
            let name = &t.name;
            let (kind, mode) = match &t.what {
                What::Count | What::CountWhere(_) => (Kind::Int(false, 64), Mode::Plain),
                What::Over(Function::Sum, _) => (Kind::Int(true, 128), Mode::Plain),
                What::Over(..) => (Kind::Int(true, 128), Mode::Absent),
            };
            env.totals.insert(t.text.clone(), Operand::plain(quote!(#name), kind).with_mode(mode));
        }
        env
    }
}

fn total(env: &Env<'_>, field: &Field, e: &Expr) -> Option<What> {
    match &e.kind {
        ExprKind::CountWhere(list, condition) => {
            own_steps(env, field, list)?;
            Some(What::CountWhere((**condition).clone()))
        }
        ExprKind::Call(Function::Count, list) => own_steps(env, field, list).map(|_| What::Count),
        ExprKind::Call(function @ (Function::Sum | Function::MinOf | Function::MaxOf), list) => {
            own_steps(env, field, list).map(|steps| What::Over(*function, steps))
        }
        _ => None,
    }
}

/// The steps inside an element, where an expression is about the list of this field.
fn own_steps(env: &Env<'_>, field: &Field, e: &Expr) -> Option<Vec<Step>> {
    let ExprKind::Place(Place { root: Root::Field(id), steps }) = &e.kind else { return None };
    let own = env.ctx.format.field(env.ty, *id)?;
    if own.name != field.name {
        return None;
    }
    match steps.split_first() {
        None => Some(Vec::new()),
        Some((Step::Each, rest)) => Some(rest.to_vec()),
        _ => None,
    }
}

fn over(env: &Env<'_>, name: &Ident, function: Function, steps: &[Step]) -> TokenStream {
    let value = env.number(env.place(&Place { root: Root::It, steps: steps.to_vec() }));
    let (wide, add) = match value.mode {
        Mode::Plain => (env.to(&value, true, 128), None),
        _ => (quote!(n), Some(value.atom())),
    };
    let wide = if add.is_some() { env.to(&Operand::plain(wide, value.kind.clone()), true, 128) } else { wide };
    let step = match function {
        Function::Sum => quote!(#name = #name.saturating_add(#wide);),
        Function::MinOf => quote!(#name = Some(#name.map_or(#wide, |least| least.min(#wide)));),
        _ => quote!(#name = Some(#name.map_or(#wide, |most| most.max(#wide)));),
    };
    match add {
        Some(option) => quote!(if let Some(n) = #option { #step }),
        None => step,
    }
}
