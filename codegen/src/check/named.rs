//! Named values have names in Rust that nothing else has: constants in their module, `let`s among the methods of a struct.

use super::Checker;
use crate::diagnostic::{Code, Diagnostic};
use crate::emit::{consts, lets};
use crate::model::{Struct, TypeId};
use crate::resolve::Entry;
use crate::source::Span;
use crate::syntax::ast::Content;
use std::collections::BTreeMap;

/// Reports constants and `let`s whose names in Rust are taken.
pub(super) fn check(c: &mut Checker<'_, '_>) {
    constants(c);
    for (id, ty) in c.types() {
        if let Some(s) = ty.as_struct() {
            methods(c, id, s);
        }
    }
}

/// Constants of all files are in one module, and flags are tuples there.
fn constants(c: &mut Checker<'_, '_>) {
    let flags = c.format.flags.iter().map(|flags| &flags.rust);
    let spans = c.written.choices().iter().skip(c.format.enums.len());
    let mut seen: BTreeMap<&str, Span> = flags.map(String::as_str).zip(spans.copied()).collect();
    for constant in &c.format.consts {
        let Some(span) = c.written.constant(&constant.name) else { continue };
        let (name, rust) = (&constant.name, constant.rust.as_str());
        if consts::is_own(rust) {
            let message = format!("`{name}` would be `{rust}` in Rust, which every module has");
            let d = Diagnostic::new(Code::RustName, message, span, "taken");
            c.report(d.hint(format!("choose another name, such as `{}_{name}`", c.format.id)));
        }
        if let Some(first) = seen.insert(rust, span) {
            let message = format!("`{name}` would be `{rust}` in Rust, which is there already");
            let d = Diagnostic::new(Code::DuplicateName, message, span, "given again, perhaps in other letters");
            c.report(d.also(first, "first given here"));
        }
    }
}

/// A `let` is a method of its struct.
fn methods(c: &mut Checker<'_, '_>, id: TypeId, s: &Struct) {
    let entries = c.written.entries(id).into_iter();
    let named: Vec<Entry<'_>> = entries.filter(|e| matches!(e.content, Content::Let { .. })).collect();
    for (of, entry) in s.lets.iter().zip(named) {
        if lets::is_taken(s, &of.rust) {
            let message =
                format!("`{}` would be a method of `{}` that there is already", of.name, c.format.ty(id).name);
            let d = Diagnostic::new(Code::RustName, message, entry.name.span, "taken");
            c.report(d.hint("rename it"));
        }
    }
}
