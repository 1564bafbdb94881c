//! The pages as `mdbook` made them: nothing in them is fetched from another machine, and their links lead somewhere.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use crate::chore::Failure;
use crate::tree::Tree;

use super::links::{is_elsewhere, reached};

/// Elements that make a browser fetch something, and what says from where.
const FETCHED: &[(&str, &str)] = &[
    ("link", "href"),
    ("script", "src"),
    ("img", "src"),
    ("source", "src"),
    ("iframe", "src"),
    ("object", "data"),
    ("image", "href"),
    ("use", "href"),
];

/// A page.
struct HtmlPage {
    text: String,
    ids: BTreeSet<String>,
}

/// Looks at every page of a book; how many there are.
pub fn check(book: &Path) -> Result<usize, Failure> {
    let pages = pages(book)?;
    let mut wrong = Vec::new();
    for (path, page) in &pages {
        let fetched = fetched(&page.text).into_iter().map(|url| format!("fetches `{url}`"));
        let dead = links(&page.text).filter(|link| !leads_somewhere(book, &pages, path, link));
        let all = fetched.chain(dead.map(|link| format!("`{link}` leads nowhere")));
        wrong.extend(all.map(|what| format!("  {}: {what}", path.display())));
    }
    wrong.extend(styles(book)?);
    if wrong.is_empty() { Ok(pages.len()) } else { Err(Failure(format!("the book is wrong\n{}", wrong.join("\n")))) }
}

fn pages(book: &Path) -> Result<BTreeMap<PathBuf, HtmlPage>, Failure> {
    let mut pages = BTreeMap::new();
    for path in files(book, "html")? {
        let text = fs::read_to_string(book.join(&path)).map_err(|e| Failure::at(&path, e))?;
        let ids = attributes(&text, "id").map(str::to_owned).collect();
        pages.insert(path, HtmlPage { text, ids });
    }
    Ok(pages)
}

/// The files of the book of a kind, those of the crates' documentation left out.
fn files(book: &Path, extension: &str) -> Result<Vec<PathBuf>, Failure> {
    let all = Tree::at(book).all_files()?;
    let is_ours = |path: &PathBuf| path.extension().is_some_and(|e| e == extension) && !path.starts_with("api");
    Ok(all.into_iter().filter(is_ours).collect())
}

/// Style sheets that import others, or fonts, from other machines.
fn styles(book: &Path) -> Result<Vec<String>, Failure> {
    let mut wrong = Vec::new();
    for path in files(book, "css")? {
        let text = fs::read_to_string(book.join(&path)).map_err(|e| Failure::at(&path, e))?;
        let asks = ["url(http", "url('http", "url(\"http", "url(//", "@import \"http"].iter().any(|s| text.contains(s));
        wrong.extend(asks.then(|| format!("  {}: fetches something", path.display())));
    }
    Ok(wrong)
}

/// What a browser would fetch from other machines to show the page.
fn fetched(text: &str) -> Vec<&str> {
    let is_foreign = |url: &&str| is_elsewhere(url) || url.starts_with("//");
    let of = |(element, attribute): &(&str, &'static str)| {
        elements(text, element).flat_map(|tag| attributes(tag, attribute)).filter(is_foreign).collect::<Vec<_>>()
    };
    FETCHED.iter().flat_map(of).collect()
}

/// The start tags of elements of a name.
fn elements<'t>(text: &'t str, name: &str) -> impl Iterator<Item = &'t str> {
    let starts = [format!("<{name} "), format!("<{name}\n")];
    text.match_indices('<').filter_map(move |(at, _)| {
        let from = text.get(at..)?;
        let is_it = starts.iter().any(|start| from.starts_with(start));
        is_it.then(|| from.split('>').next().unwrap_or_default())
    })
}

/// The values of an attribute.
fn attributes<'t>(text: &'t str, name: &str) -> impl Iterator<Item = &'t str> {
    let start = format!(" {name}=\"");
    let length = start.len();
    let places: Vec<usize> = text.match_indices(&start).map(|(at, _)| at).collect();
    places.into_iter().filter_map(move |at| text.get(at.saturating_add(length)..)?.split('"').next())
}

fn links(text: &str) -> impl Iterator<Item = &str> {
    elements(text, "a").flat_map(|tag| attributes(tag, "href")).filter(|link| !is_elsewhere(link))
}

fn leads_somewhere(book: &Path, pages: &BTreeMap<PathBuf, HtmlPage>, page: &Path, link: &str) -> bool {
    // The page for addresses that there are none of stands anywhere.
    if page == Path::new("404.html") || link.starts_with("api/") || link.contains("/api/") {
        return true;
    }
    let (file, anchor) = link.split_once('#').unwrap_or((link, ""));
    let Some(path) = reached(page, file) else { return false };
    match pages.get(&path) {
        Some(page) => anchor.is_empty() || page.ids.contains(anchor),
        None => book.join(path).is_file(),
    }
}

#[cfg(test)]
mod tests {
    use super::check;
    use std::error::Error;
    use std::fs;

    fn said(page: &str, style: &str) -> Result<String, Box<dyn Error>> {
        let folder = tempfile::tempdir()?;
        fs::write(folder.path().join("a.html"), page)?;
        fs::write(folder.path().join("a.css"), style)?;
        Ok(check(folder.path()).err().map(|failure| failure.to_string()).unwrap_or_default())
    }

    #[test]
    fn what_is_there_may_be_used_and_links_may_lead_away() -> Result<(), Box<dyn Error>> {
        let page = "<link rel=\"x\" href=\"a.css\"><p id=\"x\"><a href=\"#x\">x</a> <a href=\"https://a.org\">y</a>";
        assert_eq!(said(page, "p { background: url(b.png) }")?, "");
        Ok(())
    }

    #[test]
    fn nothing_comes_from_other_machines() -> Result<(), Box<dyn Error>> {
        let page =
            "<script src=\"https://a.org/b.js\"></script><img alt=\"\" src=\"//a.org/c.png\"><a href=\"b.html#c\">";
        let told = said(page, "p { background: url(https://a.org/b.png) }")?;
        for what in ["fetches `https://a.org/b.js`", "fetches `//a.org/c.png`", "`b.html#c` leads", "a.css: fetches"] {
            assert!(told.contains(what), "{what}: {told}");
        }
        Ok(())
    }
}
