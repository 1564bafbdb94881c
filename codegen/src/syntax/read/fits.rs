//! Which keys of a field or case go together.

use super::Reader;
use super::cursor::Mapping;
use super::keys::FIELD;
use crate::diagnostic::{Code, Diagnostic};

/// Keys that have a meaning beside another one only.
const NEEDS: &[(&str, &[&str])] = &[
    ("cases", &["switch"]),
    ("default", &["switch"]),
    ("open", &["switch"]),
    ("gap", &["at", "copies", "journal"]),
    ("slack", &["size"]),
    ("from", &["at", "via"]),
];

/// The keys that make a list.
const MAKES_LIST: &[&str] = &["count", "until", "while", "each", "marker"];
/// The keys about the elements of a list.
const OF_LIST: &[&str] = &["unique", "disjoint", "max_count", "lazy"];
/// The keys that make a value of a type, or are arguments of one.
const OF_TYPE: &[&str] = &["with", "value", "init", "mismatch", "unknown"];
/// The keys about bytes.
const OF_BYTES: &[&str] = &["size", "slack", "max", "at", "gap", "via", "from", "copies"];

/// The keys about a list that is held.
const OF_HELD: &[&str] = &[
    "until",
    "while",
    "each",
    "unique",
    "disjoint",
    "max_count",
    "valid",
    "expect",
    "remember",
    "init",
    "value",
    "copies",
];

/// Keys that have no meaning beside a content.
const UNFIT: &[(&str, &[&[&str]])] = &[
    ("let", &[MAKES_LIST, OF_LIST, OF_TYPE, OF_BYTES, &["require", "remember"]]),
    (
        "magic",
        &[MAKES_LIST, OF_LIST, &["with", "value", "init", "unknown", "size", "slack", "max", "require", "copies"]],
    ),
    ("fields", &[OF_TYPE, &["copies"]]),
    ("switch", &[OF_TYPE, &["copies"]]),
    (
        "extern",
        &[
            MAKES_LIST,
            OF_LIST,
            &["value", "init", "mismatch", "unknown", "size", "slack", "via", "from", "copies", "require"],
        ],
    ),
    ("journal", &[MAKES_LIST, OF_LIST, OF_TYPE, &["size", "slack", "max", "at", "via", "from", "copies", "require"]]),
];

impl Reader<'_> {
    /// Checks the keys of `map` against its content.
    pub(super) fn check_fit(&mut self, map: &Mapping<'_>, content: Option<&str>) {
        for (key, wanted) in NEEDS {
            if !wanted.iter().any(|other| map.has(other)) {
                self.needs_key(map, key, wanted);
            }
        }
        if content == Some("switch") && !map.has("cases") && !map.has("open") {
            let diagnostic = Diagnostic::new(
                Code::MissingKey,
                "missing key `cases` beside `switch`",
                map.owner,
                "`cases` is missing",
            );
            self.report(diagnostic.hint("`cases`: value and content"));
        }
        self.check_unfit(map, content);
        self.check_aside(map);
        if content != Some("let") && content != Some("magic") && !MAKES_LIST.iter().any(|key| map.has(key)) {
            self.refuse_list_keys(map);
        }
        let is_field = std::ptr::eq(map.construct(), &raw const FIELD);
        if let Some(span) = map.key_span("require").filter(|_| is_field && content == Some("type")) {
            let diagnostic =
                Diagnostic::new(Code::DoesNotFit, "`require` is for a group of fields", span, "does not fit `type`");
            self.report(diagnostic.hint("rules about one field are its `valid`"));
        }
    }

    /// A field lies in the sequence or aside, and not all that is said of lists can be said of one that is not held.
    fn check_aside(&mut self, map: &Mapping<'_>) {
        let lazy = map.get("lazy").is_some_and(|node| node.scalar() == Some("true"));
        let unfit = OF_HELD.iter().filter(|_| lazy).map(|key| (*key, "lazy")).chain([("at", "via"), ("copies", "via")]);
        for (key, beside) in unfit {
            let (Some(span), Some(other)) = (map.key_span(key), map.key_span(beside)) else { continue };
            let message = format!("`{key}` has no meaning beside `{beside}`");
            let diagnostic = Diagnostic::new(Code::DoesNotFit, message, span, "does not fit");
            self.report(diagnostic.also(other, "because of this").hint(format!("remove `{key}`")));
        }
    }

    fn needs_key(&mut self, map: &Mapping<'_>, key: &str, wanted: &[&str]) {
        let Some(span) = map.key_span(key) else { return };
        let list = wanted.iter().map(|other| format!("`{other}`")).collect::<Vec<_>>().join(" or ");
        let diagnostic =
            Diagnostic::new(Code::NeedsKey, format!("`{key}` without {list}"), span, "has no meaning alone");
        self.report(diagnostic.hint(format!("add {list}, or remove `{key}`")));
    }

    fn check_unfit(&mut self, map: &Mapping<'_>, content: Option<&str>) {
        let Some((content, unfit)) = UNFIT.iter().find(|(name, _)| Some(*name) == content) else { return };
        for key in unfit.iter().copied().flatten() {
            let Some(span) = map.key_span(key) else { continue };
            let message = format!("`{key}` has no meaning beside `{content}`");
            let diagnostic = Diagnostic::new(Code::DoesNotFit, message, span, "does not fit");
            let diagnostic =
                map.key_span(content).map_or(diagnostic.clone(), |at| diagnostic.also(at, "because of this"));
            self.report(diagnostic.hint(format!("remove `{key}`")));
        }
    }

    fn refuse_list_keys(&mut self, map: &Mapping<'_>) {
        for key in OF_LIST {
            let Some(span) = map.key_span(key) else { continue };
            let diagnostic = Diagnostic::new(
                Code::NeedsList,
                format!("`{key}` on a field that is no list"),
                span,
                "is about elements",
            );
            self.report(diagnostic.hint("a list has `count`, `until`, `while`, `each` or `marker`"));
        }
    }
}
