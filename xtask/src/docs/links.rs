//! Links of the pages: each leads to a page or file of the book, and to an anchor that is there.

mod markdown;

pub use markdown::slug;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Component, Path, PathBuf};

use crate::chore::Failure;

use super::source::BookSource;

/// Where the documentation of the crates is put, which not every book has.
const API: &str = "api";

/// Fails with every link that leads nowhere.
pub fn check(source: &BookSource) -> Result<(), Failure> {
    let anchors: BTreeMap<&Path, BTreeSet<String>> =
        source.pages().map(|(path, text)| (path, markdown::anchors(text))).collect();
    let mut dead = Vec::new();
    for (path, text) in source.pages() {
        for (line, link) in markdown::links(text) {
            let why = wrong(source, &anchors, path, &link);
            dead.extend(why.map(|why| format!("  {}:{line}: `{link}`: {why}", path.display())));
        }
    }
    if dead.is_empty() { Ok(()) } else { Err(Failure(format!("{} dead links\n{}", dead.len(), dead.join("\n")))) }
}

/// What is wrong with a link of a page.
fn wrong(
    source: &BookSource,
    anchors: &BTreeMap<&Path, BTreeSet<String>>,
    page: &Path,
    link: &str,
) -> Option<&'static str> {
    if is_elsewhere(link) {
        return None;
    }
    let (file, anchor) = link.split_once('#').unwrap_or((link, ""));
    let Some(path) = reached(page, file) else { return Some("it leaves the book") };
    if path.starts_with(API) {
        return None;
    }
    match anchors.get(path.as_path()) {
        None if source.has(&path) => None,
        None => Some("there is no such file"),
        Some(there) => (!anchor.is_empty() && !there.contains(anchor)).then_some("there is no such anchor"),
    }
}

/// Whether it leads out of the book, on purpose.
pub fn is_elsewhere(link: &str) -> bool {
    ["https://", "http://", "mailto:"].iter().any(|scheme| link.starts_with(scheme))
}

/// The file that a link from a page is to, by its path in the book.
pub fn reached(page: &Path, file: &str) -> Option<PathBuf> {
    if file.is_empty() {
        return Some(page.to_owned());
    }
    let mut path = page.parent().map(Path::to_owned).unwrap_or_default();
    for component in Path::new(file).components() {
        match component {
            Component::Normal(name) => path.push(name),
            Component::ParentDir if path.pop() => {}
            Component::CurDir => {}
            _ => return None,
        }
    }
    Some(path)
}

#[cfg(test)]
mod tests {
    use super::{BookSource, check, reached};
    use std::path::{Path, PathBuf};

    fn said(files: &[(&str, &str)]) -> String {
        check(&BookSource::of(files)).err().map(|failure| failure.to_string()).unwrap_or_default()
    }

    #[test]
    fn links_that_lead_somewhere() {
        let page = "# A b\n[here](#a-b), [there](sub/b.md#x), [api](api/vmspec/index.html), <https://a.org/b>\n";
        let other = "<a id=\"x\"></a>\n[back](../a.md), `[no](link.md)`\n\n```text\n[none](at-all.md)\n```\n";
        assert_eq!(said(&[("a.md", page), ("sub/b.md", other)]), "");
    }

    #[test]
    fn dead_links_are_all_told() {
        let page = "# A\n\n[1](b.md) and [2](#b) and <a href=\"../c.md\">3</a>\n";
        let told = [
            "3 dead links",
            "  a.md:3: `b.md`: there is no such file",
            "  a.md:3: `#b`: there is no such anchor",
            "  a.md:3: `../c.md`: it leaves the book",
        ];
        assert_eq!(said(&[("a.md", page)]), told.join("\n"));
    }

    #[test]
    fn a_link_is_from_the_folder_of_its_page() {
        assert_eq!(reached(Path::new("a/b.md"), "../c.md"), Some(PathBuf::from("c.md")));
        assert_eq!(reached(Path::new("a/b.md"), ""), Some(PathBuf::from("a/b.md")));
        assert_eq!(reached(Path::new("b.md"), "/c.md"), None);
    }
}
