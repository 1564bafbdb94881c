//! Going through a tree: what is in a node, and the paths that errors name.

use std::borrow::Cow;

use vmspec_codegen::interpret::{Look, Packed, Value, What};
use vmspec_codegen::model::{Case, Label};

/// What is in a node.
pub enum Inside<'a> {
    /// Nothing: it is a value itself.
    Nothing,
    /// Fields or parts.
    Fields(Vec<Look<'a>>),
    /// Elements.
    Elements(Elements<'a>),
    /// Plain integers.
    Numbers(&'a Packed),
}

/// The elements of a list, looked at one by one: there may be very many.
#[derive(Clone)]
pub struct Elements<'a> {
    list: Look<'a>,
    count: usize,
}

impl<'a> Elements<'a> {
    /// How many there are.
    pub fn count(&self) -> usize {
        self.count
    }

    /// One of them.
    pub fn get(&self, index: usize) -> Option<Look<'a>> {
        self.list.at(index)
    }

    /// Where one of them lies, and its length. Those that are not held all have the same.
    pub fn place(&self, index: usize) -> Option<(u64, u64)> {
        match &self.list.node.value {
            Value::Lazy(list) => Some((list.place(u64::try_from(index).unwrap_or(u64::MAX)), list.step)),
            Value::Scan(scan) => scan.entries.get(index).map(|it| (scan.ring.offset(it.start), it.length)),
            _ => self.get(index).map(|element| (element.node.at, element.node.len)),
        }
    }

    /// Whether one of them can be shown: of a list that is read one by one, those that were asked for.
    pub fn is_held(&self, index: usize) -> bool {
        match &self.list.node.value {
            Value::Lazy(list) => list.get(index).is_some(),
            Value::Scan(scan) => scan.held.contains_key(&index),
            _ => index < self.count,
        }
    }

    /// Whether all of them can be.
    pub fn are_held(&self) -> bool {
        self.held().is_none_or(|held| held.len() == self.count)
    }

    /// All of them that can be shown.
    pub fn iter(&self) -> impl Iterator<Item = Look<'a>> + '_ {
        let some = self.held();
        let all = if some.is_some() { 0..0 } else { 0..self.count };
        some.into_iter().flatten().chain(all).filter_map(|index| self.get(index))
    }

    /// The indices of those that can be shown, where that may not be all.
    pub fn held(&self) -> Option<Vec<usize>> {
        match &self.list.node.value {
            Value::Lazy(list) => Some(list.held.keys().filter_map(|index| usize::try_from(*index).ok()).collect()),
            Value::Scan(scan) => Some(scan.held.keys().copied().collect()),
            _ => None,
        }
    }

    /// Whether they are entries of a journal.
    pub fn are_entries(&self) -> bool {
        matches!(self.list.node.value, Value::Scan(_))
    }
}

/// What is in a node. Of a switch, look behind it first.
pub fn inside<'a>(look: &Look<'a>) -> Inside<'a> {
    // Only an element of a list of plain integers is in no tree, and that has nothing inside.
    let Cow::Borrowed(node) = look.node else { return Inside::Nothing };
    match &node.value {
        Value::Record(_) | Value::Bits(_) => Inside::Fields(look.children()),
        Value::List(nodes) => Inside::Elements(Elements { list: look.clone(), count: nodes.len() }),
        Value::Packed(packed) => Inside::Numbers(packed),
        Value::Lazy(list) => Inside::Elements(Elements { list: look.clone(), count: list.len() }),
        Value::Scan(scan) => Inside::Elements(Elements { list: look.clone(), count: scan.entries.len() }),
        _ => Inside::Nothing,
    }
}

/// What a switch holds, whatever switches are in it, and the names of the cases on the way. The content is none where
/// the last case has none.
pub fn behind_cases<'a>(look: &Look<'a>) -> (Vec<String>, Option<Look<'a>>) {
    let (mut names, mut here) = (Vec::new(), look.clone());
    while matches!(here.node.value, Value::Case(..)) {
        names.push(here.case().map_or_else(String::new, case_name));
        match here.body() {
            Some(body) => here = body,
            None => return (names, None),
        }
    }
    (names, Some(here))
}

/// The name of a case in values: its label, or the name of the default.
pub fn case_name(case: &Case) -> String {
    match (&case.label, &case.body) {
        (Label::Default, Some(body)) if !body.name.is_empty() => body.name.clone(),
        (Label::Default, _) => snake(&case.rust),
        _ => case.written.clone(),
    }
}

/// The name in specs of what has this name in Rust.
fn snake(rust: &str) -> String {
    let mut out = String::new();
    for c in rust.chars() {
        out.push_str(if c.is_ascii_uppercase() && !out.is_empty() { "_" } else { "" });
        out.push(c.to_ascii_lowercase());
    }
    out
}

/// Adds a node's step to the path of what it is in. A body of a case adds none.
pub fn enter(path: &mut String, look: &Look<'_>) {
    let name = look.name();
    if !path.is_empty() && !name.is_empty() && !matches!(look.node.what, What::Element(_) | What::Entry(..)) {
        path.push('.');
    }
    path.push_str(&name);
}

/// Whether `path` is `of`, or lies in it.
pub fn lies_in(path: &str, of: &str) -> bool {
    path.strip_prefix(of).is_some_and(|rest| of.is_empty() || rest.is_empty() || rest.starts_with(['.', '[']))
}
