//! Specs on pages, whole or in part. What a part does not say is put around it, so that it can be compiled.

use std::collections::BTreeMap;

use vmspec_codegen::compile;
use vmspec_codegen::diagnostic::{Diagnostics, Style};
use vmspec_codegen::source::{Source, Sources};
use vmspec_codegen::syntax::yaml::{self, Kind, Node};

const MAIN: &str = "example.yaml";
const WORDS: &str = "words.yaml";
/// What the reference says that its examples take for granted.
const KIND: &str = "enums: {kind: {repr: u8, values: {0: end, 1: data, 2: note}, unknown: error}}\n";
const OPTIONS: &str = "flags: {options: {repr: u8, bits: {0: wide, 1: extra}, unknown: error}}\n";

/// Why it does not compile.
pub fn fault(text: &str) -> Option<String> {
    let whole = whole(text);
    let words = words(&whole);
    let files = BTreeMap::from([(MAIN.to_owned(), finished(&whole)), (WORDS.to_owned(), words)]);
    compile(&Source::memory(MAIN, files)).err().map(|failure| format!("\n{}", failure.render(Style::Plain)))
}

/// The text as a file: a list is the fields of a type.
pub fn whole(text: &str) -> String {
    if !text.starts_with("- ") {
        return text.to_owned();
    }
    let fields: Vec<_> = text.lines().map(|line| format!("      {line}\n")).collect();
    format!("types:\n  example:\n    fields:\n{}", fields.concat())
}

/// The tree of a file.
pub fn tree(text: &str) -> Option<Node> {
    let mut sources = Sources::new();
    let file = sources.add(MAIN, text);
    yaml::parse(file, text, &mut Diagnostics::new())
}

/// The value of a key.
fn value<'n>(node: &'n Node, key: &str) -> Option<&'n Node> {
    let Kind::Map(entries) = &node.kind else { return None };
    entries.iter().find(|(name, _)| name.scalar() == Some(key)).map(|(_, value)| value)
}

/// What the file does not declare itself, for it to use.
fn words(text: &str) -> String {
    let tree = tree(text);
    let has = |group, name| tree.as_ref().and_then(|t| value(value(t, group)?, name)).is_some();
    let kind = if has("enums", "kind") { "" } else { KIND };
    let options = if has("flags", "options") { "" } else { OPTIONS };
    format!("spec: 1\n{kind}{options}")
}

/// The file with what every file says.
fn finished(text: &str) -> String {
    let tree = tree(text);
    let says = |key: &str| tree.as_ref().is_some_and(|tree| value(tree, key).is_some());
    if says("spec") {
        return text.to_owned();
    }
    let mut out = format!("{text}spec: 1\n");
    for (key, line) in [("format", "format: {id: example}\n"), ("use", "use: [words.yaml]\n")] {
        out.push_str(if says(key) { "" } else { line });
    }
    let first = tree.as_ref().and_then(|tree| match &value(tree, "types")?.kind {
        Kind::Map(types) => types.first().and_then(|(name, _)| name.scalar()),
        _ => None,
    });
    if first.is_none() {
        out.push_str("types: {example: {fields: [{a: u8}]}}\n");
    }
    if !says("root") {
        out.extend(["root: ", first.unwrap_or("example"), "\n"]);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::fault;

    #[test]
    fn what_is_left_out_is_added() {
        assert_eq!(fault("- a: kind\n- b: {type: u8, if: a == note}\n"), None);
        assert_eq!(fault("enums: {kind: {repr: u8, values: {0: a}, unknown: error}}\n"), None);
        assert!(fault("- a: knid\n").is_some_and(|why| why.contains("knid")));
        assert!(fault("spec: 1\n").is_some());
    }
}
