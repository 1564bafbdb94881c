//! Doc comments: text of the spec made safe for Markdown, for rustdoc and for clippy.

pub mod markdown;
mod words;

use proc_macro2::TokenStream;
use quote::quote;

/// A doc comment from the text of the spec, or from the fallback when the spec says nothing.
#[must_use]
pub fn doc(text: Option<&str>, fallback: &str) -> TokenStream {
    outer(&lines(text, fallback))
}

/// A doc comment as [`doc`] gives, and a paragraph behind it that is Markdown already.
#[must_use]
pub fn doc_and(text: Option<&str>, fallback: &str, more: &str) -> TokenStream {
    let mut lines = lines(text, fallback);
    if !lines.is_empty() {
        lines.push(String::new());
    }
    lines.push(more.to_owned());
    outer(&lines)
}

/// A doc comment of one line that is Markdown already.
#[must_use]
pub fn markdown_line(line: &str) -> TokenStream {
    outer(&[line.to_owned()])
}

/// A paragraph that says where the facts come from, to stand behind a doc comment; nothing without refs.
#[must_use]
pub fn refs(refs: &[String]) -> TokenStream {
    outer(&ref_lines(refs))
}

/// The `//!` comment of a file: its title, its text, its sources.
#[must_use]
pub fn inner(title: &str, text: Option<&str>, refs: &[String]) -> TokenStream {
    let mut all = lines(None, title);
    let body = text.map(markdown::lines).unwrap_or_default();
    if !body.is_empty() {
        all.push(String::new());
        all.extend(body);
    }
    all.extend(ref_lines(refs));
    let all = all.iter().map(|line| spaced(line));
    quote!(#(#![doc = #all])*)
}

/// Names as code spans, for a sentence.
#[must_use]
pub fn listed<'a>(names: impl Iterator<Item = &'a str>) -> String {
    let spans: Vec<String> = names.map(code).collect();
    if spans.is_empty() { "none".to_owned() } else { spans.join(", ") }
}

/// Text as a code span, whatever it holds.
#[must_use]
pub fn code(text: &str) -> String {
    let shown: String = text.chars().flat_map(shown).collect();
    let longest = shown.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(longest.saturating_add(1));
    let blank = shown.trim().is_empty();
    if blank && shown.is_empty() {
        "nothing".to_owned()
    } else if blank || shown.starts_with(['`', ' ']) || shown.ends_with(['`', ' ']) {
        format!("{fence} {shown} {fence}")
    } else {
        format!("{fence}{shown}{fence}")
    }
}

/// A character, those that cannot be seen as escapes.
fn shown(c: char) -> impl Iterator<Item = char> {
    let (plain, escaped) = if c.is_control() { (None, Some(c.escape_default())) } else { (Some(c), None) };
    plain.into_iter().chain(escaped.into_iter().flatten())
}

fn lines(text: Option<&str>, fallback: &str) -> Vec<String> {
    let lines = text.map(markdown::lines).unwrap_or_default();
    if lines.is_empty() { markdown::lines(fallback) } else { lines }
}

fn ref_lines(refs: &[String]) -> Vec<String> {
    let shown: Vec<String> = refs.iter().map(|text| source(text)).collect();
    if shown.is_empty() {
        return Vec::new();
    }
    let head = if shown.len() == 1 { "Source" } else { "Sources" };
    let mut lines = vec![String::new()];
    markdown::wrap(&format!("{head}: {}.", shown.join(", ")), "", &mut lines);
    lines
}

/// A source: a link, or a code span.
#[must_use]
pub fn source(text: &str) -> String {
    let is_link = words::is_link(text) && !text.contains(|c: char| c.is_whitespace() || c == '>');
    if is_link { format!("<{text}>") } else { code(text) }
}

fn outer(lines: &[String]) -> TokenStream {
    let lines = lines.iter().map(|line| spaced(line));
    quote!(#(#[doc = #lines])*)
}

fn spaced(line: &str) -> String {
    if line.is_empty() { String::new() } else { format!(" {line}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn writes_one_attribute_per_line() {
        let tokens = doc(Some("First\nsecond"), "unused").to_string();
        assert_eq!(tokens, "# [doc = \" First\"] # [doc = \" second.\"]");
        assert_eq!(doc(Some(" \n"), "Other").to_string(), "# [doc = \" Other.\"]");
    }

    #[test]
    fn names_sources() {
        let one = refs(&["disk src/block/table_entry.c".to_owned()]).to_string();
        assert_eq!(one, "# [doc = \"\"] # [doc = \" Source: `disk src/block/table_entry.c`.\"]");
        let two = refs(&["a".to_owned(), "https://x.org/a_b".to_owned()]).to_string();
        assert!(two.contains("Sources: `a`, <https://x.org/a_b>."), "{two}");
        assert!(refs(&[]).is_empty());
    }

    #[test]
    fn writes_the_comment_of_a_file() {
        let tokens = inner("Disk image", Some("Text"), &["a".to_owned()]).to_string();
        assert!(tokens.starts_with("# ! [doc = \" Disk image.\"] # ! [doc = \"\"]"), "{tokens}");
        assert!(tokens.contains("Source: `a`."), "{tokens}");
    }

    #[test]
    fn puts_anything_into_a_code_span() {
        assert_eq!(code("0x10"), "`0x10`");
        assert_eq!(code("a`b"), "``a`b``");
        assert_eq!(code("`"), "`` ` ``");
        assert_eq!(code("a\nb"), "`a\\nb`");
        assert_eq!(code(""), "nothing");
    }
}
