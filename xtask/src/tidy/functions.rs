//! Rules about functions: how long, and how many parameters.

use proc_macro2::Span;
use syn::visit::{self, Visit};
use syn::{Block, FnArg, ImplItemFn, ItemFn, ItemImpl, Signature, TraitItemFn};

use super::{Breach, TextFile};

const MAX_LINES: usize = 60;
const MAX_PARAMS: usize = 5;

/// The breaches of one file; none where it is not Rust that a person wrote.
pub fn breaches(file: &TextFile) -> Vec<Breach> {
    if !file.is_rust() || file.is_generated() {
        return Vec::new();
    }
    let parsed = match syn::parse_file(&file.text) {
        Ok(parsed) => parsed,
        Err(e) => {
            return vec![Breach::new(&file.path, e.span().start().line, e.to_string())];
        }
    };
    let mut found = Functions { file, breaches: Vec::new() };
    found.visit_file(&parsed);
    found.breaches
}

struct Functions<'a> {
    file: &'a TextFile,
    breaches: Vec<Breach>,
}

impl Functions<'_> {
    fn length(&mut self, signature: &Signature, body: &Block) {
        let start = signature.fn_token.span.start().line;
        let end = body.brace_token.span.close().end().line;
        let lines = end.saturating_sub(start).saturating_add(1);
        if lines > MAX_LINES {
            let what = format!("`{}` has {lines} lines; at most {MAX_LINES}", signature.ident);
            self.breach(signature.fn_token.span, what);
        }
    }

    fn params(&mut self, signature: &Signature) {
        let name = &signature.ident;
        let is_typed = |arg: &&FnArg| matches!(arg, FnArg::Typed(_));
        let count = signature.inputs.iter().filter(is_typed).count();
        if count > MAX_PARAMS {
            let what = format!("`{name}` has {count} parameters; at most {MAX_PARAMS}");
            self.breach(signature.fn_token.span, what);
        }
    }

    fn breach(&mut self, at: Span, what: String) {
        let line = at.start().line;
        self.breaches.push(Breach::new(&self.file.path, line, what));
    }
}

impl<'ast> Visit<'ast> for Functions<'_> {
    fn visit_item_fn(&mut self, item: &'ast ItemFn) {
        self.length(&item.sig, &item.block);
        self.params(&item.sig);
        visit::visit_item_fn(self, item);
    }

    fn visit_impl_item_fn(&mut self, item: &'ast ImplItemFn) {
        self.length(&item.sig, &item.block);
        visit::visit_impl_item_fn(self, item);
    }

    fn visit_trait_item_fn(&mut self, item: &'ast TraitItemFn) {
        if let Some(body) = &item.default {
            self.length(&item.sig, body);
        }
        self.params(&item.sig);
        visit::visit_trait_item_fn(self, item);
    }

    /// The parameters of a trait's functions are the trait's business.
    fn visit_item_impl(&mut self, item: &'ast ItemImpl) {
        if item.trait_.is_none() {
            let functions = item.items.iter().filter_map(|item| match item {
                syn::ImplItem::Fn(function) => Some(&function.sig),
                _ => None,
            });
            functions.for_each(|signature| self.params(signature));
        }
        visit::visit_item_impl(self, item);
    }
}

#[cfg(test)]
mod tests {
    use super::{TextFile, breaches};

    fn count(text: &str) -> usize {
        let (path, text) = ("a.rs".into(), text.into());
        breaches(&TextFile { path, text }).len()
    }

    #[test]
    fn functions_are_short() {
        let body = "\n".repeat(58);
        assert_eq!(count(&format!("fn f() {{{body}\n}}")), 0);
        assert_eq!(count(&format!("fn f() {{{body}\n\n}}")), 1);
        assert_eq!(count(&format!("impl A {{ fn f() {{{body}\n\n}} }}")), 1);
        assert_eq!(count(&format!("impl A for B {{ fn f() {{{body}\n\n}} }}")), 1);
        assert_eq!(count(&format!("trait A {{ fn f() {{{body}\n\n}} }}")), 1);
    }

    #[test]
    fn parameters_are_few() {
        assert_eq!(count("fn f(a: A, b: A, c: A, d: A, e: A) {}"), 0);
        assert_eq!(count("fn f(a: A, b: A, c: A, d: A, e: A, f: A) {}"), 1);
        let six = "fn f(self, a: A, b: A, c: A, d: A, e: A, f: A) {}";
        assert_eq!(count(&format!("impl A {{ {six} }}")), 1);
        assert_eq!(count(&format!("impl A for B {{ {six} }}")), 0);
    }

    #[test]
    fn generated_files_are_left_alone() {
        let head = crate::tree::GENERATED;
        assert_eq!(count(&format!("{head}\nnot Rust")), 0);
    }
}
