//! libvirt QEMU save images: what `virsh save` writes.
//!
//! [`Image`] is the whole file; it reads and writes every byte of it. The types and rules are generated from
//! `libvirt_save.yaml`. Beside them stands what is done with such images:
//!
//! | to | use |
//! |---|---|
//! | build an image | [`Image::builder`] |
//! | learn how the memory is packed, and where it starts | [`Header::packing`], [`StreamPlace::of`](crate::stream::StreamPlace::of) |
//! | leave room to edit, or put the memory at an aligned offset | [`Spare`] |
//! | read the header, the XML and the cookie, never the memory | [`Metadata::read`] |
//! | change the XML or the cookie of a value | [`Image::replace_xml`], [`ImageArea::replace`] |
//! | change them in a file, the memory staying where it is | [`replace_xml_in_place`], [`edit_in_place`] |
//! | say that a save has finished | [`mark_complete`] |
//! | learn what libvirt would do with a file that cannot be used | [`may_be_unlinked`] |
//!
//! All sizes and offsets are in bytes, and offsets count from the image's first byte.
//!
//! ```
//! use vmspec::libvirt_save::{Image, RunState, Spare};
//! use vmspec::runtime::Wire;
//!
//! # fn main() -> vmspec::runtime::Result<()> {
//! let mut image = Image::builder(c"<domain type='kvm'/>")
//!     .cookie(c"<cookie/>")
//!     .run_state(RunState::Paused)
//!     .spare(Spare::aligned(4096))
//!     .build(&b"QEVM"[..])?;
//! assert_eq!(image.memory_offset() % 4096, 0);
//!
//! let start = image.memory_offset();
//! image.replace_xml(c"<domain type='qemu'/>")?;
//! assert_eq!(image.memory_offset(), start);
//!
//! let mut file = Vec::new();
//! image.write_to(&mut file)?;
//! # Ok(())
//! # }
//! ```

mod area;
mod builder;
mod in_place;
mod metadata;
#[cfg(feature = "std")]
mod packing;
mod spare;

#[doc(inline)]
pub use crate::generated::libvirt_save::*;
pub use builder::ImageBuilder;
pub use in_place::{edit_in_place, mark_complete, replace_xml_in_place};
pub use metadata::Metadata;
pub use spare::Spare;

use crate::Class;

/// Whether a file that fails so is a save that was cut off, which libvirt may unlink: it ended early
/// ([`Class::Truncated`]), or its header says that the save never finished ([`Class::Incomplete`]). Every other failure may
/// be a good file of another kind, of a later version, or on a failing disk, and is left alone.
///
/// Takes the class of an [`Error`](crate::Error) or of a [`Finding`](crate::Finding): an incomplete image can be read, and
/// [`Metadata::check`] tells it.
///
/// Source: `qemuSaveImageOpen` of libvirt 9.0 returns -3, after unlinking where it was asked to, for a header that is cut
/// short or partial, and -1 for all else; libvir-list `RFCv9 03/31` also returns -3 for XML and a cookie cut short. Since
/// then libvirt asks `qemuSaveImageIsCorrupt`, which also counts a wrong magic: this function does not.
#[must_use]
pub const fn may_be_unlinked(class: Class) -> bool {
    matches!(class, Class::Truncated | Class::Incomplete)
}
