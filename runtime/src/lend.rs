//! What only a slice can do for values that borrow from it: lend instead of copying, with the same checks as the owned reads.

use crate::{Cursor, Endian, Error, Fault, OwnOrder, Result, Wire, len64};

/// A value of a spec's type that borrows from the slice it was read from.
pub trait WireRef<'a>: Sized {
    /// The same as a value of its own.
    type Owned: Wire;

    /// Borrows from a slice. Every rule is checked.
    ///
    /// # Errors
    /// When the bytes break a rule or end early.
    fn borrow_from(src: &mut Cursor<'a>, order: Endian, args: <Self::Owned as Wire>::Args<'_>) -> Result<Self>;

    /// A value of its own; what it holds as blobs is copied.
    ///
    /// # Errors
    /// When a block in it breaks a rule: never for what was read and not changed.
    fn to_value(&self) -> Result<Self::Owned, Fault>;

    /// Borrows from the start of a slice; gives what follows.
    ///
    /// # Errors
    /// When the bytes break a rule or end early.
    fn parse_prefix_with(
        b: &'a [u8],
        order: Endian,
        args: <Self::Owned as Wire>::Args<'_>,
    ) -> Result<(Self, &'a [u8])> {
        let mut src = Cursor::over(b, 0);
        let value = Self::borrow_from(&mut src, order, args).map_err(spec::<Self::Owned>)?;
        Ok((value, src.into_input().map_err(spec::<Self::Owned>)?.0))
    }

    /// Borrows from a slice, which must be used up.
    ///
    /// # Errors
    /// When the bytes break a rule, end early or are left over.
    fn parse_with(b: &'a [u8], order: Endian, args: <Self::Owned as Wire>::Args<'_>) -> Result<Self> {
        let mut src = Cursor::over(b, 0);
        let value = Self::borrow_from(&mut src, order, args).map_err(spec::<Self::Owned>)?;
        src.finish().map_err(spec::<Self::Owned>)?;
        Ok(value)
    }

    /// [`WireRef::parse_prefix_with`] for a type that needs no order, and no args or has defaults for them.
    ///
    /// # Errors
    /// When the bytes break a rule or end early.
    fn parse_prefix(b: &'a [u8]) -> Result<(Self, &'a [u8])>
    where
        Self::Owned: OwnOrder,
        for<'b> <Self::Owned as Wire>::Args<'b>: Default,
    {
        Self::parse_prefix_with(b, Endian::Little, Default::default())
    }

    /// [`WireRef::parse_with`] for a type that needs no order, and no args or has defaults for them.
    ///
    /// # Errors
    /// When the bytes break a rule, end early or are left over.
    fn parse(b: &'a [u8]) -> Result<Self>
    where
        Self::Owned: OwnOrder,
        for<'b> <Self::Owned as Wire>::Args<'b>: Default,
    {
        Self::parse_with(b, Endian::Little, Default::default())
    }
}

#[cold]
fn spec<T: Wire>(e: Error) -> Error {
    e.spec(T::SPEC)
}

impl<'a> Cursor<'a> {
    /// The next `n` bytes where they lie. Refused when more than `max` bytes, or than there are.
    ///
    /// # Errors
    /// At the end of the slice or of the window, and above `max`.
    #[inline]
    pub fn lent(&mut self, n: u64, max: u64) -> Result<&'a [u8]> {
        self.check_max(n, max)?;
        self.check_room(n)?;
        self.check_left(n, 0)?;
        self.slice(n)
    }

    /// `count` elements of `N` bytes where they lie, each looked at by `check`.
    ///
    /// # Errors
    /// When they do not fit, and those of `check`, with the element's index.
    pub fn arrays<const N: usize, T>(
        &mut self,
        count: u64,
        mut check: impl FnMut(&[u8; N]) -> Result<T, Fault>,
    ) -> Result<&'a [[u8; N]]> {
        const { assert!(N > 0, "an element takes at least one byte") };
        let at = self.position();
        let chunks = self.lent(count.saturating_mul(len64(N)), u64::MAX)?.as_chunks().0;
        let mut place = at;
        for (i, chunk) in chunks.iter().enumerate() {
            check(chunk).map_err(|f| f.at(place).index(i))?;
            place = place.saturating_add(len64(N));
        }
        Ok(chunks)
    }

    /// The next field is at the absolute offset `to`; what is before it, where it lies.
    ///
    /// # Errors
    /// As [`crate::Source::gap_keep`].
    pub fn gap_lent(&mut self, to: u64) -> Result<&'a [u8]> {
        let mut from = self.clone();
        self.gap_keep(to)?;
        self.settle()?;
        from.slice(self.position().saturating_sub(from.position()))
    }

    /// All that is left of the window or the slice, where it lies.
    ///
    /// # Errors
    /// When the slice ends before the window does.
    pub fn rest_lent(&mut self) -> Result<&'a [u8]> {
        let n = self.rest()?;
        self.lent(n, u64::MAX)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Class, Rule};

    static SMALL: Rule = Rule::new("", 1, Class::Invalid, "small");

    #[test]
    fn nothing_is_copied() {
        let b = [1, 2, 3, 4, 5];
        let mut src = Cursor::over(&b, 100);
        assert!(src.lent(2, 9).is_ok_and(|s| core::ptr::eq(s, &raw const b[..2])));
        assert!(src.gap_lent(103).is_ok_and(|s| core::ptr::eq(s, &raw const b[2..3])));
        assert!(src.clone().rest_lent().is_ok_and(|s| core::ptr::eq(s, &raw const b[3..])));
        assert!(src.arrays(1, |_: &[u8; 2]| Ok(())).is_ok_and(|s| core::ptr::eq(s.as_flattened(), &raw const b[3..])));
        assert!(src.finish().is_ok());
    }

    #[test]
    fn what_is_not_there_is_refused() {
        let mut src = Cursor::over(&[1, 2, 3], 0);
        let class = |e: Result<&[u8]>| e.err().map(|e| e.class());
        assert_eq!(class(src.lent(4, 9)), Some(Class::Truncated));
        assert_eq!(class(src.lent(3, 2)), Some(Class::Limit));
        let mut inside = Cursor::inside(&[1, 2, 3], 0);
        assert_eq!(class(inside.lent(4, 9)), Some(Class::Invalid));
        let checked = src.arrays(3, |b: &[u8; 1]| SMALL.check(b[0] < 3, 0, b[0]));
        assert!(checked.is_err_and(|e| e.offset() == Some(2) && e.path() == "[2]"));
    }
}
