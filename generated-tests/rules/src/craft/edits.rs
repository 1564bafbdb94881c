//! Changes of bytes.

use vmspec_generated_tests::crafted::{Edit, edited};

/// Bytes with others in place of a range.
pub fn spliced(bytes: &[u8], at: usize, removed: usize, put: &[u8]) -> Vec<u8> {
    let start = at.min(bytes.len());
    let end = start.saturating_add(removed).min(bytes.len());
    [bytes.get(..start).unwrap_or_default(), put, bytes.get(end..).unwrap_or_default()].concat()
}

/// How far ahead both are looked at for where they are the same again.
const AHEAD: usize = 4096;
/// So many same bytes in a row are no chance.
const SAME: usize = 8;

/// The changes between two inputs, each run of other bytes by itself; last ones first, so that offsets of those before stay.
pub fn split(from: &[u8], to: &[u8]) -> Vec<Edit> {
    let mut edits = if from.len() == to.len() { in_place(from, to) } else { shifted(from, to) };
    edits.reverse();
    if edited(from, &edits) == to { edits } else { vec![Edit::between(from, to)] }
}

/// The changes between inputs of one length. Runs that lie close are one.
fn in_place(from: &[u8], to: &[u8]) -> Vec<Edit> {
    let mut edits: Vec<Edit> = Vec::new();
    for (at, (_, new)) in from.iter().zip(to).enumerate().filter(|(_, (a, b))| a != b) {
        match edits.last_mut() {
            Some(last) if at.saturating_sub(last.range.end) < 4 => {
                last.put.extend(to.get(last.range.end..at).unwrap_or_default());
                last.put.push(*new);
                last.range.end = at.saturating_add(1);
            }
            _ => edits.push(Edit { range: at..at.saturating_add(1), put: vec![*new] }),
        }
    }
    edits
}

fn shifted(from: &[u8], to: &[u8]) -> Vec<Edit> {
    let mut edits: Vec<Edit> = Vec::new();
    let (mut a, mut b) = (0, 0);
    loop {
        let same = from.iter().skip(a).zip(to.iter().skip(b)).take_while(|(a, b)| a == b).count();
        (a, b) = (a.saturating_add(same), b.saturating_add(same));
        if a >= from.len() && b >= to.len() {
            return edits;
        }
        let (skip_a, skip_b) = again(from.get(a..).unwrap_or_default(), to.get(b..).unwrap_or_default());
        let range = a..a.saturating_add(skip_a);
        (a, b) = (range.end, b.saturating_add(skip_b));
        let put = to.get(b.saturating_sub(skip_b)..b).unwrap_or_default().to_vec();
        edits.push(Edit { range, put });
    }
}

/// How many bytes of both differ, up to where they are the same again.
fn again(from: &[u8], to: &[u8]) -> (usize, usize) {
    let is_same = |a: usize, b: usize| {
        let (a, b) = (from.get(a..).unwrap_or_default(), to.get(b..).unwrap_or_default());
        let (a, b) = (a.get(..SAME).unwrap_or(a), b.get(..SAME).unwrap_or(b));
        a == b
    };
    // As many of both, then more of one alone.
    let most = from.len().max(to.len()).min(AHEAD);
    for n in 1..=most {
        let both = (1..=n.min(16)).find(|less| is_same(*less, *less));
        if let Some(n) = both {
            return (n.min(from.len()), n.min(to.len()));
        }
        for few in 0..n.min(16) {
            if is_same(n, few) {
                return (n.min(from.len()), few.min(to.len()));
            }
            if is_same(few, n) {
                return (few.min(from.len()), n.min(to.len()));
            }
        }
    }
    (from.len(), to.len())
}

#[cfg(test)]
mod tests {
    use super::split;
    use vmspec_generated_tests::crafted::edited;
    use vmspec_generated_tests::differential::Dice;

    #[test]
    fn changes_make_the_one_of_the_other() {
        let mut dice = Dice::new(3);
        for _ in 0..300 {
            let mut some =
                |n: usize| -> Vec<u8> { (0..dice.below(n)).map(|_| if dice.below(3) > 0 { 0 } else { 7 }).collect() };
            let (head, middle, other, tail) = (some(40), some(20), some(20), some(40));
            let (from, to) = ([head.clone(), middle, tail.clone()].concat(), [head, other, tail].concat());
            assert_eq!(edited(&from, &split(&from, &to)), to);
        }
        assert_eq!(split(b"abcdefgh", b"abXdefgh").len(), 1);
    }
}
