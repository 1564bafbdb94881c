//! The module of a format: its items in spec order, its imports, its table of rules.

use super::ctx::Ctx;
use super::expr::{Env, Kind, Operand, Side};
use super::rules::{names_used, uses};
use super::{args, bits, docs, enums, flags, measure, state, structs, union};
use crate::model::{Body, Enum, Flags, Format, Keep, Repr, TypeId};
use proc_macro2::{Delimiter, Ident, Literal, Spacing, TokenStream, TokenTree};
use quote::{format_ident, quote};
use std::collections::BTreeSet;

/// What generated code may need of the runtime, by name.
pub const RUNTIME: &[&str] = &[
    "Blob",
    "ChecksumOutput",
    "Class",
    "Crc32",
    "Crc32c",
    "Cursor",
    "Endian",
    "EndianKind",
    "Error",
    "Fault",
    "Field",
    "Findings",
    "Found",
    "Guid",
    "Input",
    "Kept",
    "Locate",
    "Output",
    "Padding",
    "Place",
    "Reserved",
    "Result",
    "Rule",
    "Sink",
    "Source",
    "Sum32",
    "Sum8",
    "Text",
    "Utf16",
    "Uuid",
    "Wire",
    "Xor8",
    "Zeros",
    "append_bytes",
    "binrw",
    "crc32",
    "crc32c",
    "expr",
    "get",
    "get_f32",
    "get_f64",
    "get_i16",
    "get_i32",
    "get_i64",
    "get_i8",
    "get_u16",
    "get_u32",
    "get_u64",
    "get_u8",
    "impl_binrw",
    "len64",
    "padding_for",
    "parse_block",
    "put",
    "put_f32",
    "put_f64",
    "put_i16",
    "put_i32",
    "put_i64",
    "put_i8",
    "put_part",
    "put_u16",
    "put_u32",
    "put_u64",
    "put_u8",
    "sum32",
    "sum8",
    "xor8",
];

