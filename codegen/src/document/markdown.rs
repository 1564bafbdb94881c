//! Pieces of Markdown: tables, cells, sections. Text of the spec is made safe where it is put in.

use crate::emit::docs;

pub use crate::emit::docs::code;

/// A table. A column that has nothing in any row is left out.
#[derive(Debug)]
pub struct Table {
    head: Vec<&'static str>,
    rows: Vec<Vec<String>>,
}

impl Table {
    /// A table without rows.
    #[must_use]
    pub fn new<const N: usize>(head: [&'static str; N]) -> Self {
        Self { head: head.to_vec(), rows: Vec::new() }
    }

    /// Adds a row: a cell for each column.
    pub fn row<const N: usize>(&mut self, cells: [String; N]) {
        self.rows.push(Vec::from(cells));
    }

    /// Its lines, and none where it has no rows.
    #[must_use]
    pub fn text(&self) -> String {
        let used: Vec<usize> =
            (0..self.head.len()).filter(|i| self.rows.iter().any(|row| !cell(row, *i).is_empty())).collect();
        if used.is_empty() {
            return String::new();
        }
        let line = |cells: Vec<String>| format!("| {} |\n", cells.join(" | "));
        let head = used.iter().map(|i| self.head.get(*i).copied().unwrap_or_default().to_owned()).collect();
        let rows = self.rows.iter().map(|row| line(used.iter().map(|i| cell(row, *i).replace('|', "\\|")).collect()));
        let body: String = rows.collect();
        format!("{}|{}\n{body}", line(head), "---|".repeat(used.len()))
    }
}

fn cell(row: &[String], column: usize) -> &str {
    row.get(column).map(String::as_str).unwrap_or_default()
}

/// Blocks with an empty line between, those that say nothing left out.
#[must_use]
pub fn blocks(blocks: impl IntoIterator<Item = String>) -> String {
    let said = blocks.into_iter().filter(|block| !block.trim().is_empty());
    let all: Vec<String> = said.map(|block| block.trim_end().to_owned()).collect();
    all.join("\n\n")
}

/// A heading that is linked by an anchor of its own.
#[must_use]
pub fn heading(level: usize, anchor: &str, title: &str) -> String {
    format!("<a id=\"{anchor}\"></a>\n\n{} {title}", "#".repeat(level))
}

/// The text of a `doc` as paragraphs.
#[must_use]
pub fn paragraphs(doc: Option<&str>) -> String {
    docs::markdown::lines(doc.unwrap_or_default()).join("\n")
}

/// The text of a `doc` in one line, for a cell.
#[must_use]
pub fn line(doc: Option<&str>) -> String {
    let mut out = String::new();
    for line in docs::markdown::lines(doc.unwrap_or_default()) {
        let is_item = line.starts_with("- ") || line.starts_with("* ");
        let parted = line.is_empty() || is_item || line.starts_with("```");
        out.push_str(if out.is_empty() || out.ends_with("<br>") {
            ""
        } else if parted {
            "<br>"
        } else {
            " "
        });
        out.push_str(if line.starts_with("```") { "" } else { line.trim() });
    }
    out
}

/// The first sentence of a `doc`.
#[must_use]
pub fn sentence(doc: Option<&str>) -> String {
    let all = line(doc);
    let end = all.find(". ").map(|at| at.saturating_add(1));
    let cut = all.find("<br>").into_iter().chain(end).min();
    cut.and_then(|at| all.get(..at)).unwrap_or(&all).to_owned()
}

/// Lines in a cell.
#[must_use]
pub fn cell_lines(lines: impl IntoIterator<Item = String>) -> String {
    let said: Vec<String> = lines.into_iter().filter(|line| !line.is_empty()).collect();
    said.join("<br>")
}

/// Where a fact comes from, as links where they are addresses.
#[must_use]
pub fn sources(refs: &[String]) -> String {
    let shown: Vec<String> = refs.iter().map(|text| docs::source(text)).collect();
    shown.join(", ")
}

/// The same as a paragraph.
#[must_use]
pub fn sources_line(refs: &[String]) -> String {
    if refs.is_empty() { String::new() } else { format!("Source: {}", sources(refs)) }
}

/// Text that Markdown takes as it is.
#[must_use]
pub fn escaped(text: &str) -> String {
    let special = |c: char| matches!(c, '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '#' | '|' | '&');
    text.chars().flat_map(|c| special(c).then_some('\\').into_iter().chain([c])).collect()
}

/// Lines in a fence.
#[must_use]
pub fn fenced(language: &str, text: &str) -> String {
    let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(longest.saturating_add(1).max(3));
    format!("{fence}{language}\n{}\n{fence}", text.trim_end())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_leave_out_what_no_row_has() {
        let mut table = Table::new(["A", "B", "C"]);
        assert_eq!(table.text(), "");
        table.row(["1".into(), String::new(), "`x | y`".into()]);
        assert_eq!(table.text(), "| A | C |\n|---|---|\n| 1 | `x \\| y` |\n");
    }

    #[test]
    fn a_doc_fits_into_a_cell() {
        assert_eq!(line(Some("One\ntwo.\n\nThree:\n- a\n- b")), "One two.<br>Three:<br>- a<br>- b");
        assert_eq!(sentence(Some("One two. Three.")), "One two.");
        assert_eq!(sentence(Some("One two")), "One two.");
        assert_eq!(line(None), "");
    }

    #[test]
    fn blocks_are_parted() {
        assert_eq!(blocks(["a\n".to_owned(), String::new(), "b".to_owned()]), "a\n\nb");
        assert_eq!(escaped("a_b [c]"), "a\\_b \\[c\\]");
        assert_eq!(fenced("text", "``` x\n"), "````text\n``` x\n````");
    }
}
