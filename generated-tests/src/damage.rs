//! Damage: bytes cut off, bytes changed, noise. Whatever is still read must be written back the same.

use std::fmt::Debug;

use vmspec_runtime::{Class, Endian, Wire};

use crate::doors::{Failure, printed};
use crate::{agree, read, write};

/// Inputs of up to so many bytes are changed in every byte.
pub(crate) const SMALL: usize = 256;
/// Inputs of up to so many bytes get every value in every byte.
const TINY: usize = 128;
/// About so many bytes of a larger input are changed.
const PLACES: usize = 512;
/// Of very large inputs less is done, so that each way of damage reads about so many bytes.
const WORK: usize = 1 << 20;
/// How many bytes of noise.
const NOISE: usize = 1 << 20;

/// Every beginning of the bytes is refused by every door, or means a value of its own. How many did.
#[track_caller]
pub fn truncations<T: Wire + Debug>(bytes: &[u8], order: Endian, args: &T::Args<'_>) -> usize {
    let step = step(bytes.len(), PLACES);
    let ends = (0..bytes.len()).filter(|n| *n < SMALL || n.is_multiple_of(step));
    let cut = ends.filter_map(|n| bytes.get(..n));
    cut.filter(|cut| match agree::<T>(cut, order, args) {
        Ok((value, taken)) => {
            same_again(&value, taken, cut, order, args);
            true
        }
        Err(e) => {
            assert!(matches!(e.class, Class::Truncated | Class::Invalid), "{} bytes: {e}", cut.len());
            false
        }
    })
    .count()
}

/// From one place to the next in an input of this length, of which about so many are wanted.
pub(crate) fn step(length: usize, places: usize) -> usize {
    length.checked_div(rounds(length, places)).unwrap_or(1).max(1)
}

/// How often an input of this length is read, where so often is wanted.
pub(crate) fn rounds(length: usize, wanted: usize) -> usize {
    WORK.checked_div(length).unwrap_or(wanted).clamp(1, wanted)
}

/// With a byte changed the bytes are refused, or mean a value that is written back the same. How many did.
#[track_caller]
pub fn mutations<T: Wire + Debug>(bytes: &[u8], order: Endian, args: &T::Args<'_>) -> usize {
    let mut changed = bytes.to_vec();
    let step = if bytes.len() <= SMALL { 1 } else { step(bytes.len(), PLACES) };
    let mut accepted = 0_usize;
    for at in (0..bytes.len()).step_by(step) {
        let Some(original) = changed.get(at).copied() else { continue };
        for value in values(original, bytes.len()) {
            put(&mut changed, at, value);
            if survives::<T>(&changed, order, args).is_ok() {
                accepted = accepted.saturating_add(1);
            }
        }
        put(&mut changed, at, original);
    }
    accepted
}

/// All other values of a byte; of one in a larger input those that are most likely to matter.
fn values(original: u8, length: usize) -> Vec<u8> {
    if length > TINY {
        return likely(original);
    }
    (0..=255).filter(|v| *v != original).collect()
}

/// Other values of a byte that are most likely to matter.
pub(crate) fn likely(original: u8) -> Vec<u8> {
    let mut all = vec![0, 1, 2, 0x7f, 0x80, 0xff, original ^ 1, original ^ 0x80, original.wrapping_add(1)];
    all.extend([original.wrapping_sub(1), original ^ 0x20]);
    all.retain(|value| *value != original);
    all.sort_unstable();
    all.dedup();
    all
}

pub(crate) fn put(bytes: &mut [u8], at: usize, value: u8) {
    if let Some(byte) = bytes.get_mut(at) {
        *byte = value;
    }
}

/// Reads by one door; what is read must be written back the same.
#[track_caller]
fn survives<T: Wire + Debug>(bytes: &[u8], order: Endian, args: &T::Args<'_>) -> Result<(), Failure> {
    let (value, taken) = read::<T>(bytes, order, args)?;
    same_again(&value, taken, bytes, order, args);
    Ok(())
}

#[track_caller]
pub(crate) fn same_again<T: Wire + Debug>(value: &T, taken: usize, bytes: &[u8], order: Endian, args: &T::Args<'_>) {
    let taken = bytes.get(..taken).unwrap_or(bytes);
    match write(value, bytes, order, args) {
        Ok(written) if written == taken => {}
        Ok(written) => panic!("{} was read as {value:?} and written as {}", printed(taken), printed(&written)),
        Err(e) => panic!("{} was read as {value:?}, which is not written: {e}", printed(taken)),
    }
}

/// What follows `magic` may be anything: it is refused, or means a value that is written back the same. The noise is the
/// same in every run, read once from each of many places.
#[track_caller]
pub fn noise<T: Wire + Debug>(magic: &[u8], order: Endian, args: &T::Args<'_>) {
    let noise = random(NOISE);
    for start in [0, 1, 7, 4096, 65_537, NOISE / 2, NOISE - 64] {
        let mut bytes = magic.to_vec();
        bytes.extend_from_slice(noise.get(start..).unwrap_or_default());
        // Both verdicts are fine; that there is one is what is tested.
        drop(survives::<T>(&bytes, order, args));
    }
}

/// Bytes that look random, by xorshift.
fn random(length: usize) -> Vec<u8> {
    let mut x = 0x9e37_79b9_7f4a_7c15_u64;
    let mut next = || {
        x ^= x << 13;
        x ^= x >> 7;
        x ^= x << 17;
        x.to_le_bytes()
    };
    (0..length.div_ceil(8)).flat_map(|_| next()).take(length).collect()
}
