//! Enums: the values by name, and conversions from and to what stands on the wire.

mod tables;
#[cfg(test)]
mod tests;

use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};

use super::enum_repr::{arg_ty, is_by_ref, max_of_bits, ty, versions};
use super::{docs, names};
use crate::model::{Enum, EnumValue, Group, Repr};

/// The enum with everything that belongs to it. `keeps` is a condition over a local `repr`, for `unknown: {keep: ..}`.
#[must_use]
pub fn emit(e: &Enum, keeps: Option<&TokenStream>) -> TokenStream {
    let name = names::ident(&e.rust);
    let definition = definition(e);
    let all = tables::all(e);
    let from_repr = tables::from_repr(e);
    let from_repr_kept = e.has_unknown.then(|| from_repr_kept(e));
    let keeps = keeps.map(|condition| keeps_fn(e, condition));
    let repr = tables::repr(e);
    let spec_name = tables::name(e);
    let is_known = is_known(e);
    let groups = e.groups.iter().map(|group| in_group(e, group));
    let is_misnamed = (e.has_unknown || e.versioned).then(|| is_misnamed(e));
    let display = display(e);
    quote! {
        #definition
        impl #name {
            #all
            #from_repr
            #from_repr_kept
            #keeps
            #repr
            #spec_name
            #is_known
            #(#groups)*
            #is_misnamed
        }
        #display
    }
}

/// The variant for other values: `Unknown`, unless a value of the spec has that name.
#[must_use]
pub fn unknown_variant(e: &Enum) -> Ident {
    let is_free = |name: &&str| e.values.iter().all(|value| value.rust != **name);
    let name = ["Unknown", "Other", "Unnamed"].into_iter().find(is_free);
    names::ident(name.unwrap_or("UnknownValue"))
}

/// The function that says whether a value is in a group: `is_last`, or `is_in_known` where `is_known` is something else.
#[must_use]
pub fn group_fn(group: &str) -> Ident {
    match names::snake(group).as_str() {
        taken @ ("known" | "misnamed") => format_ident!("is_in_{taken}"),
        group => format_ident!("is_{group}"),
    }
}

/// What stands for a variant of other values in text: `unknown`.
fn unknown_name(e: &Enum) -> String {
    names::snake(&unknown_variant(e).to_string())
}

fn definition(e: &Enum) -> TokenStream {
    let name = names::ident(&e.rust);
    let doc = docs::doc(e.doc.as_deref(), &format!("The values of `{}`.", e.name));
    let refs = docs::refs(&e.refs);
    let variants = e.values.iter().map(|value| variant(e.repr, value));
    let unknown = e.has_unknown.then(|| unknown(e));
    quote! {
        #doc
        #refs
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "snake_case"))]
        #[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]
        pub enum #name {
            #(#variants,)*
            #unknown
        }
    }
}

