//! What can be done with an area in memory: other texts in the same bytes, other room behind them.

use super::{Header, Image, ImageArea, Metadata, Spare};
use crate::Error;
use crate::runtime::{Result, Zeros, len64};
use alloc::ffi::CString;
use alloc::format;

impl ImageArea {
    /// An area without room: the cookie follows the XML, and nothing follows the cookie.
    pub(super) fn tight(xml: CString, cookie: Option<CString>) -> Self {
        Self { xml, cookie, spare: Zeros::Zero(0), ..Self::initial() }
    }

    /// Puts other texts in the same number of bytes, so that the memory stays where it is. The cookie follows the XML, and
    /// zeros take the rest: a gap between the two, and bytes kept in place of zeros, are given up.
    ///
    /// Source: `virQEMUSaveDataWrite` with the `data_len` of an image that was read. It differs in one thing: without a
    /// cookie libvirt leaves the old cookie's offset in the header, and here the image has none.
    ///
    /// # Errors
    /// Class `limit` when they do not fit, with how many bytes are missing; the area is as it was.
    pub fn replace(&mut self, xml: impl Into<CString>, cookie: Option<CString>) -> Result<()> {
        let mut area = Self::tight(xml.into(), cookie);
        let (needed, room) = (area.byte_len(), self.byte_len());
        let spare = room.checked_sub(needed).ok_or_else(|| too_long(needed, room))?;
        area.spare = Zeros::Zero(spare);
        *self = area;
        Ok(())
    }

    /// [`ImageArea::replace`] with the cookie that is there.
    ///
    /// # Errors
    /// As [`ImageArea::replace`].
    pub fn replace_xml(&mut self, xml: impl Into<CString>) -> Result<()> {
        self.replace(xml, self.cookie.clone())
    }

    /// [`ImageArea::replace`] with the XML that is there. `None` takes the cookie away.
    ///
    /// # Errors
    /// As [`ImageArea::replace`].
    pub fn replace_cookie(&mut self, cookie: Option<CString>) -> Result<()> {
        self.replace(self.xml.clone(), cookie)
    }

    /// Gives the area other room, which moves the memory: the image has to be written anew. An area that gets too large
    /// for the format is refused then.
    ///
    /// # Errors
    /// `invalid` for an alignment of 0, `limit` for more bytes than can be counted; the area is as it was.
    pub fn set_spare(&mut self, spare: Spare) -> Result<()> {
        self.spare = Zeros::Zero(spare.after(self.unspared())?);
        Ok(())
    }

    /// Where the memory would start with other room, in bytes from the image's first.
    ///
    /// # Errors
    /// As [`ImageArea::set_spare`].
    pub fn memory_offset_with(&self, spare: Spare) -> Result<u64> {
        let unspared = self.unspared();
        Ok(unspared.saturating_add(spare.after(unspared)?))
    }

    /// Where the memory starts, in bytes from the image's first: behind the header and the area.
    #[must_use]
    pub fn memory_offset(&self) -> u64 {
        len64(Header::SIZE).saturating_add(self.byte_len())
    }

    /// Where the memory would start without room.
    fn unspared(&self) -> u64 {
        self.memory_offset().saturating_sub(self.spare.len())
    }
}

impl Image {
    /// Puts other XML in the area without moving the memory. See [`ImageArea::replace`].
    ///
    /// # Errors
    /// As [`ImageArea::replace`].
    pub fn replace_xml(&mut self, xml: impl Into<CString>) -> Result<()> {
        self.area.replace_xml(xml)
    }

    /// Where the memory starts, in bytes from the image's first.
    #[must_use]
    pub fn memory_offset(&self) -> u64 {
        self.offset_of_memory()
    }
}

impl Metadata {
    /// Puts other XML in the area without moving the memory. See [`ImageArea::replace`].
    ///
    /// # Errors
    /// As [`ImageArea::replace`].
    pub fn replace_xml(&mut self, xml: impl Into<CString>) -> Result<()> {
        self.area.replace_xml(xml)
    }

    /// Where the memory starts, in bytes from the image's first.
    #[must_use]
    pub fn memory_offset(&self) -> u64 {
        self.area.memory_offset()
    }
}

#[cold]
fn too_long(needed: u64, room: u64) -> Error {
    let missing = needed.saturating_sub(room);
    Error::limit(format!("XML and cookie of at most {room} bytes, {missing} fewer"), needed).spec(super::SPEC)
}
