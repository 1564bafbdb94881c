//! Where the fields of a struct lie: a number as long as that is always the same, behind that a sum.

use crate::model::{At, AtFrom, Field, Format, Struct};

/// Where a field lies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Offset {
    /// Always here, from the start of the struct.
    Constant(u64),
    /// In several places, from there.
    Copies(Vec<u64>),
    /// So many bytes behind things of variable size, which are named.
    Behind(Vec<String>, u64),
    /// As an expression says, counted from what the text names.
    Said(String, &'static str),
}

/// The most things of variable size that an offset names.
const MOST_TERMS: usize = 3;

impl Offset {
    /// The number, where it is always the same.
    #[must_use]
    pub fn constant(&self) -> Option<u64> {
        if let Self::Constant(n) = self { Some(*n) } else { None }
    }

    /// As people read it.
    #[must_use]
    pub fn shown(&self) -> String {
        match self {
            Self::Constant(n) => hex(*n),
            Self::Copies(all) => all.iter().map(|n| hex(*n)).collect::<Vec<_>>().join(", "),
            Self::Behind(terms, n) => sum(terms, *n),
            Self::Said(text, "") => text.clone(),
            Self::Said(text, from) => format!("{text} {from}"),
        }
    }
}

/// The offsets of the fields of a struct, in their order.
#[must_use]
pub fn offsets(format: &Format, s: &Struct) -> Vec<Offset> {
    let mut next = Offset::Constant(0);
    let mut all = Vec::new();
    for field in &s.fields {
        let here = place(field, &next);
        if field.aside.is_none() {
            next = behind(field, &here, super::size::fixed(format, field));
        }
        all.push(here);
    }
    all
}

/// `0x10`; one digit stands alone.
#[must_use]
pub fn hex(n: u64) -> String {
    if n < 10 { n.to_string() } else { format!("{n:#x}") }
}

fn place(field: &Field, next: &Offset) -> Offset {
    if let Some(aside) = &field.aside {
        return Offset::Said(aside.offset.text.clone(), "aside");
    }
    if let Some(copies) = &field.copies {
        return Offset::Copies(copies.at.clone());
    }
    field.at.as_ref().map_or_else(|| next.clone(), said)
}

fn said(at: &At) -> Offset {
    let from = if at.from == AtFrom::File { "in the file" } else { "" };
    at.constant().map_or_else(|| Offset::Said(at.offset.text.clone(), from), Offset::Constant)
}

/// Where what follows a field lies.
fn behind(field: &Field, here: &Offset, size: Option<u64>) -> Offset {
    let size = size.filter(|_| field.presence.is_none());
    // What has no name is called by its type.
    let term = || match field.name.as_str() {
        "_" => super::kind::built_in(&field.content),
        name => format!("size({name})"),
    };
    if field.presence.is_some() && (field.at.is_some() || field.copies.is_some()) {
        return Offset::Behind(vec![format!("end({})", field.name)], 0);
    }
    match (here, size) {
        (Offset::Constant(n), Some(size)) => Offset::Constant(n.saturating_add(size)),
        (Offset::Constant(n), None) => Offset::Behind(vec![term()], *n),
        (Offset::Copies(all), _) => {
            let span = field.copies.as_ref().map_or(0, crate::model::Copies::span);
            Offset::Constant(all.first().copied().unwrap_or(0).saturating_add(span))
        }
        (Offset::Behind(terms, n), Some(size)) => Offset::Behind(terms.clone(), n.saturating_add(size)),
        (Offset::Behind(terms, n), None) => Offset::Behind([terms.as_slice(), &[term()]].concat(), *n),
        (Offset::Said(text, _), Some(size)) => Offset::Behind(vec![text.clone()], size),
        (Offset::Said(text, _), None) => Offset::Behind(vec![text.clone(), term()], 0),
    }
}

/// `0x10 + size(a) + size(b)`; of many things the last one is named.
fn sum(terms: &[String], n: u64) -> String {
    let named = if terms.len() > MOST_TERMS { terms.len().saturating_sub(1) } else { 0 };
    let more = (named > 0).then(|| "…".to_owned());
    let constant = (n > 0).then(|| hex(n));
    let all: Vec<String> = constant.into_iter().chain(more).chain(terms.iter().skip(named).cloned()).collect();
    all.join(" + ")
}
