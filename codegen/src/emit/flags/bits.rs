//! From bits to flags and back, and what is known of them.

use proc_macro2::TokenStream;
use quote::quote;

use super::{mask, ty};
use crate::emit::enum_repr::{hex, versions};
use crate::model::{Flag, Flags};

/// `from_bits`, `from_bits_kept`, `keeps`, `bits`
pub(super) fn conversions(flags: &Flags, keeps: Option<&TokenStream>) -> TokenStream {
    let from_bits = from_bits(flags);
    let ty = ty(flags);
    let kept = flags.has_unknown.then(|| from_bits_kept(&ty));
    let keeps = keeps.map(|condition| keeps_fn(&ty, condition));
    quote! {
        #from_bits
        #kept
        #keeps
        /// The bits on the wire.
        #[inline]
        #[must_use]
        pub const fn bits(self) -> #ty {
            self.0
        }
    }
}

fn from_bits(flags: &Flags) -> TokenStream {
    let ty = ty(flags);
    let version = flags.versioned.then(|| quote!(, version: u64));
    let arg = flags.versioned.then(|| quote!(version));
    quote! {
        /// The flags of these bits, unless one has no name.
        #[inline]
        #[must_use]
        pub const fn from_bits(bits: #ty #version) -> Option<Self> {
            let flags = Self(bits);
            if flags.unknown_bits(#arg) == 0 { Some(flags) } else { None }
        }
    }
}

fn from_bits_kept(ty: &TokenStream) -> TokenStream {
    quote! {
        /// The flags of these bits; those without a name are kept.
        #[inline]
        #[must_use]
        pub const fn from_bits_kept(bits: #ty) -> Self {
            Self(bits)
        }
    }
}

fn keeps_fn(ty: &TokenStream, condition: &TokenStream) -> TokenStream {
    quote! {
        /// Whether these bits are kept where some have no name.
        #[inline]
        #[must_use]
        pub fn keeps(repr: #ty) -> bool {
            #condition
        }
    }
}

/// `unknown_bits`
pub(super) fn unknown_bits(flags: &Flags) -> TokenStream {
    let ty = ty(flags);
    let version = flags.versioned.then(|| quote!(, version: u64));
    let known = known(flags);
    quote! {
        /// The bits without a name.
        #[must_use]
        pub const fn unknown_bits(self #version) -> #ty {
            self.0 & !#known.0
        }
    }
}

/// The flags with a name, in the version at hand.
fn known(flags: &Flags) -> TokenStream {
    if flags.versioned { quote!(Self::known_in(version)) } else { quote!(Self::ALL) }
}

/// `known_in`
pub(super) fn known_in(flags: &Flags) -> TokenStream {
    let ty = ty(flags);
    let limits = |flag: &Flag| versions::inside(flag.since, flag.before);
    let (limited, free): (Vec<_>, Vec<_>) = flags.flags.iter().partition(|flag| limits(flag).is_some());
    let always = hex(mask(free.into_iter()));
    if limited.is_empty() {
        return known_always();
    }
    let mut limits_seen: Vec<(Option<u64>, Option<u64>)> = Vec::new();
    for flag in &limited {
        if !limits_seen.contains(&(flag.since, flag.before)) {
            limits_seen.push((flag.since, flag.before));
        }
    }
    let steps = limits_seen.into_iter().map(|(since, before)| {
        let those = limited.iter().copied().filter(|flag| (flag.since, flag.before) == (since, before));
        let (bits, that) = (hex(mask(those)), versions::inside(since, before));
        quote!(if #that { known |= #bits; })
    });
    quote! {
        /// The flags that have a name in this version.
        #[must_use]
        pub const fn known_in(version: u64) -> Self {
            let mut known: #ty = #always;
            #(#steps)*
            Self(known)
        }
    }
}

fn known_always() -> TokenStream {
    quote! {
        /// The flags that have a name in this version.
        #[must_use]
        pub const fn known_in(_: u64) -> Self {
            Self::ALL
        }
    }
}
