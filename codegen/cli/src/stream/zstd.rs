//! The frames of a zstd file, one behind the other.

use std::io::{self, BufRead, Read};

use ruzstd::decoding::FrameDecoder;
use ruzstd::decoding::errors::{FrameDecoderError, ReadFrameHeaderError};

use super::unpack::Packed;

/// Unpacks frame after frame.
pub struct Frames {
    from: Packed,
    decoder: FrameDecoder,
    is_open: bool,
}

impl Frames {
    /// Of all that is left. A window of a frame may be as large as the decoder takes by itself, 128 MiB.
    pub fn new(from: Packed) -> Self {
        Self { from, decoder: FrameDecoder::new(), is_open: false }
    }

    /// Begins the next frame; false at the end. What the format lets anybody put between frames is passed over.
    fn open(&mut self) -> io::Result<bool> {
        while !self.from.fill_buf()?.is_empty() {
            match self.decoder.reset(&mut self.from) {
                Ok(()) => return Ok(true),
                Err(FrameDecoderError::ReadFrameHeaderError(ReadFrameHeaderError::SkipFrame { length, .. })) => {
                    let passed = io::copy(&mut (&mut self.from).take(length.into()), &mut io::sink())?;
                    if passed < u64::from(length) {
                        return Err(io::ErrorKind::UnexpectedEof.into());
                    }
                }
                Err(e) => return Err(said(e)),
            }
        }
        Ok(false)
    }

    /// Ends a frame, whose checksum has to be right.
    fn close(&mut self) -> io::Result<()> {
        let (said, found) = (self.decoder.get_checksum_from_data(), self.decoder.get_calculated_checksum());
        if said.is_some() && said != found {
            return Err(io::Error::new(io::ErrorKind::InvalidData, "the checksum of a frame is another"));
        }
        Ok(())
    }
}

impl Read for Frames {
    fn read(&mut self, to: &mut [u8]) -> io::Result<usize> {
        if to.is_empty() {
            return Ok(0);
        }
        loop {
            if !self.is_open {
                self.is_open = self.open()?;
                if !self.is_open {
                    return Ok(0);
                }
            }
            while self.decoder.can_collect() == 0 && !self.decoder.is_finished() {
                let step = ruzstd::decoding::BlockDecodingStrategy::UptoBlocks(1);
                self.decoder.decode_blocks(&mut self.from, step).map_err(said)?;
            }
            let got = self.decoder.read(to)?;
            if got > 0 {
                return Ok(got);
            }
            self.close()?;
            self.is_open = false;
        }
    }
}

/// An error as those of readers: what ends early says so.
fn said(e: FrameDecoderError) -> io::Error {
    let mut cause: Option<&(dyn std::error::Error + 'static)> = Some(&e);
    while let Some(inner) = cause {
        if let Some(io) = inner.downcast_ref::<io::Error>() {
            return match io.raw_os_error() {
                Some(code) => io::Error::from_raw_os_error(code),
                None => io::Error::new(io.kind(), e.to_string()),
            };
        }
        cause = inner.source();
    }
    io::Error::new(io::ErrorKind::InvalidData, e)
}
