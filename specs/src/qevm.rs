//! QEMU migration streams: what a stream says of itself, and what that makes of its bytes.
//!
//! At its end a stream has a description in JSON of every device in it. With that, state of devices that no spec describes can be
//! taken apart:
//!
//! | to | use |
//! |---|---|
//! | read the description | [`Schema::parse`](schema::Schema::parse) |
//! | take a device's state apart, and learn where it ends | [`device_state::decode`] |
//! | print it as QEMU's own `analyze-migration.py` does | [`StateJson`](state_json::StateJson) |
//! | put a guest's memory together | [`RamImage`](ram_image::RamImage) |
//! | make a page of a difference from an older one | [`xbzrle::apply`] |
//! | write a spec of the devices that a stream has | [`import_vmdesc::import`] |

pub mod device_state;
pub mod import_vmdesc;
mod json;
pub mod ram_image;
pub mod schema;
pub mod state_json;
pub mod xbzrle;

pub use crate::generated::qevm::*;
