//! Flags: a number of named bits, of which those without a name are refused or kept.

mod bits;
#[cfg(test)]
mod tests;

use proc_macro2::{Literal, TokenStream};
use quote::{format_ident, quote};

use super::enum_repr::{hex, versions};
use super::{docs, names};
use crate::model::{Flag, Flags, Group};

/// The flags type with everything that belongs to it. `keeps` is a condition over a local `repr`, all bits as a number,
/// for `unknown: {keep: ..}`.
#[must_use]
pub fn emit(flags: &Flags, keeps: Option<&TokenStream>) -> TokenStream {
    let name = names::ident(&flags.rust);
    let definition = definition(flags);
    let constants = constants(flags);
    let conversions = bits::conversions(flags, keeps);
    let known_in = flags.versioned.then(|| bits::known_in(flags));
    let unknown_bits = bits::unknown_bits(flags);
    let sets = sets();
    let traits = traits(flags);
    quote! {
        #definition
        impl #name {
            #constants
            #conversions
            #known_in
            #unknown_bits
            #sets
        }
        #traits
    }
}

/// The Rust type that holds the bits.
#[must_use]
pub fn ty(flags: &Flags) -> TokenStream {
    let name = format_ident!("u{}", flags.bits);
    quote!(#name)
}

/// The constant of a group.
#[must_use]
pub fn group_const(group: &str) -> proc_macro2::Ident {
    match names::shouty(group).as_str() {
        taken @ ("ALL" | "EMPTY") => format_ident!("GROUP_{taken}"),
        group => format_ident!("{group}"),
    }
}

/// The constant of a flag.
#[must_use]
pub fn flag_const(flag: &Flag) -> proc_macro2::Ident {
    match flag.rust.as_str() {
        taken @ ("ALL" | "EMPTY") => format_ident!("FLAG_{taken}"),
        name => names::ident(name),
    }
}

fn definition(flags: &Flags) -> TokenStream {
    let (name, ty) = (names::ident(&flags.rust), ty(flags));
    let doc = docs::doc(flags.doc.as_deref(), &format!("The bits of `{}`.", flags.name));
    let refs = docs::refs(&flags.refs);
    let arbitrary = flags.has_unknown.then(|| quote!(#[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]));
    quote! {
        #doc
        #refs
        #[derive(Clone, Copy, Default, PartialEq, Eq, Hash)]
        #[cfg_attr(feature = "serde", derive(serde::Serialize), serde(transparent))]
        #arbitrary
        pub struct #name(#ty);
    }
}

fn constants(flags: &Flags) -> TokenStream {
    let all = hex(mask(flags.flags.iter()));
    let named = flags.flags.iter().map(flag);
    let groups = flags.groups.iter().map(|one| group(flags, one));
    quote! {
        /// No flag.
        pub const EMPTY: Self = Self(0);
        #(#named)*
        #(#groups)*
        /// Every flag that has a name.
        pub const ALL: Self = Self(#all);
    }
}

fn flag(flag: &Flag) -> TokenStream {
    let (name, bit) = (flag_const(flag), Literal::u32_unsuffixed(flag.bit));
    let limits = versions::words(flag.since, flag.before);
    let line = format!("Bit {}{limits}.", flag.bit);
    let doc = match flag.doc.as_deref().filter(|text| !text.trim().is_empty()) {
        Some(text) => docs::doc_and(Some(text), "", &line),
        None => docs::markdown_line(&line),
    };
    quote!(#doc pub const #name: Self = Self(1 << #bit);)
}

fn group(flags: &Flags, group: &Group) -> TokenStream {
    let name = group_const(&group.name);
    let members: Vec<&Flag> = group.members.iter().filter_map(|i| flags.flags.get(*i)).collect();
    let listed = docs::listed(members.iter().map(|flag| flag.name.as_str()));
    let doc = docs::doc(None, &format!("The flags of `{}`: {listed}.", group.name));
    let idents = members.iter().map(|flag| flag_const(flag));
    let bits = if members.is_empty() { quote!(0) } else { quote!(#(Self::#idents.0)|*) };
    quote!(#doc pub const #name: Self = Self(#bits);)
}

/// The bits of these flags as a number.
fn mask<'a>(flags: impl Iterator<Item = &'a Flag>) -> u128 {
    flags.fold(0, |mask, flag| mask | 1_u128.checked_shl(flag.bit).unwrap_or(0))
}

/// What sets can do.
fn sets() -> TokenStream {
    quote! {
        /// Whether all of those are set.
        #[must_use]
        pub const fn contains(self, other: Self) -> bool {
            self.0 & other.0 == other.0
        }

        /// Whether one of those is set.
        #[must_use]
        pub const fn intersects(self, other: Self) -> bool {
            self.0 & other.0 != 0
        }

        /// These flags and those.
        #[must_use]
        pub const fn with(self, other: Self) -> Self {
            Self(self.0 | other.0)
        }

        /// These flags but not those.
        #[must_use]
        pub const fn without(self, other: Self) -> Self {
            Self(self.0 & !other.0)
        }

        /// Whether no bit is set.
        #[must_use]
        pub const fn is_empty(self) -> bool {
            self.0 == 0
        }
    }
}

fn traits(flags: &Flags) -> TokenStream {
    let name = names::ident(&flags.rust);
    let debug = debug(flags);
    let arbitrary = (!flags.has_unknown).then(|| arbitrary(flags));
    quote! {
        impl core::ops::BitOr for #name {
            type Output = Self;

            fn bitor(self, other: Self) -> Self {
                self.with(other)
            }
        }
        #debug
        #arbitrary
    }
}

/// Names and the rest as a number: `JSON_CONFIG | STREAM_V2 | 0x10`, of no flag `0x0`.
fn debug(flags: &Flags) -> TokenStream {
    let name = names::ident(&flags.rust);
    let pairs = flags.flags.iter().map(|flag| {
        let (ident, text) = (flag_const(flag), &flag.rust);
        quote!((Self::#ident, #text))
    });
    let body = if flags.flags.is_empty() {
        quote!(write!(f, "{:#x}", self.0))
    } else {
        quote! {
            let mut separator = "";
            for (flag, name) in [#(#pairs),*] {
                if self.contains(flag) {
                    write!(f, "{separator}{name}")?;
                    separator = " | ";
                }
            }
            match self.0 & !Self::ALL.0 {
                0 if !self.is_empty() => Ok(()),
                rest => write!(f, "{separator}{rest:#x}"),
            }
        }
    };
    quote! {
        impl core::fmt::Debug for #name {
            fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
                #body
            }
        }
    }
}

/// Only bits with a name: the type holds no others.
fn arbitrary(flags: &Flags) -> TokenStream {
    let (name, ty) = (names::ident(&flags.rust), ty(flags));
    quote! {
        #[cfg(feature = "arbitrary")]
        impl<'a> arbitrary::Arbitrary<'a> for #name {
            fn arbitrary(u: &mut arbitrary::Unstructured<'a>) -> arbitrary::Result<Self> {
                Ok(Self(u.arbitrary::<#ty>()? & Self::ALL.0))
            }

            fn size_hint(depth: usize) -> (usize, Option<usize>) {
                <#ty as arbitrary::Arbitrary>::size_hint(depth)
            }
        }
    }
}
