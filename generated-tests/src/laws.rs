//! Law two, on values that nobody thought of.

use std::cell::Cell;
use std::fmt::Debug;

use arbitrary::{Arbitrary, Unstructured};
use proptest::test_runner::{Config, RngAlgorithm, TestCaseError, TestRng, TestRunner};
use serde::Serialize;
use vmspec_runtime::{Endian, Wire};

use crate::{matches, read, write};

/// How many values are tried.
const CASES: u32 = 512;
/// The most bytes a value is made of.
const MATERIAL: usize = 512;

/// `read(write(v)) == v` for every value that can be written, and what is read is written the same again. Values are made
/// from the same random bytes in every run. How many could be written: a type whose rules let no random value pass
/// gives 0, and its test has to bring values of its own.
#[track_caller]
pub fn laws<T>(order: Endian, args: &T::Args<'_>) -> u32
where
    T: Wire + Debug + PartialEq + Serialize + for<'a> Arbitrary<'a>,
{
    let written = Cell::new(0_u32);
    let config = Config { cases: CASES, failure_persistence: None, ..Config::default() };
    let mut runner = TestRunner::new_with_rng(config, TestRng::deterministic_rng(RngAlgorithm::ChaCha));
    let material = proptest::collection::vec(proptest::num::u8::ANY, 0..MATERIAL);
    let outcome = runner.run(&material, |material| {
        let Ok(value) = T::arbitrary(&mut Unstructured::new(&material)) else { return Ok(()) };
        if holds(&value, order, args).map_err(TestCaseError::fail)? {
            written.set(written.get().saturating_add(1));
        }
        Ok(())
    });
    if let Err(e) = outcome {
        panic!("law two does not hold: {e}");
    }
    written.get()
}

/// Whether the value could be written; fails when it is then read as another one.
fn holds<T>(value: &T, order: Endian, args: &T::Args<'_>) -> Result<bool, String>
where
    T: Wire + Debug + PartialEq + Serialize,
{
    let mut bytes = Vec::new();
    if value.write_with(&mut bytes, order, args.clone()).is_err() {
        return if bytes.is_empty() { Ok(false) } else { Err(format!("{value:?} was refused half way")) };
    }
    let (back, taken) =
        read::<T>(&bytes, order, args).map_err(|e| format!("{value:?} was written, then refused: {e}"))?;
    if taken != bytes.len() {
        return Err(format!("{value:?} was written as {} bytes and read from {taken}", bytes.len()));
    }
    same(value, &back, &bytes)?;
    let again = write(&back, &bytes, order, args).map_err(|e| format!("{back:?} was read, then not written: {e}"))?;
    if again == bytes { Ok(true) } else { Err(format!("{back:?} was read, then written otherwise")) }
}

/// Whether two values are the same: blobs by content, floats that are no numbers by their bits.
fn same<T: Debug + PartialEq + Serialize>(value: &T, back: &T, bytes: &[u8]) -> Result<(), String> {
    if value == back || format!("{value:?}") == format!("{back:?}") {
        return Ok(());
    }
    let shown = |v: &T| serde_json::to_value(v).map_err(|e| format!("{v:?}: {e}"));
    matches(&shown(value)?, &shown(back)?, bytes).map_err(|e| format!("{value:?} was read back as {back:?}{e}"))
}
