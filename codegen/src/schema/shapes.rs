//! What a key takes, as a schema. A spec's values are texts whatever YAML takes them for, so numbers are texts here too.

use serde_json::{Map, Value, json};

use super::{definitions, hover, names};
use crate::syntax::read::keys::{ORDERS, Shape, Word};

/// Some character that can be seen.
const NOT_EMPTY: &str = r"\S";
/// A whole number as text.
pub(super) const INTEGER: &str = "^(0x[0-9a-fA-F]+|[0-9]+)$";

/// The schema of a shape.
pub(super) fn of(shape: &Shape) -> Map<String, Value> {
    object(match shape {
        Shape::Text => json!({"type": ["string", "number", "boolean"], "pattern": NOT_EMPTY}),
        Shape::Magic => json!({"type": ["string", "number", "boolean"], "pattern": r"^[\x00-\xff]+$"}),
        Shape::Hex => {
            json!({"type": ["string", "number"], "pattern": r"^\s*([0-9a-fA-F]\s*[0-9a-fA-F]\s*)*$"})
        }
        Shape::Path => json!({"type": ["string", "number"]}),
        Shape::Name => return names::known_name(),
        Shape::NewName => return names::new_name(),
        Shape::Integer => {
            json!({"type": ["integer", "string"], "minimum": 0, "maximum": u64::MAX, "pattern": INTEGER})
        }
        Shape::Byte => json!({"type": ["integer", "string"], "minimum": 0, "maximum": 255, "pattern": INTEGER}),
        Shape::Boolean => json!({"type": "boolean"}),
        Shape::Word(words) => return one_of(words),
        Shape::Expression => json!({"type": ["string", "integer", "boolean"], "pattern": NOT_EMPTY}),
        // An expression that gives a byte order is a choice, and no single word.
        Shape::Order => json!({"type": "string", "anyOf": [one_of(ORDERS), {"pattern": r"\S\s+\S"}]}),
        Shape::Choice => json!({"type": "string", "pattern": NOT_EMPTY}),
        Shape::Type => json!({"type": "string", "allOf": [{"$ref": "#/definitions/type_text"}]}),
        Shape::Mapping(construct) => {
            json!({"type": "object", "allOf": [{"$ref": definitions::reference(construct())}]})
        }
        Shape::Named(keys, shape) => {
            json!({"type": "object", "propertyNames": names::of(*keys), "additionalProperties": told(shape)})
        }
        Shape::List(shape) => json!({"type": "array", "items": of(shape)}),
        Shape::Either(shapes) => return either(shapes),
        Shape::Field => json!({"type": "object", "allOf": [{"$ref": "#/definitions/field_entry"}]}),
        Shape::Case => {
            json!({"type": ["string", "array", "object"], "allOf": [{"$ref": "#/definitions/case_entry"}]})
        }
        Shape::Any | Shape::Later => json!({}),
    })
}

/// What stands behind a name: there is no key that says what it is.
fn told(shape: &Shape) -> Map<String, Value> {
    let mut schema = of(shape);
    let words = hover::sentence(&in_words(shape));
    add(&mut schema, json!({"description": words.replace('`', ""), "markdownDescription": words}));
    schema
}

/// One of a few words, each with what it says.
fn one_of(words: &[Word]) -> Map<String, Value> {
    let names: Vec<_> = words.iter().map(|word| scalar(word.name)).collect();
    let docs: Vec<_> = words.iter().map(|word| word.doc).collect();
    object(json!({"enum": names, "enumDescriptions": docs, "markdownEnumDescriptions": docs}))
}

/// A text as YAML takes it.
pub(super) fn scalar(text: &str) -> Value {
    match (text.parse::<bool>(), text.parse::<u64>()) {
        (Ok(truth), _) => truth.into(),
        (_, Ok(number)) => number.into(),
        _ => text.into(),
    }
}

