//! Pull readers: their events together are the value as it is read at once, and payload never is in memory.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects
)]

use std::io::{self, Read};
use vmspec::libvirt_save::{Image, ImageEvent, ImageReader};
use vmspec_generated_tests as harness;
use vmspec_generated_tests::features::blob_records::{RecordBody, Stream, StreamEvent, StreamReader};
use vmspec_generated_tests::features::nested_streams::{ArchiveEvent, ArchiveReader};
use vmspec_generated_tests::features::streams::{Counted, CountedEvent, CountedReader, Open, OpenEvent, OpenReader};
use vmspec_runtime::{Blob, Class, Wire};

/// Gives 1 to 7 bytes at a time.
struct Trickle<'a>(&'a [u8], usize);

impl Read for Trickle<'_> {
    fn read(&mut self, to: &mut [u8]) -> io::Result<usize> {
        self.1 = self.1 % 7 + 1;
        let n = self.1.min(to.len());
        self.0.read(to.get_mut(..n).unwrap_or_default())
    }
}

/// All that is pending.
fn pending(read: &mut dyn FnMut(&mut [u8]) -> io::Result<usize>) -> io::Result<Vec<u8>> {
    let (mut all, mut piece) = (Vec::new(), [0; 5]);
    loop {
        match read(&mut piece)? {
            0 => return Ok(all),
            n => all.extend(piece.iter().take(n)),
        }
    }
}

fn range<'b>(bytes: &'b [u8], blob: &Blob) -> &'b [u8] {
    match blob {
        Blob::Range { offset, length } => {
            let start = usize::try_from(*offset).unwrap();
            bytes.get(start..start + usize::try_from(*length).unwrap()).unwrap()
        }
        Blob::Bytes(_) => &[],
    }
}

const RECORDS: &str = "5354524d 0001 0174  01 0006 00001000 aabb 000000  02 0002 6869 000000  01 0009 00002000 0102030405  00 0000 00 ffee";

#[test]
fn events_together_are_the_whole() {
    let bytes = harness::hex(RECORDS);
    let (whole, _) = Stream::parse(&bytes).unwrap();
    let mut reader = StreamReader::new(Trickle(&bytes, 0));
    let Some(StreamEvent::StreamHead(head)) = reader.next_event().unwrap() else { panic!("no head") };
    assert_eq!(head.title, whole.title);
    let (mut records, mut tail) = (Vec::new(), None);
    while let Some(event) = reader.next_event().unwrap() {
        let payload = pending(&mut |to| reader.read_pending(to)).unwrap();
        match event {
            StreamEvent::Record(record) => {
                let blob = if let RecordBody::Page(page) = &record.body { page.data.clone() } else { Blob::EMPTY };
                assert_eq!(payload, range(&bytes, &blob));
                records.push(record);
            }
            StreamEvent::StreamTail => tail = Some(payload),
            StreamEvent::StreamHead(_) => panic!("a second head"),
        }
    }
    assert_eq!(records, whole.records);
    assert_eq!(tail.unwrap(), range(&bytes, &whole.trailing));
    assert_eq!(reader.next_event().unwrap(), None);
}

#[test]
fn payload_that_nobody_reads_is_passed_over() {
    let bytes = harness::hex(RECORDS);
    let mut reader = StreamReader::new(Trickle(&bytes, 3));
    let mut events = 0;
    while let Some(event) = reader.next_event().unwrap() {
        events += 1;
        if matches!(event, StreamEvent::Record(_)) && events % 2 == 0 {
            assert!(reader.read_pending(&mut [0]).unwrap() <= 1);
        }
    }
    assert_eq!(events, 6);
}

/// The first error of a stream, by its path, class and offset.
fn first_error(bytes: &[u8]) -> Option<(String, Class, Option<u64>)> {
    let mut reader = StreamReader::new(Trickle(bytes, 0));
    loop {
        match reader.next_event() {
            Ok(Some(_)) => {}
            Ok(None) => return None,
            Err(e) => {
                assert!(matches!(reader.next_event(), Ok(None) | Err(_)));
                return Some((e.path(), e.class(), e.offset()));
            }
        }
    }
}

