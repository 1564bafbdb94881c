//! Sections from a file that the system holds in memory.

use std::fs::File;
use std::hint::black_box;
use std::io::{Read, Seek, SeekFrom};

use super::{derive, generated, sample};
use crate::rounds::Group;

/// The sections of the file.
pub fn from_file() -> Group {
    let bytes = sample::stream();
    let length = bytes.len();
    let file = crate::file::holding(&bytes);
    let open = move || {
        let mut file = file.try_clone().unwrap();
        file.seek(SeekFrom::Start(0)).unwrap();
        file
    };
    let (a, b, c, d, e, f, g) =
        (open.clone(), open.clone(), open.clone(), open.clone(), open.clone(), open.clone(), open);
    Group::new("2,000 small sections, from a file", length)
        .case("derive", "binrw derive, std's `BufReader`", move || derive::read_from(&mut buffered(a())))
        .case("derive-binrw", "binrw derive, binrw's `BufReader`", move || derive::read_from(&mut by_binrw(b())))
        .case("read", "generated, `BinRead`, std's `BufReader`", move || generated::read_from(&mut buffered(c())))
        .case("read-binrw", "generated, `BinRead`, binrw's `BufReader`", move || {
            generated::read_from(&mut by_binrw(d()))
        })
        .case("slice", "generated, read as a whole, `parse`", move || generated::slice(&whole(e(), length)))
        .case("views", "generated, read as a whole, borrowed", move || generated::borrowed(&whole(f(), length)))
        .limit("bare", "one read of all, and nothing else", move || black_box(&whole(g(), length))[9].into())
}

fn buffered(file: File) -> std::io::BufReader<File> {
    std::io::BufReader::new(file)
}

fn by_binrw(file: File) -> binrw::io::BufReader<File> {
    binrw::io::BufReader::new(file)
}

fn whole(mut file: File, length: usize) -> Vec<u8> {
    let mut bytes = vec![0; length];
    file.read_exact(&mut bytes).unwrap();
    bytes
}
