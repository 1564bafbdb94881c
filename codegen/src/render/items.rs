//! Tokens to items, one by one, so that a mistake can be placed.

use proc_macro2::TokenStream;
use quote::ToTokens;
use syn::parse::ParseStream;
use syn::{Attribute, Item};

use super::Refused;

/// How much of what is not understood is shown.
const SHOWN: usize = 120;

/// Inner attributes and items of a file.
pub(super) type Parsed = (Vec<Attribute>, Vec<Item>);

/// Parses a file; the outer result is always `Ok`, with all tokens used up.
pub(super) fn parse(input: ParseStream<'_>) -> syn::Result<Result<Parsed, Refused>> {
    let mut items: Vec<Item> = Vec::new();
    let attrs = match input.call(Attribute::parse_inner) {
        Ok(attrs) => attrs,
        Err(error) => return refuse(input, &error, &items, String::new()),
    };
    while !input.is_empty() {
        let start = input.cursor();
        match input.parse() {
            Ok(item) => items.push(item),
            Err(error) => return refuse(input, &error, &items, shown(&start.token_stream())),
        }
    }
    Ok(Ok((attrs, items)))
}

fn refuse(
    input: ParseStream<'_>,
    error: &syn::Error,
    items: &[Item],
    tokens: String,
) -> syn::Result<Result<Parsed, Refused>> {
    let _: TokenStream = input.parse()?;
    Ok(Err(Refused { reason: error.to_string(), after: items.last().and_then(name), tokens }))
}

fn shown(tokens: &TokenStream) -> String {
    let text = tokens.to_string();
    let mut start: String = text.chars().take(SHOWN).collect();
    if start.len() < text.len() {
        start.push('…');
    }
    start
}

/// What an item is and what it is called.
fn name(item: &Item) -> Option<String> {
    Some(match item {
        Item::Const(item) => format!("const {}", item.ident),
        Item::Enum(item) => format!("enum {}", item.ident),
        Item::Fn(item) => format!("fn {}", item.sig.ident),
        Item::Impl(item) => format!("impl {}", item.self_ty.to_token_stream()),
        Item::Mod(item) => format!("mod {}", item.ident),
        Item::Static(item) => format!("static {}", item.ident),
        Item::Struct(item) => format!("struct {}", item.ident),
        Item::Trait(item) => format!("trait {}", item.ident),
        Item::Type(item) => format!("type {}", item.ident),
        Item::Use(_) => "use".to_owned(),
        Item::Macro(item) => item.mac.path.to_token_stream().to_string() + "!",
        _ => return None,
    })
}
