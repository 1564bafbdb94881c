//! What generated readers and writers call: bounded sources and sinks, fixed-offset access, errors with a place, payload that
//! is not held, values that keep what a format lets vary. Nothing here knows any format.
//!
//! Input is taken to be hostile. Nothing is allocated beyond what the input still holds, no path panics, and recursion is bounded.
//!
//! Without the default feature `std` the crate needs `alloc` alone. `serde` adds `Serialize`, `arbitrary` adds `Arbitrary`.

#![no_std]
#![forbid(unsafe_code)]
#![deny(clippy::allow_attributes_without_reason)]

extern crate alloc;
#[cfg(any(feature = "std", test))]
extern crate std;

mod again;
mod ahead;
mod align;
#[cfg(feature = "arbitrary")]
pub mod arbitrary;
mod aside;
mod blob;
mod bytes;
mod check;
mod checksum;
mod copies;
mod crc;
mod cursor;
#[cfg(feature = "std")]
mod direct;
mod door;
mod elements;
mod error;
pub mod expr;
mod fault;
mod found;
mod gather;
mod guard;
mod guid;
mod input;
mod input_value;
mod inside;
pub mod journal;
mod kept;
mod layout;
mod lend;
mod look_aside;
mod lookahead;
mod next;
mod output;
mod padding;
mod path;
mod pending;
mod pull;
mod read_input;
mod rule;
#[cfg(feature = "serde")]
pub mod serde;
mod shell;
mod sink;
mod source;
pub mod state;
mod text;
mod view;
mod window;
mod wire;

pub use again::Again;
pub use ahead::Ahead;
pub use align::{align_down, align_up, is_aligned, padding_for};
pub use aside::{AsideOutput, Place, Wanted};
pub use binrw::meta::EndianKind;
pub use binrw::{self, Endian};
pub use blob::Blob;
pub use bytes::*;
pub use check::{Finding, Findings};
pub use checksum::{Checksum, Sum8, Sum32, Xor8, sum8, sum32, xor8};
pub use copies::{Between, Copies, CopyPlaces, OtherCopy};
pub use crc::{Crc32, Crc32c, crc32, crc32c};
#[cfg(feature = "std")]
pub use direct::{DirectFile, DirectLayout, DirectReader, DirectWriter};
pub use door::{append_bytes, parse_block, read_block, read_stream, write_block, write_bytes, write_stream};
pub use error::{Error, Locate, Result};
pub use fault::Fault;
pub use found::Found;
pub use guard::Decide;
pub use guid::{Guid, ParseGuidError, Uuid};
pub use input::{Input, SeekInput, SliceInput};
pub use input_value::{SetInput, set_input};
pub use kept::{Kept, Padding, Reserved, Zeros};
pub use layout::{Field, Role};
pub use lend::WireRef;
pub use next::Next;
pub use output::{ChecksumOutput, CopyOutput, Output, PlainOutput, VecOutput, WriteOutput};
pub use pull::{PullList, PullReader, Pulled};
pub use read_input::ReadInput;
pub use rule::{Class, Rule};
pub use sink::Sink;
pub use source::{Cursor, Source};
pub use text::{Text, Utf16};
pub use view::{Elements, ElementsIter, View};
pub use wire::{OwnOrder, Wire};
