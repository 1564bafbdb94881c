//! Checks of list elements where they lie: every rule is looked at, and no value is made.

use crate::emit::ctx::Ctx;
use crate::emit::decode;
use crate::emit::expr::Env;
use crate::emit::read::Reader;
use crate::emit::rules::uses;
use crate::emit::rust_type::local;
use crate::emit::scalar::{Block, Raise};
use crate::emit::{args, borrow, borrow_ty, pins, view};
use crate::model::{Body, Content, Expr, Field, Format, Struct, TypeId};
use proc_macro2::TokenStream;
use quote::quote;

/// Whether a type is that of elements of a journal's entries.
#[must_use]
pub fn is_element(format: &Format, id: TypeId) -> bool {
    let journals =
        format.types.iter().flat_map(|ty| crate::resolve::fields(&ty.body)).filter_map(|f| f.journal.as_ref());
    let entries = journals.filter_map(|journal| format.ty(journal.entry).as_struct());
    entries.flat_map(|s| &s.fields).any(|f| f.repeat.is_some() && f.type_id() == Some(id))
}

/// Whether elements of a type can be checked where they lie.
#[must_use]
pub fn can_check(ctx: &Ctx<'_>, id: TypeId) -> bool {
    view::has_view(ctx, id) || borrow::has_ref(ctx, id)
}

/// `check` of a view: every rule, without the value.
#[must_use]
pub fn check_fn(ctx: &Ctx<'_>, id: TypeId, s: &Struct) -> TokenStream {
    if !is_element(ctx.format, id) || !view::has_view(ctx, id) {
        return TokenStream::new();
    }
    let (name, body) = (view::name(ctx, id), check_body(ctx, id, s));
    quote! {
        impl #name<'_> {
            /// Looks at every rule, and makes no value.
            ///
            /// # Errors
            /// When the bytes break one.
            #[inline]
            pub fn check(self) -> Result<(), Fault> { #body Ok(()) }
        }
    }
}

fn check_body(ctx: &Ctx<'_>, id: TypeId, s: &Struct) -> TokenStream {
    let reader = Reader::new(ctx, id, s);
    let whole = pins::whole_of_block(&reader.env, s);
    let whole = (!whole.is_empty()).then(|| quote!(let b = self.bytes; #whole));
    let mut out = quote!(#whole);
    for (field, at) in view::fields(ctx, s).into_iter().rev() {
        let block = Block { env: &reader.env, array: quote!(self.bytes), raise: Raise::Fault };
        let (decode, due) =
            (decode::field(&block, field, at), reader.due(field, &|id| (Raise::Fault, reader.raise(id).1)));
        let behind = quote!(#due #out);
        let plain = !decode.to_string().contains('?');
        let name = local(&field.of(&s.fields).rust);
        out = match (uses(&behind, &name), plain) {
            (true, _) => quote!(#decode #behind),
            (false, true) => behind,
            (false, false) => {
                let checked = decode::checked(&block, field, at);
                quote!(#checked #behind)
            }
        };
    }
    view::named(ctx, id, &out, &quote!(self))
}

/// The statement that checks an element at `b`, which lies at `base`; `tail` adds its place and leaves.
#[must_use]
pub fn check(env: &Env<'_>, field: &Field, tail: &TokenStream) -> TokenStream {
    match &field.content {
        Content::Scalar(scalar) => {
            let block = Block { env, array: quote!(b), raise: Raise::Part(quote!(base), quote!(#tail)) };
            let plain = Field { repeat: None, name: String::new(), ..field.clone() };
            let name = local(&field.rust);
            let decoded = block.decode(&plain, *scalar, 0, &name);
            if decoded.to_string().contains('?') { quote!(#decoded let _ = #name;) } else { TokenStream::new() }
        }
        Content::Type { id, args } => of_type(env, (*id, args), tail),
        _ => TokenStream::new(),
    }
}

fn of_type(env: &Env<'_>, (id, given): (TypeId, &[Expr]), tail: &TokenStream) -> TokenStream {
    let ctx = env.ctx;
    let (before, args) = args::build(env, id, given);
    let before = before.iter().map(|b| quote!(#b .map_err(|e| e.located(base)) #tail;));
    let more = decode::from_bytes_args(ctx, id, &args);
    let name = view::name(ctx, id);
    let checked = match &ctx.ty(id).body {
        Body::Bits(_) => {
            let ty = crate::emit::names::ident(&ctx.ty(id).rust);
            quote!(#ty::from_bytes(b #more).map_err(|f| f.at(base)) #tail;)
        }
        _ if view::has_view(ctx, id) => {
            let over = if view::is_checked(ctx, id) { quote!(over) } else { quote!(new) };
            quote!(#name::#over(b #more).check().map_err(|f| f.at(base)) #tail;)
        }
        _ => {
            let (lent, order) = (borrow_ty::name(ctx, id), crate::emit::read_field::passed_order(env, id));
            quote! {
                <#lent<'_> as vmspec_runtime::WireRef<'_>>::borrow_from(&mut Cursor::inside(b, base), #order, #args) #tail;
            }
        }
    };
    quote!(#(#before)* #checked)
}
