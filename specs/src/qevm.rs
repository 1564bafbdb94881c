//! QEMU migration streams: what a stream says of itself, and what that makes of its bytes.
//!
//! At its end a stream has a description in JSON of every device in it. With that, state of devices that no spec describes can be
//! taken apart:
//!
//! | to | use |
//! |---|---|
//! | find the description of a stream that was not read yet | [`description::find`] |
//! | read the description | [`Schema::parse`](schema::Schema::parse) |
//! | read a stream with devices that no spec describes | [`Devices`](devices::Devices) |
//! | take a device's state apart, and learn where it ends | [`device_state::decode`] |
//! | do so by the description of another stream | [`device_state::decode_other`] |
//! | learn where a spec and a description do not agree | [`drift::finding`] |
//! | print it as QEMU's own `analyze-migration.py` does | [`StateJson`](state_json::StateJson) |
//! | learn where each section and page lies, from a pipe too | [`index::index`] |
//! | copy the guest's memory | [`memory::copy`] |
//! | put a guest's memory together | [`RamImage`](ram_image::RamImage) |
//! | make a page of a difference from an older one | [`xbzrle::apply`] |
//! | learn whether a spec describes a device | [`is_described`] |
//! | write a spec of the devices that a stream has | [`import_vmdesc::import`] |

#[cfg(feature = "std")]
mod channels;
mod described;
pub mod description;
pub mod device_state;
pub mod devices;
pub mod drift;
#[cfg(feature = "std")]
pub mod excerpt;
pub mod import_vmdesc;
pub mod index;
mod json;
mod mapped_pages;
#[cfg(feature = "std")]
pub mod memory;
#[cfg(feature = "std")]
mod prepared;
pub mod ram_image;
pub mod schema;
pub mod state_json;
pub mod xbzrle;

pub use crate::generated::qevm::*;
pub use described::is_described;
#[cfg(feature = "std")]
pub use prepared::{DESCRIPTION, Prepared};
