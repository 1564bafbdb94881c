//! The QEMU stream in what comes through a pipe. Nothing of it is kept.

use std::io::{self, BufReader, Cursor, Read};

use vmspec::format::{Format, HEAD};
use vmspec::libvirt_save::Metadata;
use vmspec::stream::{StreamPlace, carries};
use vmspec::{Class, qevm};

use super::unpack::{Packed, decoder};
use crate::recognise;
use crate::refusal::Refusal;

/// A stream that can only be read from its first byte to its last.
pub struct Pipe {
    /// Its bytes.
    pub reader: Box<dyn Read>,
    /// Where it starts in what comes through the pipe; 0 where it was packed.
    pub offset: u64,
    /// Its input `origin`.
    pub origin: u64,
}

impl Pipe {
    /// The stream of what begins `offset` bytes into the pipe, and is of this format if one is given.
    pub fn follow(mut from: Packed, format: Option<&'static Format>, offset: u64) -> Result<Self, Refusal> {
        let passed = io::copy(&mut (&mut from).take(offset), &mut io::sink())?;
        let mut head = Vec::new();
        (&mut from).take(HEAD).read_to_end(&mut head)?;
        if head.is_empty() {
            let class = Class::Truncated;
            return Err(Refusal::Unknown(format!("{passed:#x}: there is nothing more in the pipe ({class})")));
        }
        let format = match format {
            Some(format) => format,
            None => recognise::told_by(&head, offset)?,
        };
        let is_stream = format.spec == qevm::SPEC && format.other(&head).is_none();
        let mut from: Packed = Box::new(BufReader::new(Cursor::new(head).chain(from)));
        if is_stream {
            return Ok(Self { reader: Box::new(from), offset, origin: offset });
        }
        if !carries(format) {
            return Err(super::none(format));
        }
        let image = Metadata::read(&mut from).map_err(|e| e.moved(offset))?;
        let StreamPlace { offset: start, origin, packing } = StreamPlace::of(&image);
        match packing {
            None => Ok(Self { reader: Box::new(from), offset: offset.saturating_add(start), origin }),
            Some(by) => Ok(Self { reader: decoder(by, from)?, offset: 0, origin: 0 }),
        }
    }
}
