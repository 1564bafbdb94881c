//! The functions that every type has by its traits: `Wire`, and binrw's.

use super::ctx::Ctx;
use super::layout;
use super::names::ident;
use super::rules::uses;
use super::rust_type;
use super::structs::rename_unused;
use crate::model::{Order, TypeId};
use proc_macro2::TokenStream;
use quote::{format_ident, quote};

/// The bodies of the functions that read a type.
pub struct Reading {
    /// Of `read_from`.
    pub from: TokenStream,
    /// The whole of `parse_with`, where it is not the trait's own.
    pub parse: Option<TokenStream>,
}

/// `write_with` of a type that is one block.
#[must_use]
pub fn write_block(ctx: &Ctx<'_>, id: TypeId) -> TokenStream {
    let ty = ctx.ty(id);
    if ty.is_driven_outside() {
        return TokenStream::new();
    }
    let pass = super::write::common_args(ctx, id);
    let args = rust_type::args(ctx, id, &quote!('_));
    let given = (!ty.params.is_empty()).then(|| quote!(, args: #args));
    let params = rename_unused(&quote!(order: Endian #given), &pass);
    let unit = ty.params.is_empty().then(|| quote!(, (): ()));
    quote! {
        #[inline]
        fn write_with(&self, v: &mut Vec<u8>, #params #unit) -> Result<()> {
            append_bytes::<_, Self>(v, |b| self.put_into(b, #pass))
        }
    }
}

/// `parse_with` of a type that is one block.
#[must_use]
pub fn parse_block(ctx: &Ctx<'_>, id: TypeId) -> TokenStream {
    let ty = ctx.ty(id);
    let pass = super::decode::from_bytes_args(ctx, id, &quote!(args));
    let args = rust_type::args(ctx, id, &quote!('_));
    let given = (!ty.params.is_empty()).then(|| quote!(, args: #args));
    let params = rename_unused(&quote!(order: Endian #given), &pass);
    let unit = ty.params.is_empty().then(|| quote!(, (): ()));
    let lifetime = rust_type::args_borrow(&ty.params).then(|| quote!('b));
    let named = lifetime.as_ref().map(|name| quote!(<#name>));
    let decode = super::decode::decoder(ctx, id);
    quote! {
        #[inline]
        fn parse_with #named (b: & #lifetime [u8], #params #unit) -> Result<(Self, & #lifetime [u8])> {
            parse_block(b, #decode)
        }
    }
}

/// `Wire` of a type, from the bodies of its functions.
#[must_use]
pub fn wire_impl(
    ctx: &Ctx<'_>,
    id: TypeId,
    reading: &Reading,
    write: &TokenStream,
    check: &TokenStream,
) -> TokenStream {
    let ty = ctx.ty(id);
    let (read, parse) = (&reading.from, &reading.parse);
    let (inline, append) = match parse {
        Some(_) => (quote!(#[inline]), write_block(ctx, id)),
        None => (TokenStream::new(), TokenStream::new()),
    };
    let name = rust_type::of_type(ctx, id, true);
    let layout = layout::table(ctx, id);
    let (args, used) = (rust_type::args(ctx, id, &quote!('a)), rust_type::args(ctx, id, &quote!('_)));
    let spec = spec(ty.site.file);
    let label = &ty.name;
    let unit = ty.params.is_empty();
    let args_param = |body: &TokenStream| match (unit, uses(body, &format_ident!("args"))) {
        (true, _) => quote!((): ()),
        (false, true) => quote!(args: #used),
        (false, false) => quote!(_: #used),
    };
    let order_param = |body: &TokenStream| {
        if uses(body, &format_ident!("order")) && takes_order(body) { quote!(order) } else { quote!(_) }
    };
    let (ra, wa, ca) = (args_param(read), args_param(write), args_param(check));
    let (ro, wo) = (order_param(read), order_param(write));
    let inner = ident(&super::names::snake(&ty.rust));
    let holder = if ty.is_driven_outside() { quote!(self.#inner) } else { quote!(self) };
    let len_args = measure_args(ctx, id);
    let la =
        if len_args.is_empty() { if unit { quote!((): ()) } else { quote!(_: #used) } } else { quote!(args: #used) };
    let check = (!check.is_empty()).then(|| {
        let at = if uses(check, &format_ident!("at")) { quote!(at) } else { quote!(_) };
        let findings = if uses(check, &format_ident!("findings")) { quote!(findings) } else { quote!(_) };
        quote!(fn check_into(&self, #at: u64, #ca, #findings: &mut Findings) { #check })
    });
    let sink = if uses(write, &format_ident!("sink")) { quote!(sink) } else { quote!(_) };
    let src = if uses(read, &format_ident!("src")) { quote!(src) } else { quote!(_) };
    quote! {
        impl Wire for #name {
            type Args<'a> = #args;
            const SPEC: &'static str = #spec;
            const NAME: &'static str = #label;
            const LAYOUT: &'static [Field] = #layout;
            #inline
            fn read_from<I: Input>(#src: &mut Source<I>, #ro: Endian, #ra) -> Result<Self> { #read }
            #parse
            #inline
            fn write_into<O: Output>(&self, #sink: &mut Sink<O>, #wo: Endian, #wa) -> Result<()> { #write }
            #append
            fn wire_len(&self, #la) -> u64 { #holder.byte_len(#len_args) }
            #check
        }
    }
}

/// Whether a body uses the order that it is given: not if it starts by setting its own.
#[must_use]
pub fn takes_order(body: &TokenStream) -> bool {
    let text = body.to_string();
    match (text.find("let order ="), first_use(&text)) {
        (Some(set), Some(used)) => used < set,
        (None, Some(_)) => true,
        _ => false,
    }
}

fn first_use(text: &str) -> Option<usize> {
    let words = text.match_indices("order");
    let whole = |i: usize| {
        let before = text.get(..i).and_then(|t| t.chars().next_back()).is_none_or(|c| !c.is_alphanumeric() && c != '_');
        let after = text
            .get(i.saturating_add(5)..)
            .and_then(|t| t.chars().next())
            .is_none_or(|c| !c.is_alphanumeric() && c != '_');
        let set = text.get(..i).is_some_and(|t| t.ends_with("let "));
        before && after && !set
    };
    words.map(|(i, _)| i).find(|i| whole(*i))
}

fn measure_args(ctx: &Ctx<'_>, id: TypeId) -> TokenStream {
    let ty = ctx.ty(id);
    let needed = ctx.length_params(id).iter().filter_map(|i| ty.params.get(*i)).map(|p| ident(&p.rust));
    quote!(#(args.#needed),*)
}

/// The constant with a spec file's name.
#[must_use]
pub fn spec(file: usize) -> TokenStream {
    let name = if file == 0 { format_ident!("SPEC") } else { format_ident!("SPEC_{file}") };
    quote!(#name)
}

/// A type's byte order as binrw knows it.
#[must_use]
pub fn binrw_order(order: &Order) -> TokenStream {
    match order {
        Order::None => quote!(EndianKind::None),
        Order::Fixed(big) => {
            let order = rust_type::order(*big);
            quote!(EndianKind::Endian(#order))
        }
        Order::Expr(_) | Order::Try { .. } => quote!(EndianKind::Runtime),
        Order::Context => quote!(context),
    }
}

/// The binrw shell of a named type; inline ones take what is around them, and stand alone nowhere.
#[must_use]
pub fn shell(ctx: &Ctx<'_>, id: TypeId, block: bool) -> TokenStream {
    let ty = ctx.ty(id);
    let name = rust_type::of_type(ctx, id, true);
    if ty.outer.is_some() {
        return TokenStream::new();
    }
    let (order, args) = (binrw_order(&ty.order), rust_type::args(ctx, id, &quote!('a)));
    if !block {
        return quote!(impl_binrw!(#name, args: #args, order: #order););
    }
    let n = super::block::size(ctx, id);
    let (decode, encode) = (super::decode::from_bytes_args(ctx, id, &quote!(args)), super::write::common_args(ctx, id));
    let given = |pass: &TokenStream| {
        let order = if uses(pass, &format_ident!("order")) { quote!(order) } else { quote!(_) };
        let args = if ty.params.is_empty() { quote!(()) } else { quote!(args) };
        quote!(#order, #args)
    };
    let (read, written) = (given(&decode), given(&encode));
    let encode = (!encode.is_empty()).then(|| quote!(, #encode));
    let encode = if ty.is_driven_outside() {
        let inner = ident(&super::names::snake(&ty.rust));
        quote!(|it: &#name, b: &mut [u8; #n], #written| { let driven = it.driven; it.#inner.put_into(b #encode) })
    } else {
        quote!(|it: &#name, b: &mut [u8; #n], #written| it.put_into(b #encode))
    };
    quote!(impl_binrw!(#name,
        block: |b: &[u8; #n], #read| Self::from_bytes(b #decode), encode: #encode, args: #args, order: #order);)
}
