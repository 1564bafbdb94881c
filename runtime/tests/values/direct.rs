//! Direct files: over a mock that refuses what is not aligned, and over real files where the file system takes them.
#![cfg(feature = "std")]
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::as_conversions,
    clippy::cast_possible_truncation,
    clippy::arithmetic_side_effects,
    missing_docs
)]

use std::io::{self, BufRead, Cursor as Memory, Read, Seek, SeekFrom, Write};
use vmspec_runtime::{DirectFile, DirectLayout, DirectReader, DirectWriter};

const BLOCK: usize = 512;

/// A file of which every access must be aligned. Gives at most `most` bytes per read.
struct Strict {
    bytes: Vec<u8>,
    position: u64,
    most: usize,
}

impl Strict {
    fn new(bytes: Vec<u8>) -> Self {
        Self { bytes, position: 0, most: usize::MAX }
    }
}

fn aligned(address: *const u8, offset: u64, length: usize) -> io::Result<()> {
    let block = BLOCK as u64;
    if address.addr().is_multiple_of(BLOCK) && offset.is_multiple_of(block) && length.is_multiple_of(BLOCK) {
        Ok(())
    } else {
        Err(io::Error::other("not aligned"))
    }
}

impl Read for Strict {
    fn read(&mut self, to: &mut [u8]) -> io::Result<usize> {
        aligned(to.as_ptr(), self.position, to.len())?;
        let start = (self.position as usize).min(self.bytes.len());
        let n = to.len().min(self.bytes.len() - start).min(self.most);
        to[..n].copy_from_slice(&self.bytes[start..][..n]);
        self.position += n as u64;
        Ok(n)
    }
}

impl Seek for Strict {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.position = match to {
            SeekFrom::Start(n) => n,
            SeekFrom::End(n) => (self.bytes.len() as u64).checked_add_signed(n).unwrap(),
            SeekFrom::Current(n) => self.position.checked_add_signed(n).unwrap(),
        };
        Ok(self.position)
    }
}

impl DirectFile for Strict {
    fn write_all_at(&mut self, offset: u64, bytes: &[u8]) -> io::Result<()> {
        aligned(bytes.as_ptr(), offset, bytes.len())?;
        let end = offset as usize + bytes.len();
        self.bytes.resize(end.max(self.bytes.len()), 0xee);
        self.bytes[offset as usize..end].copy_from_slice(bytes);
        Ok(())
    }

    fn set_len(&mut self, length: u64) -> io::Result<()> {
        self.bytes.resize(length as usize, 0);
        Ok(())
    }
}

fn layout(blocks: usize) -> DirectLayout {
    DirectLayout::new(BLOCK, blocks * BLOCK).unwrap()
}

fn bytes(n: usize) -> Vec<u8> {
    (0..n).map(|i| (i % 251) as u8).collect()
}

#[test]
fn layouts_are_checked() {
    for (block, buffer) in [(0, 0), (0, 512), (512, 0), (512, 513), (500, 1_000), (1_024, 512)] {
        let e = DirectLayout::new(block, buffer).unwrap_err();
        assert_eq!(e.kind(), io::ErrorKind::InvalidInput);
    }
    assert_eq!(layout(3).buffer(), 1_536);
    assert_eq!(DirectLayout::COMMON.block(), 4_096);
}

#[test]
fn reads_of_every_size() {
    for n in [0, 1, 511, 512, 513, 4_096, 5_000] {
        for blocks in [1, 2, 7] {
            let all = bytes(n);
            let mut r = DirectReader::new(Strict::new(all.clone()), layout(blocks));
            let mut got = Vec::new();
            r.read_to_end(&mut got).unwrap();
            assert_eq!(got, all);
            assert_eq!(r.stream_position().unwrap(), n as u64);
            assert_eq!(r.read(&mut [0; 9]).unwrap(), 0);
            assert_eq!(r.read(&mut []).unwrap(), 0);
        }
    }
}

#[test]
fn short_reads_in_the_middle() {
    for most in [1, 100, 511, 513] {
        let mut file = Strict::new(bytes(3_000));
        file.most = most;
        let mut r = DirectReader::new(file, layout(4));
        let mut got = Vec::new();
        let done = r.read_to_end(&mut got);
        // Nothing can be read at an offset within a block: a file that gives less than one is an error, not an end.
        let whole = most >= BLOCK;
        assert_eq!(done.is_ok(), whole);
        assert_eq!(got, bytes(if whole { 3_000 } else { most }));
    }
}

#[test]
fn seeks() {
    let all = bytes(5_000);
    let mut r = DirectReader::new(Strict::new(all.clone()), layout(2));
    let mut b = [0; 700];
    for at in [4_000_u64, 3, 511, 513, 0, 4_300, 1_024] {
        assert_eq!(r.seek(SeekFrom::Start(at)).unwrap(), at);
        r.read_exact(&mut b).unwrap();
        assert_eq!(b, all[at as usize..][..700]);
    }
    assert_eq!(r.seek(SeekFrom::End(-5)).unwrap(), 4_995);
    assert_eq!(r.fill_buf().unwrap(), &all[4_995..]);
    assert_eq!(r.seek(SeekFrom::Current(-995)).unwrap(), 4_000);
    r.read_exact(&mut b).unwrap();
    assert_eq!(b, all[4_000..4_700]);
    assert_eq!(r.seek(SeekFrom::Start(u64::MAX)).unwrap(), u64::MAX);
    assert_eq!(r.read(&mut b).unwrap(), 0);
    assert!(r.seek(SeekFrom::Current(1)).is_err());
    assert!(r.seek(SeekFrom::End(-5_001)).is_err());
    r.seek(SeekFrom::Start(9_000)).unwrap();
    r.consume(100);
    assert_eq!((r.read(&mut b).unwrap(), r.stream_position().unwrap()), (0, 9_000));
}

