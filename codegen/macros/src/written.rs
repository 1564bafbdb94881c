//! Paths as they were written: they stand so in the module too, with their places, so that the compiler tells there what is wrong
//! with them.

use proc_macro::{Group, TokenStream, TokenTree};

/// The paths among the options.
#[derive(Default)]
pub struct Written {
    /// Where the runtime is; empty when not given.
    pub runtime: Vec<TokenTree>,
    /// The traits to derive.
    pub derives: Vec<Vec<TokenTree>>,
}

impl Written {
    /// The module with the paths in it as they were written.
    pub fn put_into(&self, module: TokenStream) -> TokenStream {
        if self.runtime.is_empty() && self.derives.is_empty() { module } else { self.stream(module, false) }
    }

    fn stream(&self, tokens: TokenStream, in_derive: bool) -> TokenStream {
        let tokens: Vec<TokenTree> = tokens.into_iter().collect();
        let mut out = Vec::with_capacity(tokens.len());
        let (mut rest, mut behind_derive) = (tokens.as_slice(), false);
        while let [token, behind @ ..] = rest {
            if let Some((written, behind)) = self.path_at(rest, in_derive) {
                out.extend(written.iter().cloned());
                rest = behind;
                continue;
            }
            out.push(match token {
                TokenTree::Group(group) => TokenTree::Group(self.group(group, behind_derive)),
                other => other.clone(),
            });
            behind_derive = is_name(token, "derive");
            rest = behind;
        }
        out.into_iter().collect()
    }

    fn group(&self, group: &Group, in_derive: bool) -> Group {
        let mut put = Group::new(group.delimiter(), self.stream(group.stream(), in_derive));
        put.set_span(group.span());
        put
    }

    /// The path that starts here as it was written, and what stands behind it.
    fn path_at<'w, 't>(
        &'w self,
        tokens: &'t [TokenTree],
        in_derive: bool,
    ) -> Option<(&'w [TokenTree], &'t [TokenTree])> {
        if in_derive {
            let found = |written: &'w Vec<TokenTree>| Some((written.as_slice(), behind(tokens, written)?));
            return self.derives.iter().find_map(found);
        }
        let behind = behind(tokens, &self.runtime).filter(|_| !self.runtime.is_empty())?;
        is_colon(behind.first()).then_some((self.runtime.as_slice(), behind))
    }
}

/// What stands behind `written`, where `tokens` starts with it.
fn behind<'t>(tokens: &'t [TokenTree], written: &[TokenTree]) -> Option<&'t [TokenTree]> {
    let (start, behind) = tokens.split_at_checked(written.len())?;
    start.iter().zip(written).all(|(a, b)| is_same(a, b)).then_some(behind)
}

fn is_same(a: &TokenTree, b: &TokenTree) -> bool {
    match (a, b) {
        (TokenTree::Ident(_), TokenTree::Ident(name)) => is_name(a, &name.to_string()),
        (TokenTree::Punct(a), TokenTree::Punct(b)) => a.as_char() == b.as_char(),
        _ => false,
    }
}

fn is_name(token: &TokenTree, name: &str) -> bool {
    matches!(token, TokenTree::Ident(word) if word.to_string() == name)
}

fn is_colon(token: Option<&TokenTree>) -> bool {
    matches!(token, Some(TokenTree::Punct(colon)) if colon.as_char() == ':')
}
