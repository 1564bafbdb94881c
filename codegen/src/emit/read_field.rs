//! Reading of fields that stand alone: optional ones, windows, lists, texts, blobs, held types.

use super::args;
use super::ctx::line;
use super::decode;
use super::expr::Env;
use super::names::ident;
use super::read::Reader;
use super::read_list;
use super::rust_type::{gap, local, of_type, slack};
use super::scalar::{Block, Raise};
use crate::model::{
    At, AtFrom, BinaryOp, Content, Driver, Expr, ExprKind, Field, FieldId, Length, Policy, Role, TypeId, Window,
};
use crate::resolve::{early, late, walk};
use proc_macro2::{Ident, Literal, TokenStream};
use quote::{format_ident, quote};

/// A field while its reading is emitted.
pub struct Part<'r> {
    /// What expressions see.
    pub env: &'r Env<'r>,
    /// The field.
    pub field: &'r Field,
    /// Whether this type computes the fields that the held type is driven by.
    pub drives: bool,
    /// What follows a fallible call: the field's place in the path, and `?`.
    pub tail: TokenStream,
    /// Where the part starts.
    pub start: TokenStream,
    /// Whether a held type lies behind a `Box`.
    pub boxed: bool,
}

/// A limit, as the `max` of runtime calls.
#[must_use]
pub fn max(limit: Option<u64>) -> TokenStream {
    if let Some(n) = limit {
        let n = super::enum_repr::number(i128::from(n), "");
        quote!(#n)
    } else {
        quote!(u64::MAX)
    }
}

/// The statement that makes the local of a field, and those of its gap and slack.
#[must_use]
pub fn statement(reader: &Reader<'_>, id: FieldId, field: &Field) -> TokenStream {
    let env = &reader.env;
    if let Some(unlike) = &field.unlike {
        return super::guard::unlike(env, field, unlike);
    }
    let (label, at) = (&field.name, line(field.site));
    let Raise::At(start) = reader.raise(id).0 else { return TokenStream::new() };
    let drives = env.ctx.is_driver_of(env.ty, id);
    let boxed = super::rust_type::is_boxed(env.ctx, field);
    let part = Part { env, field, drives, tail: quote!(.field(#label, #at)?), start: start.clone(), boxed };
    let names = outputs(field, drives);
    let (ahead, before) = (super::aside::start_for_rules(&part), placed(&part));
    let position = field.at.is_some().then(|| quote!(let #start = src.position();));
    let value = value(&part);
    let name = format_ident!("{}", start.to_string());
    let later = position.is_some() && has_later_use(reader, id, &name);
    let position = position.filter(|_| later || super::rules::uses(&value, &name));
    match &field.presence {
        None => assign(&names, &quote!(#before #position), &value),
        Some(presence) => {
            let condition = condition(&part, &presence.that);
            let before = (&quote!(#before #position), later.then_some(&name));
            let read = optional(&part, &names, &condition, before, &value);
            quote!(#ahead #read)
        }
    }
}

/// Whether a rule, or what else is looked at behind it, needs the position of a field that was moved to.
fn has_later_use(reader: &Reader<'_>, id: FieldId, start: &Ident) -> bool {
    let raise = |id| reader.raise(id);
    let is_due = (0..reader.s.fields.len()).any(|at| super::rules::uses(&reader.due(FieldId(at), &raise), start));
    is_due || reader.s.fields.iter().any(|f| asks_offset(f, id))
}

/// Whether it is asked where a field lies, to read another.
fn asks_offset(field: &Field, id: FieldId) -> bool {
    let mut asks = false;
    let args = if let Content::Type { args, .. } = field.content.element() { args.as_slice() } else { &[] };
    for e in early(field).into_iter().chain(late(field)).chain(args) {
        walk(e, &mut |e| asks |= matches!(e.kind, ExprKind::OffsetOf(of) if of == id));
    }
    asks
}

/// The condition of a field that need not be there.
#[must_use]
pub fn condition(part: &Part<'_>, that: &Expr) -> TokenStream {
    let operand = part.env.emit(that);
    if operand.mode == super::expr::Mode::Plain {
        return operand.tokens;
    }
    let (atom, tail, expected) = (operand.atom(), &part.tail, format!("`{}`", that.text));
    quote!(#atom.ok_or_else(|| Error::uncomputed(#expected)) #tail)
}

/// The locals that a field makes.
fn outputs(field: &Field, drives: bool) -> Vec<Ident> {
    let mut out: Vec<Ident> = gap(field).into_iter().map(|g| g.0).collect();
    if makes_local(field) {
        out.push(local(&field.rust));
    }
    if drives {
        out.push(format_ident!("{}_driven", local(&field.rust)));
    }
    out.extend(slack(field).map(|s| s.0));
    out
}

/// Whether a field has a value at all.
fn makes_local(field: &Field) -> bool {
    !matches!(field.role, Role::Implied)
}

fn assign(names: &[Ident], before: &TokenStream, value: &TokenStream) -> TokenStream {
    match names {
        [] => quote!(#before #value;),
        [one] if before.is_empty() => quote!(let #one = #value;),
        [one] => quote!(#before let #one = #value;),
        [gap, one] if gap.to_string().ends_with("_gap") => quote!(#before let #one = #value;),
        [gap, rest @ ..] if gap.to_string().ends_with("_gap") => quote!(#before let (#(#rest),*) = #value;),
        _ => quote!(#before let (#(#names),*) = #value;),
    }
}

fn optional(
    part: &Part<'_>,
    names: &[Ident],
    condition: &TokenStream,
    (before, start): (&TokenStream, Option<&Ident>),
    value: &TokenStream,
) -> TokenStream {
    let empty = |name: &Ident| empty_extra(part.field, name);
    match (names, start) {
        ([], None) => quote!(if #condition { #before #value; }),
        ([one], None) => quote!(let #one = if #condition { #before Some(#value) } else { None };),
        ([], Some(start)) => quote! {
            let #start = if #condition { #before #value; #start } else { src.position() };
        },
        _ => {
            let main = local(&part.field.rust);
            let some = names.iter().map(|n| if *n == main { quote!(Some(#n)) } else { quote!(#n) });
            let none = names.iter().map(|n| if *n == main { quote!(None) } else { empty(n) });
            let inner = assign(names, before, value);
            let (moved, nowhere) = (start.into_iter(), start.map(|_| quote!(src.position())).into_iter());
            let given = moved.clone();
            quote! {
                let (#(#moved,)* #(#names),*) = if #condition { #inner (#(#given,)* #(#some),*) } else { (#(#nowhere,)* #(#none),*) };
            }
        }
    }
}

/// What the gap or slack of an absent field is.
fn empty_extra(field: &Field, name: &Ident) -> TokenStream {
    let extras = [gap(field), slack(field)];
    let ty = extras.into_iter().flatten().find(|(n, _)| n == name).map(|(_, ty)| ty.to_string());
    if ty.as_deref() == Some("u64") { quote!(0) } else { quote!(Blob::EMPTY) }
}

/// Statements that move to where a field starts.
fn placed(part: &Part<'_>) -> TokenStream {
    if let Some(aside) = &part.field.aside {
        return super::aside::start(part, aside);
    }
    let Some(at) = &part.field.at else { return TokenStream::new() };
    let to = size(part, &at.offset);
    let tail = &part.tail;
    let to = from(at, &to);
    match (at.gap, gap(part.field)) {
        (Policy::None, _) => quote!(src.gap_none(#to) #tail;),
        (Policy::Zero, None) => quote!(src.gap_zero(#to) #tail;),
        (Policy::Zero, Some((name, _))) => {
            quote!(let #name = (#to).saturating_sub(src.position()); src.gap_zero(#to) #tail;)
        }
        (_, name) => {
            let name = name.map(|n| n.0);
            quote!(let #name = src.gap_keep(#to) #tail;)
        }
    }
}

/// The absolute offset that an `at` says.
#[must_use]
pub fn from(at: &At, offset: &TokenStream) -> TokenStream {
    match at.from {
        AtFrom::Type => quote!(base.saturating_add(#offset)),
        AtFrom::File => quote!(src.from_first(#offset)),
    }
}

/// A size, count or offset as `u64`; one that cannot be computed is an error at the field.
#[must_use]
pub fn size(part: &Part<'_>, e: &Expr) -> TokenStream {
    let (tokens, fallible) = exact(part, e).unwrap_or_else(|| part.env.u64(e));
    if !fallible {
        return tokens;
    }
    let (tail, expected, start) = (&part.tail, format!("`{}`", e.text), &part.start);
    let moved = part.field.at.is_some() || part.field.aside.is_some();
    let start = if moved { quote!(src.position()) } else { start.clone() };
    quote!(#tokens.ok_or_else(|| Error::uncomputed(#expected).located(#start)) #tail)
}

/// A driven quotient: a writer could not make a number that leaves a remainder again.
fn exact(part: &Part<'_>, e: &Expr) -> Option<(TokenStream, bool)> {
    let ExprKind::Binary(BinaryOp::Divide, a, b) = &e.kind else { return None };
    let ExprKind::Int(by) = b.kind else { return None };
    let s = part.env.ctx.ty(part.env.ty).as_struct()?;
    let id = FieldId(s.fields.iter().position(|f| f.rust == part.field.rust)?);
    let drivers = [Driver::Size, Driver::Count, Driver::Offset];
    if !drivers.into_iter().any(|d| part.env.ctx.drives(part.env.ty, id, d)) {
        return None;
    }
    let (n, by) = (part.env.u64(a).0, Literal::i128_unsuffixed(by));
    Some((quote!(expr::exact(#n, #by)), true))
}

/// The value of a field that is there: with its slack, a pair.
#[must_use]
pub fn value(part: &Part<'_>) -> TokenStream {
    match (&part.field.aside, &part.field.window) {
        (Some(aside), _) => super::aside::value(part, aside),
        (None, None) => inner(part),
        (None, Some(window)) => windowed(part, window),
    }
}

fn windowed(part: &Part<'_>, window: &Window) -> TokenStream {
    let (len, max, tail) = (size(part, &window.size), max(window.max), &part.tail);
    if window.held && !matches!(part.field.content, Content::Zero(_)) {
        let body = held_in(part, window.slack);
        return quote!({
            let len = #len;
            src.window(len, #max, |src| { #body }) #tail
        });
    }
    let (bind, close) = (bind(part, &inner(part)), close(part, window.slack, tail));
    let names = window_names(part);
    quote!({
        let outer = src.enter(#len, #max) #tail;
        #bind #close
        src.exit(outer);
        #names
    })
}

/// What a closure does with the `src` of a window that is held: reads the value, closes the window.
#[must_use]
pub fn held_in(part: &Part<'_>, policy: Policy) -> TokenStream {
    let tail = quote!(?);
    // What is read in a closure gets the field's place in the path when it leaves that.
    let unnamed = Field { name: String::new(), ..part.field.clone() };
    let bare = Part { tail: tail.clone(), start: part.start.clone(), field: &unnamed, ..*part };
    let (bind, close) = (bind(part, &inner(&bare)), close(part, policy, &tail));
    let names = window_names(part);
    quote!(#bind #close Ok(#names))
}

/// The end of a window.
fn close(part: &Part<'_>, policy: Policy, tail: &TokenStream) -> TokenStream {
    match (policy, slack(part.field).map(|s| s.0)) {
        (Policy::None, _) => quote!(src.close() #tail;),
        (Policy::Zero, None) => quote!(src.close_zero() #tail;),
        (Policy::Zero, Some(name)) => quote!(let #name = src.zeros_rest() #tail;),
        (Policy::Keep, name) => quote!(let #name = src.close_keep() #tail;),
    }
}

fn bind(part: &Part<'_>, value: &TokenStream) -> TokenStream {
    let name = local(&part.field.rust);
    if !makes_local(part.field) {
        return quote!(#value;);
    }
    if part.drives {
        let driven = format_ident!("{name}_driven");
        return quote!(let (#name, #driven) = #value;);
    }
    quote!(let #name = #value;)
}

fn window_names(part: &Part<'_>) -> TokenStream {
    let mut names: Vec<Ident> = Vec::new();
    if makes_local(part.field) {
        names.push(local(&part.field.rust));
    }
    if part.drives {
        names.push(format_ident!("{}_driven", local(&part.field.rust)));
    }
    names.extend(slack(part.field).map(|s| s.0));
    match names.as_slice() {
        [one] => quote!(#one),
        names => quote!((#(#names),*)),
    }
}

fn inner(part: &Part<'_>) -> TokenStream {
    match &part.field.repeat {
        Some(repeat) => read_list::list(part, repeat),
        None => content(part),
    }
}

/// One value: the field, or an element of the list.
#[must_use]
pub fn content(part: &Part<'_>) -> TokenStream {
    let (field, tail) = (part.field, &part.tail);
    if let Some(copies) = &field.copies {
        return super::copies::read(part, copies);
    }
    let kept = matches!(field.role, Role::ImpliedKept);
    match &field.content {
        Content::Scalar(_) | Content::Magic(_) => small(part),
        Content::Bytes(length) => bytes(part, length),
        Content::Utf8(length) => utf8(part, length),
        Content::Utf16(length) => utf16(part, length),
        Content::Blob(Length::Told(told)) => super::externs::read(part, told),
        Content::Blob(length) => with_length(part, length, &|n| quote!(src.blob(#n) #tail)),
        Content::CStr if field.max.is_some() => {
            let check = super::ties::text_max_check(part.env, field, &quote!(text), &raise(part));
            quote!({ let at = src.position(); let text = src.cstring() #tail; #check text })
        }
        Content::CStr => quote!(src.cstring() #tail),
        Content::PStr(prefix) => pstr(part, *prefix),
        Content::Zero(Length::Const(n)) if kept && *n <= 4096 => {
            let n = Literal::u64_unsuffixed(*n);
            quote!(Reserved(src.block::<#n>() #tail))
        }
        Content::Zero(Length::Rest) if kept => {
            let max = max(field.max.or(field.window.as_ref().and_then(|w| w.max)));
            quote!(src.zeros_rest_kept(#max) #tail)
        }
        Content::Zero(Length::Rest) => quote!(src.zeros_rest() #tail),
        Content::Zero(length) if kept => {
            let max = max(field.max);
            with_length(part, length, &|n| quote!(src.zeros_kept(#n, #max) #tail))
        }
        Content::Zero(length) => with_length(part, length, &|n| quote!(src.zeros(#n) #tail)),
        Content::Align(to) => {
            let (to, call) = (size(part, to), if kept { quote!(align_kept) } else { quote!(align) });
            quote!(src.#call(base, #to) #tail)
        }
        Content::Lazy(lazy) => super::lazy::read(part, lazy),
        Content::Type { id, args } => held(part, *id, args),
    }
}

/// A scalar or magic by itself: an array of its own.
fn small(part: &Part<'_>) -> TokenStream {
    let n = Literal::u64_unsuffixed(super::measure::fixed_content(part.env.ctx, &part.field.content).unwrap_or(0));
    let (name, tail) = (local(&part.field.rust), &part.tail);
    let plain = Field { presence: None, at: None, window: None, repeat: None, ..part.field.clone() };
    let block = Block { env: part.env, array: quote!(&block), raise: raise(part) };
    let statements = match &plain.content {
        Content::Scalar(scalar) => block.decode(&plain, *scalar, 0, &name),
        _ => decode::standing(&block, &plain),
    };
    let at = super::rules::uses(&statements, &format_ident!("at")).then(|| quote!(let at = src.position();));
    let body = if makes_local(part.field) { super::rules::ending_in(&statements, &name) } else { statements };
    quote!({ #at let mut block = [0; #n]; src.fill(&mut block) #tail; #body })
}

/// How a rule about a value that starts `at` leaves: an element adds its own place in the path.
#[must_use]
pub fn raise(part: &Part<'_>) -> Raise {
    let tail = &part.tail;
    if part.field.name.is_empty() { Raise::Part(quote!(at), quote!(#tail)) } else { Raise::At(quote!(at)) }
}

/// Something of this length.
#[must_use]
pub fn with_length(part: &Part<'_>, length: &Length, of: &dyn Fn(TokenStream) -> TokenStream) -> TokenStream {
    match length {
        Length::Const(n) => of({
            let n = super::enum_repr::number(i128::from(*n), "");
            quote!(#n)
        }),
        Length::Expr(e) => {
            let n = size(part, e);
            // What is left is asked of the source before it is read from.
            if !super::rules::uses(&n, &format_ident!("src")) {
                return of(n);
            }
            let read = of(quote!(n));
            quote!({ let n = #n; #read })
        }
        Length::Rest | Length::Told(_) => {
            let (read, tail) = (of(quote!(rest)), &part.tail);
            quote!({ let rest = src.rest() #tail; #read })
        }
    }
}

fn bytes(part: &Part<'_>, length: &Length) -> TokenStream {
    let (max, tail) = (max(part.field.max), &part.tail);
    with_length(part, length, &|n| quote!(src.bytes(#n, #max) #tail))
}

fn utf8(part: &Part<'_>, length: &Length) -> TokenStream {
    let block = Block { env: part.env, array: quote!(b), raise: Raise::At(quote!(at)) };
    let rule = decode::shape_rule(&block, part.field, "text in UTF-8");
    let bytes = bytes(part, length);
    let text = raise(part).wrap(&quote!(String::from_utf8(bytes).map_err(|_| #rule.fault(0, Found::Nothing))));
    quote!({
        let at = src.position();
        let bytes = #bytes;
        #text
    })
}

fn utf16(part: &Part<'_>, length: &Length) -> TokenStream {
    let block = Block { env: part.env, array: quote!(b), raise: Raise::At(quote!(at)) };
    let rule = decode::shape_rule(&block, part.field, "an even number of bytes");
    let bytes = bytes(part, length);
    let text = raise(part).wrap(&quote!(Utf16::from_bytes(&bytes, order).ok_or_else(|| #rule.fault(0, bytes.len()))));
    quote!({
        let at = src.position();
        let bytes = #bytes;
        #text
    })
}

fn pstr(part: &Part<'_>, prefix: u32) -> TokenStream {
    let (len, max, tail) = (pstr_len(part, prefix), max(part.field.max), &part.tail);
    quote!({ #len Text(src.bytes(len.into(), #max) #tail) })
}

/// Statements that make `len`, the length before a text, of `prefix` bytes.
#[must_use]
pub fn pstr_len(part: &Part<'_>, prefix: u32) -> TokenStream {
    let tail = &part.tail;
    if prefix == 1 {
        return quote!(let [len] = src.block() #tail;);
    }
    let (n, get) = (Literal::u32_unsuffixed(prefix), format_ident!("get_u{}", prefix.saturating_mul(8)));
    quote!(let mut block = [0; #n]; src.fill(&mut block) #tail; let len = #get::<0, _>(&block, order);)
}

/// A held type.
fn held(part: &Part<'_>, id: TypeId, args: &[Expr]) -> TokenStream {
    let ctx = part.env.ctx;
    let (ty, tail) = (of_type(ctx, id, true), &part.tail);
    let (before, args) = held_args(part, id, args);
    let (order, spec) = (passed_order(part.env, id), held_spec(part.env, id));
    let value = quote!(#ty::read_from(src, #order, #args) #spec #tail);
    let value = if part.boxed { quote!(Box::new(#value)) } else { value };
    if part.drives {
        let inner = ident(&super::names::snake(&ctx.ty(id).rust));
        return quote!({ #(#before)* let #ty { #inner, driven } = #value; (#inner, driven) });
    }
    if before.is_empty() { value } else { quote!({ #(#before)* #value }) }
}

/// The arguments of a held type: statements that come first, and the value.
#[must_use]
pub fn held_args(part: &Part<'_>, id: TypeId, args: &[Expr]) -> (Vec<TokenStream>, TokenStream) {
    let tail = &part.tail;
    let (before, args) = args::build(part.env, id, args);
    let before = before.iter().map(|b| quote!(#b .map_err(|e| e.located(src.position())) #tail;));
    (before.collect(), args)
}

/// What names the spec file in an error of a held type, where that is another file.
#[must_use]
pub fn held_spec(env: &Env<'_>, id: TypeId) -> Option<TokenStream> {
    let ty = of_type(env.ctx, id, true);
    (env.ctx.ty(id).site.file != env.ctx.ty(env.ty).site.file).then(|| quote!(.spec(#ty::SPEC)))
}

/// The order that a held type is given: one that has its own, or none, ignores it.
#[must_use]
pub fn passed_order(env: &Env<'_>, id: TypeId) -> TokenStream {
    if env.ctx.ty(id).has_own_order() && !has_order(env) { quote!(Endian::Little) } else { quote!(order) }
}

/// Whether `order` is there in the reader and writer of a type.
#[must_use]
pub fn has_order(env: &Env<'_>) -> bool {
    !matches!(env.ctx.ty(env.ty).order, crate::model::Order::None)
}
