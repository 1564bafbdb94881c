//! A page sent as what changed in it since it was sent before.
//!
//! The difference is a row of pairs: so many bytes that stay, then so many new ones and these themselves. What stays at the
//! end of a page is left out.

use crate::runtime::{Found, Result, len64};
use crate::{Class, Error};

/// A run's length takes up to two bytes of seven bits each, the lowest first.
const BITS: u32 = 7;
const MORE: u8 = 1 << BITS;

/// Makes of a page as it was the page as it is, and gives how many of its bytes are new. After an error the page may be
/// changed in part.
///
/// ```
/// use vmspec::qevm::xbzrle;
///
/// let mut page = *b"a quiet page";
/// xbzrle::apply(&mut page, &[2, 5, b'l', b'o', b'u', b'd', b'!']).unwrap();
/// assert_eq!(&page, b"a loud! page");
/// ```
///
/// # Errors
/// `invalid` for a difference that is cut off, that reaches beyond the page, or that has an empty run anywhere but in front;
/// the offset counts from its start.
pub fn apply(page: &mut [u8], difference: &[u8]) -> Result<usize> {
    let mut rest = Rest { all: difference, at: 0 };
    let (mut to, mut changed) = (0_usize, 0_usize);
    while rest.is_left() {
        let first = rest.at == 0;
        to = to.saturating_add(rest.run(first)?);
        let new = rest.run(false)?;
        let end = to.saturating_add(new);
        let room = len64(page.len());
        if end > page.len() {
            let expected = alloc::format!("at most the {room} bytes of the page");
            return Err(rest.wrong(expected.into(), len64(end).into()));
        }
        let from = rest.take(new)?;
        if let Some(place) = page.get_mut(to..).and_then(|place| place.get_mut(..from.len())) {
            place.copy_from_slice(from);
        }
        (to, changed) = (end, changed.saturating_add(new));
    }
    Ok(changed)
}

/// What is left of a difference.
struct Rest<'a> {
    all: &'a [u8],
    at: usize,
}

impl<'a> Rest<'a> {
    const fn is_left(&self) -> bool {
        self.at < self.all.len()
    }

    /// The length of a run.
    fn run(&mut self, may_be_empty: bool) -> Result<usize> {
        let low = self.byte()?;
        let mut length = usize::from(low & !MORE);
        if low & MORE != 0 {
            let high = self.byte()?;
            if high & MORE != 0 {
                return Err(self.wrong("a length of two bytes".into(), high.into()));
            }
            length |= usize::from(high) << BITS;
        }
        if length == 0 && !may_be_empty {
            return Err(self.wrong("a run of at least one byte".into(), Found::Int(0)));
        }
        Ok(length)
    }

    fn byte(&mut self) -> Result<u8> {
        let byte = self.take(1)?.first().copied();
        byte.ok_or_else(|| self.wrong("another byte".into(), Found::Nothing))
    }

    fn take(&mut self, n: usize) -> Result<&'a [u8]> {
        let rest = self.all.get(self.at..).unwrap_or_default();
        let taken = rest.get(..n);
        let short = || Error::short(Class::Invalid, len64(self.at), len64(n), len64(rest.len()));
        let taken = taken.ok_or_else(short)?;
        self.at = self.at.saturating_add(n);
        Ok(taken)
    }

    #[cold]
    fn wrong(&self, expected: alloc::borrow::Cow<'static, str>, found: Found) -> Error {
        Error::new(Class::Invalid, expected, found).located(len64(self.at))
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test fails where it is wrong")]
mod tests {
    use super::apply;
    use std::string::{String, ToString};
    use std::vec;
    use std::vec::Vec;

    fn applied(difference: &[u8]) -> Result<Vec<u8>, String> {
        let mut page = vec![9; 300];
        apply(&mut page, difference).map_err(|e| e.to_string())?;
        Ok(page)
    }

    #[test]
    fn runs_are_put_in_their_places() {
        assert_eq!(applied(&[]).unwrap(), [9; 300]);
        let page = applied(&[0, 1, 7, 2, 2, 5, 6]).unwrap();
        assert_eq!(&page[..6], [7, 9, 9, 5, 6, 9]);
        // 0x80 | 0x2b and 2: 43 + 2 * 128
        let page = applied(&[0xab, 2, 1, 4]).unwrap();
        assert_eq!((page[298], page[299]), (9, 4));
    }

    #[test]
    fn a_run_may_be_empty_in_front_only() {
        assert!(applied(&[0, 1, 7]).is_ok());
        assert_eq!(applied(&[1, 0]).unwrap_err(), "0x2: expected a run of at least one byte, found 0 (invalid)");
        assert_eq!(
            applied(&[0, 1, 7, 0, 1, 7]).unwrap_err(),
            "0x4: expected a run of at least one byte, found 0 (invalid)"
        );
    }

    #[test]
    fn lengths_have_at_most_two_bytes() {
        assert_eq!(
            applied(&[0x80, 0x80, 1]).unwrap_err(),
            "0x2: expected a length of two bytes, found 128 (0x80) (invalid)"
        );
        assert!(applied(&[0x81, 0, 1, 7]).is_ok());
    }

    #[test]
    fn nothing_is_put_behind_the_page() {
        let beyond = "expected at most the 300 bytes of the page, found 301 (0x12d) (invalid)";
        assert!(applied(&[0xab, 2, 2, 4, 4]).unwrap_err().ends_with(beyond));
        assert!(applied(&[0xff, 0x7f, 0xff, 0x7f]).is_err());
    }

    #[test]
    fn a_cut_difference_is_refused() {
        let whole = [0xab, 1, 3, 1, 2, 3, 1, 1, 9];
        for cut in [1, 2, 3, 4, 5, 7, 8] {
            assert!(applied(&whole[..cut]).is_err(), "{cut}");
        }
        assert!(applied(&whole).is_ok() && applied(&whole[..6]).is_ok());
    }
}
