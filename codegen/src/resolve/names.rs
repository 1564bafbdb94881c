//! Global names: types, enums, flags and constants share one namespace over all files of a run.

use super::Resolver;
use crate::diagnostic::{Code, Diagnostic};
use crate::emit::names::pascal;
use crate::model::{EnumId, FlagsId, TypeId};
use crate::source::{Span, Spanned};
use std::collections::BTreeMap;

/// Names of built-in types, which nothing else may have.
pub(super) const BUILT_IN: &[&str] = &[
    "u8", "u16", "u32", "u64", "i8", "i16", "i32", "i64", "f32", "f64", "bool", "bytes", "blob", "zero", "utf8",
    "utf16", "cstr", "pstr", "guid", "uuid", "align",
];

/// Where each global name leads.
#[derive(Debug, Default)]
pub(crate) struct Names {
    pub(super) types: BTreeMap<String, TypeId>,
    pub(super) enums: BTreeMap<String, EnumId>,
    pub(super) flags: BTreeMap<String, FlagsId>,
}

impl Names {
    /// All names that stand for a type of a field.
    pub(super) fn of_fields(&self) -> impl Iterator<Item = &str> {
        let own = self.types.keys().chain(self.enums.keys()).chain(self.flags.keys());
        BUILT_IN.iter().copied().chain(own.map(String::as_str))
    }
}

/// Fills the names and reports those that are there twice.
pub(super) fn collect(r: &mut Resolver<'_>) {
    let mut seen: BTreeMap<String, Span> = BTreeMap::new();
    let mut rust: BTreeMap<String, Span> = BTreeMap::new();
    for file in r.files {
        for decl in &file.enums {
            if fresh(r, &mut seen, &mut rust, &decl.name) {
                let id = EnumId(r.names.enums.len());
                r.names.enums.insert(decl.name.value.clone(), id);
            }
        }
        for decl in &file.flags {
            if fresh(r, &mut seen, &mut rust, &decl.name) {
                let id = FlagsId(r.names.flags.len());
                r.names.flags.insert(decl.name.value.clone(), id);
            }
        }
        for decl in &file.types {
            if fresh(r, &mut seen, &mut rust, &decl.name) {
                let id = TypeId(r.names.types.len());
                r.names.types.insert(decl.name.value.clone(), id);
            }
        }
    }
    consts(r, &seen);
}

/// A constant has the name of no type, as readers would take one for the other.
fn consts(r: &mut Resolver<'_>, seen: &BTreeMap<String, Span>) {
    let files = r.files;
    for decl in files.iter().flat_map(|f| &f.consts) {
        if let Some(first) = seen.get(&decl.name.value) {
            let message = format!("`{}` is there twice", decl.name.value);
            r.out.push(twice(message, decl.name.span, *first));
        }
    }
}

fn fresh(
    r: &mut Resolver<'_>,
    seen: &mut BTreeMap<String, Span>,
    rust: &mut BTreeMap<String, Span>,
    name: &Spanned<String>,
) -> bool {
    if BUILT_IN.contains(&name.value.as_str()) {
        let message = format!("`{}` is a built-in type", name.value);
        r.error(Code::DuplicateName, &message, name.span, "choose another name");
        r.lose(&name.value);
        return false;
    }
    if let Some(first) = seen.get(&name.value).or_else(|| rust.get(&pascal(&name.value))) {
        let message = format!("`{}` is there twice", name.value);
        let d = Diagnostic::new(Code::DuplicateName, message, name.span, "given again, perhaps in other letters");
        r.out.push(d.also(*first, "first given here"));
        r.lose(&name.value);
        return false;
    }
    seen.insert(name.value.clone(), name.span);
    rust.insert(pascal(&name.value), name.span);
    true
}

/// The diagnostic for a name that is given a second time.
pub(super) fn twice(message: String, again: Span, first: Span) -> Diagnostic {
    Diagnostic::new(Code::DuplicateName, message, again, "given again").also(first, "first given here")
}
