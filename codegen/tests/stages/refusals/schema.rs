//! The JSON Schema of the language that is checked in, held to the specs by a validator that knows nothing of the language: it
//! accepts what the compiler accepts, and refuses what is wrong with keys and shapes.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use boon::{Compiler, SchemaIndex, Schemas};
use serde_json::Value;
use vmspec_codegen::compile;
use vmspec_codegen::diagnostic::Code;
use vmspec_codegen::source::{FileId, Source};
use vmspec_codegen::syntax::read::keys::{BUILT_IN, CONSTRUCTS};

use super::{failure, folder, specs, text};

const SCHEMA: &str = "specs/spec.schema.json";
const ADDRESS: &str = "http://localhost/spec.schema.json";

/// Codes of what a schema can see: keys, shapes and words, each at its place.
const STRUCTURAL: &[Code] = &[
    Code::WrongShape,
    Code::UnknownWord,
    Code::MissingKey,
    Code::BadInteger,
    Code::UnknownKey,
    Code::FieldShape,
    Code::SeveralContents,
    Code::NoContent,
    Code::NeedsKey,
    Code::DoesNotFit,
    Code::EmptyFields,
    Code::SpecVersion,
    Code::BadName,
    Code::ReservedName,
    Code::BadMagic,
    Code::BadHex,
    Code::OneOf,
    Code::BadTarget,
    Code::NeedsList,
    Code::EmptyText,
    Code::EmptyExpression,
    Code::BadType,
    Code::EmptyFile,
];

/// Specs with a fault of such a code that a schema cannot see, and why.
const UNSEEN: &[(&str, &str)] = &[
    ("aside-in-a-case", TYPED),
    ("copies-and-count", TYPED),
    ("copies-called-copies", TYPED),
    ("copies-driven-outside", TYPED),
    ("copies-kept-slack", TYPED),
    ("copies-lent-state", TYPED),
    ("copies-of-number", TYPED),
    ("copies-of-variable-size", TYPED),
    ("hex-odd", "`0` is a number in YAML, and has no digits for a schema"),
    ("integer-too-large", "the parser of this test has no numbers of 65 bits"),
    ("lazy-in-a-case", TYPED),
    ("max-of-named-type", TYPED),
    ("max-on-number", TYPED),
    ("mismatch-without-pin", TYPED),
    ("remember-in-a-case", TYPED),
    ("remember-in-bits", TYPED),
    ("vmstate-of-bits", TYPED),
    ("vmstate-without-rules", "the rules may stand in another file"),
];

/// Whether a key fits is known with what the field is, which its name does not say.
const TYPED: &str = "it depends on what the types are";

/// Specs with no fault of such a code that the schema refuses all the same, and why.
const SEEN_TOO: &[(&str, &str)] = &[
    ("key-not-text", "the list is a key that no spec has"),
    ("marker-of-two-bytes", "a byte has a largest value, as everything about markers"),
    ("merge-key", "the key does not exist"),
    ("tag", "the tag makes the version a text"),
];

/// A schema in use.
struct Validator {
    schemas: Schemas,
    index: SchemaIndex,
}

impl Validator {
    /// Of the part of the schema that a JSON pointer names.
    fn of(schema: &Value, pointer: &str) -> Self {
        let (mut schemas, mut compiler) = (Schemas::new(), Compiler::new());
        compiler.add_resource(ADDRESS, schema.clone()).unwrap_or_else(|e| panic!("{ADDRESS}: {e:#}"));
        let index = compiler.compile(&format!("{ADDRESS}#{pointer}"), &mut schemas);
        let index = index.unwrap_or_else(|e| panic!("{pointer}: {e:#}"));
        Self { schemas, index }
    }

    fn refusal(&self, value: &Value) -> Option<String> {
        self.schemas.validate(value, self.index).err().map(|e| format!("{e:#}"))
    }
}

fn schema() -> Value {
    serde_json::from_str(&text(&folder(SCHEMA))).unwrap_or_else(|e| panic!("{SCHEMA}: {e}"))
}

/// A spec as an editor sees it; none where it is no YAML.
fn seen(path: &Path) -> Option<Value> {
    serde_yaml::from_str(&text(path)).ok().map(json)
}

fn json(yaml: serde_yaml::Value) -> Value {
    use serde_yaml::Value as Yaml;
    match yaml {
        Yaml::Null => Value::Null,
        Yaml::Bool(truth) => truth.into(),
        Yaml::Number(number) => serde_json::to_value(number).unwrap_or_default(),
        Yaml::String(text) => text.into(),
        Yaml::Sequence(items) => items.into_iter().map(json).collect(),
        Yaml::Mapping(entries) => entries.into_iter().map(|(key, value)| (key_text(&key), json(value))).collect(),
        Yaml::Tagged(tagged) => json(tagged.value),
    }
}

/// Keys are texts for a schema, whatever YAML takes them for.
fn key_text(key: &serde_yaml::Value) -> String {
    match json(key.clone()) {
        Value::String(text) => text,
        other => other.to_string(),
    }
}

fn name(path: &Path) -> String {
    path.file_stem().unwrap_or_default().to_string_lossy().into_owned()
}

#[test]
fn every_good_spec_is_accepted_by_the_schema() {
    let validator = Validator::of(&schema(), "");
    let folders = ["specs", "specs/qevm", "generated-tests/features", "codegen/cli/src/command"];
    for path in folders.into_iter().flat_map(specs) {
        let Some(spec) = seen(&path) else { panic!("{} is no YAML", path.display()) };
        // The starter's name is filled in when it is written.
        let refusal = validator.refusal(&spec).filter(|_| name(&path) != "starter");
        assert!(refusal.is_none(), "{}: {}", path.display(), refusal.unwrap_or_default());
    }
}

