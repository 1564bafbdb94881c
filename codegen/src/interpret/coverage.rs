//! Which bytes of a value are taken by what lies aside in it, and which are left over.

use std::collections::BTreeMap;

/// Ranges of bytes that are taken. What takes no bytes is not among them.
#[derive(Debug, Clone, Default)]
pub struct Coverage {
    /// Where each ends, by where it starts. They neither overlap nor touch.
    ranges: BTreeMap<u64, u64>,
}

impl Coverage {
    /// Takes a range. Gives whether all of it was free before.
    pub fn take(&mut self, at: u64, len: u64) -> bool {
        if len == 0 {
            return true;
        }
        let (mut start, mut end) = (at, at.saturating_add(len));
        let mut free = true;
        // From the last one backwards: those that overlap or touch become one with it.
        while let Some((&from, &to)) = self.ranges.range(..=end).next_back().filter(|(_, to)| **to >= start) {
            free = free && (to <= at || from >= at.saturating_add(len));
            (start, end) = (start.min(from), end.max(to));
            self.ranges.remove(&from);
        }
        self.ranges.insert(start, end);
        free
    }

    /// The ranges from `from` to `to` that are not taken, each with its length, in order.
    #[must_use]
    pub fn left(&self, from: u64, to: u64) -> Vec<(u64, u64)> {
        let mut out = Vec::new();
        let mut next = from;
        for (&start, &end) in self.ranges.range(..to) {
            push(&mut out, next, start.min(to));
            next = next.max(end);
        }
        push(&mut out, next, to);
        out
    }
}

fn push(out: &mut Vec<(u64, u64)>, from: u64, to: u64) {
    if from < to {
        out.push((from, to.saturating_sub(from)));
    }
}

#[cfg(test)]
mod tests {
    use super::Coverage;

    fn of(ranges: &[(u64, u64)]) -> Coverage {
        let mut coverage = Coverage::default();
        for (at, len) in ranges {
            coverage.take(*at, *len);
        }
        coverage
    }

    #[test]
    fn what_is_free_can_be_taken_once() {
        let mut coverage = Coverage::default();
        assert!(coverage.take(10, 5) && coverage.take(20, 5) && coverage.take(15, 5), "neighbours do not overlap");
        assert!(!coverage.take(10, 1) && !coverage.take(24, 1) && !coverage.take(0, 100) && !coverage.take(12, 2));
        assert!(coverage.take(12, 0), "what takes no bytes is in nobody's way");
    }

    #[test]
    fn the_rest_is_left_over() {
        let coverage = of(&[(10, 5), (30, 10), (20, 2)]);
        assert_eq!(coverage.left(0, 50), [(0, 10), (15, 5), (22, 8), (40, 10)]);
        assert_eq!(coverage.left(12, 35), [(15, 5), (22, 8)]);
        assert_eq!(coverage.left(15, 20), [(15, 5)]);
        assert_eq!((coverage.left(30, 40), coverage.left(40, 40)), (vec![], vec![]));
    }

    #[test]
    fn without_anything_taken_all_is_left() {
        assert_eq!(of(&[(3, 0)]).left(2, 6), [(2, 4)]);
        assert_eq!(of(&[(0, u64::MAX)]).left(2, 6), []);
    }

    #[test]
    fn ranges_that_overlap_are_one() {
        assert_eq!(of(&[(0, 4), (2, 4), (10, 4), (5, 6)]).left(0, 20), [(14, 6)]);
        assert_eq!(of(&[(4, 4), (0, 20)]).left(0, 30), [(20, 10)]);
        assert_eq!(of(&[(u64::MAX - 1, 9)]).left(0, u64::MAX), [(0, u64::MAX - 1)]);
    }

    /// Against a plain table of bytes.
    #[test]
    fn it_is_what_counting_bytes_gives() {
        let mut seed = 1_u64;
        let mut below = |n: u64| {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (seed >> 33).checked_rem(n).unwrap_or(0)
        };
        for _ in 0..200 {
            let (mut coverage, mut table) = (Coverage::default(), [false; 64]);
            for _ in 0..below(12) {
                let (at, len) = (below(60), below(9));
                let range = (at..at.saturating_add(len).min(64)).filter_map(|i| usize::try_from(i).ok());
                let free = range.clone().all(|i| table.get(i) == Some(&false));
                range.for_each(|i| table.get_mut(i).into_iter().for_each(|taken| *taken = true));
                let len = len.min(64_u64.saturating_sub(at));
                assert_eq!(coverage.take(at, len), free);
            }
            let left = coverage.left(0, 64);
            let is_left = |i: u64| left.iter().any(|(at, len)| i >= *at && i < at.saturating_add(*len));
            assert!(table.iter().zip(0..).all(|(taken, i)| *taken != is_left(i)));
            assert!(left.windows(2).all(|pair| matches!(pair, [a, b] if a.0.saturating_add(a.1) < b.0)));
        }
    }
}
