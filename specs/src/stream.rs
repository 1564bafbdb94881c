//! The QEMU stream that a file carries, whatever the format of the file: where it starts, and how it is packed. For programs that learn at
//! run time what they have.

use std::io::SeekFrom;

use crate::Error;
use crate::format::{Format, ReadSeek, head};
use crate::libvirt_save::{self, Metadata};
use crate::qevm;

/// The field of a save image that holds its stream: what paths into that begin with.
pub const FIELD: &str = "memory";

/// How a stream is packed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Packing {
    /// By `gzip`.
    Gzip,
    /// By `bzip2`.
    Bzip2,
    /// By `xz`.
    Xz,
    /// By `lzop`.
    Lzop,
    /// By `zstd`.
    Zstd,
}

impl Packing {
    /// The program that packs so, and unpacks it.
    #[must_use]
    pub const fn program(self) -> &'static str {
        match self {
            Self::Gzip => "gzip",
            Self::Bzip2 => "bzip2",
            Self::Xz => "xz",
            Self::Lzop => "lzop",
            Self::Zstd => "zstd",
        }
    }
}

/// Where a stream is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StreamPlace {
    /// Where it starts in the reader, packed or not.
    pub offset: u64,
    /// Its input `origin`: where it starts in the file that its own offsets count from. None of these are in a stream that is packed.
    pub origin: u64,
    /// How it is packed, from there to the end of the file.
    pub packing: Option<Packing>,
}

/// Whether files of a format carry a stream, and are none themselves.
#[must_use]
pub fn carries(format: &Format) -> bool {
    format.spec == libvirt_save::SPEC
}

/// The stream in the file of a format that starts at `offset` of the reader: a QEMU stream itself, or that of a libvirt save
/// image. `None` where the format has none, and for a connection beside a stream.
///
/// # Errors
/// Those of the reader; when the front of a save image breaks a rule of its format.
pub fn find(format: &Format, mut reader: &mut dyn ReadSeek, offset: u64) -> Result<Option<StreamPlace>, Error> {
    if format.spec == qevm::SPEC {
        let head = head(reader, offset).map_err(|e| Error::io(offset, e))?;
        let place = StreamPlace { offset, origin: offset, packing: None };
        return Ok(format.other(&head).is_none().then_some(place));
    }
    if !carries(format) {
        return Ok(None);
    }
    reader.seek(SeekFrom::Start(offset)).map_err(|e| Error::io(offset, e))?;
    let image = Metadata::read(&mut reader).map_err(|e| e.moved(offset))?;
    Ok(Some(StreamPlace::of(&image).behind(offset)))
}

impl StreamPlace {
    /// The stream of a save image, counted from the first byte of the image.
    #[must_use]
    pub fn of(image: &Metadata) -> Self {
        let start = image.area.memory_offset();
        Self { offset: start, origin: start, packing: image.header.packing() }
    }

    /// The same where the image starts at `offset`. What the stream says of places still counts from the image.
    const fn behind(mut self, offset: u64) -> Self {
        self.offset = self.offset.saturating_add(offset);
        self
    }
}
