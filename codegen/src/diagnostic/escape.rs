//! Text from a spec made safe to show: no character of it can move a cursor, hide or reorder what follows.

/// Whether a character is a control character or one that shows nothing or turns text around.
pub(crate) fn is_hidden(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}')
        || matches!(c, '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e0fff}')
}

/// `text` in one line, with every hidden character written as `\u{...}`.
#[must_use]
pub fn printable(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '\0' => out.push_str("\\0"),
            c if is_hidden(c) => out.extend(c.escape_unicode()),
            c => out.push(c),
        }
    }
    out
}

/// The longest piece of a spec that stands in a message.
const EXCERPT: usize = 60;

/// `text` as part of a message: in one line, without hidden characters, and cut where it is long.
#[must_use]
pub fn excerpt(text: &str) -> String {
    let cut = text.char_indices().nth(EXCERPT).map(|(at, _)| at);
    match cut {
        None => printable(text),
        Some(at) => format!("{}...", printable(text.get(..at).unwrap_or(""))),
    }
}

/// `text` with line breaks and tabs kept and every hidden character replaced by a visible one of as many bytes, so that places still hold.
pub(crate) fn masked(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text.chars().peekable();
    while let Some(c) = rest.next() {
        let kept = c == '\n' || c == '\t' || (c == '\r' && rest.peek() == Some(&'\n'));
        out.push(if kept || !is_hidden(c) { c } else { stand_in(c) });
    }
    out
}

fn stand_in(c: char) -> char {
    match c.len_utf8() {
        1 => '?',
        2 => '\u{bf}',
        3 => '\u{fffd}',
        _ => '\u{1f6ab}',
    }
}

#[cfg(test)]
mod tests {
    use super::{masked, printable};

    #[test]
    fn hidden_characters_are_spelled_out() {
        assert_eq!(printable("a\u{1b}[2J\u{202e}b\n"), "a\\u{1b}[2J\\u{202e}b\\n");
    }

    #[test]
    fn stand_ins_keep_places() {
        let bad = "a\u{1b}\u{85}\u{202e}\u{e0001}\r\nb\rc\td";
        assert_eq!(masked(bad), "a?\u{bf}\u{fffd}\u{1f6ab}\r\nb?c\td");
        assert_eq!(masked(bad).len(), bad.len());
    }
}
