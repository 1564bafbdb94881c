//! Lists that are not held: where they lie is read, and each element when it is asked for.

use super::ctx::{Ctx, line};
use super::decode;
use super::docs;
use super::expr::Env;
use super::names::ident;
use super::read_field::{Part, size};
use super::rules::uses;
use super::rust_type::{self, local};
use super::scalar::{Block, Raise};
use super::write::common_params;
use crate::model::{Content, Field, Lazy, TypeId};
use crate::resolve::content_size;
use proc_macro2::{Literal, TokenStream};
use quote::{format_ident, quote};

/// Where a list lies.
#[must_use]
pub fn read(part: &Part<'_>, lazy: &Lazy) -> TokenStream {
    let (count, tail) = (size(part, &lazy.count), &part.tail);
    let one = element_size(part.env.ctx, lazy);
    quote!(src.blob((#count).saturating_mul(#one)) #tail)
}

/// The size of an element.
#[must_use]
pub fn element_size(ctx: &Ctx<'_>, lazy: &Lazy) -> TokenStream {
    let n = Literal::u64_unsuffixed(content_size(ctx.format, &lazy.element).fixed().unwrap_or(1));
    quote!(#n)
}

/// What counts and reads the elements of a struct's lists that are not held.
#[must_use]
pub fn emit(ctx: &Ctx<'_>, id: TypeId) -> TokenStream {
    let fields = crate::resolve::fields(&ctx.ty(id).body).into_iter();
    let lists = fields.filter_map(|f| if let Content::Lazy(lazy) = &f.content { Some((f, &**lazy)) } else { None });
    let all: Vec<_> = lists.map(|(field, lazy)| list(ctx, id, field, lazy)).collect();
    if all.is_empty() {
        return TokenStream::new();
    }
    let name = ident(&ctx.ty(id).rust);
    quote!(impl #name { #(#all)* })
}

fn list(ctx: &Ctx<'_>, id: TypeId, field: &Field, lazy: &Lazy) -> TokenStream {
    let (count, one) = (format_ident!("count_of_{}", field.rust), element_size(ctx, lazy));
    let (member, label, at) = (ident(&field.rust), &field.name, line(field.site));
    let len = if field.is_optional() {
        quote!(self.#member.as_ref().map_or(0, Blob::wire_len))
    } else {
        quote!(self.#member.wire_len())
    };
    let blob =
        if field.is_optional() { quote!(self.#member.as_ref().unwrap_or(&Blob::EMPTY)) } else { quote!(self.#member) };
    let (element, each) = (format_ident!("element_of_{}", field.rust), format_ident!("each_of_{}", field.rust));
    let (order, params, decode) = decoder(ctx, id, field, lazy);
    let of = element_ty(ctx, field, lazy);
    let elements = if one.to_string() == "1" { len } else { quote!(#len / #one) };
    let params = super::structs::rename_unused(&params, &quote!(#order #decode));
    let [counts, reads, goes_over] = words(label);
    quote! {
        #counts
        #[must_use]
        pub fn #count(&self) -> u64 { #elements }
        #reads
        ///
        /// # Errors
        /// When the element breaks a rule, or the source fails.
        pub fn #element<S: binrw::io::Read + binrw::io::Seek>(&self, source: &mut S, index: u64, #params) -> Result<Option<#of>> {
            #order
            #blob.element(source, index, #decode).field(#label, #at)
        }
        #goes_over
        ///
        /// # Errors
        /// When an element breaks a rule, or the source fails; and those of `each`.
        pub fn #each<S: binrw::io::Read + binrw::io::Seek>(
            &self, source: &mut S, each: impl FnMut(u64, #of) -> Result<()>, #params
        ) -> Result<()> {
            #order
            #blob.elements(source, #decode, each).field(#label, #at)
        }
    }
}

fn words(label: &str) -> [TokenStream; 3] {
    let name = docs::code(label);
    [
        format!("The number of elements of {name}."),
        format!("An element of {name}, if there is one of this index. `source` is what the value was read from."),
        format!("Goes over all elements of {name}, with their indices. `source` is what the value was read from."),
    ]
    .map(|text| docs::markdown_line(&text))
}

fn element_ty(ctx: &Ctx<'_>, field: &Field, lazy: &Lazy) -> TokenStream {
    let single = Field { content: lazy.element.clone(), ..field.clone() };
    rust_type::element(ctx, &single, true)
}

/// Statements that come first, params, and what makes an element of its bytes.
fn decoder(ctx: &Ctx<'_>, id: TypeId, field: &Field, lazy: &Lazy) -> (TokenStream, TokenStream, TokenStream) {
    let (fixed, env) = fixed(ctx, id, lazy);
    let body = match &lazy.element {
        Content::Type { id: of, args } => {
            let ty = rust_type::of_type(ctx, *of, true);
            let (before, args) = super::args::build(&env, *of, args);
            let before = before.iter().map(|b| quote!(#b?;));
            let more = decode::from_bytes_args(ctx, *of, &args);
            quote!(#(#before)* #ty::from_bytes(b #more).map_err(|f| f.at(at)))
        }
        Content::Scalar(scalar) => {
            let (name, single) = (local(&field.rust), Field { name: String::new(), ..field.clone() });
            let block = Block { env: &env, array: quote!(b), raise: Raise::At(quote!(at)) };
            let statements = block.decode(&single, *scalar, 0, &name);
            quote!(#statements Ok(#name))
        }
        _ => quote!(Ok(())),
    };
    let n = element_size(ctx, lazy);
    let [index, at, b] = ["index", "at", "b"].map(|name| {
        let name = format_ident!("{name}");
        if uses(&body, &name) { quote!(#name) } else { quote!(_) }
    });
    let ordered = uses(&body, &format_ident!("order"));
    let order = if ordered { super::write::order(&env) } else { TokenStream::new() };
    let ty = ctx.ty(id);
    let used: Vec<_> =
        ty.params.iter().map(|p| ident(&p.rust)).filter(|name| uses(&quote!(#fixed #body), name)).collect();
    let args_ty = format_ident!("{}Args", ty.rust);
    let bind = (!used.is_empty()).then(|| quote!(let #args_ty { #(#used,)* .. } = args;));
    (quote!(#order #bind #fixed), common_params(ctx, id), quote!(|#index: u64, #at: u64, #b: &[u8; #n]| { #body }))
}

/// Statements that work out what the arguments of all elements have in common, and what sees that.
fn fixed<'a>(ctx: &'a Ctx<'a>, id: TypeId, lazy: &Lazy) -> (TokenStream, Env<'a>) {
    let env = super::lets::measuring(ctx, id);
    match &lazy.element {
        Content::Type { id: of, args } => super::hoist::fixed(&env, &ctx.ty(*of).params, args),
        _ => (TokenStream::new(), env),
    }
}

/// The check that a list has as many elements as is said, none of them in part.
#[must_use]
pub fn count_tie(env: &Env<'_>, lazy: &Lazy, value: &TokenStream) -> TokenStream {
    let (count, one) = (env.u64(&lazy.count), element_size(env.ctx, lazy));
    match count {
        (count, false) => quote!((#count).checked_mul(#one) == Some(#value)),
        (count, true) => quote!(#count.and_then(|n| n.checked_mul(#one)) == Some(#value)),
    }
}
