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

/// The table of contents of an mdBook that has these pages in a folder.
#[must_use]
pub fn summary(pages: &[Page], folder: &str) -> String {
    let line = |(i, page): (usize, &Page)| {
        let indent = if i == 0 { "" } else { "  " };
        format!("{indent}- [{}]({folder}{})\n", markdown::escaped(&page.title), page.file)
    };
    pages.iter().enumerate().map(line).collect()
}
