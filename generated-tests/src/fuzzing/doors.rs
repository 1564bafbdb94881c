//! All that holds for any bytes as a type, in one go.

use std::fmt::Debug;

use serde::Serialize;
use vmspec_runtime::{Class, Endian, Wire};

use crate::counting::peak;
use crate::damage::same_again;
use crate::doors::{agree_on_any, pipe, piped, printed, shown};
use crate::laws::holds;
use crate::{Pipe, read, round_trip};

/// What reading takes of memory for no bytes at all: errors, and what a stream keeps of its state.
const CONSTANT: usize = 64 << 10;
/// What it takes for each byte at most: of the smallest elements on the wire, the largest values.
const TIMES: usize = 256;
/// A reader without an end is given this much room before it has shown that there is as much.
const STEP: usize = 1 << 20;

/// Every way to read agrees and takes memory for what is there; what is read is written the same, and read again as the same.
#[track_caller]
pub fn whole<T>(bytes: &[u8], order: Endian, args: &T::Args<'_>)
where
    T: Wire + Debug + PartialEq + Serialize,
{
    bounded::<T>(bytes, order, args);
    trickled::<T>(bytes, order, args);
    let Ok((value, taken)) = agree_on_any::<T>(bytes, order, args) else { return };
    same_again(&value, taken, bytes, order, args);
    let alone = bytes.get(..taken).unwrap_or(bytes);
    round_trip::<T>(alone, order, args);
    if let Err(e) = holds(&value, bytes, order, args) {
        panic!("law two does not hold: {e}: {}", printed(bytes));
    }
    let _ = value.check_with(args.clone());
}

/// No length that bytes claim takes memory.
#[track_caller]
fn bounded<T: Wire>(bytes: &[u8], order: Endian, args: &T::Args<'_>) {
    let most = CONSTANT.saturating_add(bytes.len().saturating_mul(TIMES));
    let slice = peak(|| drop(read::<T>(bytes, order, args))).0;
    assert!(slice <= most, "a slice of {} bytes takes {slice}: {}", bytes.len(), printed(bytes));
    let stream = peak(|| drop(pipe::<T>(bytes, order, args))).0;
    assert!(stream <= most.saturating_add(STEP), "{} bytes take {stream}: {}", bytes.len(), printed(bytes));
}

/// A reader that gives little at a time is read as one that gives all that it is asked for.
#[track_caller]
fn trickled<T: Wire + Debug>(bytes: &[u8], order: Endian, args: &T::Args<'_>) {
    let (all, little) = (pipe::<T>(bytes, order, args), piped::<T>(Pipe::new(bytes), order, args));
    let needs_source = |e: &crate::Failure| e.class == Class::NeedsSource;
    if !all.as_ref().is_err_and(needs_source) {
        assert_eq!(shown(&little), shown(&all), "little at a time changes {}", printed(bytes));
    }
}
