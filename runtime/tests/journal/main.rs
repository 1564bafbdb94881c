//! The journal, with a format made up for it: against a plain oracle, cut at every write, and told lies.
#![cfg(feature = "std")]
#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]
#![allow(clippy::arithmetic_side_effects, clippy::as_conversions, clippy::cast_possible_truncation)]

#[path = "../counting/mod.rs"]
#[allow(dead_code, reason = "not every program looks at all that is counted")]
mod counting;

mod append_crash;
mod file;
mod hostile;
mod oracle;
mod random;
mod record;
mod replay_crash;
mod tiny;

#[global_allocator]
static ALLOCATOR: counting::Counting = counting::Counting;
