//! Views: a block as it lies in a slice, with an accessor per field on the wire. What reads the block as a value is elsewhere.

use super::ctx::Ctx;
use super::decode;
use super::docs;
use super::expr::{Env, Side};
use super::names::ident;
use super::pins;
use super::rules::uses;
use super::rust_type::{self, local, of_type};
use super::scalar::{Block, Raise, raw};
use super::segment::{self, Segment};
use super::view_fields;
use crate::model::{Body, Class, Content, Field, FieldId, Order, Role, Scalar, Struct, TypeId};
use proc_macro2::{Group, Ident, Literal, TokenStream, TokenTree};
use quote::{format_ident, quote};

/// Methods of a view that are not its fields'.
const OWN: &[&str] = &["args", "as_bytes", "bits", "byte_order", "driven", "new", "over", "read"];

/// The view of a struct that is one block; nothing for any other.
#[must_use]
pub fn emit(ctx: &Ctx<'_>, id: TypeId, s: &Struct) -> TokenStream {
    if !segment::is_block(ctx, s) {
        return TokenStream::new();
    }
    let fields = fields(ctx, s);
    let accessors = fields.iter().map(|(field, at)| view_fields::accessor(ctx, id, &fields, (*field, *at)));
    let (new, driven) = (new(ctx, id, s), driven(ctx, id, s));
    frame(ctx, id, &quote!(#new #(#accessors)* #driven))
}

/// The fields of a block with their offsets.
#[must_use]
pub fn fields(ctx: &Ctx<'_>, s: &Struct) -> Vec<(FieldId, u64)> {
    match segment::of(ctx, s).into_iter().next() {
        Some(Segment::Block(fields, _)) => fields,
        _ => Vec::new(),
    }
}

/// Whether a type has a view.
#[must_use]
pub fn has_view(ctx: &Ctx<'_>, id: TypeId) -> bool {
    match &ctx.ty(id).body {
        Body::Struct(s) => segment::is_block(ctx, s),
        Body::Bits(_) => true,
        Body::Union(_) => super::union_block::is_block(ctx, id),
    }
}

/// The view of a type, with a lifetime where its struct of arguments borrows.
#[must_use]
pub fn name(ctx: &Ctx<'_>, id: TypeId) -> Ident {
    format_ident!("{}View", ctx.ty(id).rust)
}

/// The method of a view for a field.
#[must_use]
pub fn method(rust: &str) -> Ident {
    if OWN.contains(&rust) { format_ident!("{rust}_") } else { ident(rust) }
}

/// Whether a view holds a byte order.
#[must_use]
pub fn holds_order(ctx: &Ctx<'_>, id: TypeId) -> bool {
    matches!(ctx.ty(id).order, Order::Context | Order::Try { .. } | Order::Expr(_))
}

/// What a view is given beside its bytes: the order, the arguments.
struct Given {
    params: TokenStream,
    pass: TokenStream,
    own: TokenStream,
    context: TokenStream,
    pattern: TokenStream,
}

fn given(ctx: &Ctx<'_>, id: TypeId) -> Given {
    let ty = ctx.ty(id);
    let of = rust_type::args(ctx, id, &quote!('a));
    let (order, args) = (matches!(ty.order, Order::Context), !ty.params.is_empty());
    let param = [order.then(|| quote!(, order: Endian)), args.then(|| quote!(, args: #of))];
    let pass = [order.then(|| quote!(, order)), args.then(|| quote!(, args))];
    let own = [order.then(|| quote!(, self.order)), args.then(|| quote!(, self.args))];
    let [params, pass, own] = [param, pass, own].map(|parts| {
        let [a, b] = parts;
        quote!(#a #b)
    });
    let (context, pattern) = match (order, args) {
        (false, false) => (quote!(()), quote!((): ())),
        (true, false) => (quote!(Endian), quote!(order: Endian)),
        (false, true) => (quote!(#of), quote!(args: #of)),
        (true, true) => (quote!((Endian, #of)), quote!((order, args): (Endian, #of))),
    };
    Given { params, pass, own, context, pattern }
}

/// The struct, `as_bytes`, `read`, and what lists of it need; `inside` are the functions of its fields.
#[must_use]
pub fn frame(ctx: &Ctx<'_>, id: TypeId, inside: &TokenStream) -> TokenStream {
    let ty = ctx.ty(id);
    let (view, value, wired) = (name(ctx, id), ident(&ty.rust), of_type(ctx, id, true));
    let n = super::block::size(ctx, id);
    let doc = format!(
        " A [`{value}`] as it lies in a slice: an accessor per field on the wire. Only [`{view}::read`] checks every rule."
    );
    let order = holds_order(ctx, id).then(|| quote!(order: Endian,));
    let args = (!ty.params.is_empty()).then(|| {
        let of = rust_type::args(ctx, id, &quote!('a));
        quote!(args: #of,)
    });
    let Given { context, pattern, own, pass, .. } = given(ctx, id);
    let common = common(ctx, id);
    let over = if is_checked(ctx, id) { quote!(over) } else { quote!(new) };
    quote! {
        #[doc = #doc]
        #[derive(Clone, Copy, Debug)]
        pub struct #view<'a> { bytes: &'a [u8; #n], #order #args }
        impl<'a> #view<'a> {
            #inside
            /// The bytes.
            #[inline]
            #[must_use]
            pub const fn as_bytes(self) -> &'a [u8; #n] { self.bytes }
            #common
            /// The value.
            ///
            /// # Errors
            /// When the bytes break a rule.
            #[inline]
            pub fn read(self) -> Result<#wired, Fault> { #wired::from_bytes(self.bytes #own) }
        }
        impl<'a> vmspec_runtime::View<'a, #n> for #view<'a> {
            type Context = #context;
            #[inline]
            fn over(bytes: &'a [u8; #n], #pattern) -> Self { Self::#over(bytes #pass) }
        }
    }
}

/// The view as a literal, from `bytes`, `order` and `args`.
fn made(ctx: &Ctx<'_>, id: TypeId) -> TokenStream {
    let ty = ctx.ty(id);
    let name = ident(&ty.rust);
    let order = match &ty.order {
        Order::Context => quote!(order,),
        Order::Try { .. } => quote!(order: #name::find_order(bytes),),
        Order::Expr(e) => {
            let order = Env::new(ctx, id, Side::Read).emit(e).tokens;
            quote!(order: #order,)
        }
        Order::None | Order::Fixed(_) => TokenStream::new(),
    };
    let args = (!ty.params.is_empty()).then(|| quote!(args));
    quote!(Self { bytes, #order #args })
}

/// Accessors for what the view was given.
fn common(ctx: &Ctx<'_>, id: TypeId) -> TokenStream {
    let ty = ctx.ty(id);
    let order = holds_order(ctx, id).then(|| {
        quote! {
            /// The byte order.
            #[inline]
            #[must_use]
            pub const fn byte_order(self) -> Endian { self.order }
        }
    });
    let args = (!ty.params.is_empty()).then(|| {
        let of = rust_type::args(ctx, id, &quote!('a));
        quote! {
            /// What it was told.
            #[inline]
            #[must_use]
            pub const fn args(self) -> #of { self.args }
        }
    });
    quote!(#order #args)
}

/// `new` of a struct: checks what tells the format.
fn new(ctx: &Ctx<'_>, id: TypeId, s: &Struct) -> TokenStream {
    let n = super::block::size(ctx, id);
    let (Given { params, pass, .. }, made) = (given(ctx, id), made(ctx, id));
    let Some(check) = identity(ctx, id, s) else { return plain_new(ctx, id) };
    let check = named(ctx, id, &check, &quote!(view));
    quote! {
        /// Looks at a block. Only what tells the format is checked.
        ///
        /// # Errors
        /// When it is something else.
        #[inline]
        pub fn new(bytes: &'a [u8; #n] #params) -> Result<Self, Fault> {
            let view = Self::over(bytes #pass);
            #check
            Ok(view)
        }
        #[inline]
        fn over(bytes: &'a [u8; #n] #params) -> Self { #made }
    }
}

/// `new` where nothing tells the format.
#[must_use]
pub fn plain_new(ctx: &Ctx<'_>, id: TypeId) -> TokenStream {
    let n = super::block::size(ctx, id);
    let (params, made) = (given(ctx, id).params, made(ctx, id));
    quote! {
        /// Looks at a block. Nothing is checked.
        #[inline]
        #[must_use]
        pub fn new(bytes: &'a [u8; #n] #params) -> Self { #made }
    }
}

/// Whether `new` can fail.
#[must_use]
pub fn is_checked(ctx: &Ctx<'_>, id: TypeId) -> bool {
    ctx.ty(id).as_struct().is_some_and(|s| identity(ctx, id, s).is_some())
}

/// What the first field of a block checks when it tells the format.
fn identity(ctx: &Ctx<'_>, id: TypeId, s: &Struct) -> Option<TokenStream> {
    let field = s.fields.first()?;
    let env = Env::new(ctx, id, Side::Read);
    let block = Block { env: &env, array: quote!(view.bytes), raise: Raise::Fault };
    let told = field.class == Some(Class::NotThisFormat);
    match (&field.content, &field.role) {
        (Content::Magic(_), Role::Implied) => Some(decode::field(&block, FieldId(0), 0)),
        (Content::Scalar(_), Role::Pinned(pin)) if told && !pin.kept => {
            let check = pins::on_read(&env, s, FieldId(0), &|_| (Raise::Fault, 0));
            let decode = decode::field(&block, FieldId(0), 0);
            (!check.is_empty()).then(|| quote!(#decode #check))
        }
        (Content::Scalar(Scalar::Enum(e)), _) if told || e.of(&ctx.format.enums).class == Class::NotThisFormat => {
            let accessor = view_fields::is_fallible(ctx, id, &fields(ctx, s), (FieldId(0), 0));
            let method = method(&field.rust);
            (accessor && field.name != "_").then(|| quote!(view.#method()?;))
        }
        (Content::Type { id: of, .. }, _) if is_checked(ctx, *of) && field.name != "_" => {
            let method = method(&field.rust);
            Some(quote!(view.#method()?;))
        }
        _ => None,
    }
}

/// Statements with `order` and `args` as a view has them.
#[must_use]
pub fn named(ctx: &Ctx<'_>, id: TypeId, tokens: &TokenStream, view: &TokenStream) -> TokenStream {
    let order = match &ctx.ty(id).order {
        Order::Fixed(big) => rust_type::order(*big),
        Order::None => quote!(Endian::Little),
        Order::Context | Order::Try { .. } | Order::Expr(_) => quote!(#view.order),
    };
    replaced(&replaced(tokens, "order", &order), "args", &quote!(#view.args))
}

/// Tokens with other tokens for a name, members of that name left alone.
#[must_use]
pub fn replaced(tokens: &TokenStream, name: &str, by: &TokenStream) -> TokenStream {
    let mut out = TokenStream::new();
    let mut dots = 0_u32;
    let mut tokens = tokens.clone().into_iter().peekable();
    while let Some(token) = tokens.next() {
        let member = matches!(tokens.peek(), Some(TokenTree::Punct(p)) if p.as_char() == ':' && p.spacing() == proc_macro2::Spacing::Alone);
        let dot = matches!(&token, TokenTree::Punct(p) if p.as_char() == '.');
        match token {
            TokenTree::Ident(i) if i == name && dots != 1 && !member => out.extend(by.clone()),
            TokenTree::Group(g) => {
                out.extend([TokenTree::Group(Group::new(g.delimiter(), replaced(&g.stream(), name, by)))]);
            }
            other => out.extend([other]),
        }
        dots = if dot { dots.saturating_add(1) } else { 0 };
    }
    out
}

/// Whether `driven` gives a `Result`.
#[must_use]
pub fn driven_fails(ctx: &Ctx<'_>, id: TypeId) -> bool {
    let Some(s) = ctx.ty(id).as_struct() else { return false };
    let all = fields(ctx, s);
    all.iter().any(|of| s.outside.contains(&of.0) && view_fields::is_fallible(ctx, id, &all, *of))
}

/// `driven`: the companion, of a type that is driven from outside.
fn driven(ctx: &Ctx<'_>, id: TypeId, s: &Struct) -> TokenStream {
    let ty = ctx.ty(id);
    if !ty.is_driven_outside() {
        return TokenStream::new();
    }
    let all = fields(ctx, s);
    let companion = format_ident!("{}Driven", ty.rust);
    let mut fallible = false;
    let members: Vec<_> = all
        .iter()
        .filter(|(field, _)| s.outside.contains(field))
        .map(|(field, at)| {
            let tries = view_fields::is_fallible(ctx, id, &all, (*field, *at));
            fallible |= tries;
            let (member, method) = (ident(&field.of(&s.fields).rust), method(&field.of(&s.fields).rust));
            let fails = tries.then(|| quote!(?));
            quote!(#member: self.#method() #fails)
        })
        .collect();
    let doc = docs::markdown_line("The fields that follow from what is around it, as they are on the wire.");
    if fallible {
        return quote! {
            #doc
            #[doc = ""]
            /// # Errors
            /// When one has an unknown value.
            #[inline]
            pub fn driven(self) -> Result<#companion, Fault> { Ok(#companion { #(#members),* }) }
        };
    }
    quote!(#doc #[inline] #[must_use] pub fn driven(self) -> #companion { #companion { #(#members),* } })
}

/// The field's raw value from the view's bytes.
#[must_use]
pub fn raw_of(ctx: &Ctx<'_>, scalar: Scalar, at: u64) -> TokenStream {
    raw(ctx, scalar, at, &quote!(self.bytes))
}

/// Statements that a body needs: the fields before it that it names, decoded.
#[must_use]
pub fn needed(ctx: &Ctx<'_>, id: TypeId, fields: &[(FieldId, u64)], body: &TokenStream, of: FieldId) -> TokenStream {
    let env = Env::new(ctx, id, Side::Read);
    let Some(s) = ctx.ty(id).as_struct() else { return TokenStream::new() };
    let mut out = body.clone();
    for (field, at) in fields.iter().rev().filter(|(field, _)| *field != of) {
        if uses(&out, &local(&field.of(&s.fields).rust)) {
            let block = Block { env: &env, array: quote!(self.bytes), raise: Raise::Fault };
            let decode = decode::field(&block, *field, *at);
            out = quote!(#decode #out);
        }
    }
    out
}

/// A field's place in a path, for the faults of what it holds.
#[must_use]
pub fn within(field: &Field, at: u64) -> TokenStream {
    let (label, off) = (&field.name, Literal::u64_unsuffixed(at));
    quote!(.map_err(|f| f.within(#label, #off)))
}