fn variant(repr: Repr, value: &EnumValue) -> TokenStream {
    let name = names::ident(&value.rust);
    let shown = if is_by_ref(repr) { &value.written } else { value.written.trim() };
    let wire = docs::code(shown) + &versions::words(value.since, value.before);
    let doc = match value.doc.as_deref().filter(|text| !text.trim().is_empty()) {
        Some(text) => docs::doc_and(Some(text), "", &wire),
        None => docs::markdown_line(&wire),
    };
    let rename = (serde_name(&name.to_string()) != value.name).then(|| {
        let name = &value.name;
        quote!(#[cfg_attr(feature = "serde", serde(rename = #name))])
    });
    quote!(#doc #rename #name)
}

/// What serde makes of a variant under `snake_case`.
fn serde_name(variant: &str) -> String {
    let mut out = String::new();
    for c in variant.trim_start_matches("r#").chars() {
        if c.is_ascii_uppercase() && !out.is_empty() {
            out.push('_');
        }
        out.push(c.to_ascii_lowercase());
    }
    out
}

fn unknown(e: &Enum) -> TokenStream {
    let (name, ty) = (unknown_variant(e), ty(e.repr));
    let doc = docs::doc(None, "Any other value, kept. One of the values above in here is refused on write.");
    let serde = matches!(e.repr, Repr::Bytes(33..))
        .then(|| quote!(#[cfg_attr(feature = "serde", serde(serialize_with = "vmspec_runtime::serde::hex"))]));
    quote!(#doc #name(#serde #ty),)
}

fn from_repr_kept(e: &Enum) -> TokenStream {
    let (ty, unknown) = (arg_ty(e.repr), unknown_variant(e));
    let doc = docs::doc(None, &format!("The value that {} for; one without a name is kept.", this(e.repr)));
    let (param, arg) = version(e);
    if e.repr.is_int() {
        return quote! {
            #doc
            #[inline]
            #[must_use]
            pub const fn from_repr_kept(repr: #ty #param) -> Self {
                match Self::from_repr(repr #arg) {
                    Some(value) => value,
                    None => Self::#unknown(repr),
                }
            }
        };
    }
    let held = if is_by_ref(e.repr) { quote!(*repr) } else { quote!(repr) };
    quote! {
        #doc
        #[inline]
        #[must_use]
        pub fn from_repr_kept(repr: #ty #param) -> Self {
            Self::from_repr(repr #arg).unwrap_or(Self::#unknown(#held))
        }
    }
}

fn keeps_fn(e: &Enum, condition: &TokenStream) -> TokenStream {
    let ty = arg_ty(e.repr);
    quote! {
        /// Whether this is kept where it has no name.
        #[inline]
        #[must_use]
        pub fn keeps(repr: #ty) -> bool {
            #condition
        }
    }
}

fn is_known(e: &Enum) -> TokenStream {
    let unknown = unknown_variant(e);
    let answer = if e.has_unknown { quote!(!matches!(self, Self::#unknown(_))) } else { quote!(true) };
    quote! {
        /// Whether it is one of the values with a name.
        #[must_use]
        pub const fn is_known(self) -> bool {
            #answer
        }
    }
}

fn in_group(e: &Enum, group: &Group) -> TokenStream {
    let function = group_fn(&group.name);
    let members: Vec<&EnumValue> = group.members.iter().filter_map(|i| e.values.get(*i)).collect();
    let idents = members.iter().map(|value| names::ident(&value.rust));
    let listed = docs::listed(members.iter().map(|value| value.name.as_str()));
    let doc = docs::doc(None, &format!("Whether it is one of `{}`: {listed}.", group.name));
    let answer = if members.is_empty() { quote!(false) } else { quote!(matches!(self, #(Self::#idents)|*)) };
    quote! {
        #doc
        #[must_use]
        pub const fn #function(self) -> bool {
            #answer
        }
    }
}

fn is_misnamed(e: &Enum) -> TokenStream {
    if e.versioned {
        return tables::is_misnamed_in(e);
    }
    let unknown = unknown_variant(e);
    let is_named = is_named(e);
    let by_ref = is_by_ref(e.repr).then(|| quote!(ref));
    let is_const = e.repr.is_int().then(|| quote!(const));
    quote! {
        /// Whether it is held as a value without a name though it cannot be one. Writing refuses that.
        #[must_use]
        pub #is_const fn is_misnamed(self) -> bool {
            matches!(self, Self::#unknown(#by_ref repr) if #is_named)
        }
    }
}

/// That the local `repr`, by reference for bytes, does not belong into the variant for other values.
fn is_named(e: &Enum) -> TokenStream {
    let (_, arg) = version(e);
    let too_wide = max_of_bits(e.repr).map(|max| {
        let max = super::enum_repr::hex(max.into());
        quote!(repr > #max ||)
    });
    quote!(#too_wide Self::from_repr(repr #arg).is_some())
}

fn display(e: &Enum) -> TokenStream {
    let (name, unknown) = (names::ident(&e.rust), unknown_variant(e));
    let write = e.has_unknown.then(|| write_unknown(e));
    let body = match write {
        Some(write) if e.values.is_empty() => quote!(let Self::#unknown(repr) = self; #write),
        Some(write) => quote!(if let Self::#unknown(repr) = self { #write } else { f.pad(self.name()) }),
        None => quote!(f.pad(self.name())),
    };
    quote! {
        impl core::fmt::Display for #name {
            fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
                #body
            }
        }
    }
}

fn write_unknown(e: &Enum) -> TokenStream {
    let name = unknown_name(e);
    let (shown, args) = match e.repr {
        Repr::UInt(_) => ("{repr:#x}", None),
        Repr::Int(_) | Repr::Guid | Repr::Uuid => ("{repr}", None),
        Repr::Bytes(_) => ("\"{}\"", Some(quote!(, repr.escape_ascii()))),
    };
    let format = format!("{name} ({shown})");
    quote!(write!(f, #format #args))
}

/// How a doc comment names the wire value: `these bytes stand`.
fn this(repr: Repr) -> &'static str {
    match repr {
        Repr::UInt(_) | Repr::Int(_) => "this number stands",
        Repr::Bytes(_) => "these bytes stand",
        Repr::Guid | Repr::Uuid => "this id stands",
    }
}

/// The version as a further param, and as a further argument.
fn version(e: &Enum) -> (Option<TokenStream>, Option<TokenStream>) {
    (e.versioned.then(|| quote!(, version: u64)), e.versioned.then(|| quote!(, version)))
}
