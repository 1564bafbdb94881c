//! Pages by generated code.

use std::io::{Cursor, Read};

use binrw::BinRead;
use binrw::io::Seek;
use vmspec_runtime::{Blob, WireRef};

use super::PAGE;
use super::pages::{Record, RecordBody, RecordBodyRef, RecordRef, StreamEvent, StreamReader};
use super::sink::Sink;

/// As values, one by one. A page is a place in the source, read afterwards.
pub fn read(bytes: &[u8], sink: &mut impl Sink) {
    read_from(&mut Cursor::new(bytes), sink);
}

/// As values, from any reader.
fn read_from<R: Read + Seek, S: Sink>(from: &mut R, sink: &mut S) {
    let page = &mut [0; PAGE][..S::WANTS];
    loop {
        let record = Record::read(from).unwrap();
        if let Some(name) = &record.block {
            sink.block(&name.0);
        }
        let address = record.word & !0xfff;
        match &record.body {
            RecordBody::Zero(of) => sink.fill(address, of.fill),
            RecordBody::Page(of) => match &of.data {
                Blob::Bytes(bytes) => sink.page(address, bytes),
                Blob::Range { offset, .. } => {
                    let behind = from.stream_position().unwrap();
                    from.seek(std::io::SeekFrom::Start(*offset)).unwrap();
                    from.read_exact(page).unwrap();
                    from.seek(std::io::SeekFrom::Start(behind)).unwrap();
                    sink.page(address, page);
                }
            },
            RecordBody::Eos => return,
        }
    }
}

/// By a reader that gives one after the other.
pub fn pull_slice(bytes: &[u8], sink: &mut impl Sink) {
    pull(bytes, sink);
}

/// The same, from anything that can be read. What is not wanted of a page is passed over.
pub fn pull<R: Read, S: Sink>(from: R, sink: &mut S) {
    pull_by(StreamReader::new(from), sink);
}

/// The same, reading ahead.
pub fn pull_ahead<R: Read, S: Sink>(from: R, capacity: usize, sink: &mut S) {
    pull_by(StreamReader::new(from).buffered(capacity), sink);
}

fn pull_by<R: Read, S: Sink>(mut reader: StreamReader<R>, sink: &mut S) {
    let page = &mut [0; PAGE][..S::WANTS];
    while let Some(StreamEvent::Record(record)) = reader.next_event().unwrap() {
        if let Some(name) = &record.block {
            sink.block(&name.0);
        }
        let address = record.word & !0xfff;
        match &record.body {
            RecordBody::Zero(of) => sink.fill(address, of.fill),
            RecordBody::Page(_) => {
                if let Some(place) = sink.place(address) {
                    fill(&mut reader, place);
                } else {
                    fill(&mut reader, page);
                    sink.page(address, page);
                }
            }
            RecordBody::Eos => {}
        }
    }
}

fn fill<R: Read>(reader: &mut StreamReader<R>, page: &mut [u8]) {
    let mut at = 0;
    while at < page.len() {
        let n = reader.read_pending(&mut page[at..]).unwrap();
        assert!(n > 0);
        at += n;
    }
}

/// As they lie there.
pub fn borrowed(bytes: &[u8], sink: &mut impl Sink) {
    let mut rest = bytes;
    loop {
        let (record, behind) = RecordRef::parse_prefix(rest).unwrap();
        rest = behind;
        if let Some(name) = record.block {
            sink.block(name);
        }
        let address = record.word & !0xfff;
        match &record.body {
            RecordBodyRef::Zero(of) => sink.fill(address, of.fill()),
            RecordBodyRef::Page(of) => sink.page(address, of.data),
            RecordBodyRef::Eos => return,
        }
    }
}
