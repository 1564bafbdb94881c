//! What is wrong, as an error of the compiler.

use proc_macro::{Delimiter, Group, Ident, Literal, Punct, Spacing, Span, TokenStream, TokenTree};

/// What is wrong, and where.
pub struct Mistake {
    at: Span,
    text: String,
}

impl Mistake {
    /// Something wrong at a place.
    pub fn new(at: Span, text: impl Into<String>) -> Self {
        Self { at, text: text.into() }
    }
}

/// `::core::compile_error! { "text" }`, all of it at the place.
impl From<Mistake> for TokenStream {
    fn from(mistake: Mistake) -> Self {
        let word = |text: &str| TokenTree::Ident(Ident::new(text, mistake.at));
        let mark = |c: char, spacing| TokenTree::Punct(Punct::new(c, spacing));
        let text = TokenTree::Literal(Literal::string(&mistake.text));
        let mut tokens = [
            mark(':', Spacing::Joint),
            mark(':', Spacing::Alone),
            word("core"),
            mark(':', Spacing::Joint),
            mark(':', Spacing::Alone),
            word("compile_error"),
            mark('!', Spacing::Alone),
            TokenTree::Group(Group::new(Delimiter::Brace, text.into())),
        ];
        for token in &mut tokens {
            token.set_span(mistake.at);
        }
        tokens.into_iter().collect()
    }
}
