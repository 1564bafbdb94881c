//! What is written in the brackets of the macro. Tokens are read one by one, so that a mistake is told at the one that makes it.

use std::iter::Peekable;
use std::mem;

use proc_macro::{Delimiter, Ident, Span, TokenStream, TokenTree, token_stream};
use vmspec_codegen::diagnostic::did_you_mean;
use vmspec_codegen::emit::names::is_keyword;
use vmspec_codegen::{Derive, Gate, Options, RustPath};

use crate::mistake::Mistake;
use crate::written::Written;

const OPTIONS: &[&str] = &["mod", "vis", "derive", "serde", "arbitrary", "runtime"];

/// What was asked for.
pub struct Arguments {
    /// The path of the spec, as written.
    pub path: String,
    /// Where that stands.
    pub at: Span,
    /// What the module is to be called.
    pub module: Option<String>,
    /// How visible it is.
    pub vis: TokenStream,
    /// What it is to be like.
    pub options: Options,
    /// Where the types stand that are to derive something.
    pub types: Vec<(String, Span)>,
    /// The paths among the options.
    pub written: Written,
}

type Result<T> = std::result::Result<T, Mistake>;

/// Reads the path and the options behind it.
pub fn parse(input: TokenStream) -> Result<Arguments> {
    let mut tokens = Tokens::new(input, Span::call_site());
    let (path, at) = tokens.text("the path of a spec in quotes, such as \"specs/note.yaml\"")?;
    let (options, vis, types) = (Options::default(), TokenStream::new(), Vec::new());
    let mut arguments = Arguments { path, at, module: None, vis, options, types, written: Written::default() };
    let mut given = Vec::new();
    while tokens.comma()? {
        let Some(token) = tokens.next() else { break };
        let name = option_name(&token)?;
        if given.contains(&name) && name != "derive" {
            return Err(Mistake::new(token.span(), format!("`{name}` is given twice")));
        }
        arguments.option(&name, &mut tokens)?;
        given.push(name);
    }
    Ok(arguments)
}

fn option_name(token: &TokenTree) -> Result<String> {
    let name = token.to_string();
    if OPTIONS.contains(&name.as_str()) {
        return Ok(name);
    }
    let hint = did_you_mean(&name, OPTIONS.iter().copied());
    let hint = hint.unwrap_or_else(|| format!("the options are `{}`", OPTIONS.join("`, `")));
    Err(Mistake::new(token.span(), format!("there is no option `{name}`; {hint}")))
}

impl Arguments {
    fn option(&mut self, name: &str, tokens: &mut Tokens) -> Result<()> {
        match name {
            "mod" => self.module = Some(tokens.equals("mod = note")?.module()?),
            "vis" => self.vis = tokens.equals("vis = pub")?.visibility()?,
            "runtime" => {
                let tokens = tokens.equals("runtime = my_runtime")?;
                (self.options.runtime, self.written.runtime) = tokens.path("the path of the runtime")?;
            }
            "serde" => self.options.serde = tokens.gate()?,
            "arbitrary" => self.options.arbitrary = tokens.gate()?,
            _ => self.derive(tokens.brackets("derive(Hash)")?)?,
        }
        Ok(())
    }

    /// `Hash, Eq` or `Hash, Eq for Header, Entry`.
    fn derive(&mut self, mut tokens: Tokens) -> Result<()> {
        let mut derive = Derive { traits: Vec::new(), types: Vec::new() };
        loop {
            let (path, written) = tokens.path("a trait to derive")?;
            derive.traits.push(path);
            self.written.derives.push(written);
            if tokens.is_empty() || tokens.is_word("for") || !tokens.comma()? || tokens.is_empty() {
                break;
            }
        }
        if tokens.next().is_some() {
            loop {
                let name = tokens.name("the name of a type in Rust")?;
                derive.types.push(name.to_string());
                self.types.push((name.to_string(), name.span()));
                if !tokens.comma()? || tokens.is_empty() {
                    break;
                }
            }
        }
        self.options.derives.push(derive);
        Ok(())
    }
}

/// Tokens that are still to be read.
struct Tokens {
    rest: Peekable<token_stream::IntoIter>,
    /// The last one read, or what they stand in.
    last: Span,
    /// Those read of the path that is being read.
    path: Vec<TokenTree>,
}

impl Tokens {
    fn new(tokens: TokenStream, around: Span) -> Self {
        Self { rest: tokens.into_iter().peekable(), last: around, path: Vec::new() }
    }

    fn next(&mut self) -> Option<TokenTree> {
        let token = self.rest.next();
        self.last = token.as_ref().map_or(self.last, TokenTree::span);
        self.path.extend(token.clone());
        token
    }

    fn is_empty(&mut self) -> bool {
        self.rest.peek().is_none()
    }

    fn is_word(&mut self, word: &str) -> bool {
        matches!(self.rest.peek(), Some(TokenTree::Ident(name)) if name.to_string() == word)
    }

