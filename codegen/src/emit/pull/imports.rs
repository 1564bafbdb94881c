//! What the module of a pull reader's states needs of the module around it.

use crate::emit::ctx::Ctx;
use crate::emit::module::RUNTIME;
use crate::emit::names::ident;
use crate::model::TypeId;
use proc_macro2::{Ident, Spacing, TokenStream, TokenTree};
use quote::quote;
use std::collections::BTreeSet;

/// The names that the states use; `more` are types that are generated for the reader.
#[must_use]
pub fn imports(ctx: &Ctx<'_>, body: &TokenStream, more: &[(TypeId, String)]) -> TokenStream {
    let text = body.to_string();
    let types = own_types(ctx).into_iter().chain(more.iter().map(|(_, name)| name.clone()));
    let types = types.filter(|n| starts_path(body, &ident(n)) && !text.contains(&format!("enum {n} ")));
    let runtime = RUNTIME.iter().chain(&["rule", "CString", "Box", "Vec", "String"]).map(|n| (*n).to_owned());
    let runtime = runtime.filter(|n| is_needed(body, &text, n));
    let used: BTreeSet<Ident> = types.chain(runtime).map(|n| ident(&n)).collect();
    let used = used.iter();
    quote!(use super::{#(#used),*};)
}

/// The types of a format, and what is generated beside them.
fn own_types(ctx: &Ctx<'_>) -> Vec<String> {
    let format = ctx.format;
    let beside = |rust: &String| ["", "Args", "Driven", "Wire"].map(|suffix| format!("{rust}{suffix}"));
    let mut out: Vec<String> = format.types.iter().flat_map(|t| beside(&t.rust)).collect();
    out.extend(format.enums.iter().map(|e| e.rust.clone()));
    out.extend(format.flags.iter().map(|f| f.rust.clone()));
    out.extend(["Inputs", "Externs", "NoExterns"].map(str::to_owned));
    for scope in &format.scopes {
        out.push(scope.rust.clone());
        out.extend(scope.cells.iter().filter_map(|c| c.row().map(str::to_owned)));
    }
    out
}

/// Whether a name that is no type of the format is needed: by itself, or as the trait of a method.
fn is_needed(body: &TokenStream, text: &str, name: &str) -> bool {
    match name {
        "Locate" => [". field (", ". index (", ". spec ("].iter().any(|call| text.contains(call)),
        "Wire" => text.contains(":: read_from (") || text.contains(":: SPEC"),
        "get" | "put" => text.contains(&format!("{name} :: <")),
        "expr" => text.contains("expr :: "),
        _ => starts_path(body, &ident(name)),
    }
}

/// Whether a name stands by itself or at the start of a path: behind `::` it is a variant or function of something else.
fn starts_path(tokens: &TokenStream, name: &Ident) -> bool {
    let mut inside = false;
    tokens.clone().into_iter().any(|token| {
        let found = match &token {
            TokenTree::Ident(i) => i == name && !inside,
            TokenTree::Group(g) => starts_path(&g.stream(), name),
            _ => false,
        };
        // The second colon of `::` is alone, and so is that behind a member; only the first of two is joint.
        inside = match &token {
            TokenTree::Punct(p) if p.as_char() == ':' => p.spacing() == Spacing::Joint || inside,
            _ => false,
        };
        found
    })
}
