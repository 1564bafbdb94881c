//! What the module of a pull reader's states needs of the module around it.

use crate::emit::ctx::Ctx;
use crate::emit::module::{RUNTIME, imported};
use crate::emit::names::ident;
use crate::model::TypeId;
use proc_macro2::{Ident, TokenStream};
use quote::quote;
use std::collections::BTreeSet;

/// The names that the states use; `more` are types that are generated for the reader.
#[must_use]
pub fn imports(ctx: &Ctx<'_>, body: &TokenStream, more: &[(TypeId, String)]) -> TokenStream {
    let text = body.to_string();
    let types = own_types(ctx).into_iter().chain(more.iter().map(|(_, name)| name.clone()));
    let mut starts = BTreeSet::new();
    imported(body.clone(), &mut starts);
    let types = types.filter(|n| starts.contains(&ident(n).to_string()) && !text.contains(&format!("enum {n} ")));
    let runtime = RUNTIME.iter().chain(&["rule", "CString", "Box", "Vec", "String"]).map(|n| (*n).to_owned());
    let runtime = runtime.filter(|n| is_needed(&starts, &text, n));
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
fn is_needed(starts: &BTreeSet<String>, text: &str, name: &str) -> bool {
    match name {
        "Locate" => [". field (", ". index (", ". spec ("].iter().any(|call| text.contains(call)),
        "Wire" => text.contains(":: read_from (") || text.contains(":: SPEC"),
        "get" | "put" => text.contains(&format!("{name} :: <")),
        "expr" => text.contains("expr :: "),
        _ => starts.contains(name),
    }
}
