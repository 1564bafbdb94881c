//! Documentation of a format for people: pages in Markdown with pictures of its records, made from the model alone.
//!
//! Nothing is written here, and nothing can fail. The pages of a format link to each other, and lie in one folder; the first
//! of them is `index.md`.

mod bits;
mod choice;
mod example;
mod expected;
mod field;
mod given;
mod index;
mod kind;
mod markdown;
mod notes;
mod offset;
mod picture;
mod places;
mod record;
mod rules;
mod size;
mod type_page;
mod union;
mod users;

pub use offset::{Offset, offsets};
pub use picture::picture;
pub use places::anchor;

use crate::model::Format;
use places::Places;

/// A style sheet for the pages, beside that of whatever shows them.
pub const STYLE: &str = include_str!("layout.css");

/// A page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page {
    /// Its file.
    pub file: String,
    /// What it is called.
    pub title: String,
    /// Its Markdown.
    pub text: String,
}

/// All pages of a format: the first is about the format as a whole.
#[must_use]
pub fn pages(format: &Format) -> Vec<Page> {
    let places = Places::new(format);
    let mut pages = vec![index::page(&places)];
    pages.extend(places.pages().iter().map(|plan| type_page::page(&places, plan)));
    pages.extend(example::page(&places));
    pages
}

/// The text of a `doc` as Markdown.
#[must_use]
pub fn text(doc: &str) -> String {
    markdown::paragraphs(Some(doc))
}

/// An mdBook of a format: its files by their paths.
#[must_use]
pub fn book(format: &Format) -> Vec<(String, String)> {
    let pages = pages(format);
    let summary = format!("# Summary\n\n{}", pages.iter().enumerate().map(entry).collect::<String>());
    let files = [(SETTINGS, settings(format)), ("layout.css", STYLE.to_owned()), ("src/SUMMARY.md", summary)];
    let files = files.into_iter().map(|(path, text)| (path.to_owned(), text));
    files.chain(pages.into_iter().map(|page| (format!("src/{}", page.file), page.text))).collect()
}

/// The file of an mdBook that says how it looks, which people may change.
pub const SETTINGS: &str = "book.toml";

fn settings(format: &Format) -> String {
    let plain = |c: &char| !c.is_control() && !matches!(c, '"' | '\\');
    let title: String = format.title.chars().filter(plain).collect();
    format!(
        "[book]\ntitle = \"{title}\"\n\n[output.html]\nadditional-css = [\"layout.css\"]\nno-section-label = true\nsmart-punctuation = false\n"
    )
}

/// A line of the table of contents.
fn entry((i, page): (usize, &Page)) -> String {
    let indent = if i == 0 { "" } else { "  " };
    format!("{indent}- [{}]({})\n", markdown::escaped(&page.title), page.file)
}
