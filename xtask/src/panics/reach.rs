//! Which of the functions can be reached from code of the project, and where those call what panics.

use std::collections::{BTreeMap, BTreeSet};

use super::asm::{Function, Place, Unit};
use super::build::CRATES;

/// A way into a panic.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Site {
    /// What is called: `core::option::unwrap_failed`.
    pub kind: String,
    /// Where that stands in the source, if it is told.
    pub place: Option<Place>,
    /// The function with the call in it.
    pub from: String,
}

/// Every one in functions that code of the project may get to.
pub fn sites(unit: &Unit) -> Vec<Site> {
    let reached = reached(unit);
    let functions: Vec<_> = unit.functions.iter().filter(|(name, _)| reached.contains(name.as_str())).collect();
    let mut panics = Panics { told_where: BTreeMap::new() };
    // A function that is told where it is called from hands that on. It panics in the name of its callers.
    while functions.iter().any(|(name, function)| panics.learn(name, function)) {}
    let mut sites = BTreeSet::new();
    for (name, function) in functions {
        let from = readable(name);
        for (kind, place) in panics.of(function) {
            if place.is_some() || !panics.told_where.contains_key(name.as_str()) {
                sites.insert(Site { kind, place: place.cloned(), from: from.clone() });
            }
        }
    }
    sites.into_iter().collect()
}

/// What panics, beyond what does so by its name.
struct Panics<'a> {
    /// Functions of the standard library that are told the place of their caller, and what they panic by.
    told_where: BTreeMap<&'a str, String>,
}

impl<'a> Panics<'a> {
    /// The calls of what panics.
    fn of<'f>(&self, function: &'f Function) -> Vec<(String, Option<&'f Place>)> {
        let calls = function.calls.iter();
        calls.filter_map(|(called, place)| Some((self.kind(called)?, place.as_ref()))).collect()
    }

    /// What a function panics by; none where it does not.
    fn kind(&self, called: &str) -> Option<String> {
        let name = readable(called);
        is_panic(&name).then_some(name).or_else(|| self.told_where.get(called).cloned())
    }

    /// Whether a function is one more that is told where it is called from.
    fn learn(&mut self, name: &'a str, function: &Function) -> bool {
        if self.told_where.contains_key(name) || is_ours(&readable(name)) {
            return false;
        }
        let told = self.of(function).into_iter().find(|(kind, place)| place.is_none() && needs_place(kind));
        let Some((kind, _)) = told else { return false };
        self.told_where.insert(name, kind);
        true
    }
}

/// Whether what panics is told where; memory that cannot be had, and a panic in a panic, are not.
fn needs_place(kind: &str) -> bool {
    !["handle_error", "handle_alloc_error", "capacity_overflow", "panic_in_cleanup", "panic_nounwind_fmt"]
        .iter()
        .any(|end| kind.ends_with(end))
}

/// Whether a function does nothing but panic, by its name.
fn is_panic(name: &str) -> bool {
    let of_std = ["core::", "alloc::", "std::"].iter().any(|start| name.starts_with(start));
    let last = name.rsplit("::").next().unwrap_or(name);
    let says = ["_failed", "_fail", "handle_error", "handle_alloc_error", "capacity_overflow"];
    of_std
        && (name.contains("::panicking::") || last.starts_with("panic") || says.iter().any(|end| last.ends_with(end)))
}

/// Whether a function is of the project, and not an instance of one of others that was made for it.
pub fn is_ours(name: &str) -> bool {
    let start = name.trim_start_matches(['<', '&']);
    CRATES.iter().any(|krate| start.strip_prefix(krate).is_some_and(|rest| rest.starts_with("::")))
}

/// All functions that those of the project get to, by calls and by naming them in code or in data.
fn reached(unit: &Unit) -> BTreeSet<&str> {
    let mut todo: Vec<&str> =
        unit.functions.keys().map(String::as_str).filter(|name| is_ours(&readable(name))).collect();
    let mut reached: BTreeSet<&str> = todo.iter().copied().collect();
    while let Some(name) = todo.pop() {
        let function = unit.functions.get(name);
        let called = function.into_iter().flat_map(|it| it.calls.iter().map(|(called, _)| called).chain(&it.names));
        let data = unit.data.get(name).into_iter().flatten();
        todo.extend(called.chain(data).map(String::as_str).filter(|name| reached.insert(name)));
    }
    reached
}

/// A symbol as people write it, without what it is an instance for.
fn readable(symbol: &str) -> String {
    format!("{:#}", rustc_demangle::demangle(symbol))
}
