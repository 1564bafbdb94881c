//! Numbers at the bounds of what the condition of a case takes. That a case is taken in some input and left in another says
//! nothing of the numbers between, and a bound that is off by one is met by neither.

use std::collections::BTreeSet;

use vmspec_codegen::interpret::trace::Aspect;

use super::edits::spliced;
use super::values::wire;
use super::{Craft, Item, Place};
use crate::targets::Asked;
use crate::watch::answer;

/// How far in front of a case the number is looked for, in values.
const BEFORE: usize = 12;

impl Craft<'_> {
    /// Inputs with each number at and beside the bounds of a case, each with what it is there for.
    pub(super) fn bounds(&self) -> Vec<(usize, Vec<u8>, String)> {
        let cases = self.model.asked().iter().enumerate();
        let cases = cases.filter(|(_, asked)| asked.aspect == Aspect::Case && !asked.hints.is_empty());
        cases.flat_map(|(i, asked)| self.bounds_of(i, asked)).collect()
    }

    fn bounds_of(&self, index: usize, asked: &Asked) -> Vec<(usize, Vec<u8>, String)> {
        let leaves = |item: &&Item| item.accepted && item.all.contains_key(&answer(index, false));
        let Some(item) = self.pool.iter().filter(leaves).min_by_key(|item| item.bytes.len()) else { return Vec::new() };
        let Some(place) = self.compared(item, index, &asked.hints) else { return Vec::new() };
        let near = |n: &i128| [n.saturating_sub(1), *n, n.saturating_add(1)];
        let numbers: BTreeSet<i128> = asked.hints.iter().flat_map(near).filter(|n| *n >= 0).collect();
        let line = |n: i128| {
            let bytes = with(item, &place, n);
            let is_new = bytes != item.bytes && self.asks(item, &bytes, &[answer(index, false), answer(index, true)]);
            is_new.then(|| (item.base, bytes, format!("{n} beside Case {}", asked.place)))
        };
        numbers.into_iter().filter_map(line).collect()
    }

    /// The place of the number that a condition compares: one of the numbers there makes the case be taken.
    fn compared(&self, item: &Item, index: usize, hints: &[i128]) -> Option<Place> {
        let at = usize::try_from(*item.all.get(&answer(index, false))?).ok()?;
        let ends = |place: &&Place| (1..=8).contains(&place.len) && place.at.saturating_add(place.len) <= at;
        let takes =
            |place: &&Place| hints.iter().any(|n| self.asks(item, &with(item, place, *n), &[answer(index, true)]));
        item.places.iter().filter(ends).rev().take(BEFORE).find(takes).cloned()
    }

    /// Whether one of some answers is given by bytes in place of those of an input.
    fn asks(&self, item: &Item, bytes: &[u8], answers: &[usize]) -> bool {
        let shown = self.model.look(item.base, bytes);
        shown.is_some_and(|shown| shown.all.iter().any(|(of, _)| answers.contains(of)))
    }
}

fn with(item: &Item, place: &Place, n: i128) -> Vec<u8> {
    spliced(&item.bytes, place.at, place.len, &wire(n, place.len, true))
}
