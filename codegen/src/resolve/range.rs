//! Ranges of numbers: what an operation can give, and whether it can fail.

use crate::model::{BinaryOp, Range};

/// The range of an operation's results, and whether it can fail for some operands in range.
pub(super) fn binary(op: BinaryOp, a: Range, b: Range) -> (Range, bool) {
    match op {
        BinaryOp::Add => corners(a, b, i128::checked_add),
        BinaryOp::Subtract => corners(a, b, i128::checked_sub),
        BinaryOp::Multiply => corners(a, b, i128::checked_mul),
        BinaryOp::Divide => divide(a, b),
        BinaryOp::Remainder => remainder(a, b),
        BinaryOp::ShiftLeft => shift(a, b, |a, n| 1_i128.checked_shl(n).and_then(|by| a.checked_mul(by))),
        BinaryOp::ShiftRight => shift(a, b, i128::checked_shr),
        BinaryOp::BitAnd if a.min >= 0 && b.min >= 0 => (Range { min: 0, max: a.max.min(b.max) }, false),
        BinaryOp::BitAnd if a.min >= 0 => (Range { min: 0, max: a.max }, false),
        BinaryOp::BitAnd if b.min >= 0 => (Range { min: 0, max: b.max }, false),
        _ if a.min >= 0 && b.min >= 0 => (Range { min: 0, max: ones(a.max.max(b.max)) }, false),
        _ => (Range { min: i128::MIN, max: i128::MAX }, false),
    }
}

/// `-`
pub(super) fn negate(a: Range) -> Range {
    Range { min: a.max.saturating_neg(), max: a.min.saturating_neg() }
}

/// `~`
pub(super) fn invert(a: Range) -> Range {
    Range { min: !a.max, max: !a.min }
}

/// The least number of all ones that is not below `n`.
fn ones(n: i128) -> i128 {
    match n.checked_ilog2() {
        None => 0,
        Some(log) => 1_i128.checked_shl(log.saturating_add(1)).map_or(i128::MAX, |m| m.wrapping_sub(1)),
    }
}

fn corners(a: Range, b: Range, of: impl Fn(i128, i128) -> Option<i128>) -> (Range, bool) {
    let all = [of(a.min, b.min), of(a.min, b.max), of(a.max, b.min), of(a.max, b.max)];
    let fallible = all.iter().any(Option::is_none);
    let some = || all.iter().flatten().copied();
    if fallible {
        return (Range { min: i128::MIN, max: i128::MAX }, true);
    }
    (Range { min: some().min().unwrap_or(0), max: some().max().unwrap_or(0) }, false)
}

fn divide(a: Range, b: Range) -> (Range, bool) {
    let by_zero = b.contains(0);
    if b.min < 0 || a.min < 0 {
        return (Range { min: i128::MIN, max: i128::MAX }, true);
    }
    let least = b.min.max(1);
    let max = a.max.checked_div(least).unwrap_or(a.max);
    let min = a.min.checked_div(b.max.max(1)).unwrap_or(0);
    (Range { min, max }, by_zero)
}

fn remainder(a: Range, b: Range) -> (Range, bool) {
    let by_zero = b.contains(0);
    if b.min < 0 || a.min < 0 {
        return (Range { min: i128::MIN, max: i128::MAX }, true);
    }
    (Range { min: 0, max: a.max.min(b.max.saturating_sub(1).max(0)) }, by_zero)
}

fn shift(a: Range, by: Range, of: impl Fn(i128, u32) -> Option<i128>) -> (Range, bool) {
    let outside = by.min < 0 || by.max > 63;
    let bound = |n: i128| u32::try_from(n.clamp(0, 63)).unwrap_or(63);
    let (least, most) = (bound(by.min), bound(by.max));
    let (range, fallible) = corners(a, Range { min: i128::from(least), max: i128::from(most) }, |a, n| of(a, bound(n)));
    (range, fallible || outside)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_hold_every_result() {
        let byte = Range::unsigned(8);
        assert_eq!(binary(BinaryOp::Add, byte, byte), (Range { min: 0, max: 510 }, false));
        assert_eq!(binary(BinaryOp::Subtract, byte, byte), (Range { min: -255, max: 255 }, false));
        assert_eq!(binary(BinaryOp::Divide, byte, Range::of(4)), (Range { min: 0, max: 63 }, false));
        assert!(binary(BinaryOp::Divide, byte, byte).1, "by zero");
        assert_eq!(binary(BinaryOp::Remainder, byte, Range::of(4)), (Range { min: 0, max: 3 }, false));
        assert_eq!(binary(BinaryOp::BitOr, byte, Range::of(0x100)), (Range { min: 0, max: 511 }, false));
        let wide = Range::unsigned(64);
        assert_eq!(binary(BinaryOp::Multiply, wide, Range::of(2)).0.max, i128::from(u64::MAX) * 2);
        assert!(binary(BinaryOp::Multiply, wide, wide).1, "overflow");
        assert!(binary(BinaryOp::ShiftLeft, Range::of(1), byte).1, "shift over 63");
        assert_eq!(
            binary(BinaryOp::ShiftLeft, Range::of(1), Range { min: 0, max: 12 }),
            (Range { min: 1, max: 4096 }, false)
        );
    }
}
