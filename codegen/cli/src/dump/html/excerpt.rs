//! The bytes of a page: what structure occupies, of payload and other long things the first and the last rows.

use std::io;
use std::ops::Range;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use vmspec_codegen::interpret::Bytes;

use super::super::view::View;
use super::data::{Entry, Segment, Shape};

/// Bytes in a row of the page.
const ROW: u64 = 16;
/// Most bytes of a page, as long as the nodes are not too many even so.
const TOTAL: u64 = 3 << 20;
/// Between excerpts that are nearer than this, leaving out is not worth a row.
const NEAR: u64 = 4 * ROW;
/// Of payload, and of what is left out of a list.
const PAYLOAD: Limit = Limit { first: 8 * ROW, last: 4 * ROW };
/// Of anything else; the first of these is used with which a page is small enough.
const LIMITS: [Limit; 3] = [
    Limit { first: 64 << 10, last: 1 << 10 },
    Limit { first: 2 << 10, last: 4 * ROW },
    Limit { first: 2 * ROW, last: ROW },
];
/// Of what is around a place that matters.
const AROUND: Limit = Limit { first: 2 * ROW, last: 16 * ROW };

/// How much of something is shown at its ends.
#[derive(Debug, Clone, Copy)]
struct Limit {
    first: u64,
    last: u64,
}

/// The ranges that are shown.
pub struct Excerpts(Vec<Range<u64>>);

impl Excerpts {
    /// Those of these nodes, and of the places where the reading and the file begin and end.
    pub fn of(view: &View<'_>, nodes: &[Entry]) -> Self {
        let places = places(view);
        // Of what comes round the end of a ring, the first rows.
        let round = nodes.iter().filter_map(|node| node.round).map(|(at, n)| at..at.saturating_add(n.min(AROUND.last)));
        let mut all = Vec::new();
        for limit in LIMITS {
            let leaves = nodes.iter().filter(|node| node.children.is_none());
            let wanted = leaves.flat_map(|node| ends(node, limit)).chain(places.iter().cloned()).chain(round.clone());
            all = merged(wanted.collect(), view.bytes.size());
            if total(&all) <= TOTAL {
                break;
            }
        }
        Self(all)
    }

    /// Their bytes.
    pub fn segments(&self, bytes: &dyn Bytes) -> io::Result<Vec<Segment>> {
        let segment = |range: &Range<u64>| {
            let len = usize::try_from(range.end.saturating_sub(range.start)).map_err(io::Error::other)?;
            let mut found = vec![0; len];
            bytes.read_at(range.start, &mut found)?;
            Ok(Segment { at: range.start, bytes: STANDARD.encode(found) })
        };
        self.0.iter().map(segment).collect()
    }
}

/// The ends of a node, which meet where it is short.
fn ends(node: &Entry, limit: Limit) -> [Range<u64>; 2] {
    let limit = if matches!(node.shape, Shape::Blob | Shape::More | Shape::Zeros) { PAYLOAD } else { limit };
    let end = node.at.saturating_add(node.len);
    let first = node.at..end.min(node.at.saturating_add(limit.first));
    [first, node.at.max(end.saturating_sub(limit.last))..end]
}

/// What is shown whatever is there: around the error, behind the value, the first and last rows of the file.
fn places(view: &View<'_>) -> Vec<Range<u64>> {
    let (size, end) = (view.bytes.size(), view.reading.end);
    let around = |at: u64| at.saturating_sub(AROUND.first)..at.saturating_add(AROUND.last);
    let error = view.reading.error.as_ref().and_then(|error| error.offset);
    let mut all: Vec<_> = error.into_iter().map(around).collect();
    all.push(0..NEAR);
    all.push(end..end.saturating_add(NEAR));
    all.push(size.saturating_sub(NEAR)..size);
    all
}

/// Whole rows of the file, in order and without overlap.
fn merged(ranges: Vec<Range<u64>>, size: u64) -> Vec<Range<u64>> {
    let whole = |r: Range<u64>| {
        let start = r.start.saturating_sub(r.start % ROW);
        start..r.end.checked_next_multiple_of(ROW).unwrap_or(u64::MAX).min(size)
    };
    let mut rows: Vec<_> = ranges.into_iter().filter(|r| !r.is_empty()).map(whole).filter(|r| !r.is_empty()).collect();
    rows.sort_by_key(|r| (r.start, r.end));
    let mut all: Vec<Range<u64>> = Vec::new();
    for row in rows {
        match all.last_mut() {
            Some(last) if row.start <= last.end.saturating_add(NEAR) => last.end = last.end.max(row.end),
            _ => all.push(row),
        }
    }
    all
}

fn total(ranges: &[Range<u64>]) -> u64 {
    ranges.iter().fold(0, |all, r| all.saturating_add(r.end.saturating_sub(r.start)))
}

#[cfg(test)]
mod tests {
    use super::{Limit, ends, merged};
    use crate::dump::html::data::{Entry, Shape};

    #[test]
    fn excerpts_are_whole_rows_that_do_not_overlap() {
        let ends = |ranges| merged(ranges, 1000).into_iter().map(|r| (r.start, r.end)).collect::<Vec<_>>();
        assert_eq!(ends(vec![200..201, 3..5, 4..20, 90..90]), [(0, 32), (192, 208)]);
        assert_eq!(ends(vec![0..20, 80..81]), [(0, 96)]);
        assert_eq!(ends(vec![990..u64::MAX, 2000..3000]), [(976, 1000)]);
    }

    #[test]
    fn of_what_is_long_the_ends_are_shown() {
        let node = |shape, len| Entry { at: 1000, len, shape, ..Entry::default() };
        let limit = Limit { first: 500, last: 50 };
        assert_eq!(ends(&node(Shape::Text, 10_000), limit), [1000..1500, 10_950..11_000]);
        assert_eq!(ends(&node(Shape::Blob, 10_000), limit), [1000..1128, 10_936..11_000]);
        assert_eq!(ends(&node(Shape::Blob, 10), limit), [1000..1010, 1000..1010]);
        assert_eq!(ends(&node(Shape::Blob, u64::MAX), limit)[1], u64::MAX - 64..u64::MAX);
    }
}
