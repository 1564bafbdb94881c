//! What people read about a key: its meaning, what it takes, and what holds without it. Editors list words themselves.

use serde_json::{Map, Value, json};

use super::shapes;
use crate::syntax::read::keys::{Construct, Key, Shape};

/// The texts of a key, once plain and once with marks, and its default.
pub(super) fn of(construct: &Construct, key: &Key) -> Map<String, Value> {
    let title = format!("{}, of {}", key.name, construct.name.replace('`', ""));
    let meaning = sentence(key.doc);
    let takes = match key.shape {
        Shape::Word(_) => String::new(),
        _ => format!("\n\nTakes {}.", shapes::in_words(&key.shape)),
    };
    let without = key.default.map(|default| format!("\n\nWithout it: `{default}`.")).unwrap_or_default();
    let marked = format!("{meaning}{takes}{without}");
    let mut texts = shapes::object(json!({"title": title, "description": meaning, "markdownDescription": marked}));
    if let Some(default) = key.default {
        texts.insert("default".to_owned(), shapes::scalar(default));
    }
    texts
}

/// With a large letter and a full stop.
pub(super) fn sentence(doc: &str) -> String {
    let mut letters = doc.chars();
    let first: String = letters.next().into_iter().flat_map(char::to_uppercase).collect();
    format!("{first}{}.", letters.as_str())
}

#[cfg(test)]
mod tests {
    use super::of;
    use crate::syntax::read::keys::FIELD;
    use serde_json::{Map, Value};

    #[test]
    fn a_key_says_what_it_takes_and_what_holds_without_it() {
        let told = |name: &str| FIELD.key(name).map(|key| of(&FIELD, key)).unwrap_or_default();
        let text = |texts: &Map<String, Value>, name: &str| {
            texts.get(name).and_then(Value::as_str).unwrap_or_default().to_owned()
        };
        let slack = told("slack");
        assert_eq!(text(&slack, "title"), "slack, of a field");
        assert_eq!(text(&slack, "description"), "What becomes of bytes behind its content.");
        assert_eq!(
            text(&slack, "markdownDescription"),
            "What becomes of bytes behind its content.\n\nWithout it: `none`."
        );
        assert_eq!(text(&slack, "default"), "none");
        assert_eq!(
            text(&told("since"), "markdownDescription"),
            "The first version that has it.\n\nTakes a whole number."
        );
        assert!(!told("since").contains_key("default"));
    }
}
