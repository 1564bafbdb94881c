//! How names are written, as patterns.

use serde_json::{Map, Value, json};

use super::shapes;
use crate::syntax::read::keys::{Keys, Named};

/// A name of the language.
const NAME: &str = "^[a-z][a-z0-9_]*$";
/// The name of a field, which may be none.
const FIELD_NAME: &str = "^(_|[a-z][a-z0-9_]*)$";
/// What `extend` names.
const TARGET: &str = r"^[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*$";
/// Names of numbers of any width, which are no names of types.
const NUMBER: &str = "^(u([1-9]|[1-5][0-9]|6[0-4])|i(8|16|32|64))$";

/// What is said of a word of the language or of Rust.
const TAKEN: &str = "the name is reserved";
/// What is said of what is no name.
const NO_NAME: &str = "names are lower case letters, digits and `_`, and start with a letter";

/// The keys of a mapping that are not fixed.
pub(super) fn of(keys: Keys) -> Value {
    match keys {
        Keys::New(named) => {
            let pattern = if named == Named::Field { FIELD_NAME } else { NAME };
            json!({"pattern": pattern, "patternErrorMessage": NO_NAME, "not": taken(named), "errorMessage": TAKEN})
        }
        Keys::Known => json!({"pattern": NAME, "patternErrorMessage": NO_NAME}),
        Keys::Texts => json!({}),
        Keys::Integers => json!({"pattern": shapes::INTEGER, "patternErrorMessage": "a whole number is expected"}),
        Keys::Targets => json!({"pattern": TARGET, "patternErrorMessage": "a type and its open switch: `device.body`"}),
    }
}

/// A name of something that is declared elsewhere, as a value.
pub(super) fn known_name() -> Map<String, Value> {
    shapes::object(json!({"type": "string", "pattern": NAME, "patternErrorMessage": NO_NAME}))
}

/// A name that is given as a value.
pub(super) fn new_name() -> Map<String, Value> {
    let mut name = known_name();
    shapes::add(&mut name, json!({"not": taken(Named::Other)}));
    name
}

fn taken(named: Named) -> Value {
    let words: Vec<_> = named.reserved().iter().copied().flatten().collect();
    match named {
        Named::Type => json!({"anyOf": [{"enum": words}, {"pattern": NUMBER}]}),
        Named::Field | Named::Value | Named::Other => json!({"enum": words}),
    }
}
