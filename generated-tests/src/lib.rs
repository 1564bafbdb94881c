//! The harness: the only place that exercises what is generated. Every check is generic over [`Wire`], so a test is a line that
//! names a type and bytes. A check fails by a panic that says which bytes through which door.
//!
//! | check | what must hold |
//! |---|---|
//! | [`accepts`] | the bytes are read, mean what is said, are written back by every door, and stand all damage |
//! | [`rejects`] | every door refuses the bytes at the same place for the same reason |
//! | [`round_trip`] | read and written by every door, the bytes are the same |
//! | [`truncations`] | what is left of the bytes is refused, or is a value of its own |
//! | [`mutations`] | with any byte changed they are refused, or mean a value that is written back the same |
//! | [`pulls`] | a pull reader hands out what the bytes hold, or refuses them at the same place |
//! | [`lends`] | a slice is borrowed as it is read |
//! | [`interprets`] | the reference interpreter makes the same of the bytes, and of all damage to them |
//! | [`hostile`] | with any number set to a large one, no door holds more than follows from what is there |
//! | [`noise`] | nothing that follows a magic panics |
//! | [`laws`] | values that can be written are read back the same |
//! | [`fuzzing`] | what the targets of cargo-fuzz do |
//! | [`held`] | what becomes of a VHDX log is what the oracle says |
//! | [`Long`] | streams of any length |
//! | [`counting`] | what a test takes of memory |
//! | [`laws_of_read`] | values that were read are written and read back the same |
//! | [`layout`] | the table of a type's fields leaves out none |

// A harness fails by panicking, on data of its own.
#![allow(clippy::missing_panics_doc, clippy::panic, clippy::expect_used)]

// One file for these tests and for those of the runtime, which this crate depends on.
#[path = "../../runtime/tests/counting/mod.rs"]
pub mod counting;
pub mod crafted;
mod damage;
pub mod differential;
mod doors;
mod examples;
pub mod externs;
#[cfg(feature = "features")]
pub mod features;
mod files;
pub mod fuzzing;
pub mod held;
pub mod hostile;
mod laws;
mod layout;
mod lent;
mod long;
mod matching;
pub mod parallel;
mod pulls;
pub mod vhdx;

pub use damage::{mutations, noise, truncations};
pub use differential::interprets;
pub use doors::{Failure, agree, nests, read, round_trip, write};
pub use examples::{accepts, hex, rejects};
pub use files::{decompressed, fixture, packed_sample, sample};
pub use laws::{laws, laws_of_read, random_values};
pub use layout::layout;
pub use lent::lends;
pub use long::Long;
pub use matching::{hex_of, matches};
pub use pulls::{Pipe, pulls, pulls_alike};
pub use vmspec_runtime::Wire;

/// The pages whose examples are run.
#[cfg(doctest)]
mod book {
    #[doc = include_str!("../../README.md")]
    mod readme {}
    #[doc = include_str!("../../docs/src/index.md")]
    mod index {}
    #[doc = include_str!("../../docs/src/runtime.md")]
    mod runtime {}
}
