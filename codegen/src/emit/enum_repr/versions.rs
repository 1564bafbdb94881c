//! Conditions on a local `version` from `since` and `before`, and words for them.

use proc_macro2::{Literal, TokenStream};
use quote::quote;

/// That `version` is one that knows the item; `None` when all do.
#[must_use]
pub fn inside(since: Option<u64>, before: Option<u64>) -> Option<TokenStream> {
    let (first, end) = limits(since, before);
    match (first, end) {
        (None, None) => None,
        (Some(first), None) => Some(quote!(version >= #first)),
        (None, Some(end)) => Some(quote!(version < #end)),
        (Some(_), Some(_)) if since >= before => Some(quote!(false)),
        (Some(first), Some(end)) => Some(quote!(matches!(version, #first..#end))),
    }
}

/// That `version` is one that does not know the item; `None` when all do.
#[must_use]
pub fn outside(since: Option<u64>, before: Option<u64>) -> Option<TokenStream> {
    let (first, end) = limits(since, before);
    match (first, end) {
        (None, None) => None,
        (Some(first), None) => Some(quote!(version < #first)),
        (None, Some(end)) => Some(quote!(version >= #end)),
        (Some(_), Some(_)) if since >= before => Some(quote!(true)),
        (Some(first), Some(end)) => Some(quote!(!matches!(version, #first..#end))),
    }
}

/// The limits for people, to stand behind something else: `, since 3, before 5`.
#[must_use]
pub fn words(since: Option<u64>, before: Option<u64>) -> String {
    let since = since.map_or_else(String::new, |n| format!(", since {n}"));
    let before = before.map_or_else(String::new, |n| format!(", before {n}"));
    since + &before
}

/// The limits as literals, without those that every version keeps to.
fn limits(since: Option<u64>, before: Option<u64>) -> (Option<Literal>, Option<Literal>) {
    (since.filter(|n| *n > 0).map(Literal::u64_unsuffixed), before.map(Literal::u64_unsuffixed))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(tokens: Option<TokenStream>) -> String {
        tokens.map_or_else(String::new, |tokens| tokens.to_string())
    }

    #[test]
    fn says_when_a_version_is_inside() {
        assert_eq!(text(inside(Some(3), None)), "version >= 3");
        assert_eq!(text(inside(Some(0), Some(5))), "version < 5");
        assert_eq!(text(inside(Some(3), Some(5))), "matches ! (version , 3 .. 5)");
        assert_eq!(text(inside(Some(5), Some(5))), "false");
        assert_eq!(text(inside(Some(0), None)), "");
    }

    #[test]
    fn says_when_a_version_is_outside() {
        assert_eq!(text(outside(Some(3), None)), "version < 3");
        assert_eq!(text(outside(None, Some(5))), "version >= 5");
        assert_eq!(text(outside(Some(3), Some(5))), "! matches ! (version , 3 .. 5)");
        assert_eq!(words(Some(3), Some(5)), ", since 3, before 5");
    }
}
