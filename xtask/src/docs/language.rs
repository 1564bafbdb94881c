//! The pages of the spec language: its reference, a page for each part.

use std::fs;

use crate::chore::Failure;
use crate::tree::Tree;

use super::links::slug;
use super::source::MadePage;

const REFERENCE: &str = "specs/LANGUAGE.md";
const FOLDER: &str = "language";

/// A part of the reference.
struct Part<'t> {
    title: &'t str,
    text: String,
    /// What can be linked to in it.
    anchors: Vec<String>,
}

/// What stands in front of the first part, and the parts.
pub fn pages(tree: &Tree) -> Result<Vec<MadePage>, Failure> {
    let reference = tree.path(REFERENCE);
    let text = fs::read_to_string(&reference).map_err(|e| Failure::at(&reference, e))?;
    let parts = split(&text);
    Ok(parts.iter().enumerate().map(|(i, part)| page(part, &parts, i > 0)).collect())
}

/// The parts: one begins at each heading of the second level, and the first at the title.
fn split(text: &str) -> Vec<Part<'_>> {
    let mut parts: Vec<Part<'_>> = Vec::new();
    let mut in_code = false;
    for line in text.lines() {
        in_code ^= line.starts_with("```");
        let heading = if in_code { None } else { heading(line) };
        if let Some((1 | 2, title)) = heading {
            parts.push(Part { title, text: String::new(), anchors: Vec::new() });
        }
        let Some(part) = parts.last_mut() else { continue };
        part.anchors.extend(heading.map(|(_, title)| slug(title)));
        // A page begins with a heading of the first level.
        part.text.push_str(if heading.is_some_and(|(level, _)| level > 1) {
            line.get(1..).unwrap_or(line)
        } else {
            line
        });
        part.text.push('\n');
    }
    parts
}

/// The level of a heading, and what it says.
fn heading(line: &str) -> Option<(usize, &str)> {
    let title = line.trim_start_matches('#');
    let level = line.len().saturating_sub(title.len());
    (level > 0).then(|| title.strip_prefix(' ')).flatten().map(|title| (level, title))
}

fn page(part: &Part<'_>, parts: &[Part<'_>], is_part: bool) -> MadePage {
    let path = if is_part { format!("{FOLDER}/{}.md", slug(part.title)) } else { format!("{FOLDER}.md") };
    MadePage {
        path: path.into(),
        title: part.title.to_owned(),
        text: relinked(&part.text, parts, if is_part { "" } else { "language/" }),
        is_part,
    }
}

/// The text with its links going to the pages of their anchors.
fn relinked(text: &str, parts: &[Part<'_>], folder: &str) -> String {
    let mut out = String::new();
    for (i, piece) in text.split("](#").enumerate() {
        let (anchor, behind) = if i == 0 { ("", piece) } else { piece.split_once(')').unwrap_or((piece, "")) };
        if i > 0 {
            let part = parts.iter().find(|part| part.anchors.iter().any(|a| a == anchor));
            let page = part.map(|part| slug(part.title)).unwrap_or_default();
            out.extend(["](", folder, &page, ".md#", anchor, ")"]);
        }
        out.push_str(behind);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::{page, split};

    const TEXT: &str =
        "# All\n\n[Two](#two)\n\n## One\n\nSee [deep](#so-deep).\n\n```\n## no\n```\n\n## Two\n\n### So deep\n";

    #[test]
    fn each_part_is_a_page_with_links_to_the_others() {
        let parts = split(TEXT);
        let pages: Vec<_> = parts.iter().enumerate().map(|(i, part)| page(part, &parts, i > 0)).collect();
        let found: Vec<_> = pages.iter().map(|p| (p.path.to_string_lossy(), p.text.as_str(), p.is_part)).collect();
        let one = "# One\n\nSee [deep](two.md#so-deep).\n\n```\n## no\n```\n\n";
        let expected = [
            ("language.md".into(), "# All\n\n[Two](language/two.md#two)\n\n", false),
            ("language/one.md".into(), one, true),
            ("language/two.md".into(), "# Two\n\n## So deep\n", true),
        ];
        assert_eq!(found, expected);
    }
}
