//! JSON that stands in a page.

use std::io;

use serde::Serialize;

/// The value as JSON that can end no element and start none: each `<` is escaped.
pub fn embed(value: &impl Serialize) -> io::Result<String> {
    // Outside of strings JSON has no `<`.
    Ok(serde_json::to_string(value)?.replace('<', "\\u003c"))
}

#[cfg(test)]
mod tests {
    use super::embed;

    #[test]
    fn nothing_in_it_is_markup() {
        let hostile = "</script><!-- <img onerror=x> ]]> \u{2028} \"\\";
        let json = embed(&hostile).unwrap_or_default();
        assert!(!json.contains('<'), "{json}");
        assert_eq!(serde_json::from_str::<String>(&json).ok().as_deref(), Some(hostile));
    }
}
