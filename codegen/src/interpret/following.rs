//! What follows where a reader looks ahead.

use super::bytes::Bytes;
use super::datum::Datum;
use super::tree::number;
use crate::model::Ahead;

/// The bytes in front of a reader.
#[derive(Clone, Copy)]
pub struct Following<'a> {
    /// All bytes.
    pub bytes: &'a dyn Bytes,
    /// Absolute offset of the next one.
    pub at: u64,
    /// How many are left in the window, or without one in the input.
    pub left: u64,
}

impl Following<'_> {
    /// What an expression looks at.
    #[must_use]
    pub fn look(&self, ahead: &Ahead, big: bool) -> Datum<'static> {
        match ahead {
            Ahead::Int(n, signed) => {
                self.next((*n).into()).map_or(Datum::Absent, |b| Datum::Int(number(&b, big, *signed)))
            }
            Ahead::Tagged(tag, name) => Datum::Bool(self.follows(*tag, name)),
        }
    }

    /// Whether a tag and a text that begins with `name` and is longer follow, with the text's length in a byte between.
    fn follows(&self, tag: u8, name: &[u8]) -> bool {
        let Some([first, length]) = self.next(2).as_deref().and_then(<[u8]>::first_chunk).copied() else {
            return false;
        };
        if first != tag || usize::from(length) <= name.len() {
            return false;
        }
        let whole = self.next(u64::from(length).saturating_add(2));
        whole.is_some_and(|b| b.get(2..).is_some_and(|text| text.starts_with(name)))
    }

    /// The next few bytes, where so many are left.
    fn next(&self, n: u64) -> Option<Vec<u8>> {
        if n > self.left {
            return None;
        }
        let mut b = vec![0; usize::try_from(n).ok()?];
        self.bytes.read_at(self.at, &mut b).ok()?;
        Some(b)
    }
}
