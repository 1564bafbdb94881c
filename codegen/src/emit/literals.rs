//! Long numbers get their digits in groups, wherever they were made.

use proc_macro2::{Group, Literal, TokenStream, TokenTree};

/// The same tokens with every decimal number of six digits or more in groups of three.
#[must_use]
pub fn grouped(tokens: TokenStream) -> TokenStream {
    tokens.into_iter().map(tree).collect()
}

fn tree(token: TokenTree) -> TokenTree {
    match token {
        TokenTree::Group(group) => {
            let mut new = Group::new(group.delimiter(), grouped(group.stream()));
            new.set_span(group.span());
            TokenTree::Group(new)
        }
        TokenTree::Literal(literal) => TokenTree::Literal(number(literal)),
        other => other,
    }
}

fn number(literal: Literal) -> Literal {
    let text = literal.to_string();
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let (number, suffix) = text.split_at(digits);
    if digits == 0
        || text.starts_with("0x")
        || !matches!(suffix, "" | "u8" | "u16" | "u32" | "u64" | "usize" | "i64" | "i128")
    {
        return literal;
    }
    let long = digits > 5;
    let mut out = String::new();
    for (i, digit) in number.chars().enumerate() {
        if long && i > 0 && digits.saturating_sub(i) % 3 == 0 {
            out.push('_');
        }
        out.push(digit);
    }
    if !suffix.is_empty() {
        out.push('_');
    }
    out.push_str(suffix);
    out.parse().unwrap_or(literal)
}
