//! Xen xl save files over a pipe: a guest of any size takes the memory of one record, and payload takes none.

#![allow(
    unsafe_code,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects
)]

use std::io::{self, Read};

use vmspec::xen_xl::{
    DomainKind, LibxcRecord, LibxcRecordArgs, LibxcRecordBody, LibxlStreamState, PageData, PageKind, PfnEntry,
    Savefile, SavefileEvent, SavefileReader,
};
use vmspec_generated_tests::counting::peak;
use vmspec_runtime::{Blob, Class, Endian, Output, Reserved, Sink, Wire};

use crate::xen_build::{PAGE, emulator, file, guest, libxc, stream};

/// What a guest of any size may take: payload is passed over by 64 KiB, and there is one list of 1024 pages.
const MOST: usize = 80 << 10;
/// What records without much payload may take, and lengths and counts that are refused.
const LITTLE: usize = 4 << 10;

/// A pipe that never ends and gives this over and over.
struct Again(Vec<u8>, usize);

impl Read for Again {
    fn read(&mut self, to: &mut [u8]) -> io::Result<usize> {
        let from = &self.0[self.1..];
        let n = from.len().min(to.len());
        to[..n].copy_from_slice(&from[..n]);
        self.1 = (self.1 + n) % self.0.len();
        Ok(n)
    }
}

/// Everything of a record but its payload.
struct Framing<'a>(&'a mut Vec<u8>);

impl Output for Framing<'_> {
    const HAS_SOURCE: bool = true;

    fn put(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.0.extend_from_slice(bytes);
        Ok(())
    }

    fn copy(&mut self, _: u64, _: u64) -> io::Result<()> {
        Ok(())
    }
}

/// A save file made up as it is read: everything but the bytes of pages is written by the types themselves.
struct Guest {
    framing: Vec<u8>,
    at: usize,
    /// The page that is given next, and the one that the record ends before.
    page: u64,
    until: u64,
    /// How much of the page was given.
    given: usize,
    /// The page that ends the guest, and how many are in a record.
    last: u64,
    per_record: u64,
    end: Vec<u8>,
}

impl Guest {
    fn new(records: u64, per_record: u64) -> Self {
        let (framing, end) = around();
        Self { framing, at: 0, page: 0, until: 0, given: 0, last: records * per_record, per_record, end }
    }

    /// Writes the head of the next record, or the end.
    fn go_on(&mut self) {
        self.framing.clear();
        self.at = 0;
        if self.page == self.last {
            self.framing.append(&mut self.end);
            return;
        }
        self.until = self.page + self.per_record;
        let state = LibxlStreamState::default();
        state.static_done.set(true);
        let args = told(&state);
        let record = record(self.page..self.until);
        record.write_into(&mut Sink::new(Framing(&mut self.framing)), Endian::Little, args).unwrap();
    }

    /// Gives of the page.
    fn give(&mut self, to: &mut [u8]) -> usize {
        let n = to.len().min(PAGE - self.given);
        to[..n].fill(mark(self.page));
        self.given += n;
        if self.given == PAGE {
            self.given = 0;
            self.page += 1;
        }
        n
    }
}

impl Read for Guest {
    fn read(&mut self, to: &mut [u8]) -> io::Result<usize> {
        if self.at == self.framing.len() && self.page == self.until {
            self.go_on();
        }
        let from = &self.framing[self.at..];
        if !from.is_empty() || self.page == self.until {
            let n = from.len().min(to.len());
            to[..n].copy_from_slice(&from[..n]);
            self.at += n;
            return Ok(n);
        }
        let mut got = 0;
        while got < to.len() && self.page < self.until {
            got += self.give(&mut to[got..]);
        }
        Ok(got)
    }
}

/// What every byte of a page is.
fn mark(page: u64) -> u8 {
    u8::try_from(page % 251).unwrap()
}

