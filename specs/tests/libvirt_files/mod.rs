//! What the tests of libvirt images share: samples, images as older libvirts left them, and a file that is watched.

#![allow(dead_code, clippy::unwrap_used, clippy::indexing_slicing, clippy::arithmetic_side_effects, missing_docs)]

use std::io::{self, Cursor, Read, Seek, SeekFrom, Write};
use std::ops::Range;
use std::path::Path;

use vmspec::Blob;
use vmspec::libvirt_save::{Image, Spare};
use vmspec::runtime::{Endian, Wire, Zeros};

pub const XML: &std::ffi::CStr = c"<domain type='kvm'><name>a</name></domain>";
pub const COOKIE: &std::ffi::CStr = c"<cookie>\n  <slirpHelper/>\n</cookie>\n";
pub const MEMORY: &[u8] = b"QEVM and what follows";
pub const SAMPLES: [&str; 2] = ["lv11-zstd.save", "lv9-gzip.save"];

/// A file that libvirt wrote.
pub fn sample(name: &str) -> Vec<u8> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../generated-tests/samples/libvirt");
    std::fs::read(folder.join(name)).unwrap()
}

pub fn bytes(image: &Image) -> Vec<u8> {
    let mut bytes = Vec::new();
    image.write_to(&mut bytes).unwrap();
    bytes
}

/// Images that differ in whatever decides where things are, with names for messages.
pub fn images() -> Vec<(&'static str, Image)> {
    let plain = || Image::builder(XML).spare(Spare::Exactly(100));
    let with_cookie = || plain().cookie(COOKIE);
    let built = |builder: vmspec::libvirt_save::ImageBuilder| builder.build(MEMORY).unwrap();
    let mut padded = built(with_cookie());
    padded.area.cookie_gap = Blob::Bytes(vec![0; 40]);
    let mut odd_gap = built(with_cookie());
    odd_gap.area.cookie_gap = Blob::Bytes(b"\0\0left over".to_vec());
    let mut odd_spare = built(plain());
    odd_spare.area.spare = Zeros::Other(b"\0\0left over".to_vec());
    let mut odd_header = built(with_cookie());
    odd_header.header.unused.0.fill(0xff);
    vec![
        ("without a cookie", built(plain())),
        ("with a cookie", built(with_cookie())),
        ("XML padded before the cookie", padded),
        ("a gap that is not zero", odd_gap),
        ("spare bytes that are not zero", odd_spare),
        ("unused words that are not zero", odd_header),
        ("no room", built(plain().spare(Spare::Exactly(0)))),
        ("no room, with a cookie", built(with_cookie().spare(Spare::Exactly(0)))),
        ("big endian", built(with_cookie().byte_order(Endian::Big))),
        ("partial", built(with_cookie().partial())),
        ("aligned", built(with_cookie().spare(Spare::Aligned { to: 512, least: 1 }))),
    ]
}

/// A file in memory that notes what was read and written.
pub struct Watched {
    file: Cursor<Vec<u8>>,
    pub read: Vec<Range<u64>>,
    pub written: Vec<Range<u64>>,
    /// Fails every write from now on.
    pub full: bool,
}

impl Watched {
    pub fn new(bytes: Vec<u8>, position: u64) -> Self {
        let mut file = Cursor::new(bytes);
        file.set_position(position);
        Self { file, read: Vec::new(), written: Vec::new(), full: false }
    }

    pub fn bytes(&self) -> &[u8] {
        self.file.get_ref()
    }

    /// Whether everything read and written lies in this range.
    pub fn kept_to(&self, range: &Range<u64>) -> bool {
        self.read.iter().chain(&self.written).all(|r| range.start <= r.start && r.end <= range.end)
    }
}

impl Read for Watched {
    fn read(&mut self, to: &mut [u8]) -> io::Result<usize> {
        let start = self.file.position();
        let n = self.file.read(to)?;
        self.read.push(start..self.file.position());
        Ok(n)
    }
}

impl Write for Watched {
    fn write(&mut self, from: &[u8]) -> io::Result<usize> {
        if self.full {
            return Err(io::ErrorKind::StorageFull.into());
        }
        let start = self.file.position();
        let n = self.file.write(from)?;
        self.written.push(start..self.file.position());
        Ok(n)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Seek for Watched {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.file.seek(to)
    }
}
