//! Which elements of a list are in a page: the first, the last, and those with something wrong in them.

use std::collections::BTreeSet;
use std::ops::Range;

/// How many elements of a list are shown at its ends.
#[derive(Debug, Clone, Copy)]
pub struct Ends {
    pub first: usize,
    pub last: usize,
}

/// A part of a list.
#[derive(Debug, PartialEq, Eq)]
pub enum Picked {
    /// An element.
    One(usize),
    /// Elements that are left out.
    Run(Range<usize>),
}

/// The parts of a list of `count` elements, at most `room` of them beside what is wrong.
pub fn pick(count: usize, ends: Ends, wrong: &BTreeSet<usize>) -> Vec<Picked> {
    if count <= ends.first.saturating_add(ends.last).saturating_add(1) {
        return (0..count).map(Picked::One).collect();
    }
    let mut shown: BTreeSet<usize> = wrong.iter().copied().filter(|index| *index < count).collect();
    shown.extend((0..ends.first).chain(count.saturating_sub(ends.last)..count));
    let (mut all, mut next) = (Vec::new(), 0_usize);
    for index in shown {
        run(&mut all, next..index);
        all.push(Picked::One(index));
        next = index.saturating_add(1);
    }
    run(&mut all, next..count);
    all
}

fn run(all: &mut Vec<Picked>, run: Range<usize>) {
    if !run.is_empty() {
        all.push(Picked::Run(run));
    }
}

#[cfg(test)]
mod tests {
    use super::{Ends, Picked, pick};
    use std::collections::BTreeSet;

    const ENDS: Ends = Ends { first: 2, last: 1 };

    #[test]
    fn short_lists_are_whole() {
        assert_eq!(pick(4, ENDS, &BTreeSet::new()), [0, 1, 2, 3].map(Picked::One));
        assert_eq!(pick(0, ENDS, &BTreeSet::new()), []);
    }

    #[test]
    fn of_long_ones_the_middle_is_left_out_but_for_what_is_wrong() {
        use Picked::{One, Run};
        assert_eq!(pick(9, ENDS, &BTreeSet::new()), [One(0), One(1), Run(2..8), One(8)]);
        let wrong = BTreeSet::from([1, 2, 5, 8, 99]);
        assert_eq!(pick(9, ENDS, &wrong), [One(0), One(1), One(2), Run(3..5), One(5), Run(6..8), One(8)]);
    }
}
