//! Law two, on values that nobody thought of.

use std::cell::Cell;
use std::fmt::Debug;

use arbitrary::{Arbitrary, Unstructured};
use proptest::strategy::Strategy;
use proptest::test_runner::{Config, RngAlgorithm, TestCaseError, TestRng, TestRunner};
use serde::Serialize;
use vmspec_runtime::{Endian, Wire};

use crate::damage::rounds;
use crate::{matches, read, write};

/// How many values are tried, fewer near a very large seed.
const CASES: usize = 512;
/// The most bytes a value is made of.
const MATERIAL: usize = 512;
/// The most bytes of a seed that are changed at once.
const CHANGES: usize = 6;

/// Both laws, on values made of random bytes and on values near those that `seeds` hold. Some must be such that they can
/// be written: where no random value passes the rules of a type, it needs seeds.
#[track_caller]
pub fn laws<T>(order: Endian, args: &T::Args<'_>, seeds: &[Vec<u8>])
where
    T: Wire + Debug + PartialEq + Serialize + for<'a> Arbitrary<'a>,
{
    let by_chance = random_values::<T>(order, args);
    let near: u32 = seeds.iter().map(|seed| near_values::<T>(seed, order, args)).sum();
    assert!(by_chance.saturating_add(near) > 0, "no value could be written; an example is missing");
}

/// Both laws, on values that were read of bytes near the seeds alone: those of a type with bytes that are as long as an extern
/// tells, which nobody asks about bytes that are made up.
#[track_caller]
pub fn laws_of_read<T>(order: Endian, args: &T::Args<'_>, seeds: &[Vec<u8>])
where
    T: Wire + Debug + PartialEq + Serialize,
{
    let near: u32 = seeds.iter().map(|seed| near_values::<T>(seed, order, args)).sum();
    assert!(near > 0, "no value could be read; an example is missing");
}

/// `read(write(v)) == v` for every value that can be written, and what is read is written the same again. Values are made
/// from the same random bytes in every run. How many could be written: a type whose rules let no random value pass
/// gives 0.
#[track_caller]
pub fn random_values<T>(order: Endian, args: &T::Args<'_>) -> u32
where
    T: Wire + Debug + PartialEq + Serialize + for<'a> Arbitrary<'a>,
{
    let material = proptest::collection::vec(proptest::num::u8::ANY, 0..MATERIAL);
    count(CASES, &material, |material| match T::arbitrary(&mut Unstructured::new(&material)) {
        Ok(value) => holds(&value, &[], order, args),
        Err(_) => Ok(false),
    })
}

/// The same for what is read from the seed with some of its bytes changed. How many values that were.
#[track_caller]
fn near_values<T>(seed: &[u8], order: Endian, args: &T::Args<'_>) -> u32
where
    T: Wire + Debug + PartialEq + Serialize,
{
    let change = (proptest::num::usize::ANY, proptest::num::u8::ANY);
    count(rounds(seed.len(), CASES), &proptest::collection::vec(change, 0..CHANGES), |changes| {
        let mut bytes = seed.to_vec();
        for (at, value) in changes {
            let at = at.checked_rem(seed.len()).unwrap_or(0);
            bytes.get_mut(at).into_iter().for_each(|byte| *byte = value);
        }
        match read::<T>(&bytes, order, args) {
            Ok((value, _)) => holds(&value, &bytes, order, args),
            Err(_) => Ok(false),
        }
    })
}

/// How many of so many inputs pass; fails with the smallest input that breaks a law.
#[track_caller]
fn count<S: Strategy>(cases: usize, inputs: &S, passes: impl Fn(S::Value) -> Result<bool, String>) -> u32 {
    let counted = Cell::new(0_u32);
    let cases = u32::try_from(cases).unwrap_or(u32::MAX);
    let config = Config { cases, failure_persistence: None, ..Config::default() };
    let mut runner = TestRunner::new_with_rng(config, TestRng::deterministic_rng(RngAlgorithm::ChaCha));
    let outcome = runner.run(inputs, |input| {
        if passes(input).map_err(TestCaseError::fail)? {
            counted.set(counted.get().saturating_add(1));
        }
        Ok(())
    });
    if let Err(e) = outcome {
        panic!("law two does not hold: {e}");
    }
    counted.get()
}

/// Whether the value could be written, with blobs from the source; fails when it is then read as another one.
pub(crate) fn holds<T>(value: &T, source: &[u8], order: Endian, args: &T::Args<'_>) -> Result<bool, String>
where
    T: Wire + Debug + PartialEq + Serialize,
{
    let Some(bytes) = written(value, source, order, args)? else { return Ok(false) };
    let (back, taken) =
        read::<T>(&bytes, order, args).map_err(|e| format!("{value:?} was written, then refused: {e}"))?;
    if taken != bytes.len() {
        return Err(format!("{value:?} was written as {} bytes and read from {taken}", bytes.len()));
    }
    same(value, &back, &bytes)?;
    let again = write(&back, &bytes, order, args).map_err(|e| format!("{back:?} was read, then not written: {e}"))?;
    if again == bytes { Ok(true) } else { Err(format!("{back:?} was read, then written otherwise")) }
}

/// The bytes of the value, or none if it cannot be written; fails when what was read cannot, or was refused half way.
fn written<T: Wire + Debug>(
    value: &T,
    source: &[u8],
    order: Endian,
    args: &T::Args<'_>,
) -> Result<Option<Vec<u8>>, String> {
    if !source.is_empty() {
        let bytes = write(value, source, order, args);
        return bytes.map(Some).map_err(|e| format!("{value:?} was read, then not written: {e}"));
    }
    let mut bytes = Vec::new();
    match value.write_with(&mut bytes, order, args.clone()) {
        Ok(()) => Ok(Some(bytes)),
        Err(_) if bytes.is_empty() => Ok(None),
        Err(_) => Err(format!("{value:?} was refused half way")),
    }
}

/// Whether two values are the same: blobs by content, floats that are no numbers by their bits.
pub(crate) fn same<T: Debug + PartialEq + Serialize>(value: &T, back: &T, bytes: &[u8]) -> Result<(), String> {
    if value == back || format!("{value:?}") == format!("{back:?}") {
        return Ok(());
    }
    let shown = |v: &T| serde_json::to_value(v).map_err(|e| format!("{v:?}: {e}"));
    matches(&shown(value)?, &shown(back)?, bytes).map_err(|e| format!("{value:?} was read back as {back:?}{e}"))
}
