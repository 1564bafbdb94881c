//! The memory of a guest as QEMU streams it, every other page all zeros: gone through, and restored.

mod derive;
mod file;
mod floor;
mod generated;
mod sample;
mod sink;
#[cfg(feature = "peers")]
mod winnow;

pub use file::{from_file, restore_from_file};

use std::cell::RefCell;
use std::hint::black_box;

use crate::rounds::Group;
use sink::{Index, Restore, Sink};

vmspec_macros::spec! { "specs/pages.yaml", vis = pub }

/// How long a page is.
const PAGE: usize = 4096;
/// How long the stream in memory is.
const IN_MEMORY: usize = 64 << 20;
/// How long it is where instructions are counted.
const TO_COUNT: usize = 2 << 20;

/// Every page is found, and a word of it read.
pub fn index() -> Group {
    let bytes: &'static [u8] = sample::stream(IN_MEMORY).leak();
    group("64 MiB of pages, gone through in memory", bytes, Index::default)
}

/// Every page is put where it was.
pub fn restore() -> Group {
    let bytes: &'static [u8] = sample::stream(IN_MEMORY).leak();
    let ram = sample::ram(bytes);
    let mut to = vec![1; ram];
    group("64 MiB of pages, restored from memory", bytes, move || Restore::new(ram)).limit(
        "copy",
        "the same copies and fills, nothing read",
        move || moved(black_box(bytes), &mut to),
    )
}

/// Few enough pages that instructions can be counted.
pub fn few() -> Group {
    let bytes: &'static [u8] = sample::stream(TO_COUNT).leak();
    group("2 MiB of pages, gone through in memory", bytes, Index::default)
}

fn group<S: Sink + 'static>(title: &str, bytes: &'static [u8], sink: impl Fn() -> S) -> Group {
    let case = |walk: fn(&[u8], &mut S)| {
        let sink = RefCell::new(sink());
        move || sink.borrow_mut().digest_of(|sink| walk(black_box(bytes), sink))
    };
    let group = Group::new(title, bytes.len())
        .case("derive", "binrw derive, `Cursor`", case(derive::from_memory))
        .case("read", "generated, `BinRead` one by one, `Cursor`", case(generated::read))
        .case("pull", "generated, pull reader", case(generated::pull_slice))
        .case("slice", "generated, borrowed from a slice", case(generated::borrowed));
    #[cfg(feature = "peers")]
    let group = group.case("winnow", "winnow, borrowed from a slice", case(winnow::walk));
    group.case("floor", "by hand, as fast as it goes", case(|bytes, sink| floor::walk(bytes, sink).unwrap()))
}

/// What a restore moves, from places that are known.
fn moved(bytes: &[u8], to: &mut [u8]) -> u64 {
    // A full page and one of zeros, with the words in front of both.
    let stride = PAGE + 8 + 8 + 1;
    for (i, page) in to.as_chunks_mut::<PAGE>().0.iter_mut().enumerate() {
        if i % 2 == 0 {
            page.copy_from_slice(&bytes[i / 2 * stride..][..PAGE]);
        } else {
            page.fill(0);
        }
    }
    black_box(&to)[5].into()
}
