//! Reading what stands before the memory, from anything that can be read, and whole images through direct files.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, clippy::arithmetic_side_effects, missing_docs)]

mod libvirt_files;

use std::ffi::CString;
use std::fs::{File, OpenOptions};
use std::io::{self, Cursor, Read, Seek, SeekFrom, Write};
use std::path::Path;

use libvirt_files::{MEMORY, SAMPLES, Watched, XML, bytes, images, sample};
use vmspec::libvirt_save::{Header, Image, ImageArea, Metadata, Spare, may_be_unlinked};
use vmspec::runtime::binrw::BinRead;
use vmspec::runtime::{DirectLayout, DirectReader, DirectWriter, Wire, Zeros};
use vmspec::{Blob, Class};

const BLOCK: u64 = 4096;

/// Gives one byte at a time and knows no end: nothing that is not read can be lost.
struct Pipe<R>(R);

impl<R: Read> Read for Pipe<R> {
    fn read(&mut self, to: &mut [u8]) -> io::Result<usize> {
        let most = to.len().min(1);
        self.0.read(&mut to[..most])
    }
}

#[test]
fn a_pipe_is_left_at_the_memory() {
    for (name, image) in images() {
        let all = bytes(&image);
        let mut pipe = Pipe(Cursor::new(all).chain(io::repeat(9)));
        let metadata = Metadata::read(&mut pipe).unwrap();
        assert_eq!((&metadata.header, &metadata.area), (&image.header, &image.area), "{name}");
        let mut memory = vec![0; MEMORY.len()];
        pipe.read_exact(&mut memory).unwrap();
        assert_eq!(memory, MEMORY, "{name}");
    }
}

#[test]
fn what_was_read_is_written_back() {
    for (name, image) in images() {
        let all = bytes(&image);
        let metadata = Metadata::read(&mut &all[..]).unwrap();
        let before = usize::try_from(metadata.memory_offset()).unwrap();
        assert_eq!(metadata.to_bytes().unwrap(), all[..before], "{name}");
        assert_eq!(metadata.check(), image.check(), "{name}");
        assert_eq!(metadata.into_image(MEMORY), image, "{name}");
    }
}

#[test]
fn samples() {
    for name in SAMPLES {
        let all = sample(name);
        let (image, _) = Image::parse(&all).unwrap();
        let metadata = Metadata::read(&mut &all[..]).unwrap();
        assert_eq!((&metadata.header, &metadata.area), (&image.header, &image.area));
        let offset = metadata.memory_offset();
        assert!(matches!(image.memory, Blob::Range { offset: at, .. } if at == offset));
        assert!(all.starts_with(&metadata.to_bytes().unwrap()));
        assert_eq!(metadata.check(), []);
    }
}

#[test]
fn an_image_of_100_gib_costs_what_stands_before_the_memory() {
    let mut file = tempfile::tempfile().unwrap();
    let image = Image::builder(XML).build(Vec::new()).unwrap();
    file.write_all(&bytes(&image)).unwrap();
    file.set_len(100 << 30).unwrap();
    file.rewind().unwrap();
    let mut counted = Counted { file, bytes: 0, reads: 0 };
    let metadata = Metadata::read(&mut counted).unwrap();
    assert_eq!(metadata.area, image.area);
    assert_eq!(counted.bytes, image.memory_offset());
    assert!(counted.reads < 20, "{} reads", counted.reads);
    assert_eq!(counted.file.stream_position().unwrap(), image.memory_offset());
}

struct Counted {
    file: File,
    bytes: u64,
    reads: usize,
}

impl Read for Counted {
    fn read(&mut self, to: &mut [u8]) -> io::Result<usize> {
        let n = self.file.read(to)?;
        self.bytes += u64::try_from(n).unwrap();
        self.reads += 1;
        Ok(n)
    }
}

