//! Borrowed values: a type of variable size as it lies in a slice. Read with the statements of the owned reader.

use super::borrow_field::{self, companion, has_value, inner_name, lent, lent_name, over, statement};
use super::borrow_ty::{self, Held, is_own, owned_member, present};
use super::borrow_union;
use super::ctx::Ctx;
use super::decode;
use super::docs;
use super::expr::{Kind, Operand};
use super::names::ident;
use super::pins;
use super::read::{self, Reader};
use super::read_field::Part;
use super::rules::uses;
use super::rust_type::{self, gap, holds_itself, local, of_type, own_slack, slack};
use super::scalar::{Block, Raise};
use super::segment::{self, Segment};
use super::view;
use crate::model::{Body, Content, Field, FieldId, Order, ParamTy, Place, Policy, Role, Root, Struct, TypeId};
use proc_macro2::{Ident, Literal, TokenStream};
use quote::{format_ident, quote};

/// One statement of a reader, left out where nothing needs what it names.
struct Step {
    name: Option<Ident>,
    tokens: TokenStream,
    /// What stands there instead of what nothing needs.
    otherwise: TokenStream,
}

impl Step {
    fn always(tokens: TokenStream) -> Self {
        Self { name: None, tokens, otherwise: TokenStream::new() }
    }

    fn named(name: Ident, tokens: TokenStream) -> Self {
        Self { name: Some(name), tokens, otherwise: TokenStream::new() }
    }
}

/// The borrowed value of a struct; nothing for a block, which has a view, or where there can be none.
#[must_use]
pub fn emit(ctx: &Ctx<'_>, id: TypeId, s: &Struct) -> TokenStream {
    if !has_ref(ctx, id) {
        return TokenStream::new();
    }
    let (definition, accessors) = (definition(ctx, id, s), accessors(ctx, id, s));
    let (read, value) = (reader(ctx, id, s), to_value(ctx, id, s));
    let wire = implementation(ctx, id, &read, &value);
    quote!(#definition #accessors #wire)
}

/// Whether a type has a borrowed value.
#[must_use]
pub fn has_ref(ctx: &Ctx<'_>, id: TypeId) -> bool {
    let lends = !view::has_view(ctx, id) && borrow_ty::is_lent(ctx, id);
    lends && super::aside::first_aside(ctx, id).is_none() && missing(ctx, id).is_none()
}

/// The first part of a type that a borrowed value cannot hold: the type itself, or one in it, however deep. What is lent
/// state would have to be told what was remembered by values that nobody has read yet.
fn missing<'c>(ctx: &Ctx<'c>, id: TypeId) -> Option<&'c str> {
    let (mut open, mut seen) = (vec![id], std::collections::BTreeSet::new());
    while let Some(id) = open.pop() {
        if !seen.insert(id) {
            continue;
        }
        let lent_state = ctx.ty(id).params.iter().any(|p| matches!(p.ty, ParamTy::State(_) | ParamTy::Externs));
        if lent_state || super::state::start(ctx, id).is_some() {
            return Some(&ctx.ty(id).name);
        }
        for field in crate::resolve::fields(&ctx.ty(id).body) {
            let (Content::Type { id: inner, .. }, None) = (&field.content, &field.copies) else { continue };
            if !borrow_ty::can_hold(ctx, *inner) {
                return Some(&ctx.ty(*inner).name);
            }
            if !view::has_view(ctx, *inner) {
                open.push(*inner);
            }
        }
    }
    None
}

