//! Which copy counts: what readers do, and writers hold their values to.

use crate::{Class, Cursor, Endian, Error, Found, Result, Wire};
use alloc::format;
use alloc::vec::Vec;

/// How copies are read and compared.
pub(super) struct How<'a, T: Wire> {
    pub(super) order: Endian,
    pub(super) args: T::Args<'a>,
    /// The number that is greatest in the copy that counts, nothing where it cannot be computed; without it the first counts.
    pub(super) newest: Option<fn(&T) -> Option<i128>>,
}

impl<T: Wire> How<'_, T> {
    /// A copy, with how new it is, where it is valid.
    pub(super) fn read(&self, bytes: &[u8], at: u64, depth: u8) -> Result<(T, i128)> {
        let mut src = Cursor::inside(bytes, at);
        src.depth = depth;
        let read = T::read_from(&mut src, self.order, self.args.clone());
        let value = read.and_then(|value| src.close().map(|()| value)).map_err(|e| e.spec(T::SPEC))?;
        let Some(newest) = self.newest else { return Ok((value, 0)) };
        match newest(&value) {
            Some(n) => Ok((value, n)),
            None => Err(Error::uncomputed("how new the copy is").located(at)),
        }
    }
}

/// The number of the copy that counts. Without `is_first` copies that are equally new must be the same.
pub(super) fn choose<T>(
    bytes: &[Vec<u8>],
    read: &[Result<(T, i128)>],
    is_first: bool,
    place: impl Fn(usize) -> u64,
) -> Result<Option<usize>> {
    let mut best: Option<(usize, i128)> = None;
    for (i, copy) in read.iter().enumerate() {
        let Ok((_, new)) = copy else { continue };
        if best.is_none_or(|(_, most)| *new > most && !is_first) {
            best = Some((i, *new));
        }
    }
    let Some((chosen, most)) = best.filter(|_| !is_first) else { return Ok(best.map(|(i, _)| i)) };
    let as_new = |copy: &Result<(T, i128)>| matches!(copy, Ok((_, new)) if *new == most);
    let own = bytes.get(chosen);
    for (i, (copy, bytes)) in read.iter().zip(bytes).enumerate() {
        if as_new(copy) && Some(bytes) != own {
            let expected = format!("the same bytes as copy {chosen}, which is as new");
            let e = Error::new(Class::Invalid, expected, Found::Nothing).located(place(i));
            return Err(e.index(i).field("copies", 0));
        }
    }
    Ok(Some(chosen))
}

/// What is wrong where no copy is valid: what is wrong with the first. Its class is kept where all have it.
pub(super) fn none_valid<T>(read: Vec<Result<T>>) -> Error {
    let count = read.len();
    let mut errors = read.into_iter().filter_map(Result::err);
    let Some(first) = errors.next() else { return Error::uncomputed("a valid copy") };
    let class = first.class();
    let class = if errors.all(|e| e.class() == class) { class } else { Class::Invalid };
    let expected = format!("one of {count} copies to be valid: {}", first.expected());
    first.recast(class, expected).index(0).field("copies", 0)
}
