//! Random walks over random bytes: a slice, a reader that seeks and one that does not give the same values, classes and
//! positions, whatever is asked of them in whatever order.
#![cfg(feature = "std")]
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::as_conversions,
    clippy::cast_possible_truncation,
    clippy::arithmetic_side_effects,
    missing_docs
)]

use std::fmt::Debug;
use std::io::Cursor as Memory;
use vmspec_runtime::{Class, Cursor, Input, ReadInput, Result, SeekInput, Source};

/// Numbers that only depend on the seed.
struct Dice(u64);

impl Dice {
    fn below(&mut self, n: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % n
    }

    /// Most often small, sometimes absurd.
    fn length(&mut self) -> u64 {
        match self.below(12) {
            0 => u64::MAX - self.below(3),
            1 => 1 << self.below(60),
            2 => self.below(6_000),
            _ => self.below(9),
        }
    }
}

/// What a step gave, as text: only the class and the offset of an error, since its words may differ.
fn told<T: Debug>(result: Result<T>) -> (String, bool) {
    match result {
        Ok(value) => (format!("{value:?}"), true),
        Err(e) => (format!("{} at {:?}", e.class(), e.offset()), false),
    }
}

/// A step that any input can do.
fn step<I: Input>(src: &mut Source<I>, dice: &mut Dice) -> (String, bool) {
    let (n, max) = (dice.length(), 1 << 20);
    let here = src.position();
    match dice.below(17) {
        0 => told(src.block::<3>()),
        1 => told(src.bytes(n, max)),
        2 => told(src.list(n, |b: &[u8; 3]| Ok(*b))),
        3 => told(src.list(n, |b: &[u8; 1]| Ok(*b))),
        4 => told(src.cstring()),
        5 => told(src.peek::<4>()),
        6 => told(src.peek_bytes(n as u16)),
        7 => told(src.zeros(n)),
        8 => told(src.zeros_kept(n, max)),
        9 => told(src.align(here.saturating_sub(n), 4)),
        10 => told(src.align_kept(here.saturating_sub(n), 8)),
        11 => told(src.gap_zero(here.wrapping_add(n))),
        12 => told(src.is_done()),
        13 => told(src.left_at_least(n % (1 << 20))),
        14 => told(src.window(n, max, |w| w.cstring().and_then(|t| w.close_keep().map(|k| (t, k))))),
        15 => told(src.window(n, max, |w| {
            let first = w.bytes(2, 2)?;
            let inner = w.window(n / 2, max, |v| v.zeros_rest_kept(max))?;
            w.close_zero().map(|()| (first, inner))
        })),
        _ => told(src.block::<1>().and_then(|_| src.blob(n.min(2)))),
    }
}

/// Steps that need a length: a plain reader cannot take them.
fn step_sized<I: Input>(src: &mut Source<I>, dice: &mut Dice) -> (String, bool) {
    let n = dice.length();
    match dice.below(6) {
        0 => told(src.rest()),
        1 => told(src.blob(n)),
        2 => told(src.zeros_rest_kept(1 << 20)),
        3 => told(src.enter(n.min(40), u64::MAX)),
        4 => told(src.close()),
        _ => told(src.left_at_least(n)),
    }
}

/// The story of a walk, up to its first error.
fn walk<I: Input>(input: I, seed: u64, sized: bool) -> Vec<String> {
    let mut src = Source::new(input, 1_000);
    let mut dice = Dice(seed);
    let mut story = Vec::new();
    for _ in 0..30 {
        let (text, on) = match (sized, dice.below(4)) {
            (true, 0) => step_sized(&mut src, &mut dice),
            _ => step(&mut src, &mut dice),
        };
        story.push(text);
        if !on {
            return story;
        }
        story.push(src.position().to_string());
    }
    story
}

fn bytes(dice: &mut Dice) -> Vec<u8> {
    let n = if dice.below(4) == 0 { 9_000 } else { 80 };
    let zeros = dice.below(4) + 1;
    (0..dice.below(n)).map(|_| if dice.below(4) < zeros { 0 } else { dice.below(256) as u8 }).collect()
}

#[test]
fn without_a_length() {
    for seed in 0..5_000 {
        let b = bytes(&mut Dice(seed));
        let slice = walk(Cursor::over(&b, 0).into_input().unwrap(), seed, false);
        assert_eq!(slice, walk(SeekInput(Memory::new(&b)), seed, false), "seed {seed}");
        let read = walk(ReadInput::new(&b[..]), seed, false);
        // A plain reader misses a blob's bytes one step later.
        if slice.last().unwrap().starts_with(Class::Truncated.name()) {
            let before = slice.len() - 1;
            assert_eq!(slice[..before], read[..before], "seed {seed}");
            continue;
        }
        assert_eq!(slice, read, "seed {seed}");
    }
}

#[test]
fn with_a_length() {
    for seed in 0..5_000 {
        let b = bytes(&mut Dice(seed));
        let slice = walk(Cursor::over(&b, 0).into_input().unwrap(), seed, true);
        assert_eq!(slice, walk(SeekInput(Memory::new(&b)), seed, true), "seed {seed}");
    }
}
