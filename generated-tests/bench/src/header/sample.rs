//! The headers, written by generated code.

use vmspec_runtime::{Endian, Reserved, Wire};

use super::COUNT;
use super::libvirt_save::{Compression, Header, HeaderDriven, HeaderWire, RunState, SaveMagic};

/// As values, each a little different.
pub fn values() -> Vec<HeaderWire> {
    let states = [RunState::Paused, RunState::Running];
    let each = (0..u32::try_from(COUNT).unwrap()).map(|i| {
        let mut unused = Reserved::default();
        unused.0.as_chunks_mut().0.fill(i.to_le_bytes());
        let format = Compression::from_repr(i % 5).unwrap();
        let was_running = states[i as usize % 2];
        let header =
            Header { byte_order: Endian::Little, magic: SaveMagic::Complete, version: 2, was_running, format, unused };
        HeaderWire { header, driven: HeaderDriven { data_len: 5000 + i, cookie_offset: 100 + i } }
    });
    each.collect()
}

/// One after the other.
pub fn headers() -> Vec<u8> {
    let mut bytes = Vec::new();
    for it in values() {
        it.write_with(&mut bytes, Endian::Little, ()).unwrap();
    }
    bytes
}
