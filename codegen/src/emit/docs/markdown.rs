//! Paragraphs, lists and fences: plain text of a spec becomes lines of Markdown.

use super::words;

/// The longest line, where text can be broken.
const WIDTH: usize = 96;

/// Lines of Markdown for a text; none for a blank one.
#[must_use]
pub fn lines(text: &str) -> Vec<String> {
    let mut out = Vec::new();
    let mut paragraph = Vec::new();
    let mut fenced = false;
    for line in text.lines() {
        let line = line.replace('\t', " ");
        if line.trim_start().starts_with("```") {
            flush(&mut paragraph, &mut out);
            separate(&mut out, !fenced);
            out.push(fence(line.trim(), fenced));
            fenced = !fenced;
        } else if fenced {
            out.push(line.trim_end().to_owned());
        } else if line.trim().is_empty() {
            flush(&mut paragraph, &mut out);
        } else {
            paragraph.push(line.trim().to_owned());
        }
    }
    flush(&mut paragraph, &mut out);
    out.extend(fenced.then(|| "```".to_owned()));
    out
}

/// Breaks a line where it is too long; the lines after the first start with `indent`.
pub fn wrap(line: &str, indent: &str, out: &mut Vec<String>) {
    let mut current = String::new();
    for word in line.split(' ') {
        let width = current.chars().count().saturating_add(word.chars().count());
        if width >= WIDTH && !current.trim().is_empty() && !opens_block(word) {
            out.push(core::mem::replace(&mut current, indent.to_owned()));
        } else if !current.is_empty() {
            current.push(' ');
        }
        current.push_str(word);
    }
    out.push(current);
}

/// Ends a paragraph.
fn flush(paragraph: &mut Vec<String>, out: &mut Vec<String>) {
    if paragraph.is_empty() {
        return;
    }
    separate(out, true);
    let text = words::safe(&core::mem::take(paragraph).join("\n"));
    let count = text.lines().count();
    let mut indent = String::new();
    for (i, line) in text.lines().enumerate() {
        if let Some(marker) = marker(line) {
            indent = " ".repeat(marker);
            wrap(line, &indent, out);
        } else {
            let mut line = format!("{indent}{}", unmarked(line));
            if i.saturating_add(1) == count && indent.is_empty() {
                finish(&mut line);
            }
            wrap_indented(&line, &indent, out);
        }
    }
}

fn wrap_indented(line: &str, indent: &str, out: &mut Vec<String>) {
    let mut lines = Vec::new();
    wrap(line.trim_start(), "", &mut lines);
    out.extend(lines.into_iter().map(|line| format!("{indent}{line}")));
}

/// A blank line before a block that is not the first.
fn separate(out: &mut Vec<String>, is_start: bool) {
    if is_start && !out.is_empty() {
        out.push(String::new());
    }
}

/// A line that opens or closes a fence; without a language rustdoc would run it as Rust.
fn fence(line: &str, closes: bool) -> String {
    match line {
        "```" if !closes => "```text".to_owned(),
        _ if closes => "```".to_owned(),
        _ => line.to_owned(),
    }
}

/// Width of the marker of a list item.
fn marker(line: &str) -> Option<usize> {
    let (head, _) = line.split_once(' ')?;
    is_marker(head).then(|| head.len().saturating_add(1))
}

fn is_marker(word: &str) -> bool {
    let number = word.strip_suffix(['.', ')']).unwrap_or_default();
    let is_number = !number.is_empty() && number.chars().all(|c| c.is_ascii_digit());
    is_number || matches!(word, "-" | "*" | "+")
}

/// Whether a line that starts with this word would be more than text.
fn opens_block(word: &str) -> bool {
    is_marker(word) || word.starts_with(['>', '#', '=', '-', '+', '|'])
}

/// A line of text that would be a heading, a quote or a rule, escaped.
fn unmarked(line: &str) -> String {
    let only = |c: char| line.chars().all(|other| other == c);
    if line.starts_with(['>', '#']) || line.starts_with("~~~") || only('=') || only('-') || only('*') {
        format!("\\{line}")
    } else {
        line.to_owned()
    }
}

/// Ends a sentence.
fn finish(line: &mut String) {
    let closed = [".", "!", "?", ":", ";", ",", ".)", "…"];
    if !closed.iter().any(|end| line.ends_with(end)) {
        line.push('.');
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ends_paragraphs_with_a_full_stop() {
        assert_eq!(lines("One\ntwo\n\nthree!"), ["One", "two.", "", "three!"]);
        assert_eq!(lines("See `a`"), ["See `a`."]);
        assert!(lines(" \n\n").is_empty());
    }

    #[test]
    fn keeps_lists_together() {
        assert_eq!(lines("Kinds:\n- one\nmore\n- two"), ["Kinds:", "- one", "  more", "- two"]);
        assert_eq!(lines("1. one\nmore"), ["1. one", "   more"]);
    }

    #[test]
    fn never_lets_rustdoc_run_a_fence() {
        assert_eq!(lines("See\n```\na_b [x]\n```\nend"), ["See.", "", "```text", "a_b [x]", "```", "", "end."]);
        assert_eq!(lines("```c\nx"), ["```c", "x", "```"]);
    }

    #[test]
    fn escapes_what_would_open_a_block() {
        assert_eq!(lines("more\n> 3"), ["more", "\\> 3."]);
        assert_eq!(lines("a\n==="), ["a", "\\===."]);
    }

    #[test]
    fn breaks_long_lines() {
        let text = "word ".repeat(40);
        let broken = lines(&text);
        assert_eq!(broken.len(), 3);
        assert!(broken.iter().all(|line| line.len() <= WIDTH), "{broken:?}");
    }
}
