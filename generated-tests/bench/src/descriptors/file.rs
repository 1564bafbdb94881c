//! Descriptors from a file that the system holds in memory.

use std::fs::File;
use std::hint::black_box;
use std::io::{Read, Seek, SeekFrom};
use std::sync::Arc;

use super::{derive, generated, sample};
use crate::rounds::Group;

/// The descriptors of the file.
pub fn from_file() -> Group {
    let bytes = sample::descriptors();
    let file = crate::file::holding(bytes);
    let open = move || Opened::at_start(&file);
    let (a, b, c, d, e, f, g) =
        (open.clone(), open.clone(), open.clone(), open.clone(), open.clone(), open.clone(), open);
    Group::new("353 descriptors of a log entry, from a file", bytes.len())
        .case("derive", "binrw derive, std's `BufReader`", move || derive::read_from(&mut a().buffered()))
        .case("derive-binrw", "binrw derive, binrw's `BufReader`", move || derive::read_from(&mut b().by_binrw()))
        .case("read", "generated, `BinRead`, std's `BufReader`", move || generated::read_from(&mut c().buffered()))
        .case("read-binrw", "generated, `BinRead`, binrw's `BufReader`", move || {
            generated::read_from(&mut d().by_binrw())
        })
        .case("slice", "generated, read as a whole, `from_bytes`", move || generated::slice(&e().whole(bytes.len())))
        .case("views", "generated, read as a whole, views", move || generated::views(&f().whole(bytes.len())))
        .limit("bare", "one read of all, and nothing else", move || black_box(&g().whole(bytes.len()))[9].into())
}

/// The file, read from its start on.
struct Opened(File);

impl Opened {
    fn at_start(file: &Arc<File>) -> Self {
        let mut file = file.try_clone().unwrap();
        file.seek(SeekFrom::Start(0)).unwrap();
        Self(file)
    }

    fn buffered(self) -> std::io::BufReader<File> {
        std::io::BufReader::new(self.0)
    }

    fn by_binrw(self) -> binrw::io::BufReader<File> {
        binrw::io::BufReader::new(self.0)
    }

    fn whole(mut self, length: usize) -> Vec<u8> {
        let mut bytes = vec![0; length];
        self.0.read_exact(&mut bytes).unwrap();
        bytes
    }
}
