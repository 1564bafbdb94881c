//! Readers of structs: segments in wire order, each rule as soon as what it names is there.

use super::ctx::Ctx;
use super::decode;
use super::expr::{Env, Side};
use super::names::ident;
use super::pins;
use super::read_field;
use super::rules::{self, uses};
use super::rust_type::{gap, local, own_slack, slack};
use super::scalar::{Block, Raise};
use super::segment::{self, Segment};
use crate::model::{Field, FieldId, Order, Policy, Role, Struct, TypeId};
use proc_macro2::{Ident, Literal, TokenStream};
use quote::{format_ident, quote};

/// A struct while its reader is emitted.
pub struct Reader<'a> {
    /// What expressions see.
    pub env: Env<'a>,
    /// The struct.
    pub s: &'a Struct,
    /// Where each field's segment starts: the local with that position, and the field's offset from there.
    starts: Vec<(Ident, u64)>,
}

impl<'a> Reader<'a> {
    /// For a struct type.
    #[must_use]
    pub fn new(ctx: &'a Ctx<'a>, id: TypeId, s: &'a Struct) -> Self {
        let mut starts = vec![(format_ident!("base"), 0); s.fields.len()];
        for (n, segment) in segment::of(ctx, s).iter().enumerate() {
            match segment {
                Segment::Block(fields, _) => {
                    let first = fields.first().map_or(FieldId(0), |f| f.0);
                    let name =
                        if n == 0 { format_ident!("base") } else { format_ident!("{}_at", first.of(&s.fields).rust) };
                    for (id, at) in fields {
                        if let Some(start) = starts.get_mut(id.0) {
                            *start = (name.clone(), *at);
                        }
                    }
                }
                Segment::Single(id) => {
                    let field = id.of(&s.fields);
                    let suffix = if field.aside.is_some() { "aside" } else { "at" };
                    if let Some(start) = starts.get_mut(id.0) {
                        *start = (format_ident!("{}_{suffix}", field.rust), 0);
                    }
                }
            }
        }
        Self { env: Env::new(ctx, id, Side::Read), s, starts }
    }

