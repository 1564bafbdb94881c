//! Which keys of the language the examples have: all of them, at every place where they can stand. A case is as a field here,
//! since it has the keys of one, and refuses some of them.

use std::collections::BTreeSet;

use vmspec_codegen::syntax::read::keys::{CASE, Construct, FIELD, Shape, TOP_LEVEL, is_case_name};
use vmspec_codegen::syntax::yaml::{Kind, Node};

use super::specs;

/// What a key belongs to, and the key.
type Place = (&'static str, &'static str);

/// The keys that none of these has.
pub fn missing<'t>(specs: impl Iterator<Item = &'t str>) -> Vec<String> {
    let mut seen = BTreeSet::new();
    for node in specs.filter_map(|text| specs::tree(&specs::whole(text))) {
        mapping(&node, &TOP_LEVEL, &mut seen);
    }
    let mut all = BTreeSet::new();
    collect(&TOP_LEVEL, &mut all);
    all.difference(&seen).map(|(construct, key)| format!("`{key}` of {construct}")).collect()
}

/// Where a key stands.
fn place(construct: &'static Construct, key: &'static str) -> Place {
    (if construct.name == CASE.name { FIELD.name } else { construct.name }, key)
}

/// Every key of a construct, and of those that stand in it.
fn collect(construct: &'static Construct, all: &mut BTreeSet<Place>) {
    for key in construct.all() {
        if all.insert(place(construct, key.name)) {
            inside(&key.shape, all);
        }
    }
}

fn inside(shape: &'static Shape, all: &mut BTreeSet<Place>) {
    match shape {
        Shape::Mapping(of) => collect(of(), all),
        Shape::Named(_, of) | Shape::List(of) => inside(of, all),
        Shape::Either(shapes) => shapes.iter().for_each(|shape| inside(shape, all)),
        Shape::Field => collect(&FIELD, all),
        Shape::Case => collect(&CASE, all),
        _ => {}
    }
}

fn mapping(node: &Node, construct: &'static Construct, seen: &mut BTreeSet<Place>) {
    let Kind::Map(entries) = &node.kind else { return };
    for (name, value) in entries {
        let Some(key) = name.scalar().and_then(|name| construct.key(name)) else { continue };
        seen.insert(place(construct, key.name));
        walk(value, &key.shape, seen);
    }
}

fn walk(node: &Node, shape: &'static Shape, seen: &mut BTreeSet<Place>) {
    match (shape, &node.kind) {
        (Shape::Mapping(of), _) => mapping(node, of(), seen),
        (Shape::Named(_, of), Kind::Map(entries)) => entries.iter().for_each(|(_, value)| walk(value, of, seen)),
        (Shape::List(of), Kind::Seq(list)) => list.iter().for_each(|value| walk(value, of, seen)),
        (Shape::Either(shapes), _) => shapes.iter().for_each(|shape| walk(node, shape, seen)),
        (Shape::Field, Kind::Map(entries)) => entries.iter().for_each(|(_, value)| mapping(value, &FIELD, seen)),
        (Shape::Case, Kind::Seq(list)) => list.iter().for_each(|value| walk(value, &Shape::Field, seen)),
        (Shape::Case, Kind::Map(_)) => match named_case(node) {
            Some(content) => walk(content, shape, seen),
            None => mapping(node, &CASE, seen),
        },
        _ => {}
    }
}

/// The content of a case with a name: `{name: content}`.
fn named_case(node: &Node) -> Option<&Node> {
    let Kind::Map(entries) = &node.kind else { return None };
    match entries.as_slice() {
        [(name, content)] if name.scalar().is_some_and(is_case_name) => Some(content),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::missing;

    #[test]
    fn keys_are_counted_where_they_stand() {
        let spec = "types: {a: {fields: [{b: {switch: c, cases: {d: {e: {type: u8, valid: it > 0}}}}}]}}\n";
        let missing = missing([spec].into_iter());
        let has = |key: &str| !missing.iter().any(|name| name == key);
        assert!(has("`valid` of a field") && has("`fields` of a type") && has("`switch` of a field"));
        assert!(!has("`fields` of a field") && !has("`spec` of a spec"));
    }
}
