//! How the memory of an image is packed.

use super::{Compression, Header};
use crate::stream::Packing;

/// The first version in which the memory may be packed.
const PACKED_SINCE: u32 = 2;

impl Header {
    /// How the memory is packed. What the header of an older version says of that does not count.
    ///
    /// Source: `qemuSaveImageDecompressionStart` of libvirt; libvir-list `RFCv9` for later versions.
    #[must_use]
    pub const fn packing(&self) -> Option<Packing> {
        if self.version < PACKED_SINCE {
            return None;
        }
        match self.format {
            Compression::Raw | Compression::Sparse => None,
            Compression::Gzip => Some(Packing::Gzip),
            Compression::Bzip2 => Some(Packing::Bzip2),
            Compression::Xz => Some(Packing::Xz),
            Compression::Lzop => Some(Packing::Lzop),
            Compression::Zstd => Some(Packing::Zstd),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Compression, Header, Packing};

    #[test]
    fn nothing_was_packed_before_version_2() {
        let header = |version, format| Header { version, format, ..Header::initial() };
        assert_eq!(header(2, Compression::Zstd).packing(), Some(Packing::Zstd));
        assert_eq!(header(3, Compression::Lzop).packing(), Some(Packing::Lzop));
        for plain in [header(2, Compression::Raw), header(2, Compression::Sparse), header(1, Compression::Gzip)] {
            assert_eq!(plain.packing(), None);
        }
    }
}
