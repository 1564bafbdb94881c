//! Which devices a spec describes.

use super::{Device, DeviceArgs, Externs, Inputs, StreamState};
use crate::runtime::{Ahead, Endian, Found, Result, Wire};
use crate::{Class, Error};
use core::cell::Cell;

/// Whether the state of a device of this name is described by a spec in this version. That of all others is kept as bytes.
///
/// ```
/// use vmspec::qevm::is_described;
///
/// assert!(is_described("timer", 2) && is_described("ram", 4));
/// assert!(!is_described("timer", 77) && !is_described("toaster", 1));
/// ```
#[must_use]
pub fn is_described(idstr: &str, version: u32) -> bool {
    let externs = Asked::default();
    let (inputs, instance, section_id) = (Inputs::default(), 0, 0);
    let stream_state = &StreamState::new(inputs);
    let idstr = idstr.as_bytes();
    let args = DeviceArgs { idstr, instance, version, section_id, stream_state, inputs, externs: &externs };
    // Nothing is there to be read: what counts is who was asked.
    let _ = Device::parse_with(&[], Endian::Big, args);
    !externs.0.get()
}

/// Whether a length was asked for, which is done for what no spec describes.
#[derive(Default)]
struct Asked(Cell<bool>);

impl Externs for Asked {
    fn opaque_state(&self, _: &mut Ahead<'_>, _: &[u8], _: u32, _: u32, _: u32) -> Result<u64> {
        self.0.set(true);
        Err(Error::new(Class::Unsupported, "a device that a spec describes", Found::Nothing))
    }
}
