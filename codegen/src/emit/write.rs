//! Writers of structs: every rule is checked before the first byte, then the segments in wire order.

use super::ctx::Ctx;
use super::driven;
use super::expr::{Env, Side};
use super::names::ident;
use super::pins;
use super::read;
use super::rules::uses;
use super::rust_type::{self, local, own_slack};
use super::scalar::{Raise, encode};
use super::segment::{self, Segment};
use super::validate;
use super::write_field;
use crate::model::{Content, Expr, Field, FieldId, Order, Policy, Role, Struct, TypeId};
use crate::resolve::constant;
use proc_macro2::{Literal, TokenStream};
use quote::{format_ident, quote};

/// What the inherent functions of a struct take beside `self`: driven fields, order, arguments.
#[must_use]
pub fn common_params(ctx: &Ctx<'_>, id: TypeId) -> TokenStream {
    let ty = ctx.ty(id);
    let driven = ty.is_driven_outside().then(|| {
        let name = format_ident!("{}Driven", ty.rust);
        quote!(driven: #name,)
    });
    let order = matches!(ty.order, Order::Context).then(|| quote!(order: Endian,));
    let args = (!ty.params.is_empty()).then(|| {
        let args = rust_type::args(ctx, id, &quote!('_));
        quote!(args: #args)
    });
    quote!(#driven #order #args)
}

/// What they are given.
#[must_use]
pub fn common_args(ctx: &Ctx<'_>, id: TypeId) -> TokenStream {
    let ty = ctx.ty(id);
    let driven = ty.is_driven_outside().then(|| quote!(driven,));
    let order = matches!(ty.order, Order::Context).then(|| quote!(order,));
    let args = (!ty.params.is_empty()).then(|| quote!(args));
    quote!(#driven #order #args)
}

/// The first statements of a writer: state that is the type's own, the byte order.
fn started(env: &Env<'_>) -> Vec<Local> {
    let state = super::state::start_settled(env).map(|(name, tokens)| (Some(name), tokens));
    state.into_iter().chain([(Some(format_ident!("order")), order(env))]).collect()
}

/// Statements that set `order`, for a value that is written.
#[must_use]
pub fn order(env: &Env<'_>) -> TokenStream {
    match &env.ctx.ty(env.ty).order {
        Order::Try { .. } => quote!(let order = self.byte_order;),
        _ => read::order(env),
    }
}

/// Statements that make the locals of pinned fields, those that others need first.
fn pin_locals(env: &Env<'_>, s: &Struct, checksum: bool, raise: &Raise) -> Vec<Local> {
    let over_this: Vec<FieldId> = pins::over_this(s).into_iter().map(|p| p.0).collect();
    let mut open: Vec<FieldId> =
        (0..s.fields.len()).map(FieldId).filter(|id| pins::of(id.of(&s.fields)).is_some()).collect();
    let mut out = Vec::new();
    for _ in 0..s.fields.len() {
        let Some(next) = open.iter().copied().find(|id| ready(s, &open, *id)) else { break };
        open.retain(|id| *id != next);
        let field = next.of(&s.fields);
        let name = local(&field.rust);
        if over_this.contains(&next) {
            let ty = pins::scalar_ty(env, field);
            let value = kept(field, quote!(of_all));
            if checksum {
                out.push((Some(name.clone()), quote!(let #name: #ty = #value;)));
            }
            continue;
        }
        out.push((Some(name), pin_local(env, field, raise)));
    }
    out
}

/// Whether all pinned fields that a pin names have their locals.
fn ready(s: &Struct, open: &[FieldId], id: FieldId) -> bool {
    pins::of(id.of(&s.fields))
        .is_none_or(|pin| super::rules::fields_in(&pin.value).iter().all(|f| *f == id || !open.contains(f)))
}

fn pin_local(env: &Env<'_>, field: &Field, raise: &Raise) -> TokenStream {
    let Some(pin) = pins::of(field) else { return TokenStream::new() };
    let (name, ty) = (local(&field.rust), pins::scalar_ty(env, field));
    let start = match pins::field_checksum(&pin.value) {
        Some((kind, over)) => pins::over_field(env, kind, over),
        None => TokenStream::new(),
    };
    let (before, value) = pins::value(env, field, pin, raise);
    let member = ident(&field.rust);
    match (&field.presence, pin.kept) {
        (None, _) => {
            let value = kept(field, value);
            quote!(#start #before let #name: #ty = #value;)
        }
        (Some(_), true) if start.is_empty() && before.is_empty() => {
            quote!(let #name: Option<#ty> = self.#member.map(|it| it.value_or(#value));)
        }
        (Some(_), true) => quote! {
            let #name: Option<#ty> = if let Some(it) = self.#member { #start #before Some(it.value_or(#value)) } else { None };
        },
        (Some(presence), false) => {
            let condition = env.condition(&presence.that);
            quote!(let #name: Option<#ty> = if #condition { #start #before Some(#value) } else { None };)
        }
    }
}

fn kept(field: &Field, value: TokenStream) -> TokenStream {
    let member = ident(&field.rust);
    match &field.role {
        Role::Pinned(pin) if pin.kept => quote!(self.#member.value_or(#value)),
        _ => value,
    }
}

/// A statement, and the local that it makes, if that is all it is for.
type Local = (Option<proc_macro2::Ident>, TokenStream);

fn plain(tokens: TokenStream) -> Local {
    (None, tokens)
}

/// Drops locals that nothing needs.
fn prune(parts: Vec<Local>) -> TokenStream {
    let mut after = TokenStream::new();
    for (name, part) in parts.into_iter().rev() {
        if name.is_some_and(|name| !uses(&after, &name)) {
            continue;
        }
        let mut joined = part;
        joined.extend(after);
        after = joined;
    }
    after
}

/// The body of `write_into`, or of `write_driven` for a type that is driven from outside.
#[must_use]
pub fn body(ctx: &Ctx<'_>, id: TypeId, s: &Struct) -> TokenStream {
    let env = Env::new(ctx, id, Side::Value);
    let mut parts = started(&env);
    parts.extend(driven::locals(&env, s, &Raise::Unwritten));
    let sums = pins::over_this(s);
    for (field, _) in &sums {
        let method = format_ident!("{}_checksum", field.of(&s.fields).rust);
        let pass = common_args(ctx, id);
        parts.push((Some(format_ident!("of_all")), quote!(let of_all = self.#method(#pass)?;)));
    }
    parts.extend(pin_locals(&env, s, true, &Raise::Unwritten));
    parts.push(plain(driven::agree(&env, s, &Raise::Unwritten)));
    parts.push(plain(validate::all(&env, s, &Raise::Unwritten)));
    if sums.is_empty() {
        parts.extend(segments(&env, s));
        parts.push(plain(quote!(Ok(()))));
    } else {
        let pass = common_args(ctx, id);
        parts.push(plain(quote!(self.write_fields(sink, of_all, #pass))));
    }
    prune(parts)
}

/// `write_fields`: the bytes with a given checksum, for a type with a checksum over all of itself. A block has its bytes
/// at hand and needs none.
#[must_use]
pub fn fields_fn(ctx: &Ctx<'_>, id: TypeId, s: &Struct) -> TokenStream {
    let sum = pins::over_this(s).first().copied().filter(|_| !segment::is_block(ctx, s));
    let Some((field, _)) = sum else { return TokenStream::new() };
    let env = Env::new(ctx, id, Side::Value);
    let ty = pins::scalar_ty(&env, field.of(&s.fields));
    let mut parts = vec![(Some(format_ident!("order")), order(&env))];
    parts.extend(driven::locals(&env, s, &Raise::Unwritten));
    parts.extend(pin_locals(&env, s, true, &Raise::Unwritten));
    parts.extend(segments(&env, s));
    parts.push(plain(quote!(Ok(()))));
    let (params, body) = (common_params(ctx, id), prune(parts));
    let sums = pins::over_this(s).into_iter().map(|(f, kind)| pins::checksum_fn(&env, s, f, kind));
    quote! {
        #(#sums)*
        fn write_fields<O: Output>(&self, sink: &mut Sink<O>, of_all: #ty, #params) -> Result<()> { #body }
    }
}

fn segments(env: &Env<'_>, s: &Struct) -> Vec<Local> {
    let mut parts = vec![(Some(format_ident!("base")), quote!(let base = sink.position();))];
    if s.is_place {
        parts.push((Some(format_ident!("place")), quote!(let place = Place::default();)));
    }
    for segment in segment::of(env.ctx, s) {
        match segment {
            Segment::Block(fields, size) => {
                let n = Literal::u64_unsuffixed(size);
                let puts: Vec<_> = fields.iter().map(|field| put(env, s, *field, &Raise::Unwritten)).collect();
                if puts.iter().all(TokenStream::is_empty) {
                    parts.push(plain(quote!(sink.zeros(#n)?;)));
                } else {
                    parts.push(plain(block(&n, &quote!(#(#puts)*))));
                }
            }
            Segment::Single(id) => {
                parts.push(plain(write_field::statement(env, s, id)));
                parts.push(plain(remembered(env, s, id, &Raise::Unwritten)));
            }
        }
    }
    let policy = s.window.as_ref().map_or(s.slack, |w| w.slack);
    let tail = own_tail(s);
    if s.window.is_some() && env.ctx.looks_ahead(env.ty) {
        parts.insert(0, (None, quote!(let window = sink.start_window();)));
    }
    parts.push(plain(if s.is_place { super::aside::end(policy, &tail) } else { tail }));
    if s.window.is_some() && env.ctx.looks_ahead(env.ty) {
        parts.push(plain(quote!(sink.end_window(window)?;)));
    }
    parts.push(plain(super::remember::at_end(env, s, &Raise::Unwritten)));
    parts
}

/// The statement that writes bytes which others put into the array `b`: where they are to lie, unless they ask where that is.
fn block(n: &Literal, puts: &TokenStream) -> TokenStream {
    if uses(puts, &format_ident!("sink")) {
        return quote!(let b = &mut [0; #n]; #puts sink.put(b)?;);
    }
    quote!(sink.array(|b: &mut [u8; #n]| { #puts Ok(()) })?;)
}

/// The statements that put a field into the array `b` and remember what it tells; in a block, the fields behind it see that.
fn put(env: &Env<'_>, s: &Struct, (id, at): (FieldId, u64), raise: &Raise) -> TokenStream {
    let (put, remembered) = (block_field(env, id, at, raise), remembered(env, s, id, raise));
    quote!(#put #remembered)
}

/// What a field remembers once it is written.
fn remembered(env: &Env<'_>, s: &Struct, id: FieldId, raise: &Raise) -> TokenStream {
    super::remember::after_field(env, id, id.of(&s.fields), (raise, 0))
}

/// The slack of the type's own window.
fn own_tail(s: &Struct) -> TokenStream {
    let Some(window) = &s.window else {
        return match own_slack(s) {
            Some(_) if s.slack == Policy::Keep => quote!(sink.blob(&self.slack)?;),
            Some(_) => quote!(sink.zeros(self.slack)?;),
            None => TokenStream::new(),
        };
    };
    match (window.slack, constant(&window.size)) {
        (Policy::None, _) => TokenStream::new(),
        (Policy::Zero, Some(n)) => {
            let n = Literal::u64_suffixed(n);
            quote!(sink.zeros(#n.saturating_sub(sink.position().saturating_sub(base)))?;)
        }
        (Policy::Zero, None) => quote!(sink.zeros(self.slack)?;),
        (Policy::Keep, _) => quote!(sink.blob(&self.slack)?;),
    }
}

/// A statement that puts a field into the array `b`.
fn block_field(env: &Env<'_>, id: FieldId, at: u64, raise: &Raise) -> TokenStream {
    let Some(field) = env.ctx.format.field(env.ty, id) else { return TokenStream::new() };
    let value = env.member(id, field);
    let kept = matches!(field.role, Role::ImpliedKept);
    let off = Literal::u64_unsuffixed(at);
    match &field.content {
        Content::Scalar(scalar) => encode(env.ctx, *scalar, at, &value),
        Content::Magic(bytes) => {
            let (n, bytes) = (Literal::usize_unsuffixed(bytes.len()), Literal::byte_string(bytes));
            if kept {
                quote!(put::<#off, #n, _>(b, #value.value_or(*#bytes));)
            } else {
                quote!(put::<#off, #n, _>(b, *#bytes);)
            }
        }
        Content::Zero(_) if kept => {
            let n = Literal::u64_unsuffixed(field.size.fixed().unwrap_or(0));
            quote!(put::<#off, #n, _>(b, #value.0);)
        }
        Content::Type { id: of, args } => write_field::put_held(env, (id, at), field, (*of, args), raise),
        _ => TokenStream::new(),
    }
}

/// The body of `put_into` of a type of one block.
#[must_use]
pub fn put_into(ctx: &Ctx<'_>, id: TypeId, s: &Struct) -> TokenStream {
    let env = Env::new(ctx, id, Side::Value);
    let mut parts = started(&env);
    parts.extend(driven::locals(&env, s, &Raise::Fault));
    parts.extend(pin_locals(&env, s, false, &Raise::Fault));
    parts.push(plain(driven::agree(&env, s, &Raise::Fault)));
    parts.push(plain(validate::all(&env, s, &Raise::Fault)));
    let segments = segment::of(ctx, s);
    if let Some(Segment::Block(fields, _)) = segments.first() {
        let puts: Vec<_> = fields
            .iter()
            .filter(|(id, _)| !is_block_sum(s, *id))
            .map(|field| put(&env, s, *field, &Raise::Fault))
            .collect();
        let sums = block_sums(&env, s, fields);
        parts.push(plain(quote!(#(#puts)* #sums)));
        parts.push(plain(super::remember::at_end(&env, s, &Raise::Fault)));
        if matches!(ctx.ty(id).order, Order::Try { .. }) {
            let rule = validate::order_rule(&env);
            parts.push(plain(quote!(#rule.check(Self::find_order(b) == order, 0, Found::Nothing)?;)));
        }
    }
    parts.push(plain(quote!(Ok(()))));
    prune(parts)
}

fn is_block_sum(s: &Struct, id: FieldId) -> bool {
    pins::over_this(s).iter().any(|(f, _)| *f == id)
}

/// Checksums over a block: put when all else is there.
fn block_sums(env: &Env<'_>, s: &Struct, fields: &[(FieldId, u64)]) -> TokenStream {
    let mut out = TokenStream::new();
    for (id, kind) in pins::over_this(s) {
        let Some((_, at)) = fields.iter().find(|(f, _)| *f == id) else { continue };
        let field = id.of(&s.fields);
        let Content::Scalar(scalar) = field.content else { continue };
        let Some(pin) = pins::of(field) else { continue };
        let (sum, (before, pinned)) = (pins::block_sum(kind, &quote!(b)), pins::value(env, field, pin, &Raise::Fault));
        let put = encode(env.ctx, scalar, *at, &kept(field, pinned));
        out.extend(quote!(#sum #before #put));
    }
    out
}

/// A field written into `sink`, for a checksum over it.
#[must_use]
pub fn field_into(env: &Env<'_>, s: &Struct, id: FieldId) -> TokenStream {
    write_field::statement(env, s, id)
}

/// Locals of pinned fields that soft rules name. One that cannot be computed makes its rules hold.
#[must_use]
pub fn pins_for_checks(env: &Env<'_>, s: &Struct, checks: &TokenStream) -> TokenStream {
    let mut out = TokenStream::new();
    for field in s.fields.iter().filter(|f| pins::of(f).is_some()) {
        let name = local(&field.rust);
        let Some(pin) = pins::of(field) else { continue };
        if !uses(checks, &name) || pin.kind == crate::model::PinKind::Checksum {
            continue;
        }
        let ty = pins::scalar_ty(env, field);
        let Content::Scalar(scalar) = field.content else { continue };
        let (value, fallible) = pins::typed(env, env.emit_for(&pin.value, scalar), scalar);
        if let Some(presence) = &field.presence {
            let value = if fallible { value } else { quote!(Some(#value)) };
            let value = optional_pin(env, field, &presence.that, &value);
            out.extend(quote!(let #name: Option<#ty> = #value;));
            continue;
        }
        if fallible {
            out.extend(quote!(let Some(pinned) = #value else { return };));
        }
        let value = kept(field, if fallible { quote!(pinned) } else { value });
        out.extend(quote!(let #name: #ty = #value;));
    }
    out
}

/// The value of a pinned field that need not be there, from what it is pinned to, if that has a value.
fn optional_pin(env: &Env<'_>, field: &Field, that: &Expr, pinned: &TokenStream) -> TokenStream {
    let member = ident(&field.rust);
    if pins::of(field).is_some_and(|pin| pin.kept) {
        return quote!(self.#member.and_then(|it| #pinned.map(|pinned| it.value_or(pinned))));
    }
    let condition = env.condition(that);
    quote!(if #condition { #pinned } else { None })
}
