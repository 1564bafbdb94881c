//! Which keys of a field or case go together.

use super::Reader;
use super::cursor::Mapping;
use super::keys::{APART, FIELD, MAKES_LIST, MISFITS, NEEDS, OF_HELD, OF_LIST};
use crate::diagnostic::{Code, Diagnostic};

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
        let unfit = OF_HELD.iter().filter(|_| lazy).map(|key| (*key, "lazy")).chain(APART.iter().copied());
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
        let Some((content, unfit)) = MISFITS.iter().find(|(name, _)| Some(*name) == content) else { return };
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
