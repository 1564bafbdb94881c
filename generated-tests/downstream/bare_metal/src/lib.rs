//! What a kernel would do with the table that its loader leaves in memory. There is no operating system, only an allocator.

#![no_std]

extern crate alloc;

use vmspec_runtime::binrw::io::Cursor;
use vmspec_runtime::binrw::{self, BinRead, BinWrite};

vmspec_macros::spec! { "boot_table.yaml", vis = pub }

/// The page in which the loader leaves what it has to say.
#[derive(BinRead, BinWrite, Debug, PartialEq)]
#[brw(little, magic = b"PAGE")]
pub struct Page {
    /// Which processor started.
    pub processor: u32,
    /// What was loaded.
    pub table: boot_table::BootTable,
}

/// Where the module of this name starts, if the page is whole and has it.
#[must_use]
pub fn module_start(page: &[u8], name: &[u8]) -> Option<u64> {
    let page = Page::read(&mut Cursor::new(page)).ok()?;
    page.table.modules.iter().find(|module| module.name.as_ref() == name).map(|module| module.start)
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::vec;
    use alloc::vec::Vec;
    use boot_table::{BootTable, Module};

    #[test]
    fn a_module_is_found_by_its_name() {
        let module = |start, name: &[u8]| Module { start, length: 9, name: name.into() };
        let table = BootTable { modules: vec![module(0x1000, b"kernel"), module(0x8000, b"initrd")] };
        let mut page = Cursor::new(Vec::new());
        Page { processor: 0, table }.write(&mut page).unwrap();
        let mut page = page.into_inner();
        assert_eq!(module_start(&page, b"initrd"), Some(0x8000));
        assert_eq!(module_start(&page, b"other"), None);
        page[12] ^= 1;
        assert_eq!(module_start(&page, b"initrd"), None);
    }
}