#[test]
fn bad_specs_are_refused_for_what_a_schema_can_see() {
    let validator = Validator::of(&schema(), "");
    let (mut wrong, mut refused) = (Vec::new(), BTreeSet::new());
    for path in specs("generated-tests/bad") {
        let codes = codes(&path);
        let structural: Vec<_> = codes.iter().copied().filter(|code| STRUCTURAL.contains(code)).collect();
        let listed = |list: &[(&str, &str)]| list.iter().any(|(of, _)| *of == name(&path));
        // What YAML itself refuses, an editor says without a schema.
        let Some(spec) = seen(&path) else {
            let told = structural.is_empty() || listed(UNSEEN);
            wrong.extend((!told).then(|| format!("{}: {codes:?}: no YAML", name(&path))));
            continue;
        };
        let refusal = validator.refusal(&spec);
        let expected = if structural.is_empty() { listed(SEEN_TOO) } else { !listed(UNSEEN) };
        match &refusal {
            Some(_) if expected => refused.extend(structural),
            None if !expected => {}
            _ => wrong.push(format!("{}: {codes:?}: {}", name(&path), refusal.unwrap_or("accepted".to_owned()))),
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
    let never: Vec<_> = STRUCTURAL.iter().filter(|code| !refused.contains(code)).collect();
    assert!(never.is_empty(), "no bad spec shows that the schema sees {never:?}");
}

/// The codes of what is wrong with a spec, not with files that it uses.
fn codes(path: &Path) -> Vec<Code> {
    let failure = failure(path).unwrap_or_else(|| panic!("{} is accepted", path.display()));
    failure.diagnostics.iter().filter(|d| d.primary.span.file == FileId(0)).map(|d| d.code).collect()
}

#[test]
fn every_key_of_every_construct_says_what_it_means() {
    let schema = schema();
    let definitions =
        schema.get("definitions").and_then(Value::as_object).into_iter().flat_map(serde_json::Map::values);
    let all: Vec<_> = [&schema].into_iter().chain(definitions).collect();
    for construct in CONSTRUCTS {
        let title = construct.name.replace('`', "");
        let of = all.iter().find(|of| of.get("title").is_some_and(|t| *t == title));
        let keys = of.and_then(|of| of.get("properties")).and_then(Value::as_object);
        let Some(keys) = keys else { panic!("no definition of {title}") };
        assert_eq!(keys.len(), construct.all().count(), "{title}");
        for key in construct.all() {
            let says = |text: &str| keys.get(key.name).and_then(|of| of.get(text)).and_then(Value::as_str);
            let texts = ["description", "markdownDescription"].map(|text| says(text).unwrap_or_default());
            let full = texts.iter().all(|text| text.len() > 3 && text.contains(char::is_alphabetic));
            assert!(full && !key.doc.trim().is_empty(), "{} of {title} says {texts:?}", key.name);
        }
    }
}

#[test]
fn what_editors_offer_to_write_is_accepted() {
    let schema = schema();
    let mut found = BTreeMap::new();
    snippets(&schema, "", &mut found);
    assert!(found.len() > 8, "{:?}", found.keys());
    for (pointer, bodies) in found {
        let validator = Validator::of(&schema, &pointer);
        for body in bodies {
            let refusal = validator.refusal(&filled_in(&body));
            assert!(refusal.is_none(), "{pointer}: {body}: {}", refusal.unwrap_or_default());
        }
    }
}

/// What is offered in each part of the schema.
fn snippets(part: &Value, pointer: &str, found: &mut BTreeMap<String, Vec<Value>>) {
    let children: Vec<(String, &Value)> = match part {
        Value::Object(members) => members.iter().map(|(name, value)| (name.clone(), value)).collect(),
        Value::Array(items) => items.iter().enumerate().map(|(i, item)| (i.to_string(), item)).collect(),
        _ => return,
    };
    for (name, child) in children {
        if name == "defaultSnippets" {
            let bodies = child.as_array().into_iter().flatten().filter_map(|snippet| snippet.get("body").cloned());
            found.entry(pointer.to_owned()).or_default().extend(bodies);
        } else {
            snippets(child, &format!("{pointer}/{name}"), found);
        }
    }
}

/// A body with what stands first in its places: `${1:name}` is `name`.
fn filled_in(body: &Value) -> Value {
    let plain = |text: &str| {
        let mut parts = text.split("${");
        let first = parts.next().unwrap_or_default().to_owned();
        parts.filter_map(|part| part.split_once(':')).fold(first, |all, (_, rest)| all + &rest.replacen('}', "", 1))
    };
    match body {
        Value::String(text) => serde_yaml::from_str(&plain(text)).map_or(Value::Null, json),
        Value::Array(items) => items.iter().map(filled_in).collect(),
        Value::Object(members) => members.iter().map(|(key, value)| (plain(key), filled_in(value))).collect(),
        other => other.clone(),
    }
}

#[test]
fn the_types_that_are_offered_are_built_in() {
    for of in BUILT_IN {
        let spec = format!(
            "spec: 1\nformat: {{id: a}}\nroot: r\nendian: le\ntypes: {{r: {{fields: [{{a: {}}}]}}}}\n",
            of.text
        );
        let texts = BTreeMap::from([("spec.yaml".to_owned(), spec)]);
        let failure = compile(&Source::memory("spec.yaml", texts)).err();
        assert!(
            failure.is_none() && !of.doc.is_empty(),
            "{}: {}",
            of.text,
            failure.map_or(String::new(), |f| f.render_short())
        );
    }
}
