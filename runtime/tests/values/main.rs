//! Sources, sinks, errors and what values are made of. One program, since each more is linked anew.

#[allow(unsafe_code, clippy::arithmetic_side_effects, reason = "an allocator that counts")]
#[path = "../counting/mod.rs"]
mod counting;
#[macro_use]
mod inputs;

mod ahead;
mod arbitrary;
mod aside;
mod copies;
mod direct;
mod errors;
mod hostile_memory;
mod lookahead;
mod pull;
mod same_over_every_input;
mod sink;
mod source;
mod state;
mod window;
mod wire;