/// What is before the pages of a guest, and behind them.
fn around() -> (Vec<u8>, Vec<u8>) {
    let records = vec![libxc(LibxcRecordBody::StaticDataEnd), libxc(LibxcRecordBody::End)];
    let file = file(Endian::Little, stream(guest(DomainKind::X86Hvm, 3, false, records), false, vec![emulator()]));
    let mut whole = Vec::new();
    file.write_to(&mut whole).unwrap();
    // The ends of both streams, and the state of the emulator: 8 bytes of which emulator, and 13 of its own.
    let end = whole.split_off(whole.len() - 8 - (8 + 8 + 16) - 8);
    (whole, end)
}

fn record(pages: std::ops::Range<u64>) -> LibxcRecord {
    let length = (pages.end - pages.start) * u64::try_from(PAGE).unwrap();
    let pfns = pages.map(|pfn| PfnEntry { pfn, reserved: 0, kind: PageKind::Normal }).collect();
    libxc(LibxcRecordBody::PageData(PageData {
        reserved: Reserved([0; 4]),
        pfns,
        pages: Blob::Range { offset: 0, length },
    }))
}

fn told(state: &LibxlStreamState) -> LibxcRecordArgs<'_> {
    LibxcRecordArgs { big: false, version: 3, guest: DomainKind::X86Hvm, page_shift: 12, libxl_stream_state: state }
}

/// What was seen of a guest.
#[derive(Debug, PartialEq)]
struct Seen {
    events: u64,
    records: u64,
    pages: u64,
    handed_out: u64,
    last: &'static str,
}

/// The name of what ends a file, and of what is none of its ends.
const fn named(event: &SavefileEvent) -> &'static str {
    match event {
        SavefileEvent::SavefileTail => "SavefileTail",
        SavefileEvent::LibxlRecordHead(_) => "LibxlRecordHead",
        SavefileEvent::LibxcRecord(_) => "LibxcRecord",
        _ => "a head",
    }
}

/// Pulls all; of every seventh record of pages the payload is read, and must be that of its pages.
fn pulled<R: Read>(from: R, to: &mut [u8]) -> Seen {
    let mut reader = SavefileReader::new(from);
    let mut seen = Seen { events: 0, records: 0, pages: 0, handed_out: 0, last: "" };
    while let Some(event) = reader.next_event().unwrap() {
        (seen.events, seen.last) = (seen.events + 1, named(&event));
        let SavefileEvent::LibxcRecord(LibxcRecord { body: LibxcRecordBody::PageData(pages) }) = event else {
            continue;
        };
        if seen.records.is_multiple_of(7) {
            seen.handed_out += checked(&mut reader, &pages, to);
        }
        (seen.records, seen.pages) = (seen.records + 1, seen.pages + u64::try_from(pages.pfns.len()).unwrap());
    }
    assert!(matches!(reader.next_event(), Ok(None)));
    seen
}

/// Reads what is pending and holds the first and the last byte of each page against its number; says how much it was.
fn checked<R: Read>(reader: &mut SavefileReader<R>, pages: &PageData, to: &mut [u8]) -> u64 {
    let mut all = 0;
    for pfn in &pages.pfns {
        let mut got = 0;
        while got < PAGE {
            match reader.read_pending(&mut to[got..PAGE]).unwrap() {
                0 => panic!("page {} has {got} bytes", pfn.pfn),
                n => got += n,
            }
        }
        assert_eq!((to[0], to[PAGE - 1]), (mark(pfn.pfn), mark(pfn.pfn)));
        all += 4096;
    }
    assert_eq!(reader.read_pending(to).unwrap(), 0);
    all
}

#[test]
fn the_generator_writes_what_is_written_at_once() {
    let mut made = Vec::new();
    Guest::new(2, 3).read_to_end(&mut made).unwrap();
    let (value, rest) = Savefile::parse(&made).unwrap();
    assert!(rest.is_empty() && value.check().is_empty(), "{:?}", value.check());
    let (mut again, pages) = (Vec::new(), 6 * PAGE);
    value.write_from(&mut io::Cursor::new(&made), &mut again).unwrap();
    assert!(made == again && made.len() > pages && made.len() < pages + 512);
}

