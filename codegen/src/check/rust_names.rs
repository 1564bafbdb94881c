//! Names as Rust has them: which are taken by Rust, by the runtime, or by what is generated beside a type.

use super::Checker;
use crate::diagnostic::{Code, Diagnostic};
use crate::emit::{ctx::Ctx, flags::flag_const, flags::group_const, names::ident, pull};
use crate::model::{Body, FieldId, Order, Policy, Scope, Struct, Type, TypeId};
use crate::resolve::constant;
use crate::source::Span;
use std::collections::{BTreeMap, BTreeSet};

/// Names that generated code uses for what Rust and the runtime give them.
const TAKEN: &[&str] = &[
    "AsRef",
    "Blob",
    "Box",
    "Checksum",
    "Class",
    "Clone",
    "CString",
    "Copy",
    "Cursor",
    "Debug",
    "Default",
    "Drop",
    "Endian",
    "EndianKind",
    "Err",
    "Error",
    "Fault",
    "Field",
    "Finding",
    "Findings",
    "Found",
    "From",
    "Guid",
    "Input",
    "Into",
    "Iterator",
    "Kept",
    "Locate",
    "None",
    "Ok",
    "Option",
    "Output",
    "OwnOrder",
    "Padding",
    "Reserved",
    "Result",
    "Role",
    "Rule",
    "Self",
    "Sink",
    "Some",
    "Source",
    "String",
    "Text",
    "TryFrom",
    "Utf16",
    "Uuid",
    "Vec",
    "Wire",
    "Zeros",
];

/// Reports names that generated code cannot use.
pub(super) fn check(c: &mut Checker<'_, '_>) {
    let (types, parts) = (type_names(c), parts(c));
    for (rust, (name, span)) in &types {
        if TAKEN.contains(&rust.as_str()) {
            let message = format!("`{name}` would be `{rust}` in Rust, which means something else there");
            let d =
                Diagnostic::new(Code::RustName, message, *span, "taken by Rust or by what generated code is made of");
            c.report(d.hint(format!("choose another name, such as `{}_{name}`", c.format.id)));
        }
    }
    for (id, ty) in c.types() {
        companions(c, (id, ty), &types, &parts);
        if let Body::Struct(s) = &ty.body {
            members(c, id, ty, s);
        }
    }
    constants(c);
    state(c, &types);
    given(c, &types);
}

/// Inputs and externs have types, and an argument that leads to them.
fn given(c: &mut Checker<'_, '_>, types: &Names) {
    let inputs = (!c.format.inputs.is_empty()).then_some(("Inputs", "`inputs`"));
    let externs = (!c.format.externs.is_empty()).then_some(["Externs", "NoExterns"]);
    let externs = externs.into_iter().flatten().map(|rust| (rust, "`externs`"));
    for (rust, of) in inputs.into_iter().chain(externs) {
        let Some((name, span)) = types.get(rust) else { continue };
        let message = format!("`{name}` would be `{rust}` in Rust, which is generated for {of}");
        c.report(Diagnostic::new(Code::RustName, message, *span, "taken").hint("rename the type"));
    }
    for (id, ty) in c.types() {
        let handed = ty.params.iter().filter(|p| p.ty.has_default());
        let twice = handed.filter(|p| ty.params.iter().filter(|other| other.rust == p.rust).count() > 1);
        for param in twice {
            let Some(span) = c.written.ty(id) else { continue };
            let message = format!("`{}` is generated for what callers give", param.rust);
            let label = format!("`{}` has it too", ty.name);
            c.report(Diagnostic::new(Code::RustName, message, span, label).hint("rename the param or field"));
        }
    }
}

/// State has structs, and a local or argument that leads to it.
fn state(c: &mut Checker<'_, '_>, types: &BTreeMap<String, (String, Span)>) {
    for scope in &c.format.scopes {
        for cell in &scope.cells {
            let Some(rust) = cell.row() else { continue };
            let Some((name, span)) = types.get(rust) else { continue };
            let message = format!("`{name}` would be `{rust}` in Rust, which is generated for `state.{}`", cell.name);
            c.report(Diagnostic::new(Code::RustName, message, *span, "taken").hint("rename one of them"));
        }
        for (id, ty) in c.types().filter(|(id, ty)| leads_twice(scope, *id, ty)) {
            let Some(span) = c.written.ty(id) else { continue };
            let message = format!("`{}` is generated for the state of `{}`", scope.local, c.format.ty(scope.per).name);
            let label = format!("`{}` has it too", ty.name);
            c.report(Diagnostic::new(Code::RustName, message, span, label).hint("rename the field or param"));
        }
    }
}

/// Whether a field or param has the name of what leads to the state.
fn leads_twice(scope: &Scope, id: TypeId, ty: &Type) -> bool {
    let mut fields = ty.as_struct().into_iter().flat_map(|s| &s.fields);
    let params = ty.params.iter().filter(|p| p.rust == scope.local);
    if scope.per == id { fields.any(|f| f.rust == scope.local) } else { params.count() > 1 }
}

