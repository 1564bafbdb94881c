//! New images, with libvirt's choices where none are made.

use super::{Compression, Header, Image, ImageArea, Metadata, RunState, SaveMagic, Spare};
use crate::Blob;
use crate::runtime::{Endian, Result};
use alloc::ffi::CString;

/// What makes an [`Image`] or its [`Metadata`]. Begin with [`Image::builder`].
#[derive(Clone, Debug)]
pub struct ImageBuilder {
    header: Header,
    area: ImageArea,
    spare: Spare,
}

impl Image {
    /// Begins a new image with this domain XML and what the spec starts from: version 2, complete, little endian, of a running guest, its memory raw, no
    /// cookie, and as much room to edit as libvirt leaves.
    #[must_use]
    pub fn builder(xml: impl Into<CString>) -> ImageBuilder {
        let header = Header::initial();
        ImageBuilder { header, area: ImageArea::tight(xml.into(), None), spare: Spare::default() }
    }
}

impl ImageBuilder {
    /// Adds a cookie: what libvirt needs beside the XML to resume the guest.
    #[must_use]
    pub fn cookie(mut self, cookie: impl Into<CString>) -> Self {
        self.area.cookie = Some(cookie.into());
        self
    }

    /// Whether the guest ran, and so whether it runs again once restored.
    #[must_use]
    pub const fn run_state(mut self, state: RunState) -> Self {
        self.header.was_running = state;
        self
    }

    /// How the memory given to [`ImageBuilder::build`] is packed. Nothing is packed here.
    #[must_use]
    pub const fn compression(mut self, compression: Compression) -> Self {
        self.header.format = compression;
        self
    }

    /// The byte order of the header's numbers. libvirt writes its host's and reads both.
    #[must_use]
    pub const fn byte_order(mut self, order: Endian) -> Self {
        self.header.byte_order = order;
        self
    }

    /// Marks the image as one whose save is still going on: [`mark_complete`](super::mark_complete) ends that once all of
    /// the memory is in the file.
    #[must_use]
    pub const fn partial(mut self) -> Self {
        self.header.magic = SaveMagic::Partial;
        self
    }

    /// How much room is left behind the XML and the cookie, and so where the memory starts.
    #[must_use]
    pub const fn spare(mut self, spare: Spare) -> Self {
        self.spare = spare;
        self
    }

    /// What stands before the memory, for a memory that is written by other means.
    ///
    /// # Errors
    /// `limit` when the area would be larger than the format or the spec allows; `invalid` for an alignment of 0, and when
    /// a value breaks a rule.
    pub fn metadata(self) -> Result<Metadata> {
        let Self { header, mut area, spare } = self;
        area.set_spare(spare)?;
        let metadata = Metadata { header, area };
        metadata.to_bytes()?;
        Ok(metadata)
    }

    /// The image with this memory: bytes, or a range of the source that the image will be written from.
    ///
    /// # Errors
    /// As [`ImageBuilder::metadata`].
    pub fn build(self, memory: impl Into<Blob>) -> Result<Image> {
        Ok(self.metadata()?.into_image(memory))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Whether an image of this version can be written, and whether no rule has a remark on it.
    fn verdict(version: u32) -> (bool, bool) {
        let mut builder = Image::builder(c"<domain/>");
        builder.header.version = version;
        match builder.metadata() {
            Ok(metadata) => (true, metadata.check().is_empty()),
            Err(_) => (false, false),
        }
    }

    #[test]
    fn new_images_have_the_highest_version_without_a_remark() {
        assert_eq!(verdict(Header::INITIAL_VERSION), (true, true));
        let above = (Header::INITIAL_VERSION..).skip(1).map(verdict).take_while(|(writable, _)| *writable);
        assert!(above.into_iter().all(|(_, silent)| !silent));
    }
}
