//! What unpacks a stream: this program itself for what it was built with, else a program of the system.

use std::io::{BufRead, Read};

use vmspec::stream::Packing;

use super::program;
use crate::refusal::Refusal;

/// What is packed.
pub type Packed = Box<dyn BufRead + Send>;

/// Gives what comes of unpacking. It takes little memory, whatever is said in what is packed.
pub fn decoder(packing: Packing, from: Packed) -> Result<Box<dyn Read>, Refusal> {
    match built_in(packing, from) {
        Ok(decoder) => Ok(decoder),
        Err(from) => program::decoder(packing, from),
    }
}

/// The decoder that is built in; what is packed again where there is none.
#[cfg(feature = "unpack")]
fn built_in(packing: Packing, from: Packed) -> Result<Box<dyn Read>, Packed> {
    /// Most KiB that a dictionary may take: those of `xz -9` take 64 MiB.
    const MOST: u32 = 128 << 10;
    match packing {
        Packing::Gzip => Ok(Box::new(flate2::bufread::MultiGzDecoder::new(from))),
        Packing::Bzip2 => Ok(Box::new(bzip2::bufread::MultiBzDecoder::new(from))),
        Packing::Xz => Ok(Box::new(lzma_rust2::XzReader::new_mem_limit(from, true, MOST))),
        Packing::Zstd => Ok(Box::new(super::zstd::Frames::new(from))),
        Packing::Lzop => Err(from),
    }
}

/// None is built in.
#[cfg(not(feature = "unpack"))]
fn built_in(_: Packing, from: Packed) -> Result<Box<dyn Read>, Packed> {
    Err(from)
}
