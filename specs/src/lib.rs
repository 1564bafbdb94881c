//! Typed, byte-exact readers and writers of virtual machine state at rest: one module per format, generated from `specs/*.yaml`.
//!
//! Each format's root type reads and writes a whole file. [`mod@format`] lists the formats for programs that learn only at
//! run time which one they have.
//!
//! Features: `std` (on by default), `serde` and `arbitrary` derive these crates' traits on every type.

#![cfg_attr(not(feature = "std"), no_std)]
#![forbid(unsafe_code)]
#![deny(clippy::allow_attributes_without_reason)]

extern crate alloc;

#[cfg(feature = "std")]
pub mod format;
mod generated;
pub mod libvirt_save;
#[cfg(feature = "std")]
pub mod memory;
pub mod pages;
pub mod qevm;
#[cfg(feature = "std")]
pub mod stream;
pub mod vhdx;
pub mod xen_xl;

#[allow(unused_imports, reason = "without `std`, what is left may all have a layer of its own above")]
#[doc(inline)]
pub use generated::*;
#[doc(no_inline)]
pub use runtime::{Blob, Class, Error, Finding};
/// What generated code calls, and binrw, which it re-exports.
pub use vmspec_runtime as runtime;
