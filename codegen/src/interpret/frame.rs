//! What a value is read or written with: arguments, byte order, place.

use super::datum::Datum;
use crate::model::{Aside, From, TypeId};

/// What a value of a type is read or written with.
#[derive(Clone, Copy)]
pub struct Frame<'f> {
    /// Its type.
    pub ty: TypeId,
    /// Arguments, one for each param.
    pub params: &'f [Datum<'f>],
    /// Whether its numbers are big-endian.
    pub big: bool,
    /// Absolute offset of its start.
    pub base: u64,
    /// Its index among the places around, itself included, where something is read aside from it.
    pub place: usize,
}

impl Frame<'_> {
    /// The index of the place that a field is read aside from.
    #[must_use]
    pub fn place_of(&self, aside: &Aside) -> usize {
        match aside.from {
            From::This => self.place,
            From::Param(id) => match self.params.get(id.0) {
                Some(Datum::Place(index)) => *index,
                _ => usize::MAX,
            },
        }
    }
}
