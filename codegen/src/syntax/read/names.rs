//! Names: how they are written, and which are taken.

use super::Reader;
use super::cursor::Mapping;
use crate::diagnostic::{Code, Diagnostic, excerpt};
use crate::source::Spanned;
use crate::syntax::parse_expr::WORDS;
use crate::syntax::yaml::Node;

/// Words that Rust does not take as names, not even escaped.
const RUST: &[&str] = &["self", "super", "crate"];
/// Names that mean something in every expression. Fields may have them, as they can be told apart with `this.`.
const CONTEXT: &[&str] = &["it", "this", "rest", "prev", "index", "file", "state", "input"];
/// The byte orders.
const ORDERS: &[&str] = &["le", "be"];
/// Types that are built in, or that params have.
const BUILT_IN: &[&str] = &[
    "bool", "f32", "f64", "bytes", "blob", "zero", "utf8", "utf16", "cstr", "pstr", "guid", "uuid", "align", "text",
    "place",
];

/// What a name is given to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Named {
    /// A field, which may be `_`.
    Field,
    /// A const or param.
    Value,
    /// A type, enum or flags.
    Type,
    /// A value of an enum, a bit, a group, a case, an example, the format.
    Other,
}

impl Named {
    /// The words that are not taken as such a name. Types are not called like numbers of any width either.
    #[must_use]
    pub fn reserved(self) -> &'static [&'static [&'static str]] {
        match self {
            Self::Field => &[WORDS, RUST, ORDERS],
            Self::Value => &[WORDS, RUST, ORDERS, CONTEXT],
            Self::Type => &[WORDS, RUST, BUILT_IN],
            Self::Other => &[WORDS, RUST],
        }
    }

    fn reserves(self, name: &str) -> bool {
        self.reserved().iter().any(|list| list.contains(&name)) || (self == Self::Type && is_number_type(name))
    }
}

impl Reader<'_> {
    /// The name that is given to something.
    pub(super) fn name(&mut self, node: &Node, named: Named) -> Option<Spanned<String>> {
        if named == Named::Field && node.scalar() == Some("_") {
            return Some(Spanned::new("_".to_owned(), node.span));
        }
        let name = self.reference(node)?;
        if named.reserves(&name.value) {
            let message = format!("`{}` is reserved", excerpt(&name.value));
            self.report(Diagnostic::new(Code::ReservedName, message, name.span, "choose another name"));
            return None;
        }
        Some(name)
    }

    /// The name of something that is declared elsewhere.
    pub(super) fn reference(&mut self, node: &Node) -> Option<Spanned<String>> {
        let text = self.scalar(node, "a name")?;
        if is_name(text) {
            return Some(Spanned::new(text.to_owned(), node.span));
        }
        let message = format!("`{}` is not a name", excerpt(text));
        let diagnostic = Diagnostic::new(Code::BadName, message, node.span, "not a name");
        let better = as_name(text)
            .map_or_else(|| "names are lower case letters, digits and `_`".to_owned(), |n| format!("write `{n}`"));
        self.report(diagnostic.hint(better));
        None
    }

    pub(super) fn reference_at(&mut self, map: &Mapping<'_>, key: &str) -> Option<Spanned<String>> {
        map.get(key).and_then(|node| self.reference(node))
    }
}

/// Whether `text` is a lower case letter followed by lower case letters, digits and `_`.
pub(super) fn is_name(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_lowercase())
        && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
}

/// The name nearest to `text`: `FileSize` and `file-size` are `file_size`.
fn as_name(text: &str) -> Option<String> {
    let mut out = String::new();
    let mut after_small = false;
    for c in text.chars().take(64) {
        if c.is_ascii_uppercase() && after_small {
            out.push('_');
        }
        out.push(if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '_' });
        after_small = c.is_ascii_lowercase() || c.is_ascii_digit();
    }
    is_name(&out).then_some(out)
}

fn is_number_type(name: &str) -> bool {
    let bits = |prefix| name.strip_prefix(prefix).and_then(|digits: &str| digits.parse::<u8>().ok());
    bits('u').is_some_and(|n| (1..=64).contains(&n)) || bits('i').is_some_and(|n| matches!(n, 8 | 16 | 32 | 64))
}

#[cfg(test)]
mod tests {
    use super::{as_name, is_name, is_number_type};

    #[test]
    fn names_are_small_letters_digits_and_underscores() {
        assert!(
            is_name("a1_b")
                && !is_name("1a")
                && !is_name("_a")
                && !is_name("")
                && !is_name("a-b")
                && !is_name("\u{e4}")
        );
        assert_eq!(as_name("FileSize-2").as_deref(), Some("file_size_2"));
        assert_eq!(as_name("2x"), None);
        assert!(
            is_number_type("u17")
                && is_number_type("i8")
                && !is_number_type("unit")
                && !is_number_type("u")
                && !is_number_type("i8259")
        );
    }
}
