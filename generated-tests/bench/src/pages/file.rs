//! Pages from a file of 256 MiB that the system holds in memory.

use std::cell::RefCell;
use std::fs::File;
use std::hint::black_box;
use std::io::{Read, Seek, SeekFrom};
use std::rc::Rc;
use std::sync::Arc;

use super::sink::{Index, Restore, Sink};
use super::{derive, generated, sample};
use crate::rounds::Group;

const LENGTH: usize = 256 << 20;
const BUFFER: usize = 256 << 10;

/// Every page is found, and a word of it read.
pub fn from_file() -> Group {
    group("256 MiB of pages, gone through in a file", |_| Index::default())
}

/// Every page is put where it was.
pub fn restore_from_file() -> Group {
    group("256 MiB of pages, restored from a file", Restore::new)
}

fn group<S: Sink + 'static>(title: &str, sink: impl FnOnce(usize) -> S) -> Group {
    let (file, length, ram) = {
        let bytes = sample::stream(LENGTH);
        (crate::file::holding(&bytes), bytes.len(), sample::ram(&bytes))
    };
    let sink = Rc::new(RefCell::new(sink(ram)));
    let case = |walk: fn(File, &mut S)| {
        let (sink, file) = (sink.clone(), file.clone());
        move || sink.borrow_mut().digest_of(|sink| walk(opened(&file), sink))
    };
    let mut buffer = vec![0; BUFFER];
    let bare = file.clone();
    Group::new(title, length)
        .case("derive", "binrw derive, std's `BufReader`", case(derived))
        .case("derive-binrw", "binrw derive, binrw's `BufReader`", case(derived_by_binrw))
        .case("pull", "generated, pull reader, `BufReader` of 256 KiB", case(pulled))
        .case("pull-ahead", "generated, pull reader that reads 256 KiB ahead", case(pulled_ahead))
        .limit("bare", "bare loop of reads of 256 KiB", move || read(opened(&bare), &mut buffer))
}

fn opened(file: &Arc<File>) -> File {
    let mut file = file.try_clone().unwrap();
    file.seek(SeekFrom::Start(0)).unwrap();
    file
}

fn derived(file: File, sink: &mut impl Sink) {
    derive::walk(&mut std::io::BufReader::new(file), sink);
}

fn derived_by_binrw(file: File, sink: &mut impl Sink) {
    derive::walk(&mut binrw::io::BufReader::new(file), sink);
}

fn pulled(file: File, sink: &mut impl Sink) {
    generated::pull(std::io::BufReader::with_capacity(BUFFER, file), sink);
}

fn pulled_ahead(file: File, sink: &mut impl Sink) {
    generated::pull_ahead(file, BUFFER, sink);
}

fn read(mut file: File, buffer: &mut [u8]) -> u64 {
    let mut sum = 0;
    loop {
        match file.read(buffer).unwrap() {
            0 => return sum,
            n => sum += black_box(&buffer)[..n].len() as u64,
        }
    }
}
