//! 2,000 small sections as QEMU writes them: a name, the state of one of five devices, perhaps a subsection, and a footer.

#[cfg(feature = "peers")]
mod deku;
mod derive;
mod digest;
mod file;
mod floor;
mod generated;
mod sample;
mod tuned;
mod write;

pub use file::from_file;
pub use write::write;

use std::hint::black_box;

use crate::rounds::Group;

vmspec_macros::spec! { "specs/sections.yaml", vis = pub }

/// How many sections there are.
const COUNT: u32 = 2000;

/// The sections from memory.
pub fn from_memory() -> Group {
    let bytes: &'static [u8] = sample::stream().leak();
    let mut to = vec![0; bytes.len()];
    let group = Group::new("2,000 small sections, from memory", bytes.len())
        .case("derive", "binrw derive, `Cursor`", move || derive::all(black_box(bytes)))
        .case("tuned", "binrw derive, parsers by hand in it, `Cursor`", move || tuned::all(black_box(bytes)))
        .case("read", "generated, `BinRead` one by one, `Cursor`", move || generated::read(black_box(bytes)))
        .case("slice", "generated, slice to owned, `parse`", move || generated::slice(black_box(bytes)))
        .case("stream", "generated, slice to owned, all at once", move || generated::stream(black_box(bytes)))
        .case("views", "generated, borrowed from a slice", move || generated::borrowed(black_box(bytes)));
    peers(group, bytes)
        .case("floor", "by hand, as fast as it goes", move || floor::all(black_box(bytes)).unwrap())
        .limit("copy", "copy of the bytes", move || {
            to.copy_from_slice(black_box(bytes));
            black_box(&to)[9].into()
        })
}

#[cfg(not(feature = "peers"))]
fn peers(group: Group, _: &'static [u8]) -> Group {
    group
}

#[cfg(feature = "peers")]
fn peers(group: Group, bytes: &'static [u8]) -> Group {
    group.case("deku", "deku derive, `Cursor`", move || deku::all(black_box(bytes)))
}
