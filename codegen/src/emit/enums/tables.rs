//! The functions of an enum that have a line for each value.

use proc_macro2::TokenStream;
use quote::quote;

use super::{is_named, this, unknown_name, unknown_variant};
use crate::emit::enum_repr::{arg_ty, is_by_ref, literal, ty, versions};
use crate::emit::{docs, names};
use crate::model::{Enum, EnumValue, Repr};

/// `ALL`
pub(super) fn all(e: &Enum) -> TokenStream {
    let values = e.values.iter().map(|value| names::ident(&value.rust));
    quote! {
        /// The values with a name, in the order of the spec.
        pub const ALL: &'static [Self] = &[#(Self::#values),*];
    }
}

/// `from_repr`
pub(super) fn from_repr(e: &Enum) -> TokenStream {
    let ty = arg_ty(e.repr);
    let is_const = e.repr.is_int().then(|| quote!(const));
    let body = if e.values.is_empty() {
        quote!(None)
    } else if e.repr.is_int() {
        by_match(e)
    } else {
        by_comparing(e)
    };
    let repr = if e.values.is_empty() { quote!(_) } else { quote!(repr) };
    let version = e.versioned.then(|| version_param(e));
    let doc = docs::doc(None, &format!("The value with a name that {} for.", this(e.repr)));
    quote! {
        #doc
        #[inline]
        #[must_use]
        pub #is_const fn from_repr(#repr: #ty #version) -> Option<Self> {
            #body
        }
    }
}

/// The param `version`, without a name where no value is limited.
fn version_param(e: &Enum) -> TokenStream {
    let is_used = e.values.iter().any(|value| versions::inside(value.since, value.before).is_some());
    if is_used { quote!(, version: u64) } else { quote!(, _: u64) }
}

fn by_match(e: &Enum) -> TokenStream {
    let arms = e.values.iter().map(|value| {
        let key = literal(e.repr, &value.key, &value.written);
        let name = names::ident(&value.rust);
        let guard = versions::inside(value.since, value.before).map(|that| quote!(if #that));
        quote!(#key #guard => Some(Self::#name),)
    });
    quote! {
        match repr {
            #(#arms)*
            _ => None,
        }
    }
}

/// A chain of comparisons: a `match` on bytes would look at one byte after the other.
fn by_comparing(e: &Enum) -> TokenStream {
    let tests = e.values.iter().map(|value| {
        let key = literal(e.repr, &value.key, &value.written);
        let name = names::ident(&value.rust);
        let guard = versions::inside(value.since, value.before).map(|that| quote!(&& #that));
        quote!(if repr == #key #guard { Some(Self::#name) } else)
    });
    quote!(#(#tests)* { None })
}

/// `repr`
pub(super) fn repr(e: &Enum) -> TokenStream {
    let ty = ty(e.repr);
    let by_value = is_by_ref(e.repr).then(|| quote!(*));
    let arms = merge(e.values.iter(), |a, b| a.key == b.key).into_iter().map(|values| {
        let key = values.first().map(|value| literal(e.repr, &value.key, &value.written));
        let values = values.iter().map(|value| names::ident(&value.rust));
        quote!(#(Self::#values)|* => #by_value #key,)
    });
    let unknown = e.has_unknown.then(|| {
        let unknown = unknown_variant(e);
        quote!(Self::#unknown(repr) => repr,)
    });
    let what = match e.repr {
        Repr::UInt(_) | Repr::Int(_) => "The number",
        Repr::Bytes(_) => "The bytes",
        Repr::Guid | Repr::Uuid => "The id",
    };
    let doc = docs::doc(None, &format!("{what} on the wire."));
    quote! {
        #doc
        #[inline]
        #[must_use]
        pub const fn repr(self) -> #ty {
            match self {
                #(#arms)*
                #unknown
            }
        }
    }
}

/// `name`
pub(super) fn name(e: &Enum) -> TokenStream {
    let arms = e.values.iter().map(|value| {
        let (ident, name) = (names::ident(&value.rust), &value.name);
        quote!(Self::#ident => #name,)
    });
    let unknown = e.has_unknown.then(|| {
        let (ident, name) = (unknown_variant(e), unknown_name(e));
        quote!(Self::#ident(_) => #name,)
    });
    quote! {
        /// Its name in the spec.
        #[must_use]
        pub const fn name(self) -> &'static str {
            match self {
                #(#arms)*
                #unknown
            }
        }
    }
}

/// `is_misnamed` of an enum with versions.
pub(super) fn is_misnamed_in(e: &Enum) -> TokenStream {
    let limits = |value: &EnumValue| versions::outside(value.since, value.before);
    let (limited, free): (Vec<_>, Vec<_>) = e.values.iter().partition(|value| limits(value).is_some());
    let arms = merge(limited.iter().copied(), |a, b| (a.since, a.before) == (b.since, b.before));
    let arms = arms.into_iter().map(|values| {
        let that = values.first().and_then(|value| limits(value));
        let values = values.iter().map(|value| names::ident(&value.rust));
        quote!(#(Self::#values)|* => #that,)
    });
    let unknown = e.has_unknown.then(|| {
        let (unknown, is_named) = (unknown_variant(e), is_named(e));
        let by_ref = is_by_ref(e.repr).then(|| quote!(ref));
        quote!(Self::#unknown(#by_ref repr) => #is_named,)
    });
    let rest = rest(&free);
    let is_const = e.repr.is_int().then(|| quote!(const));
    let is_never = limited.is_empty() && !e.has_unknown;
    let version = if is_never { quote!(_) } else { quote!(version) };
    let body = if is_never { quote!(false) } else { quote!(match self { #(#arms)* #unknown #rest }) };
    quote! {
        /// Whether this version does not know it, or knows it by a name that it is not held by. Writing refuses that.
        #[must_use]
        pub #is_const fn is_misnamed(self, #version: u64) -> bool {
            #body
        }
    }
}

/// The arm for values of every version; clippy wants a single one by name.
fn rest(free: &[&EnumValue]) -> Option<TokenStream> {
    match free {
        [] => None,
        [value] => {
            let name = names::ident(&value.rust);
            Some(quote!(Self::#name => false,))
        }
        _ => Some(quote!(_ => false,)),
    }
}

/// The values in lists of those that are equal, so that no two arms of a `match` have the same body.
fn merge<'a>(
    values: impl Iterator<Item = &'a EnumValue>,
    is_equal: impl Fn(&EnumValue, &EnumValue) -> bool,
) -> Vec<Vec<&'a EnumValue>> {
    let mut lists: Vec<Vec<&EnumValue>> = Vec::new();
    for value in values {
        match lists.iter_mut().find(|list| list.first().is_some_and(|first| is_equal(first, value))) {
            Some(list) => list.push(value),
            None => lists.push(vec![value]),
        }
    }
    lists
}
