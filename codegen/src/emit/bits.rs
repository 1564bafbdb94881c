//! Bits types: parts of an integer.

use super::block;
use super::ctx::{Ctx, RuleEntry};
use super::docs;
use super::expr::{Env, Side};
use super::names::ident;
use super::rules::{check, require};
use super::rust_type::{self, bits_for};
use super::scalar::{Raise, names_of, rule_name};
use super::structs::{derives, rename_unused};
use super::wire::{Reading, parse_block, shell, wire_impl};
use crate::model::{Bits, Class, FieldId, Keep, Order, Part, PartKind, Rule, TypeId};
use proc_macro2::{Literal, TokenStream};
use quote::{format_ident, quote};

/// Everything of a bits type.
#[must_use]
pub fn emit(ctx: &Ctx<'_>, id: TypeId, bits: &Bits) -> TokenStream {
    let ty = ctx.ty(id);
    let (name, derives) = (ident(&ty.rust), derives());
    let mut doc = docs::doc(ty.doc.as_deref(), &format!("`{}`", ty.name));
    doc.extend(docs::refs(&ty.refs));
    let members = bits.parts.iter().filter(|p| is_held(p)).map(|p| {
        let (name, of) = (ident(&p.rust), rust_type::part(ctx, p.width, p.kind));
        let doc = docs::doc(p.doc.as_deref(), &words(p));
        quote!(#doc pub #name: #of,)
    });
    let n = Literal::u32_unsuffixed(bits.bytes);
    let (from, to) = (from_bytes(ctx, id, bits), put_into(ctx, id, bits));
    let to = block::functions(ctx, id, " When a part does not fit its bits, or the value breaks a rule.", &to);
    let from_params = rename_unused(&block::read_params(ctx, id), &from);
    let (wire, view) = (wire(ctx, id, bits), super::view_fields::of_bits(ctx, id, bits));
    quote! {
        #doc
        #derives
        #[derive(Copy)]
        pub struct #name { #(#members)* }
        impl #name {
            /// Size on the wire, in bytes.
            pub const SIZE: usize = #n;
            /// The value of these bytes.
            ///
            /// # Errors
            /// When they break a rule.
            #[inline]
            pub fn from_bytes(#from_params) -> Result<Self, Fault> { #from }
            #to
            /// Length on the wire, in bytes.
            #[must_use]
            pub const fn byte_len(&self) -> u64 { #n }
        }
        #wire
        #view
    }
}

/// The bits of a part for people.
#[must_use]
pub fn words(part: &Part) -> String {
    let last = part.shift.saturating_add(part.width).saturating_sub(1);
    if part.width == 1 { format!("Bit {}", part.shift) } else { format!("Bits {} to {last}", part.shift) }
}

fn is_held(part: &Part) -> bool {
    part.kind != PartKind::Zero && part.name != "_"
}

fn order(env: &Env<'_>) -> TokenStream {
    let order = super::read::order(env);
    match env.ctx.ty(env.ty).order {
        Order::None => quote!(let order = Endian::Little;),
        _ => order,
    }
}

fn mask(width: u32) -> TokenStream {
    let n = 1_u128.checked_shl(width).unwrap_or(0).wrapping_sub(1);
    let text = super::enum_repr::hex(n);
    quote!(#text)
}

/// A part's number as `u64`.
#[must_use]
pub fn cut(part: &Part, total: u32) -> TokenStream {
    let shift = Literal::u32_unsuffixed(part.shift);
    let shifted = if part.shift == 0 { quote!(bits) } else { quote!(bits >> #shift) };
    let whole = part.shift.saturating_add(part.width) == total;
    if whole && part.width == total {
        return quote!(bits);
    }
    let mask = mask(part.width);
    match (whole, part.shift) {
        (true, _) => quote!(#shifted),
        (false, 0) => quote!(bits & #mask),
        (false, _) => quote!((#shifted) & #mask),
    }
}

fn rule(ctx: &Ctx<'_>, id: TypeId, part: &Part, what: (&str, &str), class: Class) -> TokenStream {
    ctx.rule(&RuleEntry {
        name: rule_name(ctx.ty(id), &part.rust, what.0),
        field: &part.name,
        site: part.site,
        class,
        expected: what.1,
        say: part.say.as_deref().or(enum_say(ctx, part)),
    })
}

/// What an enum says of a number without a name.
fn enum_say<'a>(ctx: &Ctx<'a>, part: &Part) -> Option<&'a str> {
    let PartKind::Enum(e) = part.kind else { return None };
    e.of(&ctx.format.enums).say.as_deref()
}

fn from_bytes(ctx: &Ctx<'_>, id: TypeId, bits: &Bits) -> TokenStream {
    let env = Env::new(ctx, id, Side::Read);
    let total = bits.bytes.saturating_mul(8);
    let get = format_ident!("get_u{total}");
    let order = order(&env);
    let ordered = (total > 8).then(|| quote!(, order));
    let read = quote!(#get::<0, _>(b #ordered));
    let wide = if total == 64 { read } else { quote!(u64::from(#read)) };
    let order = if total > 8 { order } else { TokenStream::new() };
    let mut out = quote!(#order let bits = #wide;);
    for (i, part) in bits.parts.iter().enumerate() {
        out.extend(decode(&env, part, total));
        out.extend(rules_after(&env, bits, FieldId(i)));
    }
    let held = bits.parts.iter().filter(|p| is_held(p)).map(|p| ident(&p.rust));
    quote!(#out Ok(Self { #(#held),* }))
}

/// Statements that make the local of a part from `bits`.
#[must_use]
pub fn decode(env: &Env<'_>, part: &Part, total: u32) -> TokenStream {
    let ctx = env.ctx;
    let (name, cut) = (ident(&part.rust), cut(part, total));
    let ty = format_ident!("u{}", bits_for(part.width));
    let narrow =
        |cut: &TokenStream| if bits_for(part.width) == 64 { quote!(#cut) } else { quote!(expr::low::<#ty>(#cut)) };
    match part.kind {
        PartKind::UInt | PartKind::ZeroKept if part.name == "_" => TokenStream::new(),
        PartKind::UInt | PartKind::ZeroKept => {
            let value = narrow(&cut);
            quote!(let #name = #value;)
        }
        PartKind::Bool => quote!(let #name = (#cut) != 0;),
        PartKind::Zero => {
            let expected = format!("zero {}", words(part).to_lowercase());
            let rule = rule(ctx, env.ty, part, ("", &expected), part.class.unwrap_or(Class::Invalid));
            quote!(let reserved = #cut; #rule.check(reserved == 0, 0, reserved)?;)
        }
        PartKind::Enum(e) => {
            let of = e.of(&ctx.format.enums);
            let (kind, value) = (ident(&of.rust), narrow(&cut));
            let keep = part.unknown.as_ref().unwrap_or(&of.unknown);
            if matches!(keep, Keep::Always) {
                return quote!(let #name = #kind::from_repr_kept(#value););
            }
            let rule = rule(ctx, env.ty, part, ("", &names_of(of)), part.class.unwrap_or(of.class));
            if let Keep::If(_) = keep {
                return quote! {
                    let #name = #value;
                    #rule.check(#kind::from_repr(#name).is_some() || #kind::keeps(#name), 0, #name)?;
                    let #name = #kind::from_repr_kept(#name);
                };
            }
            quote!(let #name = #value; let #name = #kind::from_repr(#name).ok_or_else(|| #rule.fault(0, #name))?;)
        }
    }
}

fn rules_after(env: &Env<'_>, bits: &Bits, after: FieldId) -> TokenStream {
    let mut out = TokenStream::new();
    for part in &bits.parts {
        for r in part.valid.iter().filter(|r| r.after == after) {
            out.extend(part_rule(env, part, r));
        }
    }
    let due: Vec<_> = bits.require.iter().filter(|r| r.after == after).cloned().collect();
    out.extend(require(env, &due, &Raise::Fault));
    out
}

fn part_rule(env: &Env<'_>, part: &Part, r: &Rule) -> TokenStream {
    let rule = env.ctx.rule(&RuleEntry {
        name: rule_name(env.ctx.ty(env.ty), &part.rust, "VALID"),
        field: &part.name,
        site: r.site,
        class: r.class,
        expected: &r.expected,
        say: r.say.as_deref(),
    });
    check(env, (r, &rule), (0, &found(env, part)), &Raise::Fault)
}

fn found(env: &Env<'_>, part: &Part) -> TokenStream {
    let name = ident(&part.rust);
    let value = if env.side == Side::Read { quote!(#name) } else { quote!(self.#name) };
    match part.kind {
        PartKind::Enum(_) => quote!(#value.repr()),
        PartKind::Zero => quote!(Found::Nothing),
        _ => value,
    }
}

fn put_into(ctx: &Ctx<'_>, id: TypeId, bits: &Bits) -> TokenStream {
    let env = Env::new(ctx, id, Side::Value);
    let total = bits.bytes.saturating_mul(8);
    let mut out = if total > 8 { order(&env) } else { TokenStream::new() };
    let mut sum: Vec<TokenStream> = Vec::new();
    for (i, part) in bits.parts.iter().enumerate() {
        out.extend(writable(&env, part));
        out.extend(rules_after(&env, bits, FieldId(i)));
        if is_held(part) {
            sum.push(placed(part));
        }
    }
    let put = format_ident!("put_u{total}");
    let whole = if sum.is_empty() { quote!(0) } else { quote!(#(#sum)|*) };
    let ty = format_ident!("u{total}");
    let narrow = if total == 64 { quote!(bits) } else { quote!(expr::low::<#ty>(bits)) };
    let ordered = (total > 8).then(|| quote!(order,));
    quote! {
        #out
        let bits: u64 = #whole;
        #put::<0, _>(b, #ordered #narrow);
        Ok(())
    }
}

fn placed(part: &Part) -> TokenStream {
    let name = ident(&part.rust);
    let value = match part.kind {
        PartKind::Enum(_) if bits_for(part.width) == 64 => quote!(self.#name.repr()),
        PartKind::Enum(_) => quote!(u64::from(self.#name.repr())),
        PartKind::Bool => quote!(u64::from(self.#name)),
        _ if bits_for(part.width) == 64 => quote!(self.#name),
        _ => quote!(u64::from(self.#name)),
    };
    let shift = Literal::u32_unsuffixed(part.shift);
    if part.shift == 0 { value } else { quote!((#value << #shift)) }
}

/// A part fits its bits, and an unknown value is one.
fn writable(env: &Env<'_>, part: &Part) -> TokenStream {
    if !is_held(part) {
        return TokenStream::new();
    }
    let name = ident(&part.rust);
    match part.kind {
        PartKind::Enum(e) => {
            let of = e.of(&env.ctx.format.enums);
            let scalar = crate::model::Scalar::Enum(e);
            let Some(holds) = super::scalar::writable(env, part.unknown.as_ref(), scalar, &quote!(self.#name)) else {
                return TokenStream::new();
            };
            let rule = rule(env.ctx, env.ty, part, ("", &names_of(of)), part.class.unwrap_or(of.class));
            quote!(#rule.check(#holds, 0, self.#name.repr())?;)
        }
        PartKind::UInt | PartKind::ZeroKept if bits_for(part.width) > part.width => {
            let expected = format!("a number of {} bits", part.width);
            let (rule, width) =
                (rule(env.ctx, env.ty, part, ("FITS", &expected), Class::Limit), Literal::u32_unsuffixed(part.width));
            quote!(#rule.check(self.#name >> #width == 0, 0, self.#name)?;)
        }
        _ => TokenStream::new(),
    }
}

fn wire(ctx: &Ctx<'_>, id: TypeId, bits: &Bits) -> TokenStream {
    let (read, write) = (block::read_streamed(ctx, id), block::write_streamed(ctx, id));
    let check = check_into(ctx, id, bits);
    let reading = Reading { from: read, parse: Some(parse_block(ctx, id)) };
    let (wire, shell) = (wire_impl(ctx, id, &reading, &write, &check), shell(ctx, id, true));
    quote!(#wire #shell)
}

fn check_into(ctx: &Ctx<'_>, id: TypeId, bits: &Bits) -> TokenStream {
    let env = Env::new(ctx, id, Side::Value);
    let mut out = TokenStream::new();
    for part in &bits.parts {
        for r in &part.expect {
            let rule = ctx.rule(&RuleEntry {
                name: rule_name(ctx.ty(id), &part.rust, "EXPECT"),
                field: &part.name,
                site: r.site,
                class: r.class,
                expected: &r.expected,
                say: r.say.as_deref(),
            });
            let (holds, found) = (env.not_refused(&r.that), found(&env, part));
            out.extend(quote!(findings.expect(#holds, &#rule, at, #found);));
        }
        if part.kind == PartKind::ZeroKept && is_held(part) {
            let rule = rule(ctx, id, part, ("AS_PINNED", "zero"), Class::Note);
            let name = ident(&part.rust);
            out.extend(quote!(findings.expect(self.#name == 0, &#rule, at, self.#name);));
        }
    }
    out
}
