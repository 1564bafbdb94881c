//! The page of examples: bytes, and what they mean or why they are refused.

use super::markdown::{blocks, code, fenced, heading};
use super::places::{Places, anchor};
use super::{Page, expected};
use crate::model::{Example, ExampleBytes, ExampleResult};

/// The most bytes of an example that are shown.
const MOST_BYTES: usize = 256;
const ROW: usize = 16;

/// Makes the page, where there are examples.
#[must_use]
pub fn page(places: &Places<'_>) -> Option<Page> {
    let all = &places.format.examples;
    let head = "# Examples\n\nEach is a test of the generated code.".to_owned();
    let text = blocks(std::iter::once(head).chain(all.iter().map(|example| places.example(example)))) + "\n";
    (!all.is_empty()).then(|| Page { file: "examples.md".to_owned(), title: "Examples".to_owned(), text })
}

impl Places<'_> {
    fn example(&self, example: &Example) -> String {
        let result = match &example.expected {
            ExampleResult::Value(node) => blocks(["It holds:".to_owned(), fenced("yaml", &expected::text(node))]),
            ExampleResult::Error { path, class } if path.is_empty() => format!("Refused: {}.", code(class.name())),
            ExampleResult::Error { path, class } => format!("Refused at {}: {}.", code(path), code(class.name())),
        };
        blocks([
            heading(2, &anchor("example", &example.name), &example.name.replace('_', " ")),
            format!("A {}{}.", self.type_link(example.of), self.with(example)),
            bytes(&example.bytes),
            result,
        ])
    }

    /// What it is read with.
    fn with(&self, example: &Example) -> String {
        let params = self.format.ty(example.of).params.iter();
        let args = params.zip(&example.with).map(|(param, given)| (param.name.as_str(), given));
        let inputs = example
            .inputs
            .iter()
            .filter_map(|(i, given)| Some((self.format.inputs.get(*i)?.param.name.as_str(), given)));
        let all: Vec<String> =
            args.chain(inputs).map(|(name, given)| code(&format!("{name}: {}", self.argument(given)))).collect();
        if all.is_empty() { String::new() } else { format!(", read with {}", all.join(", ")) }
    }
}

fn bytes(bytes: &ExampleBytes) -> String {
    match bytes {
        ExampleBytes::Sample(file) => format!("The file {} of the samples.", code(file)),
        ExampleBytes::Hex(bytes) if bytes.is_empty() => "No bytes.".to_owned(),
        ExampleBytes::Hex(bytes) => {
            let rows = bytes.chunks(ROW).take(MOST_BYTES.div_ceil(ROW)).enumerate();
            let mut lines: Vec<String> = rows.map(|(i, row)| hex_row(i.saturating_mul(ROW), row)).collect();
            let more = bytes.len().saturating_sub(MOST_BYTES);
            lines.extend((more > 0).then(|| format!("... {more} more bytes")));
            fenced("text", &lines.join("\n"))
        }
    }
}

/// `0010  4e 4f 54 45  NOTE`
fn hex_row(at: usize, row: &[u8]) -> String {
    let digits: Vec<String> = row.iter().map(|b| format!("{b:02x}")).collect();
    let text: String = row.iter().map(|b| if b.is_ascii_graphic() { char::from(*b) } else { '.' }).collect();
    format!("{at:04x}  {:47}  {text}", digits.join(" "))
}
