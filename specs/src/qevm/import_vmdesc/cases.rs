//! Which layouts become cases of the switch over devices, and for which versions.

use super::base::Base;
use super::names::CaseNames;
use super::shapes::{Found, State, StateId};
use alloc::string::String;
use alloc::vec::Vec;
use core::ops::RangeInclusive;

/// A layout as a case.
pub(super) struct Case<'a> {
    /// What it is for.
    pub(super) label: &'a str,
    pub(super) id: StateId,
    /// What it is called, where its label does not say.
    pub(super) name: Option<String>,
    /// The versions that it is for, where it has any.
    pub(super) versions: Option<RangeInclusive<u32>>,
    /// Whether it can be no case, since another one is for the same.
    pub(super) is_left_out: bool,
}

/// The cases, the newest of each label first: it is the one that stays, since a file has one case for a label.
pub(super) fn cases<'a>(found: &'a Found, types: &[String], base: &Base) -> Vec<Case<'a>> {
    let mut names = CaseNames::beside(base);
    let mut cases = Vec::new();
    for (label, ids) in &found.cases {
        let is_known = base.labels.contains(label);
        for (i, id) in ids.iter().rev().copied().enumerate() {
            let versions = found.states.get(id).and_then(versions);
            // Without a condition, a case is for all that the spec has a case of.
            let is_left_out = i > 0 || (versions.is_none() && is_known);
            let own = types.get(id).map(String::as_str).unwrap_or_default();
            let name = if is_left_out { None } else { names.take(label, own, !is_known) };
            cases.push(Case { label, id, name, versions, is_left_out });
        }
    }
    cases
}

/// Where a device writes its state by hand, nobody says which versions there are.
fn versions(state: &State) -> Option<RangeInclusive<u32>> {
    (!state.name.is_empty()).then_some(state.oldest..=state.version)
}
