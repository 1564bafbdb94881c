//! An image without its memory: what an image of any size costs to look at.

use super::{Header, HeaderWire, Image, ImageArea};
use crate::runtime::binrw::io::{Cursor, Read};
use crate::runtime::{Input, ReadInput, Result, Wire, len64};
use crate::{Blob, Class, Error, Finding};
use alloc::vec::Vec;

/// What an image holds before its memory. Complete in itself: a gap before the cookie is held, not a range of a source.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Metadata {
    /// The fixed header.
    pub header: Header,
    /// The domain XML, the cookie and the room behind them.
    pub area: ImageArea,
}

impl Metadata {
    /// Reads the header and the area of the image that starts at the reader's next byte, and leaves the reader at the first
    /// byte of the memory. A file, a pipe or a [`DirectReader`](crate::runtime::DirectReader) will do. As many bytes
    /// are read as stand before the memory, in few large reads, and no more memory is taken than bytes arrive.
    ///
    /// An incomplete image is read as well; [`Metadata::check`] tells it.
    ///
    /// # Errors
    /// Those of [`Image`], with the same places; `io` when the reader fails.
    pub fn read<R: Read>(reader: &mut R) -> Result<Self> {
        let mut bytes = Vec::new();
        append(reader, len64(Header::SIZE), &mut bytes)?;
        let area = area_len(&bytes);
        append(reader, area, &mut bytes)?;
        let (Image { header, mut area, .. }, _) = Image::parse(&bytes)?;
        area.cookie_gap = area.cookie_gap.load(&mut Cursor::new(&bytes), len64(bytes.len()))?.into();
        Ok(Self { header, area })
    }

    /// The image that has this memory: bytes, or a range of the source that the image will be written from.
    #[must_use]
    pub fn into_image(self, memory: impl Into<Blob>) -> Image {
        Image { header: self.header, area: self.area, memory: memory.into() }
    }

    /// The bytes that stand before the memory, as many as [`Metadata::memory_offset`] says.
    ///
    /// # Errors
    /// When the value breaks a rule; `needs_source` when its gap is a range of a source, as in an [`Image`] that was read.
    pub fn to_bytes(&self) -> Result<Vec<u8>> {
        let mut bytes = Vec::new();
        self.clone().into_image(Blob::EMPTY).write_to(&mut bytes)?;
        Ok(bytes)
    }

    /// Soft rules that the header or the area breaks, such as that the save has finished.
    #[must_use]
    pub fn check(&self) -> Vec<Finding> {
        self.clone().into_image(Blob::EMPTY).check()
    }
}

/// Appends the next `n` bytes, or as many as there are.
fn append<R: Read>(reader: &mut R, n: u64, to: &mut Vec<u8>) -> Result<()> {
    let at = len64(to.len());
    let n = usize::try_from(n).unwrap_or(usize::MAX);
    ReadInput::new(reader).append(n, to).map(|_| ()).map_err(|e| Error::io(at, e))
}

/// How many bytes of area a header announces; 0 when the image is refused by its header alone, perhaps for that number.
fn area_len(header: &[u8]) -> u64 {
    let lacks_area = Image::parse(header).is_err_and(|e| e.class() == Class::Truncated);
    match HeaderWire::parse(header) {
        Ok((wire, _)) if lacks_area => wire.driven.data_len.into(),
        _ => 0,
    }
}