/// An area that no image may have is refused by the header, and one that is not there costs what is there.
#[test]
fn sizes_that_lie() {
    let image = Image::builder(XML).spare(Spare::Exactly(4)).build(MEMORY).unwrap();
    let all = bytes(&image);
    let size = u32::try_from(image.area.byte_len()).unwrap().to_le_bytes();
    let at = all.windows(size.len()).position(|w| w == size).unwrap();
    let with = |size: u32| {
        let mut bad = all.clone();
        bad[at..at + 4].copy_from_slice(&size.to_le_bytes());
        bad
    };
    let mut endless = Watched::new(with(u32::MAX), 0);
    assert_eq!(Metadata::read(&mut endless).unwrap_err().class(), Class::Limit);
    assert!(endless.kept_to(&(0..u64::try_from(Header::SIZE).unwrap())));
    let e = Metadata::read(&mut &with(1 << 26)[..]).unwrap_err();
    assert!(may_be_unlinked(e.class()), "{e}");
    assert_eq!(Metadata::read(&mut &with(0)[..]).unwrap_err().path(), "header.data_len");
}

/// Alike whether it is read or refused: the texts and the room, or the class and the place. A gap is held by one and a
/// range of the other, so it is left out.
type Verdict = Result<(CString, Option<CString>, Zeros), (Class, String, Option<u64>)>;

fn verdict(read: vmspec::runtime::Result<ImageArea>) -> Verdict {
    read.map(|area| (area.xml, area.cookie, area.spare)).map_err(|e| (e.class(), e.path(), e.offset()))
}

#[test]
fn errors_are_those_of_the_image() {
    let all = bytes(&Image::builder(XML).build(MEMORY).unwrap());
    for at in 0..Header::SIZE {
        for value in [0, 1, 0x7f, 0xff] {
            let mut bad = all.clone();
            bad[at] = value;
            let whole = Image::parse(&bad).map(|(image, _)| image.area);
            let head = Metadata::read(&mut &bad[..]).map(|metadata| metadata.area);
            assert_eq!(verdict(head), verdict(whole), "{at} {value}");
        }
    }
}

#[test]
fn a_reader_that_fails() {
    struct Broken;
    impl Read for Broken {
        fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
            Err(io::Error::other("no cable"))
        }
    }
    let e = Metadata::read(&mut Broken).unwrap_err();
    assert_eq!(e.to_string(), "0x0: no cable (io)");
    assert!(!may_be_unlinked(e.class()));
}

/// A sample, aligned, written in whole blocks, and read back the same way.
fn through(open: impl Fn(&Path) -> Option<File>) {
    let folder = tempfile::tempdir().unwrap();
    let layout = DirectLayout::new(BLOCK.try_into().unwrap(), 64 << 10).unwrap();
    for name in SAMPLES {
        let Some(file) = open(&folder.path().join(name)) else { return };
        let from = sample(name);
        let (mut image, _) = Image::parse(&from).unwrap();
        image.area.set_spare(Spare::aligned(BLOCK)).unwrap();
        let mut writer = DirectWriter::new(file, layout);
        image.write_from(&mut Cursor::new(&from), &mut writer).unwrap();
        let file = writer.finish().unwrap();
        assert_eq!(file.metadata().unwrap().len(), image.byte_len());

        let mut reader = DirectReader::new(file, layout);
        let metadata = Metadata::read(&mut reader).unwrap();
        assert_eq!((&metadata.header, &metadata.area), (&image.header, &image.area));
        assert_eq!(reader.stream_position().unwrap() % BLOCK, 0);
        let mut memory = Vec::new();
        reader.read_to_end(&mut memory).unwrap();
        assert!(from.ends_with(&memory));
        assert_eq!(u64::try_from(memory.len()).unwrap(), image.memory.wire_len());

        reader.seek(SeekFrom::Start(0)).unwrap();
        let whole = Image::read(&mut reader).unwrap();
        assert_eq!(whole.memory.load(&mut reader, 1 << 20).unwrap(), memory);
    }
}

fn options() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.read(true).write(true).create(true).truncate(true);
    options
}

#[test]
fn whole_images_in_blocks() {
    through(|path| Some(options().open(path).unwrap()));
}

#[cfg(target_os = "linux")]
#[test]
fn whole_images_past_the_page_cache() {
    use std::os::unix::fs::OpenOptionsExt;
    through(|path| match options().custom_flags(libc::O_DIRECT).open(path) {
        Ok(file) => Some(file),
        Err(e) if e.raw_os_error() == Some(libc::EINVAL) => {
            println!("skipped: the file system of {} refuses O_DIRECT", path.display());
            None
        }
        Err(e) => panic!("{e}"),
    });
}
