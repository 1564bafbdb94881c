//! Sources, sinks, errors and what values are made of. One program, since each more is linked anew.

#[path = "../counting/mod.rs"]
#[allow(dead_code, reason = "not every program looks at all that is counted")]
mod counting;
#[macro_use]
mod inputs;

mod ahead;
mod arbitrary;
mod aside;
mod blob;
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

#[global_allocator]
static ALLOCATOR: counting::Counting = counting::Counting;