#[test]
fn a_gibibyte_takes_as_much_memory_as_16_mebibytes() {
    let mut to = vec![0; PAGE];
    let mut run = |records| peak(|| pulled(Guest::new(records, 1024), &mut to));
    let (small, few) = run(4);
    let (large, many) = run(256);
    assert_eq!((few.records, few.pages, few.handed_out), (4, 4 << 10, 4 << 20));
    assert_eq!((many.records, many.pages, many.handed_out), (256, 256 << 10, 37 * (4 << 20)));
    // Heads of the file, of both streams and of the first record of libxl; static data and the end; two more records of
    // libxl; the end of the file.
    assert_eq!((few.events, many.events), (4 + 4 + 2 + 2 + 1, 256 + 4 + 2 + 2 + 1));
    assert_eq!((few.last, many.last), ("SavefileTail", "SavefileTail"));
    assert_eq!(small, large);
    assert!(large <= MOST, "{large} bytes");
}

#[test]
fn a_pipe_of_the_system_is_as_good() {
    let (from, mut into) = io::pipe().unwrap();
    let writer = std::thread::spawn(move || io::copy(&mut Guest::new(8, 1024), &mut into).unwrap());
    let mut to = vec![0; PAGE];
    let (held, seen) = peak(|| pulled(from, &mut to));
    assert!(writer.join().unwrap() > 32 << 20);
    assert_eq!((seen.records, seen.handed_out, seen.last), (8, 2 * (4 << 20), "SavefileTail"));
    assert!(held <= MOST, "{held} bytes");
}

/// Pulls until something is wrong: how many events there were, and what was wrong with what.
fn refused(from: impl Read) -> (u64, String, Class) {
    let mut reader = SavefileReader::new(from);
    let mut events = 0;
    loop {
        match reader.next_event() {
            Ok(Some(_)) => events += 1,
            Ok(None) => panic!("nothing is wrong, in {events} events"),
            Err(e) => {
                assert!(matches!(reader.next_event(), Ok(None)));
                assert_eq!(reader.read_pending(&mut [0]).unwrap(), 0);
                return (events, e.path(), e.class());
            }
        }
    }
}

/// A record's kind and length.
fn header(kind: u32, length: u32) -> Vec<u8> {
    [kind.to_le_bytes(), length.to_le_bytes()].concat()
}

/// A libxl stream without records.
fn before_records() -> Vec<u8> {
    let mut whole = Vec::new();
    let nobody = guest(DomainKind::X86Hvm, 3, false, vec![libxc(LibxcRecordBody::End)]);
    file(Endian::Little, stream(nobody, false, Vec::new())).write_to(&mut whole).unwrap();
    // Without the record that announces a libxc stream, that stream, and the end.
    whole.truncate(whole.len() - (8 + 24 + 16 + 8 + 8));
    whole
}

#[test]
fn libxc_bodies_and_counts_beyond_all_limits() {
    let path = "stream.records[0].libxc.records[1].body";
    for kind in [1, 8, 9, 10, 11, 15, 17, 18, 0x8000_0000] {
        let start = [around().0, header(kind, u32::MAX)].concat();
        let (held, (events, at, class)) = peak(|| refused(start.chain(io::repeat(1))));
        assert_eq!((events, at.as_str(), class), (5, path, Class::Limit), "{kind}");
        assert!(held <= LITTLE, "{kind}: {held} bytes");
    }
    for (kind, list) in [(1, "pfns"), (10, "params")] {
        for (count, length) in [(1 << 31, 128 << 20), (u32::MAX, 128 << 20), (3, 24)] {
            let start = [around().0, header(kind, length), count.to_le_bytes().to_vec(), vec![0; 4]].concat();
            let (held, (events, at, class)) = peak(|| refused(start.chain(io::repeat(1))));
            assert_eq!((events, at, class), (5, format!("{path}.{list}"), Class::Invalid), "{count}");
            assert!(held <= LITTLE, "{kind}: {held} bytes");
        }
    }
}

