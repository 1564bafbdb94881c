//! Operators with two operands, over numbers of any size.

use super::datum::Datum;
use crate::model::BinaryOp;

/// A comparison; with something absent it is false.
pub fn compare(op: BinaryOp, a: &Datum<'_>, b: &Datum<'_>) -> bool {
    if a.is_absent() || b.is_absent() {
        return false;
    }
    if let BinaryOp::Equal | BinaryOp::NotEqual = op {
        return a.same(b) == (op == BinaryOp::Equal);
    }
    let Some((a, b)) = a.number().zip(b.number()) else { return false };
    match op {
        BinaryOp::Less => a < b,
        BinaryOp::AtMost => a <= b,
        BinaryOp::Greater => a > b,
        _ => a >= b,
    }
}

/// Nothing wraps: what is out of range has no value.
pub fn arithmetic(op: BinaryOp, a: i128, b: i128) -> Option<i128> {
    let shift = || u32::try_from(b).ok().filter(|n| *n < 64);
    match op {
        BinaryOp::Add => a.checked_add(b),
        BinaryOp::Subtract => a.checked_sub(b),
        BinaryOp::Multiply => a.checked_mul(b),
        BinaryOp::Divide => a.checked_div_euclid(b),
        BinaryOp::Remainder => a.checked_rem_euclid(b),
        BinaryOp::ShiftLeft => a.checked_mul(1_i128.checked_shl(shift()?)?),
        BinaryOp::ShiftRight => a.checked_shr(shift()?),
        BinaryOp::BitAnd => Some(a & b),
        BinaryOp::BitXor => Some(a ^ b),
        BinaryOp::BitOr => Some(a | b),
        _ => None,
    }
}
