//! The spec that devices are added to.

use alloc::collections::BTreeSet;
use alloc::string::String;

/// What the spec has already that devices are added to, so that nothing is called the same. An empty one has no devices.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Base {
    /// The names of its types and enums, in the spec or in Rust.
    pub types: BTreeSet<String>,
    /// What the cases of its devices are for, as a spec writes it: `timer`, `.../ide`.
    pub labels: BTreeSet<String>,
    /// The names of these cases, in the spec or in Rust.
    pub cases: BTreeSet<String>,
}
