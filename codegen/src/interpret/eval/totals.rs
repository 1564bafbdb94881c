//! Sums and counts over a list of which not all elements are held: they are worked out while it is read, and found by their
//! text.

use super::{Env, total_text};
use crate::interpret::datum::Datum;
use crate::interpret::tree::Value;
use crate::model::{Expr, ExprKind, FieldId, Format, Function, Place, Root, Step, TypeId};

/// The totals of a list that is being read.
pub struct Totals<'m>(Vec<Total<'m>>);

struct Total<'m> {
    text: String,
    what: What<'m>,
    so_far: Option<i128>,
}

#[derive(Clone, Copy)]
enum What<'m> {
    /// Elements for which a condition holds.
    Where(&'m Expr),
    /// A function of what these steps lead to in each element.
    Over(Function, &'m [Step]),
}

impl<'m> Totals<'m> {
    /// Those that the expressions of a type name of one of its lists.
    #[must_use]
    pub fn of(format: &'m Format, ty: TypeId, list: FieldId) -> Self {
        let mut all: Vec<Total<'m>> = Vec::new();
        for e in crate::resolve::type_exprs(format.ty(ty)) {
            crate::resolve::walk(e, &mut |e| {
                let Some((text, what)) = total(e, list) else { return };
                if !all.iter().any(|known| known.text == text) {
                    let none = matches!(what, What::Over(Function::MinOf | Function::MaxOf, _));
                    all.push(Total { text, what, so_far: (!none).then_some(0) });
                }
            });
        }
        Self(all)
    }

    /// Adds an element.
    pub fn add(&mut self, env: &Env<'_>, it: &Datum<'_>) {
        let env = env.with_it(it);
        for total in &mut self.0 {
            let one = match total.what {
                What::Where(condition) => i128::from(env.holds(condition) == Ok(true)),
                What::Over(Function::Count, steps) => i128::from(!env.follow(it.clone(), steps).is_absent()),
                What::Over(_, steps) => match env.follow(it.clone(), steps).number() {
                    Some(n) => n,
                    None => continue,
                },
            };
            let so_far = total.so_far;
            total.so_far = Some(match total.what {
                What::Over(Function::MinOf, _) => so_far.map_or(one, |least| least.min(one)),
                What::Over(Function::MaxOf, _) => so_far.map_or(one, |most| most.max(one)),
                _ => so_far.unwrap_or(0).saturating_add(one),
            });
        }
    }

    /// All of them by their text; one of no number is absent.
    #[must_use]
    pub fn finish(self) -> Vec<(String, Option<i128>)> {
        self.0.into_iter().map(|total| (total.text, total.so_far)).collect()
    }
}

/// What an expression asks of a list of the type that it stands in.
fn total(e: &Expr, list: FieldId) -> Option<(String, What<'_>)> {
    match &e.kind {
        ExprKind::CountWhere(of, condition) => {
            steps(of, list)?;
            Some((where_text(of, condition), What::Where(condition)))
        }
        ExprKind::Call(function @ (Function::Count | Function::Sum | Function::MinOf | Function::MaxOf), of) => {
            Some((total_text(*function, of), What::Over(*function, steps(of, list)?)))
        }
        _ => None,
    }
}

/// The steps inside an element, where an expression is about the elements of this list.
fn steps(e: &Expr, list: FieldId) -> Option<&[Step]> {
    let ExprKind::Place(Place { root: Root::Field(id), steps }) = &e.kind else { return None };
    match steps.split_first() {
        _ if *id != list => None,
        None => Some(&[]),
        Some((Step::Each, inside)) => Some(inside),
        Some(_) => None,
    }
}

/// What tells one count of elements from others.
pub(super) fn where_text(list: &Expr, condition: &Expr) -> String {
    format!("{} where {}", list.text, condition.text)
}

impl<'a> Env<'a> {
    /// What was summed up of a list when it was read, where that was done.
    pub(super) fn held_total(&self, of: &Expr, text: impl Fn() -> String) -> Option<Datum<'a>> {
        let ExprKind::Place(Place { root: Root::Field(id), .. }) = &of.kind else { return None };
        let Value::Lazy(list) = &self.record.fields.get(id.0)?.value else { return None };
        let text = text();
        let (_, total) = list.of_entry.as_ref()?.totals.iter().find(|(known, _)| *known == text)?;
        Some(total.map_or(Datum::Absent, Datum::Int))
    }
}
