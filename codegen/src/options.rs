//! What a crate that gets a module may choose about it.

use crate::diagnostic::did_you_mean;
use proc_macro2::TokenStream;
use std::fmt;
use std::str::FromStr;

/// What a crate that gets a module chooses about it. At first nothing: the runtime goes by its own name, and no type derives
/// more than it has to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Options {
    /// Where the runtime is.
    pub runtime: RustPath,
    /// Whether types are `serde::Serialize`.
    pub serde: Gate,
    /// Whether types are `arbitrary::Arbitrary`.
    pub arbitrary: Gate,
    /// What types derive besides. What they derive anyway may be named as well.
    pub derives: Vec<Derive>,
}

impl Options {
    /// What is said of the types that are to derive something and are not among `types`, with their names.
    pub fn unknown_types<'o>(&'o self, types: &'o [String]) -> impl Iterator<Item = (&'o str, String)> {
        let asked = self.derives.iter().flat_map(|derive| &derive.types);
        asked.filter(|name| !types.contains(name)).map(|name| {
            let hint = did_you_mean(name, types.iter().map(String::as_str));
            (
                name.as_str(),
                format!("there is no type `{name}`{}", hint.map_or_else(String::new, |hint| format!("; {hint}"))),
            )
        })
    }

    /// Those of a module that is checked in, for crates with the features `serde` and `arbitrary` and without.
    #[must_use]
    pub fn with_features() -> Self {
        let gate = |name: &str| Gate::Feature(name.to_owned());
        Self { serde: gate("serde"), arbitrary: gate("arbitrary"), ..Self::default() }
    }
}

/// When something is there.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Gate {
    /// Not at all.
    #[default]
    Never,
    /// Always.
    Always,
    /// When the crate that has the module has this feature on.
    Feature(String),
}

/// Traits that types derive.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Derive {
    /// The traits.
    pub traits: Vec<RustPath>,
    /// The types by their names in Rust; none for every type of the format.
    pub types: Vec<String>,
}

/// A path as Rust writes it, such as `crate::runtime` or `Hash`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RustPath(String);

impl RustPath {
    /// The crate that generated code calls, by its own name.
    pub const RUNTIME: &'static str = "vmspec_runtime";

    /// The path as written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The name at its end.
    #[must_use]
    pub fn last(&self) -> &str {
        self.0.rsplit("::").next().unwrap_or(&self.0)
    }

    /// Its tokens.
    pub(crate) fn tokens(&self) -> TokenStream {
        // What was looked at when it was made is always tokens.
        self.0.parse().unwrap_or_default()
    }
}

impl Default for RustPath {
    fn default() -> Self {
        Self(Self::RUNTIME.to_owned())
    }
}

impl fmt::Display for RustPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A text that is no path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotAPath(String);

impl fmt::Display for NotAPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}` is not a path such as `crate::runtime`", self.0)
    }
}

impl std::error::Error for NotAPath {}

impl FromStr for RustPath {
    type Err = NotAPath;

    fn from_str(text: &str) -> Result<Self, NotAPath> {
        let names = text.strip_prefix("::").unwrap_or(text);
        if names.split("::").all(is_name) { Ok(Self(text.to_owned())) } else { Err(NotAPath(text.to_owned())) }
    }
}

/// Whether a text can be the name of an item: in ASCII, and no lone `_`.
#[must_use]
pub fn is_name(text: &str) -> bool {
    let inner = |c: char| c.is_ascii_alphanumeric() || c == '_';
    text != "_" && text.chars().all(inner) && text.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
}

#[cfg(test)]
mod tests {
    use super::RustPath;

    #[test]
    fn paths_are_names_with_colons_between() {
        for path in ["a", "crate::runtime", "::a::B2", "_a"] {
            assert_eq!(path.parse::<RustPath>().map(|p| p.to_string()).as_deref(), Ok(path));
        }
        for text in ["", "a-b", "a:b", "a::", "1a", "a b", "_", "a::<B>"] {
            assert!(text.parse::<RustPath>().is_err(), "{text}");
        }
        assert_eq!("std::hash::Hash".parse::<RustPath>().map(|p| p.last().to_owned()).as_deref(), Ok("Hash"));
    }
}
