//! Tests of what the language says and the harness does, on feature specs. One program: each more is linked anew.

use vmspec_generated_tests::counting::Counting;

mod at_file;
mod copies;
mod given;
mod harness;
mod initial;
mod journal;
mod journal_scan;
mod named_values;
mod pull;
mod pull_stream;
mod refs;
mod say;
mod state;
mod state_tables;
mod taking_the_rest;
mod views;
mod vmstate_sentinels;
mod vmstate_vectors;

#[global_allocator]
static ALLOCATOR: Counting = Counting;
