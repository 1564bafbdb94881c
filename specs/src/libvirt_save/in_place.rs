//! Changing an image in its file. Only what stands before the memory is read and written; the memory is not touched.
//!
//! A file is given at the image's first byte. What is written is written once everything that can be refused has been
//! looked at. It is flushed and not synced: a crash in the middle may leave the old bytes beside new ones.

use super::{HeaderWire, Metadata, SaveMagic};
use crate::runtime::binrw::io::{Read, Seek, SeekFrom, Write};
use crate::runtime::{Endian, ReadInput, Result, Source, Wire};
use crate::{Class, Error};
use alloc::ffi::CString;
use alloc::format;
use alloc::vec::Vec;

/// Puts other XML in the image that starts at the file's position, and keeps the cookie. Leaves the file at the first byte
/// of the memory, and gives what stands before it now.
///
/// Source: `virsh save-image-define` rewrites header and area in place and never moves the memory
/// (`qemuDomainSaveImageDefineXML` in `qemu_driver.c`). It refuses a partial image; here that stays partial.
///
/// # Errors
/// Before anything is written: those of [`Metadata::read`], and `limit` when the XML does not fit, with how many bytes are
/// missing. `io` when the file fails.
pub fn replace_xml_in_place<F: Read + Write + Seek>(file: &mut F, xml: impl Into<CString>) -> Result<Metadata> {
    edit_in_place(file, |metadata| metadata.replace_xml(xml))
}

/// Lets `edit` change the header, the XML or the cookie of the image that starts at the file's position, as long as the
/// memory stays where it is. Leaves the file at the first byte of the memory, and gives what stands before it now.
///
/// ```
/// use std::io::Cursor;
/// use vmspec::libvirt_save::{Image, RunState, edit_in_place};
/// use vmspec::runtime::Wire;
///
/// # fn main() -> vmspec::runtime::Result<()> {
/// let mut file = Vec::new();
/// Image::builder(c"<domain/>").build(&b"QEVM"[..])?.write_to(&mut file)?;
///
/// edit_in_place(&mut Cursor::new(&mut file), |metadata| {
///     metadata.header.was_running = RunState::Paused;
///     metadata.area.replace(c"<domain type='kvm'/>", Some(c"<cookie/>".into()))
/// })?;
/// assert!(file.ends_with(b"QEVM"));
/// # Ok(())
/// # }
/// ```
///
/// # Errors
/// Before anything is written: those of [`Metadata::read`], of `edit` and of [`Metadata::to_bytes`], and `invalid` when the
/// memory would have to move. `io` when the file fails.
pub fn edit_in_place<F: Read + Write + Seek>(
    file: &mut F,
    edit: impl FnOnce(&mut Metadata) -> Result<()>,
) -> Result<Metadata> {
    let start = position(file)?;
    let mut metadata = Metadata::read(file)?;
    let memory = metadata.memory_offset();
    edit(&mut metadata)?;
    match metadata.memory_offset() {
        moved if moved != memory => Err(Error::new(Class::Invalid, format!("memory that stays at {memory:#x}"), moved)),
        _ => overwrite(file, start, &metadata.to_bytes()?).map(|()| metadata),
    }
}

/// Says that the save of the image that starts at the file's position has finished, by writing its header anew; nothing
/// else is read or written. An image that says so already is left as it is. Leaves the file at the byte after the header.
///
/// Source: `virQEMUSaveDataFinish` in `qemu_saveimage.c`.
///
/// # Errors
/// Before anything is written: when the header cannot be read. `io` when the file fails.
pub fn mark_complete<F: Read + Write + Seek>(file: &mut F) -> Result<()> {
    let start = position(file)?;
    let mut source = Source::new(ReadInput::new(&mut *file), 0);
    let mut wire = HeaderWire::read_from(&mut source, Endian::Little, ()).map_err(|e| e.spec(HeaderWire::SPEC))?;
    if wire.header.magic == SaveMagic::Complete {
        return Ok(());
    }
    wire.header.magic = SaveMagic::Complete;
    let mut bytes = Vec::new();
    wire.write_to(&mut bytes)?;
    overwrite(file, start, &bytes)
}

fn position<F: Seek>(file: &mut F) -> Result<u64> {
    file.stream_position().map_err(|e| Error::io(0, e))
}

fn overwrite<F: Write + Seek>(file: &mut F, start: u64, bytes: &[u8]) -> Result<()> {
    let sought = file.seek(SeekFrom::Start(start));
    let written = sought.and_then(|_| file.write_all(bytes)).and_then(|()| file.flush());
    written.map_err(|e| Error::io(0, e))
}
