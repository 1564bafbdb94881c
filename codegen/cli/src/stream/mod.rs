//! The QEMU stream that a file carries: found by what the file says of it, and unpacked where it is packed.

mod pipe;
mod program;
mod spool;
mod unpack;
#[cfg(feature = "unpack")]
mod zstd;

use std::fs::File;
use std::io::{BufReader, Seek, SeekFrom};
use std::path::Path;

use clap::Args;
use vmspec::format::{FORMATS, Format};
use vmspec::stream::{self, FIELD, Packing, StreamPlace};
use vmspec::{Class, Error, qevm};

pub use self::pipe::Pipe;
pub use self::unpack::Packed;

use self::unpack::decoder;
use crate::offset;
use crate::progress::{Progress, Watched};
use crate::recognise;
use crate::refusal::Refusal;

/// How much may be unpacked.
#[derive(Clone, Copy, Debug, Args)]
pub struct Unpacking {
    /// Unpack no more than N bytes of a packed stream; they go to a file without a name in the folder for temporary files
    #[arg(long, value_name = "N", default_value = MOST, value_parser = offset::parse)]
    pub max_unpacked: u64,
}

/// As much is unpacked where nobody says otherwise.
const MOST: &str = "16G";

impl Default for Unpacking {
    fn default() -> Self {
        Self { max_unpacked: offset::parse(MOST).unwrap_or_default() }
    }
}

/// Which of the two is read: a file, or the stream that it carries.
#[derive(Debug, Args)]
pub struct Carried {
    /// Read the QEMU stream that a libvirt save image carries, instead of the image; it is unpacked where it is packed, and
    /// offsets are then those of the unpacked stream
    #[arg(long)]
    pub stream: bool,
    #[command(flatten)]
    pub unpacking: Unpacking,
}

/// A QEMU stream.
pub struct Stream {
    /// The file that it is in: the one that was given, or one without a name that it was unpacked to.
    pub file: File,
    /// Where in that it starts.
    pub offset: u64,
    /// Its input `origin`.
    pub origin: u64,
    /// How it was packed.
    pub packing: Option<Packing>,
}

/// The stream in a file of a format that starts at `offset`; none where the format has none.
pub fn follow(
    format: &Format,
    mut file: File,
    offset: u64,
    (path, unpacking): (&Path, Unpacking),
) -> Result<Option<Stream>, Refusal> {
    let Some(StreamPlace { offset, origin, packing }) = stream::find(format, &mut file, offset)? else {
        return Ok(None);
    };
    let Some(packing) = packing else { return Ok(Some(Stream { file, offset, origin, packing })) };
    let file = unpacked(file, offset, packing, (path, unpacking))?;
    Ok(Some(Stream { file, offset: 0, origin: 0, packing: Some(packing) }))
}

/// A file that may end in a description, and where in it the stream starts that is described: the one that the file carries, or the file
/// itself from `offset` on, whatever it is.
pub fn open(path: &Path, offset: u64, unpacking: Unpacking) -> Result<(File, u64), Refusal> {
    let (mut file, _) = recognise::open(path, offset)?;
    match recognise::recognise(&mut file, offset) {
        Ok(format) if stream::carries(format) => match follow(format, file, offset, (path, unpacking))? {
            Some(Stream { file, offset, .. }) => Ok((file, offset)),
            None => Err(none(format)),
        },
        _ => Ok((file, offset)),
    }
}

/// What is packed from an offset on, in a file without a name.
fn unpacked(
    mut file: File,
    offset: u64,
    packing: Packing,
    (path, unpacking): (&Path, Unpacking),
) -> Result<File, Refusal> {
    let progress = Progress::new(path, file.seek(SeekFrom::End(0))?);
    let mut file = Watched::new(file, progress);
    file.seek(SeekFrom::Start(offset))?;
    let mut from = decoder(packing, Box::new(BufReader::new(file)))?;
    spool::spool(&mut *from, unpacking).map_err(|e| e.refusal(packing, offset))
}

/// The format of streams.
pub fn format() -> Result<&'static Format, Refusal> {
    let found = FORMATS.iter().find(|format| format.spec == qevm::SPEC);
    found.ok_or_else(|| Refusal::Choice("QEMU streams are not built in".into()))
}

/// What is said of a file that has no stream.
pub fn none(format: &Format) -> Refusal {
    Refusal::Unknown(format!("there is no QEMU stream in this file of format {} ({})", format.id, Class::Unsupported))
}

/// An error about what lies in the stream of a file of another format.
pub fn within(e: Error) -> Error {
    e.field(FIELD, 0)
}
