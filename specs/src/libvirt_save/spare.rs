//! How much room an area has behind its texts. The fewest bytes are a matter of taste, where the memory starts is not.

use super::ImageArea;
use crate::runtime::{Result, padding_for};
use crate::{Class, Error};

/// How many zero bytes follow the XML and the cookie. They are room for later edits, and they decide where the memory starts.
///
/// Readers find the memory by the area's size alone, so every choice is a good version 2 image. Source: the remark at the
/// end of libvir-list `RFCv9 03/31`, which takes back the version that the patch had raised for aligned memory.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Spare {
    /// What libvirt leaves: [`ImageArea::INITIAL_SPARE`].
    #[default]
    Initial,
    /// Exactly so many bytes.
    Exactly(u64),
    /// The fewest bytes, yet at least `least`, with which the memory starts at a multiple of `to`.
    Aligned {
        /// The multiple: any but 0, a power of two or not.
        to: u64,
        /// The fewest bytes to leave: fewer than `to` are added.
        least: u64,
    },
}

impl Spare {
    /// As much room as libvirt leaves, and then as much as brings the memory to a multiple of `to` bytes.
    #[must_use]
    pub const fn aligned(to: u64) -> Self {
        Self::Aligned { to, least: ImageArea::INITIAL_SPARE }
    }

    /// The number of bytes, where the memory would start at `unspared` without any.
    ///
    /// # Errors
    /// `invalid` for a multiple of 0, `limit` for more bytes than can be counted.
    pub(super) fn after(self, unspared: u64) -> Result<u64> {
        match self {
            Self::Initial => Ok(ImageArea::INITIAL_SPARE),
            Self::Exactly(n) => Ok(n),
            Self::Aligned { to: 0, .. } => Err(Error::new(Class::Invalid, "an alignment of at least 1 byte", 0_u64)),
            Self::Aligned { to, least } => {
                let start = unspared.checked_add(least);
                let spare = start.and_then(|start| least.checked_add(padding_for(start, to)));
                spare.ok_or_else(|| Error::limit("spare bytes that fit in 64 bits", least))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn class(spare: Spare, unspared: u64) -> Option<Class> {
        spare.after(unspared).err().map(|e| e.class())
    }

    #[test]
    fn the_fewest_bytes_that_align() {
        for to in [1, 3, 512, 4096, 65_536, 1 << 20] {
            for unspared in [0, 1, 93, 511, 512, 4095, 1 << 20] {
                let spare = Spare::Aligned { to, least: 7 }.after(unspared).unwrap_or_default();
                assert!((7..7_u64.saturating_add(to)).contains(&spare));
                assert_eq!(padding_for(unspared.saturating_add(spare), to), 0);
            }
        }
    }

    #[test]
    fn what_cannot_be_counted() {
        assert_eq!(class(Spare::aligned(0), 9), Some(Class::Invalid));
        assert_eq!(class(Spare::Aligned { to: 2, least: u64::MAX }, 0), Some(Class::Limit));
        assert_eq!(class(Spare::Aligned { to: u64::MAX, least: 2 }, u64::MAX), Some(Class::Limit));
        assert_eq!(Spare::Aligned { to: u64::MAX, least: 2 }.after(1).ok(), Some(u64::MAX.saturating_sub(1)));
    }
}
