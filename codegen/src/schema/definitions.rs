//! One definition for each construct, and those of fields and cases, which are more than their keys. A definition says nothing
//! about what is no mapping, so that it can stand beside what else may be written in its place.

use serde_json::{Map, Value, json};

use super::{hover, names, shapes, snippets, together};
use crate::syntax::read::keys::{CASE, Construct, FIELD, Key, Keys, Named, Shape, TOP_LEVEL};

/// Every definition by its name, but for the top level, which is the schema itself.
pub(super) fn all() -> Map<String, Value> {
    let constructs = reachable().into_iter().filter(|construct| !std::ptr::eq(*construct, &raw const TOP_LEVEL));
    let mut all: Map<_, _> = constructs.map(|of| (id(of), Value::Object(of_construct(of)))).collect();
    all.insert("type_text".to_owned(), type_text());
    all.insert("field_entry".to_owned(), field_entry());
    all.insert("case_content".to_owned(), case_content());
    all.insert("case_entry".to_owned(), case_entry());
    all
}

/// The definition of a construct.
pub(super) fn of_construct(construct: &'static Construct) -> Map<String, Value> {
    let properties: Map<_, _> =
        construct.all().map(|key| (key.name.to_owned(), Value::Object(property(construct, key)))).collect();
    let required: Vec<_> = construct.all().filter(|key| key.required).map(|key| key.name).collect();
    let mut definition = Map::new();
    let title = construct.name.replace('`', "");
    shapes::add(&mut definition, json!({"title": title, "properties": properties, "additionalProperties": false}));
    if !required.is_empty() {
        shapes::add(&mut definition, json!({"required": required}));
    }
    definition.extend(together::rules(construct));
    definition.extend(snippets::of_construct(construct));
    definition
}

fn property(construct: &'static Construct, key: &'static Key) -> Map<String, Value> {
    let mut property = shapes::of(&key.shape);
    property.extend(hover::of(construct, key));
    property.extend(snippets::of_key(construct, key.name));
    property
}

/// A type as text. Those built in are offered; others are for the compiler to know.
fn type_text() -> Value {
    let text = json!({
        "type": "string",
        "pattern": r"^\s*\w+\s*(\([\s\S]*\))?\s*$",
        "patternErrorMessage": "a type is a name, or a name with one argument in round brackets",
        "defaultSnippets": snippets::types(),
    });
    // What stands there and is none is told where it stands.
    json!({"anyOf": [text, {"type": ["object", "array", "null"]}]})
}

/// An entry of `fields`.
fn field_entry() -> Value {
    let mut entry = snippets::of_fields();
    shapes::add(
        &mut entry,
        json!({
            "description": "A field: its name, and its type or its keys.",
            "minProperties": 1,
            "maxProperties": 1,
            "propertyNames": names::of(Keys::New(Named::Field)),
            "additionalProperties": {
                "description": "A field: its type, or its keys.",
                "type": ["string", "object"],
                "allOf": [{"$ref": "#/definitions/type_text"}, {"$ref": reference(&FIELD)}],
            },
        }),
    );
    entry.into()
}

/// What a case is behind the name that it may have.
fn case_content() -> Value {
    json!({
        "type": ["string", "array", "object"],
        "items": shapes::of(&Shape::Field),
        "allOf": [{"$ref": "#/definitions/type_text"}, {"$ref": reference(&CASE)}],
    })
}

/// A case. A mapping of one key that no field has is a name and what the case is; while one types, it may also become a key.
fn case_entry() -> Value {
    let keys: Vec<_> = FIELD.all().map(|key| key.name).collect();
    let offered: Map<_, _> = CASE
        .all()
        .map(|key| (key.name.to_owned(), json!({"$ref": format!("{}/properties/{}", reference(&CASE), key.name)})))
        .collect();
    json!({
        "type": ["string", "array", "object"],
        "items": shapes::of(&Shape::Field),
        "allOf": [{"$ref": "#/definitions/type_text"}],
        "description": "A case: a type, a list of fields, its keys, or one of these behind a name.",
        "if": {"minProperties": 1, "maxProperties": 1, "propertyNames": {"not": {"enum": keys}}},
        "then": {
            "properties": offered,
            "propertyNames": names::of(Keys::New(Named::Other)),
            "additionalProperties": {"allOf": [{"$ref": "#/definitions/case_content"}]},
        },
        "else": {"$ref": reference(&CASE)},
    })
}

/// Where the definition of a construct is.
pub(super) fn reference(construct: &Construct) -> String {
    format!("#/definitions/{}", id(construct))
}

/// The name of a definition. A key may be called as something else is: `subsection`.
pub(super) fn id(construct: &Construct) -> String {
    let name = construct.name.trim_start_matches("a ").trim_start_matches("an ");
    let prefix = if name.starts_with('`') { "key_" } else { "" };
    format!("{prefix}{}", name.trim_matches('`').replace(' ', "_"))
}

/// Every construct that a spec can hold.
pub(super) fn reachable() -> Vec<&'static Construct> {
    let mut found: Vec<&'static Construct> = vec![&TOP_LEVEL];
    let mut next = 0;
    while let Some(construct) = found.get(next) {
        for key in construct.all() {
            held(&key.shape, &mut found);
        }
        next = next.saturating_add(1);
    }
    found
}

/// Adds the constructs of a shape that are not there yet.
fn held(shape: &'static Shape, found: &mut Vec<&'static Construct>) {
    let mut meet = |construct: &'static Construct| {
        if !found.iter().any(|other| std::ptr::eq(*other, construct)) {
            found.push(construct);
        }
    };
    match shape {
        Shape::Mapping(construct) => meet(construct()),
        Shape::Field => meet(&FIELD),
        Shape::Case => {
            meet(&FIELD);
            meet(&CASE);
        }
        Shape::Named(_, of) | Shape::List(of) => held(of, found),
        Shape::Either(shapes) => shapes.iter().for_each(|shape| held(shape, found)),
        _ => {}
    }
}
