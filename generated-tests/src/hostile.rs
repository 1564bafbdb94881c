//! Numbers that lie: whatever one of a value is set to, reading holds no more than follows from what is there.

use std::io::Cursor;

use vmspec_runtime::{Endian, ReadInput, Source, Wire, len64, read_stream};

use crate::counting::peak;
use crate::damage::rounds;
use crate::differential::{Number, Subject};
use crate::doors::printed;

/// So many times what is there may be held,
const TIMES: usize = 2;
/// and so much more: errors, buffers, and the step in which memory is taken where nobody knows how much is left.
const MORE: usize = 1 << 20;
/// About so often a small input is read.
const READS: usize = 500;

/// The most that reading so many bytes may hold at once.
#[must_use]
pub const fn most(length: usize) -> usize {
    MORE.saturating_add(length.saturating_mul(TIMES))
}

/// Sets every number that the interpreter finds in the bytes to what is large, one after the other, and reads by a slice, a stream
/// and a pipe. How many inputs that made.
#[track_caller]
pub fn hostile<T: Wire>(subject: &Subject, bytes: &[u8], order: Endian, args: &T::Args<'_>) -> usize {
    let numbers = subject.numbers(bytes);
    let few = lies(&numbers, bytes).take(rounds(bytes.len(), READS));
    few.map(|lie| bounded::<T>(&lie, order, args)).count()
}

/// The bytes with one number each set to what is large. Those that are likely to be lengths come first.
pub fn lies<'a>(numbers: &'a [Number], bytes: &'a [u8]) -> impl Iterator<Item = Vec<u8>> + 'a {
    let mut sorted: Vec<&Number> = numbers.iter().collect();
    sorted.sort_by_key(|number| !number.is_driven);
    let places = sorted.into_iter().map(|number| (number.at, number.length));
    places.flat_map(move |(at, length)| large(length).into_iter().filter_map(move |it| with(bytes, at, &it)))
}

/// Large numbers of so many bytes, in both orders.
fn large(length: usize) -> Vec<Vec<u8>> {
    let mut all: Vec<Vec<u8>> = Vec::new();
    let bits = u32::try_from(length.saturating_mul(8)).unwrap_or(64);
    for zeros in [0, 1, 2] {
        // All ones; the largest with a sign; one that can be multiplied by 2 without going over.
        let number = u64::MAX.unbounded_shr(64_u32.saturating_sub(bits).saturating_add(zeros));
        all.extend([little(number, length), big(number, length)]);
    }
    for number in [(1 << 20) + 1, 1 << 26, 1 << 40] {
        let fits = bits >= 64 || number < 1_u64.unbounded_shl(bits);
        all.extend(fits.then(|| [little(number, length), big(number, length)]).into_iter().flatten());
    }
    all.sort_unstable_by(|a, b| b.cmp(a));
    all.dedup();
    all
}

fn little(number: u64, length: usize) -> Vec<u8> {
    number.to_le_bytes().into_iter().take(length).collect()
}

fn big(number: u64, length: usize) -> Vec<u8> {
    let mut bytes = little(number, length);
    bytes.reverse();
    bytes
}

fn with(bytes: &[u8], at: usize, new: &[u8]) -> Option<Vec<u8>> {
    let mut bytes = bytes.to_vec();
    bytes.get_mut(at..)?.get_mut(..new.len())?.copy_from_slice(new);
    Some(bytes)
}

/// Reads the bytes by a slice, a stream and a pipe; each holds no more than it may.
#[track_caller]
pub fn bounded<T: Wire>(bytes: &[u8], order: Endian, args: &T::Args<'_>) {
    held("a slice", bytes, || drop(T::parse_with(bytes, order, args.clone())));
    held("a stream", bytes, || drop(read_stream::<T, _>(&mut Cursor::new(bytes), order, args.clone())));
    held("a pipe", bytes, || {
        let mut source = Source::new(ReadInput::new(bytes), 0);
        drop(T::read_from(&mut source, order, args.clone()));
    });
}

/// Holds what `read` takes against the most that these bytes may cost.
#[track_caller]
pub fn held(door: &str, bytes: &[u8], read: impl FnOnce()) {
    let (held, ()) = peak(read);
    let most = most(bytes.len());
    assert!(held <= most, "{door} holds {held} bytes, not {most}: {} bytes: {}", len64(bytes.len()), printed(bytes));
}
