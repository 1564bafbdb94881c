//! Numbers that follow from others.

use crate::model::Flags;

/// How many bytes bring `n` to a multiple of `to`; 0 when `to` is 0.
#[must_use]
pub fn padding(n: u64, to: u64) -> u64 {
    match n.checked_rem(to) {
        None | Some(0) => 0,
        Some(over) => to.saturating_sub(over),
    }
}

/// All bits that have a name.
#[must_use]
pub fn named_bits(flags: &Flags) -> u64 {
    flags.flags.iter().fold(0, |all, flag| all | 1_u64.checked_shl(flag.bit).unwrap_or(0))
}
