//! A module as the crate that gets it wants it: the runtime by the name it has there, and what else types derive. The other
//! emitters write for a crate that has the features `serde` and `arbitrary`.

use super::ctx::names_in;
use crate::options::{Gate, Options, RustPath};
use proc_macro2::{Delimiter, Group, Literal, TokenStream, TokenTree};
use quote::quote;
use std::collections::BTreeSet;

/// The tokens of a module, with what was chosen.
#[must_use]
pub fn adapt(tokens: TokenStream, options: &Options) -> TokenStream {
    if *options == Options::with_features() {
        return tokens;
    }
    Adapter { options, runtime: options.runtime.tokens() }.stream(tokens)
}

struct Adapter<'a> {
    options: &'a Options,
    runtime: TokenStream,
}

/// The attributes of an item, as far as they have been seen.
#[derive(Default)]
struct Attributes {
    derived: BTreeSet<String>,
    /// Whether the item is a type of the format: those are what serde can have.
    of_format: bool,
}

impl Adapter<'_> {
    fn stream(&self, tokens: TokenStream) -> TokenStream {
        let tokens: Vec<TokenTree> = tokens.into_iter().collect();
        let (mut out, mut seen) = (TokenStream::new(), Attributes::default());
        let mut rest = tokens.as_slice();
        while let [token, behind @ ..] = rest {
            if let (Some(attribute), [_, item @ ..]) = (attribute(token, behind), behind) {
                seen.note(attribute);
                out.extend(self.attribute(attribute));
                rest = item;
                continue;
            }
            if seen.of_format {
                out.extend(self.derives(&seen.derived, rest));
            }
            seen = Attributes::default();
            out.extend(self.token(token));
            rest = behind;
        }
        out
    }

    fn token(&self, token: &TokenTree) -> TokenStream {
        match token {
            TokenTree::Ident(name) if name == RustPath::RUNTIME => self.runtime.clone(),
            TokenTree::Literal(literal) => TokenTree::Literal(self.literal(literal)).into(),
            TokenTree::Group(group) => {
                TokenTree::Group(Group::new(group.delimiter(), self.stream(group.stream()))).into()
            }
            other => other.clone().into(),
        }
    }

    /// Texts name the runtime too, for serde and for links of documentation.
    fn literal(&self, literal: &Literal) -> Literal {
        let (text, named) = (literal.to_string(), format!("{}::", RustPath::RUNTIME));
        if text.contains(&named) {
            text.replace(&named, &format!("{}::", self.options.runtime)).parse().unwrap_or_else(|_| literal.clone())
        } else {
            literal.clone()
        }
    }

    /// An attribute without its feature, or with another one, or none.
    fn attribute(&self, attribute: &Group) -> TokenStream {
        let Some((word, name, rest)) = feature(attribute) else {
            let inner = self.stream(attribute.stream());
            return quote!(#[#inner]);
        };
        let gate = if name == "serde" { &self.options.serde } else { &self.options.arbitrary };
        let rest = self.stream(rest);
        match (word, gate) {
            (Word::Cfg, Gate::Never) => quote!(#[cfg(false)]),
            (Word::CfgAttr, Gate::Never) | (Word::Cfg, Gate::Always) => TokenStream::new(),
            (Word::CfgAttr, Gate::Always) => parts(rest).into_iter().map(|attribute| quote!(#[#attribute])).collect(),
            (Word::Cfg, Gate::Feature(name)) => quote!(#[cfg(feature = #name)]),
            (Word::CfgAttr, Gate::Feature(name)) => quote!(#[cfg_attr(feature = #name, #rest)]),
        }
    }

    /// What the type at the start of `item` is to derive and does not.
    fn derives(&self, derived: &BTreeSet<String>, item: &[TokenTree]) -> TokenStream {
        let Some(name) = type_name(item) else { return TokenStream::new() };
        let asked = self.options.derives.iter().filter(|d| d.types.is_empty() || d.types.contains(&name));
        let (mut derived, mut more) = (derived.clone(), Vec::new());
        for path in asked.flat_map(|d| &d.traits) {
            if derived.insert(path.last().to_owned()) {
                more.push(path.tokens());
            }
        }
        if more.is_empty() { TokenStream::new() } else { quote!(#[derive(#(#more),*)]) }
    }
}

impl Attributes {
    fn note(&mut self, attribute: &Group) {
        let tokens: Vec<TokenTree> = attribute.stream().into_iter().collect();
        if matches!(tokens.as_slice(), [TokenTree::Ident(word), TokenTree::Group(_)] if word == "derive") {
            names_in(&attribute.stream(), &mut self.derived);
        }
        if let Some((Word::CfgAttr, name, rest)) = feature(attribute) {
            let first = rest.into_iter().next();
            self.of_format |= name == "serde" && first.is_some_and(|token| token.to_string() == "derive");
        }
    }
}

/// What stands in the brackets of an attribute that starts here.
fn attribute<'t>(token: &TokenTree, behind: &'t [TokenTree]) -> Option<&'t Group> {
    match (token, behind) {
        (TokenTree::Punct(hash), [TokenTree::Group(group), ..])
            if hash.as_char() == '#' && group.delimiter() == Delimiter::Bracket =>
        {
            Some(group)
        }
        _ => None,
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Word {
    Cfg,
    CfgAttr,
}

/// What an attribute does with a feature of the emitters: its word, the feature, what stands behind that.
fn feature(attribute: &Group) -> Option<(Word, &'static str, TokenStream)> {
    let tokens: Vec<TokenTree> = attribute.stream().into_iter().collect();
    let [TokenTree::Ident(word), TokenTree::Group(args)] = tokens.as_slice() else { return None };
    let word = match word.to_string().as_str() {
        "cfg" => Word::Cfg,
        "cfg_attr" => Word::CfgAttr,
        _ => return None,
    };
    let args: Vec<TokenTree> = args.stream().into_iter().collect();
    let [TokenTree::Ident(key), TokenTree::Punct(_), TokenTree::Literal(name), rest @ ..] = args.as_slice() else {
        return None;
    };
    let name = match name.to_string().as_str() {
        "\"serde\"" if key == "feature" => "serde",
        "\"arbitrary\"" if key == "feature" => "arbitrary",
        _ => return None,
    };
    Some((word, name, rest.iter().skip(1).cloned().collect()))
}

/// What commas part.
fn parts(tokens: TokenStream) -> Vec<TokenStream> {
    let mut parts = vec![TokenStream::new()];
    for token in tokens {
        if matches!(&token, TokenTree::Punct(comma) if comma.as_char() == ',') {
            parts.push(TokenStream::new());
        } else if let Some(last) = parts.last_mut() {
            last.extend([token]);
        }
    }
    parts.retain(|part| !part.is_empty());
    parts
}

/// `Header` of `pub struct Header`.
fn type_name(item: &[TokenTree]) -> Option<String> {
    let mut words = item.iter().map_while(|token| match token {
        TokenTree::Ident(word) => Some(word.to_string()),
        _ => None,
    });
    words.find(|word| word == "struct" || word == "enum")?;
    words.next()
}

#[cfg(test)]
mod tests {
    use super::adapt;
    use crate::options::{Derive, Gate, Options, RustPath};
    use proc_macro2::TokenStream;
    use quote::quote;

    fn emitted() -> TokenStream {
        quote! {
            use vmspec_runtime::Wire;
            #[derive(Clone, PartialEq)]
            #[cfg_attr(feature = "serde", derive(serde::Serialize), serde(transparent))]
            #[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]
            #[derive(Copy)]
            pub struct Header {
                #[cfg_attr(feature = "serde", serde(serialize_with = "vmspec_runtime::serde::hex"))]
                pub size: u8,
            }
            #[derive(Clone)]
            pub struct HeaderView;
            #[cfg(feature = "arbitrary")]
            impl arbitrary::Arbitrary for Header {}
        }
    }

    fn adapted(options: &Options) -> String {
        adapt(emitted(), options).to_string()
    }

    fn path(text: &str) -> RustPath {
        text.parse().unwrap_or_default()
    }

    #[test]
    fn by_itself_a_type_derives_nothing_more() {
        let expected = quote! {
            use vmspec_runtime::Wire;
            #[derive(Clone, PartialEq)]
            #[derive(Copy)]
            pub struct Header { pub size: u8, }
            #[derive(Clone)]
            pub struct HeaderView;
            #[cfg(false)]
            impl arbitrary::Arbitrary for Header {}
        };
        assert_eq!(adapted(&Options::default()), expected.to_string());
        assert_eq!(adapted(&Options::with_features()), emitted().to_string());
    }

    #[test]
    fn the_runtime_and_features_go_by_other_names() {
        let options = Options {
            runtime: path("crate::rt"),
            serde: Gate::Always,
            arbitrary: Gate::Feature("fuzz".to_owned()),
            derives: Vec::new(),
        };
        let expected = quote! {
            use crate::rt::Wire;
            #[derive(Clone, PartialEq)]
            #[derive(serde::Serialize)]
            #[serde(transparent)]
            #[cfg_attr(feature = "fuzz", derive(arbitrary::Arbitrary))]
            #[derive(Copy)]
            pub struct Header { #[serde(serialize_with = "crate::rt::serde::hex")] pub size: u8, }
            #[derive(Clone)]
            pub struct HeaderView;
            #[cfg(feature = "fuzz")]
            impl arbitrary::Arbitrary for Header {}
        };
        assert_eq!(adapted(&options), expected.to_string());
    }

    #[test]
    fn types_of_the_format_derive_what_they_do_not_yet() {
        let derive = |traits: &[&str], types: &[&str]| Derive {
            traits: traits.iter().map(|name| path(name)).collect(),
            types: types.iter().map(|&name| name.to_owned()).collect(),
        };
        let other = derive(&["Default"], &["Other"]);
        let derives = vec![derive(&["Copy", "std::hash::Hash"], &[]), derive(&["Eq", "Hash"], &["Header"]), other];
        let text = adapted(&Options { derives, ..Options::default() });
        let head = quote!(#[derive(Copy)] #[derive(std::hash::Hash, Eq)] pub struct Header).to_string();
        assert!(text.contains(&head), "{text}");
        assert!(text.contains(&quote!(#[derive(Clone)] pub struct HeaderView).to_string()), "{text}");
    }
}
