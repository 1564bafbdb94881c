//! A VHDX disk as it would be if its log had been replayed: its tables are read from that, as what lies in the file may be
//! older. Nothing is written.

use std::cell::RefCell;
use std::fs::File;
use std::io;
use std::path::Path;

use vmspec::runtime::Wire;
use vmspec::runtime::journal::{Overlay, Storage};
use vmspec::vhdx::{self, BrokenLog, Recovery, VhdxContents};
use vmspec_codegen::interpret::{Bytes, Reading, Start, Wanted, read_wanted};
use vmspec_codegen::model::TypeId;

use crate::dump::Seen;
use crate::inspect::Inspected;
use crate::plural::plural;

/// A file seen through its log.
pub struct Replayed {
    /// Its bytes.
    pub bytes: OverlayBytes,
    /// What it is seen as.
    pub seen: Seen,
    start: Start,
}

/// The bytes of a file as they would be.
pub struct OverlayBytes {
    size: u64,
    file: RefCell<Overlay<File>>,
}

impl Bytes for OverlayBytes {
    fn size(&self) -> u64 {
        self.size
    }

    fn read_at(&self, at: u64, to: &mut [u8]) -> io::Result<()> {
        self.file.borrow_mut().read_at(at, to).map_err(io::Error::other)
    }
}

/// What is read through the log of a disk that is looked into as a whole, or for its tables alone; none for anything else.
pub fn tables(inspected: &Inspected) -> Option<TypeId> {
    let id = tables_of(inspected)?;
    (inspected.start.ty == id || inspected.start.ty == inspected.format.root).then_some(id)
}

/// Whether the tables are all that is looked into.
pub fn is_of_tables(inspected: &Inspected) -> bool {
    tables_of(inspected) == Some(inspected.start.ty)
}

/// The type of the tables of a disk that starts where the file does and is read with the format built in.
fn tables_of(inspected: &Inspected) -> Option<TypeId> {
    let is_disk = inspected.built_in.is_some_and(|format| format.spec == vhdx::SPEC) && inspected.start.at == 0;
    let mut types = inspected.format.types.iter();
    types.position(|ty| ty.name == VhdxContents::NAME).filter(|_| is_disk).map(TypeId)
}

impl Replayed {
    /// Looks at the log of a file, and reads this type through it.
    pub fn open(path: &Path, ty: TypeId) -> Result<Self, vmspec::Error> {
        let mut file = File::open(path).map_err(|e| vmspec::Error::io(0, e))?;
        let recovery = Recovery::find(&mut file, BrokenLog::Refuse)?;
        let entries = u64::try_from(recovery.entries().len()).unwrap_or(u64::MAX);
        let what = format!("{}, {}", plural(entries, "entry"), plural(recovery.descriptors(), "descriptor"));
        let seen = if recovery.is_clean() { Seen::NothingToReplay } else { Seen::Replayed(what) };
        let mut file = recovery.overlay(file);
        let size = file.len()?;
        let start = Start { ty, at: 0, big: false };
        Ok(Self { bytes: OverlayBytes { size, file: RefCell::new(file) }, seen, start })
    }

    /// Reads it, with what is wanted of lists that are read one by one.
    pub fn read(&self, inspected: &Inspected, wanted: &Wanted) -> Reading {
        read_wanted(&inspected.format, self.start, &self.bytes, wanted)
    }
}
