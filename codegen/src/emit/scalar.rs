//! Scalars in blocks: decoding at a constant offset, encoding, and what a value must be to be written.

use super::ctx::{Ctx, RuleEntry};
use super::enum_repr;
use super::expr::{Env, Kind, Operand};
use super::names::{ident, shouty};
use crate::model::{Class, Enum, EnumId, EnumValue, Field, Flags, FlagsId, Keep, Key, Repr, Scalar, Type};
use proc_macro2::{Ident, Literal, TokenStream};
use quote::{format_ident, quote};

/// How a broken rule leaves the function it stands in.
#[derive(Clone)]
pub enum Raise {
    /// The function gives a `Fault`.
    Fault,
    /// The function gives an `Error`; the block starts at this position.
    At(TokenStream),
    /// The same for an element or the body of a case, whose place in the path the caller adds.
    Part(TokenStream, TokenStream),
    /// The function writes: there is no position yet.
    Unwritten,
    /// The function gives nothing: it collects findings, and whatever cannot be computed is not for it to report.
    Finding,
    /// The function gives nothing where a rule is broken, whichever that is.
    Nothing,
    /// Every rule holds already.
    Sure,
}

impl Raise {
    /// `result?`, with the fault put into the function's own error.
    #[must_use]
    pub fn wrap(&self, result: &TokenStream) -> TokenStream {
        match self {
            Self::Fault => quote!(#result?),
            Self::At(base) => quote!(#result.map_err(|f| f.at(#base))?),
            Self::Part(base, tail) => quote!(#result.map_err(|f| f.at(#base)) #tail),
            Self::Unwritten => quote!(#result.map_err(Fault::unwritten)?),
            Self::Finding => quote!({ let Ok(known) = #result else { return }; known }),
            Self::Nothing => quote!(#result.ok()?),
            Self::Sure => result.clone(),
        }
    }

    /// The statement that checks a rule: what must hold, where in the block, and what was found there.
    #[must_use]
    pub fn check(&self, rule: &TokenStream, holds: &TokenStream, (at, found): (&Literal, &TokenStream)) -> TokenStream {
        match self {
            Self::Sure => TokenStream::new(),
            Self::Nothing => quote!((#holds).then_some(())?;),
            _ => {
                let checked = self.wrap(&quote!(#rule.check(#holds, #at, #found)));
                quote!(#checked;)
            }
        }
    }

    /// The value of an option that is there where a rule holds: else the fault, or what stands for it where it is never asked.
    #[must_use]
    pub fn known(&self, found: &TokenStream, fault: &TokenStream, never: &TokenStream) -> TokenStream {
        match self {
            Self::Sure => quote!(#found.unwrap_or(#never)),
            Self::Nothing => quote!(#found?),
            _ => self.wrap(&quote!(#found.ok_or_else(|| #fault))),
        }
    }
}

/// A block while it is decoded.
pub struct Block<'b> {
    /// What expressions see.
    pub env: &'b Env<'b>,
    /// The array: a reference.
    pub array: TokenStream,
    /// How faults leave.
    pub raise: Raise,
}

/// The name of a rule's static: type, field, what it is about.
#[must_use]
pub fn rule_name(ty: &Type, field: &str, about: &str) -> String {
    let parts = [shouty(&ty.rust), shouty(field), about.to_owned()];
    let parts: Vec<_> = parts.into_iter().filter(|p| !p.is_empty()).collect();
    parts.join("_")
}

/// The rule that a field's wire value must have a name.
#[must_use]
pub fn known_rule(ctx: &Ctx<'_>, ty: &Type, field: &Field, scalar: Scalar) -> TokenStream {
    let (expected, class, say) = match scalar {
        Scalar::Enum(id) => {
            let e = id.of(&ctx.format.enums);
            (names_of(e), field.class.unwrap_or(e.class), e.say.as_deref())
        }
        Scalar::Flags(id) => {
            let f = id.of(&ctx.format.flags);
            let known = f.flags.iter().fold(0_u64, |all, flag| all | 1_u64.checked_shl(flag.bit).unwrap_or(0));
            (format!("no bits but {known:#x}"), field.class.unwrap_or(f.class), f.say.as_deref())
        }
        _ => ("0 or 1".to_owned(), field.class.unwrap_or(Class::Invalid), None),
    };
    let entry = RuleEntry {
        name: rule_name(ty, &field.rust, ""),
        field: &field.name,
        site: field.site,
        class,
        expected: &expected,
        say: field.say.as_deref().or(say),
    };
    ctx.rule(&entry)
}

/// The values of an enum for people: names of bytes, ranges of numbers.
#[must_use]
pub fn names_of(e: &Enum) -> String {
    let numbers: Vec<i128> =
        e.values.iter().filter_map(|v| if let Key::Int(n) = v.key { Some(n) } else { None }).collect();
    if numbers.len() != e.values.len() {
        let all: Vec<_> = e.values.iter().map(|v| shown_key(e.repr, v)).collect();
        return if all.len() > 4 { format!("one of {} known values", all.len()) } else { all.join(" or ") };
    }
    let mut sorted = numbers;
    sorted.sort_unstable();
    sorted.dedup();
    let mut runs: Vec<(i128, i128)> = Vec::new();
    for n in sorted {
        match runs.last_mut() {
            Some((_, end)) if end.checked_add(1) == Some(n) => *end = n,
            _ => runs.push((n, n)),
        }
    }
    let shown = runs.iter().map(|(a, b)| if a == b { a.to_string() } else { format!("{a} to {b}") });
    shown.collect::<Vec<_>>().join(" or ")
}

/// A value that is no number for people: bytes may not be printable.
fn shown_key(repr: Repr, value: &EnumValue) -> String {
    match (repr, &value.key) {
        (Repr::Bytes(_), Key::Bytes(bytes)) => super::decode::shown(bytes),
        _ => value.written.clone(),
    }
}

/// `get_u32` and the like for a scalar of numbers.
fn accessor(ctx: &Ctx<'_>, scalar: Scalar) -> Option<Ident> {
    let int = |letter: &str, bytes: u64| format_ident!("{letter}{}", bytes.saturating_mul(8));
    Some(match scalar {
        Scalar::UInt(n) => int("u", u64::from(n)),
        Scalar::Int(n) => int("i", u64::from(n)),
        Scalar::F32 => format_ident!("f32"),
        Scalar::F64 => format_ident!("f64"),
        Scalar::Bool => format_ident!("u8"),
        Scalar::Flags(id) => int("u", u64::from(id.of(&ctx.format.flags).bits / 8)),
        Scalar::Enum(id) => {
            let repr = id.of(&ctx.format.enums).repr;
            match repr {
                Repr::UInt(_) => int("u", repr.size()),
                Repr::Int(_) => int("i", repr.size()),
                _ => return None,
            }
        }
        Scalar::Guid | Scalar::Uuid | Scalar::Bytes(_) => return None,
    })
}

/// Whether numbers of a type have a byte order.
fn has_order(of: &Ident) -> bool {
    of != "u8" && of != "i8"
}

/// The wire value at an offset: a number, or a reference to bytes.
#[must_use]
pub fn raw(ctx: &Ctx<'_>, scalar: Scalar, at: u64, array: &TokenStream) -> TokenStream {
    let off = Literal::u64_unsuffixed(at);
    if let Some(of) = accessor(ctx, scalar) {
        let get = format_ident!("get_{of}");
        let order = has_order(&of).then(|| quote!(, order));
        return quote!(#get::<#off, _>(#array #order));
    }
    let size = Literal::u64_unsuffixed(scalar.size(&ctx.format.enums, &ctx.format.flags));
    let bytes = quote!(get::<#off, #size, _>(#array));
    match scalar {
        Scalar::Guid => quote!(Guid(*#bytes)),
        Scalar::Uuid => quote!(Uuid(*#bytes)),
        Scalar::Bytes(_) => quote!(*#bytes),
        Scalar::Enum(id) => match id.of(&ctx.format.enums).repr {
            Repr::Guid => quote!(Guid(*#bytes)),
            Repr::Uuid => quote!(Uuid(*#bytes)),
            _ => bytes,
        },
        _ => bytes,
    }
}

impl Block<'_> {
    /// Statements that decode a scalar into its local.
    #[must_use]
    pub fn decode(&self, field: &Field, scalar: Scalar, at: u64, local: &Ident) -> TokenStream {
        let ctx = self.env.ctx;
        let raw = raw(ctx, scalar, at, &self.array);
        let ty = ctx.ty(self.env.ty);
        let off = Literal::u64_unsuffixed(at);
        match scalar {
            Scalar::Enum(id) => self.decode_enum(field, id, &raw, &off, local),
            Scalar::Flags(id) => self.decode_flags(field, id, &raw, &off, local),
            Scalar::Bool => {
                let rule = known_rule(ctx, ty, field, scalar);
                let check = self.raise.check(&rule, &quote!(#local <= 1), (&off, &quote!(#local)));
                quote!(let #local = #raw; #check let #local = #local != 0;)
            }
            _ => quote!(let #local = #raw;),
        }
    }

    fn decode_enum(&self, field: &Field, id: EnumId, raw: &TokenStream, off: &Literal, local: &Ident) -> TokenStream {
        let ctx = self.env.ctx;
        let e = id.of(&ctx.format.enums);
        let name = ident(&e.rust);
        let version = e.versioned.then(|| version(self.env)).map(|v| quote!(, #v));
        let keep = field.unknown.as_ref().unwrap_or(&e.unknown);
        if matches!(keep, Keep::Always) {
            return quote!(let #local = #name::from_repr_kept(#raw #version););
        }
        let rule = known_rule(ctx, ctx.ty(self.env.ty), field, Scalar::Enum(id));
        let fault = quote!(#rule.fault(#off, #local));
        if let Keep::If(_) = keep {
            let keeps = keeps(self.env, field.unknown.as_ref(), &name, local, e.repr);
            let holds = quote!(#name::from_repr(#local #version).is_some() || #keeps);
            let check = self.raise.check(&rule, &holds, (off, &quote!(#local)));
            return quote!(let #local = #raw; #check let #local = #name::from_repr_kept(#local #version););
        }
        let never = super::rust_type::enum_value(ctx, id, 0);
        let known = self.raise.known(&quote!(#name::from_repr(#local #version)), &fault, &never);
        quote!(let #local = #raw; let #local = #known;)
    }

    fn decode_flags(&self, field: &Field, id: FlagsId, raw: &TokenStream, off: &Literal, local: &Ident) -> TokenStream {
        let ctx = self.env.ctx;
        let f = id.of(&ctx.format.flags);
        let name = ident(&f.rust);
        let version = f.versioned.then(|| version(self.env)).map(|v| quote!(, #v));
        let keep = field.unknown.as_ref().unwrap_or(&f.unknown);
        if matches!(keep, Keep::Always) {
            return quote!(let #local = #name::from_bits_kept(#raw););
        }
        let rule = known_rule(ctx, ctx.ty(self.env.ty), field, Scalar::Flags(id));
        if let Keep::If(_) = keep {
            let keeps = keeps(self.env, field.unknown.as_ref(), &name, local, Repr::UInt(f.bits));
            let holds = quote!(#name::from_bits(#local #version).is_some() || #keeps);
            let check = self.raise.check(&rule, &holds, (off, &quote!(#local)));
            return quote!(let #local = #raw; #check let #local = #name::from_bits_kept(#local););
        }
        // Only the bits without a name are to blame; which those are depends on the version where bits come and go.
        let blamed = if f.versioned { quote!(#local) } else { quote!(#local & !#name::ALL.bits()) };
        let fault = quote!(#rule.fault(#off, #blamed));
        let known = self.raise.known(&quote!(#name::from_bits(#local #version)), &fault, &quote!(#name::EMPTY));
        quote!(let #local = #raw; let #local = #known;)
    }
}

/// Whether an unknown wire value called `repr` is kept: by the field's own condition, or by the enum's.
fn keeps(env: &Env<'_>, own: Option<&Keep>, name: &Ident, repr: &Ident, of: Repr) -> TokenStream {
    if let Some(Keep::If(that)) = own {
        let bits = u32::try_from(of.size().saturating_mul(8)).unwrap_or(64);
        let kind = Kind::Int(matches!(of, Repr::Int(_)), bits);
        let condition = env.with_it(Operand::plain(quote!(#repr), kind)).condition(that);
        quote!((#condition))
    } else {
        quote!(#name::keeps(#repr))
    }
}

/// The version that enums and flags of a type are read in.
#[must_use]
pub fn version(env: &Env<'_>) -> TokenStream {
    if let Some(version) = &env.ctx.ty(env.ty).version {
        let (tokens, fallible) = env.u64(version);
        if fallible { quote!(#tokens.unwrap_or(0)) } else { tokens }
    } else {
        quote!(0)
    }
}

/// A statement that puts a scalar into the array `b`.
#[must_use]
pub fn encode(ctx: &Ctx<'_>, scalar: Scalar, at: u64, value: &TokenStream) -> TokenStream {
    let off = Literal::u64_unsuffixed(at);
    let wire = wire(ctx, scalar, value);
    if let Some(of) = accessor(ctx, scalar) {
        let put = format_ident!("put_{of}");
        let order = has_order(&of).then(|| quote!(order,));
        return quote!(#put::<#off, _>(b, #order #wire););
    }
    let size = Literal::u64_unsuffixed(scalar.size(&ctx.format.enums, &ctx.format.flags));
    quote!(put::<#off, #size, _>(b, #wire);)
}

/// The same for a value behind a reference.
#[must_use]
pub fn encode_behind(ctx: &Ctx<'_>, scalar: Scalar, value: &TokenStream) -> TokenStream {
    let method = matches!(scalar, Scalar::Flags(_) | Scalar::Enum(_) | Scalar::Guid | Scalar::Uuid);
    if method { encode(ctx, scalar, 0, value) } else { encode(ctx, scalar, 0, &quote!(*#value)) }
}

/// A value as it is on the wire.
fn wire(ctx: &Ctx<'_>, scalar: Scalar, value: &TokenStream) -> TokenStream {
    match scalar {
        Scalar::Bool => quote!(u8::from(#value)),
        Scalar::Flags(_) => quote!(#value.bits()),
        Scalar::Guid | Scalar::Uuid => quote!(#value.0),
        Scalar::Enum(id) => match id.of(&ctx.format.enums).repr {
            Repr::Guid | Repr::Uuid => quote!(#value.repr().0),
            _ => quote!(#value.repr()),
        },
        _ => value.clone(),
    }
}

/// What may be shown of a value in an error.
#[must_use]
pub fn found(scalar: Scalar, value: &TokenStream) -> TokenStream {
    match scalar {
        Scalar::Enum(_) => quote!(#value.repr()),
        Scalar::Flags(_) => quote!(#value.bits()),
        Scalar::F32 | Scalar::F64 => quote!(Found::Nothing),
        _ => value.clone(),
    }
}

/// Whether a value can be written: an unknown that is kept is not one that has a name, and the other way round.
#[must_use]
pub fn writable(
    env: &Env<'_>,
    field_unknown: Option<&Keep>,
    scalar: Scalar,
    value: &TokenStream,
) -> Option<TokenStream> {
    match scalar {
        Scalar::Enum(id) => writable_enum(env, field_unknown, id.of(&env.ctx.format.enums), value),
        Scalar::Flags(id) => writable_flags(env, field_unknown, id.of(&env.ctx.format.flags), value),
        _ => None,
    }
}

fn writable_enum(env: &Env<'_>, own: Option<&Keep>, e: &Enum, value: &TokenStream) -> Option<TokenStream> {
    let version = e.versioned.then(|| version(env));
    let misnamed = (e.has_unknown || e.versioned).then(|| quote!(!#value.is_misnamed(#version)));
    let keep = own.unwrap_or(&e.unknown);
    let unknown = match keep {
        Keep::Always => None,
        Keep::Never => e.has_unknown.then(|| quote!(#value.is_known())),
        Keep::If(that) => Some(if own.is_some() {
            let bits = u32::try_from(e.repr.size().saturating_mul(8)).unwrap_or(64);
            let kind = Kind::Int(matches!(e.repr, Repr::Int(_)), bits);
            let condition = env.with_it(Operand::plain(quote!(#value.repr()), kind)).condition(that);
            quote!((#value.is_known() || #condition))
        } else {
            let name = ident(&e.rust);
            let by_ref = enum_repr::is_by_ref(e.repr).then(|| quote!(&));
            quote!((#value.is_known() || #name::keeps(#by_ref #value.repr())))
        }),
    };
    both(misnamed, unknown)
}

fn writable_flags(env: &Env<'_>, own: Option<&Keep>, f: &Flags, value: &TokenStream) -> Option<TokenStream> {
    let version = f.versioned.then(|| version(env));
    let known = quote!(#value.unknown_bits(#version) == 0);
    match own.unwrap_or(&f.unknown) {
        Keep::Always => None,
        Keep::Never => (f.has_unknown || f.versioned).then_some(known),
        Keep::If(that) => Some(if own.is_some() {
            let kind = Kind::Int(false, f.bits);
            let condition = env.with_it(Operand::plain(quote!(#value.bits()), kind)).condition(that);
            quote!(#known || #condition)
        } else {
            let name = ident(&f.rust);
            quote!(#known || #name::keeps(#value.bits()))
        }),
    }
}

fn both(a: Option<TokenStream>, b: Option<TokenStream>) -> Option<TokenStream> {
    match (a, b) {
        (Some(a), Some(b)) => Some(quote!(#a && #b)),
        (a, b) => a.or(b),
    }
}

/// Whether a field keeps no unknown value at all.
#[must_use]
pub fn refuses_unknown(env: &Env<'_>, own: Option<&Keep>, scalar: Scalar) -> bool {
    let keep = match scalar {
        Scalar::Enum(id) => own.unwrap_or(&id.of(&env.ctx.format.enums).unknown),
        Scalar::Flags(id) => own.unwrap_or(&id.of(&env.ctx.format.flags).unknown),
        _ => return true,
    };
    matches!(keep, Keep::Never)
}