#[test]
fn writes_of_every_size() {
    for n in [0, 1, 511, 512, 513, 1_024, 5_000] {
        for piece in [1, 100, 512, 3_000] {
            let all = bytes(n);
            // What was in the file before is cut off.
            let mut w = DirectWriter::new(Strict::new(vec![7; 9_000]), layout(2));
            for piece in all.chunks(piece) {
                w.write_all(piece).unwrap();
            }
            assert_eq!(w.stream_position().unwrap(), n as u64);
            assert_eq!(w.finish().unwrap().bytes, all);
        }
    }
}

#[test]
fn flushing_between() {
    let mut w = DirectWriter::new(Strict::new(Vec::new()), layout(4));
    w.write_all(&bytes(700)).unwrap();
    w.flush().unwrap();
    w.flush().unwrap();
    assert_eq!(w.stream_position().unwrap(), 700);
    w.write_all(&bytes(700)).unwrap();
    let file = w.finish().unwrap();
    assert_eq!(file.bytes, [bytes(700), bytes(700)].concat());
}

#[test]
fn a_writer_seeks_nowhere() {
    let mut w = DirectWriter::new(Strict::new(Vec::new()), layout(1));
    w.write_all(&[1, 2, 3]).unwrap();
    assert_eq!(w.seek(SeekFrom::Start(3)).unwrap(), 3);
    assert_eq!(w.seek(SeekFrom::End(0)).unwrap(), 3);
    let e = w.seek(SeekFrom::Start(0)).unwrap_err();
    assert_eq!(e.kind(), io::ErrorKind::Unsupported);
    assert!(w.seek(SeekFrom::Current(-4)).is_err());
}

#[test]
fn the_file_fails() {
    struct Full;
    impl DirectFile for Full {
        fn write_all_at(&mut self, _: u64, _: &[u8]) -> io::Result<()> {
            Err(io::ErrorKind::StorageFull.into())
        }
        fn set_len(&mut self, _: u64) -> io::Result<()> {
            Ok(())
        }
    }
    let mut w = DirectWriter::new(Full, layout(1));
    let e = w.write_all(&bytes(513)).unwrap_err();
    assert_eq!(e.kind(), io::ErrorKind::StorageFull);
    let mut w = DirectWriter::new(Full, layout(1));
    w.write_all(&[1]).unwrap();
    assert!(w.finish().is_err());
}

#[test]
fn binrw_over_a_direct_file() {
    use binrw::{BinRead, BinWrite};
    #[derive(BinRead, BinWrite, Debug, PartialEq)]
    #[brw(big)]
    struct Pair(u16, u32);
    let mut w = DirectWriter::new(Strict::new(Vec::new()), layout(1));
    Pair(1, 2).write(&mut w).unwrap();
    let file = w.finish().unwrap();
    assert_eq!(file.bytes, [0, 1, 0, 0, 0, 2]);
    let mut r = DirectReader::new(file, layout(1));
    assert_eq!(Pair::read(&mut r).unwrap(), Pair(1, 2));
    let mut r = DirectReader::new(Memory::new([0; 600]), layout(1));
    assert_eq!(Pair::read(&mut r).unwrap(), Pair(0, 0));
}

#[cfg(target_os = "linux")]
#[test]
fn a_real_file() {
    use std::fs::OpenOptions;
    use std::os::unix::fs::OpenOptionsExt;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("direct");
    let opened =
        OpenOptions::new().read(true).write(true).create(true).truncate(true).custom_flags(libc::O_DIRECT).open(&path);
    let file = match opened {
        Ok(file) => file,
        Err(e) if e.raw_os_error() == Some(libc::EINVAL) => {
            println!("skipped: the file system of {} refuses O_DIRECT", path.display());
            return;
        }
        Err(e) => panic!("{e}"),
    };
    let layout = DirectLayout::new(4_096, 64 << 10).unwrap();
    let all = bytes(300_001);
    let mut w = DirectWriter::new(file, layout);
    w.write_all(&all).unwrap();
    let file = w.finish().unwrap();
    assert_eq!(file.metadata().unwrap().len(), 300_001);
    assert!(std::fs::read(&path).unwrap() == all);
    let mut r = DirectReader::new(file, layout);
    let mut got = Vec::new();
    r.read_to_end(&mut got).unwrap();
    assert!(got == all);
    r.seek(SeekFrom::Start(99_999)).unwrap();
    let mut b = [0; 10];
    r.read_exact(&mut b).unwrap();
    assert_eq!(b, all[99_999..][..10]);
}
