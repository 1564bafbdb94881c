//! Writing of copies: laid out, and then held to what a reader would make of them.

use super::choose::{How, choose};
use super::{Between, Copies, CopyPlaces, OtherCopy};
use crate::{Class, Endian, Error, Found, Locate, Output, Padding, Result, Sink, VecOutput, Wire, len64};
use alloc::format;
use alloc::vec::Vec;

impl<O: Output> Sink<O> {
    /// Puts all copies of a field, the first of which is here, and what lies between them.
    ///
    /// # Errors
    /// When a reader would choose another copy or find another one valid, and for bytes that are not as long as they must be:
    /// class `invalid`. And those of the type and of the writer.
    pub fn copies<T: Wire, const N: usize>(
        &mut self,
        copies: &Copies<T, N>,
        places: &CopyPlaces<N>,
        (order, args): (Endian, T::Args<'_>),
        newest: Option<fn(&T) -> Option<i128>>,
    ) -> Result<()> {
        let mut own = Vec::new();
        let mut sink = Sink::new(VecOutput(&mut own));
        copies.current.write_into(&mut sink, order, args.clone())?;
        sink.flush()?;
        let first = self.position();
        let bytes = laid_out(copies, &own, places.size)?;
        is_chosen(copies, &bytes, &How { order, args, newest }, |i| places.place(first, i))?;
        for (i, bytes) in bytes.iter().enumerate() {
            self.between(copies.gap(i), places, i)?;
            self.put(bytes)?;
        }
        Ok(())
    }

    fn between<const N: usize>(&mut self, gap: &Padding, places: &CopyPlaces<N>, index: usize) -> Result<()> {
        if gap.is_kept() && places.between == Between::Zero {
            let e = Error::new(Class::Invalid, "zeros before the copy", Found::Nothing);
            return Err(e).index(index).field("copies", 0);
        }
        self.padding(gap, places.gap(index)).index(index).field("copies", 0)
    }
}

/// The bytes of all copies.
fn laid_out<T, const N: usize>(copies: &Copies<T, N>, own: &[u8], size: u64) -> Result<Vec<Vec<u8>>> {
    let mut all = Vec::with_capacity(N);
    for (i, other) in copies.others.iter().enumerate() {
        let refused =
            |expected, found: Found| Err(Error::new(Class::Invalid, expected, found)).index(i).field("copies", 0);
        match other.bytes() {
            Some(bytes) if len64(bytes.len()) != size => return refused(format!("{size} bytes"), bytes.len().into()),
            Some(bytes) if bytes == own => {
                return refused("other bytes than those of the current copy".into(), Found::Nothing);
            }
            Some(bytes) => all.push(bytes.to_vec()),
            None => all.push(own.to_vec()),
        }
    }
    Ok(all)
}

/// Whether a reader would choose the current copy, and find valid of the others what is said to be.
fn is_chosen<T: Wire, const N: usize>(
    copies: &Copies<T, N>,
    bytes: &[Vec<u8>],
    how: &How<'_, T>,
    place: impl Fn(usize) -> u64,
) -> Result<()> {
    let read: Vec<_> = bytes.iter().enumerate().map(|(i, bytes)| how.read(bytes, place(i), 0)).collect();
    let chosen = choose(bytes, &read, how.newest.is_none(), place)?;
    if chosen != Some(copies.index) {
        let expected = format!("copy {} to be the one that a reader chooses", copies.index);
        let found = chosen.map_or(Found::Nothing, Found::from);
        return Err(Error::new(Class::Invalid, expected, found));
    }
    for (i, (other, copy)) in copies.others.iter().zip(&read).enumerate() {
        let expected = match (other, copy) {
            (OtherCopy::Valid(_), Err(_)) => "a valid copy",
            (OtherCopy::Invalid(_), Ok(_)) => "bytes that are no valid copy",
            _ => continue,
        };
        return Err(Error::new(Class::Invalid, expected, Found::Nothing)).index(i).field("copies", 0);
    }
    Ok(())
}