#[test]
fn errors_have_their_place() {
    let bytes = harness::hex(RECORDS);
    let mut other = bytes.clone();
    other[18] = 1;
    assert_eq!(first_error(&other).map(|e| (e.0, e.1)), Some(("records[0]._".to_owned(), Class::Invalid)));
    assert_eq!(Stream::parse(&other).unwrap_err().path(), "records[0]._");
    let mut other = bytes;
    other[20] = 9;
    let whole = Stream::parse(&other).unwrap_err();
    assert_eq!(first_error(&other), Some((whole.path(), whole.class(), whole.offset())));
}

#[test]
fn what_is_cut_off_is_truncated() {
    let bytes = harness::hex(RECORDS);
    for n in 0..bytes.len() - 2 {
        let cut = bytes.get(..n).unwrap_or_default();
        let (path, class, _) = first_error(cut).unwrap_or_else(|| panic!("{n} bytes are enough"));
        assert_eq!(class, Class::Truncated, "{path}");
        assert!(Stream::parse(cut).is_err());
    }
}

#[test]
fn an_image_is_its_head_and_the_memory() {
    for name in ["libvirt/lv11-zstd.save", "libvirt/lv9-gzip.save"] {
        let bytes = harness::sample(name);
        let (whole, _) = Image::parse(&bytes).unwrap();
        let mut reader = ImageReader::new(Trickle(&bytes, 0));
        let Some(ImageEvent::ImageHead(head)) = reader.next_event().unwrap() else { panic!("no head") };
        assert_eq!((head.header, head.area), (whole.header, whole.area));
        assert_eq!(pending(&mut |to| reader.read_pending(to)).unwrap(), range(&bytes, &whole.memory));
        assert_eq!(reader.next_event().unwrap(), None);
    }
}

#[test]
fn lists_of_a_given_length_have_fields_behind_them() {
    let bytes = harness::hex("434e5444 0200 01 02 aabb 02 01 cc 07000000 6100");
    let (whole, _) = Counted::parse(&bytes).unwrap();
    let mut reader = CountedReader::new(Trickle(&bytes, 0));
    for chunk in &whole.chunks {
        assert_eq!(reader.next_event().unwrap(), Some(CountedEvent::Chunk(chunk.clone())));
        assert_eq!(pending(&mut |to| reader.read_pending(to)).unwrap(), range(&bytes, &chunk.data));
    }
    let Some(CountedEvent::CountedTail(tail)) = reader.next_event().unwrap() else { panic!("no tail") };
    assert_eq!((tail.sum, tail.name), (whole.sum, whole.name));
    assert_eq!(reader.next_event().unwrap(), None);
    let mut short = CountedReader::new(Trickle(bytes.get(..12).unwrap(), 0));
    let error = std::iter::repeat_with(|| short.next_event()).find_map(Result::err).unwrap();
    assert_eq!((error.path(), error.class()), ("chunks[1]".to_owned(), Class::Truncated));
}

#[test]
fn lists_to_the_end_need_nothing_before() {
    let bytes = harness::hex("01 02 aabb 02 00 03 01 cc");
    let (whole, _) = Open::parse(&bytes).unwrap();
    let mut reader = OpenReader::new(Trickle(&bytes, 0));
    for chunk in &whole.chunks {
        assert_eq!(reader.next_event().unwrap(), Some(OpenEvent::Chunk(chunk.clone())));
    }
    assert_eq!(reader.next_event().unwrap(), None);
}

/// The name of an event.
fn named(event: &ArchiveEvent) -> String {
    let text = format!("{event:?}");
    text.split('(').next().unwrap_or_default().to_owned()
}

