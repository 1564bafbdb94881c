//! Links and anchors of a page in Markdown, as far as pages of this book have any: found in the text, code left out.

use std::collections::BTreeSet;

/// The links of a page, each with its line.
pub fn links(text: &str) -> Vec<(usize, String)> {
    let mut found = Vec::new();
    for (number, line) in prose(text) {
        let line = without_code(line);
        let inline = after_each(&line, "](").map(|rest| until(rest, &[')', ' ']));
        let defined = definition(&line).into_iter();
        let html = ["href=\"", "src=\""].into_iter().flat_map(|start| after_each(&line, start));
        let all = inline.chain(defined).chain(html.map(|rest| until(rest, &['"'])));
        found.extend(all.map(|link| (number, link.trim_matches(['<', '>']).to_owned())));
    }
    found
}

/// What can be linked to on a page.
pub fn anchors(text: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for (_, line) in prose(text) {
        let ids = ["id=\"", "name=\""].into_iter().flat_map(|start| after_each(line, start));
        found.extend(ids.map(|rest| until(rest, &['"']).to_owned()));
        if let Some(title) = heading(line) {
            let id = own_id(title).unwrap_or_else(|| slug(title));
            let same = (1..).map(|n| format!("{id}-{n}"));
            let free = std::iter::once(id.clone()).chain(same).find(|id| !found.contains(id));
            found.extend(free);
        }
    }
    found
}

/// The lines that are not in a block of code, counted from 1.
fn prose(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut fence: Option<&str> = None;
    let lines = text.lines().enumerate().map(|(i, line)| (i.saturating_add(1), line));
    lines.filter(move |(_, line)| {
        let line = line.trim_start();
        let mark = ["```", "~~~"].into_iter().find(|mark| line.starts_with(mark));
        let was_code = fence.is_some();
        match (fence, mark) {
            (None, Some(mark)) => fence = Some(mark),
            (Some(open), Some(mark)) if open == mark => fence = None,
            _ => {}
        }
        !was_code && fence.is_none()
    })
}

/// A line without its code spans.
fn without_code(line: &str) -> String {
    let mut out = String::new();
    let mut rest = line;
    while let Some(start) = rest.find('`') {
        let (before, from) = rest.split_at(start);
        let fence = from.get(..from.len().saturating_sub(from.trim_start_matches('`').len())).unwrap_or_default();
        let inside = from.get(fence.len()..).unwrap_or_default();
        out.push_str(before);
        match inside.find(fence) {
            Some(end) => rest = inside.get(end.saturating_add(fence.len())..).unwrap_or_default(),
            None => rest = inside,
        }
    }
    out + rest
}

fn after_each<'t>(line: &'t str, start: &'t str) -> impl Iterator<Item = &'t str> {
    line.match_indices(start).filter_map(move |(at, _)| line.get(at.saturating_add(start.len())..))
}

fn until<'t>(text: &'t str, ends: &[char]) -> &'t str {
    text.split(ends).next().unwrap_or_default()
}

/// `[name]: link`
fn definition(line: &str) -> Option<&str> {
    let (_, target) = line.strip_prefix('[')?.split_once("]: ")?;
    target.split_whitespace().next()
}

fn heading(line: &str) -> Option<&str> {
    let title = line.trim_start_matches('#');
    let is_heading = title.len() < line.len() && title.starts_with(' ');
    is_heading.then(|| title.trim())
}

/// `Title {#id}`
fn own_id(title: &str) -> Option<String> {
    let (_, id) = title.strip_suffix('}')?.rsplit_once("{#")?;
    Some(id.to_owned())
}

/// What a heading without an id of its own is linked by.
pub fn slug(title: &str) -> String {
    let shown = without_targets(title);
    let kept = shown.chars().filter_map(|c| match c {
        c if c.is_alphanumeric() || matches!(c, '_' | '-') => Some(c.to_ascii_lowercase()),
        c if c.is_whitespace() => Some('-'),
        _ => None,
    });
    kept.collect()
}

/// A text whose links are their words alone.
fn without_targets(text: &str) -> String {
    let mut out = String::new();
    for (i, part) in text.split("](").enumerate() {
        let shown = if i == 0 { part } else { part.split_once(')').map_or("", |(_, behind)| behind) };
        out.push_str(shown);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::{anchors, links, slug};

    #[test]
    fn links_in_their_forms() {
        let text = "[a](b.md \"title\") `[no](x.md)` <a href=\"c.md#d\">c</a>\n\n[e]: f.md\n```\n[g](h.md)\n```\n";
        let found = [(1, "b.md"), (1, "c.md#d"), (3, "f.md")];
        assert_eq!(links(text), found.map(|(line, link)| (line, link.to_owned())));
    }

    #[test]
    fn headings_are_anchors() {
        assert_eq!(slug("The `size` of A_b, and more!"), "the-size-of-a_b-and-more");
        assert_eq!(slug("See [the text](a.md)"), "see-the-text");
        let found: Vec<String> =
            anchors("# A\n## A\n### B {#own}\n<a id=\"x.y\"></a>\n```\n# no\n```\n").into_iter().collect();
        assert_eq!(found, ["a", "a-1", "own", "x.y"]);
    }
}
