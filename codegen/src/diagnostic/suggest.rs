//! What somebody may have meant.

use super::Diagnostic;
use crate::source::{Sources, Span};

/// The longest word that is compared: the comparison takes the product of both lengths.
const LONGEST: usize = 64;

/// A sentence naming the candidate nearest to `bad`, if one is near.
pub fn did_you_mean<'a>(bad: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<String> {
    nearest(bad, candidates).map(|word| format!("did you mean `{word}`?"))
}

/// What to write in place of something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Suggestion {
    /// The place of what is written now.
    pub span: Span,
    /// What to write there.
    pub replacement: String,
}

impl Diagnostic {
    /// The word to write at the place itself, where the hint names one that is near to what stands there.
    #[must_use]
    pub fn suggestion(&self, sources: &Sources) -> Option<Suggestion> {
        let span = self.primary.span;
        let replacement = meant(self.hint.as_deref()?)?;
        let is_near = nearest(sources.text(span), [replacement]).is_some();
        is_near.then(|| Suggestion { span, replacement: replacement.to_owned() })
    }
}

/// The word that a hint of [`did_you_mean`] names.
fn meant(hint: &str) -> Option<&str> {
    hint.strip_prefix("did you mean `")?.split_once("`?").map(|(word, _)| word)
}

fn nearest<'a>(bad: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let length = bad.chars().take(LONGEST.saturating_add(1)).count();
    if length == 0 || length > LONGEST {
        return None;
    }
    let limit = length.div_ceil(3);
    let bad = bad.to_lowercase();
    candidates
        .into_iter()
        .filter(|word| word.len() <= LONGEST)
        .map(|word| (strsim::osa_distance(&bad, &word.to_lowercase()), word))
        .filter(|(distance, _)| *distance <= limit)
        .min_by_key(|(distance, word)| (*distance, *word))
        .map(|(_, word)| word)
}

#[cfg(test)]
mod tests {
    use super::{Suggestion, did_you_mean};
    use crate::diagnostic::{Code, Diagnostic};
    use crate::source::{Sources, Span};

    #[test]
    fn near_words_are_found_and_far_ones_are_not() {
        assert_eq!(did_you_mean("kepe", ["none", "zero", "keep"]).as_deref(), Some("did you mean `keep`?"));
        assert_eq!(did_you_mean("Count", ["count"]).as_deref(), Some("did you mean `count`?"));
        assert_eq!(did_you_mean("zzz", ["count", "size"]), None);
        assert_eq!(did_you_mean("", ["a"]), None);
    }

    #[test]
    fn a_word_is_suggested_where_it_goes() {
        let mut sources = Sources::new();
        let file = sources.add("a.yaml", "slack: kepe");
        let at = |range| Diagnostic::new(Code::UnknownWord, "unknown", Span::new(file, range), "here");
        let hint = || did_you_mean("kepe", ["none", "keep"]);
        let suggestion = Suggestion { span: Span::new(file, 7..11), replacement: "keep".to_owned() };
        assert_eq!(at(7..11).maybe_hint(hint()).suggestion(&sources), Some(suggestion));
        assert_eq!(at(0..5).maybe_hint(hint()).suggestion(&sources), None, "the hint is about something else");
        assert_eq!(at(7..11).hint("remove it").suggestion(&sources), None);
        assert_eq!(at(7..11).suggestion(&sources), None);
    }
}
