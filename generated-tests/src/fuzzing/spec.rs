//! The text of a spec, however broken: it is refused with places that are in it, or becomes Rust, pages and an interpreter that
//! neither panics.

use std::collections::BTreeMap;

use vmspec_codegen::compile;
use vmspec_codegen::diagnostic::{Diagnostics, Label, Style};
use vmspec_codegen::interpret::{Start, read};
use vmspec_codegen::model::{Example, ExampleBytes, Format};
use vmspec_codegen::source::{Source, Sources};
use vmspec_codegen::{Failure, document, generate};

/// The name of the text.
const MAIN: &str = "main.yaml";
/// Examples of which so many are read.
const EXAMPLES: usize = 4;
/// Rust and pages are made of one in so many specs: that takes far longer than all else.
const SHARE: u32 = 16;

/// The target.
pub fn run(data: &[u8]) {
    let source = Source::bytes(MAIN, BTreeMap::from([(MAIN.to_owned(), data.to_vec())]));
    match compile(&source) {
        Ok((format, _)) => {
            format.examples.iter().take(EXAMPLES).for_each(|example| interpreted(&format, example));
            if is_chosen(data) {
                emitted(&source, &format);
            }
        }
        Err(failure) => refused(&failure),
    }
}

/// Whether the spec is one of those that Rust is made of: always the same.
pub fn is_chosen(data: &[u8]) -> bool {
    crc32c::crc32c(data).is_multiple_of(SHARE)
}

/// There is something wrong, and its places are in the files.
#[track_caller]
pub fn refused(failure: &Failure) {
    let Failure { sources, diagnostics } = failure;
    assert!(!diagnostics.is_empty() && diagnostics.len() <= Diagnostics::MAX, "{} faults", diagnostics.len());
    for diagnostic in diagnostics {
        assert!(!diagnostic.message.is_empty(), "{diagnostic:?}");
        let labels = std::iter::once(&diagnostic.primary).chain(&diagnostic.secondary);
        labels.for_each(|label| lies_there(label, sources));
    }
    for style in [Style::Plain, Style::Color] {
        assert!(!failure.render(style).is_empty(), "nothing is told");
    }
    assert!(failure.render_short().lines().count() >= diagnostics.len(), "a line for each");
}

#[track_caller]
fn lies_there(label: &Label, sources: &Sources) {
    let text = sources.file_text(label.span.file);
    assert!(sources.ids().any(|id| id == label.span.file), "a place in no file: {label:?}");
    let place = label.span.range();
    assert!(text.get(place).is_some(), "a place outside of {} bytes, or within a character: {label:?}", text.len());
}

/// It becomes Rust that can be parsed, and pages.
#[track_caller]
pub fn emitted(source: &Source, format: &Format) {
    let Ok(generated) = generate(source) else { panic!("compiled, then refused") };
    for text in [&generated.rust, &generated.tests] {
        assert!(!text.starts_with("compile_error!"), "no Rust: {text}");
    }
    assert!(!document::pages(format).is_empty(), "no pages");
}

/// What is in an example is the author's: it may be wrong. That there is a verdict is what counts.
fn interpreted(format: &Format, example: &Example) {
    let ExampleBytes::Hex(bytes) = &example.bytes else { return };
    if example.with.is_empty() && format.externs.is_empty() {
        let bytes = bytes.as_slice();
        drop(read(format, Start { ty: example.of, at: 0, big: example.big }, &bytes));
    }
}