    fn is_mark(&mut self, mark: char) -> bool {
        matches!(self.rest.peek(), Some(TokenTree::Punct(punct)) if punct.as_char() == mark)
    }

    fn unexpected(&self, expected: &str, found: Option<&TokenTree>) -> Mistake {
        match found {
            Some(token) => Mistake::new(token.span(), format!("expected {expected}, found `{token}`")),
            None => Mistake::new(self.last, format!("expected {expected}")),
        }
    }

    /// A comma, or the end.
    fn comma(&mut self) -> Result<bool> {
        match self.next() {
            None => Ok(false),
            Some(TokenTree::Punct(comma)) if comma.as_char() == ',' => Ok(true),
            Some(other) => Err(self.unexpected("`,`", Some(&other))),
        }
    }

    fn equals(&mut self, example: &str) -> Result<&mut Self> {
        let token = self.next();
        match &token {
            Some(TokenTree::Punct(equals)) if equals.as_char() == '=' => Ok(self),
            other => Err(self.unexpected(&format!("`=`, as in `{example}`"), other.as_ref())),
        }
    }

    fn brackets(&mut self, example: &str) -> Result<Self> {
        let token = self.next();
        match &token {
            Some(TokenTree::Group(group)) if group.delimiter() == Delimiter::Parenthesis => {
                Ok(Self::new(group.stream(), group.span()))
            }
            other => Err(self.unexpected(&format!("round brackets, as in `{example}`"), other.as_ref())),
        }
    }

    fn name(&mut self, expected: &str) -> Result<Ident> {
        match self.next() {
            Some(TokenTree::Ident(name)) => Ok(name),
            other => Err(self.unexpected(expected, other.as_ref())),
        }
    }

    /// A name that is no keyword.
    fn module(&mut self) -> Result<String> {
        let expected = "the name of a module";
        let name = self.name(expected)?;
        let text = name.to_string();
        if is_keyword(&text) { Err(self.unexpected(expected, Some(&name.into()))) } else { Ok(text) }
    }

    /// A text without escapes. What a macro around this one was given stands in a group without delimiters.
    fn text(&mut self, expected: &str) -> Result<(String, Span)> {
        let token = match self.next() {
            Some(TokenTree::Group(group)) if group.delimiter() == Delimiter::None => group.stream().into_iter().next(),
            other => other,
        };
        let Some(TokenTree::Literal(literal)) = &token else { return Err(self.unexpected(expected, token.as_ref())) };
        let written = literal.to_string();
        let raw = written.strip_prefix('r').map(|raw| raw.trim_matches('#'));
        let inner = raw.unwrap_or(&written).strip_prefix('"').and_then(|text| text.strip_suffix('"'));
        match inner {
            Some(text) if raw.is_some() || !text.contains('\\') => Ok((text.to_owned(), literal.span())),
            Some(_) => Err(Mistake::new(literal.span(), "expected a text without `\\`; paths have `/`")),
            None => Err(self.unexpected(expected, token.as_ref())),
        }
    }

    /// Nothing, or a feature: `= "json"`.
    fn gate(&mut self) -> Result<Gate> {
        if !self.is_mark('=') {
            return Ok(Gate::Always);
        }
        self.next();
        self.text("the name of a feature in quotes").map(|(name, _)| Gate::Feature(name))
    }

    /// `pub`, with brackets or without.
    fn visibility(&mut self) -> Result<TokenStream> {
        let token = self.next();
        let Some(TokenTree::Ident(word)) = &token else { return Err(self.unexpected("a visibility", token.as_ref())) };
        if word.to_string() != "pub" {
            return Err(self.unexpected("a visibility such as `pub(crate)`", token.as_ref()));
        }
        let limit = matches!(self.rest.peek(), Some(TokenTree::Group(_))).then(|| self.next()).flatten();
        Ok(token.into_iter().chain(limit).collect())
    }

    /// Names with `::` between and perhaps in front, and their tokens.
    fn path(&mut self, expected: &str) -> Result<(RustPath, Vec<TokenTree>)> {
        let mut path = String::new();
        self.path.clear();
        loop {
            if self.is_mark(':') {
                self.colons()?;
                path.push_str("::");
            } else if !path.is_empty() {
                break;
            }
            let name = self.name(expected)?.to_string();
            if matches!(name.as_str(), "self" | "super") {
                return Err(Mistake::new(self.last, "expected a path from `crate::` or from a crate"));
            }
            path.push_str(&name);
        }
        match path.parse::<RustPath>() {
            Ok(path) => Ok((path, mem::take(&mut self.path))),
            Err(_) => Err(Mistake::new(self.last, format!("`{path}` has a name that is not in ASCII"))),
        }
    }

    fn colons(&mut self) -> Result<()> {
        self.next();
        match self.next() {
            Some(TokenTree::Punct(colon)) if colon.as_char() == ':' => Ok(()),
            other => Err(self.unexpected("`::`", other.as_ref())),
        }
    }
}