    /// How a broken rule about a field leaves `read_from`.
    #[must_use]
    pub fn raise(&self, id: FieldId) -> (Raise, u64) {
        match self.starts.get(id.0) {
            Some((name, at)) => (Raise::At(quote!(#name)), *at),
            None => (Raise::At(quote!(base)), 0),
        }
    }

    /// Everything that is checked once a field is there.
    #[must_use]
    pub fn due(&self, id: FieldId, raise: &dyn Fn(FieldId) -> (Raise, u64)) -> TokenStream {
        let mut out = pins::on_read(&self.env, self.s, id, raise);
        out.extend(rules::after(&self.env, self.s, id, raise));
        let whole = raise(FieldId(0)).0;
        let whole = if matches!(whole, Raise::Fault | Raise::Nothing) { whole } else { Raise::At(quote!(base)) };
        let due: Vec<_> = self.s.require.iter().filter(|r| r.after == id).cloned().collect();
        out.extend(rules::require(&self.env, &due, &whole));
        if let Some(field) = self.s.fields.get(id.0) {
            out.extend(super::remember::after_field(&self.env, id, field, (&raise(id).0, raise(id).1)));
        }
        out
    }
}

/// Statements that set `order`, for a type that says its own.
#[must_use]
pub fn order(env: &Env<'_>) -> TokenStream {
    match &env.ctx.ty(env.ty).order {
        Order::Fixed(big) => {
            let order = super::rust_type::order(*big);
            quote!(let order = #order;)
        }
        Order::Expr(e) => {
            let order = env.emit(e).tokens;
            quote!(let order = #order;)
        }
        Order::None | Order::Try { .. } | Order::Context => TokenStream::new(),
    }
}

/// The body of `read_from`.
#[must_use]
pub fn body(ctx: &Ctx<'_>, id: TypeId, s: &Struct) -> TokenStream {
    let reader = Reader::new(ctx, id, s);
    let env = &reader.env;
    let mut parts = vec![started(env), order(env), quote!(let base = src.position();), pins::again(env, s)];
    if ctx.ty(id).recursive {
        parts.push(quote!(src.descend()?;));
    }
    if s.is_place {
        parts.push(quote!(let place = src.place();));
    }
    if s.window_field.is_none() {
        parts.extend(enter(&reader));
    }
    for (n, segment) in segment::of(ctx, s).iter().enumerate() {
        match segment {
            Segment::Block(fields, size) => parts.extend(block(&reader, fields, *size, n == 0)),
            Segment::Single(field) => parts.extend(single(&reader, *field)),
        }
        let last = match segment {
            Segment::Block(fields, _) => fields.last().map(|f| f.0),
            Segment::Single(field) => Some(*field),
        };
        if last.is_some() && s.window_field == last {
            parts.extend(enter(&reader));
        }
    }
    if s.fields.is_empty() {
        parts.push(reader.due(FieldId(0), &|_| (Raise::At(quote!(base)), 0)));
    }
    parts.extend(leave(s));
    parts.push(super::remember::at_end(env, s, &Raise::At(quote!(base))));
    if ctx.ty(id).recursive {
        parts.push(quote!(src.ascend();));
    }
    parts.push(result(&reader, false));
    prune(parts)
}

/// Drops positions and state that nothing needs, and an `order` that nothing takes.
#[must_use]
pub fn prune(parts: Vec<TokenStream>) -> TokenStream {
    let mut out: Vec<TokenStream> = Vec::new();
    let mut after = TokenStream::new();
    for part in parts.into_iter().rev() {
        if let Some(name) = binding(&part)
            && !uses(&after, &name)
        {
            continue;
        }
        let mut joined = part.clone();
        joined.extend(after);
        after = joined;
        out.push(part);
    }
    after
}

/// The name that `let name = src.position();` or `let order = ..;` binds.
fn binding(part: &TokenStream) -> Option<Ident> {
    let mut tokens = part.clone().into_iter();
    let (first, second) = (tokens.next()?, tokens.next()?);
    let proc_macro2::TokenTree::Ident(name) = second else { return None };
    let text = part.to_string();
    let position = text.ends_with("= src . position () ;") && text.matches(';').count() == 1;
    let order = name == "order" && text.matches(';').count() == 1;
    let state = text.ends_with("State :: default () ;") && text.matches(';').count() == 1;
    (first.to_string() == "let" && (position || order || state)).then_some(name)
}

/// The statement that starts the state of a type.
#[must_use]
pub fn started(env: &Env<'_>) -> TokenStream {
    super::state::start(env.ctx, env.ty).map(|(_, tokens)| tokens).unwrap_or_default()
}

/// The window of the type itself.
#[must_use]
pub fn enter(reader: &Reader<'_>) -> Option<TokenStream> {
    let window = reader.s.window.as_ref()?;
    let max = read_field::max(window.max);
    let (size, fallible) = reader.env.u64(&window.size);
    let expected = format!("`{}`", window.size.text);
    let size = if fallible { quote!(#size.ok_or_else(|| Error::uncomputed(#expected).located(base))?) } else { size };
    let bound = reader.s.is_place.then(|| quote!(src.bound(&place);));
    Some(quote!(let outer = src.enter_from(base, #size, #max)?; #bound))
}

/// The end of the type's own window.
#[must_use]
pub fn leave(s: &Struct) -> Vec<TokenStream> {
    let policy = s.window.as_ref().map_or(s.slack, |w| w.slack);
    let held = own_slack(s).is_some();
    let close = match (policy, held) {
        _ if s.is_place => super::aside::leave(s, policy, held),
        (Policy::None, _) if s.window.is_none() => TokenStream::new(),
        (Policy::None, _) => quote!(src.close()?;),
        (Policy::Zero, true) => quote!(let slack = src.zeros_rest()?;),
        (Policy::Zero, false) => quote!(src.close_zero()?;),
        (Policy::Keep, _) => quote!(let slack = src.close_keep()?;),
    };
    let exit = s.window.is_some().then(|| quote!(src.exit(outer);));
    vec![close, exit.unwrap_or_default()]
}

/// Statements that read some fields; none where a block of them holds others too.
#[must_use]
pub fn some(reader: &Reader<'_>, ids: &[FieldId]) -> Option<Vec<TokenStream>> {
    let mut parts = Vec::new();
    for (n, segment) in segment::of(reader.env.ctx, reader.s).iter().enumerate() {
        match segment {
            Segment::Block(fields, size) if fields.iter().any(|f| ids.contains(&f.0)) => {
                fields.iter().all(|f| ids.contains(&f.0)).then_some(())?;
                parts.extend(block(reader, fields, *size, n == 0));
            }
            Segment::Single(id) if ids.contains(id) => parts.extend(single(reader, *id)),
            _ => {}
        }
    }
    Some(parts)
}

/// A run of fields as one array.
#[must_use]
pub fn block(reader: &Reader<'_>, fields: &[(FieldId, u64)], size: u64, first: bool) -> Vec<TokenStream> {
    let ctx = reader.env.ctx;
    let n = Literal::u64_unsuffixed(size);
    let mut parts = Vec::new();
    if !first && let Some((id, _)) = fields.first() {
        let name = &reader.raise(*id).0;
        if let Raise::At(name) = name {
            parts.push(quote!(let #name = src.position();));
        }
    }
    parts.push(quote!(let mut block = [0; #n]; src.fill(&mut block)?;));
    if let (true, Order::Try { .. }) = (first, &ctx.ty(reader.env.ty).order) {
        parts.push({
            let name = ident(&ctx.ty(reader.env.ty).rust);
            quote!(let order = #name::find_order(&block);)
        });
    }
    for (id, at) in fields {
        let (raise, _) = reader.raise(*id);
        let block = Block { env: &reader.env, array: quote!(&block), raise };
        parts.push(decode::field(&block, *id, *at));
        parts.push(reader.due(*id, &|id| reader.raise(id)));
    }
    parts
}

/// A field that stands alone.
#[must_use]
pub fn single(reader: &Reader<'_>, id: FieldId) -> Vec<TokenStream> {
    let (start, _) = reader.raise(id);
    let mut parts = Vec::new();
    let field = id.of(&reader.s.fields);
    if let (Raise::At(name), None, None) = (&start, &field.at, &field.aside) {
        parts.push(quote!(let #name = src.position();));
    }
    parts.push(read_field::statement(reader, id, field));
    parts.push(reader.due(id, &|id| reader.raise(id)));
    parts
}

/// What `from_bytes` of a type of one block does with the array `b`.
#[must_use]
pub fn from_bytes(ctx: &Ctx<'_>, id: TypeId, s: &Struct) -> TokenStream {
    let reader = Reader::new(ctx, id, s);
    let mut parts = vec![started(&reader.env), order(&reader.env)];
    if let Order::Try { .. } = ctx.ty(id).order {
        parts.push({
            let name = ident(&ctx.ty(id).rust);
            quote!(let order = #name::find_order(b);)
        });
    }
    let segments = segment::of(ctx, s);
    if let Some(Segment::Block(fields, _)) = segments.first() {
        for (field, at) in fields {
            let block = Block { env: &reader.env, array: quote!(b), raise: Raise::Fault };
            parts.push(decode::field(&block, *field, *at));
            parts.push(reader.due(*field, &|id| (Raise::Fault, reader.raise(id).1)));
        }
    }
    parts.push(pins::whole_of_block(&reader.env, s));
    parts.push(super::remember::at_end(&reader.env, s, &Raise::Fault));
    parts.push(result(&reader, true));
    prune(parts)
}

/// The value, from its locals.
fn result(reader: &Reader<'_>, block: bool) -> TokenStream {
    let (ctx, id) = (reader.env.ctx, reader.env.ty);
    let ty = ctx.ty(id);
    let value = literal(reader);
    let whole = if reader.s.outside.is_empty() {
        quote!(Self #value)
    } else {
        let (name, inner, companion) =
            (ident(&ty.rust), ident(&super::names::snake(&ty.rust)), format_ident!("{}Driven", ty.rust));
        let driven = reader.s.outside.iter().map(|id| member(&id.of(&reader.s.fields).rust));
        quote!(Self { #inner: #name #value, driven: #companion { #(#driven),* } })
    };
    let checks = pins::whole_on_read(&reader.env, reader.s, &TokenStream::new(), &|id| reader.raise(id));
    match checks {
        Some(checks) if !block => quote!(let value = #whole; #checks Ok(value)),
        _ => quote!(Ok(#whole)),
    }
}

fn member(rust: &str) -> TokenStream {
    let (name, local) = (ident(rust), local(rust));
    if name == local { quote!(#name) } else { quote!(#name: #local) }
}

fn literal(reader: &Reader<'_>) -> TokenStream {
    let mut fields = Vec::new();
    if reader.env.ctx.ty(reader.env.ty).holds_order() {
        fields.push(quote!(byte_order: order));
    }
    fields.extend(reader.s.fields.iter().flat_map(members));
    fields.extend(own_slack(reader.s).map(|(name, _)| quote!(#name)));
    quote!({ #(#fields),* })
}

/// The members of a field, from its locals: its gap, itself, its slack.
#[must_use]
pub fn members(field: &Field) -> Vec<TokenStream> {
    let gap = gap(field).map(|(name, _)| quote!(#name));
    let slack = slack(field).map(|(name, _)| quote!(#name));
    gap.into_iter().chain(held(field)).chain(slack).collect()
}

fn held(field: &Field) -> Option<TokenStream> {
    if !field.is_held() {
        return None;
    }
    match &field.role {
        Role::Pinned(_) => {
            let (name, kept) = (ident(&field.rust), format_ident!("{}_kept", local(&field.rust)));
            Some(quote!(#name: #kept))
        }
        _ => Some(member(&field.rust)),
    }
}
