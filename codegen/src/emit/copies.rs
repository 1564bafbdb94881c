//! Fields that stand in several places: where these are, and what reads and writes them.

use super::args;
use super::ctx::RuleEntry;
use super::docs;
use super::expr::{Env, Kind, Mode, Operand};
use super::names::{ident, shouty};
use super::read_field::{Part, held_args, passed_order};
use super::rust_type::of_type;
use super::scalar::rule_name;
use crate::model::{Class, Content, Copies, Expr, Field, Policy, Struct, TypeId};
use proc_macro2::{Ident, Literal, TokenStream};
use quote::{format_ident, quote};

/// The type of a member with copies.
#[must_use]
pub fn member(of: &TokenStream, copies: &Copies) -> TokenStream {
    let n = Literal::usize_unsuffixed(copies.at.len());
    quote!(vmspec_runtime::Copies<#of, #n>)
}

/// Constants that say where the copies of fields are.
#[must_use]
pub fn constants(s: &Struct) -> TokenStream {
    let all = s.fields.iter().filter_map(|f| {
        let copies = f.copies.as_ref()?;
        let (name, n) = (constant(f), Literal::usize_unsuffixed(copies.at.len()));
        let at = copies.at.iter().map(|at| number(*at));
        let size = number(copies.size);
        let between = if copies.gap == Policy::Keep { quote!(Keep) } else { quote!(Zero) };
        let doc = docs::markdown_line(&format!("Where the copies of `{}` are.", f.name));
        Some(quote! {
            #doc
            pub const #name: vmspec_runtime::CopyPlaces<#n> =
                vmspec_runtime::CopyPlaces::new([#(#at),*], #size, vmspec_runtime::Between::#between);
        })
    });
    quote!(#(#all)*)
}

fn number(n: u64) -> TokenStream {
    super::enum_repr::number(i128::from(n), "")
}

fn constant(f: &Field) -> Ident {
    format_ident!("COPIES_OF_{}", shouty(&f.rust))
}

/// The constant of a field, from anywhere in the module.
fn places(env: &Env<'_>, f: &Field) -> TokenStream {
    let (ty, name) = (ident(&env.ctx.ty(env.ty).rust), constant(f));
    quote!(#ty::#name)
}

/// What a field's docs say of its copies.
#[must_use]
pub fn doc(f: &Field) -> TokenStream {
    let Some(copies) = &f.copies else { return TokenStream::new() };
    let at: Vec<_> = copies.at.iter().map(|at| format!("{at:#x}")).collect();
    let chosen = match &copies.newest {
        Some(e) => format!("the valid one with the greatest {} counts", docs::code(&e.text)),
        None => "the first valid one counts".to_owned(),
    };
    let text = docs::markdown_line(&format!("Copies stand at {}; {chosen}.", at.join(", ")));
    quote!(#[doc = ""] #text)
}

/// Reads all copies of a field.
#[must_use]
pub fn read(part: &Part<'_>, copies: &Copies) -> TokenStream {
    let Content::Type { id, args } = &part.field.content else { return TokenStream::new() };
    let (before, args) = held_args(part, *id, args);
    let (tail, order) = (&part.tail, passed_order(part.env, *id));
    let (places, newest) = (places(part.env, part.field), newest(part.env, *id, copies));
    let ty = of_type(part.env.ctx, *id, true);
    let value = quote!(src.copies::<#ty, _>(&#places, (#order, #args), #newest) #tail);
    if before.is_empty() { value } else { quote!({ #(#before)* #value }) }
}

/// Writes all copies of a field that is there.
#[must_use]
pub fn write(env: &Env<'_>, field: &Field, copies: &Copies, value: &TokenStream, tail: &TokenStream) -> TokenStream {
    let Content::Type { id, args } = &field.content else { return TokenStream::new() };
    let (before, args) = args::build(env, *id, args);
    let before = before.iter().map(|b| quote!(#b #tail;));
    let (places, newest, order) = (places(env, field), newest(env, *id, copies), passed_order(env, *id));
    let value = if field.is_optional() { value.clone() } else { quote!(&#value) };
    quote!(#(#before)* sink.copies(#value, &#places, (#order, #args), #newest) #tail;)
}

/// How new a copy is, as a function of it.
fn newest(env: &Env<'_>, id: TypeId, copies: &Copies) -> TokenStream {
    let Some(e) = &copies.newest else { return quote!(None) };
    let (ty, number) = (of_type(env.ctx, id, true), newness(env, id, e));
    quote!(Some(|it: &#ty| #number))
}

fn newness(env: &Env<'_>, id: TypeId, e: &Expr) -> TokenStream {
    let env = env.with_it(Operand::plain(quote!(it), Kind::Value(id)));
    let operand = env.number(env.emit(e));
    if operand.mode == Mode::Plain {
        let wide = env.to(&operand, true, 128);
        quote!(Some(#wide))
    } else {
        env.tried(&operand)
    }
}

/// The size of all copies and of what lies between them.
#[must_use]
pub fn size(copies: &Copies) -> TokenStream {
    let n = Literal::u64_unsuffixed(copies.span());
    quote!(#n)
}

/// Findings of copies: each that is not valid, then those of what the current copy holds.
#[must_use]
pub fn findings(env: &Env<'_>, field: &Field, value: (&TokenStream, &TokenStream)) -> TokenStream {
    let ((value, at), Content::Type { id, args }) = (value, &field.content) else { return TokenStream::new() };
    let (label, places, rule) = (&field.name, places(env, field), not_valid(env, field));
    let copies = if field.is_optional() { value.clone() } else { quote!(&#value) };
    let (given, args) = super::findings::given(env, *id, args);
    let inner = env
        .ctx
        .has_findings(*id)
        .then(|| quote!(#given #value.check_into(#places.place(#at, #value.index()), #args, findings);));
    quote! {
        findings.within(#label, |findings| {
            findings.copies(#copies, &#places, &#rule, #at);
            #inner
        });
    }
}

fn not_valid(env: &Env<'_>, field: &Field) -> TokenStream {
    env.ctx.rule(&RuleEntry {
        name: rule_name(env.ctx.ty(env.ty), &field.rust, "COPY"),
        field: "",
        site: field.site,
        class: Class::Note,
        expected: "a valid copy",
        say: None,
    })
}

/// Where the copies of a field are, behind its row in its type's table.
#[must_use]
pub fn row(f: &Field) -> Option<TokenStream> {
    let at = f.copies.as_ref()?.at.iter().map(|at| Literal::u64_unsuffixed(*at));
    Some(quote!(.copies(&[#(#at),*])))
}
