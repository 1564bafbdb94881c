//! Reading of copies.

use super::choose::{How, choose, none_valid};
use super::{Between, Copies, CopyPlaces, OtherCopy};
use crate::{Endian, Input, Locate, Padding, Result, Source, Wire};
use alloc::vec::Vec;

impl<I: Input> Source<I> {
    /// All copies of a field, the first of which is here, and what lies between them. The valid one for which `newest` is
    /// the greatest counts; without `newest` the first valid one.
    ///
    /// # Errors
    /// When no copy is valid, or equally new ones differ; at the end of the input or of the window.
    pub fn copies<T: Wire, const N: usize>(
        &mut self,
        places: &CopyPlaces<N>,
        (order, args): (Endian, T::Args<'_>),
        newest: Option<fn(&T) -> Option<i128>>,
    ) -> Result<Copies<T, N>> {
        let (first, depth) = (self.position, self.depth);
        let mut gaps = [const { Padding::Zero }; N];
        let mut bytes = Vec::with_capacity(N);
        for (i, gap) in gaps.iter_mut().enumerate() {
            *gap = self.between(places, i)?;
            bytes.push(self.bytes(places.size, u64::MAX).index(i).field("copies", 0)?);
        }
        let how = How { order, args, newest };
        let place = |i| places.place(first, i);
        let read: Vec<_> = bytes.iter().enumerate().map(|(i, bytes)| how.read(bytes, place(i), depth)).collect();
        match choose(&bytes, &read, newest.is_none(), place)? {
            Some(index) => built(index, bytes, read, gaps),
            None => Err(none_valid(read)),
        }
    }

    fn between<const N: usize>(&mut self, places: &CopyPlaces<N>, index: usize) -> Result<Padding> {
        let n = places.gap(index);
        match places.between {
            Between::Zero => self.zeros(n).map(|()| Padding::Zero),
            Between::Keep => self.zeros_kept(n, u64::MAX),
        }
    }
}

/// The copies, of which that with the number `index` is valid and counts.
fn built<T, const N: usize>(
    index: usize,
    bytes: Vec<Vec<u8>>,
    read: Vec<Result<(T, i128)>>,
    gaps: [Padding; N],
) -> Result<Copies<T, N>> {
    let mut others = [const { OtherCopy::Same }; N];
    let own = bytes.get(index).cloned();
    let mut current = None;
    for (i, ((other, bytes), copy)) in others.iter_mut().zip(bytes).zip(read).enumerate() {
        match copy {
            Ok((value, _)) if i == index => current = Some(value),
            Ok(_) if own.as_ref() == Some(&bytes) => {}
            Ok(_) => *other = OtherCopy::Valid(bytes),
            Err(_) => *other = OtherCopy::Invalid(bytes),
        }
    }
    match current {
        Some(current) => Ok(Copies { current, index, others, gaps }),
        None => Err(none_valid::<T>(Vec::new())),
    }
}