/// libxl has no limit of its own, so 4 GiB are passed over as they come, and end where the pipe ends.
#[test]
fn libxl_bodies_of_4_gigabytes() {
    for (kind, body) in [(3, [2, 0, 0, 0, 0, 0, 0, 0]), (0x8000_0000, [0; 8])] {
        let start = [before_records(), header(kind, u32::MAX), body.to_vec()].concat();
        let (held, (events, at, class)) = peak(|| refused(start.chain(io::repeat(1).take(64 << 20))));
        assert_eq!((events, at.as_str(), class), (3, "stream.records[0].body", Class::Truncated));
        assert!(held <= MOST, "{kind}: {held} bytes");
    }
}

/// The most that is held for so many events of a pipe that never ends, after the first ones.
fn endless(start: Vec<u8>, record: &[u8], events: u64) -> usize {
    let again = Again(record.to_vec(), 0);
    let (held, ()) = peak(|| {
        let mut reader = SavefileReader::new(io::Cursor::new(start).chain(again));
        for n in 0..events {
            assert!(reader.next_event().unwrap().is_some(), "event {n}");
        }
    });
    held
}

#[test]
fn records_without_an_end() {
    let pages = [header(1, 16), vec![1, 0, 0, 0, 0, 0, 0, 0, 7, 0, 0, 0, 0, 0, 0, 0xf0]].concat();
    let verify = header(0xd, 0);
    let odd = [header(0x8000_0001, 3), vec![1, 1, 1, 0, 0, 0, 0, 0]].concat();
    for (start, record) in
        [(around().0, pages), (around().0, verify), (around().0, odd.clone()), (before_records(), odd.clone())]
    {
        let few = endless(start.clone(), &record, 100);
        assert_eq!(few, endless(start, &record, 50_000), "{record:x?}");
        assert!(few <= LITTLE, "{few} bytes");
    }
}

#[test]
fn every_cut_is_a_clean_error() {
    let (records, per_record) = (5, 16);
    let mut whole = Vec::new();
    Guest::new(records, per_record).read_to_end(&mut whole).unwrap();
    let all = u64::try_from(whole.len()).unwrap();
    assert_eq!(pulled(whole.as_slice(), &mut vec![0; PAGE]).records, records);
    for n in 0..1000 {
        let cut = all * n / 1000;
        let (held, (_, path, class)) = peak(|| refused(Guest::new(records, per_record).take(cut)));
        assert_eq!(class, Class::Truncated, "{path} of {cut} bytes");
        assert!(held <= MOST, "{held} bytes for {path} of {cut} bytes");
    }
    // Where the heads and the ends lie, every single cut.
    for cut in (0..400).chain(all - 100..all) {
        let (_, path, class) = refused(Guest::new(records, per_record).take(cut));
        assert_eq!(class, Class::Truncated, "{path} of {cut} bytes");
    }
}

/// A pipe that breaks after so many bytes.
struct Breaks<R>(R, usize);

impl<R: Read> Read for Breaks<R> {
    fn read(&mut self, to: &mut [u8]) -> io::Result<usize> {
        let n = self.1.min(to.len());
        if n == 0 {
            return Err(io::ErrorKind::BrokenPipe.into());
        }
        self.1 -= n;
        self.0.read(&mut to[..n])
    }
}

#[test]
fn a_pipe_that_breaks_is_no_end() {
    for n in 0..200 {
        let (_, path, class) = refused(Breaks(Guest::new(4, 16), n * 1000));
        assert_eq!(class, Class::Io, "{path} of {n}000 bytes");
    }
}
