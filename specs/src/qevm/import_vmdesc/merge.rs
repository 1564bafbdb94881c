//! Two versions of one device's state are one type, if the later one only adds fields.
//!
//! Not for a struct in another one: its version is not in the stream, so the type of each has one version only.

use super::shapes::{Field, Found, State, StateId};
use alloc::vec::Vec;

/// Joins the versions of states that can be, and leaves the newest in their place.
pub(super) fn merge_versions(found: &mut Found) {
    let mut cases = core::mem::take(&mut found.cases);
    for (_, ids) in &mut cases {
        ids.sort_by_key(|id| found.states.get(*id).map(|it| it.version));
        let mut left: Vec<StateId> = Vec::new();
        for id in ids.drain(..) {
            if let Some(older) = left.pop_if(|older| found.is_joined(*older, id))
                && let Some(state) = found.states.get_mut(older)
            {
                state.merged = true;
            }
            left.push(id);
        }
        *ids = left;
    }
    found.cases = cases;
}

impl Found {
    /// Whether the newer state could be made to describe the older one too.
    fn is_joined(&mut self, older: StateId, newer: StateId) -> bool {
        let (Some(old), Some(new)) = (self.states.get(older), self.states.get(newer)) else { return false };
        let other = old.name.is_empty() || old.name != new.name || old.version >= new.version;
        if other || old.nested || new.nested {
            return false;
        }
        let Some(fields) = joined(old, new) else { return false };
        let (oldest, subsections) = (old.oldest, old.subsections.clone());
        if let Some(new) = self.states.get_mut(newer) {
            (new.fields, new.oldest) = (fields, oldest);
            new.subsections.join(subsections);
        }
        true
    }
}

/// The fields of the newer state, each with the version since which it is there; none if the older has others.
fn joined(old: &State, new: &State) -> Option<Vec<Field>> {
    let mut rest = old.fields.iter().peekable();
    let mut fields = Vec::new();
    for field in &new.fields {
        let known = rest.next_if(|it| it.name == field.name && it.shape == field.shape);
        let added = || Field { since: Some((old.version, new.version)), ..field.clone() };
        fields.push(known.cloned().unwrap_or_else(added));
    }
    rest.next().is_none().then_some(fields)
}
