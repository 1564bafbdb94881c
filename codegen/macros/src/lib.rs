//! Rust from declarative format specs, where a crate names them: [`spec!`].

#![forbid(unsafe_code)]
#![deny(clippy::allow_attributes_without_reason)]

mod arguments;
mod expand;
mod mistake;
mod written;

use proc_macro::TokenStream;

/// The module of a format, made from its spec.
///
/// ```
/// vmspec_macros::spec!("tests/specs/note.yaml");
///
/// use note::{Head, Kind, Note};
/// use vmspec_runtime::Wire;
///
/// let mut bytes = Vec::new();
/// Note { head: Head { kind: Kind::Loud }, text: "hello".into() }.write_to(&mut bytes)?;
/// assert_eq!(bytes, b"NOTE\x01\x05hello");
/// # Ok::<(), vmspec_runtime::Error>(())
/// ```
///
/// A path is seen from the folder of the package; one that starts with `./` or `../` from the file it is written in. The crate is
/// built again when the spec changes, or a file that the spec uses. Of a wrong spec each error is one of the compiler, with the lines of
/// the spec it is about.
///
/// The module calls the crate `vmspec-runtime` and no other. What more can be said about it stands behind the path, in any order:
///
/// ```
/// # extern crate vmspec_runtime as my_runtime;
/// vmspec_macros::spec! {
///     "tests/specs/note.yaml",
///     mod = notes,                      // called as the file is, when not given
///     vis = pub(crate),                 // private, when not given
///     derive(Eq),                       // every type of the format
///     derive(Hash for Note, Head),      // some types of it, by their names in Rust
///     runtime = my_runtime,             // where the runtime is: another name, `crate::runtime`, `vmspec::runtime`
/// }
/// ```
///
/// `serde` lets types be `serde::Serialize`, `arbitrary` lets them be `arbitrary::Arbitrary`; `serde = "json"` does so when the crate
/// has its feature `json` on. The runtime needs its feature of that name, and the crate the dependency.
#[proc_macro]
pub fn spec(input: TokenStream) -> TokenStream {
    let expanded = arguments::parse(input).map_err(|mistake| vec![mistake]).and_then(|given| expand::expand(&given));
    expanded.unwrap_or_else(|mistakes| mistakes.into_iter().map(TokenStream::from).collect())
}
