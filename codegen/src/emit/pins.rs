//! Pinned fields: checked on read, computed on write; checksums last.

use super::ctx::{Ctx, RuleEntry};
use super::docs;
use super::expr::{Env, Kind, Mode, Operand, Side};
use super::names::ident;
use super::rules::{ending_in, fields_in};
use super::rust_type::{self, local};
use super::scalar::{Raise, rule_name};
use crate::model::{
    Checksum, Class, Content, Expr, ExprKind, Field, FieldId, Pin, PinKind, Role, Scalar, Struct, TypeId,
};
use proc_macro2::{Ident, Literal, TokenStream};
use quote::{format_ident, quote};

/// The pin of a field.
#[must_use]
pub fn of(field: &Field) -> Option<&Pin> {
    match &field.role {
        Role::Pinned(pin) => Some(pin),
        _ => None,
    }
}

/// The field after which a pin can be checked while reading; nothing for one over the whole value.
fn due(id: FieldId, pin: &Pin) -> Option<FieldId> {
    if crate::resolve::names_this(&pin.value)
        || pin.kind == PinKind::Checksum && checksum(&pin.value).is_some_and(|c| c.1.is_none())
    {
        return None;
    }
    fields_in(&pin.value).into_iter().chain([id]).max()
}

/// The rule of a pin.
#[must_use]
pub fn rule(env: &Env<'_>, field: &Field, pin: &Pin) -> TokenStream {
    let ty = env.ctx.ty(env.ty);
    let expected = match &pin.value.kind {
        ExprKind::Int(_) | ExprKind::EnumValue(..) | ExprKind::Bool(_) => pin.value.text.clone(),
        _ => format!("`{}`", pin.value.text),
    };
    env.ctx.rule(&RuleEntry {
        name: rule_name(ty, &field.rust, "VALUE"),
        field: &field.name,
        site: field.site,
        class: field.class.unwrap_or(Class::Invalid),
        expected: &expected,
        say: field.say.as_deref(),
    })
}

/// Statements that check the pins that can be checked once `after` is read.
#[must_use]
pub fn on_read(env: &Env<'_>, s: &Struct, after: FieldId, raise: &dyn Fn(FieldId) -> (Raise, u64)) -> TokenStream {
    let mut out = TokenStream::new();
    for (i, field) in s.fields.iter().enumerate() {
        let id = FieldId(i);
        let Some(pin) = of(field).filter(|p| due(id, p) == Some(after)) else { continue };
        let (raise, at) = raise(id);
        out.extend(check_read(env, field, pin, (&raise, at)));
    }
    out
}

