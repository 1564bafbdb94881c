//! From tokens to text: formatted, with blank lines between items and between methods.

mod items;
mod layout;
#[cfg(test)]
mod tests;

use core::fmt;

use proc_macro2::TokenStream;
use syn::parse::Parser;

/// Tokens that are no Rust: a mistake in an emitter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refused {
    /// What syn says.
    pub reason: String,
    /// The last item that was understood, such as `impl SaveMagic`.
    pub after: Option<String>,
    /// How the tokens go on behind it.
    pub tokens: String,
}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "generated tokens are no Rust: {}", self.reason)?;
        match &self.after {
            Some(item) => write!(f, ", after `{item}`")?,
            None => write!(f, ", at the start")?,
        }
        write!(f, ", at `{}`", self.tokens)
    }
}

impl std::error::Error for Refused {}

/// The text of a file: the header, the `//!` comment, the items.
///
/// # Errors
/// When the tokens are no Rust.
pub fn file(tokens: TokenStream, header: &str) -> Result<String, Refused> {
    let parsed = items::parse.parse2(tokens);
    let (attrs, items) = match parsed {
        Ok(Ok(parsed)) => parsed,
        Ok(Err(refused)) => return Err(refused),
        Err(error) => return Err(Refused { reason: error.to_string(), after: None, tokens: String::new() }),
    };
    let comment = layout::unparsed(attrs, Vec::new());
    let blocks = [header.trim_end().to_owned(), comment.trim_end().to_owned(), layout::items(items)];
    let blocks: Vec<&str> = blocks.iter().map(|block| block.trim_end()).filter(|block| !block.is_empty()).collect();
    Ok(blocks.join("\n\n") + "\n")
}
