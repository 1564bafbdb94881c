//! The active sequence of a journal: of those whose last entry names one of their own as its tail, the one whose last entry is
//! the newest, from that tail on.

/// What has to be known of a valid entry.
#[derive(Debug, Clone, Copy)]
pub(super) struct Link {
    /// Its offset in the ring.
    pub start: u64,
    /// Index of the entry that starts where it ends and follows it.
    pub next: Option<usize>,
    /// What is greatest in the newest entry.
    pub newest: i128,
    /// Offset in the ring of the first entry to replay.
    pub tail: u64,
}

/// What is known of the end of the sequence that an entry is in.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Last {
    Unknown,
    /// It goes round in a circle.
    None,
    Is(usize),
}

/// Indices of the entries to replay, in order. The links are in the order of their places.
pub(super) fn active(links: &[Link]) -> Vec<usize> {
    let lasts = lasts(links);
    let mut best: Option<(i128, usize, usize)> = None;
    for (index, (link, last)) in links.iter().zip(&lasts).enumerate() {
        let Last::Is(last) = *last else { continue };
        let Some(end) = links.get(last).filter(|end| end.tail == link.start) else { continue };
        if best.is_none_or(|(newest, ..)| end.newest > newest) {
            best = Some((end.newest, index, last));
        }
    }
    let Some((_, tail, last)) = best else { return Vec::new() };
    let next = |here: &usize| links.get(*here).and_then(|link| link.next).filter(|_| *here != last);
    std::iter::successors(Some(tail), next).collect()
}

/// For each entry the last one of its sequence. Each is passed once: a way ends where another one has been.
fn lasts(links: &[Link]) -> Vec<Last> {
    let mut lasts = vec![Last::Unknown; links.len()];
    for from in 0..links.len() {
        let (mut way, mut here) = (Vec::new(), from);
        let last = loop {
            match lasts.get_mut(here) {
                // Whoever comes here once more before the end is known goes in a circle.
                Some(known @ Last::Unknown) => *known = Last::None,
                Some(known) => break *known,
                None => break Last::None,
            }
            way.push(here);
            match links.get(here).and_then(|link| link.next) {
                Some(next) => here = next,
                None => break Last::Is(here),
            }
        };
        for index in way {
            if let Some(slot) = lasts.get_mut(index) {
                *slot = last;
            }
        }
    }
    lasts
}

#[cfg(test)]
#[allow(clippy::arithmetic_side_effects, reason = "a test fails by it")]
mod tests {
    use super::{Link, active};

    /// The sequence of a ring with entries of one stride: number and tail; 0 is none. Each follows the number before.
    fn of(ring: &[(i128, u64)]) -> Vec<usize> {
        let there: Vec<_> = ring.iter().enumerate().filter(|(_, it)| it.0 > 0).collect();
        let link = |(place, (number, tail)): &(usize, &(i128, u64))| {
            let behind = (place + 1) % ring.len();
            let next = there.iter().position(|(at, it)| *at == behind && it.0 == number + 1);
            Link { start: u64::try_from(*place).unwrap_or(0), next, newest: *number, tail: *tail }
        };
        let places = active(&there.iter().map(link).collect::<Vec<_>>());
        places.into_iter().filter_map(|index| there.get(index)).map(|(place, _)| *place).collect()
    }

    #[test]
    fn it_starts_at_the_tail_and_comes_round() {
        assert_eq!(of(&[(7, 3), (0, 0), (5, 2), (6, 2)]), [3, 0]);
        assert_eq!(of(&[(7, 2), (8, 2), (5, 2), (6, 2)]), [2, 3, 0, 1]);
        assert_eq!(of(&[(9, 1), (3, 1)]), [1]);
        assert_eq!(of(&[(5, 0), (6, 9)]), [0; 0]);
    }

    #[test]
    fn of_equally_new_ones_the_first_tail_counts() {
        assert_eq!(of(&[(5, 0), (0, 0), (5, 2), (0, 0)]), [0]);
    }

    #[test]
    fn a_circle_has_no_last_entry() {
        let link = |start, next| Link { start, next: Some(next), newest: 1, tail: 0 };
        assert_eq!(active(&[link(0, 1), link(1, 0)]), [0; 0]);
    }
}
