//! Which keys of a construct go together, as a schema. Those of fields and cases are from the table that reading checks against.

use serde_json::{Map, Value, json};

use super::shapes;
use crate::syntax::read::keys::{
    APART, APPLY, CASE, CONTENTS, Construct, EXAMPLE, FIELD, MAKES_LIST, MARKER, MISFITS, NEEDS, OF_HELD, OF_LIST,
    STATE, TYPE,
};

/// What a construct says beyond its keys one by one.
pub(super) fn rules(construct: &'static Construct) -> Map<String, Value> {
    let is = |other: &'static Construct| std::ptr::eq(construct, other);
    shapes::object(match () {
        () if is(&FIELD) || is(&CASE) => field(construct),
        () if is(&TYPE) => a_type(),
        () if is(&STATE) => state(),
        () if is(&MARKER) => marker(),
        () if is(&EXAMPLE) => example(),
        () if is(&APPLY) => json!({"anyOf": any_of(&["bytes", "zeros"], "neither `bytes` nor `zeros`")}),
        () => json!({}),
    })
}

fn field(construct: &'static Construct) -> Value {
    let mut beside = Beside::default();
    for (key, others) in NEEDS {
        beside.needs(key, others);
    }
    for key in OF_LIST {
        beside.needs(key, MAKES_LIST);
    }
    beside.needs("switch", &["cases", "open"]);
    for content in CONTENTS {
        let other = |key: &&&str| **key != *content && !is_enum_of_let(content, key);
        beside.forbids(content, CONTENTS.iter().filter(other).copied());
    }
    for (content, keys) in MISFITS {
        beside.forbids(content, keys.iter().copied().flatten().copied());
    }
    for (key, other) in APART {
        beside.forbids(key, [*other]);
    }
    let mut all = vec![held_in_place(), marked()];
    if std::ptr::eq(construct, &raw const FIELD) {
        beside.forbids("type", ["require"]);
        all.push(json!({"properties": {"fields": {"minItems": 1, "doNotSuggest": true}}}));
    }
    let contents: Vec<_> = CONTENTS.iter().copied().filter(|key| construct.key(key).is_some()).collect();
    let contents =
        any_of(&contents, "nothing says what it is: a `type`, `magic`, `fields`, `switch`, `let` or `extern`");
    json!({"dependencies": beside.dependencies(construct), "allOf": all, "anyOf": contents})
}

/// Beside `let`, `type` only says which enum the value is.
fn is_enum_of_let(one: &str, other: &str) -> bool {
    matches!((one, other), ("let", "type") | ("type", "let"))
}

/// A lazy list is not held.
fn held_in_place() -> Value {
    let then =
        json!({"properties": forbidden(OF_HELD.iter().copied()), "errorMessage": "has no meaning beside `lazy`"});
    json!({"if": is_so("lazy", &json!({"const": true, "doNotSuggest": true})), "then": then})
}

/// A marker for elements that are not there is about a list.
fn marked() -> Value {
    let lists = any_of(&["count", "until", "while"], "a `marker` with `none` is about the elements of a list");
    json!({"if": is_so("marker", &json!({"required": ["none"], "doNotSuggest": true})), "then": {"anyOf": lists}})
}

/// That a key is there and is so.
fn is_so(key: &str, what: &Value) -> Value {
    json!({"required": [key], "properties": {key: what}})
}

fn a_type() -> Value {
    let versions = json!({"type": ["integer", "object"], "doNotSuggest": true});
    let state = json!({"required": ["version"], "properties": {"version": versions}});
    let other = json!({
        "properties": {
            "fields": {"minItems": 1, "doNotSuggest": true},
            "version": {"type": ["string", "integer", "boolean"], "doNotSuggest": true},
            "subsections": false,
        },
        "errorMessage": "has no meaning without `vmstate`",
    });
    json!({"if": {"required": ["vmstate"]}, "then": state, "else": other})
}

fn state() -> Value {
    let mut beside = Beside::default();
    beside.forbids("cell", ["row", "key", "max"]);
    beside.forbids("row", ["init"]);
    beside.forbids("key", ["init"]);
    beside.needs("key", &["max"]);
    beside.needs("max", &["key"]);
    // A column may not be called as the key of a table is in `remember`.
    let columns = json!({"minProperties": 1, "propertyNames": {"not": {"const": "key"}}, "doNotSuggest": true});
    json!({
        "dependencies": beside.dependencies(&STATE),
        "anyOf": any_of(&["cell", "row", "key"], "it has to hold something: a `cell`, a `row`, or a `key`"),
        "allOf": [{"properties": {"row": columns}}],
    })
}

fn marker() -> Value {
    let mut beside = Beside::default();
    beside.needs("some", &["none"]);
    beside.needs("more", &["end"]);
    beside.needs("end", &["more"]);
    beside.forbids("none", ["more", "end"]);
    json!({"dependencies": beside.dependencies(&MARKER), "anyOf": any_of(&["none", "more"], "neither `none` nor `more`")})
}

fn example() -> Value {
    let mut beside = Beside::default();
    beside.forbids("sample", ["hex"]);
    beside.forbids("error", ["value"]);
    let bytes = any_of(&["hex", "sample"], "neither `hex` nor `sample`");
    let result = any_of(&["value", "error"], "neither `value` nor `error`");
    json!({"dependencies": beside.dependencies(&EXAMPLE), "allOf": [{"anyOf": bytes}, {"anyOf": result}]})
}

/// That one of these keys is there, with what is said where none is.
fn any_of(keys: &[&str], message: &str) -> Vec<Value> {
    keys.iter().map(|key| json!({"required": [key], "errorMessage": message})).collect()
}

fn forbidden<'k>(keys: impl IntoIterator<Item = &'k str>) -> Map<String, Value> {
    keys.into_iter().map(|key| (key.to_owned(), Value::Bool(false))).collect()
}

/// What a key means for others.
#[derive(Default)]
struct Beside(Map<String, Value>);

impl Beside {
    /// Beside `key` one of the others is there.
    fn needs(&mut self, key: &str, others: &[&str]) {
        let names = others.iter().map(|other| format!("`{other}`")).collect::<Vec<_>>().join(" or ");
        let needed = any_of(others, &format!("`{key}` without {names}"));
        self.add(key, "anyOf", needed.into());
    }

    /// Beside `key` none of the others is there.
    fn forbids<'k>(&mut self, key: &str, others: impl IntoIterator<Item = &'k str>) {
        let mut keys = forbidden(others);
        if let Some(Value::Object(before)) = self.0.get(key).and_then(|rules| rules.get("properties")) {
            keys.extend(before.clone());
        }
        self.add(key, "properties", keys.into());
        self.add(key, "errorMessage", format!("has no meaning beside `{key}`").into());
    }

    fn add(&mut self, key: &str, rule: &str, what: Value) {
        if let Some(rules) = self.0.entry(key).or_insert_with(|| json!({})).as_object_mut() {
            rules.insert(rule.to_owned(), what);
        }
    }

    /// As far as a construct has these keys: the others are refused in it anyway.
    fn dependencies(self, construct: &Construct) -> Map<String, Value> {
        self.0.into_iter().filter(|(key, _)| construct.key(key).is_some()).collect()
    }
}