/// What the docs of a type say when it has no borrowed value.
#[must_use]
pub fn note(ctx: &Ctx<'_>, id: TypeId) -> TokenStream {
    if super::aside::first_aside(ctx, id).is_some() {
        return super::aside::note(ctx, id);
    }
    if view::has_view(ctx, id) || !borrow_ty::is_lent(ctx, id) {
        return TokenStream::new();
    }
    let Some(part) = missing(ctx, id) else { return TokenStream::new() };
    let text = docs::markdown_line(&format!(
        "It cannot be borrowed from a slice, since {} must be told what is around it by reference.",
        docs::code(part)
    ));
    quote!(#[doc = ""] #text)
}

/// `WireRef` of a type, from the bodies of its functions.
#[must_use]
pub fn implementation(ctx: &Ctx<'_>, id: TypeId, read: &TokenStream, value: &TokenStream) -> TokenStream {
    let (name, owned) = (borrow_ty::name(ctx, id), of_type(ctx, id, true));
    let args = rust_type::args(ctx, id, &quote!('_));
    let args = match (ctx.ty(id).params.is_empty(), uses(read, &format_ident!("args"))) {
        (true, _) => quote!((): ()),
        (false, true) => quote!(args: #args),
        (false, false) => quote!(_: #args),
    };
    let order = if super::wire::takes_order(read) { quote!(order) } else { quote!(_) };
    let src = if uses(read, &format_ident!("src")) { quote!(src) } else { quote!(_) };
    quote! {
        impl<'a> vmspec_runtime::WireRef<'a> for #name<'a> {
            type Owned = #owned;
            fn borrow_from(#src: &mut Cursor<'a>, #order: Endian, #args) -> Result<Self> { #read }
            fn to_value(&self) -> Result<#owned, Fault> { #value }
        }
    }
}

fn definition(ctx: &Ctx<'_>, id: TypeId, s: &Struct) -> TokenStream {
    let (name, value) = (borrow_ty::name(ctx, id), ident(&ctx.ty(id).rust));
    let doc = format!(" A [`{value}`] as it lies in a slice.");
    let marker = (!borrow_ty::lends(ctx, id)).then(|| quote!(lent: core::marker::PhantomData<&'a ()>,));
    let order =
        ctx.ty(id).holds_order().then(|| quote!(#[doc = " The byte order it was read in."] pub byte_order: Endian,));
    let members = s.fields.iter().map(|field| members(ctx, id, field));
    let slack = own_slack(s).map(|(name, ty)| {
        let ty = extra(&ty);
        quote!(#[doc = " What follows the fields."] pub #name: #ty,)
    });
    quote! {
        #[doc = #doc]
        #[derive(Clone, Debug)]
        pub struct #name<'a> { #order #(#members)* #slack #marker }
    }
}

/// A gap or slack that is kept is bytes where they lie.
fn extra(ty: &TokenStream) -> TokenStream {
    if ty.to_string() == "u64" { quote!(u64) } else { quote!(&'a [u8]) }
}

fn members(ctx: &Ctx<'_>, id: TypeId, field: &Field) -> TokenStream {
    let before = gap(field).map(|(name, ty)| {
        let (doc, ty) =
            (docs::markdown_line(&format!("What lies between the field before and `{}`.", field.name)), extra(&ty));
        quote!(#doc pub #name: #ty,)
    });
    let after = slack(field).map(|(name, ty)| {
        let (doc, ty) = (docs::markdown_line(&format!("What follows `{}` in its window.", field.name)), extra(&ty));
        quote!(#doc pub #name: #ty,)
    });
    let name = ident(&field.rust);
    let own = if field.is_driven() {
        let ty = optional(field, present(ctx, id, field));
        quote!(#name: #ty,)
    } else if field.is_held() {
        let ty = present(ctx, id, field);
        let kept = matches!(&field.role, Role::Pinned(pin) if pin.kept)
            || matches!((&field.content, &field.role), (Content::Magic(_), Role::ImpliedKept));
        let ty = optional(field, if kept { quote!(Kept<#ty>) } else { ty });
        let doc = docs::doc(field.doc.as_deref(), &format!("`{}`", field.name));
        quote!(#doc pub #name: #ty,)
    } else {
        TokenStream::new()
    };
    quote!(#before #own #after)
}

fn optional(field: &Field, ty: TokenStream) -> TokenStream {
    if field.is_optional() { quote!(Option<#ty>) } else { ty }
}

/// Accessors of the driven fields.
fn accessors(ctx: &Ctx<'_>, id: TypeId, s: &Struct) -> TokenStream {
    let name = borrow_ty::name(ctx, id);
    let all = s.fields.iter().filter(|f| f.is_driven()).map(|field| {
        let (name, ty) = (ident(&field.rust), optional(field, present(ctx, id, field)));
        let doc = docs::doc(field.doc.as_deref(), &format!("`{}`", field.name));
        quote!(#doc #[doc = ""] #[doc = " As it is on the wire."] #[must_use] pub const fn #name(&self) -> #ty { self.#name })
    });
    let all: Vec<_> = all.collect();
    let driven = ctx.ty(id).is_driven_outside().then(|| {
        let companion = format_ident!("{}Driven", ctx.ty(id).rust);
        let members = s.outside.iter().map(|id| ident(&id.of(&s.fields).rust)).map(|m| quote!(#m: self.#m));
        quote! {
            /// The fields that follow from what is around it, as they are on the wire.
            #[must_use]
            pub const fn driven(&self) -> #companion { #companion { #(#members),* } }
        }
    });
    if all.is_empty() { TokenStream::new() } else { quote!(impl #name<'_> { #(#all)* #driven }) }
}

fn reader(ctx: &Ctx<'_>, id: TypeId, s: &Struct) -> TokenStream {
    let reader = looking_at_lent(Reader::new(ctx, id, s));
    let mut steps = vec![
        Step::named(format_ident!("order"), read::order(&reader.env)),
        Step::named(format_ident!("base"), quote!(let base = src.position();)),
        Step::always(pins::again(&reader.env, s)),
    ];
    let recursive = ctx.ty(id).recursive;
    if recursive {
        steps.push(Step::always(quote!(src.descend()?;)));
    }
    let enter = || read::enter(&reader).map(Step::always);
    if s.window_field.is_none() {
        steps.extend(enter());
    }
    for (n, segment) in segment::of(ctx, s).iter().enumerate() {
        let last = match segment {
            Segment::Block(fields, size) => {
                block(&reader, fields, *size, n == 0, &mut steps);
                fields.last().map(|f| f.0)
            }
            Segment::Single(field) => {
                single(&reader, *field, &mut steps);
                Some(*field)
            }
        };
        if last.is_some() && s.window_field == last {
            steps.extend(enter());
        }
    }
    if s.fields.is_empty() {
        steps.push(Step::always(reader.due(FieldId(0), &|_| (Raise::At(quote!(base)), 0))));
    }
    steps.push(Step::always(leave(s)));
    if recursive {
        steps.push(Step::always(quote!(src.ascend();)));
    }
    steps.push(Step::always(result(&reader)));
    joined(steps)
}

/// The same, with texts and bytes looked at where they lie: nothing of them is copied to be compared.
fn looking_at_lent(mut reader: Reader<'_>) -> Reader<'_> {
    let ctx = reader.env.ctx;
    let plain = |f: &Field| f.repeat.is_none() && !f.is_optional() && f.is_held() && f.copies.is_none();
    let lent = reader.s.fields.iter().enumerate().filter(|(_, f)| plain(f)).filter_map(|(i, field)| {
        let name = lent_name(field);
        let tokens = match borrow_ty::held(ctx, field) {
            Held::Bytes | Held::Text => quote!(#name),
            Held::Str => quote!(#name.as_bytes()),
            Held::CStr => quote!(#name.to_bytes()),
            Held::Own | Held::Blob | Held::View(_) | Held::Ref(_) => return None,
        };
        Some((Place { root: Root::Field(FieldId(i)), steps: Vec::new() }, Operand::plain(tokens, Kind::Bytes)))
    });
    let env = reader.env.with_given(lent);
    reader.env = env;
    reader
}

/// All statements that something needs.
fn joined(steps: Vec<Step>) -> TokenStream {
    steps.into_iter().rev().fold(TokenStream::new(), |after, step| {
        let tokens = match &step.name {
            Some(name) if !uses(&after, name) => step.otherwise,
            _ => step.tokens,
        };
        quote!(#tokens #after)
    })
}

fn leave(s: &Struct) -> TokenStream {
    let policy = s.window.as_ref().map_or(s.slack, |w| w.slack);
    if policy != Policy::Keep {
        let parts = read::leave(s);
        return quote!(#(#parts)*);
    }
    let exit = s.window.is_some().then(|| quote!(src.exit(outer);));
    quote!(let slack = src.rest_lent()?; #exit)
}

/// A run of fields as one array.
fn block(reader: &Reader<'_>, fields: &[(FieldId, u64)], size: u64, first: bool, steps: &mut Vec<Step>) {
    let ctx = reader.env.ctx;
    let n = Literal::u64_unsuffixed(size);
    let start = fields.first().map(|(id, _)| reader.raise(*id).0);
    if let (false, Some(Raise::At(name))) = (first, &start) {
        steps.push(Step::named(format_ident!("{}", name.to_string()), quote!(let #name = src.position();)));
    }
    let bare = quote!(src.array::<#n>()?;);
    steps.push(Step {
        name: Some(format_ident!("block")),
        tokens: quote!(let block = src.array::<#n>()?;),
        otherwise: bare,
    });
    if let (true, Order::Try { .. }) = (first, &ctx.ty(reader.env.ty).order) {
        let name = ident(&ctx.ty(reader.env.ty).rust);
        steps.push(Step::named(format_ident!("order"), quote!(let order = #name::find_order(block);)));
    }
    for (id, at) in fields {
        let (raise, _) = reader.raise(*id);
        let block = Block { env: &reader.env, array: quote!(block), raise };
        let field = id.of(&reader.s.fields);
        if let (Content::Type { id: of, args }, Held::View(_)) = (&field.content, borrow_ty::held(ctx, field)) {
            in_block(reader, &block, (*id, *at), (*of, args), steps);
        } else {
            steps.push(Step::always(decode::field(&block, *id, *at)));
        }
        steps.push(Step::always(reader.due(*id, &|id| reader.raise(id))));
    }
}

/// A held type in a block: its view, checked as a value.
fn in_block(
    reader: &Reader<'_>,
    block: &Block<'_>,
    field: (FieldId, u64),
    of: (TypeId, &[crate::model::Expr]),
    steps: &mut Vec<Step>,
) {
    let ctx = reader.env.ctx;
    let (id, at) = field;
    let field = id.of(&reader.s.fields);
    let size = ctx.ty(of.0).size.fixed().unwrap_or(0);
    let (off, n) = (Literal::u64_unsuffixed(at), Literal::u64_unsuffixed(size));
    let (before, args) = super::args::build(block.env, of.0, of.1);
    for b in before {
        steps.push(Step::always(quote!(#b?;)));
    }
    let name = lent_name(field);
    let view = over(ctx, of.0, &quote!(get::<#off, #n, _>(block)), &args);
    steps.push(Step::always(quote!(let #name = #view;)));
    let within = view::within(field, at);
    let check = block.raise.wrap(&quote!(#name.read() #within));
    let main = local(&field.rust);
    let inner = ctx.is_driver_of(block.env.ty, id).then(|| inner_name(&ctx.ty(of.0).rust)).map(|inner| quote!(.#inner));
    steps.push(Step {
        name: Some(main.clone()),
        tokens: quote!(let #main = #check #inner;),
        otherwise: quote!(#check;),
    });
    driven(reader, id, &name, steps);
}

/// The companion of a held type that this type drives.
fn driven(reader: &Reader<'_>, id: FieldId, lent: &Ident, steps: &mut Vec<Step>) {
    let ctx = reader.env.ctx;
    let field = id.of(&reader.s.fields);
    let Some(of) = field.type_id().filter(|_| ctx.is_driver_of(reader.env.ty, id)) else { return };
    let (name, raise) = (companion(field), reader.raise(id).0);
    let call = quote!(#lent.driven());
    let fails = view::has_view(ctx, of) && view::driven_fails(ctx, of);
    let value = if fails { raise.wrap(&call) } else { call };
    steps.push(Step::named(name.clone(), quote!(let #name = #value;)));
}

/// A field that stands alone.
fn single(reader: &Reader<'_>, id: FieldId, steps: &mut Vec<Step>) {
    let ctx = reader.env.ctx;
    let field = id.of(&reader.s.fields);
    let Raise::At(start) = reader.raise(id).0 else { return };
    let at = format_ident!("{}", start.to_string());
    if field.at.is_none() {
        steps.push(Step::named(at.clone(), quote!(let #at = src.position();)));
    }
    let (label, line) = (&field.name, super::ctx::line(field.site));
    let part = Part {
        env: &reader.env,
        field,
        drives: false,
        tail: quote!(.field(#label, #line)?),
        start,
        boxed: holds_itself(ctx, field),
    };
    steps.push(Step::always(statement(&part, &at)));
    if field.at.is_some() {
        steps.push(Step::named(at.clone(), quote!(let #at = src.position();)));
    }
    if has_value(field) && !is_own(ctx, reader.env.ty, field) {
        let (name, from) = (local(&field.rust), lent(&part));
        let wired = !ctx.is_driver_of(reader.env.ty, id);
        let (value, fallible) = owned_member(ctx, (reader.env.ty, field), &quote!(#from), wired);
        let fails = fallible.then(|| quote!(.map_err(|f| f.at(base)).field(#label, #line)?));
        steps.push(Step::named(name.clone(), quote!(let #name = #value #fails;)));
        driven(reader, id, &from, steps);
    }
    steps.push(Step::always(reader.due(id, &|id| reader.raise(id))));
}

/// The value, from its locals.
fn result(reader: &Reader<'_>) -> TokenStream {
    let (ctx, ty) = (reader.env.ctx, reader.env.ty);
    let mut fields = Vec::new();
    if ctx.ty(ty).holds_order() {
        fields.push(quote!(byte_order: order));
    }
    for field in &reader.s.fields {
        fields.extend(gap(field).map(|(name, _)| quote!(#name)));
        let name = ident(&field.rust);
        let from = match &field.role {
            Role::Pinned(pin) if pin.kept => Some(format_ident!("{}_kept", local(&field.rust))),
            _ if !field.is_held() && !field.is_driven() => None,
            _ if is_own(ctx, ty, field) => Some(local(&field.rust)),
            _ => Some(lent_name(field)),
        };
        fields.extend(from.map(|from| if from == name { quote!(#name) } else { quote!(#name: #from) }));
        fields.extend(slack(field).map(|(name, _)| quote!(#name)));
    }
    fields.extend(own_slack(reader.s).map(|(name, _)| quote!(#name)));
    if !borrow_ty::lends(ctx, ty) {
        fields.push(quote!(lent: core::marker::PhantomData));
    }
    let value = quote!(Self { #(#fields),* });
    let make = quote!(let value = lent.to_value().map_err(|f| f.at(base))?;);
    let checks = pins::whole_on_read(&reader.env, reader.s, &make, &|id| reader.raise(id));
    checks.map_or_else(|| quote!(Ok(#value)), |checks| quote!(let lent = #value; #checks Ok(lent)))
}

fn to_value(ctx: &Ctx<'_>, id: TypeId, s: &Struct) -> TokenStream {
    let ty = ctx.ty(id);
    let mut fields = Vec::new();
    if ty.holds_order() {
        fields.push(quote!(byte_order: self.byte_order));
    }
    let kept = |name: &Ident, of: &TokenStream| {
        if of.to_string() == "u64" {
            quote!(#name: self.#name)
        } else {
            quote!(#name: Blob::Bytes(self.#name.to_vec()))
        }
    };
    for (i, field) in s.fields.iter().enumerate() {
        fields.extend(gap(field).map(|(name, of)| kept(&name, &of)));
        if field.is_held() {
            let name = ident(&field.rust);
            let wired = !ctx.is_driver_of(id, FieldId(i));
            let (value, fallible) = owned_member(ctx, (id, field), &quote!(self.#name), wired);
            let fails = fallible.then(|| quote!(?));
            fields.push(quote!(#name: #value #fails));
        }
        fields.extend(slack(field).map(|(name, of)| kept(&name, &of)));
    }
    fields.extend(own_slack(s).map(|(name, of)| kept(&name, &of)));
    let name = ident(&ty.rust);
    let value = quote!(#name { #(#fields),* });
    if !ty.is_driven_outside() {
        return quote!(Ok(#value));
    }
    let (wire, inner) = (of_type(ctx, id, true), inner_name(&ty.rust));
    quote!(Ok(#wire { #inner: #value, driven: self.driven() }))
}

/// The borrowed value of a switch.
#[must_use]
pub fn emit_union(ctx: &Ctx<'_>, id: TypeId) -> TokenStream {
    match &ctx.ty(id).body {
        Body::Union(union) if has_ref(ctx, id) => borrow_union::emit(ctx, id, union),
        _ => TokenStream::new(),
    }
}

/// The value of the body of a case.
#[must_use]
pub fn case_value(part: &Part<'_>) -> TokenStream {
    let boxed = holds_itself(part.env.ctx, part.field);
    borrow_field::value(&Part { boxed, tail: part.tail.clone(), start: part.start.clone(), ..*part })
}