/// One of several shapes. No two of them are of one kind, and what is said of texts, lists and mappings is not about the others:
/// so all of it can stand in one schema, and a fault is told at its place, not as a choice that was missed.
fn either(shapes: &[Shape]) -> Map<String, Value> {
    if shapes.iter().any(|shape| matches!(shape, Shape::Word(_))) {
        return object(json!({"anyOf": shapes.iter().map(of).collect::<Vec<_>>()}));
    }
    // Editors take what has `items` at its top for a list, and nothing else.
    let alternative = |shape: &Shape| match shape {
        Shape::List(of_each) => object(json!({"type": "array", "allOf": [{"items": of(of_each)}]})),
        _ => of(shape),
    };
    let mut all = Map::new();
    for (name, value) in shapes.iter().flat_map(alternative) {
        match all.get_mut(&name) {
            None => drop(all.insert(name, value)),
            Some(before) => *before = Value::Array([elements(before.take()), elements(value)].concat()),
        }
    }
    all
}

fn elements(value: Value) -> Vec<Value> {
    match value {
        Value::Array(values) => values,
        single => vec![single],
    }
}

/// Adds what is said in `more`.
pub(super) fn add(schema: &mut Map<String, Value>, more: Value) {
    schema.extend(object(more));
}

/// The members of a value that is written as an object.
pub(super) fn object(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(members) => members,
        _ => Map::new(),
    }
}

/// In words, for the text beside a key.
pub(super) fn in_words(shape: &Shape) -> String {
    match shape {
        Shape::Text => "a text".to_owned(),
        Shape::Magic => "a text, each character of which is a byte".to_owned(),
        Shape::Hex => "pairs of hex digits".to_owned(),
        Shape::Path => "the path of a field".to_owned(),
        Shape::Name | Shape::NewName => "a name".to_owned(),
        Shape::Integer => "a whole number".to_owned(),
        Shape::Byte => "a number of 0 to 255".to_owned(),
        Shape::Boolean => "`true` or `false`".to_owned(),
        Shape::Word(words) => words.iter().map(|word| format!("`{}`", word.name)).collect::<Vec<_>>().join(", "),
        Shape::Expression => "an expression".to_owned(),
        Shape::Order => "`le`, `be`, or an expression of these".to_owned(),
        Shape::Choice => "`list where condition`".to_owned(),
        Shape::Type => "a type such as `u32`, `bytes(16)` or `header`".to_owned(),
        Shape::Mapping(construct) => {
            let keys: Vec<_> = construct().all().map(|key| key.name).take(12).collect();
            // The others are called as the key that the text is about.
            let name = Some(construct().name).filter(|name| !name.starts_with('`'));
            let name = name.map(|name| format!("{name}, ")).unwrap_or_default();
            format!("{name}a mapping with `{}`", keys.join("`, `"))
        }
        Shape::Named(_, of) => format!("a mapping from names, each to {}", in_words(of)),
        Shape::List(of) => format!("a list, each element {}", in_words(of)),
        Shape::Either(shapes) => {
            let each = |shape: &Shape| match shape {
                Shape::List(_) => "a list of these".to_owned(),
                _ => in_words(shape),
            };
            shapes.iter().map(each).collect::<Vec<_>>().join("; or ")
        }
        Shape::Field => "`name: type` or `name: {keys}`".to_owned(),
        Shape::Case => "a type, a list of fields, keys as of a field, or `{name: one of these}`".to_owned(),
        Shape::Any | Shape::Later => "anything".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::{Shape, of, scalar};
    use crate::syntax::read::keys::UNKNOWNS;
    use serde_json::json;

    #[test]
    fn shapes_of_different_kinds_stand_in_one_schema() {
        let shape = Shape::Either(&[Shape::Text, Shape::List(&Shape::Name)]);
        let list = json!([{"items": of(&Shape::Name)}]);
        let texts = json!({"type": ["string", "number", "boolean", "array"], "pattern": r"\S", "allOf": list});
        assert_eq!(json!(of(&shape)), texts);
        let shape = Shape::Either(&[Shape::Word(UNKNOWNS), Shape::Boolean]);
        assert_eq!(of(&shape).keys().collect::<Vec<_>>(), ["anyOf"]);
    }

    #[test]
    fn words_are_what_yaml_takes_them_for() {
        assert_eq!([scalar("1"), scalar("true"), scalar("le")], [json!(1), json!(true), json!("le")]);
    }
}
