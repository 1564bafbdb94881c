//! What expressions of a spec need beyond Rust's own operators: numbers that may not be computable, and rules over lists.
//!
//! `None` stands for a number that cannot be computed: an overflow, a division by zero, something absent. It spreads.

use alloc::vec::Vec;

macro_rules! checked {
    ($($(#[$doc:meta])* $name:ident = $method:ident;)*) => { $(
        $(#[$doc])*
        #[must_use]
        pub fn $name(a: Option<i128>, b: Option<i128>) -> Option<i128> {
            a?.$method(b?)
        }
    )* };
}

checked! {
    /// `a + b`
    add = checked_add;
    /// `a - b`
    sub = checked_sub;
    /// `a * b`
    mul = checked_mul;
    /// `a / b`, rounded down.
    div = checked_div_euclid;
    /// `a % b`, never negative.
    rem = checked_rem_euclid;
}

/// `a << b`, for shifts of 0 to 63.
#[must_use]
pub fn shl(a: Option<i128>, b: Option<i128>) -> Option<i128> {
    let factor = 1_i128.checked_shl(shift(b?)?)?;
    a?.checked_mul(factor)
}

/// `a >> b`, for shifts of 0 to 63.
#[must_use]
pub fn shr(a: Option<i128>, b: Option<i128>) -> Option<i128> {
    a?.checked_shr(shift(b?)?)
}

fn shift(n: i128) -> Option<u32> {
    u32::try_from(n).ok().filter(|n| *n < 64)
}

/// `a & b`
#[must_use]
pub fn and(a: Option<i128>, b: Option<i128>) -> Option<i128> {
    Some(a? & b?)
}

/// `a | b`
#[must_use]
pub fn or(a: Option<i128>, b: Option<i128>) -> Option<i128> {
    Some(a? | b?)
}

/// `a ^ b`
#[must_use]
pub fn xor(a: Option<i128>, b: Option<i128>) -> Option<i128> {
    Some(a? ^ b?)
}

/// A comparison; nothing when one side cannot be computed.
#[must_use]
pub fn compare<T>(a: Option<T>, b: Option<T>, holds: impl FnOnce(T, T) -> bool) -> Option<bool> {
    Some(holds(a?, b?))
}

/// One of two values; nothing when the condition or the value that it asks for is nothing.
#[must_use]
pub fn choose<T>(condition: Option<bool>, yes: Option<T>, no: Option<T>) -> Option<T> {
    if condition? { yes } else { no }
}

/// Whether `low <= value <= high`.
#[must_use]
pub fn in_range(value: Option<i128>, low: Option<i128>, high: Option<i128>) -> Option<bool> {
    Some((low?..=high?).contains(&value?))
}

/// A sum; one beyond 2^127 stays there.
#[must_use]
pub fn sum(numbers: impl Iterator<Item = i128>) -> i128 {
    numbers.fold(0, i128::saturating_add)
}

/// The value `p` for which an expression of it gives `measured`: `measured * multiply / divide + add`. Nothing when the division
/// leaves a remainder, or `p` is negative or too large.
#[must_use]
pub fn solve(measured: u64, add: i128, multiply: i128, divide: i128) -> Option<u64> {
    let scaled = i128::from(measured).checked_mul(multiply)?;
    if scaled.checked_rem(divide)? != 0 {
        return None;
    }
    u64::try_from(scaled.checked_div(divide)?.checked_add(add)?).ok()
}

/// `n / by`, when nothing is left over.
#[must_use]
pub fn exact(n: u64, by: u64) -> Option<u64> {
    if n.checked_rem(by)? == 0 { n.checked_div(by) } else { None }
}

/// Whether no two keys are the same.
#[must_use]
pub fn unique<K: Ord>(keys: impl Iterator<Item = K>) -> bool {
    let mut all: Vec<K> = keys.collect();
    all.sort_unstable();
    all.windows(2).all(|pair| match pair {
        [a, b] => a != b,
        _ => true,
    })
}

/// Whether no two ranges of `(start, size)` overlap. An empty range overlaps nothing.
#[must_use]
pub fn disjoint(ranges: impl Iterator<Item = (i128, i128)>) -> bool {
    let mut all: Vec<(i128, i128)> = ranges.filter(|(_, size)| *size > 0).collect();
    all.sort_unstable();
    all.windows(2).all(|pair| match pair {
        [(start, size), (next, _)] => start.checked_add(*size).is_some_and(|end| end <= *next),
        _ => true,
    })
}

/// What texts and bytes have in common.
pub trait AsBytes {
    /// The bytes, a text's NUL left out.
    fn as_byte_slice(&self) -> &[u8];
}

impl AsBytes for Vec<u8> {
    fn as_byte_slice(&self) -> &[u8] {
        self
    }
}

impl AsBytes for alloc::string::String {
    fn as_byte_slice(&self) -> &[u8] {
        self.as_bytes()
    }
}

impl AsBytes for alloc::ffi::CString {
    fn as_byte_slice(&self) -> &[u8] {
        self.as_bytes()
    }
}

impl AsBytes for crate::Text {
    fn as_byte_slice(&self) -> &[u8] {
        &self.0
    }
}

impl<const N: usize> AsBytes for [u8; N] {
    fn as_byte_slice(&self) -> &[u8] {
        self
    }
}

impl<T: AsBytes + ?Sized> AsBytes for &T {
    fn as_byte_slice(&self) -> &[u8] {
        (**self).as_byte_slice()
    }
}

/// The bytes of a text or of bytes.
pub fn bytes<T: AsBytes + ?Sized>(of: &T) -> &[u8] {
    of.as_byte_slice()
}

/// Integers that are cut from a wider one.
pub trait Low {
    /// The low bits.
    fn low(wide: u64) -> Self;
}

macro_rules! low {
    ($($t:ty, $n:literal;)*) => { $(
        impl Low for $t {
            fn low(wide: u64) -> Self {
                match wide.to_le_bytes().first_chunk::<$n>() {
                    Some(bytes) => Self::from_le_bytes(*bytes),
                    None => 0,
                }
            }
        }
    )* };
}
low! { u8, 1; u16, 2; u32, 4; u64, 8; }

/// The low bits of a number.
#[must_use]
pub fn low<T: Low>(wide: u64) -> T {
    T::low(wide)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_computed_spreads() {
        assert_eq!(add(Some(1), None), None);
        assert_eq!(add(Some(i128::MAX), Some(1)), None);
        assert_eq!(div(Some(1), Some(0)), None);
        assert_eq!(div(Some(-1), Some(2)), Some(-1));
        assert_eq!(rem(Some(-1), Some(4)), Some(3));
        assert_eq!(shl(Some(1), Some(63)), Some(1 << 63));
        assert_eq!(shl(Some(1), Some(64)), None);
        assert_eq!(shr(Some(256), Some(8)), Some(1));
        assert_eq!(in_range(Some(3), Some(1), Some(3)), Some(true));
        assert_eq!(in_range(None, Some(1), Some(3)), None);
    }

    #[test]
    fn solving_is_exact() {
        assert_eq!(solve(24, 0, 1, 8), Some(3));
        assert_eq!(solve(25, 0, 1, 8), None);
        assert_eq!(solve(5, -8, 1, 1), None);
        assert_eq!(solve(12, -8, 1, 1), Some(4));
        assert_eq!(solve(3, 0, 512, 1), Some(1536));
    }

    #[test]
    fn rules_over_lists() {
        assert!(unique([1, 3, 2].into_iter()));
        assert!(!unique([1, 3, 1].into_iter()));
        assert!(disjoint([(8, 4), (0, 8), (9, 0)].into_iter()));
        assert!(!disjoint([(8, 4), (0, 9)].into_iter()));
        assert!(!disjoint([(i128::MAX, 1), (i128::MAX, 1)].into_iter()));
    }

    #[test]
    fn low_bits() {
        assert_eq!(low::<u8>(0x1234), 0x34);
        assert_eq!(low::<u16>(0xffff_1234), 0x1234);
        assert_eq!(low::<u64>(u64::MAX), u64::MAX);
    }
}