/// Names in Rust, with what they are called in the spec and where that is.
type Names = BTreeMap<String, (String, Span)>;

/// The names of the types that are generated for pull readers, each with the type that it is for.
fn parts(c: &Checker<'_, '_>) -> Vec<(TypeId, String)> {
    let ctx = Ctx::new(c.format);
    let mut parts: Vec<_> = c.types().flat_map(|(id, _)| pull::names(&ctx, id)).collect();
    parts.sort_unstable();
    parts.dedup();
    parts
}

/// All types, enums and flags by their names in Rust.
fn type_names(c: &Checker<'_, '_>) -> Names {
    let mut out = BTreeMap::new();
    let enums = c.format.enums.iter().map(|e| (&e.rust, &e.name));
    let flags = c.format.flags.iter().map(|f| (&f.rust, &f.name));
    for ((rust, name), span) in enums.chain(flags).zip(c.written.choices()) {
        out.insert(rust.clone(), (name.clone(), *span));
    }
    for (id, ty) in c.types() {
        if let Some(span) = c.written.ty(id) {
            out.insert(ty.rust.clone(), (ty.name.clone(), span));
        }
    }
    out
}

/// Types that are generated beside a type must not meet other types.
fn companions(c: &mut Checker<'_, '_>, (id, ty): (TypeId, &Type), types: &Names, parts: &[(TypeId, String)]) {
    let is_root = c.format.root == id || c.format.roots.contains(&id);
    let mut suffixes = vec!["View", "Ref"];
    suffixes.extend((!ty.params.is_empty()).then_some("Args"));
    suffixes.extend(ty.is_driven_outside().then_some(["Driven", "Wire"]).into_iter().flatten());
    suffixes.extend(is_root.then_some(["Reader", "Event"]).into_iter().flatten());
    suffixes.extend(c.format.scope_of(id).map(|_| "State"));
    let mut names: BTreeSet<String> = suffixes.iter().map(|suffix| format!("{}{suffix}", ty.rust)).collect();
    names.extend(parts.iter().filter(|(of, _)| *of == id).map(|(_, name)| name.clone()));
    for rust in names {
        let (Some((name, span)), Some(own)) = (types.get(&rust), c.written.ty(id)) else { continue };
        let message = format!("`{name}` would be `{rust}` in Rust, which is generated beside `{}`", ty.name);
        let d = Diagnostic::new(Code::RustName, message, *span, "taken");
        c.report(d.also(own, "for this type").hint("rename one of them"));
    }
}

/// Members for gaps, slack and the byte order must not meet fields.
fn members(c: &mut Checker<'_, '_>, id: TypeId, ty: &Type, s: &Struct) {
    let extra = |policy: Policy, constant: bool| match policy {
        Policy::Keep => true,
        Policy::Zero => !constant,
        Policy::None => false,
    };
    let mut taken: Vec<(String, &str)> = Vec::new();
    for field in &s.fields {
        if field.at.as_ref().is_some_and(|at| extra(at.gap, at.constant().is_some())) {
            taken.push((format!("{}_gap", field.rust), "what lies in a gap"));
        }
        if field.window.as_ref().is_some_and(|w| extra(w.slack, constant(&w.size).is_some())) {
            taken.push((format!("{}_slack", field.rust), "what is left of a window"));
        }
    }
    let own = s.window.as_ref().map_or(extra(s.slack, false), |w| extra(w.slack, constant(&w.size).is_some()));
    taken.extend(own.then(|| ("slack".to_owned(), "what is left of the window")));
    taken.extend(matches!(ty.order, Order::Try { .. }).then(|| ("byte_order".to_owned(), "the order that was found")));
    for (i, field) in s.fields.iter().enumerate().filter(|(_, f)| f.is_held() || f.is_driven()) {
        let Some((name, what)) = taken.iter().find(|(name, _)| *name == field.rust) else { continue };
        let Some(entry) = c.written.field(id, FieldId(i)) else { continue };
        let message = format!("`{name}` is generated for {what}");
        let d = Diagnostic::new(Code::RustName, message, entry.name.span, "the struct would have it twice");
        c.report(d.hint("rename the field"));
    }
}

/// Bits and groups of flags are constants of one type.
fn constants(c: &mut Checker<'_, '_>) {
    let spans = c.written.choices().iter().skip(c.format.enums.len());
    for (flags, span) in c.format.flags.iter().zip(spans) {
        let mut seen: BTreeMap<String, &str> = BTreeMap::new();
        let bits = flags.flags.iter().map(|f| (flag_const(f), f.name.as_str()));
        let groups = flags.groups.iter().map(|g| (group_const(&g.name), g.name.as_str()));
        for (rust, name) in bits.chain(groups) {
            let rust = ident(&rust.to_string()).to_string();
            if let Some(first) = seen.insert(rust.clone(), name) {
                let message = format!("`{first}` and `{name}` of `{}` would both be `{rust}` in Rust", flags.name);
                c.report(
                    Diagnostic::new(Code::DuplicateName, message, *span, "in these flags").hint("rename one of them"),
                );
            }
        }
    }
}
