//! What an editor offers to write as a whole: `${1:name}` is a place to fill in, with what stands there first.

use serde_json::{Map, Value, json};

use super::shapes;
use crate::syntax::read::keys::{BUILT_IN, Construct, JOURNAL, RULE, TOP_LEVEL};

/// Something to write.
struct Snippet {
    label: &'static str,
    doc: &'static str,
    /// As JSON, in the order in which people write it.
    body: &'static str,
}

const fn of(label: &'static str, doc: &'static str, body: &'static str) -> Snippet {
    Snippet { label, doc, body }
}

const SPECS: &[Snippet] = &[of(
    "spec",
    "A first spec",
    r#"{"spec": 1, "format": {"id": "${1:name}", "title": "${2:What it is}"}, "root": "file", "endian": "le", "types": {"file": {"fields": [{"magic": {"magic": "${3:ABCD}"}}, {"${4:number}": "${5:u32}"}]}}}"#,
)];
const RULES: &[Snippet] = &[of(
    "rule",
    "A condition with the class and the words of its failure",
    r#"{"that": "${1:it > 0}", "class": "${2:invalid}", "say": "${3:what is wrong}"}"#,
)];
const JOURNALS: &[Snippet] = &[of(
    "journal",
    "A ring of entries that are replayed",
    r#"{"at": "${1:log_offset}", "size": "${2:log_length}", "stride": "${3:4K}", "entry": "${4:entry}", "live": "${5:log_length > 0}", "accept": "${6:it.epoch == epoch}", "follows": "${7:it.number == prev.number + 1}", "newest": "${8:it.number}", "tail": "${9:it.tail}", "apply": {"list": "${10:writes}", "at": "${11:it.place}", "bytes": "${12:it.data}"}}"#,
)];
const TYPES: &[Snippet] = &[
    of(
        "type",
        "A type with fields",
        r#"{"${1:name}": {"doc": "${2:What it is.}", "fields": [{"${3:field}": "${4:u32}"}]}}"#,
    ),
    of(
        "bits",
        "A type of parts of an integer",
        r#"{"${1:name}": {"bits": "${2:u8}", "fields": [{"${3:low}": "${4:u4}"}, {"${5:high}": "${6:u4}"}]}}"#,
    ),
];
const ENUMS: &[Snippet] = &[of(
    "enum",
    "Values with names",
    r#"{"${1:name}": {"repr": "${2:u8}", "values": {"${3:0}": "${4:first}"}, "unknown": "${5:error}"}}"#,
)];
const FLAGS: &[Snippet] = &[of(
    "flags",
    "Bits with names",
    r#"{"${1:name}": {"repr": "${2:u8}", "bits": {"${3:0}": "${4:first}"}, "unknown": "${5:error}"}}"#,
)];
const EXAMPLES: &[Snippet] = &[
    of("example", "Bytes that are read", r#"{"${1:name}": {"hex": "${2:00}", "value": {"${3:field}": "${4:0}"}}}"#),
    of(
        "refused example",
        "Bytes that are refused",
        r#"{"${1:name}": {"hex": "${2:00}", "error": {"path": "${3:field}", "class": "${4:invalid}"}}}"#,
    ),
];
const CONSTS: &[Snippet] =
    &[of("constant", "A constant with notes", r#"{"${1:name}": {"value": "${2:0}", "doc": "${3:What it is.}"}}"#)];
const FIELDS: &[Snippet] = &[
    of("field", "A field of a type", r#"{"${1:name}": "${2:u32}"}"#),
    of("magic", "Fixed bytes", r#"{"${1:magic}": {"magic": "${2:ABCD}"}}"#),
    of("list", "A list", r#"{"${1:items}": {"type": "${2:u8}", "count": "${3:rest}"}}"#),
    of("group", "A group of fields", r#"{"${1:area}": {"fields": [{"${2:name}": "${3:u32}"}]}}"#),
    of(
        "optional",
        "A field that is there under a condition",
        r#"{"${1:name}": {"type": "${2:u32}", "if": "${3:true}"}}"#,
    ),
    of(
        "fixed",
        "A field that always has one value",
        r#"{"${1:version}": {"type": "${2:u32}", "value": "${3:1}", "class": "${4:unsupported}"}}"#,
    ),
    of(
        "switch",
        "One of several contents",
        r#"{"${1:body}": {"switch": "${2:kind}", "cases": {"${3:value}": "${4:u32}"}, "default": {"${5:other}": "${6:bytes(rest)}"}}}"#,
    ),
    of("let", "A value without bytes", r#"{"${1:name}": {"let": "${2:a + 1}"}}"#),
];

const ALL: &[&[Snippet]] = &[SPECS, RULES, JOURNALS, TYPES, ENUMS, FLAGS, EXAMPLES, CONSTS, FIELDS];

/// Of a construct: what may stand in it.
pub(super) fn of_construct(construct: &'static Construct) -> Map<String, Value> {
    let is = |other: &'static Construct| std::ptr::eq(construct, other);
    listed(match () {
        () if is(&TOP_LEVEL) => SPECS,
        () if is(&RULE) => RULES,
        () if is(&JOURNAL) => JOURNALS,
        () => &[],
    })
}

/// Of a key at the top level: what may be declared.
pub(super) fn of_key(construct: &'static Construct, key: &str) -> Map<String, Value> {
    listed(match key {
        _ if !std::ptr::eq(construct, &raw const TOP_LEVEL) => &[],
        "types" => TYPES,
        "enums" => ENUMS,
        "flags" => FLAGS,
        "examples" => EXAMPLES,
        "consts" => CONSTS,
        _ => &[],
    })
}

/// The usual fields.
pub(super) fn of_fields() -> Map<String, Value> {
    listed(FIELDS)
}

/// The built-in types, those with an argument with a place for it.
pub(super) fn types() -> Vec<Value> {
    let body = |text: &str| text.replace('(', "(${1:").replace(')', "})");
    let of = |text, doc| json!({"label": text, "description": doc, "body": body(text)});
    BUILT_IN.iter().map(|built_in| of(built_in.text, built_in.doc)).collect()
}

fn listed(snippets: &[Snippet]) -> Map<String, Value> {
    if snippets.is_empty() {
        return Map::new();
    }
    let each = |s: &Snippet| json!({"label": s.label, "description": s.doc, "body": s.body});
    shapes::object(json!({"defaultSnippets": snippets.iter().map(each).collect::<Vec<_>>()}))
}

/// The text of the schema with every body as JSON, not as a text. Values would have lost the order.
pub(super) fn written_out(mut schema: String) -> String {
    for snippet in ALL.iter().copied().flatten() {
        schema = schema.replace(&Value::from(snippet.body).to_string(), snippet.body);
    }
    schema
}

#[cfg(test)]
mod tests {
    use super::{ALL, written_out};
    use serde_json::Value;

    #[test]
    fn every_body_is_json_and_stands_in_the_schema() {
        let text = crate::schema::text();
        for snippet in ALL.iter().copied().flatten() {
            assert!(serde_json::from_str::<Value>(snippet.body).is_ok(), "{}", snippet.label);
            assert!(text.contains(&format!("\"body\": {},", snippet.body)), "{}", snippet.label);
        }
        assert_eq!(written_out(text.clone()), text);
    }
}