const ARCHIVE: &str = "0201 01 05 0000  01  0001 0004 0161bbbb  0002 0000 01 01 00  00 01 aabb  01  01 01 ccdd 7400
    0003 0001 02 000000  01 01 eeff  0000 0000 0009 ffff";

#[test]
fn what_is_nested_comes_where_it_lies() {
    let bytes = harness::hex(ARCHIVE);
    let mut reader = ArchiveReader::new(Trickle(&bytes, 0));
    let mut events = Vec::new();
    while let Some(event) = reader.next_event().unwrap() {
        let payload = pending(&mut |to| reader.read_pending(to)).unwrap();
        events.push(format!("{} {}", named(&event), harness::hex_of(&payload)));
    }
    let expected = [
        "ArchiveHead ",
        "OuterHead ",
        "RecordHead bbbb",
        "RecordHead ",
        "InnerHead ",
        "Page aabb",
        "InnerBehindPages ",
        "Page ccdd",
        "InnerTail ",
        "RecordHead ",
        "Page eeff",
        "RecordHead ",
        "OuterTail ffff",
    ];
    assert_eq!(events, expected);
}

#[test]
fn errors_have_the_path_of_all_that_is_open() {
    let mut bytes = harness::hex(ARCHIVE);
    let at = bytes.windows(2).position(|b| b == [0xcc, 0xdd]).unwrap() - 2;
    bytes[at] = 2;
    let mut reader = ArchiveReader::new(Trickle(&bytes, 0));
    let error = std::iter::repeat_with(|| reader.next_event()).find_map(Result::err).unwrap();
    assert_eq!(
        (error.path(), error.offset()),
        ("body.records[1].inner.more[0].last".to_owned(), u64::try_from(at).ok())
    );
    assert_eq!(reader.next_event().unwrap(), None);
}

/// A stream of 1 GiB of pages, made up as it is read.
struct Pages {
    record: Vec<u8>,
    at: usize,
    left: u32,
}

impl Read for Pages {
    fn read(&mut self, to: &mut [u8]) -> io::Result<usize> {
        if self.at == self.record.len() {
            self.at = 0;
            self.left = self.left.saturating_sub(1);
            if self.left == 0 {
                self.record = vec![0; 4];
            }
        }
        let from = self.record.get(self.at..).unwrap_or_default();
        let n = from.len().min(to.len());
        for (to, from) in to.iter_mut().zip(from) {
            *to = *from;
        }
        self.at += n;
        Ok(n)
    }
}

#[test]
fn a_gibibyte_takes_one_page_of_memory() {
    const PAGE: u16 = 0xf001;
    let mut record = vec![1];
    record.extend((PAGE + 4).to_be_bytes());
    record.extend([0; 4]);
    record.resize(record.len() + usize::from(PAGE), 0xab);
    let count = (1_u32 << 30) / u32::from(PAGE) + 1;
    assert_eq!(record.len() % 4, 0);
    let start = harness::hex("5354524d 0001 00");
    let mut reader = StreamReader::new(io::Cursor::new(start).chain(Pages { record, at: 0, left: count }));
    let (mut pages, mut sum, mut to) = (0_u32, 0_u64, [0; 8192]);
    loop {
        match reader.next_event().unwrap() {
            Some(StreamEvent::Record(record)) if record.body.is_end() => break,
            Some(StreamEvent::Record(_)) => pages += 1,
            Some(_) => {}
            None => panic!("no end"),
        }
        while let n @ 1.. = reader.read_pending(&mut to).unwrap() {
            sum += u64::try_from(n).unwrap();
        }
    }
    if let Some(peak) = resident() {
        assert!(peak < 256 << 10, "{peak} KiB");
    }
    assert_eq!((pages, sum), (count, u64::from(count) * u64::from(PAGE)));
}

/// The most memory that this process ever took, in KiB, where the system says.
fn resident() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM"))?;
    line.split_whitespace().nth(1)?.parse().ok()
}
