//! Alignment arithmetic that cannot overflow. All numbers are bytes; `to` is any unit, not only a power of two.

/// The next multiple of `to` at or after `n`; none when `to` is 0 or the multiple does not fit.
#[inline]
#[must_use]
pub const fn align_up(n: u64, to: u64) -> Option<u64> {
    match n.checked_rem(to) {
        None => None,
        Some(0) => Some(n),
        Some(over) => n.checked_add(to.saturating_sub(over)),
    }
}

/// The last multiple of `to` at or before `n`; none when `to` is 0.
#[inline]
#[must_use]
pub const fn align_down(n: u64, to: u64) -> Option<u64> {
    match n.checked_rem(to) {
        None => None,
        Some(over) => Some(n.saturating_sub(over)),
    }
}

/// How many bytes bring `n` to a multiple of `to`; 0 when `to` is 0. Right even where the multiple itself does not fit.
#[inline]
#[must_use]
pub const fn padding_for(n: u64, to: u64) -> u64 {
    match n.checked_rem(to) {
        None | Some(0) => 0,
        Some(over) => to.saturating_sub(over),
    }
}

/// Whether `n` is a multiple of `to`. Nothing is a multiple of 0.
#[inline]
#[must_use]
pub const fn is_aligned(n: u64, to: u64) -> bool {
    matches!(n.checked_rem(to), Some(0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn multiples_stay() {
        assert_eq!((align_up(16, 8), align_down(16, 8), padding_for(16, 8)), (Some(16), Some(16), 0));
        assert!(is_aligned(16, 8) && is_aligned(0, 3) && !is_aligned(17, 8));
    }

    #[test]
    fn others_move() {
        assert_eq!((align_up(17, 8), align_down(17, 8), padding_for(17, 8)), (Some(24), Some(16), 7));
        assert_eq!((align_up(10, 3), align_down(10, 3), padding_for(10, 3)), (Some(12), Some(9), 2));
    }

    #[test]
    fn the_edge_of_u64() {
        assert_eq!(align_up(u64::MAX, 8), None);
        assert_eq!(align_up(u64::MAX - 7, 8), Some(u64::MAX - 7));
        assert_eq!(align_down(u64::MAX, 8), Some(u64::MAX - 7));
        assert_eq!(padding_for(u64::MAX, 8), 1);
        assert_eq!(padding_for(1, u64::MAX), u64::MAX - 1);
        assert_eq!(align_up(1, u64::MAX), Some(u64::MAX));
    }

    #[test]
    fn no_unit() {
        assert_eq!((align_up(5, 0), align_down(5, 0), padding_for(5, 0)), (None, None, 0));
        assert!(!is_aligned(0, 0));
    }
}
