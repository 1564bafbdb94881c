//! A QEMU stream with a gigabyte of memory: walked through event by event, from a file and from a pipe.

use std::fs::File;
use std::hint::black_box;
use std::io::{self, BufReader, Read, Seek, SeekFrom};
use std::sync::Arc;
use std::thread;

use vmspec::qevm::{RamRecordBody, StreamArgs, StreamEvent, StreamReader};

use super::long::Long;
use crate::rounds::Group;

const LENGTH: u64 = 1 << 30;
const PAGE: usize = 4096;
const BUFFER: usize = 256 << 10;

/// From a file that the system holds in memory.
pub fn from_file() -> Group {
    let mut file = tempfile::tempfile().unwrap();
    io::copy(&mut Long::stream(LENGTH), &mut file).unwrap();
    let file = Arc::new(file);
    let open = move || {
        let mut file: File = file.try_clone().unwrap();
        file.seek(SeekFrom::Start(0)).unwrap();
        file
    };
    group("file", open)
}

/// From a pipe that another thread fills.
pub fn from_pipe() -> Group {
    group("pipe", || {
        let (reader, mut writer) = io::pipe().unwrap();
        // A reader that stops early closes the pipe.
        thread::spawn(move || drop(io::copy(&mut Long::stream(LENGTH), &mut writer)));
        reader
    })
}

fn group<R: Read + 'static>(from: &str, open: impl Fn() -> R + Clone + 'static) -> Group {
    let (bare, payload) = (open.clone(), open.clone());
    Group::new(format!("a QEMU stream of 1 GiB from a {from}"), usize::try_from(LENGTH).unwrap())
        .limit("bare", "bare loop of reads of 256 KiB", move || read(bare()))
        .case("passed", "pull reader, pages passed over", move || walk(open(), |_| {}))
        .case("read", "pull reader, pages read", move || {
            let mut page = vec![0; PAGE];
            walk(payload(), |reader| {
                reader.read_pending(&mut page).unwrap();
                black_box(&page);
            })
        })
}

fn read(mut from: impl Read) -> u64 {
    let (mut buffer, mut sum) = (vec![0; BUFFER], 0);
    loop {
        match from.read(&mut buffer).unwrap() {
            0 => return sum,
            n => sum += black_box(&buffer)[..n].len() as u64,
        }
    }
}

/// How many pages there are; each is handed on.
fn walk<R: Read>(from: R, mut page: impl FnMut(&mut StreamReader<'static, BufReader<R>>)) -> u64 {
    let mut reader = StreamReader::with_args(BufReader::with_capacity(BUFFER, from), StreamArgs::default());
    let mut pages = 0;
    while let Some(event) = reader.next_event().unwrap() {
        if matches!(event, StreamEvent::RamRecordBody(RamRecordBody::Page(_))) {
            page(&mut reader);
            pages += 1;
        }
    }
    pages
}
