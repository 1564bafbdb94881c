//! A stream without its memory: the devices that a spec describes, in their order, and nothing else.
//!
//! For programs that look at devices more closely than a reader does, and would have to hold all that they look at.

use super::{
    Body, Device, DeviceBody, Prepared, Record, RecordBody, SectionStart, SectionStartHead, Stream, StreamArgs,
    StreamBody, StreamEvent, StreamReader, StreamVersion,
};
use crate::Error;
use crate::format::{Inputs, Prepare, ReadSeek};
use crate::runtime::{Blob, Endian, Result, Wire};
use alloc::boxed::Box;
use alloc::vec::Vec;
use std::io::{BufReader, SeekFrom};

/// The devices of a stream that a spec describes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Excerpt {
    /// A stream of them alone, each a section as a whole.
    pub stream: Vec<u8>,
    /// Where the state of each of them starts in the stream that they are from.
    pub offsets: Vec<u64>,
}

/// Reads the stream that starts at `offset` of the reader, with inputs as [`Prepared`] takes them. Of its memory nothing is held.
///
/// # Errors
/// Those of the stream and of the reader.
pub fn excerpt(reader: &mut dyn ReadSeek, offset: u64, inputs: Inputs<'_>) -> Result<Excerpt> {
    <Prepared as Prepare<Stream>>::prepared(reader, offset, inputs, |reader, args| {
        reader.seek(SeekFrom::Start(offset)).map_err(|e| Error::io(offset, e))?;
        let Devices { records, offsets, version } = devices(reader, offset, args)?;
        let body = Body { configuration: None, records, description: None };
        let body = if version == Some(StreamVersion::V4) { StreamBody::V4(body) } else { StreamBody::V3(body) };
        let stream = Stream { body, trailing: Blob::default() };
        let mut excerpt = Excerpt { stream: Vec::new(), offsets };
        stream.write_with(&mut excerpt.stream, Endian::Big, args)?;
        Ok(excerpt)
    })
}

/// What is taken of a stream.
#[derive(Default)]
struct Devices {
    /// The devices, with the end behind them.
    records: Vec<Record>,
    /// Where their states start.
    offsets: Vec<u64>,
    /// The format of the stream.
    version: Option<StreamVersion>,
}

fn devices(reader: &mut dyn ReadSeek, start: u64, args: StreamArgs<'_>) -> Result<Devices> {
    let mut reader = StreamReader::with_args(BufReader::new(reader), args);
    let (mut devices, mut head) = (Devices::default(), None);
    while let Some(event) = reader.next_event()? {
        match event {
            StreamEvent::SectionStartHead(next) => head = Some(next),
            StreamEvent::DeviceBody(body) => {
                let Some(head) = head.take().filter(|_| !matches!(body, DeviceBody::Opaque(_))) else { continue };
                devices.offsets.push(start.saturating_add(reader.event_offset()));
                devices.records.push(Record { body: Box::new(RecordBody::Full(section(head, body))) });
                devices.version = reader.state().and_then(|state| state.format.get());
            }
            _ => {}
        }
    }
    devices.records.push(Record { body: Box::new(RecordBody::Eof) });
    Ok(devices)
}

fn section(head: SectionStartHead, body: DeviceBody) -> SectionStart {
    let SectionStartHead { section_id, idstr, instance, version } = head;
    SectionStart { section_id, idstr, instance, version, state: Device { body }, footer: None }
}