fn check_read(env: &Env<'_>, field: &Field, pin: &Pin, place: (&Raise, u64)) -> TokenStream {
    let name = local(&field.rust);
    let at = Literal::u64_unsuffixed(place.1);
    let start = match (pin.kind, checksum(&pin.value)) {
        (PinKind::Checksum, Some((kind, Some(over), _))) => over_field(env, kind, over),
        _ => TokenStream::new(),
    };
    let (before, pinned) = value_at(env, field, pin, place);
    if pin.kept {
        let kept = format_ident!("{name}_kept");
        return match (field.is_optional(), start.is_empty() && before.is_empty()) {
            (false, _) => quote!(#start #before let #kept = Kept::read(#name, &#pinned);),
            (true, true) => quote!(let #kept = #name.map(|found| Kept::read(found, &#pinned));),
            // The pin of an absent field is not asked for: it may have no value.
            (true, false) => quote! {
                let #kept = if let Some(found) = #name {
                    #start
                    #before
                    Some(Kept::read(found, &#pinned))
                } else {
                    None
                };
            },
        };
    }
    let rule = rule(env, field, pin);
    let shown = |name: &TokenStream| {
        if let Content::Scalar(scalar) = &field.content {
            super::scalar::found(*scalar, name)
        } else {
            quote!(Found::Nothing)
        }
    };
    if field.is_optional() {
        let found = shown(&quote!(found));
        let check = place.0.wrap(&quote!(#rule.check(found == #pinned, #at, #found)));
        return quote!(if let Some(found) = #name { #start #before #check; });
    }
    let found = shown(&quote!(#name));
    let check = place.0.check(&rule, &quote!(#name == #pinned), (&at, &found));
    quote!(#start #before #check)
}

/// The pinned value as the field's own type. One that cannot be computed or does not fit is no value: statements that make
/// `pinned` come first.
#[must_use]
pub fn value(env: &Env<'_>, field: &Field, pin: &Pin, raise: &Raise) -> (TokenStream, TokenStream) {
    value_at(env, field, pin, (raise, 0))
}

/// The same of a field that starts so many bytes behind what errors are counted from.
fn value_at(env: &Env<'_>, field: &Field, pin: &Pin, place: (&Raise, u64)) -> (TokenStream, TokenStream) {
    let Content::Scalar(scalar) = field.content else { return (TokenStream::new(), quote!(0)) };
    let operand = env.emit_for(&pin.value, scalar);
    let (tokens, fallible) = typed(env, operand, scalar);
    if !fallible {
        return (TokenStream::new(), tokens);
    }
    let rule = rule(env, field, pin);
    let at = Literal::u64_unsuffixed(place.1);
    let value = place.0.wrap(&quote!(#tokens.ok_or_else(|| #rule.fault(#at, Found::Nothing))));
    (quote!(let pinned = #value;), quote!(pinned))
}

/// An operand as the type of a scalar; the flag says whether it is an `Option`.
#[must_use]
pub fn typed(env: &Env<'_>, operand: Operand, scalar: Scalar) -> (TokenStream, bool) {
    let (signed, bits) = match scalar {
        Scalar::UInt(n) => (false, n.saturating_mul(8)),
        Scalar::Int(n) => (true, n.saturating_mul(8)),
        Scalar::Flags(id) if !matches!(operand.kind, Kind::Flags(_)) => {
            let name = ident(&id.of(&env.ctx.format.flags).rust);
            let (tokens, _) = typed(env, operand, Scalar::UInt(id.of(&env.ctx.format.flags).bits / 8));
            return (quote!(#name::from_bits(#tokens)), true);
        }
        _ => return (operand.tokens, operand.mode != Mode::Plain),
    };
    let operand = env.number(operand);
    let ty = format_ident!("{}{bits}", if signed { "i" } else { "u" });
    match (&operand.kind, operand.mode) {
        (Kind::Literal(n), Mode::Plain) if fits(signed, bits, *n) => (operand.tokens, false),
        (Kind::Int(s, b), Mode::Plain) if (*s, *b) == (signed, bits) => (operand.tokens, false),
        (Kind::Int(false, b), Mode::Plain) if *b < bits => (env.to(&operand, signed, bits), false),
        (Kind::Int(true, b), Mode::Plain) if signed && *b < bits => (env.to(&operand, signed, bits), false),
        (_, Mode::Plain) => {
            let wide = env.to(&operand, true, 128);
            (quote!(#ty::try_from(#wide).ok()), true)
        }
        (Kind::Int(s, b), _) if (*s, *b) == (signed, bits) => (operand.tokens, true),
        _ => {
            let atom = operand.atom();
            (quote!(#atom.and_then(|n| #ty::try_from(n).ok())), true)
        }
    }
}

fn fits(signed: bool, bits: u32, n: i128) -> bool {
    use crate::model::Range;
    if signed { Range::signed(bits).contains(n) } else { Range::unsigned(bits).contains(n) }
}

/// The checksum in a pin: kind, over which field, without which field.
fn checksum(e: &Expr) -> Option<(Checksum, Option<FieldId>, Option<FieldId>)> {
    let mut found = None;
    crate::resolve::walk(e, &mut |e| {
        if let ExprKind::Checksum(kind, over, except) = &e.kind {
            found = Some((*kind, *over, *except));
        }
    });
    found
}

/// The type that computes a checksum.
#[must_use]
pub fn summer(kind: Checksum) -> Ident {
    match kind {
        Checksum::Crc32 => format_ident!("Crc32"),
        Checksum::Crc32c => format_ident!("Crc32c"),
        Checksum::Sum8 => format_ident!("Sum8"),
        Checksum::Sum32 => format_ident!("Sum32"),
        Checksum::Xor8 => format_ident!("Xor8"),
    }
}

/// Statements that make `checksum` over one field.
#[must_use]
pub fn over_field(env: &Env<'_>, kind: Checksum, over: FieldId) -> TokenStream {
    let sum = summer(kind);
    let Some(s) = env.ctx.ty(env.ty).as_struct() else { return TokenStream::new() };
    let put = super::write::field_into(env, s, over);
    quote!(
        let checksum = {
            let mut sink = Sink::new(ChecksumOutput(#sum::default()));
            let sink = &mut sink;
            #put
            sink.checksum()
        };
    )
}

/// The fields whose pins are checksums over the whole value.
#[must_use]
pub fn over_this(s: &Struct) -> Vec<(FieldId, Checksum)> {
    let all = s.fields.iter().enumerate().filter_map(|(i, f)| {
        let pin = of(f)?;
        match checksum(&pin.value)? {
            (kind, None, _) if pin.kind == PinKind::Checksum => Some((FieldId(i), kind)),
            _ => None,
        }
    });
    all.collect()
}

/// The field whose checksum can be told from the bytes as they lie there, and of what kind it is: it is the only one over the
/// whole value, which is in one piece, and nothing else is looked at.
fn over_bytes(env: &Env<'_>, s: &Struct) -> Option<(FieldId, Checksum)> {
    let [(id, kind)] = over_this(s)[..] else { return None };
    let alone = of(id.of(&s.fields)).is_some_and(|pin| fields_in(&pin.value).iter().all(|of| *of == id));
    let is_whole = !s.is_place && env.ctx.ty(env.ty).params.is_empty() && s.fields.iter().all(in_sequence);
    (alone && is_whole && !id.of(&s.fields).is_optional()).then_some((id, kind))
}

fn in_sequence(field: &Field) -> bool {
    field.at.is_none() && field.aside.is_none() && field.copies.is_none()
}

/// The statement at the start of a value that keeps where it was read from, for a checksum over it.
#[must_use]
pub fn again(env: &Env<'_>, s: &Struct) -> TokenStream {
    if over_bytes(env, s).is_some() { quote!(let again = src.again();) } else { TokenStream::new() }
}

/// Statements that check what is pinned to the whole `value`, just read, which `make` makes. A checksum over bytes that are
/// still there needs none; `place` is where its field is.
#[must_use]
pub fn whole_on_read(
    env: &Env<'_>,
    s: &Struct,
    make: &TokenStream,
    place: &dyn Fn(FieldId) -> (Raise, u64),
) -> Option<TokenStream> {
    let all = over_this(s);
    let told = over_bytes(env, s).and_then(|of| from_bytes(env, s, of, place));
    let checks = all.iter().filter_map(|(id, _)| {
        let field = id.of(&s.fields);
        let (name, rule, of_value) = (local(&field.rust), rule(env, field, of(field)?), of_value(env, field));
        let pinned = match &told {
            Some(told) => quote!(if let Some(checksum) = #told else { #make #of_value }),
            None => of_value,
        };
        Some(quote!(
            let pinned = #pinned;
            #rule.check(#name == pinned, 0, #name).map_err(|f| f.at(base))?;
        ))
    });
    let checks: TokenStream = checks.collect();
    let make = told.is_none().then_some(make);
    (!all.is_empty()).then(|| quote!(#make #checks))
}

/// What a field is pinned to, from the whole `value`.
fn of_value(env: &Env<'_>, field: &Field) -> TokenStream {
    let method = format_ident!("{}_checksum", field.rust);
    let args = super::write::common_args(env.ctx, env.ty);
    if !env.ctx.ty(env.ty).is_driven_outside() {
        return quote!(value.#method(#args)?);
    }
    let inner = ident(&super::names::snake(&env.ctx.ty(env.ty).rust));
    quote!({ let driven = value.driven; value.#inner.#method(#args)? })
}

/// The checksum of the bytes, and what it makes of the pin.
fn from_bytes(
    env: &Env<'_>,
    s: &Struct,
    of_field: (FieldId, Checksum),
    place: &dyn Fn(FieldId) -> (Raise, u64),
) -> Option<TokenStream> {
    let (id, kind) = of_field;
    let (field, sum) = (id.of(&s.fields), summer(kind));
    let (Raise::At(start), at) = place(id) else { return None };
    let at = Literal::u64_unsuffixed(at);
    let size = Literal::u64_unsuffixed(field.size.fixed()?);
    let (before, pinned) = value(env, field, of(field)?, &Raise::At(quote!(base)));
    let pinned = if before.is_empty() { pinned } else { ending_in(&before, &format_ident!("pinned")) };
    Some(quote!(again.sum::<_, #size>(#sum::default(), src.position(), #start.saturating_add(#at)) { #pinned }))
}

/// The type of a pinned field.
#[must_use]
pub fn scalar_ty(env: &Env<'_>, field: &Field) -> TokenStream {
    if let Content::Scalar(scalar) = field.content { rust_type::scalar(env.ctx, scalar) } else { quote!(u64) }
}

/// The function that computes a checksum over the whole value, its own field as zero.
#[must_use]
pub fn checksum_fn(env: &Env<'_>, s: &Struct, id: FieldId, kind: Checksum) -> TokenStream {
    let field = id.of(&s.fields);
    let (name, sum, ty) = (format_ident!("{}_checksum", field.rust), summer(kind), scalar_ty(env, field));
    let params = super::write::common_params(env.ctx, env.ty);
    let pass = super::write::common_args(env.ctx, env.ty);
    let Some(pin) = of(field) else { return TokenStream::new() };
    let doc = format!(" `{}`: what `{}` is.", pin.value.text, field.name);
    let (before, pinned) = value(env, field, pin, &Raise::Unwritten);
    quote! {
        #[doc = #doc]
        fn #name(&self, #params) -> Result<#ty> {
            let mut sink = Sink::new(ChecksumOutput(#sum::default()));
            self.write_fields(&mut sink, 0, #pass)?;
            let checksum = sink.checksum();
            #before
            Ok(#pinned)
        }
    }
}

/// The checksum over another field that a pin is.
#[must_use]
pub fn field_checksum(e: &Expr) -> Option<(Checksum, FieldId)> {
    match checksum(e)? {
        (kind, Some(over), _) => Some((kind, over)),
        _ => None,
    }
}

/// A statement that makes `checksum` over bytes that are there.
#[must_use]
pub fn block_sum(kind: Checksum, bytes: &TokenStream) -> TokenStream {
    let function = match kind {
        Checksum::Crc32 => format_ident!("crc32"),
        Checksum::Crc32c => format_ident!("crc32c"),
        Checksum::Sum8 => format_ident!("sum8"),
        Checksum::Sum32 => format_ident!("sum32"),
        Checksum::Xor8 => format_ident!("xor8"),
    };
    quote!(let checksum = u64::from(#function(#bytes));)
}

/// Statements that check the checksums over a whole block `b`.
#[must_use]
pub fn whole_of_block(env: &Env<'_>, s: &Struct) -> TokenStream {
    let mut out = TokenStream::new();
    for (id, kind) in over_this(s) {
        let field = id.of(&s.fields);
        let Some(pin) = of(field) else { continue };
        let at = super::measure::constant_offset(env.ctx, env.ty, id).unwrap_or(0);
        let (off, n) = (Literal::u64_unsuffixed(at), Literal::u64_unsuffixed(field.size.fixed().unwrap_or(0)));
        let (name, sum) = (local(&field.rust), block_sum(kind, &quote!(&summed)));
        let start = quote!(let mut summed = *b; put::<#off, #n, _>(&mut summed, [0; #n]););
        let (before, pinned) = value_at(env, field, pin, (&Raise::Fault, at));
        if pin.kept {
            let kept = format_ident!("{name}_kept");
            out.extend(quote!(#start #sum #before let #kept = Kept::read(#name, &#pinned);));
        } else {
            let rule = rule(env, field, pin);
            out.extend(quote!(#start #sum #before #rule.check(#name == #pinned, #off, #name)?;));
        }
    }
    out
}

/// Constants for the fields that always have the same number.
#[must_use]
pub fn constants(ctx: &Ctx<'_>, id: TypeId, s: &Struct) -> TokenStream {
    let env = Env::new(ctx, id, Side::Value);
    let all = s.fields.iter().filter_map(|f| {
        let pin = of(f).filter(|pin| !pin.kept && matches!(pin.value.kind, ExprKind::Int(_)))?;
        let Content::Scalar(Scalar::UInt(_) | Scalar::Int(_)) = f.content else { return None };
        let (name, ty) = (format_ident!("FIXED_{}", super::names::shouty(&f.rust)), scalar_ty(&env, f));
        let (doc, value) = (docs::markdown_line(&format!("What `{}` always is.", f.name)), env.emit(&pin.value).tokens);
        Some(quote!(#doc pub const #name: #ty = #value;))
    });
    quote!(#(#all)*)
}
