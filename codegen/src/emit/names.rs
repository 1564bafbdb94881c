//! Names of Rust items, made from names in specs.

use proc_macro2::{Ident, Span};

/// Words that stand only as raw identifiers.
const KEYWORDS: &[&str] = &[
    "abstract", "as", "async", "await", "become", "box", "break", "const", "continue", "do", "dyn", "else", "enum",
    "extern", "false", "final", "fn", "for", "gen", "if", "impl", "in", "let", "loop", "macro", "match", "mod", "move",
    "mut", "override", "priv", "pub", "ref", "return", "static", "struct", "trait", "true", "try", "type", "typeof",
    "unsafe", "unsized", "use", "virtual", "where", "while", "yield",
];

/// Words that cannot even stand as raw identifiers.
const NEVER: &[&str] = &["_", "Self", "crate", "self", "super"];

/// Whether a word means something to Rust, so that nothing can be called so as it stands.
#[must_use]
pub fn is_keyword(word: &str) -> bool {
    KEYWORDS.contains(&word) || NEVER.contains(&word)
}

/// A type or variant name: `libxl_kind` gives `LibxlKind`, `x86_64` gives `X86_64`.
#[must_use]
pub fn pascal(name: &str) -> String {
    let mut out = String::new();
    for word in words(name) {
        if ends_in_digit(&out) && word.starts_with(|c: char| c.is_ascii_digit()) {
            out.push('_');
        }
        let mut chars = word.chars();
        out.extend(chars.next().map(|c| c.to_ascii_uppercase()));
        out.push_str(chars.as_str());
    }
    named(out, "Unnamed", 'N')
}

/// A constant name: `json_config` gives `JSON_CONFIG`.
#[must_use]
pub fn shouty(name: &str) -> String {
    snake(name).to_ascii_uppercase()
}

/// A field, function or module name: `image.area` and `ImageArea` give `image_area`.
#[must_use]
pub fn snake(name: &str) -> String {
    named(words(name).join("_"), "unnamed", 'n')
}

/// A name as an identifier: raw where it is a keyword, with `_` behind it where that is not possible.
#[must_use]
pub fn ident(name: &str) -> Ident {
    let plain = name.strip_prefix("r#").unwrap_or(name);
    if KEYWORDS.contains(&plain) {
        return Ident::new_raw(plain, Span::call_site());
    }
    let mut valid: String = plain.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '_' }).collect();
    if NEVER.contains(&valid.as_str()) {
        valid.push('_');
    }
    if valid.starts_with(|c: char| c.is_ascii_digit()) || valid.is_empty() {
        valid.insert(0, 'n');
    }
    Ident::new(&valid, Span::call_site())
}

/// The words of a name in lower case, parted where it has other characters or goes from lower to upper case.
fn words(name: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word = String::new();
    let mut after_lower = false;
    for c in name.chars() {
        if !c.is_ascii_alphanumeric() || (after_lower && c.is_ascii_uppercase()) {
            words.push(core::mem::take(&mut word));
        }
        after_lower = c.is_ascii_lowercase() || c.is_ascii_digit();
        if c.is_ascii_alphanumeric() {
            word.push(c.to_ascii_lowercase());
        }
    }
    words.push(word);
    words.retain(|word| !word.is_empty());
    words
}

fn ends_in_digit(name: &str) -> bool {
    name.ends_with(|c: char| c.is_ascii_digit())
}

/// The name, made to start with a letter.
fn named(mut name: String, empty: &str, letter: char) -> String {
    if name.is_empty() {
        name.push_str(empty);
    } else if name.starts_with(|c: char| c.is_ascii_digit()) {
        name.insert(0, letter);
    }
    name
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn makes_names_of_types() {
        assert_eq!(pascal("libxl_kind"), "LibxlKind");
        assert_eq!(pascal("x86_pv_info"), "X86PvInfo");
        assert_eq!(pascal("x86_64"), "X86_64");
        assert_eq!(pascal("image.area"), "ImageArea");
        assert_eq!(pascal("ImageArea"), "ImageArea");
        assert_eq!(pascal("RAM"), "Ram");
        assert_eq!(pascal("4k"), "N4k");
        assert_eq!(pascal("_"), "Unnamed");
    }

    #[test]
    fn makes_names_of_fields_and_constants() {
        assert_eq!(snake("fdc/phase"), "fdc_phase");
        assert_eq!(snake("ImageArea"), "image_area");
        assert_eq!(snake("_x__y_"), "x_y");
        assert_eq!(snake("²"), "unnamed");
        assert_eq!(shouty("json_config"), "JSON_CONFIG");
        assert_eq!(shouty("64k"), "N64K");
    }

    #[test]
    fn makes_identifiers_of_anything() {
        assert_eq!(ident("type").to_string(), "r#type");
        assert_eq!(ident("r#type").to_string(), "r#type");
        assert_eq!(ident("self").to_string(), "self_");
        assert_eq!(ident("Self").to_string(), "Self_");
        assert_eq!(ident("_").to_string(), "__");
        assert_eq!(ident("").to_string(), "n");
        assert_eq!(ident("9a").to_string(), "n9a");
        assert_eq!(ident("a²b").to_string(), "a_b");
    }
}
