//! The blocks of code of a page.

use std::path::{Path, PathBuf};

/// A block of code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Block<'t> {
    /// The page it is on.
    pub page: PathBuf,
    /// The line of the page that it begins at, counted from 1.
    pub line: usize,
    /// Its language and what else stands beside it.
    pub tags: Vec<&'t str>,
    /// What is in it.
    pub text: String,
}

impl<'t> Block<'t> {
    /// The language it is in.
    pub fn language(&self) -> &'t str {
        self.tags.first().copied().unwrap_or_default()
    }

    /// The file that it is, or belongs into.
    pub fn file(&self) -> Option<&'t str> {
        self.tags.iter().find_map(|tag| tag.strip_prefix("file="))
    }

    /// Whether something stands beside its language.
    pub fn has(&self, tag: &str) -> bool {
        self.tags.contains(&tag)
    }

    /// Where it is, for people.
    pub fn place(&self) -> String {
        format!("{}:{}", self.page.display(), self.line)
    }
}

/// Every block of a page.
pub fn blocks<'t>(page: &Path, text: &'t str) -> Vec<Block<'t>> {
    let mut found: Vec<Block<'t>> = Vec::new();
    let mut open = "";
    for (i, line) in text.lines().enumerate() {
        let tags = line.trim_start_matches('`');
        let fence = line.strip_suffix(tags).filter(|fence| fence.len() > 2).unwrap_or_default();
        if open.is_empty() && !fence.is_empty() {
            open = fence;
            let (page, line) = (page.to_owned(), i.saturating_add(1));
            found.push(Block { page, line, tags: tags.split(',').map(str::trim).collect(), text: String::new() });
        } else if !open.is_empty() && fence.len() >= open.len() && tags.is_empty() {
            open = "";
        } else if let Some(block) = found.last_mut().filter(|_| !open.is_empty()) {
            block.text.push_str(line);
            block.text.push('\n');
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::blocks;
    use std::path::Path;

    #[test]
    fn blocks_have_tags_and_places() {
        let text = "a\n```rust,file=src/a.rs\nfn\n\n```\n````\n```\n````\n";
        let found = blocks(Path::new("a.md"), text);
        let found: Vec<_> = found.iter().map(|b| (b.place(), b.language(), b.file(), b.text.as_str())).collect();
        let expected =
            [("a.md:2".to_owned(), "rust", Some("src/a.rs"), "fn\n\n"), ("a.md:6".to_owned(), "", None, "```\n")];
        assert_eq!(found, expected);
    }
}
