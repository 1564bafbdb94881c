//! The characters of a file, before YAML looks at them.

use crate::diagnostic::{Code, Diagnostic, Diagnostics, is_hidden};
use crate::source::{FileId, Span};

/// Reports every control character and every character that cannot be seen; whether there are control characters.
pub(super) fn check(file: FileId, text: &str, diagnostics: &mut Diagnostics) -> bool {
    let mut control = false;
    let mut rest = text.char_indices().peekable();
    while let Some((at, c)) = rest.next() {
        let line_end = c == '\r' && matches!(rest.peek(), Some((_, '\n')));
        let byte_order_mark = c == '\u{feff}' && at == 0;
        if c == '\n' || c == '\t' || line_end || byte_order_mark || !is_hidden(c) {
            continue;
        }
        let span = Span::new(file, at..at.saturating_add(c.len_utf8()));
        diagnostics.push(refused(c, span));
        control |= c.is_control();
    }
    control
}

fn refused(c: char, span: Span) -> Diagnostic {
    let number = u32::from(c);
    if c == '\r' {
        let message = "a carriage return without a line feed";
        Diagnostic::new(Code::ControlCharacter, message, span, "here").hint("end lines with a line feed")
    } else if c.is_control() {
        Diagnostic::new(Code::ControlCharacter, format!("control character U+{number:04X}"), span, "here")
            .hint(format!("in double quotes it can be written as `\\u{number:04x}`"))
    } else {
        Diagnostic::new(Code::HiddenCharacter, format!("invisible character U+{number:04X}"), span, "here")
            .hint("remove it")
    }
}