/// The tokens of a format's module.
#[must_use]
pub fn emit(format: &Format) -> TokenStream {
    let ctx = Ctx::new(format);
    let (choices, types) = (choices(&ctx), types(&ctx));
    let measuring = measuring(&ctx, &quote!(#choices #types));
    let (head, rules) = (head(&ctx), ctx.rule_table(&quote!(#types #measuring)));
    let consts = super::consts::emit(format);
    let given = (super::inputs::emit(&ctx), super::externs::emit(&ctx));
    let (inputs, externs) = given;
    let body = quote!(#head #consts #inputs #externs #choices #types #measuring #rules);
    let (doc, imports) = (docs::inner(&format.title, format.doc.as_deref(), &format.refs), imports(&body));
    let lints =
        quote!(#![allow(unexpected_cfgs, reason = "a crate may be without the features `serde` and `arbitrary`")]);
    let of_state = (!format.scopes.is_empty()).then(state_lints);
    let of_blocks = uses(&body, &format_ident!("put_into")).then(block_lints);
    let lints = quote!(#lints #of_state #of_blocks);
    super::literals::grouped(quote!(#doc #lints #imports #body))
}

/// Lints that blocks are written without regard to.
fn block_lints() -> TokenStream {
    quote! {
        #![allow(
            clippy::trivially_copy_pass_by_ref,
            clippy::unused_self,
            reason = "blocks are handed on as they lie and put alike, however little they hold"
        )]
    }
}

/// Lints that what looks state up is written without regard to: it is alike whatever is remembered, and how.
fn state_lints() -> TokenStream {
    quote! {
        #![allow(
            clippy::derivable_impls,
            clippy::if_not_else,
            clippy::needless_return,
            clippy::nonminimal_bool,
            clippy::redundant_slicing,
            reason = "what is remembered is looked up alike, whatever it is"
        )]
    }
}

/// The measuring functions that the other items call. One may need others, so that it goes on until no new one is asked for.
fn measuring(ctx: &Ctx<'_>, items: &TokenStream) -> TokenStream {
    let mut called = BTreeSet::new();
    super::ctx::names_in(items, &mut called);
    let mut asked = 0;
    loop {
        let all = (0..ctx.format.types.len()).map(|id| measure::requested(ctx, TypeId(id), &called));
        let more: TokenStream = all.collect();
        let now = more.to_string().len();
        if now == asked {
            return more;
        }
        asked = now;
        super::ctx::names_in(&more, &mut called);
    }
}

fn imports(body: &TokenStream) -> TokenStream {
    let text = body.to_string();
    let located = [". field (", ". index (", ". spec ("].iter().any(|call| text.contains(call));
    let mut names = BTreeSet::new();
    imported(body.clone(), &mut names);
    let is_needed = |name: &&&str| match **name {
        "Locate" => located,
        name @ ("get" | "put") => text.contains(&format!("{name} :: <")),
        "expr" => text.contains("expr :: "),
        name => names.contains(name),
    };
    let used: Vec<Ident> = RUNTIME.iter().filter(is_needed).map(|n| format_ident!("{n}")).collect();
    let alloc = [
        ("CString", quote!(alloc::ffi::CString)),
        ("Box", quote!(alloc::boxed::Box)),
        ("Vec", quote!(alloc::vec::Vec)),
        ("String", quote!(alloc::string::String)),
    ];
    let mut held = BTreeSet::new();
    names_used(body.clone(), &mut held);
    let alloc = alloc.into_iter().filter(|(n, _)| held.contains(*n)).map(|(_, path)| path);
    let alloc: Vec<_> = alloc.collect();
    let root = (!alloc.is_empty()).then(|| {
        quote!(
            extern crate alloc;
        )
    });
    quote!(#root #(use #alloc;)* use vmspec_runtime::{#(#used),*};)
}

/// The names that have to be imported, if the runtime has them. A variant of an enum may have the same one: it stands behind
/// `::`, or behind the attributes that document it.
pub fn imported(tokens: TokenStream, out: &mut BTreeSet<String>) {
    let mut own = false;
    for token in tokens {
        match &token {
            TokenTree::Ident(name) if !own => drop(out.insert(name.to_string())),
            TokenTree::Group(group) => imported(group.stream(), out),
            _ => {}
        }
        own = match &token {
            TokenTree::Punct(p) => p.as_char() == ':' && own || p.as_char() == ':' && p.spacing() == Spacing::Joint,
            TokenTree::Group(g) => g.delimiter() == Delimiter::Bracket,
            _ => false,
        };
    }
}

fn head(ctx: &Ctx<'_>) -> TokenStream {
    let (title, magics) = (&ctx.format.title, magics(ctx, ctx.format.root));
    let files = ctx.format.files.iter().enumerate().map(|(i, path)| {
        let name = super::wire::spec(i);
        let file = path.rsplit('/').next().unwrap_or(path);
        if i == 0 {
            quote!(#[doc = " The spec file."] pub const #name: &str = #file;)
        } else {
            quote!(const #name: &str = #file;)
        }
    });
    quote! {
        #(#files)*
        /// What the format is called.
        pub const TITLE: &str = #title;
        /// What a file of this format begins with; empty when nothing tells it.
        pub const MAGICS: &[&[u8]] = &[#(#magics),*];
    }
}

/// What a value of a type begins with, as byte strings.
#[must_use]
pub fn magics(ctx: &Ctx<'_>, id: TypeId) -> Vec<Literal> {
    ctx.format.magics(id).into_iter().map(Literal::byte_string).collect()
}

fn choices(ctx: &Ctx<'_>) -> TokenStream {
    let enums = ctx.format.enums.iter().map(|e| enums::emit(e, keeps_enum(ctx, e).as_ref()));
    let flags = ctx.format.flags.iter().map(|f| flags::emit(f, keeps_flags(ctx, f).as_ref()));
    quote!(#(#enums)* #(#flags)*)
}

fn keeps(ctx: &Ctx<'_>, keep: &Keep, signed: bool, bits: u32) -> Option<TokenStream> {
    let Keep::If(that) = keep else { return None };
    let repr = Operand::plain(quote!(repr), Kind::Int(signed, bits));
    Some(Env::new(ctx, TypeId(0), Side::Read).with_it(repr).condition(that))
}

fn keeps_enum(ctx: &Ctx<'_>, e: &Enum) -> Option<TokenStream> {
    let bits = u32::try_from(e.repr.size().saturating_mul(8)).unwrap_or(64);
    keeps(ctx, &e.unknown, matches!(e.repr, Repr::Int(_)), bits)
}

fn keeps_flags(ctx: &Ctx<'_>, f: &Flags) -> Option<TokenStream> {
    keeps(ctx, &f.unknown, false, f.bits)
}

/// Named types in spec order, each followed by the inline types in it.
fn types(ctx: &Ctx<'_>) -> TokenStream {
    let mut out = TokenStream::new();
    for id in order(ctx.format) {
        out.extend(one(ctx, id));
    }
    out
}

/// The order in which types are emitted.
#[must_use]
pub fn order(format: &Format) -> Vec<TypeId> {
    fn add(format: &Format, id: TypeId, out: &mut Vec<TypeId>) {
        out.push(id);
        let inner = (0..format.types.len()).map(TypeId).filter(|i| format.ty(*i).outer == Some(id));
        inner.for_each(|i| add(format, i, out));
    }
    let mut out = Vec::new();
    let named = (0..format.types.len()).map(TypeId).filter(|id| format.ty(*id).outer.is_none());
    named.for_each(|id| add(format, id, &mut out));
    out
}

fn one(ctx: &Ctx<'_>, id: TypeId) -> TokenStream {
    let body = match &ctx.ty(id).body {
        Body::Struct(s) => structs::emit(ctx, id, s),
        Body::Bits(b) => bits::emit(ctx, id, b),
        Body::Union(u) => union::emit(ctx, id, u),
    };
    let (args, state) = (args::emit(ctx, id), state::emit(ctx, id));
    let (asides, lazy) = (super::aside_len::emit(ctx, id), super::lazy::emit(ctx, id));
    quote!(#body #asides #lazy #args #state)
}
