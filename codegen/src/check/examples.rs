//! Expected values of examples: whether they name what is in the value.

use super::Checker;
use crate::diagnostic::{Code, Diagnostic, did_you_mean};
use crate::emit::names::snake;
use crate::model::{Body, Case, Content, ExampleResult, Field, Label, Struct, Type, TypeId, Union};
use crate::syntax::yaml::{Kind, Node};

/// Reports examples that expect something no value holds.
pub(super) fn check(c: &mut Checker<'_, '_>) {
    for example in &c.format.examples {
        let ExampleResult::Value(node) = &example.expected else { continue };
        let ty = c.format.ty(example.of);
        let companion = ty.is_driven_outside() && entry(node, "driven").is_some();
        match entry(node, &snake(&ty.rust)).filter(|_| companion) {
            Some(inner) => value(c, example.of, inner),
            None => value(c, example.of, node),
        }
    }
}

fn entry<'n>(node: &'n Node, key: &str) -> Option<&'n Node> {
    let Kind::Map(entries) = &node.kind else { return None };
    entries.iter().find(|(k, _)| k.scalar() == Some(key)).map(|(_, v)| v)
}

fn value(c: &mut Checker<'_, '_>, of: TypeId, node: &Node) {
    let Kind::Map(entries) = &node.kind else { return };
    let ty = c.format.ty(of);
    for (key, inner) in entries {
        let name = key.scalar().unwrap_or("");
        match &ty.body {
            Body::Struct(s) => match s.fields.iter().find(|f| f.name == name && f.is_held()) {
                Some(field) => content(c, field, inner),
                None if is_extra(ty, s, name) => {}
                None => unknown(c, of, key),
            },
            Body::Union(u) => {
                if let Some(case) = called(u, name) {
                    body(c, u, case, inner);
                }
            }
            Body::Bits(bits) => {
                if bits.parts.iter().all(|p| p.name != name) {
                    unknown(c, of, key);
                }
            }
        }
    }
}

fn body(c: &mut Checker<'_, '_>, union: &Union, case: &Case, node: &Node) {
    // The default case of a driven switch holds the tag beside what it says itself.
    let with_tag = union.driven && case.label == Label::Default;
    if let Some(field) = case.body.as_ref().filter(|_| !with_tag) {
        content(c, field, node);
    }
}

/// The case of this name, else one that holds or is for what is called so: several cases may be for the same.
fn called<'u>(union: &'u Union, name: &str) -> Option<&'u Case> {
    let of_body = |case: &Case| case.body.as_ref().is_some_and(|b| b.name == name);
    let named = union.cases.iter().find(|case| snake(&case.rust) == name);
    named.or_else(|| union.cases.iter().find(|case| of_body(case) || case.written == name))
}

fn content(c: &mut Checker<'_, '_>, field: &Field, node: &Node) {
    let Content::Type { id, .. } = field.content else { return };
    match &node.kind {
        Kind::Map(entries) if field.copies.is_some() => copies(c, id, entries),
        Kind::Seq(items) if field.repeat.is_some() => items.iter().for_each(|item| value(c, id, item)),
        _ if field.repeat.is_none() => value(c, id, node),
        _ => {}
    }
}

/// What is said of copies: the current one, which it is, and what stands in the places of the others.
fn copies(c: &mut Checker<'_, '_>, of: TypeId, entries: &[(Node, Node)]) {
    for (key, node) in entries {
        match key.scalar() {
            Some("current") => value(c, of, node),
            Some("index" | "others") => {}
            _ => {
                let message = "copies have `current`, `index` and `others`";
                c.report(Diagnostic::new(Code::BadExample, message, key.span, "nothing to compare with"));
            }
        }
    }
}

/// Members that stand for no field: gaps, slack, the byte order.
fn is_extra(ty: &Type, s: &Struct, name: &str) -> bool {
    let of_field =
        |suffix: &str| name.strip_suffix(suffix).is_some_and(|field| s.fields.iter().any(|f| f.rust == field));
    name == "slack" || of_field("_gap") || of_field("_slack") || (name == "byte_order" && ty.holds_order())
}

fn unknown(c: &mut Checker<'_, '_>, of: TypeId, key: &Node) {
    let ty = c.format.ty(of);
    let name = key.scalar().unwrap_or("");
    let fields = ty.as_struct().map(|s| s.fields.as_slice()).unwrap_or_default();
    let (message, hint) = if fields.iter().any(|f| f.name == name) {
        let message = format!("`{name}` of `{}` is not in the value", ty.name);
        (message, Some("it follows from other fields, or is always the same".to_owned()))
    } else {
        let held = fields.iter().filter(|f| f.is_held()).map(|f| f.name.as_str());
        (format!("`{}` has no `{name}`", ty.name), did_you_mean(name, held))
    };
    c.report(Diagnostic::new(Code::BadExample, message, key.span, "nothing to compare with").maybe_hint(hint));
}
